"""Real applications, built and run before and after their migration."""

from __future__ import annotations
