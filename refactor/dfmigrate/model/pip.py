"""The command line of ``pip install``: requirement files, names, and projects of the context."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .actions import Action

_FILES = ("-r", "--requirement", "-c", "--constraint")
_VALUES = frozenset(
    {
        *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--no-binary", "--only-binary", "--timeout"),
        *("--trusted-host", "--retries", "--proxy", "--cache-dir", "--progress-bar", "--platform", "--python-version"),
        *("--implementation", "--abi", "--root-user-action", "--cert", "--log", "--src"),
    }
)
_ARCHIVE = (".whl", ".tar.gz", ".zip")


@dataclass(frozen=True, slots=True)
class PipArguments:
    requirements: tuple[str, ...]
    """Requirement files, as written."""
    constraints: tuple[str, ...]
    names: tuple[str, ...]
    """Distributions, normalised."""
    local: tuple[str, ...]
    """Folders and archives."""


def pip_arguments(argv: tuple[str, ...]) -> PipArguments:
    """Read the words behind ``pip install``."""
    rest = list(argv[argv.index("install") + 1 :]) if "install" in argv else []
    files: dict[str, list[str]] = {"r": [], "c": []}
    names, local = list[str](), list[str]()
    while rest:
        word = rest.pop(0)
        joined = re.match(r"(-r|-c|--requirement=|--constraint=)(.+)", word)
        if word in _FILES and rest:
            files[word.lstrip("-")[0]].append(rest.pop(0))
        elif joined is not None:
            files[joined[1].lstrip("-")[0]].append(joined[2])
        elif word in ("-e", "--editable") and rest:
            local.append(rest.pop(0))
        elif word in _VALUES and rest:
            rest.pop(0)
        elif word.startswith("-"):
            continue
        elif word.startswith((".", "/")) or "/" in word.partition("[")[0].partition(" @")[0] or word.endswith(_ARCHIVE):
            local.append(word)
        else:
            name = re.match(r"[A-Za-z0-9][\w.-]*", word)
            if name is not None:
                names.append(re.sub(r"[-_.]+", "-", name[0]).lower())
    return PipArguments(tuple(files["r"]), tuple(files["c"]), tuple(names), tuple(local))


def is_pip_install(action: Action) -> bool:
    """``pip install`` in any spelling."""
    program = action.program
    return program is not None and re.fullmatch(r"pip[\d.]*", program) is not None and _installs(action)


def _installs(action: Action) -> bool:
    return action.role == "dependency-install" and "install" in action.argv


def installs_by_name(action: Action) -> frozenset[str]:
    """The distributions that a ``pip install`` names; empty for every other command."""
    if not is_pip_install(action) or None in action.argv:
        return frozenset()
    return frozenset(pip_arguments(tuple(word for word in action.argv if word is not None)).names)
