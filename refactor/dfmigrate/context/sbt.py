"""A project that sbt builds. Its build files are programs: only what stands there as a plain literal is believed."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source

_PLUGIN = re.compile(r'\baddSbtPlugin\(\s*"[^"]*"\s*%%?\s*"([^"]*)"')
_INTERPOLATED = re.compile(r"\$\{\s*(\w+)\.value\s*\}")
_PROJECT = re.compile(r"[=(]\s*+(?:project|crossProject|Project)\b")
_AT_ROOT = re.compile(r"""\bin\s*+\(?\s*+file\(\s*+["']\.["']\s*+\)""")
_NAMED_OTHERWISE = re.compile(r"\b(?:artifactName|moduleName|normalizedName|packageName|topLevelDirectory)\b")
_SCALA_2 = re.compile(r"2\.1[0-3]\.\d+")
_SCALA_3 = re.compile(r"3\.\d+\.\d+")


@dataclass(frozen=True)
class SbtProject:
    """One project in one folder; builds of several projects are not taken apart."""

    context: Context = field(repr=False)
    folder: str
    plugins: frozenset[str]
    """Artifact ids that ``project/*.sbt`` adds."""
    sbt: tuple[int, ...]
    """The version of sbt that ``build.properties`` asks for, such as ``(1, 9)``; empty when it is not said."""
    code: str = field(repr=False)
    """The build files of the folder without their comments."""
    meta: str = field(repr=False)
    """Those of ``project``."""

    @property
    def alone(self) -> bool:
        """Whether there is one project, at the root, and no code beside its build files."""
        sources = self.context.below(posixpath.join(self.folder, "project"))
        own = any(path.endswith((".scala", ".java")) for path in sources)
        return not own and len(_PROJECT.findall(self.code)) <= len(_AT_ROOT.findall(self.code)) <= 1

    @cached_property
    def name(self) -> str | None:
        return self.setting("name")

    @cached_property
    def version(self) -> str | None:
        # That plugin may name versions after commits.
        return self.setting("version") if "sbt-git" not in self.plugins else None

    @cached_property
    def scala(self) -> str | None:
        return self.setting("scalaVersion")

    @property
    def normalized(self) -> str | None:
        """The name as files are called: lower case, a dash for what is neither letter nor digit."""
        return None if self.name is None else re.sub(r"\W+", "-", self.name.lower())

    @property
    def binary(self) -> str | None:
        """``2.13`` for ``2.13.12``; None where it is not known."""
        if self.scala is None or not (_SCALA_2.fullmatch(self.scala) or _SCALA_3.fullmatch(self.scala)):
            return None
        return "3" if self.scala.startswith("3.") else self.scala.rpartition(".")[0]

    @property
    def classes(self) -> str | None:
        """The folder for one version of Scala, such as ``target/scala-2.13``; without versions ``target``."""
        crossing = re.findall(r"\bcrossPaths\b[^\n]*", self.code)
        if crossing:
            plain = len(crossing) == 1 and re.fullmatch(r"crossPaths\s*:=\s*false\s*,?\s*", crossing[0])
            return posixpath.join(self.folder, "target") if plain else None
        if self.binary is None or self.scala is None:
            return None
        return posixpath.join(self.folder, "target", f"scala-{self.scala if self.binary == '3' else self.binary}")

    @property
    def package(self) -> str | None:
        """The archive without its libraries."""
        if (
            self.normalized is None
            or self.version is None
            or self.classes is None
            or _NAMED_OTHERWISE.search(self.code)
        ):
            return None
        return posixpath.join(self.classes, f"{self.normalized}_{self.binary}-{self.version}.jar")

    @property
    def assembly(self) -> str | None:
        """The archive with its libraries."""
        if self.classes is None or "sbt-assembly" not in self.plugins:
            return None
        if re.search(r"\bassemblyJarName\b", self.code):
            name = self.setting("assemblyJarName", "assembly")
        else:
            name = None if None in (self.name, self.version) else f"{self.name}-assembly-{self.version}.jar"
        return None if name is None else posixpath.join(self.classes, name)

    @property
    def staged(self) -> str | None:
        """The folder with a start script and all libraries."""
        return posixpath.join(self.folder, "target/universal/stage") if self._packages else None

    @property
    def packed(self) -> str | None:
        """The folder of another plugin with start scripts and all libraries."""
        moved = re.search(r"\bpack(?:Dir|TargetDir|CopyDependenciesTarget|ResourceDir)\b", self.code)
        if "sbt-pack" not in self.plugins or moved is not None:
            return None
        return posixpath.join(self.folder, "target/pack")

    @property
    def zipped(self) -> str | None:
        """The same as one archive."""
        if not self._packages or None in (self.normalized, self.version) or _NAMED_OTHERWISE.search(self.code):
            return None
        return posixpath.join(self.folder, "target/universal", f"{self.normalized}-{self.version}.zip")

    @property
    def _packages(self) -> bool:
        # Play's own plugin brings the packager along.
        return not self.plugins.isdisjoint({"sbt-native-packager", "sbt-plugin"})

    def setting(self, name: str, *scopes: str) -> str | None:
        """The value of a setting, of the project, the build or a task; None when it is not one text, set once."""
        given = re.findall(rf"([^\n,(;]{{0,80}}(?<!\w){name}\b[^\n:=~]{{0,80}})(:|~)=[ \t]*+([^\n]*+)", self.code)
        if len(given) != 1 or given[0][1] != ":":
            return None
        scope = "|".join(("ThisBuild", "Global", *scopes))
        if not re.fullmatch(rf"\s*(?:(?:{scope})\s*/\s*)*{name}(?:\s+in\s+(?:{scope}))?\s*", given[0][0]):
            return None
        value = re.sub(r'^"""([^"]*)"""', r'"\1"', given[0][2])
        found = re.match(r'(s?)"([^"\\]*)"\s*(?:[,)]|$)', value)
        if found is None:
            return self._named(value)
        return found[2] if not found[1] else self._filled(found[2])

    def _named(self, text: str) -> str | None:
        word = re.match(r"(\w+)\s*(?:[,)]|$)", text)
        if word is None:
            return None
        values = re.findall(rf'\bval\s+{word[1]}\s*(?::\s*String\s*)?=\s*"([^"\\$]*)"', self.code)
        return values[0] if len(values) == 1 else None

    def _filled(self, text: str) -> str | None:
        known = {"name": self.name, "version": self.version, "scalaVersion": self.scala}
        known["scalaBinaryVersion"] = self.binary
        names = _INTERPOLATED.findall(text)
        values = {name: known.get(name) for name in names}
        if None in values.values():
            return None
        filled = _INTERPOLATED.sub(lambda found: values[found[1]] or "", text)
        return filled if "$" not in filled else None


@remembered
def sbt_project(context: Context, folder: str = "") -> SbtProject | None:
    """Read a folder; None when there is no build file, or one that cannot be read."""
    own = sorted(path for path in context.children(folder) if path.endswith(".sbt"))
    meta = sorted(path for path in context.children(posixpath.join(folder, "project")) if path.endswith(".sbt"))
    texts = [context.read(path) for path in (*own, *meta)]
    if not own or None in texts:
        return None
    codes = [Source(path, "java", text or "").code for path, text in zip((*own, *meta), texts, strict=True)]
    added = "\n".join(codes[len(own) :])
    properties = context.read(posixpath.join(folder, "project/build.properties")) or ""
    version = re.search(r"(?m)^\s*sbt\.version\s*[=:]\s*(\d+(?:\.\d+)*)", properties)
    return SbtProject(
        context=context,
        folder=folder,
        plugins=frozenset(_PLUGIN.findall(added)),
        sbt=tuple(map(int, version[1].split("."))) if version is not None else (),
        code="\n".join(codes[: len(own)]),
        meta=added,
    )
