"""What the project is like: the build context and the manifests in it. Unknown is a value, never a guess.

``read_context`` is the only function here that touches the disk. Every reader is a pure function of the ``Context``;
they are imported from their own modules, so that a run loads only those that it asks.
"""

from __future__ import annotations

from dfmigrate.context.build_context import Context, Entry
from dfmigrate.context.disk import read_context

__all__ = ["Context", "Entry", "read_context"]
