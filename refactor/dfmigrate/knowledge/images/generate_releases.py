"""Compute ``recorded/*.toml``: what every tag of the official images was last built from.

    python generate_releases.py MIRRORS [family ...]

MIRRORS holds a clone ``OWNER+NAME/repo`` of docker-library/official-images and of each repository that it names; the
tags of one that is missing are left out. A tag that left its library file was built last on what its bases were on that
day, and is not built any more, so that its release is a fact; one that is still listed moves with its base.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from build_files import SYSTEMS, Configuration, Images
from official_history import History

from dfmigrate.knowledge.recorded import DEFAULTS
from dfmigrate.knowledge.tags import Version, is_live, key_of, numbers, threshold

_HERE = Path(__file__).parent
_UNSTABLE = re.compile(
    r"(?i)(\d-?rc|^rc\b|beta|alpha\d|preview|milestone|[-.]ea\b|\d-?m\d|snapshot|nightly|windows|nanoserver|\d[ab]\d)"
)
_DIGEST = re.compile(r"[0-9a-f]{32}")
_PATCH = re.compile(r"\d+\.\d+\.\d+|\d+u\d+")
_MOVING = re.compile(r"VERSION|SHA|MD5|KEY|CHECKSUM|_URL|COMMIT")
_SERIES = re.compile(r"\d+(\.\d+)?")
_MANY = 6
"""A variable with more values than this in one family differs by patch release."""
_FETCHED = frozenset({"MYSQL_JDBC_PREFIX"})
"""Where the image's own build fetched something: no fact for whoever builds on it."""
_DETAILED = re.compile(r"(lein|boot|tools-deps)-\d")
"""Clojure has a tag for every version of every build tool on every Java."""


def record(images: Images, library: str) -> str | None:
    """The pack of one library; None when no tag of it is understood."""
    end = images.history.end
    wanted = [tag for tag in images.history.events[library] if not (_UNSTABLE.search(tag) or _DETAILED.search(tag))]
    read = {tag: images.of(library, tag, end) for tag in wanted}
    tags = {tag: found for tag, found in read.items() if found is not None and found.distribution is not None}
    if not tags:
        return None
    listed = {tag for tag in wanted if images.history.is_listed(library, tag, end)}
    moving = _moving(tags.values()) | _FETCHED
    environments: dict[str, int] = {}
    configurations: dict[str, int] = {}
    # What could not be read stands between its neighbours as unknown.
    indexes = {
        tag: "?" for tag in wanted if tag not in tags and not images.history.entries(library, tag, end)[0].windows
    }
    releases = {tag: "?" for tag in indexes if not re.search("[@#]", key_of(tag)[0])}
    for tag, found in tags.items():
        environment = {name: "*" if name in moving else value for name, value in found.environment.items()}
        number = environments.setdefault(json.dumps(environment, sort_keys=True), len(environments))
        indexes[tag] = str(configurations.setdefault(_configuration(found, number), len(configurations)))
        if not re.search("[@#]", key_of(tag)[0]):
            releases[tag] = f"{found.distribution}:{found.release}"
    live = _live(listed)
    return "\n".join(
        (
            "# Computed by images/generate_releases.py; not to be edited.",
            f'source = "{_sources(images, library)}"',
            f'live = "{" ".join(live)}"',
            *_block("releases", _lines(releases, listed, live)),
            *_block("configurations", _lines(indexes, listed, live)),
            *_block("configuration", configurations),
            *_block("environment", environments),
            "",
        )
    )


def _sources(images: Images, library: str) -> str:
    found = [entry.repository for events in images.history.events[library].values() for _, entry in events if entry]
    names = dict.fromkeys(re.sub(r"^\w+://(github\.com/)?|\.git$", "", text) for text in reversed(found))
    return "; ".join((f"docker-library/official-images:library/{library} {images.history.commit[:12]}", *names))


def _moving(found: Iterable[Configuration]) -> set[str]:
    """The variables whose value differs by patch release."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for image in found:
        for name, value in image.environment.items():
            values[name].add(value)
    return {name for name, seen in values.items() if _moves(name, seen)}


def _moves(name: str, seen: set[str]) -> bool:
    if any(_DIGEST.search(value) for value in seen):
        return True
    if all(value.startswith("/") for value in seen):
        return any(map(_PATCH.search, seen))
    if _MOVING.search(name):
        return len(seen) > 1
    return len(seen) > _MANY and not all(map(_SERIES.fullmatch, seen))


def _configuration(image: Configuration, environment: int) -> str:
    fields: dict[str, Any] = asdict(image)
    changed = {
        name: fields[name] for name, usual in DEFAULTS.items() if fields[name] not in (usual, tuple(usual or ()))
    }
    return json.dumps({"environment": environment, **changed})


def _live(listed: Iterable[str]) -> list[str]:
    """The newest patch release of every series: versions that are the start of no other."""
    versions = {numbers(version): version for version in (key_of(tag)[1] for tag in listed) if version}
    return [
        text
        for version, text in sorted(versions.items())
        if not any(other != version and other[: len(version)] == version for other in versions)
    ]


def _lines(values: Mapping[str, str], listed: set[str], live: list[str]) -> list[str]:
    """A line for every key, and one for every tag that its key's line does not answer rightly."""
    keys: defaultdict[str, dict[Version, str]] = defaultdict(dict)
    for tag in sorted(values, key=lambda tag: tag in listed):
        key, version = key_of(tag)
        keys[key][numbers(version)] = tag
    lines: dict[str, str] = {}
    for key, tags in keys.items():
        steps: list[str] = []
        ordered = sorted(tags, key=lambda number: number + (10**9,) * (6 - len(number)))
        for number in ordered:
            value = values[tags[number]]
            if not steps or steps[-1].partition("=")[2] != value:
                steps.append(f"{'.'.join(map(str, number))}={value}")
        mark = "+" if any(tag in listed for tag in tags.values()) else "-"
        lines[key] = f"{mark}{'.'.join(map(str, max(tags)))} {' '.join(steps)}"
    for tag, value in values.items():
        key, version = key_of(tag)
        found = threshold(lines[key].partition(" ")[2], numbers(version))
        alive = lines[key][0] == "+" and (not version or is_live(live, numbers(version)))
        if "{}" in key and re.search("[@#]", key):
            alive = tag in listed  # such a tag names its release, so that it does not matter
        if key != tag and (found, alive) != (value, tag in listed):
            lines[tag] = f"{'+' if tag in listed else '-'} ={value}"
    return [f"{key} {line}" for key, line in sorted(lines.items())]


def _block(name: str, lines: Iterable[str]) -> list[str]:
    return [f"{name} = '''", *lines, "'''"]


def main(mirrors: str, *families: str) -> None:
    folder = Path(mirrors)
    moved: dict[str, list[str]] = json.loads((_HERE / "moved_repositories.json").read_text("utf-8"))
    history = History(folder / "docker-library+official-images" / "repo")
    images = Images(history, folder, moved)
    for library in families or sorted(history.events):
        text = record(images, library) if library not in SYSTEMS else None
        if text is not None:
            (_HERE / "recorded" / f"{library}.toml").write_text(text, "utf-8")
        print(library, len(text or ""), file=sys.stdout, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
