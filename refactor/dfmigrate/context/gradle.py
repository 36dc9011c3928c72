"""A Gradle project. Its build files are programs: only what stands there as a plain literal is believed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.source_text import Source

_RENAMES = re.compile(
    r"\b(?:archiveBaseName|archivesBaseName|archiveFileName|archiveName|archiveVersion|archiveClassifier|baseName|"
    r"classifier|destinationDirectory|libsDirName|buildDir|buildDirectory)\b"
)
_PLUGIN = re.compile(r"\bid\s*\(?\s*['\"]([\w.-]+)['\"]|\bapply\s*\(?\s*plugin\s*[:=]\s*['\"]([\w.-]+)['\"]")
_BESIDE = (
    *("settings.gradle", "settings.gradle.kts", "gradle.properties", "gradlew", "gradle", "buildSrc"),
    *("build-logic", "gradle.lockfile", "settings-gradle.lockfile"),
)


@dataclass(frozen=True)
class GradleProject:
    """One project, and the settings when it is the root."""

    context: Context = field(repr=False)
    folder: str
    path: str
    """The build file."""
    name: str | None
    """``rootProject.name``; None when it is not set, for the folder's name in the image decides then."""
    version: str | None
    """Empty when the project has none; None when it is computed."""
    plugins: frozenset[str]
    included: tuple[str, ...] | None
    """Folders of the subprojects; None when they are computed."""
    plain: bool
    """Whether nothing in the build file renames or moves what it builds."""

    @property
    def spring_boot(self) -> bool:
        return "org.springframework.boot" in self.plugins

    @property
    def application(self) -> bool:
        return "application" in self.plugins

    @property
    def archive(self) -> str | None:
        """The archive to run, such as ``build/libs/app-1.0.jar``; None when it is not known."""
        if self.name is None or self.version is None or not self.plain:
            return None
        if "com.github.johnrengelman.shadow" in self.plugins or "com.gradleup.shadow" in self.plugins:
            return None
        ending = "war" if "war" in self.plugins else "jar"
        stem = f"{self.name}-{self.version}" if self.version else self.name
        return posixpath.join(self.folder, "build/libs", f"{stem}.{ending}")

    @cached_property
    def manifests(self) -> tuple[str, ...] | None:
        """Every file that resolving dependencies reads; None when subprojects are not known."""
        if self.included is None:
            return None
        found = {self.path}
        for folder in (self.folder, *self.included):
            names = ("build.gradle", "build.gradle.kts", "gradle.properties")
            found |= {path for name in names if (path := posixpath.join(folder, name)) in self.context.files}
        beside = (posixpath.join(self.folder, name) for name in _BESIDE)
        return tuple(sorted(found | {path for path in beside if self.context.exists(path)}))


def gradle_project(context: Context, folder: str = "") -> GradleProject | None:
    """Read a folder; None when there is no build file."""
    path = next(_existing(context, folder, ("build.gradle", "build.gradle.kts")), None)
    settings = next(_existing(context, folder, ("settings.gradle", "settings.gradle.kts")), None)
    if path is None:
        return None
    build = _code(context, path)
    if build is None:
        return None
    configured = _code(context, settings) if settings is not None else ""
    plugins = {first or second for first, second in _PLUGIN.findall(build)}
    plugins |= {name for name in ("application", "war", "java") if re.search(rf"(?m)^\s*`?{name}`?\s*$", build)}
    return GradleProject(
        context=context,
        folder=folder,
        path=path,
        name=None if configured is None else _literal(configured, r"rootProject\.name"),
        version=_version(context, folder, build),
        plugins=frozenset(plugins),
        included=None if configured is None else _included(folder, configured),
        plain=_RENAMES.search(build) is None,
    )


def _existing(context: Context, folder: str, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        path = posixpath.join(folder, name)
        if path in context.files:
            yield path


def _code(context: Context, path: str) -> str | None:
    text = context.read(path)
    return None if text is None else Source(path, "java", text).code


def _literal(code: str, name: str) -> str | None:
    """The value when it is set exactly once, and to a literal without references in it."""
    given = re.findall(rf"(?m)^\s*{name}\s*(?:=|\s)\s*(.+)$", code)
    found = [re.fullmatch(r"['\"]([^'\"$]*)['\"]\s*;?\s*", value) for value in given]
    return found[0][1] if len(found) == 1 and found[0] is not None else None


def _version(context: Context, folder: str, build: str) -> str | None:
    if re.search(r"(?m)^\s*(?:project\.)?version\b", build):
        return _literal(build, r"(?:project\.)?version")
    properties = context.read(posixpath.join(folder, "gradle.properties")) or ""
    if re.search(r"\bversion\b", re.sub(r"(?:id|kotlin)\s*\(?[^\n]*\bversion\b[^\n]*", "", build)):
        return None
    found = re.findall(r"(?m)^\s*version\s*[=:]\s*(\S+)\s*$", properties)
    return found[0] if found else ""


def _included(folder: str, settings: str) -> tuple[str, ...] | None:
    if re.search(r"\bincludeBuild\b|\bprojectDir\b", settings):
        return None
    found: list[str] = []
    for arguments in re.findall(r"(?m)^\s*include\b\s*\(?([^)\n]*(?:,\s*\n[^)\n]*)*)", settings):
        words = [word.strip() for word in arguments.split(",") if word.strip()]
        names = [re.fullmatch(r"['\"]:?([\w.:-]+)['\"]", word) for word in words]
        if not names or None in names:
            return None
        found += [posixpath.join(folder, name[1].replace(":", "/")) for name in names if name is not None]
    return tuple(found)
