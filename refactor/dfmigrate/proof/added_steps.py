"""Steps that the original did not have can break nothing."""

from __future__ import annotations

from dfmigrate.context.node import node_project
from dfmigrate.migration import Proved
from dfmigrate.model import Action, Layer
from dfmigrate.model.closure import starts_without_development_packages
from dfmigrate.model.packages import installation

from .case import Answers, Case, Open

_PACKAGE_LISTS = (
    ("apt-get", "update"),
    ("apk", "update"),
    ("apt-get", "clean"),
    ("rm", "-rf", "/var/lib/apt/lists/*"),
)
_MAKES_USERS = frozenset({"groupadd", "useradd", "addgroup", "adduser"})


def check(case: Case) -> Answers:
    """Look at every RUN that is new."""
    known = {_text(layer) for stage in case.before.stages for layer in stage.layers if layer.name == "RUN"}
    pieces = {action.text for stage in case.before.stages for layer in stage.layers for action in layer.actions}
    added = [
        layer
        for stage in case.after.stages
        for layer in stage.layers
        if layer.name == "RUN" and _text(layer) not in known
    ]
    opened = False
    for layer in added:
        for action in layer.actions:
            if action.text in pieces or _is_harmless(action):
                continue
            why = _danger(action, case)
            if why is not None:
                opened = True
                yield why
    if added and not opened:
        yield Proved(
            "added-steps",
            ("C1", "C5", "F11"),
            "each added RUN only installs, removes or prepares what is shown to be safe",
        )


def _text(layer: Layer) -> str:
    return " ".join(layer.instruction.logical.split())


def _is_harmless(action: Action) -> bool:
    """Package lists, installs of named packages, and new users: nothing that takes anything away."""
    if action.program in _MAKES_USERS or action.text.split() in [list(words) for words in _PACKAGE_LISTS]:
        return True
    done = installation(action.argv)
    return done is not None and not any("/" in package for package in done.packages)


def _danger(action: Action, case: Case) -> Open | None:
    words = tuple(action.argv)
    if action.program == "venv" or words[:3] == ("go", "mod", "download"):
        return None
    if action.program == "dotnet" and words[1:2] == ("restore",):
        return None
    if words[:2] == ("npm", "prune"):
        return _prune(case)
    if action.program == "chown":
        return None
    return Open(
        "added-steps", "A2", f"`{action.text}` is not a step that is known to be safe to add", "report this file"
    )


def _prune(case: Case) -> Open | None:
    """Development packages may go only when nothing that runs needs one."""
    node = node_project(case.context) if case.context is not None else None
    if node is None:
        return Open(
            "added-steps",
            "C1",
            "whether the application runs without development packages is not known",
            "run with the build context at hand",
        )
    if node.lifecycle:
        return Open(
            "added-steps",
            "C5",
            f"pruning would run the project's `{node.lifecycle[0]}` script again",
            "remove the script",
            None,
            node.path,
        )
    why = starts_without_development_packages(case.before)
    return None if why is None else Open("added-steps", "C1", why, "move the package to dependencies", None, node.path)
