"""What the texts of a Java project ask of the Java that runs it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.maven import maven_project
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import language_files, read_sources
from dfmigrate.knowledge.java import needs_display_libraries, only_in_jdk

from .interpret import Build, StageModel
from .process import started_words
from .variables import values_of

_BUILDERS = frozenset({"mvn", "mvnw", "gradle", "gradlew", "javac", "sbt", "scalac", "kotlinc", "ant"})
_BUILD_FILES = re.compile(
    r"(?:^|/)(?:[^/]*\.gradle(?:\.kts)?|libs\.versions\.toml|build\.sbt|[^/]*\.sbt|project\.clj|deps\.edn)$"
)
_COORDINATES = re.compile(r"""(?<![\w.-])([\w.-]++)["']?\s*+(?::|%{1,3}|/)\s*+["']?([\w.-]++)""")


def builds_java(stage: StageModel) -> bool:
    """Whether a RUN compiles for Java, so that the JDK is known to be there for that."""
    return any(action.program in _BUILDERS for layer in stage.layers for action in layer.actions)


def asks_for_jdk(build: Build, java: int | None) -> str | None:
    """What a source or the start command uses that only a JDK has; None when nothing does."""
    for text, place in _texts(build):
        for row in only_in_jdk():
            if row.until is not None and java is not None and java >= row.until:
                continue
            found = row.text.search(text)
            if found is not None:
                return f"{place} uses `{found[0]}`, which is in a JDK alone ({row.module})"
    return None


def asks_for_display(build: Build) -> str | None:
    """What a source or the start command uses that a headless JRE leaves out; None when nothing does."""
    for text, place in _texts(build):
        found = needs_display_libraries().search(text)
        if found is not None:
            return f"{place} uses `{found[0]}`"
    return None


def _texts(build: Build) -> Iterator[tuple[str, str]]:
    yield " ".join(started_words(build.final.final, build.context)), "the start command"
    options = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS")
    values = (value for name in options for value in values_of(name, build.final.final, build.context))
    yield " ".join(value for value in values if value), "a variable"
    if build.context is None:
        return
    for source in read_sources(build.context, "java", language_files(build.context, "java")).files:
        yield source.code, source.path
    for path in build.context.files:
        if path.endswith((".clj", ".cljc")):
            yield build.context.read(path) or "", path


@remembered
def java_libraries(context: Context) -> frozenset[str]:
    """``group:artifact`` of every library that a build file names, tests' left out where Maven says so."""
    found: set[str] = set()
    for path in context.files:
        if posixpath.basename(path) == "pom.xml":
            pom = maven_project(context, posixpath.dirname(path))
            found |= {f"{group}:{artifact}" for group, artifact in (pom.dependencies if pom is not None else ())}
        elif _BUILD_FILES.search(path):
            text = context.read(path) or ""
            found |= {f"{group}:{artifact}" for group, artifact in _COORDINATES.findall(text)}
    return frozenset(found)
