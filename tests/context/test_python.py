from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.python import python_project
from dfmigrate.context.requirement_file import RequirementKind, requirement_file, requirement_files


@pytest.mark.parametrize(
    ("line", "name", "kind", "editable"),
    [
        ("Flask==2.0", "flask", RequirementKind.INDEX, False),
        ("zope.interface_x", "zope-interface-x", RequirementKind.INDEX, False),
        ("uvicorn[standard]>=0.2 ; python_version > '3'  # why", "uvicorn", RequirementKind.INDEX, False),
        ("requests==2 --hash=sha256:abc", "requests", RequirementKind.INDEX, False),
        ("-e .", None, RequirementKind.PATH, True),
        ("--editable=./lib", None, RequirementKind.PATH, True),
        ("./lib", None, RequirementKind.PATH, False),
        ("wheels/a-1.0-py3-none-any.whl", None, RequirementKind.PATH, False),
        ("git+https://example.org/a.git@main#egg=A_b", "a-b", RequirementKind.VERSION_CONTROL, False),
        ("a @ git+https://example.org/a.git", "a", RequirementKind.VERSION_CONTROL, False),
        ("a @ https://example.org/a.zip", "a", RequirementKind.URL, False),
        ("a[b] @ file:///x", "a", RequirementKind.PATH, False),
        (".[dev]", None, RequirementKind.PATH, False),
    ],
)
def test_one_requirement(line: str, name: str | None, kind: RequirementKind, editable: bool) -> None:
    file = requirement_file(Context.of({"requirements.txt": f"# first\n{line}\n"}), "requirements.txt")
    assert file is not None
    (found,) = file.requirements
    assert (found.name, found.kind, found.editable, found.place.line) == (name, kind, editable, 2)


def test_options_and_other_files() -> None:
    context = Context.of(
        {
            "requirements/prod.txt": (
                "-r base.txt\n--requirement=../common.txt\n-c constraints.txt\n-r https://example.org/x.txt\n"
                "--extra-index-url https://${TOKEN}@example.org/simple\n-i https://example.org\ndjango \\\n  ==4\n"
            ),
        }
    )
    file = requirement_file(context, "requirements/prod.txt")
    assert file is not None
    assert file.includes == ("requirements/base.txt", "common.txt")
    assert file.constraints == ("requirements/constraints.txt",)
    assert file.remote == ("https://example.org/x.txt",)
    assert file.options == ("--extra-index-url https://${TOKEN}@example.org/simple", "-i https://example.org")
    assert file.variables == {"TOKEN"}
    assert [requirement.target for requirement in file.requirements] == ["==4"]


def test_files_are_followed() -> None:
    texts = {"a.txt": "-r b.txt\n", "b.txt": "-r a.txt\n-c c.txt\nflask\n", "c.txt": "flask==1\n"}
    files = requirement_files(Context.of(texts), "a.txt")
    assert files is not None
    assert [file.path for file in files] == ["a.txt", "b.txt", "c.txt"]
    del texts["c.txt"]
    assert requirement_files(Context.of(texts), "a.txt") is None


def test_what_an_install_needs() -> None:
    context = Context.of({"requirements.txt": "-r base.txt\n", "base.txt": "flask\n", "dev-requirements.txt": "-e .\n"})
    project = python_project(context)
    assert project is not None
    assert project.needed_for("requirements.txt") == ("requirements.txt", "base.txt")
    assert project.needed_for("dev-requirements.txt") is None
    assert project.needed_for("missing.txt") is None
    assert [file.path for file in project.files] == ["dev-requirements.txt", "requirements.txt"]


def test_requirements_in_utf16() -> None:
    context = Context.of({"requirements.txt": ""})
    data = "flask==1\r\n".encode("utf-16")
    utf16 = Context(
        files=context.files,
        folders=frozenset(),
        dockerfile="Dockerfile",
        reader=lambda path, limit: data,
    )
    file = requirement_file(utf16, "requirements.txt")
    assert file is not None
    assert [requirement.name for requirement in file.requirements] == ["flask"]


def test_pyproject() -> None:
    project = python_project(
        Context.of(
            {
                "pyproject.toml": """
[build-system]
requires = ["setuptools>=61", "setuptools_scm[toml]"]
build-backend = "setuptools.build_meta"
[project]
name = "shop"
requires-python = ">=3.10"
readme = "README.md"
license = {file = "LICENSE"}
dynamic = ["version"]
dependencies = ["FastAPI>=0.1", "uvicorn[standard]"]
[project.scripts]
shop = "shop.cli:main"
[tool.uv.sources]
local = {path = "../local"}
[tool.ruff]
""",
                "uv.lock": "",
                ".python-version": "3.12.1\n",
            }
        )
    )
    assert project is not None
    assert project.pyproject is not None
    assert project.pyproject.dependencies == {"fastapi", "uvicorn"}
    assert project.pyproject.files == ("README.md", "LICENSE")
    assert project.pyproject.scripts == {"shop": "shop.cli:main"}
    assert project.pyproject.path_dependencies == {"local": "../local"}
    assert project.version_from_git
    assert project.frameworks == ("fastapi",)
    assert project.locks == {"uv.lock": "uv"}
    assert project.pinned_python == "3.12.1"
    assert project.manager == "uv"
    assert project.pyproject.backend == "setuptools"


def test_poetry() -> None:
    text = (
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\nDjango = "4"\nlib = {path = "lib"}\n'
    )
    project = python_project(Context.of({"pyproject.toml": text}))
    assert project is not None
    assert project.pyproject is not None
    assert project.pyproject.requires_python == "^3.9"
    assert project.names == {"django", "lib"}
    assert not project.version_from_git


def test_setup_that_asks_git() -> None:
    project = python_project(Context.of({"setup.py": "setup(use_scm_version=True, setup_requires=['setuptools_scm'])"}))
    assert project is not None
    assert project.version_from_git


def test_pipfile() -> None:
    project = python_project(Context.of({"Pipfile": '[packages]\nFlask = "*"\n[dev-packages]\npytest = "*"\n'}))
    assert project is not None
    assert project.names == {"flask"}


def test_no_python_here() -> None:
    assert python_project(Context.of({"index.js": "", "notes.txt": ""})) is None
    broken = python_project(Context.of({"pyproject.toml": "["}))
    assert broken is None
