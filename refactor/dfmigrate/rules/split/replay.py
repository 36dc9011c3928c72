"""What a RUN of the original becomes in the runtime stage: nothing, itself, or the part of it that a running image
needs."""

from __future__ import annotations

import enum
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dfmigrate.knowledge.java_packages import is_jdk_package
from dfmigrate.knowledge.packages import build_only_unless_called, is_build_only
from dfmigrate.knowledge.releases import stable_runtime_packages
from dfmigrate.model import Action, Layer, StageModel, is_within
from dfmigrate.model.global_tools import is_global_install, serves_only_the_build
from dfmigrate.model.image_modes import changed_of_image, found_by, own_folders
from dfmigrate.model.java import builds_java
from dfmigrate.model.packages import installation, package_name, removal, verb
from dfmigrate.model.python_installs import configures_build_tool, makes_environment
from dfmigrate.rules.rule import declined

from . import RULE

_REMOVALS = frozenset({"del", "remove", "purge", "erase", "autoremove", "-r", "--purge", "-P", "-i", "--install"})
"""Words with which a package manager takes packages away, or installs a file that only the builder has."""

_TIDY = frozenset({"update", "upgrade", "dist-upgrade", "clean", "autoclean", "check", "-a", "--configure"})
"""Words of commands that refresh package lists, bring packages up to date, or empty caches."""

_REPLAYED = frozenset({"user-management", "configuration"})
_HOUSEKEEPING = frozenset({"cleanup", "inspection"})


_PASSING = ("/tmp", "/var/tmp", "/var/cache", "/var/lib/apt", "/root")
"""Folders whose content a later ``rm`` may leave to the builder."""
_STEERS = frozenset({"cd", "export", "set", "umask", ".", "source"})
"""Commands that change how the shell goes on."""


class Part(enum.Enum):
    """What one command is to the runtime stage."""

    RUNTIME = "runtime"
    """It runs there too, word for word."""
    PACKAGES = "packages"
    """It installs packages; those that a running image needs are installed there too."""
    HOUSEKEEPING = "housekeeping"
    """It only matters beside a command of the other kinds (``apt-get update``, ``rm -rf /var/lib/apt/lists/*``, ``set
    -e``)."""
    BUILD = "build"
    """It belongs to the builder; what it leaves is carried over."""


@dataclass(frozen=True, slots=True)
class Replay:
    """One RUN, seen from the runtime stage."""

    layer: Layer
    commands: tuple[str, ...] | None
    """The commands for the runtime's RUN; empty: none needed; None: the instruction as it stands."""
    builds: bool
    """Some of its commands belong to the builder."""
    makes: bool
    """Some of them compile, install dependencies or fetch: more than a file's mode or owner."""
    dropped: tuple[str, ...]
    """Packages that the runtime does not install."""
    added: tuple[str, ...]
    """Runtime packages that take the place of -dev packages."""


@dataclass(frozen=True, slots=True)
class PackageChoice:
    """How one installed package is treated in the runtime."""

    kept: tuple[str, ...]
    dropped: bool


def choose_package(word: str, stage: StageModel, called: Callable[[str], bool]) -> PackageChoice:
    """Keep a package, drop it as build-only, or put the runtime packages of a -dev package in its place."""
    name = package_name(word)
    distribution = stage.base.distribution if stage.base is not None else None
    if name not in stage.packages:
        # A later command takes it away again.
        return PackageChoice((), True)
    if distribution is None:
        return PackageChoice((word,), False)
    if is_jdk_package(name) and not builds_java(stage):
        # What else asks for a JDK may ask for its compiler.
        return PackageChoice((word,), False)
    libraries = stable_runtime_packages(stage.base, name) if stage.base is not None else None
    if is_build_only(distribution, name):
        return PackageChoice(libraries or (), True)
    programs = build_only_unless_called(distribution, name)
    if programs is not None and not any(called(program) for program in programs):
        return PackageChoice(libraries or (), True)
    if libraries is not None:
        return PackageChoice(libraries, True)
    return PackageChoice((word,), False)


