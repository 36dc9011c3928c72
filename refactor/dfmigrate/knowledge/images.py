"""What is known of well-known base images: read from ``images/*.toml``, one file for each family."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from dfmigrate.knowledge.archives import Archive, archive, is_late
from dfmigrate.knowledge.packs import read_pack
from dfmigrate.knowledge.recorded import Recorded, recorded
from dfmigrate.knowledge.tags import (
    DEBIAN,
    UBUNTU,
    Tag,
    applies,
    is_live,
    is_supported,
    numbers,
    plain_tag,
    read_tag,
    split,
    threshold,
)

Rung = Literal["T2", "T3"]


@dataclass(frozen=True, slots=True)
class User:
    """A user that the image brings besides root and that may run an application."""

    name: str
    uid: int
    gid: int
    home: str


@dataclass(frozen=True, slots=True)
class Runtime:
    """An image that can run what the other one builds."""

    reference: str
    rung: Rung
    language: bool
    """It carries the language's own runtime (node, python, a JRE); False: only a C library and a shell."""
    pins: str | None
    """The builder's reference must become this one, which names its release, or the two may drift apart."""
    condition: str
    """Only for such projects; for .NET the SDK that the project file names ("Microsoft.NET.Sdk.Web")."""
    note: str
    packages: tuple[str, ...] = ()
    """What a program built in the other image may need of that image's own libraries."""
    lost: tuple[str, ...] | None = None
    """Every program that the other image has and this one lacks; None: they are not all known."""
    folders: tuple[str, ...] = ()
    """Folders of the other image, which this one lacks, that hold libraries of the language."""
    libraries: tuple[str, ...] = ()
    """Files of the other image, perhaps with wildcards, that hold its compiler's own C++ library, newer than this
    one's; the linker is to find them in ``/usr/local/lib``."""
    own_variables: frozenset[str] = frozenset()
    """Variables of the other image that only lead into the folders of its compiler."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What one reference brings. None or an empty collection means "not known" or "none"; nothing here is a guess."""

    family: str
    reference: str
    version: str | None
    """The language's version as the tag spells it: "18", "3.11"."""
    version_span: tuple[int, int] | None
    """Where ``version`` stands in ``reference``."""
    version_argument: str
    variant: str
    """The tag without version and release: "", "slim", "alpine", "slim-alpine", "jre", "fpm-alpine", "sdk"."""
    distribution: str | None
    release: str | None
    release_named: bool
    """The tag itself names the release."""
    floating: bool
    """The release behind this tag may still change."""
    libc: str | None
    shell: bool
    package_manager: str | None
    environment: Mapping[str, str | None] = field(hash=False)
    """None as a value: set, but its value changes with the patch release."""
    workdir: str
    user: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    passthrough: bool
    """The entrypoint, if any, does nothing but exec its arguments when they name a program."""
    exposed: tuple[str, ...]
    stop_signal: str | None
    volumes: tuple[str, ...]
    users: tuple[User, ...]
    tools: frozenset[str]
    """Programs beyond the base system; not complete, so a program not in here may still be there."""
    toolchain: bool
    """It carries compilers or headers that an application does not need in order to run."""
    end_of_life: bool
    removed: bool
    root_required: str | None
    onbuild: bool
    runtimes: tuple[Runtime, ...]
    source: str
    archived: bool = False
    """The release's packages left the servers that the image names, so none can be installed in it as it is."""
    archive: Archive | None = None
    """Where they are now, if this image has the keys to it."""


@functools.cache
def image(reference: str) -> ImageFacts | None:
    """Return the facts of ``reference``, or None when the family, or what this tag means in it, is not known."""
    name, _, digest = reference.partition("@")
    prefix, repository, label = split(name)
    entry = _index().get(repository)
    if entry is None or (digest and ":" not in name.rpartition("/")[2]):
        # A digest alone may be that of any tag.
        return None
    file, *fixed = entry.split(" ")
    pack = read_pack(f"images/{file}.toml")
    tag = read_tag(file, label, *fixed)
    official = "/" not in repository
    series = len(numbers(pack.get("newest", "0.0")))
    record = recorded(repository, label, series) if official and pack.get("recorded") else None
    if record is not None and record.beyond and (tag is None or "newest" not in pack):
        return None
    if tag is None and record is not None:
        tag = plain_tag(label, "tags" in pack)
    return None if tag is None else _facts(pack, reference, prefix, repository, tag, bool(digest), record)


def families() -> tuple[str, ...]:
    """Return the names of the files that hold a family."""
    return tuple(sorted({entry.split(" ")[0] for entry in _index().values()}))


def _index() -> Mapping[str, str]:
    index: Mapping[str, str] = read_pack("images/index.toml")["repositories"]
    return index


