"""Header files, which nothing but a compiler reads."""

from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.knowledge.system import folders

from .files import Write, is_within
from .mentions import mentions_folder


def is_header(write: Write, context: Context | None) -> bool:
    """Whether a RUN wrote it among the system's headers, and no text of the project names their folder."""
    folder = next((one for one in folders("headers") if is_within(write.path, one)), None)
    return (
        write.origin.source == "run"
        and folder is not None
        and context is not None
        and not mentions_folder(context, folder.strip("/"))
    )
