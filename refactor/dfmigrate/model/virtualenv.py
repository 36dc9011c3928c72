"""Python's virtual environments: which one a command of a RUN works in, by its path, by activation, or by PATH."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace

from .image import Config

_PROGRAM = re.compile(r"(?P<folder>.+)/bin/(?:python|pip)[\d.]*")
_SYSTEM = frozenset({"/", "/usr", "/usr/local", ""})


def named_environment(argv: Sequence[str | None], cwd: str | None) -> str | None:
    """The environment whose ``pip`` or ``python`` a command names by its path; None for one that is found by name."""
    found = _PROGRAM.fullmatch(argv[0]) if argv and argv[0] is not None else None
    return _folder(found["folder"], cwd) if found is not None else None


def activated(argv: Sequence[str | None], cwd: str | None) -> str | None:
    """The environment that ``. FOLDER/bin/activate`` enters."""
    if len(argv) != 2 or argv[0] not in (".", "source") or argv[1] is None:
        return None
    folder, slash, name = argv[1].rpartition("/bin/")
    return _folder(folder, cwd) if slash and name == "activate" else None


def replace_path(config: Config, environment: str | None) -> Config:
    """The configuration with an environment's programs found first; as it is for None."""
    if environment is None:
        return config
    path = ":".join((f"{environment}/bin", *(config.search_path or ())))
    return replace(config, environment={**config.environment, "PATH": path, "VIRTUAL_ENV": environment})


def first_environment(config: Config) -> str | None:
    """The environment whose programs are found first; None where that is the system's Python."""
    first = (config.search_path or ("/usr/local/bin",))[0]
    folder, _, name = first.rpartition("/")
    return folder if name == "bin" and folder not in _SYSTEM else None


def moved_to_environment(paths: tuple[str, ...], config: Config) -> tuple[str, ...]:
    """Python packages go to the environment whose ``pip`` is found first, if that is a folder of its own."""
    folder = first_environment(config)
    if folder is None or not any("site-packages" in path for path in paths):
        return paths
    return (*(path for path in paths if path == "."), folder)


def _folder(text: str, cwd: str | None) -> str | None:
    if not text.startswith("/") and cwd is None:
        return None
    folder = posixpath.normpath(posixpath.join(cwd or "/", text))
    return folder if folder not in _SYSTEM else None
