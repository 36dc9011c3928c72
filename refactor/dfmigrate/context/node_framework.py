"""What the build of a Node framework leaves to be served or run, and what running it needs besides."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from dfmigrate.context.documents import json_file
from dfmigrate.context.node import NodeProject
from dfmigrate.context.node_build import tool_outputs
from dfmigrate.context.node_config import settings_of
from dfmigrate.context.node_svelte import svelte_adapter
from dfmigrate.context.parsing import mapping, text_or_none
from dfmigrate.knowledge.frameworks import framework_facts

_CONFIG_ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_NODE_PRESETS = ("node-server", "node_server", "node", "node-cluster", "node_cluster")
_ASTRO_PLATFORMS = ("@astrojs/vercel", "@astrojs/netlify", "@astrojs/cloudflare", "@astrojs/deno")
_APPLICATION_BUILDERS = ("@angular-devkit/build-angular:application", "@angular/build:application")


class Serving(Enum):
    """What kind of thing a build leaves."""

    STATIC = "files for any web server"
    SELF_CONTAINED = "a server with the packages that it needs"
    SERVER = "a server that needs the production packages"


@dataclass(frozen=True, slots=True)
class FrameworkOutput:
    """One framework of a project. Paths are context paths; those that a build makes do not exist yet."""

    framework: str
    serving: Serving | None
    """None when the configuration is computed, or not known here; ``output`` and ``start`` are then None too."""
    output: tuple[str, ...] | None
    """For files: the folder to serve. For a server: what the build wrote. None when a setting is computed."""
    needs: tuple[str, ...]
    """What the server reads besides: ``node_modules``, manifests, ``public``; only what a project may hold and does."""
    start: tuple[str, ...] | None
    """The documented command, to be run in the project's folder; None for files, and where it differs by project."""


def framework_outputs(project: NodeProject) -> tuple[FrameworkOutput, ...]:
    """Every framework that the manifest names; one that another brings along (Vite in SvelteKit) is not repeated."""
    found: dict[str, FrameworkOutput] = {}
    hidden: set[str] = set()
    for name, facts in framework_facts().items():
        if name in hidden or not any(project.declares(package) for package in facts.packages):
            continue
        output = _READERS[name](project)
        if output is not None:
            found[name] = output
            hidden |= facts.hides
    return tuple(found.values())


def _of(
    project: NodeProject, framework: str, serving: Serving | None, output: tuple[str, ...] | None
) -> FrameworkOutput:
    facts = framework_facts()[framework]
    if serving is None or output is None:
        return FrameworkOutput(framework, serving, None, (), None)
    server = serving is not Serving.STATIC
    needs = facts.needs if serving is Serving.SERVER else ()
    return FrameworkOutput(
        framework,
        serving,
        tuple(posixpath.normpath(posixpath.join(project.folder, path)) for path in output),
        tuple(dict.fromkeys(_existing(project, needs))),
        facts.start if server else None,
    )


def _existing(project: NodeProject, names: tuple[str, ...]) -> Iterator[str]:
    """``node_modules`` is made by an install; of the rest, what the context holds."""
    for name in names:
        if name == "node_modules":
            yield posixpath.join(project.folder, name)
        for ending in _CONFIG_ENDINGS if name.endswith(".config") else ("",):
            path = posixpath.join(project.folder, name + ending)
            if project.context.exists(path):
                yield path


def _tool(project: NodeProject, *words: str) -> tuple[str, ...] | None:
    written = tool_outputs(project, words)
    return None if written is None else tuple(posixpath.relpath(path, project.folder or ".") for path in written)


def _next(project: NodeProject) -> FrameworkOutput | None:
    mode = settings_of(project.context, project.folder, "next.config", "output")
    folder = settings_of(project.context, project.folder, "next.config", "distDir")
    built = folder.value if folder.given else ".next"
    if (mode.given and mode.value not in ("standalone", "export", "server")) or built is None:
        return _of(project, "next", None, None)
    if mode.value == "export":
        return _of(project, "next", Serving.STATIC, (built if folder.given else "out",))
    if mode.value != "standalone":
        return _of(project, "next", Serving.SERVER, (built,))
    found = _of(project, "next", Serving.SELF_CONTAINED, (f"{built}/standalone", f"{built}/static"))
    # Below a workspace's root the server lies deeper, which the root that is traced from decides.
    traced = _says(project, "next.config", r"\b(?:outputFileTracingRoot|turbopack)\b")
    start = None if project.folder or project.is_workspace or traced else ("node", f"{built}/standalone/server.js")
    return replace(found, needs=tuple(_existing(project, ("public",))), start=start)


def _nuxt(project: NodeProject) -> FrameworkOutput | None:
    output = _tool(project, "nuxt", "build")
    preset = settings_of(project.context, project.folder, "nuxt.config", "preset")
    texts = " ".join(project.scripts.values())
    if output is None or "NITRO_PRESET" in texts or (preset.given and preset.value not in (*_NODE_PRESETS, "static")):
        return _of(project, "nuxt", None, None)
    build = project.scripts.get("build", "")
    if preset.value == "static" or re.search(r"\b(?:nuxt|nuxi)\s+generate\b", build):
        return _of(project, "nuxt", Serving.STATIC, (".output/public",))
    return _of(project, "nuxt", Serving.SELF_CONTAINED, (".output",))