def replay(
    layer: Layer, stage: StageModel, roots: Sequence[str], called: Callable[[str], bool], made: Sequence[str] = ()
) -> Replay:
    """Decide for one RUN. Raises ``Declined`` where a command is not understood."""
    _require_understood(layer, stage, called)
    if layer.actions and all(_refreshes(action) for action in layer.actions):
        return Replay(layer, None, False, False, (), ())
    parts = _parts(layer, stage, roots, called, made)
    if all(part is Part.RUNTIME or part is Part.HOUSEKEEPING for part in parts) and Part.RUNTIME in parts:
        return Replay(layer, None, False, False, (), ())
    here = {name for action in layer.actions if (gone := removal(action.argv)) is not None for name in gone.packages}
    commands: list[str] = []
    dropped: list[str] = []
    added: list[str] = []
    needed = False
    for action, part in zip(layer.actions, parts, strict=True):
        if part is Part.PACKAGES:
            text, left, new = _installs(action, stage, called)
            # What the same RUN takes away again is in no layer anyway.
            done = installation(action.argv)
            brief = here if done is None or done.virtual not in here else {*here, *map(package_name, done.packages)}
            dropped.extend(word for word in left if package_name(word) not in brief)
            added.extend(new)
            needed = needed or text is not None
            if text is not None:
                commands.append(text)
        elif part is Part.RUNTIME:
            commands.append(action.text)
            needed = True
        elif part is Part.HOUSEKEEPING and action.certain and _stands_with(action, parts):
            commands.append(action.text)
    builds = Part.BUILD in parts
    makes = any(
        part is Part.BUILD and action.role in ("build", "dependency-install", "download")
        for action, part in zip(layer.actions, parts, strict=True)
    )
    if not needed:
        return Replay(layer, (), builds, makes, tuple(dropped), tuple(added))
    if not builds and not dropped:
        return Replay(layer, None, False, False, (), ())
    _require_plain(layer, parts)
    return Replay(layer, tuple(commands), builds, makes, tuple(dropped), tuple(added))


def _require_understood(layer: Layer, stage: StageModel, called: Callable[[str], bool]) -> None:
    """Every command's effects are known, and none takes away what the runtime would lack."""
    if layer.opaque is not None:
        message = f"this RUN may have written files anywhere: {layer.opaque}"
        hint = "name all that it leaves behind with --artifact PATH, once for each, or ask `dfmigrate verify --learn`"
        raise declined("A2", RULE, message, hint, layer.line)
    kept_away = next((a for a in layer.actions if _removes(a) and not undoes(a, stage, called)), None)
    if kept_away is not None:
        message = f"`{kept_away.text[:60]}` takes packages away again, which a runtime that lacks them could not"
        hint = "leave packages that only the build needs to the builder, and drop the removal"
        raise declined("A18", RULE, message, hint, layer.line)
    unknown = next((action for action in layer.actions if _is_strange(action)), None)
    if unknown is not None:
        message = f"`{unknown.text[:60]}` changes the system's packages in a way that is not known"
        raise declined("A2", RULE, message, "install packages with `apt-get install NAME` or its like", layer.line)


def _parts(
    layer: Layer, stage: StageModel, roots: Sequence[str], called: Callable[[str], bool], made: Sequence[str]
) -> list[Part]:
    """What each command is to the runtime, beside the others of its RUN."""
    parts = _following(layer.actions, [part_of(action, roots, called) for action in layer.actions], made)
    parts = [
        Part.RUNTIME
        if part is Part.BUILD and (_divides(action, stage, roots) or _changes_image(at, layer, stage, roots))
        else part
        for at, (action, part) in enumerate(zip(layer.actions, parts, strict=True))
    ]
    parts = [
        Part.RUNTIME if part is Part.HOUSEKEEPING and _clears_folder(at, layer, stage, roots) else part
        for at, part in enumerate(parts)
    ]
    if Part.BUILD not in parts:
        return parts
    # What is cleaned up after the build is not in the runtime.
    return [
        Part.BUILD if part is Part.HOUSEKEEPING and _removes_own_files(action, roots) else part
        for action, part in zip(layer.actions, parts, strict=True)
    ]


