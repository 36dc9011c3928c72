"""Reading the TOML packs that lie beside this file."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any


@functools.cache
def read_pack(name: str) -> dict[str, Any]:
    """Return a pack, for instance ``images/node.toml``; read once, when first asked for."""
    import tomllib  # here, as a cold start that asks for no pack does not pay for the parser

    return tomllib.loads((Path(__file__).parent / name).read_bytes().decode())
