"""What an instruction left is seen from the files ahead of it and behind it, and said only when it is all."""

from __future__ import annotations

import pytest

from dfmigrate.verify.written import Place, Written, written

from .archives import BASE, Entries, Entry, files, folder, link, program

APT: Entries = {
    "/var/lib/dpkg/status": b"Package: libc6\n\n",
    "/var/lib/dpkg/info/libc6.list": b"/.\n/usr/lib/libc.so.6\n",
    "/usr/lib/libc.so.6": b"one",
}
BEFORE: Entries = {**BASE, **APT, "/app": folder(), "/app/app.py": b"import x\n", "/opt": folder()}


def _written(after: Entries, *known: str, gone: tuple[str, ...] = ()) -> Written:
    left = {path: entry for path, entry in {**BEFORE, **after}.items() if path not in gone}
    return written(files(BEFORE), files(left), known)


def test_a_new_folder_stands_for_all_that_is_in_it() -> None:
    seen = _written({"/opt/m": folder(), "/opt/m/en/a.bin": b"123", "/opt/m/de/b.bin": b"45", "/opt/m/l": link("en")})
    assert seen == Written((Place("/opt/m", 3, 5),))


def test_a_folder_of_the_systems_order_is_never_one_place() -> None:
    seen = _written({"/srv/site/index.html": b"1", "/usr/local/share/nltk/a": b"2"})
    assert [place.path for place in seen.places] == ["/srv/site", "/usr/local/share/nltk"]


def test_in_a_folder_that_was_there_each_path_is_named() -> None:
    seen = _written({"/app/one.json": b"{}", "/usr/local/bin/tool": program(), "/app/app.py": b"import y\n"})
    assert [place.path for place in seen.places] == ["/app/app.py", "/app/one.json", "/usr/local/bin/tool"]


def test_an_empty_folder_is_a_place() -> None:
    assert _written({"/app/uploads": folder()}).places == (Place("/app/uploads", 0, 0),)


def test_caches_logs_and_temporary_files_are_nobodys() -> None:
    after = dict.fromkeys(("/tmp/a", "/var/cache/b", "/var/log/c", "/root/.cache/d", "/etc/ld.so.cache"), b"x")
    assert _written({**after, "/app/__pycache__/app.cpython-311.pyc": b"x"}) == Written()


def test_what_the_other_commands_of_the_instruction_write_is_theirs() -> None:
    assert _written({"/app/node_modules/a/b.js": b"1", "/opt/x": b"2"}, "/app/node_modules").places == (
        Place("/opt/x", 1, 1),
    )


@pytest.mark.parametrize(
    ("after", "word"),
    [
        ({"/var/lib/dpkg/status": b"Package: libc6\n\nPackage: libpq5\n"}, "installs packages of the system (libpq5)"),
        ({"/var/lib/dpkg/status": b""}, "removes the package libc6"),
        ({"/usr/lib/libc.so.6": b"two"}, "changes files of the system's packages"),
        ({"/etc/passwd": b"root:x:0:0:root:/root:/bin/sh\napp:x:7:7::/:/bin/sh\n"}, "changes users or groups"),
        ({"/app": folder(owner=(7, 7))}, "changes the rights of /app"),
        ({"/app/a b": b"1"}, "'/app/a b'"),
        ({"/app/$HOME": b"1"}, "'/app/$HOME'"),
        ({f"/app/{number}": b"1" for number in range(41)}, "writes to 41 places"),
    ],
)
def test_what_a_list_of_places_cannot_tell(after: dict[str, Entry | bytes], word: str) -> None:
    assert word in " ".join(_written(after).beyond)


def test_what_is_removed_cannot_be_told() -> None:
    assert _written({}, gone=("/app/app.py",)).beyond == ("it removes /app/app.py",)
    assert _written({}, gone=("/tmp",)).beyond == ()
