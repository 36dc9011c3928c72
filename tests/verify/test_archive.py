"""Tar streams are read with bounds on everything that they say, whoever made them."""

from __future__ import annotations

import io
import tarfile

import pytest

from dfmigrate.verify.archive import Archive, BadArchive, Kind, Member, normal

from .archives import NET_BIND, Entry, archive, folder, link


def _members(data: bytes) -> list[Member]:
    return list(Archive(io.BytesIO(data)))


def _header(name: bytes, size: bytes = b"0", kind: bytes = b"0", magic: bytes = b"ustar\x0000") -> bytes:
    block = bytearray(512)
    block[0 : len(name)] = name
    block[100:107], block[108:115], block[116:123] = b"0000644", b"0000000", b"0000000"
    block[124 : 124 + len(size)] = size
    block[156:157] = kind
    block[257:265] = magic
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def test_every_kind_of_member() -> None:
    entries = {
        "/app/": folder(0o750, (5, 6)),
        "/app/run": Entry(b"x" * 700, 0o4755, (1000, 1001), capability=NET_BIND),
        "/app/twin": Entry(hard="/app/run"),
        "/app/link": link("../etc/../run"),
    }
    app, run, twin, linked = _members(archive(entries))
    assert (app.kind, app.path, app.mode, app.uid, app.gid) == (Kind.FOLDER, "/app", 0o750, 5, 6)
    assert (run.kind, run.mode, run.size, run.capability) == (Kind.FILE, 0o4755, 700, NET_BIND)
    assert (twin.kind, twin.target) == (Kind.HARD_LINK, "/app/run")
    assert (linked.kind, linked.target) == (Kind.LINK, "../etc/../run")


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_every_format(form: int) -> None:
    name, target = "a/" * 200 + "é", "b/" * 150 + "c"
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = tarfile.SYMTYPE, target
        tar.addfile(info)
    assert [(member.path, member.target) for member in _members(made.getvalue())] == [("/" + name, target)]


def test_content_comes_in_pieces_and_need_not_be_read() -> None:
    stream = Archive(io.BytesIO(archive({"/a": b"x" * 3_000_000, "/b": b"small"})))
    seen = {member.path: b"".join(stream.content()) if member.path == "/b" else None for member in stream}
    assert seen == {"/a": None, "/b": b"small"}


def test_big_numbers_in_base_256() -> None:
    member = _members(_header(b"big", b"\x80" + (0).to_bytes(11, "big")) + bytes(1024))[0]
    assert member.size == 0


@pytest.mark.parametrize("name", ["../etc/passwd", "a/../../b", "/.."])
def test_names_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(BadArchive):
        normal(name)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "too early"),
        (b"\1" * 512, "checksum|number"),
        (_header(b"f", b"77777777777") + bytes(100), "in the middle"),
        (_header(b"x", b"77777777777", b"x"), "a header of"),
        (_header(b"L", b"77777777777", b"L"), "a header of"),
        (_header(b"f", b"\xff" * 12), "a number that no file"),
        (_header(b"f", b"zzz"), "where a number should be"),
        (_header(b"sparse", b"0", b"S") + bytes(1024), "sparse"),
        (_header(b"x", b"00000000003", b"x") + b"zz=".ljust(512, b"\0"), "extended header"),
        (_header(b"x", b"00000000012", b"x") + b"99 a=b\n".ljust(512, b"\0"), "extended header"),
        (_header(b"x", b"00000000015", b"x") + b"13 size=-100\n".ljust(512, b"\0") + _header(b"f"), "size is"),
    ],
)
def test_hostile_archives_are_refused_with_one_line(data: bytes, why: str) -> None:
    with pytest.raises(BadArchive, match=why) as raised:
        _members(data)
    assert "\n" not in str(raised.value)


def test_names_longer_than_the_kernels_are_refused() -> None:
    with pytest.raises(BadArchive, match="a name of"):
        _members(archive({"/" + "a/" * 5000: b""}))


def test_a_chain_of_headers_is_no_recursion() -> None:
    said = b"".join(_header(b"x", b"00000000007", b"x") + b"7 a=bc\n".ljust(512, b"\0") for _ in range(3000))
    assert [member.path for member in _members(said + _header(b"f") + bytes(1024))] == ["/f"]
