from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.pyproject import Pyproject, pyproject_file, workspace_members


def read(text: str) -> Pyproject:
    found = pyproject_file(Context.of({"pyproject.toml": text}), "pyproject.toml")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("backend", "name", "compiles"),
    [
        ("poetry.core.masonry.api", "poetry", False),
        ("pdm.backend", "pdm", False),
        ("hatchling.build", "hatch", False),
        ("flit_core.buildapi", "flit", False),
        ("setuptools.build_meta:__legacy__", "setuptools", False),
        ("uv_build", "uv", False),
        ("maturin", "maturin", True),
        ("company.build", None, False),
    ],
)
def test_the_backend(backend: str, name: str | None, compiles: bool) -> None:
    found = read(f'[build-system]\nrequires = []\nbuild-backend = "{backend}"\n')
    assert (found.backend, found.compiles) == (name, compiles)


def test_groups_include_each_other() -> None:
    found = read(
        '[dependency-groups]\ntest = ["pytest>=8", {include-group = "lint"}]\n'
        'lint = ["ruff", {include-group = "test"}]\n[tool.poetry.group.docs.dependencies]\nMkDocs = "*"\n'
        '[tool.pdm.dev-dependencies]\ndev = ["tox"]\n[tool.poetry.dev-dependencies]\nblack = "*"\n'
    )
    assert found.groups["test"] == {"pytest", "ruff"}
    assert found.groups["docs"] == {"mkdocs"}
    assert found.groups["dev"] == {"tox"}


def test_groups_that_include_each_other_many_times_end() -> None:
    names = [f"g{number}" for number in range(60)]
    every = ", ".join(f'{{include-group = "{name}"}}' for name in names)
    assert (
        read("[dependency-groups]\n" + "".join(f"{name} = [{every}]\n" for name in names)).groups["g0"] == frozenset()
    )


def test_poetry() -> None:
    found = read(
        '[tool.poetry]\nname = "shop"\npackage-mode = false\n'
        'packages = [{include = "shop", from = "src"}]\ninclude = ["shop/templates/*", {path = "LICENSE"}]\n'
        '[tool.poetry.dependencies]\npython = "^3.9"\ndjango = "4"\npsycopg2 = {version = "2", optional = true}\n'
        'tool = {git = "https://example.org/tool"}\n[tool.poetry.extras]\npg = ["psycopg2"]\n'
        '[tool.poetry.scripts]\nshop = "shop.cli:main"\nother = {callable = "shop.cli:other", extras = []}\n'
    )
    assert found.dependencies == {"django", "tool"}
    assert found.extras == {"pg": {"psycopg2"}}
    assert found.git_dependencies == {"tool"}
    assert found.installs_itself is False
    assert found.package_folders == ("src/shop",)
    assert found.package_data == ("shop/templates/*", "LICENSE")
    assert found.scripts == {"shop": "shop.cli:main", "other": "shop.cli:other"}


def test_packages_and_data_of_the_other_backends() -> None:
    setuptools = read(
        '[tool.setuptools]\npackages = ["shop", "shop.web"]\npackage-dir = {"" = "src"}\npy-modules = ["one"]\n'
        '[tool.setuptools.package-data]\n"shop.web" = ["*.html"]\n'
    )
    assert setuptools.package_folders == ("src/shop", "src/shop/web", "src/one.py")
    assert setuptools.package_data == ("shop/web/*.html",)
    assert read('[tool.setuptools.packages.find]\nwhere = ["lib"]\n').package_folders == ("lib",)
    hatch = read(
        '[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]\nartifacts = ["*.so"]\n'
        '[tool.hatch.build.targets.wheel.force-include]\n"static" = "shop/static"\n'
    )
    assert (hatch.package_folders, hatch.package_data) == (("src/shop",), ("*.so", "static"))
    assert read('[tool.flit.module]\nname = "shop"\n').package_folders == ("shop",)
    assert read('[tool.uv.build-backend]\nmodule-name = "a.b"\nmodule-root = ""\n').package_folders == ("a/b",)


def test_uv_workspaces_and_sources() -> None:
    text = (
        '[project]\nname = "root"\ndependencies = ["one", "two @ git+https://example.org/two"]\n'
        '[tool.uv]\npackage = true\ndev-dependencies = ["pytest"]\n[tool.uv.workspace]\nmembers = ["packages/*"]\n'
        '[tool.uv.sources]\none = {workspace = true}\nthree = {git = "https://example.org/three"}\n'
        'four = [{path = "four", marker = "a"}, {index = "b"}]\n'
    )
    context = Context.of({"pyproject.toml": text, "packages/one/pyproject.toml": "", "packages/notes/a.txt": ""})
    found = pyproject_file(context, "pyproject.toml")
    assert found is not None
    assert found.path_dependencies == {"one": "workspace", "four": "four"}
    assert found.git_dependencies == {"two", "three"}
    assert found.groups == {"dev": {"pytest"}}
    assert found.installs_itself is True
    assert workspace_members(context, found) == ("packages/one",)
