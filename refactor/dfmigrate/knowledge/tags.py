"""Taking image references apart by the rules of their family, and telling which rules apply to one."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dfmigrate.knowledge.packs import read_pack

Version = tuple[int, ...]

HUB_PREFIXES = (
    "docker.io/library/",
    "index.docker.io/library/",
    "registry.hub.docker.com/library/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "docker.io/",
    "index.docker.io/",
    "library/",
)
"""Ways to spell an official image; the same prefix serves every other official image."""

DEBIAN = ("squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid")
UBUNTU = (
    *("lucid", "precise", "quantal", "raring", "saucy", "trusty", "utopic", "vivid", "wily", "xenial", "yakkety"),
    *(
        "zesty",
        "artful",
        "bionic",
        "cosmic",
        "disco",
        "eoan",
        "focal",
        "hirsute",
        "impish",
        "jammy",
        "kinetic",
        "lunar",
    ),
    *("mantic", "noble", "oracular", "plucky", "questing", "resolute"),
)
"""Without Groovy, which is a language too."""
_MACROS = {
    "{version}": r"(?P<version>\d+(?:\.\d+){0,2})",
    "{release}": rf"(?P<release>{'|'.join((*DEBIAN, *UBUNTU))}|alpine(?:-?\d+\.\d+)?)",
    "{debian}": rf"(?P<release>{'|'.join(DEBIAN)})",
    "{ubuntu}": rf"(?P<release>{'|'.join(UBUNTU)})",
    "{alpine}": r"(?P<release>alpine(?:-?\d+\.\d+)?)",
}
_ENDLESS = 10**9
_STAMP = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Tag:
    """The label of a reference taken apart."""

    label: str
    version: str | None
    span: tuple[int, int] | None
    """Where the version stands in the label."""
    variant: str
    system: str
    """The part that names the distribution or its release, as written: "bookworm", "alpine3.20", "alpine", ""."""
    number: Version
    """For comparisons; a tag such as ``latest`` counts as the version that it stood for when the pack was written."""
    tool: Version
    """The version of the tool (Maven, Gradle) that a tag names beside the language's."""
    moving: bool
    """Neither a version nor a frozen series of its own (``latest``, ``lts``, ``stable``)."""

    @property
    def named(self) -> bool:
        """The release itself stands in the tag."""
        return bool(self.named_release)

    @property
    def named_release(self) -> str:
        return re.sub(r"^(?:alpine-?|oraclelinux|centos|ubi|ol|al|el)(?=\d|$)", "", self.system)


def split(name: str) -> tuple[str, str, str]:
    """Split a reference without digest into the prefix of the registry, the repository and the label."""
    head, colon, label = name.rpartition(":")
    if not colon or "/" in label:
        head, label = name, "latest"
    for prefix in HUB_PREFIXES:
        if head.startswith(prefix):
            return prefix, head[len(prefix) :], label
    return "", head, label


_VERSION = re.compile(r"v?(?P<version>\d+(?:\.\d+)*(?:u\d+)?(?:-b\d+)?(?:_\d+(?:\.\d+)*)?)(?=$|[-_a-z])")
_SYSTEM = re.compile(
    rf"(?<![a-z])(?:(?P<code>{'|'.join((*DEBIAN, *UBUNTU))})|alpine\d+\.\d+"
    r"|(?P<rpm>(?:oraclelinux|centos|ubi|ol|al)\d+))(?![\w.])"
)


def key_of(label: str) -> tuple[str, str]:
    """Return a tag with "{}" for its version, "@" for a code name, "#" for a release of Alpine; and the version.

    ``3.9.5-slim-buster`` gives ``{}-slim-@`` and ``3.9.5``; the version is "" when the tag does not start with one.
    """
    match = _VERSION.match(label)
    rest = label[match.end() :] if match else label
    rest = _SYSTEM.sub(lambda found: found[0] if found["rpm"] else "@" if found["code"] else "#", rest, count=1)
    return ("{}" + rest if match else rest), match["version"] if match else ""


def plain_tag(label: str, foreign: bool) -> Tag:
    """Read a label as a version, then words; ``foreign``: its family's patterns do not say whose version it is."""
    match = _VERSION.match(label)
    version = match["version"] if match else None
    system = _SYSTEM.search(label)
    words = re.split(r"[-_]", label[match.end() :] if match else label)
    named = system[0] if system else "alpine" if "alpine" in words else ""
    kept = [word for word in words if word and word not in (named, "latest", "alpine")]
    return Tag(
        label=label,
        version=None if foreign else version,
        span=match.span("version") if match and not foreign else None,
        variant="-".join([*kept, "alpine"] if named.startswith("alpine") else kept),
        system=named,
        number=() if foreign else numbers(version or ""),
        tool=numbers(version or "") if foreign else (),
        moving=foreign or match is None,
    )


