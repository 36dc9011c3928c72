"""The folders that a RUN has mounted: what it writes there is gone when it ends."""

from __future__ import annotations

from dfmigrate_grammar import Instruction

from .image import Config


def mount_targets(instruction: Instruction, config: Config) -> tuple[str, ...]:
    """Absolute targets of ``RUN --mount``, of every type."""
    found = []
    for flag in instruction.flags:
        if flag.name != "mount" or flag.value is None:
            continue
        fields = dict(field.partition("=")[::2] for field in flag.value.split(","))
        target = fields.get("target") or fields.get("dst") or fields.get("destination")
        path = config.absolute(target) if target else None
        if path is not None:
            found.append(path)
    return tuple(found)
