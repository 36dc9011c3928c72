from __future__ import annotations

import os
from pathlib import Path

import pytest

from dfmigrate.context import Context, disk, read_context


def test_what_is_ignored_is_not_there() -> None:
    context = Context.of({".dockerignore": "dist\n*.md\n", "dist/a.js": "", "README.md": "", "src/a.ts": "x"})
    assert tuple(context.files) == (".dockerignore", "src/a.ts")
    assert context.is_ignored("dist/other.js")
    assert not context.exists("dist")
    assert context.read("README.md") is None
    assert context.read("src/a.ts") == "x"


def test_the_ignore_file_of_the_dockerfile_wins() -> None:
    texts = {".dockerignore": "a", "prod.Dockerfile.dockerignore": "b", "a": "", "b": ""}
    assert Context.of(texts, dockerfile="prod.Dockerfile").exists("a")
    assert not Context.of(texts).exists("a")


def test_children_are_paths() -> None:
    context = Context.of({"a/b/c": "", "a/d": "", "e": ""})
    assert context.children() == ("a", "e")
    assert context.children("a/") == ("a/b", "a/d")
    assert context.children("nowhere") == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("package.json", ("package.json",)),
        ("./package.json", ("package.json",)),
        ("/package.json", ("package.json",)),
        ("../package.json", ("package.json",)),
        ("package*.json", ("package-lock.json", "package.json")),
        ("package-lock.jso[n]", ("package-lock.json",)),
        ("src", ("src/a/b.ts", "src/c.ts")),
        ("src/", ("src/a/b.ts", "src/c.ts")),
        ("s*", ("src/a/b.ts", "src/c.ts")),
        ("src/*.ts", ("src/c.ts",)),
        ("*/*/*.ts", ("src/a/b.ts",)),
        ("**/*.ts", ("src/c.ts",)),
        (".", ("package-lock.json", "package.json", "src/a/b.ts", "src/c.ts")),
        ("nothing*", ()),
        ("nothing", ()),
        ("[", ()),
    ],
)
def test_glob_follows_the_rules_of_copy(pattern: str, expected: tuple[str, ...]) -> None:
    context = Context.of({"package.json": "", "package-lock.json": "", "src/a/b.ts": "", "src/c.ts": ""})
    assert context.glob(pattern) == expected


def test_links_are_followed_only_inside() -> None:
    context = Context.of(
        {"real/a.txt": "hello"},
        links={"link": "real", "up": "real/../real/a.txt", "out": "../secret", "abs": "/etc/passwd", "loop": "loop"},
    )
    assert context.read("link/a.txt") == "hello"
    assert context.read("up") == "hello"
    assert context.read("out") is None
    assert context.read("abs") is None
    assert context.read("loop") is None
    assert context.exists("out")
    assert context.glob("link") == ("real/a.txt",)
    assert context.glob("link/*") == ("real/a.txt",)
    assert context.glob("*/a.txt") == ("real/a.txt",)
    assert context.glob("out") == ()


def test_binary_and_big_files_are_not_text() -> None:
    context = Context.of({"binary": "a\0b", "big": "x" * 100})
    assert context.read("binary") is None
    assert context.read("big", limit=99) is None


def test_malformed_manifests_are_listed() -> None:
    context = Context.of(
        {
            "package.json": "{",
            "sub/composer.json": "[]",
            "pyproject.toml": "= 1",
            "pom.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "deep.csproj": "<a>" * 300 + "</a>" * 300,
            "global.json": "[" * 100_000,
            "node_modules/x/package.json": "{",
            "ok/package.json": "{}",
        }
    )
    assert {path for path, _ in context.unreadable} == {
        "package.json",
        "sub/composer.json",
        "pyproject.toml",
        "pom.xml",
        "deep.csproj",
        "global.json",
    }


def test_a_malformed_ignore_file_leaves_the_listing_in_doubt() -> None:
    context = Context.of({".dockerignore": "[", "a": ""})
    assert not context.complete
    assert context.unreadable[0][0] == ".dockerignore"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "repo" / "api"
    (root / "src" / "empty").mkdir(parents=True)
    (root / "node_modules" / "x").mkdir(parents=True)
    (root / "node_modules" / "x" / "index.js").write_bytes(b"")
    (root / "Dockerfile").write_bytes(b"FROM scratch\n")
    (root / ".dockerignore").write_bytes(b"node_modules\ndocker-compose.yml\n")
    (root / "docker-compose.yml").write_bytes(b"services: {}\n")
    (root / "run.sh").write_bytes(b"#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "secret").symlink_to(tmp_path / "secret")
    (tmp_path / "repo" / ".git").mkdir()
    (tmp_path / "repo" / ".git" / "config").write_bytes(b"")
    (tmp_path / "repo" / "compose.yaml").write_bytes(b"services:\n")
    (tmp_path / "compose.yaml").write_bytes(b"not ours\n")
    return root


def test_reading_a_folder(project: Path) -> None:
    context = read_context(project, project / "Dockerfile")
    assert tuple(context.files) == (".dockerignore", "Dockerfile", "run.sh", "secret")
    assert context.complete
    assert context.dockerfile == "Dockerfile"
    assert context.files["run.sh"].executable
    assert context.files["secret"].link is not None
    assert context.read("secret") is None
    assert context.folders == {"src", "src/empty"}
    assert context.exists("src/empty")
    assert dict(context.outside) == {"docker-compose.yml": "services: {}\n", "../compose.yaml": "services:\n"}
    assert not context.has_git


def test_the_repository_is_seen_but_not_entered(project: Path) -> None:
    context = read_context(project.parent, project / "Dockerfile")
    assert context.has_git
    assert context.dockerfile == "api/Dockerfile"
    assert ".git/config" not in context.files


def test_a_pipe_does_not_hang_the_reader(project: Path) -> None:
    os.mkfifo(project / "package.json")
    context = read_context(project, project / "Dockerfile")
    assert context.read("package.json") is None


def test_a_file_swapped_for_a_link_is_not_followed(project: Path) -> None:
    context = read_context(project, project / "Dockerfile")
    (project / "run.sh").unlink()
    (project / "run.sh").symlink_to("/etc/passwd")
    assert context.read("run.sh") is None


def test_a_cut_listing_keeps_the_top(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MAX_FILES", 4)
    for number in range(9):
        (project / "src" / f"{number}.txt").write_bytes(b"")
    context = read_context(project, project / "Dockerfile")
    assert not context.complete
    assert "Dockerfile" in context.files


def test_installed_packages_are_noted_but_not_listed(project: Path) -> None:
    (project / ".dockerignore").unlink()
    context = read_context(project, project / "Dockerfile")
    assert context.unlisted == {"node_modules"}
    assert context.is_folder("node_modules")
    assert "node_modules/x/index.js" not in context.files
    assert context.complete