def read_tag(file: str, label: str, fixed: str = "", system: str = "") -> Tag | None:
    """Read a label by the patterns of a pack; None when no pattern fits or the version is newer than the pack."""
    pack = read_pack(f"images/{file}.toml")
    for pattern in _patterns(file):
        match = pattern.fullmatch(label)
        if match is not None:
            tag = _tag(pack, match, fixed, system)
            return tag if _is_known(pack, tag) else None
    return None


@functools.cache
def _patterns(file: str) -> tuple[re.Pattern[str], ...]:
    pack = read_pack(f"images/{file}.toml")
    aliases = "|".join(re.escape(alias) for alias in sorted(pack.get("aliases", {}), key=len, reverse=True))
    macros = {**_MACROS, "{alias}": f"(?P<alias>{aliases})"}
    return tuple(re.compile(_expand(text, macros)) for text in pack.get("tags", ()))


def _expand(text: str, macros: Mapping[str, str]) -> str:
    for name, value in macros.items():
        text = text.replace(name, value)
    return text


def _tag(pack: Mapping[str, Any], match: re.Match[str], fixed: str, system: str) -> Tag:
    groups = match.groupdict()
    version = groups.get("version")
    tool = numbers(groups.get("tool") or "")
    system = groups.get("release") or system
    words = [fixed, *(word for name, word in sorted(groups.items()) if name.startswith("variant") and word)]
    if system.startswith("alpine"):
        words.append("alpine")
    series = version or pack.get("codenames", {}).get(system)
    number, moving = _number(pack, series, tool, groups.get("alias"))
    return Tag(
        label=match.string,
        version=version,
        span=match.span("version") if version else None,
        variant="-".join(word for word in words if word),
        system=system,
        number=number,
        tool=tool,
        moving=moving,
    )


def _number(pack: Mapping[str, Any], version: str | None, tool: Version, alias: str | None) -> tuple[Version, bool]:
    if version is not None:
        return numbers(version), False
    if tool and "implied" in pack:
        implied = threshold(pack["implied"], tool)
        return numbers(implied or ""), implied is None or is_live(pack["implied_live"], tool)
    return numbers(pack.get("aliases", {}).get(alias or "latest", "")), True


def _is_known(pack: Mapping[str, Any], tag: Tag) -> bool:
    """A version newer than the newest known one may mean something else than today's rules say."""
    if "newest" not in pack:
        return True
    newest = numbers(pack["newest"])
    return tag.number[: len(newest)] <= newest


def numbers(version: str) -> Version:
    """Return the numbers of a version: ``"1.20"`` gives ``(1, 20)``, ``"8u212-b04"`` gives ``(8, 212, 4)``."""
    return tuple(int(digits) for digits in re.findall(r"\d+", version))


def threshold(table: str, version: Version) -> str | None:
    """Read "1.0.0=a 1.2.5=b": what the newest entry not above ``version`` gives ("?" is unknown)."""
    found = None
    for entry in table.split():
        start, _, value = entry.partition("=")
        if numbers(start) > _padded(version):
            break
        found = value
    return None if found == "?" else found


def is_live(live: list[str], version: Version) -> bool:
    """Tell whether a version is still built: its series is, and it is not an older patch release of that series."""
    for newest in map(numbers, live):
        shared = min(len(version), len(newest) - 1)
        if version[:shared] == newest[:shared]:
            return len(version) < len(newest) or version >= newest
    return False


def is_supported(live: list[str], version: Version, length: int) -> bool:
    """Tell whether the series of a version, its first ``length`` numbers, is still built."""
    start = version[:length]
    return any(numbers(newest)[: len(start)] == start for newest in live)


def _padded(version: Version) -> Version:
    """A short version such as 3.11 stands for its newest patch release; none at all for the newest version."""
    return version + (_ENDLESS,) * (6 - len(version))


def applies(rule: Mapping[str, Any], tag: Tag, distribution: str | None, repository: str) -> bool:
    """Tell whether all conditions of a rule hold."""
    words = {tag.variant, *tag.variant.split("-")}
    number = tag.number
    return (
        ("repository" not in rule or repository in rule["repository"])
        and ("variant" not in rule or not words.isdisjoint(rule["variant"]))
        and ("not_variant" not in rule or words.isdisjoint(rule["not_variant"]))
        and ("distribution" not in rule or distribution in rule["distribution"])
        and ("since" not in rule or _padded(number) >= numbers(rule["since"]))
        and ("before" not in rule or _padded(number) < numbers(rule["before"]))
        and ("tool_since" not in rule or _padded(tag.tool) >= numbers(rule["tool_since"]))
        and ("majors" not in rule or number[:1] in {(major,) for major in rule["majors"]})
        and ("only_version" not in rule or tag.version == rule["only_version"])
        and ("versioned" not in rule or rule["versioned"] != tag.moving)
        and ("full_version" not in rule or rule["full_version"] == (len(number) >= 3 or "u" in (tag.version or "")))
        and ("stamped" not in rule or rule["stamped"] == bool(_STAMP.search(tag.label)))
        and ("release_not" not in rule or tag.named_release not in rule["release_not"])
        and ("named" not in rule or rule["named"] == tag.named)
    )
