"""Replacing a file's content so that a reader sees the old bytes or the new ones, never half of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


class StaleError(Exception):
    """The file is not any more what the change was made from."""


def replace_content(file: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` where ``before`` stands; mode, owner and extended attributes stay, a symbolic link is followed.

    Raises StaleError when the file has changed meanwhile and OSError when it cannot be written; it is then untouched.
    """
    real = file.resolve(strict=True)
    if not os.access(real, os.W_OK):
        raise PermissionError(13, "the file is read-only", str(file))
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(after)
            stream.flush()
            os.fsync(handle)
        _copy_status(real, temporary)
        if real.read_bytes() != before:
            raise StaleError
        temporary.replace(real)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _copy_status(source: Path, target: Path) -> None:
    status, own = source.stat(), target.stat()
    if (status.st_uid, status.st_gid) != (own.st_uid, own.st_gid):
        os.chown(target, status.st_uid, status.st_gid)
    shutil.copystat(source, target)
    # All but the times: a build tool must see that the file is new.
    os.utime(target)
