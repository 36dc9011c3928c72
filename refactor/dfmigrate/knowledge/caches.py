"""Which cache folders may be left out of an image by mounting them while a RUN works."""

from __future__ import annotations

from typing import Literal

from dfmigrate.knowledge.packs import read_pack

Cache = Literal["download", "store"]


def cache_kind(path: str) -> Cache | None:
    """``download``: only saves downloading again; ``store``: built from later on; None: not known to be a cache."""
    pack = read_pack("caches.toml")
    return "download" if path in pack["download"]["paths"] else "store" if path in pack["store"]["paths"] else None
