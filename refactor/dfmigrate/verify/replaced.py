"""Files of the base image that the original replaced, and that are the base image's own again in the result."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import File
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.pair import Pair
from dfmigrate.verify.regions import is_library, library_folder

_TEXT = "the base image's own file is in place of the one that the original put there"


def replaced_files(pair: Pair) -> Iterator[Finding]:
    """Broken where something refers to the file or starts it; what a build alone used, as a newer pip, is a note."""
    shebangs = {
        posixpath.basename(word)
        for file in pair.kept.values()
        if file.shebang is not None and file.is_executable
        for word in file.shebang.split()
    }
    rest: dict[str, list[File]] = {}
    for path, file in pair.ours.items():
        if not pair.is_of_base_again(path):
            continue
        who = _starter(path, shebangs, pair) or (pair.references.to(path) if not is_library(path) else None)
        if who is None:
            rest.setdefault(library_folder(path) or posixpath.dirname(path), []).append(file)
            continue
        yield Finding(
            "files", "A1", Weight.BROKEN, path, f"{_TEXT}, and {who} refers to it", _described(file),
            _described(pair.after.files.files[path]), pair.causes.path(path), "copy it into the final stage",
        )  # fmt: skip
    for folder, files in rest.items():
        one = len(files) == 1
        text = f"{_TEXT}, and nothing that is kept refers to it"
        if not one:
            text = (
                f"{len(files)} files below it are the base image's own again, and nothing that is kept refers to them"
            )
        subject = files[0].path if one else folder
        yield Finding("files", "A1", Weight.NOTE, subject, text, line=pair.causes.path(folder))


def _starter(path: str, shebangs: set[str], pair: Pair) -> str | None:
    """Who starts a program by its name alone."""
    folder, name = posixpath.split(path)
    if folder not in pair.after.config.search_path:
        return None
    return pair.references.started.get(name) or ("a script's first line" if name in shebangs else None)


def _described(file: File) -> str:
    return f"link to {file.target}" if file.kind is Kind.LINK else f"{file.kind.value} of {file.size} bytes"
