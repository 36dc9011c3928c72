"""What the sources of an application hint at: programs run, files opened and written, ports, native libraries."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.evidence import Place
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_rules import IMPORTS_PROCESSES, HintKind, SourceRule, rules_of
from dfmigrate.context.source_text import Source, language_files, literal_at, read_sources

_ROOTS = (
    "data|tmp|var|etc|opt|srv|home|root|usr|mnt|media|app|logs?|config|run|uploads?|storage|cache|workspace|models?"
)
_ABSOLUTE = re.compile(rf"/(?:{_ROOTS})(?:/[^\s\"'<>|*?${{}}]*)?\Z")
_RELATIVE = re.compile(r"(?:\./)?[\w.@-]+(?:/[\w.*@\[\]-]*)*\Z")
_PORT = re.compile(r"(?:.*[:=])?(\d{1,5})(?:/.*)?\Z", re.DOTALL)
_NUMBER = re.compile(r"\d{1,5}\b")
_NAME = re.compile(r"[A-Za-z_]\w*+(?=\s*[,)])")


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that says something. ``text`` is the literal that is meant; None when it is computed."""

    kind: HintKind
    text: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Hints:
    """Everything found. Absence proves something only when ``complete``, and never of other people's libraries."""

    language: str
    complete: bool
    hits: tuple[Hit, ...]
    mentioned: tuple[tuple[str, Place], ...]
    """Relative paths in literals that name a file or folder of the context, each with its first place."""
    absolute: tuple[tuple[str, Place], ...]
    """Absolute paths in literals, each with its first place."""

    def of(self, *kinds: HintKind) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.kind in kinds)

    @property
    def programs(self) -> frozenset[str] | None:
        """The programs that the application runs itself; None when one of them is computed or a file went unread."""
        names = {hit.text for hit in self.of(HintKind.PROGRAM)}
        return None if not self.complete or None in names else frozenset(name for name in names if name is not None)

    @property
    def dynamic(self) -> bool:
        """Whether a program is run whose name is not a literal."""
        return any(hit.text is None for hit in self.of(HintKind.PROGRAM))

    @property
    def ports(self) -> frozenset[int]:
        """The port numbers that are listened on, where they are literals."""
        return frozenset(int(hit.text) for hit in self.of(HintKind.PORT) if hit.text is not None)

    @property
    def writes(self) -> tuple[Hit, ...]:
        return self.of(HintKind.WRITE, HintKind.STATE)


@remembered
def runtime_hints(context: Context, language: str, paths: Iterable[str] | None = None) -> Hints:
    """Scan the sources of one language, a key of ``source_text.ENDINGS``; all of them, or the given files."""
    sources = read_sources(context, language, language_files(context, language) if paths is None else paths)
    hits: list[Hit] = []
    mentioned: dict[str, Place] = {}
    absolute: dict[str, Place] = {}
    for source in sources.files:
        hits += _hits(source)
        for offset, text in source.literals:
            if _ABSOLUTE.match(text):
                absolute.setdefault(text, source.place(offset))
            elif 2 < len(text) < 200 and _RELATIVE.match(text) and _names_something(context, source.path, text):
                mentioned.setdefault(text, source.place(offset))
    return Hints(
        language=language,
        complete=sources.complete,
        hits=tuple(hits),
        mentioned=tuple(mentioned.items()),
        absolute=tuple(absolute.items()),
    )


def found_calls(source: Source, kinds: Container[HintKind]) -> Iterator[tuple[SourceRule, re.Match[str]]]:
    """Where the rules of these kinds find something in the code."""
    for rule in rules_of(source.language):
        if rule.kind not in kinds:
            continue
        if rule.gate is not None and not rule.gate.search(source.code):
            continue
        for found in rule.call.finditer(source.code):
            if not rule.literal or found.end() in source.starts:
                yield rule, found


