"""A Maven project: ``pom.xml`` with its modules, and where the build puts the archive."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from xml.etree.ElementTree import Element

from dfmigrate.context.build_context import Context
from dfmigrate.context.java_artefact import JavaArtefact, JavaKind, quarkus_artefact, wrapper_version
from dfmigrate.context.parsing import ManifestError, parse_xml
from dfmigrate.context.remembered import remembered

_ARCHIVERS = (
    *("maven-jar-plugin", "maven-war-plugin", "maven-ear-plugin", "spring-boot-maven-plugin"),
    *("maven-shade-plugin", "maven-assembly-plugin"),
)
_MAX_PARENTS = 16
_MAX_MODULES = 500
_PROPERTY = re.compile(r"\$\{([^${}]+)\}")


@dataclass(frozen=True)
class MavenProject:
    """One ``pom.xml``. Values are interpolated; a value that holds an unknown property is None."""

    context: Context = field(repr=False)
    folder: str
    path: str
    group: str | None
    artifact: str | None
    version: str | None
    packaging: str | None
    has_parent: bool
    parent: MavenProject | None
    """The parent when it is a file of the context."""
    declared_modules: tuple[str, ...]
    """As written, those of profiles included."""
    properties: Mapping[str, str]
    """Own properties over those of local parents, not interpolated."""
    root: Element = field(repr=False)

    @property
    def parent_is_known(self) -> bool:
        """Whether all that the parents say can be read: there is none, or every one is local."""
        return not self.has_parent or (self.parent is not None and self.parent.parent_is_known)

    @cached_property
    def modules(self) -> tuple[MavenProject, ...] | None:
        """The modules directly below; None when one cannot be read."""
        found: list[MavenProject] = []
        for name in self.declared_modules:
            clean = posixpath.normpath(posixpath.join(self.folder, name))
            module = maven_project(self.context, clean.removesuffix("/pom.xml"))
            if module is None:
                return None
            found.append(module)
        return tuple(found)

    @cached_property
    def manifests(self) -> tuple[str, ...] | None:
        """Every file that resolving dependencies reads: all modules' manifests, ``.mvn`` and the wrapper."""
        found = {self.path}
        pending = [self]
        while pending:
            project = pending.pop()
            if project.modules is None or len(found) > _MAX_MODULES:
                return None
            for module in project.modules:
                if module.path not in found:
                    found.add(module.path)
                    pending.append(module)
        beside = ("mvnw", ".mvn", "settings.xml")
        found |= {path for name in beside if self.context.exists(path := posixpath.join(self.folder, name))}
        parent = self.parent
        while parent is not None:
            found.add(parent.path)
            parent = parent.parent
        return tuple(sorted(found))

    @cached_property
    def final_name(self) -> str | None:
        """The archive's name without its ending; None when a parent or a property decides and is not known."""
        written = self._inherited("build/finalName")
        if written is not None:
            return self.interpolate(written)
        if not self.parent_is_known and not self._spring_boot_parent:
            return None
        if self.artifact is None or self.version is None:
            return None
        return f"{self.artifact}-{self.version}"

    @cached_property
    def archive(self) -> str | None:
        """The main archive's path in the context, such as ``target/app-1.0.jar``."""
        folder = self._inherited("build/directory")
        if self.final_name is None or self.packaging not in ("jar", "war", "ear") or folder is not None:
            return None
        if self._something_else_may_rename:
            return None
        return posixpath.join(self.folder, "target", f"{self.final_name}.{self.packaging}")

    @cached_property
    def plugins(self) -> frozenset[str]:
        """Artifact ids of the plugins that the build names, local parents' included."""
        found = {node.text.strip() for node in self.root.findall("./build/plugins/plugin/artifactId") if node.text}
        return frozenset(found | (self.parent.plugins if self.parent is not None else frozenset()))

    @property
    def spring_boot(self) -> bool:
        """Whether the archive is repackaged to run on its own."""
        return "spring-boot-maven-plugin" in self.plugins

    @property
    def shaded(self) -> bool:
        """Whether a plugin puts the dependencies into an archive."""
        return bool(self.plugins & {"maven-shade-plugin", "maven-assembly-plugin", "spring-boot-maven-plugin"})

    @property
    def quarkus(self) -> bool:
        return "quarkus-maven-plugin" in self.plugins

    @cached_property
    def artefacts(self) -> tuple[JavaArtefact, ...]:
        """What packaging leaves to be run; the plain archive when no plugin adds the libraries."""
        return tuple(self._artefacts())

    def _artefacts(self) -> Iterator[JavaArtefact]:
        if self.quarkus:
            yield quarkus_artefact(self.context, self.folder, "target", self.final_name, "quarkus-maven-plugin")
            return
        if self.packaging not in ("jar", "war", "ear"):
            return
        archive = self.archive
        if self.spring_boot:
            yield JavaArtefact(JavaKind.SPRING_BOOT, archive, "spring-boot-maven-plugin", archive)
        elif "maven-shade-plugin" in self.plugins:
            attached = self.root.find(".//plugin//configuration/shadedArtifactAttached") is not None
            path = None if attached else archive
            yield JavaArtefact(JavaKind.FAT_JAR, path, "maven-shade-plugin", path)
        elif "maven-assembly-plugin" in self.plugins:
            path = self._assembly
            yield JavaArtefact(JavaKind.FAT_JAR, path, "maven-assembly-plugin", path)
        else:
            kind = JavaKind.THIN_JAR if self.packaging == "jar" else JavaKind.WAR
            yield JavaArtefact(kind, archive, f"maven-{self.packaging}-plugin", archive)

    @property
    def _assembly(self) -> str | None:
        """With the one predefined descriptor that makes a program; its name is added to the archive's."""
        plugin = "./build/plugins/plugin[artifactId='maven-assembly-plugin']"
        described = {(node.text or "").strip() for node in self.root.findall(f"{plugin}//descriptorRef")}
        appended = {(node.text or "").strip() for node in self.root.findall(f"{plugin}//appendAssemblyId")}
        if described != {"jar-with-dependencies"} or appended - {"true", "false"} or len(appended) > 1:
            return None
        if self.archive is None or "false" in appended:
            return self.archive
        return self.archive.removesuffix(".jar") + "-jar-with-dependencies.jar"

    @property
    def wrapper(self) -> str | None:
        """The version of Maven that the wrapper fetches."""
        return wrapper_version(self.context, posixpath.join(self.folder, ".mvn/wrapper/maven-wrapper.properties"))

    @property
    def profiles(self) -> tuple[str, ...]:
        """Ids of the profiles; what they set counts only when a command, or the machine, activates them."""
        return tuple(node.text.strip() for node in self.root.findall("./profiles/profile/id") if node.text)

    @cached_property
    def java_release(self) -> str | None:
        """The Java version that the sources are compiled for, such as ``17``."""
        for name in ("maven.compiler.release", "java.version", "maven.compiler.target", "maven.compiler.source"):
            value = self.interpolate(self.properties.get(name))
            if value is not None:
                return value.removeprefix("1.")
        for tag in ("release", "target", "source"):
            node = self.root.find(f"./build/plugins/plugin[artifactId='maven-compiler-plugin']/configuration/{tag}")
            value = self.interpolate(node.text if node is not None else None)
            if value is not None:
                return value.removeprefix("1.")
        return self.parent.java_release if self.parent is not None else None

    @cached_property
    def dependencies(self) -> frozenset[tuple[str, str]]:
        """Group and artifact of the direct dependencies, without those for tests."""
        found: set[tuple[str, str]] = set()
        for node in self.root.findall("./dependencies/dependency"):
            group, artifact = (self.interpolate(_text(node, tag)) for tag in ("groupId", "artifactId"))
            if group and artifact and _text(node, "scope") != "test":
                found.add((group, artifact))
        return frozenset(found | (self.parent.dependencies if self.parent is not None else frozenset()))

    def interpolate(self, text: str | None) -> str | None:
        """Replace ``${...}``; None when a property is not known."""
        if text is None:
            return None
        for _ in range(20):
            names = _PROPERTY.findall(text)
            if not names:
                return text.strip() if "${" not in text else None
            for name in names:
                value = self._property(name)
                if value is None or len(text) > 4096:
                    return None
                text = text.replace(f"${{{name}}}", value)
        return None

    def _property(self, name: str) -> str | None:
        for prefix in ("project.", "pom."):
            if name.startswith(prefix):
                known = {
                    "artifactId": self.artifact,
                    "version": self.version,
                    "groupId": self.group,
                    "packaging": self.packaging,
                    "name": _text(self.root, "name"),
                }
                return known.get(name.removeprefix(prefix))
        return self.properties.get(name)

    def _inherited(self, path: str) -> str | None:
        node = self.root.find(f"./{path}")
        if node is not None and node.text:
            return node.text
        return self.parent._inherited(path) if self.parent is not None else None

    @property
    def _spring_boot_parent(self) -> bool:
        """The one remote parent that is so common that what it sets is known: it leaves the archive's name alone."""
        top = self
        while top.parent is not None:
            top = top.parent
        return _text(top.root, "parent/artifactId") == "spring-boot-starter-parent"

    @property
    def _something_else_may_rename(self) -> bool:
        """A profile, or a plugin's own settings; a classifier says that the archive to run has another name."""
        tags = ("finalName", "jarName", "warName", "classifier")
        in_plugins = any(self.root.find(f".//plugin//configuration//{tag}") is not None for tag in tags) or any(
            self.root.find(f".//plugin[artifactId='{name}']//configuration//outputDirectory") is not None
            for name in _ARCHIVERS
        )
        in_profiles = self.root.find("./profiles/profile/build/finalName") is not None
        return in_plugins or in_profiles or (self.parent is not None and self.parent._something_else_may_rename)


