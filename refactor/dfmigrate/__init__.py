"""Turn a single-stage Dockerfile into the multi-stage one that an expert would write, and show why it is safe."""

from __future__ import annotations

__version__ = "0.1.0"
