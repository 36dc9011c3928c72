"""What a Gradle command leaves behind, where the build files are plain enough to say so."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.gradle import GradleProject, gradle_project
from dfmigrate.context.java_artefact import JavaKind

_TASKS = {
    "build": (JavaKind.SPRING_BOOT, JavaKind.FAT_JAR, JavaKind.WAR),
    "assemble": (JavaKind.SPRING_BOOT, JavaKind.FAT_JAR, JavaKind.WAR),
    "bootJar": (JavaKind.SPRING_BOOT,),
    "bootWar": (JavaKind.SPRING_BOOT,),
    "war": (JavaKind.WAR,),
    "shadowJar": (JavaKind.FAT_JAR,),
    "installDist": (JavaKind.DISTRIBUTION,),
    "clean": (),
    "dependencies": (),
}
_FLAGS = re.compile(
    r"--(no-daemon|info|quiet|stacktrace|parallel|refresh-dependencies|build-cache|no-build-cache|warning-mode=\w+|"
    r"console=\w+|offline|full-stacktrace|debug)|-[qisdS]|-x=?(test|check|\w*[tT]est)"
)
_PLUGINS = frozenset(
    {
        *("java", "java-library", "application", "war", "groovy", "scala", "idea", "eclipse", "jacoco"),
        *("org.springframework.boot", "io.spring.dependency-management", "com.github.johnrengelman.shadow"),
        *("com.gradleup.shadow", "org.jetbrains.kotlin.jvm", "org.jetbrains.kotlin.plugin.spring"),
        *("org.jetbrains.kotlin.plugin.jpa", "org.jetbrains.kotlin.plugin.serialization", "io.freefair.lombok"),
    }
)
_OWN_WORK = re.compile(
    r"\btask\b|\btasks\.(?:register|create)|\bdoLast\b|\bdoFirst\b|\bExec\b|\bexec\b|\bCopy\b|\bcopy\b|\binto\b|"
    r"\bnew\s+File\b|\bfile\s*\(|\boutputs?\b|\bapply\s+from\b|\bapply\s*\(?\s*from\b|[dD]estination|[oO]utputDir"
)


def gradle_archives(context: Context, folder: str, words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Context paths that the tasks leave to be run: the archive, or with a plain one beside it the folder of both.

    None when they may leave more.
    """
    project = gradle_project(context, folder)
    tasks = _tasks(words)
    if project is None or tasks is None or not _is_plain(project):
        return None
    wanted = {kind for task in tasks for kind in _TASKS[task]}
    artefacts = [artefact for artefact in project.artefacts if artefact.kind in wanted]
    if not wanted or not artefacts or any(artefact.path is None for artefact in artefacts):
        return () if not wanted else None
    found = [artefact.path for artefact in artefacts if artefact.path is not None]
    alone = {"build", "assemble"}.isdisjoint(tasks)
    return tuple(dict.fromkeys(path if alone else posixpath.dirname(path) for path in found))


def _tasks(words: tuple[str, ...]) -> tuple[str, ...] | None:
    found: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-x", "--exclude-task") and rest:
            rest.pop(0)
        elif word in _TASKS:
            found.append(word)
        elif not _FLAGS.fullmatch(word):
            return None
    return tuple(found)


def _is_plain(project: GradleProject) -> bool:
    """One project, known plugins, and no task of its own."""
    context, folder = project.context, project.folder
    own = any(context.is_folder(posixpath.join(folder, name)) for name in ("buildSrc", "build-logic"))
    kinds = {artefact.kind for artefact in project.artefacts}
    return (
        project.included == ()
        and not own
        and project.plugins <= _PLUGINS
        and JavaKind.QUARKUS not in kinds
        and _OWN_WORK.search(project.code) is None
    )
