"""Files whose text stands in the Dockerfile itself, in the here-documents of COPY and ADD.

They are no part of the build context, but the application runs and reads them like those that are. So they join the
context's files under names that no file sent can have, and every reader of the context sees them too.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from dataclasses import replace

from dfmigrate.context import Context
from dfmigrate.context.build_context import Entry
from dfmigrate_grammar import Dockerfile, Instruction
from dfmigrate_grammar.heredoc import Heredoc


def inline_path(instruction: Instruction, heredoc: Heredoc) -> str:
    """The name among the context's files: the same for the same text, and ending as the file in the image does.

    Variables in the text stay as they are written: what they become is known to the builder alone.
    """
    destination = instruction.destination
    name = posixpath.basename(destination)
    if destination.endswith(("/", ".")) or ("." in heredoc.name and "." not in name):
        # A folder, which only the final slash tells for certain.
        name = heredoc.name
    digest = hashlib.sha256(heredoc.content.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"<<{digest}/{name}"


def with_inline_files(dockerfile: Dockerfile, context: Context) -> Context:
    """The context with these files among its own; the same context when there are none, or none that are new."""
    texts: dict[str, bytes] = {}
    entries: dict[str, Entry] = {}
    for instruction, heredoc in _written(dockerfile):
        path = inline_path(instruction, heredoc)
        texts[path] = heredoc.content.encode("utf-8", "surrogateescape")
        mode = _mode(instruction.flag("chmod"))
        entries[path] = Entry(path, len(texts[path]), mode & 0o111 != 0, mode=mode)
    if entries.keys() <= context.inline:
        return context
    reader = context.reader

    def read(path: str, limit: int) -> bytes | None:
        data = texts.get(path)
        return reader(path, limit) if data is None else data if len(data) <= limit else None

    folders = context.folders | {posixpath.dirname(path) for path in entries}
    return replace(
        context,
        files={**context.files, **entries},
        folders=folders,
        reader=read,
        inline=context.inline | entries.keys(),
    )


def holder_of(path: str, dockerfile: Dockerfile) -> Instruction | None:
    """The instruction that holds the text of such a file; None for every other path."""
    return next((one for one, heredoc in _written(dockerfile) if inline_path(one, heredoc) == path), None)


def _written(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, Heredoc]]:
    for instruction in dockerfile.instructions:
        if instruction.name in ("COPY", "ADD"):
            yield from ((instruction, heredoc) for heredoc in instruction.heredocs)


def _mode(written: str | None) -> int:
    """Docker gives such a file 0644 where it is told nothing; a mode that is not plain may make it a program."""
    try:
        return int(written, 8) if written is not None else 0o644
    except ValueError:
        return 0o755
