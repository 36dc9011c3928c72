"""The configuration of an official image, from the Dockerfiles that it was last built from."""

from __future__ import annotations

import datetime
import functools
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from official_history import Blobs, Entry, History

from dfmigrate.model.expansion import expanded
from dfmigrate_grammar import parse
from dfmigrate_grammar.rows import rows

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SYSTEMS = {
    **dict.fromkeys(("alpine", "busybox"), ("/bin/sh",)),
    "debian": ("bash",),
    **dict.fromkeys(
        ("ubuntu", "ubuntu-debootstrap", "ubuntu-upstart", "centos", "fedora", "oraclelinux", "amazonlinux"),
        ("/bin/bash",),
    ),
    **dict.fromkeys(("photon", "almalinux", "rockylinux", "opensuse", "archlinux", "clearlinux", "sl"), ("/bin/bash",)),
}
"""Images that are a distribution: what they start."""

_NUMBERED = ("centos", "fedora", "oraclelinux", "amazonlinux", "almalinux", "rockylinux", "photon", "sl")
_UBUNTU = {
    "10.04": "lucid",
    "12.04": "precise",
    "12.10": "quantal",
    "13.04": "raring",
    "13.10": "saucy",
    "14.04": "trusty",
    "14.10": "utopic",
    "15.04": "vivid",
    "15.10": "wily",
    "16.04": "xenial",
    "16.10": "yakkety",
    "17.04": "zesty",
    "17.10": "artful",
    "18.04": "bionic",
    "18.10": "cosmic",
    "19.04": "disco",
    "19.10": "eoan",
    "20.04": "focal",
    "20.10": "groovy",
    "21.04": "hirsute",
    "21.10": "impish",
    "22.04": "jammy",
    "22.10": "kinetic",
    "23.04": "lunar",
    "23.10": "mantic",
    "24.04": "noble",
    "24.10": "oracular",
    "25.04": "plucky",
    "25.10": "questing",
    "26.04": "resolute",
}
_DEBIAN = {"6": "squeeze", "7": "wheezy", "8": "jessie", "9": "stretch", "10": "buster", "11": "bullseye"} | {
    "12": "bookworm",
    "13": "trixie",
}
_DEBIAN_DATES = (
    ("2011-02-06", "squeeze"),
    ("2013-05-04", "wheezy"),
    ("2015-04-25", "jessie"),
    ("2017-06-17", "stretch"),
    ("2019-07-06", "buster"),
    ("2021-08-14", "bullseye"),
    ("2023-06-10", "bookworm"),
    ("2025-08-09", "trixie"),
)
"""www.debian.org/releases: what ``stable`` meant since then."""
_UBI = re.compile(r"(?:registry\.access\.redhat\.com/|registry\.redhat\.io/|redhat/)ubi(\d+)(?:/ubi|-minimal|:|$)")


