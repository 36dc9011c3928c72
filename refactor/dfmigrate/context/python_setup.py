"""``setup.py`` and ``setup.cfg``, read as text: what stands there as plain literals, and nothing that is computed."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.requirement_file import requirement_name
from dfmigrate.context.source_text import Source, literal_at

_NATIVE = re.compile(r"\bext_modules\s*=|\bcythonize\(|\bcffi_modules\s*=|\brust_extensions\s*=|\bExtension\(")
_MAX_ITEMS = 500


@dataclass(frozen=True, slots=True)
class PythonSetup:
    """What an installation from this folder means, as far as the text shows."""

    paths: tuple[str, ...]
    """``setup.py`` and ``setup.cfg``, those that exist."""
    requires: frozenset[str] | None
    """Normalised names of ``install_requires``; None when they are computed."""
    scripts: Mapping[str, str] | None
    """Console scripts: name -> ``module:function``; None when they are computed."""
    native: bool
    """Whether ``setup.py`` compiles extensions."""
    includes_data: bool
    """Whether files beside the modules are installed too (``package_data``, ``include_package_data``)."""
    reads: tuple[str, ...]
    """Files beside it that ``setup.py`` names in a literal, as context paths: readme, version, requirements."""


@remembered
def python_setup(context: Context, folder: str = "") -> PythonSetup | None:
    """Read a folder; None when neither file is there, or one of them cannot be read."""
    paths = [posixpath.join(folder, name) for name in ("setup.py", "setup.cfg")]
    found = {path: context.read(path) for path in paths if path in context.files}
    if not found or None in found.values():
        return None
    code = Source(paths[0], "python", found.get(paths[0]) or "")
    config = _config(found.get(paths[1]) or "")
    if config is None:
        return None
    return PythonSetup(
        paths=tuple(found),
        requires=_requires(code, config),
        scripts=_scripts(code, config),
        native=_NATIVE.search(code.code) is not None,
        includes_data=re.search(r"\b(?:include_package_data|package_data|data_files)\s*=", code.code) is not None
        or "include_package_data" in config.get("options", {})
        or "options.package_data" in config,
        reads=tuple(dict.fromkeys(_reads(context, folder, code))),
    )


def _config(text: str) -> Mapping[str, Mapping[str, str]] | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _requires(code: Source, config: Mapping[str, Mapping[str, str]]) -> frozenset[str] | None:
    listed = list(_lines(config.get("options", {}).get("install_requires", "")))
    if any(line.startswith("file:") for line in listed):
        return None
    written = re.search(r"\binstall_requires\s*=\s*", code.code)
    if written is not None:
        more = _literals(code, written.end())
        if more is None:
            return None
        listed += more
    names = [requirement_name(text) for text in listed]
    return None if None in names else frozenset(name for name in names if name is not None)


def _scripts(code: Source, config: Mapping[str, Mapping[str, str]]) -> Mapping[str, str] | None:
    listed = list(_lines(config.get("options.entry_points", {}).get("console_scripts", "")))
    if re.search(r"\bentry_points\s*=", code.code):
        written = re.search(r"['\"]console_scripts['\"]\s*:\s*", code.code)
        more = [] if written is None else _literals(code, written.end())
        computed = re.search(r"\bentry_points\s*=\s*[\w(]", code.code) is not None
        if more is None or computed:
            return None
        listed += more
    pairs = (line.partition("=") for line in listed)
    return {name.strip(): target.strip() for name, equals, target in pairs if equals}


def _literals(code: Source, offset: int) -> list[str] | None:
    """The texts of a list or tuple that holds nothing but literals; None for anything else."""
    text = code.code
    if text[offset : offset + 1] not in ("[", "("):
        return None
    found: list[str] = []
    offset += 1
    while len(found) <= _MAX_ITEMS:
        offset += len(text[offset : offset + 2000]) - len(text[offset : offset + 2000].lstrip(", \t\r\n"))
        if text[offset : offset + 1] in ("]", ")"):
            return found
        literal = literal_at(text, offset, "python")
        if literal is None or literal.value is None:
            return None
        following = text[literal.end : literal.end + 2000].lstrip()[:1]
        if following not in (",", "]", ")"):
            return None
        found.append(literal.value)
        offset = literal.end
    return None


def _reads(context: Context, folder: str, code: Source) -> Iterator[str]:
    for _, text in code.literals:
        path = posixpath.normpath(posixpath.join(folder, text)) if 0 < len(text) < 200 else ""
        if path in context.files and not text.startswith("/"):
            yield path


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip() and not line.strip().startswith("#"))
