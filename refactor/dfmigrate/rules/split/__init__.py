"""The parts of ``split-stages``: when not to, what each RUN becomes, what is carried over, and how the result is
written."""

from __future__ import annotations

RULE = "split-stages"
