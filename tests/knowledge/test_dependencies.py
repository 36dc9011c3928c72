from __future__ import annotations

import pytest

from dfmigrate.knowledge.dependencies import DependencyFacts, dependency, normal_name
from dfmigrate.knowledge.packages import in_base, runtime_packages


def known(ecosystem: str, name: str) -> DependencyFacts:
    facts = dependency(ecosystem, name)
    assert facts is not None, name
    return facts


@pytest.mark.parametrize(
    "name",
    [
        "flask",
        "Flask_SQLAlchemy",
        "uvicorn[standard]",
        "numpy",
        "psycopg2-binary",
        "lxml",
        "backports.zoneinfo",
        "black",
        "CherryPy",
    ],
)
def test_self_contained_python_packages(name: str) -> None:
    assert known("pypi", name).kind == "self-contained"
    assert not known("pypi", name).packages


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("psycopg2", "libpq5"),
        ("mysqlclient", "libmariadb3"),
        ("python-magic", "libmagic1"),
        ("opencv-python", "libgl1"),
        ("weasyprint", "libpango-1.0-0"),
        ("lightgbm", "libgomp1"),
        ("GitPython", "git"),
    ],
)
def test_python_packages_that_need_the_system(name: str, package: str) -> None:
    assert package in known("pypi", name).packages["debian"]


@pytest.mark.parametrize(
    ("name", "package"),
    [("prisma", "openssl"), ("gm", "imagemagick"), ("simple-git", "git"), ("canvas", "libcairo2"), ("pm2", "procps")],
)
def test_npm_packages_that_need_the_system(name: str, package: str) -> None:
    assert package in known("npm", name).packages["debian"]


def test_npm_packages_with_binaries_of_their_own() -> None:
    for name in ("bcrypt", "sharp", "better-sqlite3", "sqlite3"):
        assert known("npm", name).kind == "self-contained"


def test_what_cannot_be_named_says_so() -> None:
    assert known("npm", "puppeteer").unresolved
    assert known("pypi", "playwright").unresolved
    assert known("pypi", "pytensor").compiles_at_runtime
    assert known("go", "github.com/godror/godror").unresolved


def test_go_modules_are_found_by_the_start_of_their_path() -> None:
    assert known("go", "github.com/mattn/go-sqlite3").cgo
    assert not known("go", "github.com/jackc/pgx/v5").cgo
    assert dependency("go", "github.com/mattn/other") is None


def test_what_is_not_known_is_none() -> None:
    assert dependency("pypi", "a-package-of-our-own") is None
    assert dependency("cobol", "flask") is None


def test_headers_that_a_build_without_a_wheel_uses_are_known() -> None:
    for name in ("lxml", "pillow", "pyyaml", "cryptography"):
        for package in known("pypi", name).built_with:
            for release in ("bullseye", "bookworm", "trixie"):
                assert runtime_packages("debian", release, package), package


def test_tools_are_not_in_the_minimal_image() -> None:
    assert in_base("debian", "slim", known("pypi", "gitpython").programs[0]) is False


def test_names_are_normalised_as_pypi_does() -> None:
    assert normal_name("Zope.Interface[test] ") == "zope-interface"
