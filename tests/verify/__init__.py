"""The proof on an engine, its parts that need none."""

from __future__ import annotations