def _svelte(project: NodeProject) -> FrameworkOutput | None:
    adapter = svelte_adapter(project)
    serving = {"@sveltejs/adapter-node": Serving.SERVER, "@sveltejs/adapter-static": Serving.STATIC}
    if adapter is None or adapter not in serving:
        return _of(project, "sveltekit", None, None)
    key = "out" if adapter.endswith("node") else "pages"
    stems = ("svelte.config", "vite.config")
    given = [one for stem in stems if (one := settings_of(project.context, project.folder, stem, key)).given]
    output = given[0].value if given else "build"
    found = _of(project, "sveltekit", serving[adapter], None if output is None else (output,))
    if found.start is None or output is None:
        return found
    return replace(found, start=("node", output))


def _remix(project: NodeProject) -> FrameworkOutput | None:
    return _server_or_client(project, "remix", "remix", "vite.config")


def _react_router(project: NodeProject) -> FrameworkOutput | None:
    return _server_or_client(project, "react-router", "react-router", "react-router.config")


def _server_or_client(project: NodeProject, name: str, tool: str, stem: str) -> FrameworkOutput:
    classic = tool == "remix" and not _has_config(project, "vite.config")
    output = _tool(project, tool, "build") if classic or tool != "remix" else _tool(project, tool, "vite:build")
    if output is not None and _says(project, stem, r"\bssr\s*:\s*false\b"):
        return _of(project, name, Serving.STATIC, ("build/client",))
    found = _of(project, name, Serving.SERVER, output)
    if f"{tool}-serve" in project.scripts.get("start", "") and not classic:
        return found
    # Before Vite the server lay elsewhere; and with a server of its own the project is started by that.
    return replace(found, start=None)


def _astro(project: NodeProject) -> FrameworkOutput | None:
    output = _tool(project, "astro", "build")
    if any(project.declares(package) for package in _ASTRO_PLATFORMS) or output is None:
        return _of(project, "astro", None, None)
    if not project.declares("@astrojs/node"):
        return _of(project, "astro", Serving.STATIC, output)
    mode = settings_of(project.context, project.folder, "astro.config", "mode")
    found = _of(project, "astro", Serving.SERVER, output)
    start = ("node", f"{output[0]}/server/entry.mjs") if mode.value == "standalone" else None
    return replace(found, start=start)


def _nest(project: NodeProject) -> FrameworkOutput | None:
    # With Nest the application itself is compiled; what it reads besides is the application's own matter.
    return _of(project, "nest", Serving.SERVER, _tool(project, "nest", "build"))


def _angular(project: NodeProject) -> FrameworkOutput | None:
    config = json_file(project.context, posixpath.join(project.folder, "angular.json"))
    applications = {
        name: mapping(mapping(mapping(entry).get("architect") or mapping(entry).get("targets")).get("build"))
        for name, entry in mapping(mapping(config).get("projects")).items()
        if mapping(entry).get("projectType", "application") == "application"
    }
    if len(applications) != 1:
        return _of(project, "angular", None, None) if config is not None else None
    ((name, target),) = applications.items()
    options = mapping(target.get("options"))
    output = _tool(project, "ng", "build", name)
    if output is None or options.get("ssr") not in (None, False):
        return _of(project, "angular", None, None)
    if target.get("builder") not in _APPLICATION_BUILDERS:
        return _of(project, "angular", Serving.STATIC, output)
    browser = text_or_none(mapping(options.get("outputPath")).get("browser"))
    return _of(
        project, "angular", Serving.STATIC, (posixpath.join(output[0], "browser" if browser is None else browser),)
    )


def _static(framework: str, *words: str) -> Callable[[NodeProject], FrameworkOutput | None]:
    def read(project: NodeProject) -> FrameworkOutput | None:
        return _of(project, framework, Serving.STATIC, _tool(project, *words))

    return read


def _vite(project: NodeProject) -> FrameworkOutput | None:
    """An application has a page beside its manifest; without one, Vite builds a library or a server."""
    if posixpath.join(project.folder, "index.html") not in project.context.files:
        return None
    if any("--ssr" in text for text in project.scripts.values()) or _says(project, "vite.config", r"\b(?:ssr|lib)\s*:"):
        return _of(project, "vite", None, None)
    return _of(project, "vite", Serving.STATIC, _tool(project, "vite", "build"))


def _gatsby(project: NodeProject) -> FrameworkOutput | None:
    functions = project.context.is_folder(posixpath.join(project.folder, "src/api"))
    serves = _says(project, "gatsby-config", r"\badapter\s*:") or functions
    return _of(project, "gatsby", None if serves else Serving.STATIC, ("public",))


def _has_config(project: NodeProject, stem: str) -> bool:
    return any(posixpath.join(project.folder, stem + ending) in project.context.files for ending in _CONFIG_ENDINGS)


def _says(project: NodeProject, stem: str, pattern: str) -> bool:
    paths = (posixpath.join(project.folder, stem + ending) for ending in _CONFIG_ENDINGS)
    return any(re.search(pattern, project.context.read(path) or "") for path in paths)


_READERS: dict[str, Callable[[NodeProject], FrameworkOutput | None]] = {
    "next": _next,
    "nuxt": _nuxt,
    "sveltekit": _svelte,
    "remix": _remix,
    "react-router": _react_router,
    "astro": _astro,
    "gatsby": _gatsby,
    "nest": _nest,
    "angular": _angular,
    "create-react-app": _static("create-react-app", "react-scripts", "build"),
    "vue-cli": _static("vue-cli", "vue-cli-service", "build"),
    "docusaurus": _static("docusaurus", "docusaurus", "build"),
    "vite": _vite,
}
