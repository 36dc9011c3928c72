from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dfmigrate.fleet.discover import MAX_BYTES, dockerfiles_below
from dfmigrate.fleet.names import is_dockerfile_name, is_template_name


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "dockerfile", "Dockerfile.dev", "api.Dockerfile", "api.dockerfile", "Containerfile", "Dockerfile-x",
     "Containerfile.dev", "Dockerfile_prod", "Dockerfile.j2", "Dockerfile.web.prod", "api.Containerfile"],
)  # fmt: skip
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    ["Dockerfile.dockerignore", ".dockerignore", "Dockerfile.md", "dockerfile.py", "dockerfile-lint", "Dockerfiles",
     "Dockerfile~", "Dockerfile.orig", "Dockerfile.rej", "mydockerfile", ".dockerfile.swp", "Makefile", "Dockerfile."],
)  # fmt: skip
def test_names_of_other_files(name: str) -> None:
    assert not is_dockerfile_name(name)


@pytest.mark.parametrize("name", ["Dockerfile.j2", "Dockerfile.template", "api.dockerfile.tmpl", "Dockerfile.J2"])
def test_names_of_templates(name: str) -> None:
    assert is_template_name(name)
    assert not is_template_name(name.rpartition(".")[0])


def lay(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"FROM a\n")


def found(folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in dockerfiles_below(folder)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_in_a_checkout_git_decides(checkout: Path) -> None:
    lay(
        checkout,
        "Dockerfile",
        "web/Dockerfile.dev",
        "out/Dockerfile",
        "node_modules/x/Dockerfile",
        "tracked/Dockerfile",
    )
    subprocess.run(["git", "add", "tracked"], cwd=checkout, check=True)
    (checkout / ".gitignore").write_text("out/\nnode_modules/\ntracked/\n")
    assert found(checkout) == ["Dockerfile", "tracked/Dockerfile", "web/Dockerfile.dev"]
    assert found(checkout / "web") == ["Dockerfile.dev"]


def test_elsewhere_vendored_files_are_skipped(tmp_path: Path) -> None:
    lay(tmp_path, "Dockerfile", "a/b/Dockerfile", "node_modules/x/Dockerfile", "vendor/x/Dockerfile", ".git/Dockerfile")
    assert found(tmp_path) == ["Dockerfile", "a/b/Dockerfile"]


def test_a_folder_that_an_outer_checkout_ignores_was_named_on_purpose(checkout: Path) -> None:
    lay(checkout, "out/Dockerfile")
    (checkout / ".gitignore").write_text("out/\n")
    assert found(checkout / "out") == ["Dockerfile"]


def test_links_out_of_the_tree_and_files_that_are_none_are_skipped(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    lay(outside, "Dockerfile")
    lay(checkout, "Dockerfile.here")
    (checkout / "Dockerfile.out").symlink_to(outside / "Dockerfile")
    (checkout / "Dockerfile.in").symlink_to("Dockerfile.here")
    (checkout / "Dockerfile.gone").symlink_to("gone")
    (checkout / "Dockerfile.loop").symlink_to("Dockerfile.loop")
    (checkout / "Dockerfile.folder").mkdir()
    (checkout / "Dockerfile.large").write_bytes(b"#" * (MAX_BYTES + 1))
    assert found(checkout) == ["Dockerfile.here", "Dockerfile.in"]


def test_a_deleted_file_that_git_still_tracks_is_skipped(checkout: Path) -> None:
    lay(checkout, "Dockerfile")
    subprocess.run(["git", "add", "."], cwd=checkout, check=True)
    (checkout / "Dockerfile").unlink()
    assert found(checkout) == []


def test_submodules_are_skipped(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    lay(other, "Dockerfile")
    commit = ["git", "-c", "user.name=n", "-c", "user.email=e@x", "commit", "-qm", "first"]
    for command in (["git", "init", "-q"], ["git", "add", "."], commit):
        subprocess.run(command, cwd=other, check=True)
    add = ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub"]
    subprocess.run(add, cwd=checkout, check=True)
    lay(checkout, "Dockerfile")
    assert found(checkout) == ["Dockerfile"]


def test_odd_names_come_through(checkout: Path) -> None:
    lay(checkout, "ünï/Dockerfile", "a b/Dockerfile", 'q"\n/Dockerfile')
    assert found(checkout) == ["a b/Dockerfile", 'q"\n/Dockerfile', "ünï/Dockerfile"]
