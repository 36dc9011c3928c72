"""``pyproject.toml``: PEP 621 and 735, and the tables of Poetry, PDM, uv, Hatch, Flit and setuptools."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import toml_file
from dfmigrate.context.parsing import mapping, strings, text_or_none, texts
from dfmigrate.context.remembered import remembered
from dfmigrate.context.requirement_file import normalised, requirement_name

_FROM_GIT = ("setuptools-scm", "setuptools-git-versioning", "versioneer", "hatch-vcs", "pbr", "versioningit", "dunamai")
_BACKENDS = {
    "poetry": "poetry",
    "pdm": "pdm",
    "hatchling": "hatch",
    "flit_core": "flit",
    "flit": "flit",
    "uv_build": "uv",
    "setuptools": "setuptools",
    "maturin": "maturin",
    "scikit_build_core": "scikit-build",
    "mesonpy": "meson",
    "pbr": "pbr",
}
_COMPILES = frozenset({"maturin", "scikit-build", "meson"})


@dataclass(frozen=True)
class Pyproject:
    """What ``pyproject.toml`` says. Names of distributions are normalised (PEP 503)."""

    path: str
    name: str | None
    requires_python: str | None
    build_backend: str | None
    """As written; ``backend`` says which tool that is."""
    build_requires: tuple[str, ...]
    dependencies: frozenset[str]
    """What is needed at run time."""
    groups: Mapping[str, frozenset[str]]
    """Dependency groups, development ones included; an optional dependency of ``extras`` is none of them."""
    extras: Mapping[str, frozenset[str]]
    path_dependencies: Mapping[str, str]
    """Dependencies on folders of the project, as written; ``workspace`` for a member of the same workspace."""
    git_dependencies: frozenset[str]
    """Dependencies that are fetched with a version control program."""
    scripts: Mapping[str, str]
    """Commands that an install creates: name -> ``module:function``."""
    dynamic: frozenset[str]
    tools: frozenset[str]
    """Tables under ``[tool]``."""
    files: tuple[str, ...]
    """Files that building the project reads: readme and licence."""
    installs_itself: bool | None
    """False when the tool is told to install dependencies only; None when that is left to its default."""
    package_folders: tuple[str, ...]
    """Folders and modules named as the packages to install, as written; empty when the backend looks for them."""
    package_data: tuple[str, ...]
    """Patterns of further files that a built package holds, as written."""
    members: tuple[str, ...]
    """Patterns of uv's workspace members."""

    @property
    def backend(self) -> str | None:
        """The tool that builds a wheel: ``poetry pdm hatch flit uv setuptools maturin ...``; None when not known."""
        if self.build_backend is None:
            # PEP 517: without a backend it is setuptools.
            return None if "poetry" in self.tools and not self.build_requires else "setuptools"
        return _BACKENDS.get(self.build_backend.partition(".")[0])

    @property
    def compiles(self) -> bool:
        """Whether building the project compiles native code by its backend's nature."""
        return self.backend in _COMPILES

    @property
    def version_from_git(self) -> bool:
        """Whether building the project may ask git for the version."""
        return any(name in _FROM_GIT for name in (*self.build_requires, *map(normalised, self.tools)))


