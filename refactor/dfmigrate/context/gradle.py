"""A Gradle project. Its build files are programs: only what stands there as a plain literal is believed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context, parents
from dfmigrate.context.documents import toml_file
from dfmigrate.context.gradle_script import setting, task_blocks
from dfmigrate.context.java_artefact import JavaArtefact, JavaKind, quarkus_artefact, wrapper_version
from dfmigrate.context.parsing import mapping, text_or_none
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source

_RENAMES = re.compile(
    r"\b(?:archiveBaseName|archivesBaseName|archiveFileName|archiveName|archiveVersion|archiveClassifier|baseName|"
    r"classifier|destinationDirectory|libsDirName|buildDir|buildDirectory)\b"
)
_PLUGIN = re.compile(r"\bid\s*\(?\s*['\"]([\w.-]+)['\"]|\bapply\s*\(?\s*plugin\s*[:=]\s*['\"]([\w.-]+)['\"]")
_ALIAS = re.compile(r"\balias\s*\(?\s*libs\.plugins\.([\w.]+)")
_SHADOW = frozenset({"com.github.johnrengelman.shadow", "com.gradleup.shadow", "io.github.goooler.shadow"})
_EVERYWHERE = re.compile(
    r"\b(?:libsDirName|buildDir|buildDirectory|destinationDirectory|archivesBaseName|archivesName)\b|"
    r"\bwithType\W+(?:AbstractArchiveTask|Jar)\b"
)
_MOVES_DISTRIBUTION = re.compile(
    r"\bdistributionBaseName\b|\binstallDist\b[^\n]*\{|\bdestinationDir\b|\bexecutableDir\b"
)
_OWN_PLUGINS = ("buildSrc", "build-logic")
_MAX_MODULES = 300
_CORE = ("application", "war", "java", "distribution")
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
    code: str = field(repr=False)
    """The build file without its comments."""

    @property
    def spring_boot(self) -> bool:
        return "org.springframework.boot" in self.plugins

    @property
    def application(self) -> bool:
        return "application" in self.plugins

    @property
    def quarkus(self) -> bool:
        return "io.quarkus" in self.plugins

    @property
    def shaded(self) -> bool:
        return bool(_SHADOW & self.plugins)

    @property
    def archive(self) -> str | None:
        """The plain archive, such as ``build/libs/app-1.0.jar``; None when its name is not known."""
        stem = self.stem
        if stem is None or not self.plain or self.shaded:
            return None
        return posixpath.join(self.folder, "build/libs", f"{stem}.{'war' if 'war' in self.plugins else 'jar'}")

    @property
    def stem(self) -> str | None:
        """Name and version as archives are called by default; None when either is not known."""
        if self.name is None or self.version is None:
            return None
        return f"{self.name}-{self.version}" if self.version else self.name

    @cached_property
    def modules(self) -> tuple[GradleProject, ...] | None:
        """The subprojects that have a build file of their own; None when they are computed."""
        if self.included is None or len(self.included) > _MAX_MODULES:
            return None
        found = (gradle_project(self.context, folder) for folder in self.included)
        return tuple(module for module in found if module is not None)

    @cached_property
    def artefacts(self) -> tuple[JavaArtefact, ...]:
        """What the build leaves to be run; empty for a project that builds no application."""
        return tuple(self._artefacts())

    def _artefacts(self) -> Iterator[JavaArtefact]:
        war = "war" in self.plugins
        if self.quarkus:
            yield quarkus_artefact(self.context, self.folder, "build", self.stem, "quarkusBuild")
        if self.spring_boot:
            task, kind = ("bootWar", "BootWar") if war else ("bootJar", "BootJar")
            path = self._named(task, kind, "", "war" if war else "jar")
            yield JavaArtefact(JavaKind.SPRING_BOOT, path, task, path)
        elif war:
            path = self._named("war", "War", "", "war")
            yield JavaArtefact(JavaKind.WAR, path, "war", path)
        if self.shaded:
            path = self._named("shadowJar", "ShadowJar", "all", "jar")
            yield JavaArtefact(JavaKind.FAT_JAR, path, "shadowJar", path)
        if self.application or "distribution" in self.plugins:
            yield self._distribution()

    def _named(self, task: str, kind: str, classifier: str, ending: str) -> str | None:
        """Where a task puts its archive, by what its blocks set over the defaults."""
        if self._set_elsewhere:
            return None
        text = "\n".join(task_blocks(self.code, task, kind))
        given, file_name = setting(text, r"(?:archiveFileName|archiveName)")
        if given:
            return None if file_name is None else posixpath.join(self.folder, "build/libs", file_name)
        parts: list[str | None] = []
        defaults = (("archiveBaseName", self.name), ("archiveVersion", self.version), ("archiveClassifier", classifier))
        for name, default in defaults:
            old = {"archiveBaseName": "baseName", "archiveVersion": "version", "archiveClassifier": "classifier"}[name]
            given, value = setting(text, f"(?:{name}|{old})")
            parts.append(value if given else default)
        if None in parts:
            return None
        return posixpath.join(self.folder, "build/libs", "-".join(part for part in parts if part) + f".{ending}")

    @cached_property
    def _set_elsewhere(self) -> bool:
        """Whether names may be set for every task, or by plugins of the project's own."""
        above = ["", *(folder for folder in parents(self.path))]
        own = any(self.context.is_folder(posixpath.join(folder, name)) for folder in above for name in _OWN_PLUGINS)
        return own or _EVERYWHERE.search(self.code) is not None

    def _distribution(self) -> JavaArtefact:
        """``installDist`` names folder and script after the project, or after what ``application`` says."""
        given, name = setting(self.code, "applicationName")
        name = name if given else self.name
        if name is None or _MOVES_DISTRIBUTION.search(self.code) or self._set_elsewhere:
            return JavaArtefact(JavaKind.DISTRIBUTION, None, "installDist", None)
        path = posixpath.join(self.folder, "build/install", name)
        return JavaArtefact(JavaKind.DISTRIBUTION, path, "installDist", posixpath.join(path, "bin", name))

    @property
    def java_release(self) -> str | None:
        """The Java version that is compiled with or for, such as ``17``; None when it is not said plainly."""
        patterns = (
            r"\bJavaLanguageVersion\.of\(\s*['\"]?(\d+)",
            r"\bjvmToolchain\(\s*(\d+)",
            r"\b(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_)?['\"]?(?:1[._])?(\d+)",
        )
        for pattern in patterns:
            found = set(re.findall(pattern, self.code))
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    @property
    def wrapper(self) -> str | None:
        """The version of Gradle that the wrapper fetches."""
        return wrapper_version(self.context, posixpath.join(self.folder, "gradle/wrapper/gradle-wrapper.properties"))

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


