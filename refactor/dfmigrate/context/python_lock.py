"""Lock files of Python's package managers: every distribution that they pin, and those that run time needs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import json_file, toml_file
from dfmigrate.context.parsing import mapping, strings, text_or_none
from dfmigrate.context.pyproject import pyproject_file
from dfmigrate.context.remembered import remembered
from dfmigrate.context.requirement_file import RequirementKind, normalised

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One distribution. ``name`` is normalised."""

    name: str
    version: str | None
    kind: RequirementKind
    location: str | None
    """The path as written, or the URL; None for what comes from an index."""
    editable: bool = False
    wheels: tuple[str, ...] = ()
    """The file names of its wheels, where the lock file lists them."""
    has_source: bool = True
    """Whether it may also be built from a source archive; False only where the lock file lists all files."""

    @property
    def is_pure(self) -> bool:
        """Whether a wheel is listed that fits every platform: no native code is built, or needed."""
        return any(name.endswith("-none-any.whl") and "py3" in name for name in self.wheels)

    @property
    def is_foreign(self) -> bool:
        """Whether it only exists for other systems than Linux, so that a marker keeps it from being installed there."""
        return bool(self.wheels) and not self.has_source and all(_FOREIGN.search(name) for name in self.wheels)


_FOREIGN = re.compile(r"-(win32|win_\w+|macosx_\w+)\.whl\Z")


@dataclass(frozen=True, slots=True)
class PythonLock:
    """One lock file. ``tool`` is ``poetry``, ``pdm``, ``uv`` or ``pipenv``."""

    tool: str
    path: str
    packages: tuple[LockedPackage, ...]
    """All of them, sorted; a name stands there twice when the version depends on the platform."""
    runtime: frozenset[str] | None
    """Names that an install without development groups and extras brings, on any platform; None when not told."""

    @property
    def all(self) -> frozenset[str]:
        return frozenset(package.name for package in self.packages)

    def version(self, name: str) -> str | None:
        """The one version that is pinned; None for none or several."""
        found = {package.version for package in self.packages if package.name == normalised(name)}
        return found.pop() if len(found) == 1 else None

    @property
    def local(self) -> tuple[LockedPackage, ...]:
        """Those that an install takes from folders or files of the project, itself included."""
        return tuple(package for package in self.packages if package.kind is RequirementKind.PATH)


@remembered
def python_lock(context: Context, path: str, folder: str | None = None) -> PythonLock | None:
    """Read a lock file by its name; None when it is of no known kind or cannot be read.

    ``folder`` is the project whose dependencies count as those of run time: that of the lock file, or a member's.
    """
    name = posixpath.basename(path)
    if name == "Pipfile.lock":
        document = json_file(context, path)
        return None if document is None else _pipenv(path, document)
    reader = {"poetry.lock": _poetry, "pdm.lock": _pdm, "uv.lock": _uv}.get(name)
    document = None if reader is None else toml_file(context, path)
    if document is None or reader is None:
        return None
    listed = document.get("package")
    where = posixpath.dirname(path) if folder is None else folder
    manifest = posixpath.join(where, "pyproject.toml")
    return reader(context, path, manifest, [mapping(item) for item in listed] if isinstance(listed, list) else [])


def _pipenv(path: str, document: Table) -> PythonLock:
    runtime = {normalised(name) for name in mapping(document.get("default"))}
    packages = [
        _pipenv_package(name, mapping(entry))
        for section in ("default", "develop")
        for name, entry in mapping(document.get(section)).items()
    ]
    return PythonLock("pipenv", path, _sorted(packages), frozenset(runtime))


def _pipenv_package(name: str, entry: Table) -> LockedPackage:
    version = text_or_none(entry.get("version"))
    return _package(name, version.removeprefix("==") if version else None, entry)


def _poetry(context: Context, path: str, where: str, listed: list[Table]) -> PythonLock:
    packages = [_named(entry, mapping(entry.get("source"))) for entry in listed]
    # Poetry up to 1.1 listed the files apart.
    apart = mapping(mapping((toml_file(context, path) or {}).get("metadata")).get("files"))
    packages = [
        replace(package, wheels=package.wheels or _wheels(named.get(package.name)))
        for named in ({normalised(name): files for name, files in apart.items()},)
        for package in packages
    ]
    main = {normalised(_name(entry)) for entry in listed if _in_main(entry)}
    told = all("groups" in entry or "category" in entry for entry in listed)
    runtime = frozenset(main) if told else _walked_from_manifest(context, where, listed)
    return PythonLock("poetry", path, _sorted(packages), runtime)


def _in_main(entry: Table) -> bool:
    """Poetry 2 lists the groups; Poetry up to 1.4 wrote a category. Optional packages belong to extras."""
    in_main = "main" in strings(entry.get("groups")) or entry.get("category") == "main"
    return in_main and entry.get("optional") is not True


def _pdm(context: Context, path: str, where: str, listed: list[Table]) -> PythonLock:
    packages = [_named(entry, entry) for entry in listed]
    main = frozenset(normalised(_name(entry)) for entry in listed if "default" in strings(entry.get("groups")))
    told = bool(listed) and all("groups" in entry for entry in listed)
    return PythonLock("pdm", path, _sorted(packages), main if told else None)


