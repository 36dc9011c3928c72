"""From paths on disk to migrations and back: finding, reading, running, writing; for one file or many repositories."""

from __future__ import annotations
