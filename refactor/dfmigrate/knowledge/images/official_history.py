"""The history of docker-library/official-images: which Dockerfile a tag was last built from, and until when."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """What a library file says of one tag."""

    repository: str
    commit: str
    directory: str
    file: str
    fetch: str
    windows: bool


Event = tuple[int, Entry | None]
"""Since when (seconds) a tag is built from an entry; None since it left the file."""

_OLD_LINE = re.compile(r"^(?:([^\s:]+):\s*)?(\w+://[^\s@]+)(?:@(\S+))?(?:\s+(\S+))?\s*$")
_FIELD = re.compile(r"^([A-Za-z0-9-]+)\s*:\s*(.*)$")


class History:
    """Every tag of every library over the first-parent history of a clone."""

    def __init__(self, clone: Path) -> None:
        self.events: dict[str, dict[str, list[Event]]] = defaultdict(dict)
        self.commit = _git(clone, "rev-parse", "HEAD").strip()
        self.end = 0
        before: dict[str, dict[str, Entry]] = defaultdict(dict)
        for when, library, text in _versions(clone):
            after = read_library(text)
            for tag in before[library].keys() | after.keys():
                if before[library].get(tag) != after.get(tag):
                    self.events[library].setdefault(tag, []).append((when, after.get(tag)))
            before[library] = after
            self.end = max(self.end, when)

    def entries(self, library: str, tag: str, when: int) -> list[Entry]:
        """What the tag was built from at that time (or first, when it came later), and before that, newest first."""
        events = self.events.get(library, {}).get(tag, [])
        found = [entry for since, entry in events if entry is not None and since <= when]
        return found[::-1] or [entry for _, entry in events if entry is not None][:1]

    def is_listed(self, library: str, tag: str, when: int) -> bool:
        """Tell whether the tag stood in the file then, and so was built anew whenever its base changed."""
        current = None
        for since, entry in self.events.get(library, {}).get(tag, []):
            if since <= when:
                current = entry
        return current is not None

    def left(self, library: str, tag: str, when: int) -> int:
        """When the tag was built last: when it left the file, or ``when`` itself while it is listed."""
        gone = [since for since, entry in self.events[library][tag] if entry is None and since <= when]
        return gone[-1] if gone and not self.is_listed(library, tag, when) else when


def read_library(text: str) -> dict[str, Entry]:
    """Read a library file of either format: stanzas of ``Field: value``, or ``tag: address@commit directory``."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    if not any(re.match(r"(Maintainers|Tags|SharedTags|GitRepo)\s*:", line) for line in lines):
        matches = filter(None, map(_OLD_LINE.match, map(str.strip, lines)))
        return {m[1] or "latest": Entry(m[2], m[3] or "", m[4] or ".", "Dockerfile", "", False) for m in matches}
    found: dict[str, Entry] = {}
    common: dict[str, str] = {}
    for stanza in re.split(r"\n[ \t]*\n", "\n".join(lines)):
        fields = _fields(stanza)
        if "Tags" not in fields and "SharedTags" not in fields:
            common |= fields
            continue
        entry = _entry(fields, common)
        for tag in _tags(fields.get("Tags", "")):
            found[tag] = entry
        for tag in () if entry.windows else _tags(fields.get("SharedTags", "")):
            found.setdefault(tag, entry)
    return found


def _tags(text: str) -> list[str]:
    return [tag.strip() for tag in text.split(",") if tag.strip()]


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in stanza.splitlines():
        match = _FIELD.match(line)
        if match:
            key = match[1]
            fields[key] = match[2].strip()
        elif key and line[:1] in " \t":
            fields[key] += f" {line.strip()}"
    return fields


def _entry(fields: dict[str, str], common: dict[str, str]) -> Entry:
    def value(name: str) -> str:
        for source in (fields, common):
            for key in (f"amd64-{name}", name):
                if key in source:
                    return source[key]
        return ""

    directory = value("Directory") or "."
    platform = directory + value("Architectures") + value("Constraints")
    return Entry(
        value("GitRepo"),
        value("GitCommit"),
        directory,
        value("File") or "Dockerfile",
        value("GitFetch"),
        "windows" in platform,
    )


def _versions(clone: Path) -> Iterator[tuple[int, str, str]]:
    """Yield every version of every library file, oldest first, "" where it was deleted."""
    arguments = ("--reverse", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=C %ct")
    changes: list[tuple[int, str, str]] = []
    when = 0
    for line in _git(clone, "log", *arguments, "--", "library").splitlines():
        if line.startswith("C "):
            when = int(line[2:])
        elif line.startswith(":"):
            meta, _, path = line.partition("\t")
            blob, status = meta.split()[3:5]
            changes.append((when, path.removeprefix("library/"), "" if status == "D" else blob))
    blobs = Blobs(clone)
    for when, library, blob in changes:
        yield when, library, (blobs.text(blob) or "") if blob else ""


class Blobs:
    """Reads files of a clone through one process."""

    def __init__(self, clone: Path) -> None:
        self.process = subprocess.Popen(
            ["git", "-C", str(clone), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def text(self, name: str) -> str | None:
        """A blob's text by its name or ``commit:path``; None when the clone has none of that name."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(name.encode() + b"\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().decode().split()
        if len(words) != 3 or not words[2].isdigit():
            return None
        content = self.process.stdout.read(int(words[2]))
        self.process.stdout.read(1)
        return content.decode("utf-8", "replace") if words[1] == "blob" else None


def _git(clone: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, text=True, check=True).stdout
