"""What the user tells the tool of a project beyond its files. Read from disk by ``fleet.settings_file``."""

from __future__ import annotations

from dataclasses import dataclass, field

from dfmigrate.knowledge.overlay import Overlay


@dataclass(frozen=True, slots=True)
class Settings:
    """The facts and answers of one settings file; empty without one."""

    images: Overlay = field(default_factory=Overlay)


DEFAULTS = Settings()
