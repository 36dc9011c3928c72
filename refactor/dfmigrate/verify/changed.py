"""Files that both images have: content, kind, link, capabilities, and what the process may still do with them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dfmigrate.model import is_within
from dfmigrate.verify.accounts import EXECUTE, READ, WRITE, Identity
from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import File, ImageFiles
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.pair import Pair
from dfmigrate.verify.regions import is_system

CHECK = "files"
_RIGHTS = ((READ, "read"), (EXECUTE, "execute"), (WRITE, "write"))
_MOST = 5


def changed_files(pair: Pair) -> Iterator[Finding]:
    """Path by path; differences that change nothing for the process are grouped by folder."""
    lost: dict[tuple[str, str, bool], list[File]] = {}
    other: dict[tuple[str, str | None, str | None], list[File]] = {}
    for path, old in pair.ours.items():
        new = pair.after.files.get(path)
        if new is None:
            continue
        yield from _privileges(old, new, pair)
        if pair.is_of_base_again(path):
            continue
        yield from _itself(old, new, pair)
        right = _lost_right(old, new, pair)
        if right is not None:
            lost.setdefault((posixpath.dirname(path), right, _matters(new, right, pair)), []).append(new)
        elif (old.mode, old.uid, old.gid) != (new.mode, new.uid, new.gid) and Kind.LINK not in (old.kind, new.kind):
            for what, was, now in _rights_changed(old, new):
                other.setdefault((what, was, now), []).append(new)
        if old.twin is not None and new.twin is None and old.digest == new.digest:
            other.setdefault(("place on disk: they were hard links", None, None), []).append(new)
        if old.kind is new.kind is Kind.FILE and old.digest != new.digest and new.size:
            other.setdefault(("content", None, None), []).append(new)
    yield from _forbidden(lost, pair)
    yield from _otherwise(other, pair)


def _privileges(old: File, new: File, pair: Pair) -> Iterator[Finding]:
    path, line = old.path, pair.causes.path(old.path)
    if old.capability and old.capability != new.capability:
        yield Finding(
            CHECK,
            "A14",
            Weight.BROKEN,
            path,
            "its capabilities are lost",
            _capabilities(old.capability),
            _capabilities(new.capability),
            line,
            "run setcap in the final stage, behind the copy",
        )
    if old.kind is Kind.FILE and old.mode & 0o6000 and not new.mode & 0o6000:
        yield Finding(
            CHECK, "A15", Weight.BROKEN, path, "it no longer runs as its owner",
            f"mode {old.mode:04o}", f"mode {new.mode:04o}", line,
        )  # fmt: skip


def _itself(old: File, new: File, pair: Pair) -> Iterator[Finding]:
    path, line = old.path, pair.causes.path(old.path)
    if (old.kind is not new.kind or old.target != new.target) and not is_system(path):
        same = _same_content(path, pair)
        yield Finding(
            CHECK,
            "A20",
            Weight.NOTE if same else Weight.BROKEN,
            path,
            "it is another kind of file now, with the same content" if same else "it leads to something else now",
            _kind(old),
            _kind(new),
            line,
        )
    elif old.kind is Kind.FILE and old.size and not new.size:
        yield Finding(CHECK, "A1", Weight.BROKEN, path, "the file is empty now", f"{old.size} bytes", "0 bytes", line)


def _same_content(path: str, pair: Pair) -> bool:
    one, other = pair.before.files.resolve(path).file, pair.after.files.resolve(path).file
    if one is None or other is None:
        return one is other
    return one.kind is other.kind and one.digest == other.digest


def _lost_right(old: File, new: File, pair: Pair) -> str | None:
    """The first thing that the original's user could do with it and the migrated image's cannot."""
    was, now = pair.users
    if was is None or now is None or new.kind is not old.kind or new.kind in (Kind.LINK, Kind.OTHER):
        return None
    for bit, name in _RIGHTS:
        if bit == EXECUTE and old.kind is Kind.FILE and not _runs(old):
            continue
        if _allowed(was, old, bit, pair.before.files) and not _allowed(now, new, bit, pair.after.files):
            return "enter" if bit == EXECUTE and new.kind is Kind.FOLDER else name
    return None


def _runs(file: File) -> bool:
    return bool(file.mode & 0o111)


def _allowed(user: Identity, file: File, bit: int, files: ImageFiles) -> bool:
    folder = files.resolve(posixpath.dirname(file.path))
    return user.may(file, bit) and user.reaches(files, folder) is None


_FOR_ROOT = ("/root", "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-")
"""What no other user reads on any system."""


def _matters(file: File, right: str, pair: Pair) -> bool:
    """Whether a lost right breaks: always for reading; for writing where the application is known to have its data."""
    if any(is_within(file.path, folder) for folder in _FOR_ROOT) and pair.references.to(file.path) is None:
        return False
    if right != "write":
        return True
    if pair.same_user:
        return True
    workdir = pair.after.config.workdir
    if file.kind is Kind.FOLDER and file.path == workdir:
        return True
    return any(is_within(file.path, volume) for volume in pair.after.config.volumes)


def _forbidden(lost: dict[tuple[str, str, bool], list[File]], pair: Pair) -> Iterator[Finding]:
    for (folder, right, matters), files in sorted(lost.items()):
        shown = files[:_MOST] if matters else []
        for file in shown:
            old = pair.before.files.files[file.path]
            yield Finding(
                CHECK,
                _code(file, right, pair),
                Weight.BROKEN,
                file.path,
                f"{_who(pair)} may not {right} it",
                _rights(old),
                _rights(file),
                pair.causes.path(file.path) if pair.same_user else pair.causes.instruction("USER"),
                "copy it with --chown" if right == "write" else "give it back its mode or owner",
            )
        if len(files) > len(shown) and matters:
            text = f"{_who(pair)} may not {right} {len(files) - len(shown)} more files"
            line = pair.causes.path(folder)
            yield Finding(CHECK, _code(files[0], right, pair), Weight.BROKEN, folder, text, line=line)
    notes = {(folder, right): files for (folder, right, matters), files in lost.items() if not matters}
    yield from _harmless(notes, pair)


def _harmless(lost: dict[tuple[str, str], list[File]], pair: Pair) -> Iterator[Finding]:
    """One statement for all that lies below the same folder."""
    groups: dict[tuple[str, str], list[File]] = {}
    for folder, right in sorted(lost, key=lambda key: key[0].split("/")):
        above = (top for top, other in groups if other == right and top != "/" and is_within(folder, top))
        top = next(above, folder)
        groups.setdefault((top, right), []).extend(lost[folder, right])
    for (folder, right), files in groups.items():
        text = f"{_who(pair)} may not {right} {len(files)} {'file' if len(files) == 1 else 'files'} below it"
        yield Finding(CHECK, _code(files[0], right, pair), Weight.NOTE, folder, text, line=pair.causes.path(folder))


def _code(file: File, right: str, pair: Pair) -> str:
    if is_within(file.path, "/root"):
        return "E6"
    if any(is_within(file.path, volume) for volume in pair.after.config.volumes):
        return "E3"
    if right == "write":
        return "E1" if file.path == pair.after.config.workdir else "E2"
    return "A15"


def _rights_changed(old: File, new: File) -> Iterator[tuple[str, str, str]]:
    if (old.uid, old.gid) != (new.uid, new.gid):
        yield "owner", f"{old.uid}:{old.gid}", f"{new.uid}:{new.gid}"
    if old.mode != new.mode:
        yield "mode", f"{old.mode:04o}", f"{new.mode:04o}"


def _otherwise(other: dict[tuple[str, str | None, str | None], list[File]], pair: Pair) -> Iterator[Finding]:
    """One statement for each kind of change below each folder of the root."""
    for (what, was, now), files in other.items():
        places: dict[str, list[str]] = {}
        for file in files:
            places.setdefault(file.path.split("/")[1], []).append(file.path)
        for paths in places.values():
            subject = paths[0] if len(paths) == 1 else posixpath.commonpath(paths)
            text = f"another {what}" if len(paths) == 1 else f"{len(paths)} files and folders have another {what}"
            line = pair.causes.path(subject)
            yield Finding(CHECK, "A15" if was is not None else "", Weight.NOTE, subject, text, was, now, line)


def _who(pair: Pair) -> str:
    user = pair.users[1]
    return f"user {user.uid}" if user is not None else "the user"


def _rights(file: File) -> str:
    return f"mode {file.mode:04o}, owner {file.uid}:{file.gid}"


def _kind(file: File) -> str:
    return f"link to {file.target}" if file.kind is Kind.LINK else file.kind.value


_NAMES = (
    *("chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap"),
    *("linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner"),
    *("sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice"),
)


def _capabilities(raw: bytes) -> str | None:
    """The permitted ones by name: 4 bytes of version, then pairs of permitted and inheritable words."""
    if len(raw) < 12:
        return None
    bits = int.from_bytes(raw[4:8], "little")
    if len(raw) >= 20:
        bits |= int.from_bytes(raw[12:16], "little") << 32
    names = [f"cap_{name}" for bit, name in enumerate(_NAMES) if bits >> bit & 1]
    names += [f"cap_{bit}" for bit in range(len(_NAMES), 64) if bits >> bit & 1]
    return ",".join(names) or None