@remembered
def pyproject_file(context: Context, path: str) -> Pyproject | None:
    """Read one file; None when it is not there or cannot be read."""
    document = toml_file(context, path)
    if document is None:
        return None
    project, build = mapping(document.get("project")), mapping(document.get("build-system"))
    tools = mapping(document.get("tool"))
    poetry, uv = mapping(tools.get("poetry")), mapping(tools.get("uv"))
    asked = [requirement_name(text) for text in strings(project.get("dependencies"))]
    asked += [normalised(name) for name, value in _poetry_main(poetry) if mapping(value).get("optional") is not True]
    return Pyproject(
        path=path,
        name=text_or_none(project.get("name")) or text_or_none(poetry.get("name")),
        requires_python=text_or_none(project.get("requires-python"))
        or text_or_none(mapping(poetry.get("dependencies")).get("python")),
        build_backend=text_or_none(build.get("build-backend")),
        build_requires=tuple(filter(None, map(requirement_name, strings(build.get("requires"))))),
        dependencies=frozenset(filter(None, asked)),
        groups=dict(_groups(document, tools)),
        extras=dict(_extras(project, poetry)),
        path_dependencies=dict(_path_dependencies(poetry, uv)),
        git_dependencies=frozenset(_git_dependencies(project, poetry, uv)),
        scripts={**texts(project.get("scripts")), **dict(_poetry_scripts(poetry))},
        dynamic=frozenset(strings(project.get("dynamic"))),
        tools=frozenset(tools),
        files=_referenced(project, poetry),
        installs_itself=_installs_itself(poetry, uv, mapping(tools.get("pdm"))),
        package_folders=tuple(dict.fromkeys(_package_folders(tools))),
        package_data=tuple(dict.fromkeys(_package_data(tools))),
        members=strings(mapping(uv.get("workspace")).get("members")),
    )


def workspace_members(context: Context, pyproject: Pyproject) -> tuple[str, ...] | None:
    """Folders of uv's workspace members with a manifest; None when the root excludes some, or cannot be read."""
    document = toml_file(context, pyproject.path)
    uv = mapping(mapping(mapping(document).get("tool")).get("uv"))
    if document is None or strings(mapping(uv.get("workspace")).get("exclude")):
        return None
    folder = posixpath.dirname(pyproject.path)
    found = {
        match
        for pattern in pyproject.members
        for match in context.matches(posixpath.join(folder, pattern))
        if posixpath.join(match, "pyproject.toml") in context.files
    }
    return tuple(sorted(found))