def _facts(
    pack: Mapping[str, Any],
    reference: str,
    prefix: str,
    repository: str,
    tag: Tag,
    digest: bool,
    record: Recorded | None,
) -> ImageFacts:
    distribution = _distribution(pack, tag, repository, record)
    release = tag.named_release or (None if digest else _release(pack, tag, distribution, record))
    merged = _merge(pack, tag, distribution, repository) | dict(record.configuration if record is not None else {})
    system = read_pack("images/systems.toml")["systems"].get(distribution, {})
    moves = record.live or record.beyond if record is not None else bool(merged.get("floating", _moves(pack, tag)))
    rolling = record is None and release in read_pack("images/systems.toml")["rolling"]["releases"]
    floating = (rolling or (moves and not tag.named)) and not digest
    family = pack.get("family", repository)
    archived = release in read_pack("images/systems.toml")["archived"].get(distribution or "", ())
    tagged = archived and "/" not in repository and not digest
    late = tagged and is_late(distribution, release, repository, tag.label, numbers(tag.version or ""))
    fill = functools.partial(_fill, prefix=prefix, repository=repository, tag=tag, release=release)
    return ImageFacts(
        family=family,
        reference=reference,
        version=tag.version,
        version_span=_version_span(reference, tag),
        version_argument=pack.get("version_argument", f"{family.upper().replace('-', '_')}_VERSION"),
        variant=tag.variant,
        distribution=distribution,
        release=release,
        release_named=tag.named,
        floating=floating,
        libc=merged.get("libc", system.get("libc")) or None,
        shell=merged.get("shell", system.get("shell", False)),
        package_manager=merged.get("package_manager", _package_manager(distribution, release)) or None,
        environment=MappingProxyType({k: _value(v, tag) for k, v in merged["environment"].items()}),
        workdir=merged.get("workdir", "/"),
        user=merged.get("user", ""),
        entrypoint=tuple(merged.get("entrypoint", ())),
        command=tuple(merged.get("command", system.get("command", ()))),
        passthrough=merged.get("passthrough", not merged.get("entrypoint")),
        exposed=tuple(merged.get("exposed", ())),
        stop_signal=merged.get("stop_signal"),
        volumes=tuple(merged.get("volumes", ())),
        users=_users(merged, distribution, release),
        tools=_tools([*merged["tools"], *_brought(merged)], release),
        toolchain=merged.get("toolchain", False),
        end_of_life=merged.get("end_of_life", not record.supported if record is not None else _ended(pack, tag)),
        removed=merged.get("removed", False),
        root_required=merged.get("root_required"),
        onbuild="onbuild" in tag.variant or merged.get("onbuild", False),
        runtimes=()
        if digest
        else tuple(dict.fromkeys(_runtimes(pack, tag, distribution, repository, release, floating, fill))),
        source=merged["source"] if record is None else f"{record.source}; {merged['source']}",
        archived=archived,
        archive=archive(distribution, release) if late else None,
    )


def _value(text: str, tag: Tag) -> str | None:
    """The value of a variable; None where it differs by patch release."""
    if text == "*" or (tag.version is None and "{version}" in text):
        return None
    return text.replace("{version}", tag.version or "")


def _version_span(reference: str, tag: Tag) -> tuple[int, int] | None:
    if tag.span is None:
        return None
    start = reference.partition("@")[0].rfind(tag.label)
    return start + tag.span[0], start + tag.span[1]


def _layers(
    pack: Mapping[str, Any], tag: Tag, distribution: str | None, repository: str
) -> Iterator[Mapping[str, Any]]:
    yield pack["facts"]
    for rule in pack.get("when", ()):
        if applies(rule, tag, distribution, repository):
            yield rule


def _merge(pack: Mapping[str, Any], tag: Tag, distribution: str | None, repository: str) -> dict[str, Any]:
    """Later layers win; environments are added up, less ``unset``, and tools too where a layer says ``add_tools``."""
    merged: dict[str, Any] = {"environment": {}, "tools": []}
    for layer in _layers(pack, tag, distribution, repository):
        environment = {**merged["environment"], **layer.get("environment", {})}
        unset = layer.get("unset", ())
        dropped = layer.get("drop_tools", ())
        tools = [tool for tool in layer.get("tools", merged["tools"]) if tool not in dropped]
        tools += layer.get("add_tools", ())
        merged |= layer
        merged["environment"] = {name: value for name, value in environment.items() if name not in unset}
        merged["tools"] = tools
    return merged


def _distribution(pack: Mapping[str, Any], tag: Tag, repository: str, record: Recorded | None) -> str | None:
    if tag.system.startswith("alpine"):
        return "alpine"
    if tag.system in DEBIAN:
        return "debian"
    if tag.system in UBUNTU:
        return "ubuntu"
    if record is not None:
        return record.distribution
    found = None
    for layer in _layers(pack, tag, None, repository):
        found = layer.get("base", found)
    return found or None


