"""Options and positional words of a command line, and the paths that a pack says they name."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = Sequence[str | None]
Place = tuple[str | None, str]
"""A path as written, None where it is not literal; and what is put there: ``file``, ``folder`` or ``tree``."""

_NOWHERE = ("-", "/dev/null", "/dev/stdout", "/dev/stderr")


@dataclass(frozen=True, slots=True)
class Option:
    """One option; ``value`` None: it has none, or an unknown one."""

    name: str
    value: str | None = None
    has_value: bool = False


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The words behind a program's name, sorted."""

    options: tuple[Option, ...]
    positional: tuple[str | None, ...]

    def values(self, names: Sequence[str]) -> list[str | None]:
        """The values of these options, in the order of the command line; ``-D:KEY`` is that of ``-DKEY=value``."""
        found: list[str | None] = []
        for option in self.options:
            if option.has_value and is_one(option.name, names):
                found.append(option.value)
            given, equals, value = (option.value or "").partition("=")
            if equals and f"{option.name}:{given.partition(':')[0]}" in names:
                found.append(value)
        return found

    def has(self, patterns: Sequence[str]) -> bool:
        """Whether an option, or one with its value (``--location=global``), matches one of the patterns."""
        return any(
            is_one(option.name, patterns) or (option.value and is_one(f"{option.name}={option.value}", patterns))
            for option in self.options
        )


def read_command_line(words: Words, entry: Mapping[str, Any]) -> CommandLine:
    """Sort the words behind a program's name as the pack's entry says.

    ``values`` take a value, ``numbers`` one that is a number, ``attached`` one that is part of the word; with
    ``bundled``, ``-xzf`` is ``-x -z -f``; with ``dashless``, the first word is a bundle even without its dash;
    ``ahead`` are words to leave out in front.
    """
    options: list[Option] = []
    positional: list[str | None] = []
    rest = list(words)
    while rest and is_one(rest[0], entry.get("ahead", ())):
        rest.pop(0)
    if entry.get("dashless") and rest and rest[0] and not rest[0].startswith("-"):
        options.extend(_bundle("-" + (rest.pop(0) or ""), entry, rest, joins=False))
    while rest:
        word = rest.pop(0)
        if word is None or not word.startswith("-") or word == "-":
            positional.append(word)
        elif word == "--":
            positional.extend(rest)
            break
        elif entry.get("bundled") and not word.startswith("--"):
            options.extend(_bundle(word, entry, rest))
        else:
            options.append(_single(word, entry, rest))
    return CommandLine(tuple(options), tuple(positional))


def _single(word: str, entry: Mapping[str, Any], rest: list[str | None]) -> Option:
    """An option that is a word of its own; its value, if it is the next word, is taken from ``rest``."""
    values, numbers = entry.get("values", ()), entry.get("numbers", ())
    name, equals, value = word.partition("=")
    if equals and (word.startswith("--") or name in values):
        return Option(name, value, True)
    if word in values or (word in numbers and rest and (rest[0] or "").isdigit()):
        return Option(word, rest.pop(0), True) if rest else Option(word)
    attached = next((one for one in entry.get("attached", ()) if word.startswith(one) and word != one), None)
    return Option(attached, word[len(attached) :], True) if attached is not None else Option(word)


def _bundle(word: str, entry: Mapping[str, Any], rest: list[str | None], joins: bool = True) -> list[Option]:
    """``-fsSLo`` with the values behind it, be they joined or the next words, which are taken from ``rest``."""
    values, numbers, attached = entry.get("values", ()), entry.get("numbers", ()), entry.get("attached", ())
    found: list[Option] = []
    for index, letter in enumerate(word[1:], 2):
        name, joined = "-" + letter, word[index:]
        if name in attached:
            return [*found, Option(name, joined, bool(joined))]
        if name in values and joined and joins:
            return [*found, Option(name, joined, True)]
        if name in numbers and joined.isdigit():
            return [*found, Option(name, joined, True)]
        takes_next = name in values or (name in numbers and not joined and rest and (rest[0] or "").isdigit())
        found.append(Option(name, rest.pop(0), True) if takes_next and rest else Option(name))
    return found


