"""Steps that the original did not have can break nothing."""

from __future__ import annotations

from dfmigrate.migration import Proved
from dfmigrate.model import Action, Layer
from dfmigrate.model.checks import is_guard
from dfmigrate.model.closure import application, starts_without_development_packages
from dfmigrate.model.node_installs import node_installs
from dfmigrate.model.packages import installation
from dfmigrate.model.rewritten import LOCAL_LIBRARIES_FIRST, step_text

from .case import Answers, Case, Open

_PACKAGE_LISTS = (
    ("apt-get", "update"),
    ("apk", "update"),
    ("apt-get", "clean"),
    ("rm", "-rf", "/var/lib/apt/lists/*"),
)
_MAKES_USERS = frozenset({"groupadd", "useradd", "addgroup", "adduser"})


def check(case: Case) -> Answers:
    """Look at every RUN that is new; one that only looks itself changes nothing."""
    known = {_text(layer) for stage in case.before.stages for layer in stage.layers if layer.name == "RUN"}
    pieces = {action.text for stage in case.before.stages for layer in stage.layers for action in layer.actions}
    added = [
        layer
        for stage in case.after.stages
        for layer in stage.layers
        if layer.name == "RUN" and _text(layer) not in known and not is_guard(layer.instruction)
    ]
    opened = False
    for layer in added:
        for action in layer.actions:
            if action.text in pieces or _is_harmless(action) or _is_about_sources(action, layer, case):
                continue
            why = _danger(action, layer, case)
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
    return step_text(layer.instruction)


def _is_harmless(action: Action) -> bool:
    """Package lists, installs of named packages, and new users: nothing that takes anything away."""
    if action.program in _MAKES_USERS or action.text.split() in [list(words) for words in _PACKAGE_LISTS]:
        return True
    done = installation(action.argv)
    return done is not None and not any("/" in package for package in done.packages)


def _is_about_sources(action: Action, layer: Layer, case: Case) -> bool:
    """It only says where the runtime's packages are; whether they are there is asked by ``package_sources``."""
    archive = case.new.base.archive if case.new.base is not None else None
    if archive is None or layer not in case.new.layers or action.program != "sed":
        return False
    return bool(action.writes) and all(write.path == archive.list for write in action.writes)


def _danger(action: Action, layer: Layer, case: Case) -> Open | None:
    words = tuple(action.argv)
    if action.program == "venv" or words[:3] == ("go", "mod", "download"):
        return None
    if action.program == "dotnet" and words[1:2] == ("restore",):
        return None
    if words[:2] in (("npm", "prune"), ("pnpm", "prune")) or words[:3] == ("yarn", "install", "--production"):
        return _prune(action, layer, case)
    if action.program == "chown" or action.text in LOCAL_LIBRARIES_FIRST:
        return None
    return Open(
        "added-steps", "A2", f"`{action.text}` is not a step that is known to be safe to add", "report this file"
    )


def _prune(action: Action, layer: Layer, case: Case) -> Open | None:
    """Development packages may go only when nothing that runs needs one, and only by the hand that brought them."""
    node = application(case.before)
    if node is None:
        return Open(
            "added-steps",
            "C1",
            "whether the application runs without development packages is not known",
            "run with the build context at hand",
        )
    if node.lifecycle and "--ignore-scripts" not in action.argv:
        return Open(
            "added-steps",
            "C5",
            f"pruning would run the project's `{node.lifecycle[0]}` script again",
            "remove the script",
            None,
            node.path,
        )
    if action.program == "yarn" and "--ignore-scripts" in action.argv:
        message = "what Yarn lays down anew when it prunes would not be built"
        return Open("added-steps", "C5", message, "prune with the scripts of the packages", None, node.path)
    installs = [one for stage in case.before.stages for one in node_installs(stage.layers, case.context)]
    if {one.manager for one in installs} != {action.program} or {one.action.cwd for one in installs} != {action.cwd}:
        message = f"`{action.program}` would prune what another program, or an install elsewhere, has laid down"
        return Open("added-steps", "C5", message, "prune with the program that installs", case.old.line)
    if node.is_workspace or node.local_dependencies or node.manager == "yarn-berry":
        message = "what pruning takes away in a workspace, or of packages that are folders, is not known"
        return Open("added-steps", "C5", message, "keep the development packages", None, node.path)
    late = [one for one in layer.actions if one is not action]
    if late:
        return Open("added-steps", "C5", "the prune is not a step of its own", "report this file", case.old.line)
    why = starts_without_development_packages(case.before)
    return None if why is None else Open("added-steps", "C1", why, "move the package to dependencies", None, node.path)
