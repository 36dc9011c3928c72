"""pip's requirement files: what each line asks for, and which other files it brings in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from dfmigrate.context.build_context import Context
from dfmigrate.context.evidence import Place

_MAX_FILES = 64

_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_VERSION_CONTROL = ("git+", "hg+", "svn+", "bzr+")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tgz", ".tar.bz2")
_FILE_OPTIONS = {
    "-r": "requirements",
    "--requirement": "requirements",
    "-c": "constraints",
    "--constraint": "constraints",
}


class RequirementKind(Enum):
    """Where pip gets a requirement from."""

    INDEX = "index"
    PATH = "path"
    VERSION_CONTROL = "version control"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement. ``name`` is normalised (PEP 503); None when the line does not tell it."""

    name: str | None
    kind: RequirementKind
    editable: bool
    target: str
    """The version specifier and marker, or the path or URL, as written."""
    place: Place


@dataclass(frozen=True, slots=True)
class RequirementFile:
    """One file; ``includes`` are context paths. Files brought in are read on their own."""

    path: str
    requirements: tuple[Requirement, ...]
    includes: tuple[str, ...]
    """Other requirement files (``-r``)."""
    constraints: tuple[str, ...]
    """Constraint files (``-c``)."""
    remote: tuple[str, ...]
    """Requirement or constraint files that are URLs or lie outside the context."""
    options: tuple[str, ...]
    """Options for the whole file, as written: ``--extra-index-url https://...``."""
    variables: frozenset[str] = field(default=frozenset())
    """Environment variables that pip replaces: ``${TOKEN}``."""

    @property
    def needs_source(self) -> bool:
        """Whether an install reads more of the context than requirement files."""
        return any(requirement.kind is RequirementKind.PATH for requirement in self.requirements) or any(
            option.startswith(("-f ", "--find-links")) and "://" not in option for option in self.options
        )


def requirement_file(context: Context, path: str) -> RequirementFile | None:
    """Read one requirement or constraint file; None when it is not there or not text."""
    text = context.read(path)
    if text is None:
        return None
    requirements: list[Requirement] = []
    others: dict[str, list[str]] = {"requirements": [], "constraints": [], "remote": []}
    options: list[str] = []
    for number, line in _logical_lines(text):
        option, value = _option(line)
        if option in _FILE_OPTIONS:
            target = _beside(path, value)
            others["remote" if target is None else _FILE_OPTIONS[option]].append(target or value)
        elif option in ("-e", "--editable"):
            requirements.append(_requirement(value, True, Place(path, number)))
        elif option is not None:
            options.append(line)
        else:
            requirements.append(_requirement(line, False, Place(path, number)))
    return RequirementFile(
        path=path,
        requirements=tuple(requirements),
        includes=tuple(others["requirements"]),
        constraints=tuple(others["constraints"]),
        remote=tuple(others["remote"]),
        options=tuple(options),
        variables=frozenset(re.findall(r"\$\{([A-Z0-9_]+)\}", text)),
    )


def requirement_files(context: Context, path: str) -> tuple[RequirementFile, ...] | None:
    """A requirement file and every file it brings in; None when one of them cannot be read."""
    found: dict[str, RequirementFile] = {}
    pending = [path]
    while pending:
        current = pending.pop(0)
        if current in found:
            continue
        file = requirement_file(context, current)
        if file is None or len(found) >= _MAX_FILES:
            return None
        found[current] = file
        pending += [*file.includes, *file.constraints]
    return tuple(found.values())


def normalised(name: str) -> str:
    """A distribution's name in the one spelling that PEP 503 defines."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(text: str) -> str | None:
    """The normalised name at the start of a PEP 508 requirement."""
    found = _NAME.match(text.strip())
    return None if found is None else normalised(found[1])


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, joined over backslashes, with the number of their first line."""
    joined = ""
    start = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        start = start or number
        # A comment line ends a continuation, as in pip.
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            joined += line[:-1].strip(" ") + " "
            continue
        whole = re.sub(r"(^|\s+)#.*$", "", joined + line).strip()
        if whole:
            yield start, whole
        joined, start = "", 0
    if joined.strip():
        yield start, joined.strip()


def _option(line: str) -> tuple[str | None, str]:
    found = re.match(r"(--[a-z][a-z-]*|-[a-zA-Z])(?:\s*=\s*|\s+|)(.*)", line)
    return (None, line) if found is None else (found[1], found[2].strip().strip("\"'"))


def _requirement(text: str, editable: bool, place: Place) -> Requirement:
    bare = re.split(r"\s--?[a-z]", text, maxsplit=1)[0].strip()
    named = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*@\s*(\S.*)", bare)
    name = normalised(named[1]) if named else None
    target = named[2] if named else bare
    if target.startswith(_VERSION_CONTROL):
        egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", target)
        name = name or (normalised(egg[1]) if egg else None)
        return Requirement(name, RequirementKind.VERSION_CONTROL, editable, target, place)
    if re.match(r"[a-z]+://", target) and not target.startswith("file:"):
        return Requirement(name, RequirementKind.URL, editable, target, place)
    if editable or _is_path(target):
        return Requirement(name, RequirementKind.PATH, editable, target, place)
    found = _NAME.match(bare)
    if found is None:
        return Requirement(None, RequirementKind.PATH, editable, bare, place)
    return Requirement(normalised(found[1]), RequirementKind.INDEX, editable, found[2].strip(), place)


def _is_path(target: str) -> bool:
    before_marker = target.partition(";")[0].strip()
    return before_marker.startswith((".", "/", "file:")) or "/" in before_marker or before_marker.endswith(_ARCHIVES)


def _beside(path: str, other: str) -> str | None:
    """Another file as named from this one; None when it is remote or outside the context."""
    if "://" in other or other.startswith("/"):
        return None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
    return None if target.startswith("..") else target
