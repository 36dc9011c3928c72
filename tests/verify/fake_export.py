"""The files of a fake container as a tar archive: those that each has, and one for each ``# file PATH`` of its text.

Without modules beyond the built-in ones, as it is started often.
"""

from __future__ import annotations

import sys

BLOCK = 512


def entry(path: str, content: bytes) -> bytes:
    """A regular file of root's, by the layout of POSIX's ustar."""
    fields = path.encode().ljust(100, b"\0") + b"0000755\0" + b"0000000\0" * 2 + b"%011o\0" % len(content) + b"0" * 11
    header = (fields + b"\0" + b" " * 8 + b"0" + b"\0" * 100 + b"ustar\0" + b"00").ljust(BLOCK, b"\0")
    header = header[:148] + b"%06o\0 " % sum(header) + header[156:]
    return header + content.ljust(-(-len(content) // BLOCK) * BLOCK, b"\0")


with open(sys.argv[1], encoding="utf-8") as stream:  # noqa: PTH123 - pathlib takes longer than all the rest
    named = [line.removeprefix("# file ").strip() for line in stream if line.startswith("# file ")]
files = {"bin/app": b"#!/bin/sh\n", "bin/sh": b"a shell\n"} | dict.fromkeys(named, b"a file\n")
sys.stdout.buffer.write(b"".join(entry(*each) for each in files.items()) + bytes(2 * BLOCK))
