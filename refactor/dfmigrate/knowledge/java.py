"""What a JRE lacks beside a JDK's programs, and what asks for it: read from ``java.toml``."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packs import read_pack

_MAJOR = re.compile(r"(?:1\.)?(\d+)")


@dataclass(frozen=True, slots=True)
class OnlyInJdk:
    """Modules that no JRE has, and the text that gives their use away."""

    module: str
    text: re.Pattern[str]
    until: int | None
    """The first Java version in which every image has it."""


@functools.cache
def only_in_jdk() -> tuple[OnlyInJdk, ...]:
    rows = read_pack("java.toml")["only_jdk"]
    return tuple(OnlyInJdk(row["module"], re.compile("|".join(row["text"])), row.get("until")) for row in rows)


@functools.cache
def needs_display_libraries() -> re.Pattern[str]:
    """Match text that asks for what a headless JRE leaves out."""
    return re.compile("|".join(read_pack("java.toml")["headless"]["text"]))


@dataclass(frozen=True, slots=True)
class Launcher:
    """A start script that a build generates."""

    programs: tuple[str, ...]
    words: re.Pattern[str]
    """What in the command makes the build generate it."""
    asked: re.Pattern[str] | None
    """What a build file must say for this kind of script; the last one that fits is generated."""
    calls: tuple[str, ...]


@functools.cache
def launchers() -> tuple[Launcher, ...]:
    rows = read_pack("java.toml")["launcher"]
    return tuple(
        Launcher(
            tuple(row["programs"]),
            re.compile(row["words"]),
            re.compile(row["asked"]) if "asked" in row else None,
            tuple(row["calls"]),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class LauncherChanges:
    """What makes a generated start script call more than it does by itself."""

    programs: tuple[str, ...]
    settings: re.Pattern[str]
    """What a build file says then."""
    plain: re.Pattern[str]
    """Where it says so and adds no call."""
    files: re.Pattern[str]
    """The path of a file that goes into such a script, or in its place."""


@functools.cache
def launcher_changes() -> LauncherChanges:
    row = read_pack("java.toml")["launcher_changes"]
    settings, plain, files = (re.compile(row[key]) for key in ("settings", "plain", "files"))
    return LauncherChanges(tuple(row["programs"]), settings, plain, files)


def has_jdk(facts: ImageFacts | None) -> bool:
    """Tell whether an image is known to bring the Java compiler."""
    return facts is not None and "javac" in facts.tools


def major(version: str | None) -> int | None:
    """The Java version that a tag's version means: 8 for ``8u392``, ``1.8`` and ``8``."""
    found = _MAJOR.match(version or "")
    return int(found[1]) if found is not None else None