def part_of(action: Action, roots: Sequence[str], called: Callable[[str], bool]) -> Part:
    """What one command is to the runtime, given the folders that are carried over from the builder anyway."""
    if is_global_install(action):
        return Part.BUILD if serves_only_the_build(action, called) else Part.RUNTIME
    if _removes(action):
        return Part.BUILD
    if action.role == "system-packages":
        return Part.PACKAGES if installation(action.argv) is not None else Part.HOUSEKEEPING
    outside = [write for write in action.writes if not any(is_within(write.path, root) for root in roots)]
    if action.program == "setcap":
        # BuildKit keeps file capabilities in COPY --from.
        return Part.BUILD
    if action.program == "rm" and _removes_system_files(action, roots):
        return Part.RUNTIME
    if makes_environment(action) or configures_build_tool(action, called):
        return Part.BUILD
    if action.role in _REPLAYED:
        return Part.RUNTIME if outside or not action.writes else Part.BUILD
    if action.role in _HOUSEKEEPING and not action.writes:
        return Part.HOUSEKEEPING
    if outside and action.program in ("echo", "printf"):
        return Part.RUNTIME
    if outside and action.program == "sed" and all(write.path.startswith("/etc/") for write in outside):
        return Part.RUNTIME
    if action.program in ("mkdir", "ln") and outside:
        return Part.RUNTIME
    return Part.BUILD


def _following(actions: Sequence[Action], parts: Sequence[Part], earlier: Sequence[str]) -> list[Part]:
    """``chown`` and ``chmod`` of folders that a command of the same RUN makes in the runtime go with it."""
    made = [*earlier, *made_in_runtime(actions, parts)]
    found = []
    for action, part in zip(actions, parts, strict=True):
        targets = [word for word in action.argv[2:] if word is not None and not word.startswith("-")]
        changes = action.program in ("chown", "chmod", "chgrp") and bool(targets)
        found.append(Part.RUNTIME if changes and all(target in made for target in targets) else part)
    return found


def _divides(action: Action, stage: StageModel, roots: Sequence[str]) -> bool:
    """``chown`` of a part of the application: a COPY of the whole has one owner, so it is given away again."""
    if action.program != "chown" or None in action.argv or action.cwd is None:
        return False
    targets = [word for word in action.argv[1:] if word is not None and not word.startswith("-")][1:]
    paths = [posixpath.normpath(posixpath.join(action.cwd, target)) for target in targets]
    around = [root for root in roots if any(is_within(path, root) for path in paths)]
    return any(len({write.owner for write in stage.files.below(root)}) > 1 for root in around)


def _changes_image(at: int, layer: Layer, stage: StageModel, roots: Sequence[str]) -> bool:
    """``chown``, ``chgrp`` or ``chmod`` of folders of the base image, which are there again, unchanged."""
    place = stage.layers.index(layer)
    ground = replace(stage.files, writes=(), opaque=())
    before = found_by(at, stage.layers[place - 1].files if place else ground, layer.actions)
    return any(
        not any(is_within(target.path, root) for root in (*roots, *own_folders(stage)))
        for target in changed_of_image(at, layer, before, stage, roots)
    )


def made_in_runtime(actions: Sequence[Action], parts: Sequence[Part]) -> list[str]:
    """The words of commands that the runtime repeats: the folders that they make are among them."""
    pairs = zip(actions, parts, strict=True)
    return [word for action, part in pairs if part is Part.RUNTIME for word in action.argv[1:] if word is not None]


def _refreshes(action: Action) -> bool:
    """Only brings the package lists up to date."""
    return action.role == "system-packages" and verb(action.argv) in ("update", "upgrade", "dist-upgrade")


def _is_strange(action: Action) -> bool:
    """A package manager's command that neither installs, refreshes, removes nor tidies up."""
    if action.role != "system-packages" or _removes(action):
        return False
    done = installation(action.argv)
    if done is not None:
        return any("/" in package.partition("=")[0] and not package.startswith("@") for package in done.packages)
    return not any(word in _TIDY for word in action.argv)


def installs_packages(item: Replay) -> bool:
    """Whether the runtime installs packages with this RUN."""
    if item.commands is not None and not item.commands:
        return False
    return any(installation(action.argv) is not None for action in item.layer.actions)


def _removes_system_files(action: Action, roots: Sequence[str]) -> bool:
    """``rm`` of something that the base image or a package brought, caches and temporary files aside."""
    for word in action.argv[1:]:
        path = word if word is not None and word.startswith("/") else None
        if path is None or any(is_within(path, root) for root in roots):
            continue
        if not any(is_within(path, folder) for folder in _PASSING):
            return not any(part in path for part in ("*", "?"))
    return False


