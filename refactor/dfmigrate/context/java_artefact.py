"""What a Java build leaves to be run: which kind of archive or folder, and where."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from enum import Enum

from dfmigrate.context.build_context import Context


class JavaKind(Enum):
    """What has to be copied to run the application."""

    SPRING_BOOT = "one archive that contains its libraries, and can be taken apart into layers"
    FAT_JAR = "one archive that contains its libraries"
    QUARKUS = "a folder with the archive and its libraries"
    WAR = "an archive for a servlet container"
    DISTRIBUTION = "a folder with start scripts and libraries"
    THIN_JAR = "an archive without the libraries that it needs"


@dataclass(frozen=True, slots=True)
class JavaArtefact:
    """One result of a build."""

    kind: JavaKind
    path: str | None
    """Context path; None when the name is computed."""
    task: str
    """The Gradle task, or the Maven plugin, that makes it."""
    starts: str | None
    """The file to run, as a context path: the archive itself, ``quarkus-run.jar``, or a start script."""


def quarkus_artefact(context: Context, folder: str, build: str, stem: str | None, task: str) -> JavaArtefact:
    """Quarkus makes a folder unless ``application.properties`` asks for one archive; YAML is not followed."""
    resources = posixpath.join(folder, "src/main/resources")
    text = context.read(posixpath.join(resources, "application.properties")) or ""
    asked = re.findall(r"(?m)^\s*(?:%[\w,]+\.)?quarkus\.package\.(?:jar\.)?type\s*[=:]\s*(\S+)", text)
    yaml = any(context.exists(posixpath.join(resources, f"application.{ending}")) for ending in ("yml", "yaml"))
    moved = re.search(r"quarkus\.package\.(?:output-directory|output-name|runner-suffix|jar\.add-runner-suffix)", text)
    if yaml or moved or len(set(asked)) > 1:
        return JavaArtefact(JavaKind.QUARKUS, None, task, None)
    if asked and asked[0] in ("uber-jar", "legacy-jar"):
        path = None if stem is None else posixpath.join(folder, build, f"{stem}-runner.jar")
        return JavaArtefact(JavaKind.FAT_JAR if asked[0] == "uber-jar" else JavaKind.THIN_JAR, path, task, path)
    if asked and asked[0] not in ("fast-jar", "jar"):
        return JavaArtefact(JavaKind.QUARKUS, None, task, None)
    output = posixpath.join(folder, build, "quarkus-app")
    return JavaArtefact(JavaKind.QUARKUS, output, task, posixpath.join(output, "quarkus-run.jar"))


def wrapper_version(context: Context, path: str) -> str | None:
    """The version that a wrapper fetches, from its ``distributionUrl``."""
    text = context.read(path) or ""
    url = re.search(r"(?m)^\s*distributionUrl\s*[=:]\s*(\S+)", text)
    found = None if url is None else re.search(r"/(?:gradle|apache-maven)-(\d[\w.-]*?)-(?:bin|all)\.", url[1])
    return None if found is None else found[1]
