"""The proof on an engine: both files built and run, and what came out laid side by side.

The only part of the program that runs anything of a Dockerfile.
"""

from __future__ import annotations