def _clears_folder(at: int, layer: Layer, stage: StageModel, roots: Sequence[str]) -> bool:
    """``rm`` by a relative path or with a wildcard, in a folder that the image fills and the file has not touched."""
    action = layer.actions[at]
    if action.program != "rm" or action.cwd is None:
        return False
    place = stage.layers.index(layer)
    before = stage.layers[place - 1].files if place else None
    here = [write.path for earlier in layer.actions[:at] for write in earlier.writes]
    for word in action.text.split()[1:]:
        # A word with a wildcard reaches no further than the folder in front of it.
        literal = re.split(r"[*?\[{$`\"'\\~]", word, maxsplit=1)[0]
        folder = literal if literal == word else posixpath.dirname(literal)
        path = posixpath.normpath(posixpath.join(action.cwd, folder))
        if not literal or word.startswith("-") or any(is_within(path, root) for root in (*roots, *_PASSING)):
            continue
        touched = (before is not None and before.reaches(path)) or any(
            is_within(one, path) or is_within(path, one) for one in here
        )
        moved = not word.startswith("/") and action.cwd != layer.before.workdir
        if not touched and not moved and stage.files.brings(path):
            return True
    return False


def _removes_own_files(action: Action, roots: Sequence[str]) -> bool:
    """``rm`` of paths in the folders that are carried over, and of nothing else."""
    words = [word for word in action.argv[1:] if word is None or not word.startswith("-")]
    if action.program != "rm" or action.cwd is None or not words:
        return False
    paths = [posixpath.normpath(posixpath.join(action.cwd, word)) if word is not None else None for word in words]
    return all(path is not None and any(is_within(path, root) for root in roots) for path in paths)


def _removes(action: Action) -> bool:
    return action.role == "system-packages" and bool(
        _REMOVALS.intersection(word for word in action.argv if word is not None)
    )


def undoes(action: Action, stage: StageModel, called: Callable[[str], bool]) -> bool:
    """Whether it takes away only what the builder installed for itself, so that the runtime never has it."""
    gone = removal(action.argv)
    if gone is None or not action.certain:
        return False
    installed = [done for layer in stage.layers for a in layer.actions if (done := installation(a.argv)) is not None]
    named = {package_name(word) for done in installed for word in done.packages}
    if gone.manager == "apk":
        sets = {done.virtual for done in installed}
        return all(package in sets or (package in named and package not in stage.packages) for package in gone.packages)
    # What came along with a package may stay when it goes, so only packages whose part at run time is known may go.
    return all(package in named and choose_package(package, stage, called).dropped for package in gone.packages)


def _stands_with(action: Action, parts: Sequence[Part]) -> bool:
    """Package lists are refreshed and cleaned only where packages are installed; `set -e` and `cd` go anywhere."""
    return Part.PACKAGES in parts and action.program not in ("cd",)


def _installs(
    action: Action, stage: StageModel, called: Callable[[str], bool]
) -> tuple[str | None, list[str], list[str]]:
    done = installation(action.argv)
    assert done is not None
    kept: list[str] = []
    dropped: list[str] = []
    added: list[str] = []
    spelled = dict(zip(action.argv, action.spelled, strict=True)) if action.spelled else {}
    choices = {word: choose_package(word, stage, called) for word in done.packages}
    # A variable is kept as it is written where all that it stands for is.
    split = {spelled.get(word) for word, choice in choices.items() if choice.dropped}
    for word, choice in choices.items():
        source = spelled.get(word, word)
        packages = (source,) if choice.kept == (word,) and "$" in source and source not in split else choice.kept
        kept.extend(package for package in packages if package not in kept)
        if choice.dropped:
            dropped.append(word)
            added.extend(choice.kept)
    if not kept:
        return None, dropped, added
    head = [word for word in action.argv if word is not None and word not in done.packages]
    if done.virtual is not None:
        head = [word for word in head if word not in ("--virtual", "-t", done.virtual)]
    return " ".join((*head, *kept)), dropped, added


def _require_plain(layer: Layer, parts: Sequence[Part]) -> None:
    """A RUN can be taken apart when it is one chain of commands, and what the runtime needs of it are simple ones."""
    script = layer.reading.script if layer.reading is not None else None
    if (
        script is None
        or script.chain is None
        or not all(_is_plain(action, part) for action, part in zip(layer.actions, parts, strict=True))
    ):
        raise declined(
            "A2",
            RULE,
            "this RUN mixes what the image needs with what only the build needs, and cannot be taken apart",
            "put the two into separate RUN instructions",
            layer.line,
        )


def _is_plain(action: Action, part: Part) -> bool:
    """Certain, or whole in the builder: a pipeline that downloads, `$(nproc)`, a condition."""
    if action.certain or part is Part.BUILD:
        return True
    return part is Part.HOUSEKEEPING and action.role == "inspection" and action.program not in _STEERS