def applies(rule: Mapping[str, Any], line: CommandLine) -> bool:
    """Whether a rule of a pack is about this command line."""
    words = line.positional
    return (
        ("sub" not in rule or is_one(words[0] if words else "", rule["sub"]))
        and ("sub2" not in rule or is_one(words[1] if len(words) > 1 else "", rule["sub2"]))
        and ("any" not in rule or any(is_one(word, rule["any"]) for word in words))
        and ("flags" not in rule or line.has(rule["flags"]))
        and ("also" not in rule or line.has(rule["also"]))
        and ("with" not in rule or any(is_one(word, rule["with"]) for word in words))
        and ("bare" not in rule or not words)
        and ("more" not in rule or len(words) > 1)
    )


def is_one(word: str | None, patterns: Sequence[str]) -> bool:
    """Whether a word is one of these, or fits one with ``*``."""
    return word is not None and any(word == one or fnmatch.fnmatchcase(word, one) for one in patterns)


def places(specs: Sequence[str], line: CommandLine, skipped: int) -> tuple[Place, ...] | None:
    """The paths that ``to`` of a rule names; None when the command line does not tell them.

    Each specification, ``tree -t --target | last``, is a kind and alternatives, of which the first that the command
    line has counts: options, whose values are the paths (``-f+.pub`` adds to them, ``--dir/--name`` joins two);
    ``last`` (of two or more words), ``each``, ``first`` or ``second`` word after the ``skipped`` ones of the
    subcommand; ``rest``, all but the first (``rest+-i``, with that option's value behind); ``NAME=``, the words
    that begin so; ``above``, the folders of words that are paths; ``cloned`` or ``linked``, the name that git or ln
    makes of a source; ``nothing``; or a path, ``.`` being where the command runs. The kind ``output`` is a tree
    where the path ends in ``/``.
    """
    found: list[Place] = []
    for spec in specs:
        kind, _, alternatives = spec.partition(" ")
        for alternative in alternatives.split(" | "):
            named = _named(alternative.split(), line, line.positional[skipped:])
            if named is not None:
                found.extend((path, _kind(kind, path)) for path in named if path not in _NOWHERE)
                break
        else:
            return None
    return tuple(found)


def _kind(kind: str, path: str | None) -> str:
    if kind != "output":
        return kind
    return "tree" if path is not None and path.endswith("/") else "file"


def _named(source: Sequence[str], line: CommandLine, words: Words) -> list[str | None] | None:
    word = source[0]
    if word.startswith("-"):
        return _values(source, line) or None
    if word.partition("+")[0] in ("each", "rest"):
        return _all(word, words, line)
    if word in ("first", "second", "last"):
        # With one word, `cp` and its like have no target.
        position = {"first": 0, "second": 1, "last": max(len(words) - 1, 1)}[word]
        return [words[position]] if position < len(words) else None
    if word in ("cloned", "linked"):
        path = words[0] if words else None
        name = path and posixpath.basename(path.rstrip("/"))
        return [name.removesuffix(".git") if name and word == "cloned" else name]
    if word == "above":
        return [posixpath.dirname(one or "") or "." for one in words if one and not set(one) & set(":=")] or None
    if word == "nothing":
        return []
    if word.endswith("="):
        return [one.removeprefix(name) for one in words if one for name in source if one.startswith(name)] or None
    return [word]


def _all(word: str, words: Words, line: CommandLine) -> list[str | None] | None:
    """All words, or all but the first; ``rest+-i``: with the suffix that an option tells, if it does."""
    name, plus, option = word.partition("+")
    chosen = words[name == "rest" :]
    if not plus:
        return list(chosen) or None
    return [one and suffix and one + suffix for suffix in line.values([option]) for one in chosen] or None


def _values(source: Sequence[str], line: CommandLine) -> list[str | None]:
    found: list[str | None] = []
    for name in source:
        if "/-" in name:
            folder, _, last = name.partition("/")
            pairs = zip(line.values([folder])[-1:], line.values([last])[-1:], strict=False)
            found.extend(one and two and f"{one.rstrip('/')}/{two}" for one, two in pairs)
            continue
        option, _, suffix = name.partition("+")
        found.extend(value and value + suffix for value in line.values([option]))
    return found
