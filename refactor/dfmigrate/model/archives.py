"""Whether ADD unpacks a file: the builder looks at its bytes, not at its name."""

from __future__ import annotations

import re

from dfmigrate.context import Context

_NAMED = re.compile(r"\.(tar|tgz|tbz2?|txz|tar\.\w+)$")
_BLOCK = 512


def is_archive(path: str, context: Context) -> bool | None:
    """True for a tar archive, plain or compressed; None where the bytes do not tell."""
    data = context.read_bytes(path)
    if data is None:
        # Too big to be read here: its name is all that there is.
        return True if _NAMED.search(path) else None
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return None
    head = _unpacked(data)
    return head is not None and _is_header(head)


def _unpacked(data: bytes) -> bytes | None:
    """The first block, decompressed; None when it cannot be."""
    import bz2  # here, as hardly any Dockerfile adds an archive
    import lzma
    import zlib

    try:
        if data.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(31).decompress(data, _BLOCK)
        if data.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(data, _BLOCK)
        if data.startswith(b"\xfd7zXZ\x00"):
            return lzma.LZMADecompressor(memlimit=1 << 26).decompress(data, _BLOCK)
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        return None
    return data[:_BLOCK]


def _is_header(block: bytes) -> bool:
    """Whether a block is a tar header: the sum of its bytes, its own field taken as blanks, stands in it."""
    if len(block) < _BLOCK:
        return False
    if not any(block):
        # The end of an archive with nothing in it.
        return False
    said = block[148:156].strip(b" \0")
    try:
        expected = int(said, 8)
    except ValueError:
        return False
    return sum(block[:148]) + 8 * 32 + sum(block[156:]) == expected
