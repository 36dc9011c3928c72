"""What the project is like: the build context and the manifests in it. Unknown is a value, never a guess."""

from __future__ import annotations

from dfmigrate.context.build_context import Context, Entry
from dfmigrate.context.disk import read_context

__all__ = ["Context", "Entry", "read_context"]
