"""The loader's way to every library, in the image's own library path."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path

import pytest

from dfmigrate.verify.elf import MISSING, NoElfReader, read_elf
from dfmigrate.verify.finding import Finding
from dfmigrate.verify.linker import linker, read_cache

from .archives import BASE, Entries, broken, compared, files, image, link, program
from .elf_samples import AARCH64, GLIBC, MUSL, elf, loader_cache

TRIPLET = "/usr/lib/x86_64-linux-gnu"
SYSTEM: Entries = {
    **BASE,
    "/lib64": link("usr/lib64"),
    "/usr/lib64/ld-linux-x86-64.so.2": program(elf(soname="ld-linux-x86-64.so.2")),
    f"{TRIPLET}/libc.so.6": elf(soname="libc.so.6", provides=["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.36"]),
}
MUSL_FILE = f"/usr{MUSL}"
SERVER = program(elf(interpreter=GLIBC, needed=["libpq.so.5", "libc.so.6"]))
LIBRARY = elf(soname="libpq.so.5", needed=["libc.so.6"])


def _found(before: Entries, after: Entries, env: list[str] | None = None) -> tuple[Finding, ...]:
    config = {"Cmd": ["/app/server"], "Env": env or []}
    server = {"/app/server": SERVER}
    return compared(image({**server, **before}, config, SYSTEM), image({**server, **after}, config, SYSTEM))


def test_a_missing_library() -> None:
    has = {f"{TRIPLET}/libpq.so.5": LIBRARY}
    assert broken(_found(has, {})) == [("B1", "/app/server")]
    assert broken(_found(has, has)) == []


def test_a_library_that_was_missing_before_stops_nothing() -> None:
    assert broken(_found({}, {})) == []


def test_a_missing_library_of_a_library() -> None:
    first = {f"{TRIPLET}/libpq.so.5": elf(needed=["libssl.so.3"])}
    both = {**first, f"{TRIPLET}/libssl.so.3": elf(needed=["libc.so.6"])}
    assert broken(_found(both, first)) == [("B1", f"{TRIPLET}/libpq.so.5")]
    assert broken(_found(both, both)) == []


@pytest.mark.parametrize(
    ("server", "place", "env"),
    [
        ({"runpath": "$ORIGIN/../lib"}, "/usr/lib/libpq.so.5", []),
        ({"rpath": "${ORIGIN}/own"}, "/app/own/libpq.so.5", []),
        ({"rpath": "/opt/$LIB"}, "/opt/lib64/libpq.so.5", []),
        ({}, "/opt/pq/libpq.so.5", ["LD_LIBRARY_PATH=/none:/opt/pq"]),
        ({}, f"{TRIPLET}/libpq.so.5", []),
        ({}, "/usr/lib64/libpq.so.5", []),
    ],
)
def test_where_glibc_looks(server: dict[str, str], place: str, env: list[str]) -> None:
    made = program(elf(interpreter=GLIBC, needed=["libpq.so.5"], **server))  # type: ignore[arg-type]
    there = {"/app/server": made, place: LIBRARY}
    assert broken(_found(there, there, env)) == []
    assert broken(_found(there, {"/app/server": made}, env)) == [("B1", "/app/server")]


def test_the_libraries_of_a_loader_with_an_old_rpath_reach_further() -> None:
    made = {
        "/app/server": program(elf(interpreter=GLIBC, needed=["liba.so"], rpath="/app/own")),
        "/app/own/liba.so": elf(needed=["libb.so"]),
        "/app/own/libb.so": elf(),
    }
    loader = linker(files({**SYSTEM, **made}), {})
    server, a = loader.files.elves["/app/server"], loader.files.elves["/app/own/liba.so"]
    assert loader.library("libb.so", a, "/app/own/liba.so") is None
    assert loader.library("libb.so", a, "/app/own/liba.so", (("/app/server", server),)) is not None


def test_the_cache_of_ldconfig_is_what_counts() -> None:
    there = {
        "/usr/local/lib/libpq.so.5": LIBRARY,
        "/etc/ld.so.conf.d/libc.conf": b"# local\n/usr/local/lib\n",
    }
    cached = {**there, "/etc/ld.so.cache": loader_cache({"libpq.so.5": "/usr/local/lib/libpq.so.5"})}
    assert broken(_found(cached, cached)) == []
    assert broken(_found(cached, there)) == [("A19", "/app/server")]


@pytest.mark.parametrize("data", [b"", b"glibc-ld.so.cache1.1", b"glibc-ld.so.cache1.1" + b"\xff" * 60])
def test_a_damaged_cache_is_empty(data: bytes) -> None:
    assert read_cache(data) == ()


def test_a_newer_c_library_is_needed() -> None:
    made = {
        "/app/server": program(elf(interpreter=GLIBC, needed=["libc.so.6"], requires={"libc.so.6": ["GLIBC_2.38"]}))
    }
    newer = {**made, f"{TRIPLET}/libc.so.6": elf(provides=["GLIBC_2.36", "GLIBC_2.38"])}
    findings = _found(newer, made)
    assert broken(findings) == [("B3", "/app/server")]
    assert "GLIBC_2.36" in findings[0].message
    assert broken(_found(newer, newer)) == []


def test_a_program_for_another_c_library() -> None:
    made = {"/app/server": program(elf(interpreter=MUSL, needed=["libc.so"]))}
    there = {**made, MUSL_FILE: program(elf())}
    findings = _found(there, made)
    assert broken(findings) == [("B2", "/app/server")]
    assert "made for musl, and the image has glibc" in findings[0].message
    assert broken(_found(there, there)) == []


def test_musl_looks_in_its_own_path() -> None:
    made = {
        "/app/server": program(elf(interpreter=MUSL, needed=["libpq.so.5", "libc.musl-x86_64.so.1"])),
        MUSL_FILE: program(elf()),
    }
    there = {**made, "/usr/local/lib/libpq.so.5": elf()}
    assert broken(_found(there, there)) == []
    own = {**made, "/opt/libpq.so.5": elf(), "/etc/ld-musl-x86_64.path": b"/usr/lib\n/opt\n"}
    assert broken(_found(there, own)) == []
    assert broken(_found(there, made)) == [("B1", "/app/server")]


def test_a_library_for_another_machine() -> None:
    there = {f"{TRIPLET}/libpq.so.5": LIBRARY}
    other = {f"{TRIPLET}/libpq.so.5": elf(machine=AARCH64)}
    assert broken(_found(there, other)) == [("B13", "/app/server")]


def test_a_library_that_a_source_opens_by_name() -> None:
    source = {"/app/main.py": b"import ctypes\nctypes.CDLL('libzbar.so.0')\n"}
    there = {**source, f"{TRIPLET}/libzbar.so.0": elf()}
    assert ("B4", "libzbar.so.0") in broken(_found(there, source))
    assert ("B4", "libzbar.so.0") not in broken(_found(there, there))


@pytest.mark.parametrize("cut", [5, 20, 64, 100, 150, 200, 300, 400])
def test_damaged_files_are_no_crash(cut: int) -> None:
    made = elf(interpreter=GLIBC, needed=["libc.so.6"], requires={"libc.so.6": ["GLIBC_2.34"]}, provides=["A"])
    read_elf(made[:cut])
    read_elf(made[:cut] + b"\xff" * (len(made) - cut))


def test_object_files_are_not_read() -> None:
    made = bytearray(elf())
    made[16:18] = b"\1\0"
    assert read_elf(bytes(made)) is None


def test_a_real_program() -> None:
    path = Path(sys.executable).resolve()
    data = path.read_bytes()
    if not data.startswith(b"\x7fELF"):
        pytest.skip("the Python that runs this is no ELF file")
    read = read_elf(data)
    assert read is not None
    assert read.interpreter is None or read.interpreter.startswith("/")


def test_without_the_reader_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("elftools"):
            raise ImportError(name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(NoElfReader, match="pip install"):
        read_elf(elf())
    assert "\n" not in MISSING
