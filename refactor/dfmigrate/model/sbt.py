"""What a command of sbt leaves behind, where the build files are plain enough to say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.sbt import SbtProject, sbt_project

SCRATCH = ("target", "project/target", "project/project", ".bsp")
"""Folders that only a later build reads."""

_FLAGS = re.compile(
    r"-{1,2}(?:batch|no-colors|v|d|q|debug|warn|error|info|supershell=\w+|color=\w+|mem=?\d*)|-[DJX]\S+|\d+"
)
_NOTHING = frozenset(
    {"clean", "update", "compile", "test", "Test/compile", "test:compile", "reload", "version", "about"}
)
_SETTING = re.compile(r"set\s+(?:test\s+in\s+assembly|assembly\s*/\s*test)\s*:=\s*\{\s*\}")
_PLUGINS = frozenset(
    {
        *("sbt-assembly", "sbt-native-packager", "sbt-plugin", "sbt-twirl", "sbt-revolver", "sbt-scalafmt"),
        *("sbt-scalafix", "sbt-wartremover", "sbt-tpolecat", "sbt-buildinfo", "sbt-scoverage", "sbt-updates"),
        *("sbt-dependency-graph", "sbt-explicit-dependencies", "sbt-coursier", "sbt-coveralls", "sbteclipse-plugin"),
        *("scalastyle-sbt-plugin", "sbt-protoc", "sbt-web", "sbt-digest", "sbt-gzip", "sbt-less", "sbt-uglify"),
        *(
            "sbt-pack",
            "sbt-git",
            "sbt-coffeescript",
            "sbt-rjs",
            "sbt-jshint",
            "sbt-idea",
            "sbt-bloop",
            "sbt-play-enhancer",
        ),
    }
)
"""Plugins that write below ``target`` alone when they compile and package."""
_OWN_WORK = re.compile(
    r"\b(?:task|input|setting)Key\b|\b(?:Task|Input)Key\b|\bDef\s*\.\s*\w*[tT]ask\w*|\bIO\s*\.|\bFiles\s*\.|\bProcess\b|"
    r"\bsys\.process\b|\bjava\.(?:io|nio)\b|\bnew\s+File\b|\bFileOutputStream\b|\bPrintWriter\b|\.!|"
    r"\b(?:crossTarget|stagingDirectory|assemblyOutputPath|addCommandAlias|commands)\b|"
    r"(?<![\w.])target\b(?!\.value)"
)


def sbt_outputs(context: Context, folder: str, words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Paths below the folder that the tasks leave to be run; None when they may leave more."""
    project = sbt_project(context, folder)
    tasks = _tasks(words)
    if project is None or tasks is None or not _is_plain(project):
        return None
    found = [_made(task, project) for task in tasks if task not in _NOTHING]
    if found and tasks[-1] == "clean":
        return None
    prefix = f"{folder}/" if folder else ""
    made = [path.removeprefix(prefix) for path in found if path is not None]
    return tuple(dict.fromkeys(made)) if len(made) == len(found) else None


def _made(task: str, project: SbtProject) -> str | None:
    if task == "assembly":
        return project.assembly
    if task == "package":
        return project.package
    if task == "stage":
        return project.staged
    if task == "pack":
        return project.packed
    return project.zipped if task == "dist" else None


def _tasks(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """The tasks in order, each by one name; None when a word is not understood."""
    found = list(_each(words))
    return None if None in found else tuple(task for task in found if task)


def _each(words: tuple[str, ...]) -> Iterator[str | None]:
    for word in words:
        if _FLAGS.fullmatch(word):
            continue
        for one in word.split(";"):
            task = re.sub(r"\s*/\s*", "/", one.strip())
            if not task or _SETTING.fullmatch(one.strip()):
                continue
            scope, _, key = task.replace(":", "/").rpartition("/")
            if scope.lower() in ("", "universal") and key in ("stage", "dist"):
                yield key
            elif task in ("universal:packageBin", "Universal/packageBin"):
                yield "dist"
            elif task in _NOTHING or task in ("assembly", "package", "pack"):
                yield task
            else:
                yield None


def _is_plain(project: SbtProject) -> bool:
    """One project, known plugins, no task of its own, and a version of sbt whose folders are known."""
    return (
        project.alone
        and (0, 13) <= project.sbt[:2] < (2,)
        and project.plugins <= _PLUGINS
        and _OWN_WORK.search(project.code) is None
        and _OWN_WORK.search(project.meta) is None
    )
