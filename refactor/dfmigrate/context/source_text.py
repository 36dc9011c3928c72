"""Source files with their comments blanked out, and the literals in them. A scan for hints, not a compiler."""

from __future__ import annotations

import bisect
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import MAX_TEXT, Context
from dfmigrate.context.evidence import Place
from dfmigrate.context.php_text import php_text
from dfmigrate.context.remembered import remembered

MAX_FILES = 4_000
MAX_BYTES = 32 << 20

ENDINGS = {
    "go": (".go",),
    "node": (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"),
    "python": (".py",),
    "java": (".java", ".kt", ".groovy", ".scala"),
    "dotnet": (".cs", ".fs", ".vb"),
    # With those of Drupal.
    "php": (".php", ".phtml", ".inc", ".module", ".install", ".theme", ".profile", ".engine"),
    "ruby": (".rb", ".ru", ".rake", "Rakefile", "Gemfile"),
    "elixir": (".ex", ".exs"),
    "rust": (".rs",),
    "crystal": (".cr",),
    "zig": (".zig",),
    "d": (".d", ".di"),
    "swift": (".swift",),
    "c": (".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp"),
}

_SKIPPED_FOLDERS = frozenset(
    {"node_modules", "vendor", "test", "tests", "__tests__", "testdata", "cypress", "e2e", ".github"}
    | {"venv", ".venv", "site-packages", ".tox"}
)
_SKIPPED_IN = {
    "ruby": {"spec", "features"},
    "elixir": {"deps", "_build"},
    "rust": {"target", "benches", "examples"},
    "swift": {"Tests", ".build"},
}
_SKIPPED_FILES = re.compile(
    r"_test\.go$|\.(?:test|spec|stories|min|d)\.[cm]?[jt]sx?$|(?:^|/)(?:test_[^/]*|conftest)\.py$|_test\.exs$|(?:^|/)build\.rs$"
)

# Each quantifier is possessive or runs to the end of the text, so that no input makes the scan quadratic.
_BLOCK_COMMENT = r"/\*.*?(?:\*/|\Z)"
_LINE_COMMENT = r"//[^\n]*+"
_DOUBLE = r'"(?:[^"\\\n]|\\.)*+"?'
_SINGLE = r"'(?:[^'\\\n]|\\.)*+'?"
_C_LIKE = rf"(?P<comment>{_LINE_COMMENT}|{_BLOCK_COMMENT})"
JS_PATTERN = (
    r"(?:[(,=:\[!&|?{};]|\breturn)\s*+/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,200}+\]){1,500}+/[a-z]*+"
)
"""A regular expression of JavaScript, with what stands before it where no division can be."""

# A character by itself, which may be a quote: ?" in Ruby and Elixir.
_CHARACTER = r"(?<![\w)\]}?])\?\\?[^\s\w]"
_RUBY_PATTERN = JS_PATTERN.replace(r"\breturn", r"\b(?:return|if|unless|when|and|or|not|match\?)|=~")

_TOKENS = {
    "ruby": re.compile(
        rf"(?P<comment>^=begin\b.*?(?:^=end\b[^\n]*|\Z)|#[^\n]*+)|{_CHARACTER}|{_RUBY_PATTERN}|"
        r"<<[~-](?P<quote>['\"`]?)(?P<tag>[A-Z_]\w*+)(?P=quote)[^\n]*+\n.*?(?:^[ \t]*+(?P=tag)\b|\Z)|"
        r"`(?:[^`\\]|\\.)*+`?|"
        r'"(?:[^"\\]|\\.)*+"?|'
        r"'(?:[^'\\]|\\.)*+'?",
        re.DOTALL | re.MULTILINE,
    ),
    "elixir": re.compile(
        rf'(?P<comment>#[^\n]*+)|{_CHARACTER}|""".*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)|'
        r"~[a-zA-Z]+/(?:[^/\\\n]|\\.)*+/|"
        r'"(?:[^"\\]|\\.)*+"?|'
        r"'(?:[^'\\]|\\.)*+'?",
        re.DOTALL,
    ),
    "rust": re.compile(
        rf'{_C_LIKE}|\bb?r(?P<fence>#{{1,20}}+)".*?(?:"(?P=fence)|\Z)|\bb?r"[^"]*+"?|'
        r'"(?:[^"\\]|\\.)*+"?|'
        r"'(?:[^'\\\n]|\\[^\n][^'\n]{0,8}+)'",
        re.DOTALL,
    ),
    "go": re.compile(rf"{_C_LIKE}|`[^`]*+(?:`|\Z)|{_DOUBLE}|{_SINGLE}", re.DOTALL),
    "node": re.compile(rf"{JS_PATTERN}|{_C_LIKE}|`(?:[^`\\]|\\.)*+`?|{_DOUBLE}|{_SINGLE}", re.DOTALL),
    "python": re.compile(
        rf'(?P<comment>#[^\n]*+)|"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|'
        rf"'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|{_DOUBLE}|{_SINGLE}",
        re.DOTALL,
    ),
    "java": re.compile(rf'{_C_LIKE}|""".*?(?:"""|\Z)|{_DOUBLE}|{_SINGLE}', re.DOTALL),
    "dotnet": re.compile(rf'{_C_LIKE}|""".*?(?:"""|\Z)|(?:\$@|@\$|@)"(?:[^"]|"")*+"?|{_DOUBLE}|{_SINGLE}', re.DOTALL),
    # Comments are gone by then, see php_text.
    "php": re.compile(r"""(?P<comment>(?!))|"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?""", re.DOTALL),
    "crystal": re.compile(
        r"(?P<comment>#[^\n]*+)|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`?|\"(?:[^\"\\]|\\.)*+\"?", re.DOTALL
    ),
    "swift": re.compile(
        rf'{_C_LIKE}|(?P<fence>#{{1,20}}+)".*?(?:"(?P=fence)|\Z)|"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|{_DOUBLE}',
        re.DOTALL,
    ),
    "d": re.compile(
        rf"(?P<comment>{_LINE_COMMENT}|{_BLOCK_COMMENT}|/\+.*?(?:\+/|\Z))|"
        r'`[^`]*+`?|\br"[^"]*+"?|"(?:[^"\\]|\\.)*+"?|'
        r"'(?:[^'\\\n]|\\.)*+'",
        re.DOTALL,
    ),
    "zig": re.compile(rf"(?P<comment>{_LINE_COMMENT})|\\\\[^\n]*+|{_DOUBLE}|{_SINGLE}", re.DOTALL),
    "c": re.compile(rf"{_C_LIKE}|{_DOUBLE}|{_SINGLE}", re.DOTALL),
}

_PREFIXES = {"python": "rRbBuUfF", "dotnet": "$@"}
_MAX_LITERAL = 2048
_LITERAL = re.compile(
    r'(?P<prefix>[rRbBuUfF]{0,2}|[$@]{0,2})(?:"""(?P<triple>.*?)"""|"(?P<double>(?:[^"\\\n]|\\.)*+)"'
    r"|'(?P<single>(?:[^'\\\n]|\\.)*+)'|`(?P<back>(?:[^`\\]|\\.)*+)`)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Source:
    """One source file. ``code`` is its text with comments replaced by blanks: every offset stays true."""

    path: str
    language: str
    text: str = field(repr=False)

    @cached_property
    def code(self) -> str:
        if self.language == "php":
            return php_text(self.text, self.path).code
        return _TOKENS[self.language].sub(_blank_comment, self.text)

    @property
    def literals(self) -> Iterator[tuple[int, str]]:
        """Every fixed string literal with its offset."""
        prefixes = _PREFIXES.get(self.language, "")
        for found in _TOKENS[self.language].finditer(self.code):
            start, end = found.span()
            while start > 0 and self.code[start - 1] in prefixes and found.start() - start < 2:
                start -= 1
            literal = literal_at(self.code, start, self.language, end)
            if literal is not None and literal.value is not None:
                yield start, literal.value

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where literals start that are not inside of another one."""
        return frozenset(found.start() for found in _TOKENS[self.language].finditer(self.code))

    def place(self, offset: int) -> Place:
        return Place(self.path, bisect.bisect_left(self._newlines, offset) + 1)

    @cached_property
    def _newlines(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of one language; ``complete`` is False when limits or unreadable files left some out."""

    files: tuple[Source, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal. ``value`` is None when part of it is computed; ``head`` is then the text before that."""

    value: str | None
    head: str
    end: int


def language_files(context: Context, language: str, folder: str = "") -> tuple[str, ...]:
    """The sent sources of a language, without tests and without other people's code."""
    endings = ENDINGS[language]
    skipped = _SKIPPED_FOLDERS | _SKIPPED_IN.get(language, set())
    return tuple(
        path
        for path in context.below(folder)
        if path.endswith(endings)
        and not skipped & set(posixpath.dirname(path).split("/"))
        and not _SKIPPED_FILES.search(path)
    )


def read_sources(context: Context, language: str, paths: Iterable[str]) -> Sources:
    """Read files until the limits are met."""
    found: list[Source] = []
    size = 0
    complete = context.complete
    for path in paths:
        if len(found) >= MAX_FILES or size >= MAX_BYTES:
            return Sources(tuple(found), False)
        source = source_file(context, language, path)
        if source is None:
            complete = False
            continue
        size += len(source.text)
        found.append(source)
    return Sources(tuple(found), complete)


@remembered
def source_file(context: Context, language: str, path: str) -> Source | None:
    """One source; None when it cannot be read. Several readers ask for the same file."""
    text = context.read(path, MAX_TEXT)
    return None if text is None else Source(path, language, text)


def string_texts(text: str, language: str) -> Iterator[str]:
    """Every string of a text as it is written, quotes and all."""
    return (found.group() for found in _TOKENS[language].finditer(text) if not found.groupdict().get("comment"))


def literal_at(code: str, offset: int, language: str, end: int | None = None) -> Literal | None:
    """The string literal that starts exactly here, and is not absurdly long; None when something else does."""
    found = _LITERAL.match(code, offset, offset + _MAX_LITERAL if end is None else end)
    if found is None:
        return None
    body = next(group for group in found.group("triple", "double", "single", "back") if group is not None)
    prefix = found["prefix"].lower()
    opening = {"f": "{", "$": "{"}.get(prefix.strip("rb@"))
    if found["back"] is not None and language == "node":
        opening = "${"
    elif found["double"] is not None and language == "php":
        opening = "$"
    elif found["single"] is None and language in ("ruby", "elixir"):
        opening = "#{"
    computed = body.find(opening) if opening is not None else -1
    raw = "r" in prefix or "@" in prefix or (found["back"] is not None and language == "go")
    if computed >= 0:
        return Literal(None, unescaped(body[:computed], raw=raw), found.end())
    value = unescaped(body, raw=raw)
    return Literal(value, value, found.end())


def unescaped(body: str, *, raw: bool) -> str:
    """The text that a literal stands for, as far as paths and commands go."""
    return body if raw or "\\" not in body else re.sub(r"\\(.)", _unescape, body, flags=re.DOTALL)


def _unescape(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(found[1], found[1])


def _blank_comment(found: re.Match[str]) -> str:
    comment = found["comment"]
    if comment is None:
        return found[0]
    return re.sub(r"[^\n]", " ", comment)