@remembered
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
    plugins |= {name for name in _CORE if re.search(rf"(?m)^[ \t]*`?{name}`?[ \t]*$", build)}
    plugins |= set(_from_catalog(context, folder, _ALIAS.findall(build)))
    return GradleProject(
        context=context,
        folder=folder,
        path=path,
        name=_name(folder, settings, configured),
        version=_version(context, folder, build),
        plugins=frozenset(plugins),
        included=None if configured is None else _included(folder, configured),
        plain=_RENAMES.search(build) is None,
        code=build,
    )


def _name(folder: str, settings: str | None, configured: str | None) -> str | None:
    """A subproject is called like its folder; the root like the settings say, or like a folder of the image."""
    if folder and settings is None:
        return posixpath.basename(folder)
    return None if configured is None else _literal(configured, r"rootProject\.name")


def _from_catalog(context: Context, folder: str, aliases: list[str]) -> Iterator[str]:
    """The plugins that a version catalog names: ``libs.plugins.spring.boot`` is written ``spring-boot`` there."""
    root = folder
    while aliases:
        document = toml_file(context, posixpath.join(root, "gradle/libs.versions.toml"))
        if document is not None or not root:
            break
        root = posixpath.dirname(root)
    else:
        return
    plugins = {re.sub(r"[-_]", ".", name): spec for name, spec in mapping((document or {}).get("plugins")).items()}
    for alias in aliases:
        spec = plugins.get(alias)
        name = spec.partition(":")[0] if isinstance(spec, str) else text_or_none(mapping(spec).get("id"))
        if name is not None:
            yield name


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
    if folder and _version_for_all(context, folder):
        return None
    places = [folder, *parents(f"{folder}/x"), ""] if folder else [""]
    texts = (context.read(posixpath.join(place, "gradle.properties")) or "" for place in places)
    properties = next((text for text in texts if re.search(r"(?m)^\s*version\s*[=:]", text)), "")
    if re.search(r"\bversion\b", re.sub(r"(?:id|kotlin)\s*\(?[^\n]*\bversion\b[^\n]*", "", build)):
        return None
    found = re.findall(r"(?m)^\s*version\s*[=:]\s*(\S+)\s*$", properties)
    return found[0] if found else ""


def _version_for_all(context: Context, folder: str) -> bool:
    """Whether a build file above may set the version of its subprojects."""
    for above in (*parents(folder), ""):
        for path in _existing(context, above, ("build.gradle", "build.gradle.kts")):
            code = _code(context, path) or ""
            if re.search(r"\b(?:allprojects|subprojects)\b", code) and re.search(r"\bversion\s*=?\s*[^\s=]", code):
                return True
    return False


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
