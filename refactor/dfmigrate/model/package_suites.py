"""Which suites of its release a stage still asks for packages, once its own steps have edited the list of its image."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .actions import Action
from .interpret import StageModel
from .package_sources import LISTS, before_update

LIST = "/etc/apt/sources.list"
_LINE = re.compile(r"deb\s+(?:\[[^\]]*\]\s*)?\S+\s+(\S+)\s")
_OUTPUT = re.compile(r"(>>?)\s*['\"]?(/etc/apt/sources\.list(?:\.d/[\w.-]+)?)['\"]?\s*\Z")
_COMMAND = re.compile(
    r"\s*(?:s([/|#,@:!])(?P<old>(?:\\.|(?!\1).)+)\1(?P<new>(?:\\.|(?!\1).)*)\1(?P<every>g?)|/(?P<gone>(?:\\.|[^/])+)/d)"
    r"\s*(?:[;\n]|\Z)"
)
_BASIC = re.compile(r"(?:[\w:/ @.*^$-]|\\[./-])+")
_EXTENDED = re.compile(r"(?:[\w:/ @.*^$()|+?-]|\\[./-])+")
"""Expressions that sed and Python read alike."""
_TARGET = re.compile(r"(?:[\w:/ @.-]|\\[./-])*")

_Lines = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the list says when the stage first fetches packages."""

    given: tuple[str, ...]
    """The lines that images of the release have had."""
    kept: _Lines
    """What has become of each."""
    added: _Lines

    @property
    def suites(self) -> frozenset[str]:
        """An image has only some of the lines that name a suite: it is there when none of them is gone."""
        pairs = [(_suite(old), _suite(new)) for old, new in zip(self.given, self.kept, strict=True)]
        found = {old for old, _ in pairs} - {old for old, new in pairs if old != new}
        found |= {_suite(line) for line in self.added}
        return frozenset(suite for suite in found if suite is not None)


def sources(stage: StageModel, lines: Iterable[str]) -> Sources | None:
    """The sources of a stage whose image has some of these lines; None where an edit is not understood."""
    given = tuple(sorted(lines))
    kept: _Lines = given
    added: _Lines = ()
    for path, action in _edits(stage):
        if action is None or not action.certain or None in action.argv:
            if path is None or path == LIST:
                return None
            continue
        edited = _edited(action, kept, added)
        if edited is None:
            return None
        kept, added = edited
    return Sources(given, kept, added)


def _edits(stage: StageModel) -> Iterator[tuple[str | None, Action | None]]:
    """Each step that names or writes a list of sources: the path that it writes, and its command."""
    for layer, action in before_update(stage):
        writes = layer.writes if action is None else action.writes
        paths = [write.path for write in writes if LISTS.match(write.path)]
        if paths or (action is not None and "sources.list" in action.text):
            yield (LIST if LIST in paths else paths[0] if paths else None), action


def _edited(action: Action, kept: _Lines, added: _Lines) -> tuple[_Lines, _Lines] | None:
    """Both groups of lines after the command; None after one that is not understood."""
    words = [word or "" for word in action.argv]
    name = action.program
    if name in ("echo", "printf"):
        return _said(action.text, words[1:], kept, added)
    if name in ("mv", "rm") and LIST in (words[1:-1] if name == "mv" else words[1:]):
        return tuple(None for _ in kept), ()
    if all(write.path != LIST for write in action.writes):
        # It only looks, or writes another file, which takes nothing from the list.
        return (kept, added) if action.writes or action.role == "inspection" else None
    script = _script(words[1:]) if name == "sed" else None
    if script is None:
        return None
    return tuple(_after(line, script) for line in kept), tuple(_after(line, script) for line in added)


def _said(text: str, words: list[str], kept: _Lines, added: _Lines) -> tuple[_Lines, _Lines] | None:
    output = _OUTPUT.search(text)
    if output is None:
        return None if ">" in text else (kept, added)
    lines = tuple(line.strip() + " " for line in re.split(r"\\n|\n", " ".join(words).removeprefix("-e ")))
    if output[1] == ">" and output[2] == LIST:
        return tuple(None for _ in kept), lines
    return kept, (*added, *lines)


def _script(words: list[str]) -> tuple[re.Match[str], ...] | None:
    """The commands of ``sed -i``, for the list alone."""
    options = [word for word in words if re.fullmatch(r"-[iEre]+|--in-place|--regexp-extended", word)]
    named = [word for word in words if word not in options and word != LIST and not LISTS.match(word)]
    if not any("i" in option for option in options) or not named or any(word.startswith("-") for word in named):
        return None
    if len(named) > sum("e" in option for option in options if not option.startswith("--")) and len(named) > 1:
        return None
    understood = _EXTENDED if any(re.search(r"[Er]", option.lstrip("-")) for option in options) else _BASIC
    found: list[re.Match[str]] = []
    for script in named:
        place = 0
        while place < len(script):
            command = _COMMAND.match(script, place)
            if command is None or not understood.fullmatch(command["old"] or command["gone"]):
                return None
            if not _TARGET.fullmatch(command["new"] or "") or not _compiles(command["old"] or command["gone"]):
                return None
            found.append(command)
            place = command.end()
    return tuple(found)


def _after(line: str | None, commands: tuple[re.Match[str], ...]) -> str | None:
    for command in commands:
        if line is None:
            return None
        if command["gone"] is not None:
            line = None if re.search(command["gone"], line) else line
            continue
        # What is escaped in it is a plain character, and no backslash.
        plain = re.sub(r"\\(.)", r"\1", command["new"])
        line = re.sub(command["old"], plain, line, count=0 if command["every"] else 1)
    return line


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _suite(line: str | None) -> str | None:
    found = _LINE.match(line) if line is not None else None
    return found[1].rstrip("/") if found is not None else None
