"""``yarn.lock``: version 1's own notation, and the plain YAML that later versions write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import MAX_LOCK, Context
from dfmigrate.context.node_lock import is_git
from dfmigrate.context.remembered import remembered

_PAIR = re.compile(r"""("(?:[^"\\]|\\.)*"|[^\s":]+):?\s+("(?:[^"\\]|\\.)*"|\S.*)\Z""")
_DEPENDENCIES = ("dependencies", "optionalDependencies")
_DESCRIPTOR = re.compile(r"(@?[^@]+)@(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class YarnEntry:
    """One resolved package."""

    descriptors: tuple[str, ...]
    """What it answers: ``left-pad@^1.0.0``, later versions ``left-pad@npm:^1.0.0``."""
    version: str | None
    source: str | None
    """``resolved`` or ``resolution``, as written."""
    dependencies: Mapping[str, str]
    """Optional ones included; later versions leave out those for development but of the workspace's own members."""

    @property
    def name(self) -> str:
        """Its folder in ``node_modules``."""
        return _split(self.descriptors[0])[0]

    @property
    def is_member(self) -> bool:
        """Whether it is a folder of the workspace; its dependencies are then of all kinds."""
        return "@workspace:" in (self.source or "")


@dataclass(frozen=True)
class YarnLock:
    """A lock file. ``berry`` says whether a version of Yarn after 1 wrote it."""

    path: str
    berry: bool
    entries: tuple[YarnEntry, ...] = field(repr=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """All packages but the members of the workspace."""
        return frozenset(entry.name for entry in self.entries if not entry.is_member)

    @cached_property
    def from_git(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries if _from_git(entry.source))

    def reached(self, asked: Mapping[str, frozenset[str]], members: frozenset[str]) -> frozenset[str] | None:
        """Packages that these requests (name -> ranges) lead to, by name; None when one has no answer here.

        Where ``resolutions`` of the manifest answer instead of the range, every version of the name is followed.
        """
        pending = [(name, wanted) for name, ranges in asked.items() for wanted in ranges]
        found: set[str] = set()
        seen: set[tuple[str, str]] = set()
        while pending:
            request = pending.pop()
            if request in seen:
                continue
            seen.add(request)
            answers = self._answers(*request)
            if not answers and request[0] not in members and not request[1].startswith(("link:", "workspace:")):
                return None
            for entry in answers:
                if not entry.is_member:
                    found.add(entry.name)
                    pending.extend(entry.dependencies.items())
        return frozenset(found)

    def _answers(self, name: str, wanted: str) -> tuple[YarnEntry, ...]:
        for descriptor in (f"{name}@{wanted}", f"{name}@npm:{wanted}"):
            exact = self._by_descriptor.get(descriptor)
            if exact is not None:
                # A patched package stands beside the plain one of the same name; both are followed.
                patched = [entry for entry in self._by_name[name] if "@patch:" in (entry.source or "")]
                return (exact, *patched)
        return self._by_name.get(name, ())

    @cached_property
    def _by_descriptor(self) -> Mapping[str, YarnEntry]:
        return {descriptor: entry for entry in self.entries for descriptor in entry.descriptors}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[YarnEntry, ...]]:
        found: dict[str, tuple[YarnEntry, ...]] = {}
        for entry in self.entries:
            for name in {_split(descriptor)[0] for descriptor in entry.descriptors}:
                found[name] = (*found.get(name, ()), entry)
        return found


@remembered
def yarn_lock(context: Context, path: str) -> YarnLock | None:
    """Read a lock file; None when it is not there or a line of it is not understood."""
    text = context.read(path, MAX_LOCK)
    if text is None:
        return None
    entries: list[YarnEntry] = []
    for head, lines in _blocks(text.replace("\r\n", "\n")):
        if head == "__metadata":
            continue
        entry = _entry(head, lines)
        if entry is None:
            return None
        entries.append(entry)
    return YarnLock(path, "\n__metadata:" in f"\n{text}", tuple(entries))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Every line that starts at the margin, with the indented lines below it."""
    head: str | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            lines.append(line)
            continue
        if head is not None:
            yield head, lines
        head, lines = line.rstrip().removesuffix(":"), []
    if head is not None:
        yield head, lines


def _entry(head: str, lines: list[str]) -> YarnEntry | None:
    descriptors = tuple(part for text in _split_commas(head) for part in _split_commas(_unquoted(text)))
    if not descriptors or not all(_DESCRIPTOR.match(descriptor) for descriptor in descriptors):
        return None
    values: dict[str, str] = {}
    dependencies: dict[str, str] = {}
    section = ""
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        text = line.strip()
        pair = _PAIR.match(text)
        if indent == 2:
            section = "" if pair else text.rstrip(":")
            if pair:
                values[_unquoted(pair[1])] = _unquoted(pair[2])
        elif indent == 4 and section in _DEPENDENCIES:
            if pair is None:
                return None
            dependencies[_unquoted(pair[1])] = _unquoted(pair[2])
    source = values.get("resolution") or values.get("resolved")
    return YarnEntry(descriptors, values.get("version"), source, dependencies)


def _split_commas(text: str) -> list[str]:
    """Parts between commas outside of quotes."""
    return [part.strip() for part in re.findall(r"""\s*("(?:[^"\\]|\\.)*"|[^",]+)\s*,?""", text) if part.strip()]


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text.strip()
    try:
        return str(json.loads(text))
    except ValueError:
        return text.strip('"')


def _split(descriptor: str) -> tuple[str, str]:
    found = _DESCRIPTOR.match(descriptor)
    return (descriptor, "") if found is None else (found[1], found[2])


def _from_git(source: str | None) -> bool:
    if source is None:
        return False
    reference = _split(source)[1]
    plain = source.partition("#")[0]
    return is_git(source) or is_git(reference) or plain.endswith(".git") or "#commit=" in source
