"""Where webpack writes, as far as its configuration says so in literals."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context.node import NodeProject
from dfmigrate.context.node_config import Setting, setting_in

_OUTPUT = r"output['\"]?\s*:\s*\{[^{}]{0,2000}?\b"


def webpack_output(project: NodeProject, folder: str, named: Setting) -> tuple[str, ...] | None:
    """What a run in ``folder`` writes, relative to it; None when unknown. ``named`` is its ``--config``."""
    context = project.context
    around = posixpath.dirname(posixpath.join(folder, named.value)) if named.value else folder
    # Configurations are often merged from several files beside each other.
    files = [path for path in context.children(around) if re.search(r"(?:^|/)webpack[\w.-]*\.[cm]?[jt]s$", path)]
    if not files:
        return None if named.given else ("dist",)
    setting = setting_in(context, files, _OUTPUT + "path")
    if setting.given and setting.value is not None and around != folder:
        return (posixpath.relpath(posixpath.join(around, setting.value), folder or "."),)
    if any("output.path" in (context.read(path) or "") for path in files):
        return None
    if setting.given:
        return None if setting.value is None else (setting.value,)
    if not _is_old(project):
        return ("dist",)
    name = setting_in(context, files, _OUTPUT + "filename").value
    return (posixpath.normpath(name).split("/")[0],) if name and "[" not in name else None


def _is_old(project: NodeProject) -> bool:
    """Before its fourth version webpack writes into the folder that it works in, unless told another one."""
    major = re.search(r"\d+", project.versions.get("webpack", ""))
    return major is not None and int(major[0]) < 4
