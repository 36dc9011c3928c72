"""What the model says of each application's files is true of the image that an engine builds.

For every application: each path that the model says a RUN wrote is in the built image, and each path that differs from
the base image and that the model did not predict lies in a region that it called unknown. Needs an engine, as
``test_apps.py`` does. ``DFMIGRATE_ENGINE_REPORT`` names the report of ``test_apps.py``; the table goes beside it, into
``file-model.md``.

Two things are nobody's files: what the engine itself lays over an image, and what a package manager or a tool caches or
logs (``NOT_FILES``). System packages are installed into the system's own folders, which the model does not list: a
command of the role ``system-packages`` or ``user-management`` calls ``SYSTEM`` unknown, by its role, and nothing else.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dfmigrate.context.disk import read_context
from dfmigrate.model import FileSystem, Kind, Layer, StageModel, interpret, is_within
from dfmigrate_grammar import parse

from . import containers
from .application import Application, applications
from .configuration import last_base
from .harness import OWN_FILES
from .test_apps import WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

APPLICATIONS = applications()
NOT_FILES = ("/dev", "/proc", "/sys", "/.dockerenv", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/mtab",
             "/tmp", "/var/cache", "/var/log", "/root/.cache", "/root/.npm", "/root/.local/share/pnpm",
             "/root/.local/state/pnpm", "/root/.composer", "/usr/local/share/.cache", "/usr/local/cargo/.global-cache",
             "/usr/local/cargo/.package-cache", "/usr/local/cargo/.package-cache-mutate")  # fmt: skip
FOLDERS_OF_CACHES = ("/root/.local", "/root/.local/share", "/root/.local/state", "/root/.local/share/virtualenvs")
"""What tools make around their caches; what lies in them otherwise counts."""
SYSTEM = ("/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr/bin", "/usr/include", "/usr/lib", "/usr/lib64",
          "/usr/libexec", "/usr/sbin", "/usr/share", "/usr/local/share/fonts", "/run", "/var/lib",
          "/usr/local/share/sgml")  # fmt: skip
SYSTEM_ROLES = frozenset({"system-packages", "user-management"})

Row = tuple[str, int, int, int, int, str]
"""Kind, size, user, group, mode and a link's target."""
Listing = dict[str, Row]


@dataclass(frozen=True, slots=True)
class Compared:
    """One application's image against its model."""

    app: Application
    written: tuple[str, ...]
    missing: tuple[str, ...]
    differing: int
    listed: int
    in_trees: int
    in_system: int
    surprises: tuple[str, ...]
    wrong: tuple[str, ...]
    """Owners and modes that are not what the model says."""
    trees: tuple[str, ...]


@pytest.fixture(scope="module")
def table() -> Iterator[list[Compared]]:
    rows: list[Compared] = []
    yield rows
    text = shown(rows)
    report = os.environ.get("DFMIGRATE_ENGINE_REPORT")
    if report:
        Path(report).with_name("file-model.md").write_bytes(text.encode())
    sys.stdout.write("\n" + text)


@pytest.fixture(scope="module", params=APPLICATIONS, ids=lambda app: app.name)
def compared(
    request: pytest.FixtureRequest, table: list[Compared], tmp_path_factory: pytest.TempPathFactory
) -> Compared:
    app: Application = request.param
    # The same context as in the other proofs, so that the engine finds their steps in its cache.
    folder = tmp_path_factory.mktemp(app.name) / app.name
    shutil.copytree(app.folder, folder, ignore=OWN_FILES)
    dockerfile = folder / "Dockerfile"
    stage = interpret(parse(dockerfile.read_bytes()), read_context(folder, dockerfile)).final
    tag = f"dfmigrate-proof/{app.name}:files-{uuid.uuid4().hex[:8]}"
    try:
        containers.build(folder, tag)
        found = compare(app, stage, listing(tag))
    finally:
        containers.remove_image(tag)
    table.append(found)
    return found


def test_what_a_run_is_said_to_write_is_there(compared: Compared) -> None:
    assert compared.missing == ()


def test_what_was_not_predicted_was_called_unknown(compared: Compared) -> None:
    assert compared.surprises == ()


