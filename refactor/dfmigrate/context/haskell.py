"""A Haskell package: the programs that its ``.cabal`` file or ``package.yaml`` names, for cabal and Stack."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import yaml_file
from dfmigrate.context.remembered import remembered

_STANZA = re.compile(r"(?mi)^executable[ \t]+(\S+)")
_FIELD = r"(?mi)^[ \t]*{name}[ \t]*:[ \t]*((?:[^\n]*)(?:\n[ \t]+[^\n:]*(?=\n|\Z))*)"


@dataclass(frozen=True, slots=True)
class HaskellPackage:
    """One package."""

    path: str
    """The ``.cabal`` file, or ``package.yaml``."""
    executables: tuple[str, ...]
    data_files: tuple[str, ...]
    """Patterns of files that an installed program finds in a data folder, as written."""
    libraries: frozenset[str]
    """C libraries that are linked by name (``extra-libraries``, ``pkgconfig-depends``)."""
    stack: str | None
    """``stack.yaml``, where it exists."""
    manifests: tuple[str, ...]
    """The files that resolving and building dependencies reads."""


@remembered
def haskell_package(context: Context, folder: str = "") -> HaskellPackage | None:
    """Read a folder; None without a manifest that can be read. Of several ``.cabal`` files, Cabal itself takes none."""
    files = [path for path in context.children(folder) if path.endswith(".cabal")]
    hpack = posixpath.join(folder, "package.yaml")
    stack = posixpath.join(folder, "stack.yaml")
    names = ("package.yaml", "stack.yaml", "stack.yaml.lock", "cabal.project", "cabal.project.freeze", "Setup.hs")
    beside = [path for name in names if (path := posixpath.join(folder, name)) in context.files]
    text = context.read(files[0]) if len(files) == 1 else None
    if text is not None:
        programs, data, libraries = tuple(_STANZA.findall(text)), _field(text, "data-files"), _libraries(text)
    else:
        document = yaml_file(context, hpack)
        if document is None:
            return None
        listed = document.get("executables")
        programs = tuple(listed) if isinstance(listed, dict) else ()
        data, libraries = _strings(document.get("data-files")), frozenset(_strings(document.get("extra-libraries")))
    return HaskellPackage(
        path=files[0] if text is not None else hpack,
        executables=tuple(dict.fromkeys(programs)),
        data_files=tuple(dict.fromkeys(data)),
        libraries=libraries,
        stack=stack if stack in context.files else None,
        manifests=tuple(sorted({*files, *beside})),
    )


def _libraries(text: str) -> frozenset[str]:
    words = (*_field(text, "extra-libraries"), *_field(text, "pkgconfig-depends"))
    return frozenset(word for word in words if not re.match(r"[<>=&|\d]", word))


def _field(text: str, name: str) -> tuple[str, ...]:
    return tuple(_words(re.findall(_FIELD.format(name=re.escape(name)), text)))


def _words(values: list[str]) -> Iterator[str]:
    for value in values:
        plain = re.sub(r"(?m)^\s*--.*$", "", value)
        yield from (word for word in re.split(r"[\s,]+", plain) if word)


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
