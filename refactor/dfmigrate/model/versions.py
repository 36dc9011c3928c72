"""A mapping that does not change and has cheap successors: what is kept of thousands of instructions stays linear."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Generic, TypeVar

V = TypeVar("V")
_Entry = tuple[int, bool, V | None]
"""Since when, whether the name is there from then on, and its value."""


class _Log(Generic[V]):
    """All that was ever set, by name in the order of their first setting, and how many versions there are."""

    __slots__ = ("entries", "newest")

    def __init__(self) -> None:
        self.entries: dict[str, list[_Entry[V]]] = {}
        self.newest = 0


class Versions(Mapping[str, V]):
    """One version of a mapping. Successors of the newest version share its log; those of an older one begin anew."""

    __slots__ = ("_length", "_log", "_version")

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._log: _Log[V] = _Log()
        self._version = 0
        self._length = len(items or ())
        for name, value in (items or {}).items():
            self._log.entries[name] = [(0, True, value)]

    def with_items(self, items: Mapping[str, V]) -> Versions[V]:
        """The same with some names set; one that was there keeps its place."""
        return self._next((name, True, value) for name, value in items.items())

    def without(self, names: Iterable[str]) -> Versions[V]:
        """The same without some names."""
        return self._next((name, False, None) for name in names if name in self)

    def _next(self, changes: Iterable[tuple[str, bool, V | None]]) -> Versions[V]:
        start = self if self._version == self._log.newest else Versions(self)
        after: Versions[V] = Versions()
        after._log, after._length = start._log, start._length
        after._log.newest += 1
        after._version = after._log.newest
        for name, there, value in changes:
            after._length += there - (name in start)
            after._log.entries.setdefault(name, []).append((after._version, there, value))
        return after

    def _found(self, name: str) -> _Entry[V] | None:
        entries = self._log.entries.get(name, [])
        at = len(entries)
        if at and entries[-1][0] > self._version:
            at = bisect_right(entries, self._version, key=itemgetter(0))
        return entries[at - 1] if at and entries[at - 1][1] else None

    def __getitem__(self, name: str) -> V:
        found = self._found(name)
        if found is None:
            raise KeyError(name)
        return found[2]  # type: ignore[return-value]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._found(name) is not None

    def __iter__(self) -> Iterator[str]:
        # Names that are set meanwhile belong to later versions.
        return (name for name in tuple(self._log.entries) if name in self)

    def __len__(self) -> int:
        return self._length

    def __repr__(self) -> str:
        return f"Versions({dict(self)!r})"
