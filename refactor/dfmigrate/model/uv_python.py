"""Whether uv works with the Python of the image, or may download another one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from dfmigrate.context import Context
from dfmigrate.context.pyproject import pyproject_file
from dfmigrate.knowledge.images import ImageFacts

_CLAUSE = re.compile(r"(>=|<=|==|~=|!=|>|<|\^)\s*(\d+)(?:\.(\d+))?(\.\d+|\.\*)?")


def takes_the_images(
    base: ImageFacts | None, context: Context | None, folder: str | None, variables: Mapping[str, str]
) -> bool:
    """True where the image is Python's own, or uv's that is made from it, and nothing of the project asks for another
    version than it has."""
    if base is None or base.version is None or context is None or folder is None or not has_pythons_own(base):
        return False
    if {"UV_PYTHON", "UV_PYTHON_PREFERENCE", "UV_MANAGED_PYTHON"} & variables.keys():
        system = variables.get("UV_PYTHON_PREFERENCE") in ("only-system", "system")
        if not system or "UV_PYTHON" in variables or "UV_MANAGED_PYTHON" in variables:
            return False
    series = re.match(r"\d+\.\d+", base.version)
    if series is None:
        return False
    pinned = (context.read(posixpath.join(folder, ".python-version")) or "").strip()
    if pinned and pinned not in (series[0], base.version):
        return False
    manifest = pyproject_file(context, posixpath.join(folder, "pyproject.toml"))
    if manifest is None or context.exists(posixpath.join(folder, "uv.toml")):
        return False
    return manifest.requires_python is None or allows(manifest.requires_python, series[0])


def has_pythons_own(base: ImageFacts) -> bool:
    """Whether it is the official image of Python, or uv's that is made from it."""
    return base.family == "python" or (base.family == "uv" and "python3" in base.tools)


def allows(specifier: str, series: str) -> bool:
    """Whether every patch release of a series (``3.12``) fits a version specifier; False where that is not plain."""
    major, minor = (int(part) for part in series.split("."))
    for clause in specifier.split(","):
        found = _CLAUSE.fullmatch(clause.strip())
        if found is None:
            return False
        low, rest = (int(found[2]), int(found[3] or 0)), found[4]
        here = (major, minor)
        fits = {
            ">=": here > low or (here == low and rest in (None, ".0")),
            ">": here > low,
            "<": here < low,
            "<=": here < low,
            "==": here == low and rest in (None, ".*") and found[3] is not None and rest == ".*",
            "~=": here >= low and major == low[0] and rest is None and found[3] is not None,
            "!=": here != low,
            "^": here >= low and major == low[0] and rest in (None, ".0"),
        }[found[1]]
        if not fits:
            return False
    return True