def _release(pack: Mapping[str, Any], tag: Tag, distribution: str | None, record: Recorded | None) -> str | None:
    if record is not None:
        return record.release if record.release != "-" else None
    if "onbuild" in tag.variant:  # these were left on the release of their day
        return None
    count = pack.get("release_numbers", 0)
    if count and "releases" not in pack:
        return ".".join(map(str, tag.number[:count])) if len(tag.number) >= count else None
    tables = pack.get("releases", {})
    table = tables.get(f"{distribution}-{tag.variant}", tables.get(distribution))
    return threshold(table, tag.number) if table else None


def _package_manager(distribution: str | None, release: str | None) -> str | None:
    systems = read_pack("images/systems.toml")
    usual: str | None = systems["systems"].get(distribution, {}).get("package_manager")
    own: str | None = systems["package_managers"].get(f"{distribution}-{release}")
    return own or usual


def _moves(pack: Mapping[str, Any], tag: Tag) -> bool:
    if "live" not in pack or not tag.number:
        return tag.moving
    return is_live(pack["live"], tag.number)


def _ended(pack: Mapping[str, Any], tag: Tag) -> bool:
    if "live" not in pack or not tag.number:
        return False
    return not is_supported(pack["live"], tag.number, len(numbers(pack["newest"])))


def _users(merged: Mapping[str, Any], distribution: str | None, release: str | None) -> tuple[User, ...]:
    own = tuple(User(**user) for user in merged.get("users", ()))
    taken = {user.uid for user in own}
    shared = read_pack("images/systems.toml")["users"].get(f"{distribution}-{release}", ())
    return own + tuple(User(**user) for user in shared if user["uid"] not in taken)


def _brought(merged: Mapping[str, Any]) -> Iterator[str]:
    """Programs that an image has exactly when it sets a variable for them."""
    for variable, tools in merged.get("tools_with", {}).items():
        if variable in merged["environment"]:
            yield from tools


def _tools(names: Iterable[str], release: str | None) -> frozenset[str]:
    """Programs by name; ``@name`` is a set of them, which may be smaller on an old release."""
    sets = read_pack("images/systems.toml")["toolsets"]
    tools: set[str] = set()
    for name in names:
        if name.startswith("@"):
            tools.update(_tools(sets.get(f"{name[1:]}-{release}", sets[name[1:]]), release))
        else:
            tools.add(name)
    return frozenset(tools)


def _runtimes(
    pack: Mapping[str, Any],
    tag: Tag,
    distribution: str | None,
    repository: str,
    release: str | None,
    floating: bool,
    fill: functools.partial[str],
) -> Iterator[Runtime]:
    for rule in pack.get("runtime", ()):
        bound = "{release}" in rule["reference"]
        if not applies(rule, tag, distribution, repository) or (bound and release is None):
            continue
        reference = fill(rule["reference"])
        if pack.get("recorded") and not _is_built(reference, repository, distribution, release):
            continue
        yield Runtime(
            reference=reference,
            rung=rule["rung"],
            language=rule.get("language", rule["rung"] == "T2"),
            pins=fill(pack["pinned"]) if bound and floating else None,
            condition=rule.get("condition", ""),
            note=rule.get("note", ""),
            packages=tuple(rule.get("packages", ())),
            lost=tuple(rule["lost"]) if "lost" in rule else None,
            folders=tuple(rule.get("folders", ())),
            libraries=tuple(rule.get("libraries", ())),
            own_variables=frozenset(rule.get("own_variables", ())),
        )


def _is_built(reference: str, repository: str, distribution: str | None, release: str | None) -> bool:
    """A variant of the same image is a runtime only if it exists, and lies on the same release."""
    _, other, label = split(reference)
    if other != repository:
        return True
    facts = image(reference) if recorded(other, label, 2) is not None else None
    return facts is not None and (facts.distribution, facts.release) == (distribution, release)


def _fill(template: str, *, prefix: str, repository: str, tag: Tag, release: str | None) -> str:
    """Fill a template of a reference and drop the dashes that empty parts leave behind."""
    alpine = "alpine" in tag.variant.split("-")
    values = {
        "repository": repository,
        "parent": repository.rpartition("/")[0],
        "version": tag.version or _alias(tag),
        "major": ".".join(map(str, tag.number[:1])),
        "minor": "latest" if tag.moving else ".".join(map(str, tag.number[:2])),
        "system": tag.system,
        "tool": ".".join(map(str, tag.tool)),
        "named_system": (f"alpine{release}" if alpine else release) or "",
        "alpine": "alpine" if alpine else "",
        "release": release or "",
        "variant": tag.variant.removesuffix("alpine").rstrip("-"),
    }
    name, _, label = template.format_map(values).rpartition(":")
    label = re.sub(r"-{2,}", "-", label).strip("-") or "latest"
    return f"{'' if '/' in name else prefix}{name}:{label}"


def _alias(tag: Tag) -> str:
    """A word such as ``lts``, or a date, stays in derived tags; ``latest`` is the one that other tags leave out."""
    word = tag.label.removeprefix(tag.system).removesuffix(tag.system).removesuffix(tag.variant).strip("-")
    return "" if word == "latest" else word