def _poetry_main(poetry: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in mapping(poetry.get("dependencies")).items():
        if name.lower() != "python":
            yield name, value


def _poetry_tables(poetry: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Poetry's development groups: the old table and the new ones."""
    if "dev-dependencies" in poetry:
        yield "dev", mapping(poetry["dev-dependencies"])
    for name, group in mapping(poetry.get("group")).items():
        yield name, mapping(mapping(group).get("dependencies"))


def _groups(document: Mapping[str, object], tools: Mapping[str, object]) -> Iterator[tuple[str, frozenset[str]]]:
    written = mapping(document.get("dependency-groups"))
    for name in written:
        yield name, frozenset(_pep_735(written, name))
    for name, table in _poetry_tables(mapping(tools.get("poetry"))):
        yield name, frozenset(map(normalised, table))
    for name, listed in mapping(mapping(tools.get("pdm")).get("dev-dependencies")).items():
        yield name, _names(listed)
    old = _names(mapping(tools.get("uv")).get("dev-dependencies"))
    if old and "dev" not in written:
        yield "dev", old


def _pep_735(groups: Mapping[str, object], name: str) -> Iterator[str]:
    """The names in a group and in those that it includes."""
    pending, seen = [name], {name}
    while pending:
        items = groups.get(pending.pop())
        for item in items if isinstance(items, list) else ():
            found = requirement_name(item) if isinstance(item, str) else None
            included = text_or_none(mapping(item).get("include-group"))
            if found is not None:
                yield found
            elif included is not None and included not in seen:
                seen.add(included)
                pending.append(included)


def _extras(project: Mapping[str, object], poetry: Mapping[str, object]) -> Iterator[tuple[str, frozenset[str]]]:
    for table in (poetry.get("extras"), project.get("optional-dependencies")):
        for name, listed in mapping(table).items():
            yield normalised(name), _names(listed)


def _names(value: object) -> frozenset[str]:
    return frozenset(name for text in strings(value) if (name := requirement_name(text)) is not None)


def _sources(uv: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """uv's sources; one name may have several, under different markers."""
    for name, value in mapping(uv.get("sources")).items():
        for item in value if isinstance(value, list) else [value]:
            yield name, mapping(item)


def _path_dependencies(poetry: Mapping[str, object], uv: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    tables = [mapping(poetry.get("dependencies")), *(table for _, table in _poetry_tables(poetry))]
    listed = [(name, mapping(value)) for table in tables for name, value in table.items()]
    for name, value in [*listed, *_sources(uv)]:
        path = text_or_none(value.get("path"))
        if path is not None:
            yield normalised(name), path
        elif value.get("workspace") is True:
            yield normalised(name), "workspace"


def _git_dependencies(
    project: Mapping[str, object], poetry: Mapping[str, object], uv: Mapping[str, object]
) -> Iterator[str]:
    for text in strings(project.get("dependencies")):
        name = requirement_name(text)
        if name is not None and any(f"{kind}+" in text for kind in ("git", "hg", "svn", "bzr")):
            yield name
    for name, value in [*((n, mapping(v)) for n, v in _poetry_main(poetry)), *_sources(uv)]:
        if "git" in value:
            yield normalised(name)


def _poetry_scripts(poetry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in mapping(poetry.get("scripts")).items():
        written = value if isinstance(value, str) else mapping(value).get("callable") or mapping(value).get("reference")
        if isinstance(written, str):
            yield name, written


def _referenced(project: Mapping[str, object], poetry: Mapping[str, object]) -> tuple[str, ...]:
    named = (
        project.get("readme"),
        mapping(project.get("readme")).get("file"),
        mapping(project.get("license")).get("file"),
        poetry.get("readme"),
    )
    return tuple(dict.fromkeys([*(text for text in named if isinstance(text, str)), *strings(poetry.get("readme"))]))


def _installs_itself(poetry: Mapping[str, object], uv: Mapping[str, object], pdm: Mapping[str, object]) -> bool | None:
    for given in (poetry.get("package-mode"), uv.get("package"), pdm.get("distribution")):
        if isinstance(given, bool):
            return given
    return None


def _package_folders(tools: Mapping[str, object]) -> Iterator[str]:
    poetry_packages = mapping(tools.get("poetry")).get("packages")
    for item in poetry_packages if isinstance(poetry_packages, list) else ():
        include = text_or_none(mapping(item).get("include"))
        if include is not None:
            yield posixpath.join(text_or_none(mapping(item).get("from")) or "", include)
    setuptools = mapping(tools.get("setuptools"))
    base = texts(setuptools.get("package-dir")).get("", "")
    for name in strings(setuptools.get("packages")):
        yield posixpath.join(base, name.replace(".", "/"))
    found = mapping(mapping(setuptools.get("packages")).get("find"))
    yield from strings(found.get("where"))
    yield from (posixpath.join(base, f"{name}.py") for name in strings(setuptools.get("py-modules")))
    wheel = mapping(mapping(mapping(mapping(tools.get("hatch")).get("build")).get("targets")).get("wheel"))
    yield from strings(wheel.get("packages"))
    flit = text_or_none(mapping(mapping(tools.get("flit")).get("module")).get("name"))
    if flit is not None:
        yield flit
    backend = mapping(mapping(tools.get("uv")).get("build-backend"))
    root, module = backend.get("module-root", "src"), text_or_none(backend.get("module-name"))
    if module is not None and isinstance(root, str):
        yield posixpath.join(root, module.replace(".", "/"))


def _package_data(tools: Mapping[str, object]) -> Iterator[str]:
    included = mapping(tools.get("poetry")).get("include")
    for item in included if isinstance(included, list) else ():
        path = item if isinstance(item, str) else text_or_none(mapping(item).get("path"))
        if path is not None:
            yield path
    for package, listed in mapping(mapping(tools.get("setuptools")).get("package-data")).items():
        for pattern in strings(listed):
            yield pattern if package in ("*", "") else posixpath.join(package.replace(".", "/"), pattern)
    hatch = mapping(mapping(tools.get("hatch")).get("build"))
    wheel = mapping(mapping(hatch.get("targets")).get("wheel"))
    for table in (hatch, wheel):
        yield from (path for key in ("include", "artifacts") for path in strings(table.get(key)))
        yield from mapping(table.get("force-include"))
    yield from strings(mapping(mapping(tools.get("pdm")).get("build")).get("includes"))
