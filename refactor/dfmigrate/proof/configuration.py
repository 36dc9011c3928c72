"""The image configuration is the same but for what a rule declared."""

from __future__ import annotations

import re

from dfmigrate.migration import Proved
from dfmigrate.model import Command, StageModel
from dfmigrate.model.mentions import mentions
from dfmigrate.model.ports import single_ports

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Field by field, as ``docker inspect`` would show them."""
    old, new = case.old.final, case.new.final
    differences = [
        ("workdir", "D4", old.workdir, new.workdir),
        ("exposed", "D6", set(single_ports(old.exposed)), set(single_ports(new.exposed))),
        ("volumes", "D6", _kept_volumes(case), set(new.volumes)),
        ("labels", "D6", dict(old.labels), dict(new.labels)),
        ("healthcheck", "D6", old.healthcheck, new.healthcheck),
        ("stop signal", "D7", old.stop_signal or "SIGTERM", new.stop_signal or "SIGTERM"),
        ("shell", "D10", old.shell, new.shell),
        ("onbuild", "D9", old.onbuild, new.onbuild),
        ("command", "D5", _process(case.old), _process(case.new)),
        ("user", "D6", _user(old.user), _user(new.user)),
    ]
    opened = False
    for name, code, before, after in differences:
        if before != after and name not in case.declared:
            opened = True
            yield Open(
                "configuration",
                code,
                f"the image's {name} would change from {_shown(before)} to {_shown(after)}",
                "keep the instruction in the runtime",
                case.old.line,
            )
    for answer in _environment(case):
        opened = True
        yield answer
    if not opened:
        changed = f" but for {', '.join(sorted(case.declared))}, which is meant" if case.declared else ""
        yield Proved(
            "configuration",
            ("D1", "D4", "D5", "D6", "D7", "D15"),
            f"command, environment, working directory, ports and the rest of the configuration are the same{changed}",
        )


_ROOT = frozenset({"root", "0", "0:0", "root:root", "root:0", "0:root"})


def _user(written: str | None) -> str:
    """Root by any of its names is what an image without USER runs as."""
    return "" if written in _ROOT else written or ""


def _kept_volumes(case: Case) -> set[str]:
    """The old image's volumes; those of its base serve its own tools, and may go where the new one lacks them."""
    old, own = case.old.final.volumes, set(case.old.final.volumes) - set(case.old.initial.volumes)
    return {volume for volume in old if volume in own or volume in case.new.final.volumes}


def _process(stage: StageModel) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Entry point and command; an entry point of the base that only execs its arguments is no difference."""
    entrypoint, command = stage.final.entrypoint, stage.final.command
    passes = entrypoint is not None and entrypoint.line is None and stage.base is not None and stage.base.passthrough
    return (None if passes else _started(entrypoint), _started(command))


def _started(command: Command | None) -> tuple[str, ...] | None:
    return command.process() if command is not None else None


def _environment(case: Case) -> list[Open]:
    old, new = case.old.final.environment, case.new.final.environment
    own = {
        pair.name
        for stage in case.before.stages
        for layer in stage.layers
        if layer.name == "ENV"
        for pair in layer.instruction.pairs
    }
    found = []
    for name in sorted({*old, *new}):
        if f"env:{name}" in case.declared or (
            old.get(name, "") == new.get(name, "") and (name in old) == (name in new)
        ):
            continue
        if name == "LC_ALL" and name not in old and new.get(name) == old.get("LANG"):
            # With the value of LANG it changes nothing: every category had that locale before.
            continue
        if name in own:
            if old.get(name) is not None or name not in new:
                found.append(_open(name, old.get(name), new.get(name), case))
        elif name == "PATH":
            if not _path_holds(case):
                found.append(_open(name, old.get(name), new.get(name), case))
        elif (
            name in _of_the_compiler(case)
            or name in _INERT
            or (name.endswith("_VERSION") and not _is_mentioned(name, case))
        ):
            continue
        elif name in _STEERS or _is_mentioned(name, case):
            found.append(_open(name, old.get(name), new.get(name), case))
    return found


_INERT = frozenset({"GPG_KEY", "PHPIZE_DEPS", "PHP_SHA256", "GOTOOLCHAIN", "GOLANG_VERSION"})
_STEERS = frozenset(
    {
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "NODE_ENV",
        "ASPNETCORE_HTTP_PORTS",
        "ASPNETCORE_URLS",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "NODE_OPTIONS",
        "JAVA_TOOL_OPTIONS",
        "PYTHONPATH",
        "HOME",
    }
)
"""Variables that the language's runtime or C library reads itself."""


def _of_the_compiler(case: Case) -> frozenset[str]:
    """Variables of the old image that lead into its compiler's folders, and no library of the project lies about."""
    base, context = case.old.base, case.context
    options = base.runtimes if base is not None else ()
    found = next((option for option in options if option.reference == case.new.reference), None)
    if found is None or context is None or any(re.search(r"\.so(\.|$)", path) for path in context.files):
        return frozenset()
    return frozenset(name for name in found.own_variables if not _is_mentioned(name, case))


def _is_mentioned(name: str, case: Case) -> bool:
    texts = [
        layer.instruction.logical
        for layer in case.old.layers
        if layer.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "ENV")
    ]
    return any(name in text for text in texts) or case.context is None or mentions(case.context, name)


def _path_holds(case: Case) -> bool:
    """Folders of the old image's own PATH may go when the new image does not have them; the order of the rest stays."""
    old, new = case.old.final.search_path, case.new.final.search_path
    base_old = case.old.initial.search_path
    if old is None or new is None or base_old is None:
        return False
    return [folder for folder in old if folder in new] == [folder for folder in new if folder in old] and all(
        folder in new or folder in base_old for folder in old
    )


def _open(name: str, before: str | None, after: str | None, case: Case) -> Open:
    return Open(
        "configuration",
        "D1",
        f"the variable {name} would change from {_shown(before)} to {_shown(after)}",
        "keep its ENV in the runtime",
        case.old.line,
    )


def _shown(value: object) -> str:
    return "nothing" if value in (None, "", (), set(), {}) else f"`{value}`" if isinstance(value, str) else str(value)
