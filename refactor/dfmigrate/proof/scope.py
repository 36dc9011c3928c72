"""Every variable that an instruction refers to is set where it stands, to the same value as before."""

from __future__ import annotations

import re

from dfmigrate.migration import Proved
from dfmigrate.model import Layer, StageModel
from dfmigrate.model.expansion import referenced

from .case import Answers, Case, Open

_EXPANDED = frozenset(
    {"ENV", "LABEL", "COPY", "ADD", "WORKDIR", "USER", "EXPOSE", "VOLUME", "STOPSIGNAL", "RUN", "ARG"}
)


def check(case: Case) -> Answers:
    """Compare the scope of each instruction with that of the same instruction in the original."""
    opened = False
    original = {_key(layer): layer for stage in case.before.stages for layer in stage.layers}
    commands = {a.text: layer for stage in case.before.stages for layer in stage.layers for a in layer.actions}
    for stage in case.after.stages:
        for layer in stage.layers:
            # A RUN of which only a part is repeated has the scope of the one that the part comes from.
            parts = (commands[action.text] for action in layer.actions if action.text in commands)
            twin = original.get(_key(layer)) or next(parts, None)
            if twin is None or layer.name not in _EXPANDED:
                continue
            for name in sorted(_names(layer)):
                if _set(twin, name) and not _set(layer, name) and not _predefined(name):
                    opened = True
                    yield Open(
                        "scope",
                        "D2",
                        f"`${name}` would be empty in the stage {_name(stage)}",
                        f"declare ARG {name} in that stage",
                        twin.line,
                    )
    if not opened:
        yield Proved("scope", ("D2", "D3"), "every variable that an instruction refers to is set in its stage")


def _key(layer: Layer) -> tuple[str, str]:
    return layer.name, " ".join(layer.instruction.logical.split())


def _names(layer: Layer) -> frozenset[str]:
    if layer.name == "RUN":
        # The shell expands here; only names that the build sets as ARG or ENV can be lost.
        return frozenset(name for action in layer.actions for name in _shell_names(action.text))
    return referenced(layer.instruction.logical)


def _shell_names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\$\{?([A-Za-z_]\w*)", text))


def _set(layer: Layer, name: str) -> bool:
    return name in layer.before.environment or name in layer.arguments


def _predefined(name: str) -> bool:
    return name.startswith(("BUILD", "TARGET")) or name.lower() in (
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "ftp_proxy",
        "all_proxy",
    )


def _name(stage: StageModel) -> str:
    return stage.name or str(stage.node.index)