def _hits(source: Source) -> Iterator[Hit]:
    runs_something = False
    for rule, found in found_calls(source, tuple(HintKind)):
        for kind, text in _meanings(rule, source, found.end()):
            runs_something = runs_something or kind is HintKind.PROGRAM
            yield Hit(kind, text, source.place(found.start()))
    imported = IMPORTS_PROCESSES.get(source.language)
    found_import = None if imported is None or runs_something else imported.search(source.code)
    if found_import is not None:
        yield Hit(HintKind.PROGRAM, None, source.place(found_import.start()))


def _meanings(rule: SourceRule, source: Source, offset: int) -> Iterator[tuple[HintKind, str | None]]:
    if not rule.argument:
        yield rule.kind, None
        return
    if rule.kind is HintKind.PORT:
        port = _port(source, offset)
        if port is not None:
            yield rule.kind, port
        return
    code = source.code
    listed = code[offset : offset + 1] in ("[", "{")
    if listed:
        offset += 1
        offset += len(code[offset : offset + 200]) - len(code[offset : offset + 200].lstrip())
    literal = literal_at(code, offset, source.language)
    if literal is not None and code[literal.end : literal.end + 40].lstrip()[:1] == "+":
        literal = None if " " not in literal.head else literal
    if rule.kind is HintKind.SHELL or (rule.kind is HintKind.PROGRAM and not listed and literal is not None):
        head = None if literal is None else literal.head
        cut = literal is not None and literal.value is None
        yield from ((HintKind.PROGRAM, name) for name in _programs_of(head, cut))
        if rule.kind is HintKind.SHELL:
            yield HintKind.SHELL, head
        return
    if literal is None or literal.value is None:
        yield rule.kind, _constant(source, offset)
        return
    yield rule.kind, literal.value


def _programs_of(command: str | None, cut: bool) -> Iterator[str | None]:
    """The programs in a shell command; when the text breaks off, the first word counts if it is whole."""
    if command is None or not command.strip():
        yield None
        return
    if re.search(r"[;&|`\n]|\$\(", command):
        yield from _shell_programs(command)
        return
    words = command.split()
    if cut and len(words) == 1 and not command[-1:].isspace():
        yield None
        return
    yield words[0] if re.fullmatch(r"[\w./+@-]+", words[0]) else None


def _shell_programs(command: str) -> Iterator[str | None]:
    from dfmigrate.context.shell_text import shell_commands

    script = shell_commands(command)
    if not script.understood:
        yield None
    yield from (found.name for found in script.commands)


def _constant(source: Source, offset: int) -> str | None:
    """The value of a name that the same file fixes once: ``const tool = "ffmpeg"``."""
    found = _NAME.match(source.code, offset)
    if found is None:
        return None
    name = re.escape(found[0])
    assigned = list(re.finditer(rf"\b{name}(?:\s++string)?\s*+:?=(?!=)\s*+", source.code))
    constant = rf"\b(?:const|final|readonly)\b[^=\n;]*\b{name}\b|(?m:^{name}\s*=)"
    if len(assigned) != 1 or not re.search(constant, source.code):
        return None
    literal = literal_at(source.code, assigned[0].end(), source.language)
    return None if literal is None else literal.value


def _port(source: Source, offset: int) -> str | None:
    number = _NUMBER.match(source.code, offset)
    if number is not None:
        return number[0]
    literal = literal_at(source.code, offset, source.language)
    found = None if literal is None or literal.value is None else _PORT.match(literal.value)
    return found[1] if found is not None and 0 < int(found[1]) < 65536 else None


def _names_something(context: Context, path: str, text: str) -> bool:
    """Whether a literal names a file or folder, seen from the root or from the source's own folder."""
    clean = text.split("*", 1)[0].rstrip("/") if "*" in text else text.rstrip("/")
    if not clean or clean.strip(".") == "":
        return False
    return context.exists(clean) or context.exists(posixpath.join(posixpath.dirname(path), clean))
