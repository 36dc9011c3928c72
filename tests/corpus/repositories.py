"""Files of public repositories at a commit, from git directories that lie on this machine."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path


def git_directory(mirrors: Path, repository: str) -> Path | None:
    """The git directory of OWNER/NAME below the folder of mirrors, whichever way it was laid out."""
    root = mirrors / repository.replace("/", "+")
    heads = (path for pattern in ("HEAD", "*/HEAD", "*/.git/HEAD", ".git/HEAD") for path in root.glob(pattern))
    return next((head.parent for head in heads), None)


def lay_out(git: Path, commit: str, below: str, folder: Path) -> str | None:
    """Write the files of one folder of a commit; of the newest one where the snapshot does not hold that commit.

    Returns the commit or ``HEAD``; None when neither is there. A file too large for the snapshot is empty.
    """
    for name in (commit, "HEAD"):
        listed = _git(git, ["ls-tree", "-rz", "--full-tree", name, "--", *([] if below in ("", ".") else [below])])
        if listed is not None:
            break
    else:
        return None
    rows = [row.partition(b"\t") for row in listed.split(b"\0") if row]
    entries = [(meta.split()[0], meta.split()[2], path.decode(errors="surrogateescape")) for meta, _, path in rows]
    wanted = [entry for entry in entries if entry[0] in (b"100644", b"100755", b"120000")]
    stream = io.BytesIO(_git(git, ["cat-file", "--batch"], b"".join(entry[1] + b"\n" for entry in wanted)) or b"")
    for mode, _, path in wanted:
        head = stream.readline().split()
        data = b"" if head[1:2] in ([b"missing"], []) else stream.read(int(head[2]) + 1)[:-1]
        _write(folder / path, mode, data)
    return name


def _write(target: Path, mode: bytes, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if mode == b"120000":
        target.symlink_to(data.decode(errors="surrogateescape") or "missing")
        return
    target.write_bytes(data)
    target.chmod(0o755 if mode == b"100755" else 0o644)


def _git(git: Path, arguments: list[str], given: bytes = b"") -> bytes | None:
    done = subprocess.run(["git", f"--git-dir={git}", *arguments], input=given, capture_output=True)
    return done.stdout if done.returncode == 0 else None
