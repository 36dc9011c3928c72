"""Compute on which release the tags of an official image lie, from the history of docker-library/official-images.

    python generate_releases.py CLONE golang [-alpine]

prints the lines ``live`` and the table of ``[releases]`` for tags with that suffix. A table reads "1.9.0=stretch
1.11.12=buster": from 1.9.0 on stretch, from 1.11.12 on buster. What a tag last lay on counts, since a tag that left
the newest file is built no more. "?" marks versions whose directory in that file named no release.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

Version = tuple[int, ...]

_RELEASE = re.compile(
    r"(?:^|[/-])(?:(?P<name>wheezy|jessie|stretch|buster|bullseye|bookworm|trixie|forky|xenial|bionic|focal|jammy|noble"
    r"|resolute|oraclelinux\d)|alpine-?/?(?P<alpine>\d+\.\d+))(?:[/|-]|$)"
)
_ENDLESS = 10**9


def history(clone: str, family: str) -> Iterator[dict[str, str]]:
    """Yield tag -> directory of every version of a library file, oldest first."""
    for commit in reversed(_git(clone, "log", "--format=%H", "--", f"library/{family}").split()):
        yield dict(read_library(_git(clone, "show", f"{commit}:library/{family}")))


def _git(clone: str, *arguments: str) -> str:
    return subprocess.run(["git", "-C", clone, *arguments], capture_output=True, text=True, check=True).stdout


def read_library(text: str) -> Iterator[tuple[str, str]]:
    """Read a library file: stanzas of ``Field: value``; ones for Windows are left out."""
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^([A-Za-z0-9-]+):[ \t]*(.*)$", stanza, re.M))
        directory = fields.get("Directory", ".")
        if "Tags" not in fields or "windows" in directory + fields.get("Architectures", ""):
            continue
        for tag in f"{fields['Tags']},{fields.get('SharedTags', '')}".split(","):
            if tag.strip():
                yield tag.strip(), directory


def release_of(directory: str) -> str | None:
    match = _RELEASE.search(directory)
    return (match["name"] or match["alpine"]) if match else None


def table(last: dict[str, str], suffix: str) -> list[str]:
    """Return the thresholds; fail when a short tag such as 1.20 does not lie where its newest patch release does."""
    full: dict[Version, str | None] = {}
    short: dict[Version, str | None] = {}
    for tag, directory in last.items():
        match = re.fullmatch(rf"(\d+(?:\.\d+){{0,2}}){re.escape(suffix)}", tag)
        if match:
            version = tuple(map(int, match[1].split(".")))
            (full if len(version) == 3 else short)[version] = release_of(directory)
    steps: list[tuple[Version, str | None]] = []
    for version in sorted(full):
        if not steps or steps[-1][1] != full[version]:
            steps.append((version, full[version]))
    for version, release in short.items():
        padded = version + (_ENDLESS,) * 3
        below = [step for step in steps if step[0] <= padded]
        if below and below[-1][1] != release:
            raise SystemExit(f"{'.'.join(map(str, version))}{suffix} lies on {release}, its series on {below[-1][1]}")
    return [f"{'.'.join(map(str, version))}={release or '?'}" for version, release in steps]


def main(clone: str, family: str, suffix: str = "") -> None:
    last: dict[str, str] = {}
    newest: dict[str, str] = {}
    for newest in history(clone, family):
        last |= newest
    live = sorted(tag for tag in newest if re.fullmatch(r"\d+\.\d+\.\d+", tag))
    print(f"live = {live}".replace("'", '"'), file=sys.stdout)
    print(f'"{" ".join(table(last, suffix))}"', file=sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