_NAMED = re.compile(
    rf"(?:^|[/-])(?:alpine-?/?(?P<alpine>\d+\.\d+)|(?P<debian>{'|'.join(_DEBIAN.values())})"
    rf"|(?P<ubuntu>{'|'.join(_UBUNTU.values())}))(?![\w.])"
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an image brings, as far as its Dockerfiles say it."""

    distribution: str | None = None
    release: str | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": PATH})
    workdir: str = "/"
    user: str = ""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    stop_signal: str | None = None
    volumes: tuple[str, ...] = ()
    onbuild: bool = False


class Images:
    """Resolves tags through the clones ``OWNER+NAME/repo`` of a folder; names of repositories in lower case."""

    def __init__(self, history: History, mirrors: Path, moved: Mapping[str, list[str]]) -> None:
        self.history = history
        self.moved = moved
        self.clones = {
            folder.name.lower().replace("+", "/"): folder / "repo" for folder in mirrors.iterdir() if "+" in folder.name
        }
        self.blobs: dict[Path, Blobs] = {}
        self.of = functools.cache(self._of)

    def _of(self, library: str, tag: str, when: int, depth: int = 0) -> Configuration | None:
        """What the tag was when it was last built before ``when``; None when a Dockerfile of it is not at hand."""
        entries = self.history.entries(library, tag, when)
        if depth > 9 or not entries or entries[0].windows:
            return None
        if library in SYSTEMS:
            distribution, release = self.system(library, tag, entries[0], when)
            return Configuration(distribution, release, command=SYSTEMS[library])
        then = self.history.left(library, tag, when)
        exact = self._dockerfile([entry for entry in entries if _place(entry) == _place(entries[0])])
        if exact is not None:
            return self.read(exact, then, depth)
        return self._by_directory(entries, then, depth, self.history.is_listed(library, tag, when))

    def _dockerfile(self, entries: list[Entry]) -> str | None:
        """The Dockerfile of the newest of entries that share a place, or the one that stands there today."""
        first = entries[0]
        for entry in (*entries, *([replace(first, commit="HEAD")] if first.directory != "." else [])):
            text = self._text(entry, posixpath.normpath(f"{entry.directory}/{entry.file}"))
            if text is not None:
                return text
        return None

    def _by_directory(self, entries: list[Entry], when: int, depth: int, listed: bool) -> Configuration | None:
        """For a Dockerfile newer than the clone: the one before it, on the release that the directory names.

        What was built on Debian's testing before is so still. Where nothing names the release, that of a listed tag is
        left open, as it moves anyhow.
        """
        named = _NAMED.search(entries[0].directory)
        older = next(filter(None, (self._dockerfile([entry]) for entry in entries[1:])), None)
        image = self.read(older, when, depth) if older is not None else None
        if image is None or image.release == "testing":
            return image
        if named is None:
            return replace(image, release="-") if listed else None
        distribution = "alpine" if named["alpine"] else "ubuntu" if named["ubuntu"] else "debian"
        if image.distribution != distribution:
            return None
        return replace(image, release=named["alpine"] or named["ubuntu"] or named["debian"])

    def _text(self, entry: Entry, path: str) -> str | None:
        name = re.sub(r"^\w+://github\.com/|\.git$", "", entry.repository).strip("/").lower()
        for repository in dict.fromkeys([name, *self.moved.get(name, ())]):
            clone = self.clones.get(repository)
            if clone is None:
                continue
            clone = clone / ".git" if (clone / ".git").is_dir() else clone
            if clone not in self.blobs:
                self.blobs[clone] = Blobs(clone)
            text = self.blobs[clone].text(f"{entry.commit}:{path}")
            if text is not None and "\n" not in text.strip() and re.fullmatch(r"[\w./-]+", text.strip()):
                return self._text(entry, posixpath.normpath(f"{posixpath.dirname(path)}/{text.strip()}"))
            if text is not None:
                return text
        return None

    def read(self, text: str, when: int, depth: int) -> Configuration | None:
        """The last stage of a Dockerfile whose bases are of that time."""
        stages: dict[str, Configuration | None] = {}
        arguments: dict[str, str | None] = {}
        local: dict[str, str | None] = {}
        current: Configuration | None = None
        name, own_command = "", False
        for row in _instructions(text):
            keyword, words = row["keyword"], row["args"]
            if keyword == "FROM":
                reference = expanded(words[0].strip("\"'"), arguments, "\\") or "?"
                current = stages[reference] if reference in stages else self._external(reference, when, depth)
                name = words[2] if len(words) > 2 else ""
                local, own_command = {}, False
            elif keyword == "ARG":
                _declare(words, local if stages else arguments, arguments)
            elif current is not None:
                current, own_command = _step(current, row, {**local, **current.environment}, own_command)
            if keyword != "ARG":
                stages[name] = current
        return current

    def _external(self, reference: str, when: int, depth: int) -> Configuration | None:
        reference = reference.partition("@")[0].removeprefix("docker.io/").removeprefix("library/")
        if reference == "scratch":
            return Configuration("none", "-")
        ubi = _UBI.match(reference)
        if ubi:
            return Configuration("rhel", ubi[1], command=("/bin/bash",))
        library, _, tag = reference.partition(":")
        tag = tag or "latest"
        if library in SYSTEMS and tag not in self.history.events.get(library, {}):
            distribution, release = self.system(library, tag, None, when)
            return Configuration(distribution, release, command=SYSTEMS[library]) if release else None
        return self.of(library, tag, when, depth + 1)

    def system(self, library: str, tag: str, entry: Entry | None, when: int) -> tuple[str, str | None]:
        """The distribution and release that a tag of a distribution's own image was."""
        same = [tag]
        if entry is not None and self.history.is_listed(library, tag, when):
            listed = (name for name in self.history.events[library] if self.history.is_listed(library, name, when))
            same += sorted(name for name in listed if self.history.entries(library, name, when)[0] == entry)
        elif entry is not None:
            then = self.history.left(library, tag, when) - 1
            same += [n for n in self.history.events[library] if entry in self.history.entries(library, n, then)[:1]]
        where = f"{entry.directory} {entry.fetch}" if entry is not None else ""
        return _system(library, same, where, when)


def _place(entry: Entry) -> tuple[str, str]:
    return entry.directory, entry.file


@functools.cache
def _instructions(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows(parse(text.encode()))["instructions"]
    return found


def _system(library: str, tags: list[str], where: str, when: int) -> tuple[str, str | None]:
    if library == "debian":
        return library, _debian(tags[0], where, when)
    if library.startswith("ubuntu"):
        for text in (*tags, where):
            names = [name for number, name in _UBUNTU.items() if name in text or number in text]
            if names:
                return "ubuntu", names[0]
        return "ubuntu", None
    if library == "alpine":
        if tags[0] == "edge" or re.match(r"20\d{6}", tags[0]):
            return library, "edge"
        found = [match[0] for tag in tags if (match := re.match(r"\d+\.\d+", tag))]
        return library, found[-1] if found else None
    if library in _NUMBERED:
        found = [match[1] for tag in tags if (match := re.match(rf"(?:{library})?(\d+)", tag))]
        return library, found[0] if found else None
    return library, None


def _debian(tag: str, where: str, when: int) -> str | None:
    suite = re.sub(r"-\d{8}.*|-slim|-backports", "", tag)
    names = list(_DEBIAN.values())
    if suite == "latest":
        here = [name for name in names if name in where]
        suite = here[0] if here else "stable"
    if suite in ("stable", "oldstable", "oldoldstable"):
        day = datetime.datetime.fromtimestamp(when, datetime.UTC).strftime("%Y-%m-%d")
        past = [name for since, name in _DEBIAN_DATES if since <= day]
        return past[-1 - ("stable", "oldstable", "oldoldstable").index(suite)]
    number = re.match(r"\d+", suite)
    return _DEBIAN.get(number[0]) if number else {"unstable": "sid"}.get(suite, suite)


def _declare(words: list[str], scope: dict[str, str | None], outer: Mapping[str, str | None]) -> None:
    for word in words:
        name, equals, value = word.partition("=")
        scope[name] = expanded(value, {**outer, **scope}, "\\") if equals else outer.get(name, "")


def _step(
    image: Configuration, row: dict[str, Any], known: Mapping[str, str | None], own_command: bool
) -> tuple[Configuration, bool]:
    """One instruction; and whether CMD was set since FROM, as ENTRYPOINT drops one that is inherited."""
    keyword, words = row["keyword"], row["args"]
    started = tuple(words) if row["json"] else ("/bin/sh", "-c", *words)

    def text(word: str) -> str:
        return expanded(word, known, "\\") or ""

    match keyword:
        case "ENV":
            pairs = {name: text(value) for name, value in zip(words[::3], words[1::3], strict=True)}
            return replace(image, environment={**image.environment, **pairs}), own_command
        case "WORKDIR":
            return replace(
                image, workdir=posixpath.normpath(posixpath.join(image.workdir, text(words[0])))
            ), own_command
        case "USER":
            return replace(image, user=text(words[0])), own_command
        case "CMD":
            return replace(image, command=started), True
        case "ENTRYPOINT":
            return replace(image, entrypoint=started, command=image.command if own_command else ()), own_command
        case "EXPOSE":
            ports = {port if "/" in port else f"{port}/tcp" for word in words for port in text(word).split()}
            return replace(image, exposed=tuple(sorted({*image.exposed, *ports}))), own_command
        case "STOPSIGNAL":
            return replace(image, stop_signal=text(words[0])), own_command
        case "VOLUME":
            return replace(image, volumes=tuple(sorted({*image.volumes, *map(text, words)}))), own_command
        case "ONBUILD":
            return replace(image, onbuild=True), own_command
        case "ADD" | "COPY" if image.distribution == "none" and words and words[-1] == "/" and _is_system(words[0]):
            return replace(image, distribution=None), own_command
    return image, own_command


def _is_system(source: str) -> bool:
    """A whole file system is unpacked, whose distribution is not known."""
    return source == "/" or "rootfs" in source or bool(re.search(r"\.(tar(\.\w+)?|tgz|txz)$", source))
