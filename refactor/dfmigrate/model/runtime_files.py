"""Which files of the context may be read when the application runs."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Sequence

from dfmigrate.context import Context
from dfmigrate.knowledge.buildfiles import build_folder, is_build_file, kept_with

from .mentions import mentions, mentions_folder


def may_be_read(path: str, known: Sequence[str], context: Context) -> bool:
    """False only for a file that nothing but builds of these languages read, and that no text of the project names.

    A folder that a build packages (``src`` of a Java project) is named by its path: the names of the files in it are
    those under which the packaged program finds them.
    """
    folder = build_folder(path, known)
    if folder is not None:
        return mentions_folder(context, folder)
    name = posixpath.basename(path)
    if any(fnmatch.fnmatchcase(name, one) and mentions(context, library) for one, library in kept_with().items()):
        return True
    return not is_build_file(path, known) or mentions(context, path) or name == "package.json"