def _uv(context: Context, path: str, where: str, listed: list[Table]) -> PythonLock:
    packages = [_named(entry, mapping(entry.get("source"))) for entry in listed]
    roots = [entry for entry in listed if {"virtual", "editable"} & set(mapping(entry.get("source")))]
    manifest = pyproject_file(context, where)
    if manifest is not None and manifest.name is not None:
        own = [entry for entry in roots if normalised(_name(entry)) == normalised(manifest.name)]
        roots = own or roots
    if not roots:
        return PythonLock("uv", path, _sorted(packages), None)
    runtime = _walk(listed, [(normalised(_name(root)), frozenset()) for root in roots], _uv_needs)
    # The project itself is no dependency of its own; other members of the workspace are.
    return PythonLock("uv", path, _sorted(packages), runtime)


def _walked_from_manifest(context: Context, where: str, listed: list[Table]) -> frozenset[str] | None:
    """Poetry 1.5 to 1.8 say of no package which group it belongs to; the manifest's own dependencies tell."""
    manifest, document = pyproject_file(context, where), toml_file(context, where)
    if manifest is None or document is None:
        return None
    table = mapping(mapping(mapping(document.get("tool")).get("poetry")).get("dependencies"))
    extras = {normalised(name): strings(mapping(value).get("extras")) for name, value in table.items()}
    roots = [(name, frozenset(map(normalised, extras.get(name, ())))) for name in sorted(manifest.dependencies)]
    return _walk(listed, roots, _poetry_needs)


Need = tuple[str, frozenset[str]]


def _walk(listed: list[Table], roots: Iterable[Need], needs: object) -> frozenset[str] | None:
    """Names reached from the roots, over every marker; None when one of them is not in the lock file."""
    assert callable(needs)
    entries: dict[str, list[Table]] = {}
    for entry in listed:
        entries.setdefault(normalised(_name(entry)), []).append(entry)
    done: set[Need] = set()
    pending = list(roots)
    while pending:
        need = pending.pop()
        if need in done:
            continue
        done.add(need)
        name, extras = need
        if name not in entries:
            return None
        pending.extend(found for entry in entries[name] for found in needs(entry, extras))
    return frozenset(name for name, _ in done)


def _poetry_needs(entry: Table, extras: frozenset[str]) -> list[Need]:
    found: list[Need] = []
    optional = {
        normalised(text.partition(" ")[0].partition("[")[0])
        for name, listed in mapping(entry.get("extras")).items()
        if normalised(name) in extras
        for text in strings(listed)
    }
    for name, value in mapping(entry.get("dependencies")).items():
        variants = [mapping(item) for item in value] if isinstance(value, list) else [mapping(value)]
        if all(item.get("optional") is True for item in variants) and normalised(name) not in optional:
            continue
        wanted = frozenset(normalised(extra) for item in variants for extra in strings(item.get("extras")))
        found.append((normalised(name), wanted))
    return found


def _uv_needs(entry: Table, extras: frozenset[str]) -> list[Need]:
    listed = entry.get("dependencies")
    items = list(listed) if isinstance(listed, list) else []
    for name, more in mapping(entry.get("optional-dependencies")).items():
        if normalised(name) in extras and isinstance(more, list):
            items += more
    return [
        (normalised(_name(mapping(item))), frozenset(map(normalised, strings(mapping(item).get("extra")))))
        for item in items
    ]


def _named(entry: Table, source: Table) -> LockedPackage:
    listed = entry.get("wheels") or entry.get("files")
    wheels = _wheels(listed)
    archives = "sdist" in entry or not isinstance(listed, list) or len(listed) > len(wheels)
    found = _package(_name(entry), text_or_none(entry.get("version")), source)
    return replace(found, wheels=wheels, has_source=archives)


def _wheels(listed: object) -> tuple[str, ...]:
    """The wheels among the files of a package: Poetry and PDM say their names, uv their addresses."""
    items = [mapping(item) for item in listed] if isinstance(listed, list) else []
    names = [text_or_none(item.get("file")) or text_or_none(item.get("url")) or "" for item in items]
    return tuple(
        name for name in (name.partition("#")[0].rpartition("/")[2] for name in names) if name.endswith(".whl")
    )


def _package(name: str, version: str | None, source: Table) -> LockedPackage:
    """``source`` in the words of any of the four: a table whose keys, or whose ``type``, say where it comes from."""
    kind, url = text_or_none(source.get("type")), text_or_none(source.get("url"))
    git = text_or_none(source.get("git")) or (url if kind == "git" else None)
    for key in ("path", "directory", "editable", "virtual", "file"):
        local = text_or_none(source.get(key)) or (url if kind == key else None)
        if local is not None and "://" not in local:
            editable = key == "editable" or source.get("editable") is True or source.get("develop") is True
            return LockedPackage(normalised(name), version, RequirementKind.PATH, local, editable)
    if git is not None:
        return LockedPackage(normalised(name), version, RequirementKind.VERSION_CONTROL, git)
    if url is not None and kind in (None, "url"):
        return LockedPackage(normalised(name), version, RequirementKind.URL, url)
    return LockedPackage(normalised(name), version, RequirementKind.INDEX, None)


def _name(entry: Table) -> str:
    return text_or_none(entry.get("name")) or ""


def _sorted(packages: list[LockedPackage]) -> tuple[LockedPackage, ...]:
    return tuple(sorted(set(packages), key=lambda package: (package.name, package.version or "")))
