"""What the model says that COPY and ADD put into the image is what a real engine puts there.

Needs an engine, as ``test_apps.py`` does. Each case of ``copy_cases.py`` is predicted from its files on disk, built,
and compared path by path: the kind, where a link points, and owner and mode where the model claims to know them. What
the model calls unknown is named in the case, and a path that was not predicted must lie there.
"""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from dfmigrate.context.disk import read_context
from dfmigrate.model import FileSystem, Kind, Write, interpret, is_within
from dfmigrate_grammar import parse

from . import containers
from .copy_cases import CASES, FOLDER, Archive, Case, Link
from .test_apps import WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

Built = dict[str, tarfile.TarInfo]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Built]]]:
    """Every case, built two at a time while the first ones are compared."""
    root = tmp_path_factory.mktemp("copies")
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        builds = {
            case.name: pool.submit(_built, case, laid_out(case, root / f"{at:03}")) for at, case in enumerate(CASES)
        }
        yield builds
    print(f"\n{len(CASES)} contexts built and compared in {time.monotonic() - began:.0f} s")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_copied_paths_are_the_predicted_ones(case: Case, built: dict[str, Future[Built]], tmp_path: Path) -> None:
    real = built[case.name].result()
    folder = laid_out(case, tmp_path)
    dockerfile = folder / case.dockerfile
    build = interpret(parse(dockerfile.read_bytes()), read_context(folder, dockerfile))
    assert differences(build.final.files, real, case.unknown) == []


def test_there_are_enough_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 90
    # What is unknown cannot be wrong: it must stay the exception.
    assert sum(bool(case.unknown) for case in CASES) <= len(CASES) // 10


def laid_out(case: Case, folder: Path) -> Path:
    """Write the case's files and Dockerfile; folders and files have the modes of a plain checkout."""
    for name, content in case.files.items():
        path = folder / "c" / name
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
    context = folder / "c"
    (context / case.dockerfile).write_bytes(case.text.encode())
    if case.ignore is not None:
        (context / ".dockerignore").write_bytes(case.ignore.encode())
    for path in sorted(context.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    for name, mode in case.modes.items():
        (context / name).chmod(mode)
    return context


def _archive(form: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=form) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("in/file")
        member.size, member.uid = 2, 77
        archive.addfile(member, io.BytesIO(b"hi"))
    return buffer.getvalue()


def _built(case: Case, context: Path) -> Built:
    data = containers.exported(context, context / case.dockerfile)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {"/" + member.name.strip("/"): member for member in archive if member.name.strip("/.")}


def differences(files: FileSystem, real: Built, unknown: tuple[str, ...]) -> list[str]:
    """Each way in which the image is not what the model says."""
    regions = tuple(dict.fromkeys(write.path for write in files.writes if write.kind is Kind.TREE))
    newest = {write.path: write for write in files.writes if write.kind is not Kind.TREE}
    found = [f"unknown regions {regions}"] if regions != unknown or files.opaque else []
    for path, write in newest.items():
        member = real.get(path)
        if member is None:
            if path != "/":
                found.append(f"{path} is not there")
        else:
            found.extend(f"{path}: {what}" for what in _wrong(write, member))
    folders = {str(parent) for path in (*newest, *regions) for parent in Path(path).parents}
    for path, member in real.items():
        predicted = path in newest or (path in folders and member.isdir())
        if not predicted and not any(is_within(path, region) for region in regions):
            found.append(f"{path} was not predicted")
    return found


def _wrong(write: Write, member: tarfile.TarInfo) -> Iterator[str]:
    kind = Kind.DIRECTORY if member.isdir() else Kind.FILE
    if write.kind is not kind:
        yield f"{write.kind} is {kind}"
    if (write.link or "") != (member.linkname if member.issym() else ""):
        yield f"link {write.link!r} is {member.linkname!r}"
    if write.owner is not None and _numbers(write.owner) != (member.uid, member.gid):
        yield f"owner {write.owner} is {member.uid}:{member.gid}"
    if write.mode is not None and not member.issym() and write.mode != member.mode:
        yield f"mode {write.mode:o} is {member.mode:o}"


_USERS = {"root": 0, "bin": 2}
_GROUPS = {"root": 0, "bin": 3, "staff": 50}
_OWN_GROUP = {"root": 0, "bin": 3}


def _numbers(owner: str) -> tuple[int, int]:
    """As the accounts of the cases say; a user's number alone is also the group's."""
    user, _, group = owner.partition(":")
    uid = int(user) if user.isdigit() else _USERS[user]
    if not group:
        return uid, uid if user.isdigit() else _OWN_GROUP[user]
    return uid, int(group) if group.isdigit() else _GROUPS[group]
