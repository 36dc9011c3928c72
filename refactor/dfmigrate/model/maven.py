"""What a Maven command leaves behind, where the project is plain enough to say so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from dfmigrate.context import Context
from dfmigrate.context.java_artefact import JavaKind
from dfmigrate.context.maven import MavenProject, maven_project

BUILT = "target"
"""The folder of all that a build makes."""

_GOALS = frozenset({"clean", "compile", "test", "package", "verify", "install", "assembly:single"})
_PACKAGES = frozenset({"package", "verify", "install"})
_FLAGS = re.compile(
    r"-(B|q|e|o|U|ntp|V|T\S*|-batch-mode|-quiet|-no-transfer-progress|-offline)"
    r"|-D(skipTests|maven\.test\.skip)(=true)?",
    re.IGNORECASE,
)
_ARCHIVERS = frozenset(
    {
        *("spring-boot-maven-plugin", "maven-jar-plugin", "maven-war-plugin", "maven-shade-plugin"),
        *("maven-assembly-plugin", "quarkus-maven-plugin"),
    }
)
_PLAIN = _ARCHIVERS | frozenset(
    {
        *("maven-compiler-plugin", "maven-surefire-plugin", "maven-resources-plugin", "maven-failsafe-plugin"),
        *("maven-enforcer-plugin", "maven-clean-plugin", "maven-install-plugin", "maven-deploy-plugin"),
        *("maven-source-plugin", "jacoco-maven-plugin", "kotlin-maven-plugin"),
    }
)
"""Plugins that write below ``target`` alone, but where a setting says otherwise."""
_MOVED = re.compile(r"[oO]utputDirectory|<directory>|webappDirectory|workDirectory|inplace")
_PROFILES = re.compile(r"<profiles>.*?</profiles>", re.DOTALL)


def maven_archives(
    context: Context, folder: str, words: tuple[str, ...], environment: Mapping[str, str | None]
) -> tuple[str, ...] | None:
    """Paths below the folder that are run: archives, Quarkus's folder, or all of ``target``; None: there may be more
    elsewhere."""
    pom = maven_project(context, folder)
    chosen, goals = _profiles(words)
    plain = all(word in _GOALS or _FLAGS.fullmatch(word) for word in goals)
    if pom is None or pom.declared_modules or not plain or "clean" in goals[-1:]:
        return None
    text = context.read(pom.path) or ""
    if context.exists(posixpath.join(folder, ".mvn/maven.config")) or pom.plugins - _PLAIN or _MOVED.search(text):
        return None
    if chosen and not _adds_libraries_alone(pom):
        return None
    if _PACKAGES.isdisjoint(goals):
        made = tuple(one.path for one in pom.artefacts if "assembly:single" in goals) or (None,)
    elif pom.quarkus:
        made = _quarkus(pom, text, environment, chosen)
    elif "maven-assembly-plugin" in pom.plugins and not _assembles(pom, goals):
        made = (None,)
    elif pom.spring_boot or pom.shaded or pom.packaging == "war" or not (pom.dependencies or chosen):
        made = (pom.archive, *(artefact.path for artefact in pom.artefacts))
    else:
        made = (None,)
    found = tuple(dict.fromkeys(path for path in made if path is not None))
    if len(found) < len(set(made)):
        return (BUILT,)
    return tuple(posixpath.relpath(path, folder or ".") for path in found)


def _profiles(words: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Whether a profile is named, and the other words."""
    rest: list[str] = []
    chosen = False
    pending = list(words)
    while pending:
        word = pending.pop(0)
        if word in ("-P", "--activate-profiles") and pending:
            pending.pop(0)
            chosen = True
        elif word.startswith(("-P", "--activate-profiles=")):
            chosen = True
        else:
            rest.append(word)
    return chosen, tuple(rest)


def _assembles(pom: MavenProject, goals: tuple[str, ...]) -> bool:
    """Whether the assembly is made at all: the plugin may be there for a command that names it."""
    bound = pom.root.findall("./build/plugins/plugin[artifactId='maven-assembly-plugin']/executions/execution")
    return "assembly:single" in goals or any(
        (goal.text or "").strip() == "single" for execution in bound for goal in execution.findall("./goals/goal")
    )


def _adds_libraries_alone(pom: MavenProject) -> bool:
    """Whether no profile packages otherwise, or runs a plugin that may write elsewhere."""
    if not pom.parent_is_known and pom.parent is not None:
        return False
    found = pom.root.findall("./profiles/profile//plugin/artifactId")
    plugins = {node.text.strip() for node in found if node.text}
    renamed = pom.root.find("./profiles/profile/build/finalName") is not None
    return plugins <= _PLAIN - _ARCHIVERS and not renamed


def _quarkus(
    pom: MavenProject, text: str, environment: Mapping[str, str | None], chosen: bool
) -> tuple[str | None, ...]:
    """The folder with the program and its libraries, unless a setting beside ``application.properties`` may ask for
    another package than that file does."""
    set_elsewhere = "quarkus.package" in _PROFILES.sub("", text) or "activeByDefault" in text or "<parent>" in text
    if set_elsewhere or chosen or any(name.startswith("QUARKUS_") for name in environment):
        return (None,)
    made = next((one for one in pom.artefacts if "quarkus" in one.task), None)
    return (None,) if made is None or made.kind is JavaKind.THIN_JAR else (made.path,)