def test_owners_and_modes_are_as_said(compared: Compared) -> None:
    assert compared.wrong == ()


def test_the_unknown_is_not_everything(compared: Compared) -> None:
    assert "/" not in compared.trees
    assert compared.listed > 0


@functools.cache
def base_listing(reference: str) -> Listing:
    return listing(reference)


def listing(reference: str) -> Listing:
    """Every path of an image."""
    with containers.files(reference) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        return {
            "/" + member.name.strip("/"): (
                "d" if member.isdir() else "l" if member.issym() else "f",
                0 if member.isdir() else member.size,
                member.uid,
                member.gid,
                member.mode,
                member.linkname,
            )
            for member in archive
            if member.name.strip("./")
        }


def compare(app: Application, stage: StageModel, real: Listing) -> Compared:
    base = base_listing(last_base((app.folder / "Dockerfile").read_bytes()))
    differing = [path for path, row in real.items() if base.get(path) != row and not _is_nobody_s(path)]
    files = stage.files
    trees = tuple(dict.fromkeys(write.path for write in files.writes if write.kind is Kind.TREE))
    system = SYSTEM if any(_installs(layer) for layer in stage.layers) else ()
    listed, in_trees, in_system, surprises = 0, 0, 0, []
    for path in differing:
        if files.exactly(path) or (real[path][0] == "d" and files.is_directory(path)):
            listed += 1
        elif any(is_within(path, _real(tree, real)) for tree in trees) or files.opaque:
            in_trees += 1
        elif any(is_within(path, folder) for folder in system):
            in_system += 1
        elif real[path][0] != "d" or path not in base:
            # A folder whose time alone is another is not written here, as a listing holds no times.
            surprises.append(path)
    written = tuple(dict.fromkeys(w.path for w in files.writes if w.origin.source == "run" and w.certain))
    missing = tuple(path for path in written if _real(path, real) not in real)
    return Compared(
        app, written, missing, len(differing), listed, in_trees, in_system, tuple(surprises),
        tuple(_wrong(files, real)), trees,
    )  # fmt: skip


def _is_nobody_s(path: str) -> bool:
    # Python keeps the bytecode of every module that it has run beside it.
    if path in FOLDERS_OF_CACHES:
        return True
    return "__pycache__" in path.split("/") or any(is_within(path, folder) for folder in NOT_FILES)


def _installs(layer: Layer) -> bool:
    return any(action.role in SYSTEM_ROLES for action in layer.actions)


def _real(path: str, real: Listing) -> str:
    """The path with the links of the image followed (``/bin`` is ``/usr/bin``)."""
    done, pending = "/", path.strip("/").split("/")[::-1]
    for _ in range(200):
        if not pending:
            break
        here = os.path.normpath(f"{done}/{pending.pop()}").replace("//", "/")
        row = real.get(here)
        if row is not None and row[0] == "l":
            done = "/" if row[5].startswith("/") else done
            pending.extend(row[5].strip("/").split("/")[::-1])
        else:
            done = here
    return done


def _wrong(files: FileSystem, real: Listing) -> Iterator[str]:
    for write in {write.path: write for write in files.writes if write.kind is not Kind.TREE}.values():
        row = real.get(write.path)
        if row is None or not write.certain:
            continue
        if write.kind is not (Kind.DIRECTORY if row[0] == "d" else Kind.FILE):
            yield f"{write.path}: {write.kind.value} is {row[0]}"
        user = (write.owner or "").partition(":")[0]
        if user.isdigit() and int(user) != row[2]:
            yield f"{write.path}: owner {write.owner} is {row[2]}:{row[3]}"
        if write.mode is not None and row[0] != "l" and write.mode != row[4]:
            yield f"{write.path}: mode {write.mode:o} is {row[4]:o}"


def shown(rows: list[Compared]) -> str:
    """The table in Markdown."""
    lines = [
        "| application | a RUN wrote, said | of these absent | paths that differ | listed one by one "
        "| in unknown folders | by system packages | not predicted | unknown folders |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        numbers = (len(row.written), len(row.missing), row.differing, row.listed, row.in_trees, row.in_system)
        cells = (row.app.name, *map(str, numbers), str(len(row.surprises)), " ".join(row.trees) or "-")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
