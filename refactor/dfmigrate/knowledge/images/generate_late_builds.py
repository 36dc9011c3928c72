"""Compute ``../late_builds.toml``: which images of an ended release were built late enough for its archive.

    python generate_late_builds.py MIRRORS

MIRRORS holds a clone ``docker-library+official-images/repo``. A tag is built anew whenever its base changes while it is
listed; one that left the list before the day in ``archives.toml`` has too old a set of keys. A line holds, as
thresholds, from which version on a tag is late enough; ``words`` are the tags without a version.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from official_history import History

from dfmigrate.knowledge.images import image
from dfmigrate.knowledge.packs import read_pack
from dfmigrate.knowledge.tags import Version, key_of, numbers

_LEFT_OUT = re.compile(r"\d{8}|\d-?rc|\d[ab]\d|beta|alpha\d|backports|devel")
"""Days, versions before a release, and an image with a list of its own."""
_HERE = Path(__file__).parent


def late_builds(history: History, repository: str, release: str, day: str) -> tuple[str, str]:
    """The thresholds of the tags with a version, and the others that are late enough."""
    since = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    versions: dict[Version, bool] = {}
    words = []
    for tag in history.events[repository]:
        facts = None if _LEFT_OUT.search(tag) else image(f"{repository}:{tag}")
        if facts is None or facts.release != release or facts.distribution != "debian" or facts.floating:
            continue
        late = history.left(repository, tag, history.end) >= since
        version = numbers(key_of(tag)[1])
        if version:
            versions[version] = versions.get(version, True) and late
        elif late:
            words.append(tag)
    # A short version stands for the newest of its series: that one's line says it.
    full = {version: late for version, late in versions.items() if not _is_short(version, versions)}
    table = []
    last = None
    for version, late in sorted(full.items()):
        if late != last:
            table.append(f"{'.'.join(map(str, version))}={'late' if late else '?'}")
            last = late
    return " ".join(table), " ".join(sorted(words))


def _is_short(version: Version, versions: dict[Version, bool]) -> bool:
    return any(other != version and other[: len(version)] == version for other in versions)


def main(mirrors: Path) -> None:
    history = History(mirrors / "docker-library+official-images" / "repo")
    lines = [
        "# Computed by images/generate_late_builds.py; not to be edited.",
        f'source = "docker-library/official-images:library {history.commit[:12]}"',
    ]
    for name, facts in read_pack("archives.toml").items():
        for repository in facts["repositories"]:
            versions, words = late_builds(history, repository, name.partition("-")[2], facts["built_since"])
            lines += ["", f"[{name}.{repository}]", f'versions = "{versions}"', f'words = "{words}"']
    (_HERE.parent / "late_builds.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