@remembered
def maven_project(context: Context, folder: str = "", depth: int = 0) -> MavenProject | None:
    """Read ``pom.xml`` in a folder, or a named ``.xml``; None when there is none or it cannot be read."""
    path = folder if folder.endswith(".xml") else posixpath.join("" if folder == "." else folder, "pom.xml")
    text = context.read(path)
    if text is None or depth > _MAX_PARENTS:
        return None
    try:
        root = _without_namespaces(parse_xml(text))
    except ManifestError:
        return None
    if root.tag != "project":
        return None
    return _project(context, path, root, _local_parent(context, path, root, depth))


def _project(context: Context, path: str, root: Element, parent: MavenProject | None) -> MavenProject:
    own = {node.tag: (node.text or "").strip() for node in root.findall("./properties/*")}
    inherited = dict(parent.properties) if parent is not None else {}
    # Whether a profile is active is not known here, so what it sets is not known either.
    in_profiles = {node.tag for node in root.findall("./profiles/profile/properties/*")}
    group = _text(root, "groupId") or _text(root, "parent/groupId")
    version = _text(root, "version") or _text(root, "parent/version")
    unfinished = MavenProject(
        context=context,
        folder=posixpath.dirname(path),
        path=path,
        group=group,
        artifact=_text(root, "artifactId"),
        version=None,
        packaging=_text(root, "packaging") or "jar",
        has_parent=root.find("./parent") is not None,
        parent=parent,
        declared_modules=tuple(
            node.text.strip() for node in [*root.findall("./modules/module"), *_profile_modules(root)] if node.text
        ),
        properties={name: value for name, value in {**inherited, **own}.items() if name not in in_profiles},
        root=root,
    )
    known = unfinished.interpolate(version)
    return replace(unfinished, version=known) if known is not None else unfinished


def _profile_modules(root: Element) -> list[Element]:
    return root.findall("./profiles/profile/modules/module")


def _local_parent(context: Context, path: str, root: Element, depth: int) -> MavenProject | None:
    node = root.find("./parent")
    if node is None:
        return None
    relative = node.find("./relativePath")
    written = "../pom.xml" if relative is None else (relative.text or "").strip()
    if not written:
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
    if joined.startswith(".."):
        return None
    parent = maven_project(context, joined, depth + 1)
    return parent if parent is not None and parent.artifact == _text(root, "parent/artifactId") else None


def _without_namespaces(root: Element) -> Element:
    for node in root.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]
    return root


def _text(root: Element, path: str) -> str | None:
    node = root.find(f"./{path}")
    return node.text.strip() if node is not None and node.text and node.text.strip() else None
