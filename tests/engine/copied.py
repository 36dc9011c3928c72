"""The cases of ``copy_cases.py`` laid out, predicted, and compared with what an engine made of them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from dfmigrate.context.disk import read_context
from dfmigrate.model import FileSystem, Kind, Write, interpret, is_within
from dfmigrate_grammar import parse

from .copy_cases import FOLDER, Archive, Case, Link

Row = tuple[str, str, str]
"""``d``, ``f`` or ``l``; ``uid:gid``; the mode in octal, of a link where it points."""
Found = dict[str, Row]
"""What an image holds, by path."""

_STORED = Path(__file__).with_name("copies.txt")
_USERS = {"root": 0, "bin": 2}
_GROUPS = {"root": 0, "bin": 3, "staff": 50}
_OWN_GROUP = {"root": 0, "bin": 3}


def laid_out(case: Case, folder: Path) -> Path:
    """Write the case's files and Dockerfile; folders and files have the modes of a plain checkout."""
    context = folder / "c"
    for name, content in case.files.items():
        path = context / name
        path.parent.mkdir(parents=True, exist_ok=True)
        match content:
            case Link(target):
                path.symlink_to(target)
            case Archive(form):
                path.write_bytes(_archive(form))
            case str(text):
                path.write_bytes(text.encode())
            case _:
                assert content is FOLDER
                path.mkdir()
    (context / case.dockerfile).write_bytes(case.text.encode())
    if case.ignore is not None:
        (context / ".dockerignore").write_bytes(case.ignore.encode())
    for path in sorted(context.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    for name, mode in case.modes.items():
        (context / name).chmod(mode)
    return context


def predicted(case: Case, context: Path) -> FileSystem:
    dockerfile = context / case.dockerfile
    return interpret(parse(dockerfile.read_bytes()), read_context(context, dockerfile)).final.files


def differences(files: FileSystem, real: Mapping[str, Row], unknown: tuple[str, ...]) -> list[str]:
    """Each way in which the image is not what the model says."""
    regions = tuple(dict.fromkeys(write.path for write in files.writes if write.kind is Kind.TREE))
    newest = {write.path: write for write in files.writes if write.kind is not Kind.TREE and write.path != "/"}
    found = [f"unknown regions {regions}"] if regions != unknown or files.opaque else []
    for path, write in newest.items():
        row = real.get(path)
        found.extend([f"{path} is not there"] if row is None else [f"{path}: {what}" for what in _wrong(write, row)])
    folders = {str(parent) for path in (*newest, *regions) for parent in Path(path).parents}
    for path, row in real.items():
        known = path in newest or (path in folders and row[0] == "d")
        if not known and not any(is_within(path, region) for region in regions):
            found.append(f"{path} was not predicted")
    return found


def stored() -> dict[str, Found]:
    """What an engine made of each case, as it was written down."""
    found: dict[str, Found] = {}
    for line in _STORED.read_bytes().decode().split("\n"):
        if line.startswith("# "):
            rows = found.setdefault(line[2:], {})
        elif line:
            kind, owner, shown, path = line.split("\t")
            rows[path] = (kind, owner, shown)
    return found


def written(real: Mapping[str, Found]) -> None:
    """Write down what an engine made of each case."""
    lines = []
    for name, rows in real.items():
        lines.append(f"# {name}")
        lines.extend("\t".join((*rows[path], path)) for path in sorted(rows))
    _STORED.write_bytes(("\n".join(lines) + "\n").encode())


def _archive(form: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=form) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("in/file")
        member.size, member.uid = 2, 77
        archive.addfile(member, io.BytesIO(b"hi"))
    return buffer.getvalue()


def _wrong(write: Write, row: Row) -> Iterator[str]:
    kind = "d" if write.kind is Kind.DIRECTORY else "f" if write.link is None else "l"
    if kind != row[0]:
        yield f"{kind} is {row[0]}"
    if write.link is not None and write.link != row[2]:
        yield f"link {write.link!r} is {row[2]!r}"
    if write.owner is not None and _numbers(write.owner) != row[1]:
        yield f"owner {write.owner} is {row[1]}"
    if write.mode is not None and row[0] != "l" and f"{write.mode:o}" != row[2]:
        yield f"mode {write.mode:o} is {row[2]}"


def _numbers(owner: str) -> str:
    """As the accounts of the cases say; a user's number alone is also the group's."""
    user, _, group = owner.partition(":")
    uid = int(user) if user.isdigit() else _USERS[user]
    if not group:
        return f"{uid}:{uid if user.isdigit() else _OWN_GROUP[user]}"
    return f"{uid}:{int(group) if group.isdigit() else _GROUPS[group]}"
