from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.python import python_project
from dfmigrate.context.python_lock import PythonLock, python_lock
from dfmigrate.context.requirement_file import RequirementKind


def lock(path: str, **texts: str) -> PythonLock:
    named = {name.replace("_lock", ".lock").replace("_toml", ".toml"): text for name, text in texts.items()}
    found = python_lock(Context.of(named), path)
    assert found is not None
    return found


POETRY_2 = """
[[package]]
name = "Flask"
version = "3.0"
optional = false
groups = ["main", "dev"]
[[package]]
name = "psycopg2"
version = "2.9"
optional = true
groups = ["main"]
[[package]]
name = "pytest"
version = "8.0"
optional = false
groups = ["dev"]
[[package]]
name = "lib"
version = "0.1"
optional = false
groups = ["main"]
develop = true
[package.source]
type = "directory"
url = "../lib"
[metadata]
lock-version = "2.1"
"""


def test_poetry_lists_groups() -> None:
    found = lock("poetry.lock", poetry_lock=POETRY_2)
    assert found.runtime == {"flask", "lib"}
    assert found.all == {"flask", "lib", "psycopg2", "pytest"}
    assert found.version("FLASK") == "3.0"
    (local,) = found.local
    assert (local.name, local.location) == ("lib", "../lib")


POETRY_1 = """
[[package]]
name = "celery"
version = "5.0"
optional = false
[package.dependencies]
kombu = ">=5"
redis = {version = ">=4", optional = true, markers = "extra == \\"redis\\""}
tzdata = [{version = "*", markers = "a"}, {version = ">1", markers = "b"}]
[package.extras]
redis = ["redis (>=4)"]
[[package]]
name = "kombu"
version = "5.1"
[[package]]
name = "redis"
version = "4.0"
[[package]]
name = "tzdata"
version = "2024"
[[package]]
name = "pytest"
version = "8.0"
"""


@pytest.mark.parametrize(
    ("asked", "runtime"),
    [
        ('"^5"', {"celery", "kombu", "tzdata"}),
        ('{version = "^5", extras = ["redis"]}', {"celery", "kombu", "redis", "tzdata"}),
    ],
)
def test_poetry_before_groups_were_written_is_walked(asked: str, runtime: set[str]) -> None:
    manifest = (
        f'[tool.poetry.dependencies]\npython = "^3.9"\ncelery = {asked}\n[tool.poetry.dev-dependencies]\npytest = "*"\n'
    )
    assert lock("poetry.lock", poetry_lock=POETRY_1, pyproject_toml=manifest).runtime == runtime
    assert lock("poetry.lock", poetry_lock=POETRY_1).runtime is None
    missing = manifest.replace("celery", "absent")
    assert lock("poetry.lock", poetry_lock=POETRY_1, pyproject_toml=missing).runtime is None


UV = """
version = 1
[[package]]
name = "shop"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "uvicorn", extra = ["standard"] }, { name = "tool", marker = "sys_platform == 'linux'" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[[package]]
name = "uvicorn"
version = "0.3"
source = { registry = "https://example.org/simple" }
[package.optional-dependencies]
standard = [{ name = "httptools" }]
watch = [{ name = "watchfiles" }]
[[package]]
name = "httptools"
version = "0.6"
[[package]]
name = "watchfiles"
version = "1"
[[package]]
name = "tool"
version = "1"
source = { git = "https://example.org/tool.git#abc" }
[[package]]
name = "pytest"
version = "8"
"""


def test_uv_is_walked_from_the_project() -> None:
    found = lock("uv.lock", uv_lock=UV, pyproject_toml='[project]\nname = "Shop"\n')
    assert found.runtime == {"shop", "uvicorn", "httptools", "tool"}
    kinds = {package.name: package.kind for package in found.packages}
    assert kinds["tool"] is RequirementKind.VERSION_CONTROL
    assert kinds["uvicorn"] is RequirementKind.INDEX
    assert [(package.name, package.editable) for package in found.local] == [("shop", True)]


def test_pdm_lists_groups() -> None:
    text = (
        '[[package]]\nname = "flask"\nversion = "3"\ngroups = ["default"]\n'
        '[[package]]\nname = "pytest"\nversion = "8"\ngroups = ["dev"]\n'
    )
    assert lock("pdm.lock", pdm_lock=text).runtime == {"flask"}
    assert lock("pdm.lock", pdm_lock='[[package]]\nname = "flask"\n').runtime is None


def test_pipenv() -> None:
    text = json.dumps(
        {
            "default": {"Flask": {"version": "==3.0"}, "own": {"path": ".", "editable": True}},
            "develop": {"pytest": {"version": "==8.0"}, "a": {"git": "https://example.org/a.git", "ref": "x"}},
        }
    )
    found = lock("Pipfile.lock", Pipfile_lock=text)
    assert found.runtime == {"flask", "own"}
    assert found.version("flask") == "3.0"
    assert [(package.name, package.kind.name) for package in found.packages if package.location] == [
        ("a", "VERSION_CONTROL"),
        ("own", "PATH"),
    ]


def test_the_project_finds_its_lock_file() -> None:
    project = python_project(Context.of({"poetry.lock": POETRY_2, "poetry.toml": "[virtualenvs]\nin-project = true\n"}))
    assert project is not None
    assert project.lock is not None
    assert project.manager == "poetry"
    assert project.environment_in_project is True
    two = python_project(Context.of({"poetry.lock": POETRY_2, "uv.lock": UV}))
    assert two is not None
    assert (two.manager, two.lock) == (None, None)


def test_a_member_of_a_workspace_has_the_lock_file_of_its_root() -> None:
    lock = UV + '[[package]]\nname = "root"\nversion = "1"\nsource = { virtual = "." }\n'
    context = Context.of(
        {
            "pyproject.toml": '[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["apps/*"]\n',
            "uv.lock": lock.replace('editable = "."', 'editable = "apps/shop"'),
            "apps/shop/pyproject.toml": '[project]\nname = "shop"\n',
        }
    )
    project = python_project(context, "apps/shop")
    assert project is not None
    assert (project.workspace, project.manager) == ("", "uv")
    assert project.lock is not None
    assert project.lock.runtime == {"shop", "uvicorn", "httptools", "tool"}
    root = python_project(context)
    assert root is not None
    assert root.lock is not None
    assert root.lock.runtime == {"root"}


def test_what_other_systems_alone_have_is_told() -> None:
    lock = """
[[package]]
name = "pywin32"
version = "306"
files = [{file = "pywin32-306-cp310-cp310-win32.whl"}, {file = "pywin32-306-cp310-cp310-win_amd64.whl"}]
[[package]]
name = "built"
version = "1"
files = [{file = "built-1-cp310-cp310-win_amd64.whl"}, {file = "built-1.tar.gz"}]
[[package]]
name = "everywhere"
version = "1"
files = [{file = "everywhere-1-cp310-cp310-win_amd64.whl"}, {file = "everywhere-1-cp310-cp310-linux_x86_64.whl"}]
[[package]]
name = "unlisted"
version = "1"
"""
    found = python_lock(Context.of({"poetry.lock": lock}), "poetry.lock")
    assert found is not None
    assert [package.name for package in found.packages if package.is_foreign] == ["pywin32"]
    uv = """
[[package]]
name = "a"
version = "1"
sdist = { url = "https://x/a-1.tar.gz" }
wheels = [{ url = "https://x/a-1-cp310-cp310-win32.whl" }]
"""
    other = python_lock(Context.of({"uv.lock": uv}), "uv.lock")
    assert other is not None
    assert not other.packages[0].is_foreign
