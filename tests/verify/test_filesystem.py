"""Paths are followed as the kernel follows them in the image, and content is kept only where a check needs it."""

from __future__ import annotations

import io

import pytest

from dfmigrate.verify import filesystem
from dfmigrate.verify.accounts import EXECUTE, READ, WRITE, identity
from dfmigrate.verify.filesystem import read_image

from .archives import BASE, Entry, archive, files, folder, link, program
from .elf_samples import elf

LINKED = files(
    {
        "/usr/lib/x": b"1",
        "/lib": link("usr/lib"),
        "/a": link("/b"),
        "/b": link("a"),
        "/self": link("self/deeper"),
        "/up/down/out": link("../../lib/../../etc/f"),
        "/etc/f": b"2",
        "/abs": link("/lib/x"),
        "/none": link("/nowhere/at/all"),
        "/over": link("../../../../etc"),
        "/chain": link("abs"),
    }
)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/lib/x", "/usr/lib/x"),
        ("/abs", "/usr/lib/x"),
        ("/chain", "/usr/lib/x"),
        ("/over/f", "/etc/f"),  # `..` of the root is the root.
        ("/lib/../etc/f", None),  # `..` is taken where the link has led to: /usr/lib.
        ("/lib/../../lib/./x", "/usr/lib/x"),
        ("/up/down/out", "/etc/f"),
        ("/etc/f/", "/etc/f"),
        ("/etc/f/more", None),
        ("/none", None),
        ("/", "/"),
        ("lib/x", "/usr/lib/x"),
    ],
)
def test_a_path_is_followed_through_links(path: str, leads_to: str | None) -> None:
    resolved = LINKED.resolve(path)
    assert (resolved.path if resolved.file is not None else None) == leads_to
    assert not resolved.loop


@pytest.mark.parametrize("path", ["/a", "/b", "/self", "/a/deeper"])
def test_a_circle_of_links_ends(path: str) -> None:
    resolved = LINKED.resolve(path)
    assert resolved.file is None
    assert resolved.loop


def test_what_is_missing_is_named_where_it_is_missing() -> None:
    assert LINKED.resolve("/none").path == "/nowhere"


def test_relative_paths_start_in_the_working_directory() -> None:
    assert LINKED.resolve("x", base="/lib").path == "/usr/lib/x"


def test_folders_that_the_archive_does_not_list_are_there() -> None:
    found = files({"/a/b/c": b""})
    assert found.names("/a") == {"b"}
    assert found.names("/a/b") == {"c"}


def test_texts_are_kept_where_a_check_reads_them() -> None:
    found = files(
        {
            "/app/start.sh": program(b"#!/bin/sh\nrun\n"),
            "/app/picture.png": b"\x89PNG\0\0",
            "/app/node_modules/x/index.js": b"x",
            "/app/node_modules/x/package.json": b"{}",
            "/usr/lib/python3/big.py": b"x",
            "/usr/local/lib/python3.11/os.py": b"x",
            "/etc/passwd": b"root",
            "/app/huge.txt": b"x" * (600 << 10),
            "/app/run": program(elf(needed=["libc.so.6"])),
        }
    )
    assert set(found.texts) == {"/app/start.sh", "/app/node_modules/x/package.json", "/etc/passwd"}
    assert found.elves["/app/run"].needed == ("libc.so.6",)
    assert found.files["/app/start.sh"].shebang == "/bin/sh"


def test_hard_links_share_their_content() -> None:
    found = files({"/app/one": b"text", "/app/two": Entry(hard="/app/one")})
    one, two = found.files["/app/one"], found.files["/app/two"]
    assert (two.digest, two.size, two.twin) == (one.digest, 4, "/app/one")
    assert found.texts["/app/two"] == b"text"


def test_an_image_shares_what_its_base_has() -> None:
    base = files({"/app/a": b"same"})
    found = read_image(io.BytesIO(archive({"/app/a": b"same", "/app/b": b"own"})), known=base)
    assert found.texts["/app/a"] is base.texts["/app/a"]
    assert found.texts["/app/b"] == b"own"


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("", (0, 0, {0})),
        ("root", (0, 0, {0})),
        ("node", (1000, 1000, {1000, 33})),
        ("1000", (1000, 1000, {1000, 33})),
        ("node:data", (1000, 33, {33})),
        ("10001:10001", (10001, 10001, {10001})),
        ("10001", (10001, 0, {0})),
        ("nobody-here", None),
        ("node:nogroup-here", None),
    ],
)
def test_users_by_the_images_own_accounts(user: str, expected: tuple[int, int, set[int]] | None) -> None:
    found = identity(user, files(BASE))
    assert (None if found is None else (found.uid, found.gid, set(found.groups))) == expected


def test_rights_are_the_owners_before_the_groups() -> None:
    found = files({**BASE, "/f": Entry(mode=0o074, owner=(1000, 33)), "/d": folder(0o700), "/d/x": b""})
    node, root, other = (identity(user, found) for user in ("node", "root", "5:5"))
    assert node is not None and root is not None and other is not None
    file = found.files["/f"]
    assert not node.may(file, READ)
    assert other.may(file, READ)
    assert not other.may(file, WRITE)
    assert root.may(file, WRITE)
    assert root.may(file, EXECUTE)
    assert not root.may(found.files["/d/x"], EXECUTE)
    assert other.reaches(found, found.resolve("/d/x")) == "/d"
    assert root.reaches(found, found.resolve("/d/x")) is None


def test_a_bundle_is_a_source_and_too_many_texts_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystem, "_MOST_TEXTS", 700 << 10)
    found = files({"/app/bundle.js": b"x" * (600 << 10), "/app/more.py": b"x" * (200 << 10)})
    assert set(found.texts) == {"/app/bundle.js"}
    assert found.unread == ("/app/more.py",)


def test_a_program_that_is_too_large_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystem, "_MOST_ELF", 10)
    found = files({"/app/run": program(elf())})
    assert (dict(found.elves), found.too_large, found.unread) == ({}, ("/app/run",), ())
