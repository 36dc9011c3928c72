"""What building a Node project leaves behind, tool by tool."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from dfmigrate.context.documents import json_file
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_config import (
    Setting,
    emitted_beside,
    read_tsconfig,
    setting_in,
    settings_of,
)
from dfmigrate.context.node_start import Closure, Need, Program, start
from dfmigrate.context.node_svelte import svelte_adapter
from dfmigrate.context.node_tools import Role, node_tools
from dfmigrate.context.node_webpack import webpack_output
from dfmigrate.context.parsing import mapping, text_or_none
from dfmigrate.context.prisma import generators

Outputs = tuple[str, ...] | None

_WRITES_NOTHING = frozenset(
    {
        *("npm", "npx", "yarn", "yarnpkg", "pnpm", "pnpx", "bunx", "corepack", "rm", "rmdir", "echo", "printf", "true"),
        *("false", "test", "[", "export", "set", "exit", "sleep", "date", "cat", "ls", "pwd", "which", "sh", "bash"),
        *("chmod", "chown", "env", "cross-env", "exec", "time", "wait", "kill", "grep", "find", "cross-env-shell"),
        *("rimraf", "del", "del-cli", "tsc-alias", "wait-on", "husky"),
    }
)


@dataclass(frozen=True)
class Build:
    """One build script."""

    closure: Closure
    outputs: Outputs
    """Files and folders that it writes, as context paths; None when that is not known for every step."""
    unknown: tuple[str, ...]
    """The steps whose outputs are not known."""

    @property
    def tools(self) -> tuple[Program, ...]:
        return self.closure.with_role(Role.BUILD)


@dataclass(frozen=True, slots=True)
class _Call:
    """One run of a tool: paths in its arguments and its configuration are relative to ``folder``."""

    project: NodeProject
    program: Program

    @property
    def folder(self) -> str:
        return self.program.folder

    @property
    def operands(self) -> list[str]:
        return [word for word in self.program.words[1:] if word is not None and not word.startswith("-")]

    def option(self, *names: str) -> Setting:
        """The value of a command-line option: ``--out-dir x`` or ``--out-dir=x``."""
        words = self.program.words
        for at, word in enumerate(words):
            name, equals, value = (word or "").partition("=")
            if name in names:
                return Setting(True, value if equals else (words[at + 1] if at + 1 < len(words) else None))
        return Setting(False)

    def config(self, stem: str, key: str) -> Setting:
        """A setting in the tool's configuration, or in the file that ``--config`` names."""
        named = self.option("-c", "--config")
        if named.given:
            path = None if named.value is None else posixpath.normpath(posixpath.join(self.folder, named.value))
            return Setting(True) if path is None else setting_in(self.project.context, [path], key)
        return settings_of(self.project.context, self.folder, stem, key)


def build(project: NodeProject, script: str) -> Build:
    """Follow a script and ask of every step what it writes."""
    closure = start(project, script)
    found: dict[str, None] = {path: None for path in closure.written if path is not None}
    unknown = list(closure.opaque)
    if None in closure.written:
        unknown.append("a redirection to a computed file")
    for program in closure.programs:
        written = _outputs(_Call(node_project(project.context, program.folder) or project, program))
        if written is None:
            unknown.append(" ".join(word or "?" for word in program.words))
            continue
        found.update(dict.fromkeys(posixpath.normpath(posixpath.join(program.folder, path)) for path in written))
    unknown += [f"{path} is outside of the context" for path in found if path.startswith("..")]
    return Build(closure, None if unknown else tuple(found), tuple(unknown))


def tool_outputs(project: NodeProject, words: tuple[str, ...]) -> Outputs:
    """What one run of a tool in the project's folder writes, as context paths; None when that is not known."""
    role = tool.role_of(words[1:]) if (tool := node_tools().get(words[0])) is not None else None
    program = Program(words, Need.UNKNOWN, None, role, "", project.folder)
    written = _outputs(_Call(project, program))
    return None if written is None else tuple(posixpath.normpath(posixpath.join(project.folder, p)) for p in written)


def _outputs(call: _Call) -> Outputs:
    """Paths relative to the program's folder."""
    name = call.program.name
    handler = _TOOLS.get(name)
    if name in _WRITES_NOTHING or call.program.role in (Role.RUN, Role.CHECK, Role.WRAP):
        return ()
    if handler is None or call.program.role in (Role.DEV, Role.TRANSPILE, Role.MIGRATE):
        # A migration may make the file of a database.
        return None
    return handler(call)


def _first(*settings: Setting, default: str | None) -> Outputs:
    """The first setting that is given decides; a computed one leaves the output unknown."""
    for setting in settings:
        if setting.given:
            return None if setting.value is None else (setting.value,)
    return None if default is None else (default,)


def _simple(call: _Call, options: tuple[str, ...], stem: str, key: str, default: str | None) -> Outputs:
    """A tool with an option, a configuration file and a default."""
    configured = call.config(stem, key) if stem else Setting(False)
    return _first(call.option(*options), configured, default=default)


def _tsc(call: _Call) -> Outputs:
    if "--noEmit" in call.program.words or call.option("--outDir").given:
        return () if "--noEmit" in call.program.words else _first(call.option("--outDir"), default=None)
    if {"-b", "--build"} & set(call.program.words):
        paths = [posixpath.join(call.folder, path) for path in call.operands or ["."]]
        return _relative(call, _referenced(call, paths))
    named = call.option("-p", "--project")
    if named.given and named.value is None:
        return None
    path = posixpath.normpath(posixpath.join(call.folder, named.value or "tsconfig.json"))
    return _relative(call, _tsconfig_output(call, "" if path == "." else path))


def _vue_tsc(call: _Call) -> Outputs:
    return _tsc(call)


def _tsconfig_output(call: _Call, path: str) -> Outputs:
    config = read_tsconfig(call.project.context, path)
    if config is None:
        return None
    if not config.emits:
        return ()
    if config.out is not None:
        return (config.out,)
    return emitted_beside(call.project.context, config)


def _referenced(call: _Call, paths: list[str]) -> Outputs:
    found: list[str] = []
    pending, seen = [posixpath.normpath(path) for path in paths], set[str]()
    while pending:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        config = read_tsconfig(call.project.context, "" if path == "." else path)
        written = None if config is None else _tsconfig_output(call, config.path)
        if config is None or written is None or len(seen) > 100:
            return None
        found += written
        pending += config.references
    return tuple(dict.fromkeys(found))


def _relative(call: _Call, paths: Outputs) -> Outputs:
    return None if paths is None else tuple(posixpath.relpath(path, call.folder or ".") for path in paths)


def _vite(call: _Call) -> Outputs:
    if call.project.declares("@sveltejs/kit"):
        return _svelte(call)
    root = call.config("vite.config", "root")
    operands = call.operands[1:]
    if root.given or operands:
        return None
    return _simple(call, ("--outDir",), "vite.config", "outDir", "dist")


def _svelte(call: _Call) -> Outputs:
    if svelte_adapter(call.project) not in ("@sveltejs/adapter-node", "@sveltejs/adapter-static"):
        return None
    out = _first(call.config("svelte.config", "(?:out|pages)"), default="build")
    return None if out is None else (*out, ".svelte-kit")


def _webpack(call: _Call) -> Outputs:
    option = call.option("-o", "--output-path")
    if option.given:
        return _first(option, default=None)
    return webpack_output(call.project, call.folder, call.option("-c", "--config"))


def _react_scripts(call: _Call) -> Outputs:
    context = call.project.context
    texts = [*call.project.scripts.values(), *(context.read(path) or "" for path in _env_files(call))]
    return None if any("BUILD_PATH" in text for text in texts) else ("build",)


def _env_files(call: _Call) -> Iterator[str]:
    for path in call.project.context.children(call.folder):
        if posixpath.basename(path).startswith(".env"):
            yield path


def _next(call: _Call) -> Outputs:
    built = _first(call.config("next.config", "distDir"), default=".next")
    mode = call.config("next.config", "output")
    if built is None or (mode.given and mode.value is None):
        return None
    if mode.value == "standalone":
        return (*built, posixpath.join(built[0], "standalone"))
    return (*built, "out") if mode.value == "export" else built


def _nuxt(call: _Call) -> Outputs:
    if call.program.name == "nuxt":
        version = re.search(r"\d+", call.project.versions.get("nuxt", ""))
        if version is None or int(version[0]) < 3:
            return None
    if settings_of(call.project.context, call.folder, "nuxt.config", "(?:buildDir|output)").given:
        return None
    return (".output", ".nuxt")


def _nest(call: _Call) -> Outputs:
    context = call.project.context
    path = posixpath.join(call.folder, "nest-cli.json")
    config = json_file(context, path)
    if config is None and path in context.files:
        return None
    options = mapping((config or {}).get("compilerOptions"))
    if options.get("webpack") is True or "builder" in options or (config or {}).get("monorepo") is True:
        return None if "webpackConfigPath" in options or "builder" in options else ("dist",)
    named = call.option("-p", "--path").value or text_or_none(options.get("tsConfigPath"))
    build_config = posixpath.join(call.folder, "tsconfig.build.json")
    default = "tsconfig.build.json" if build_config in context.files else "tsconfig.json"
    return _relative(call, _tsconfig_output(call, posixpath.normpath(posixpath.join(call.folder, named or default))))


def _angular(call: _Call) -> Outputs:
    option = call.option("--output-path")
    if option.given:
        return _first(option, default=None)
    config = json_file(call.project.context, posixpath.join(call.folder, "angular.json"))
    projects = mapping((config or {}).get("projects"))
    wanted = [name for name in call.operands[1:] if name in projects] or list(projects)
    found: list[str] = []
    for name in wanted:
        tools = mapping(projects[name])
        target = mapping(mapping(tools.get("architect") or tools.get("targets")).get("build"))
        configurations = mapping(target.get("configurations")).values()
        if any("outputPath" in mapping(configuration) for configuration in configurations):
            return None
        path = mapping(target.get("options")).get("outputPath", f"dist/{name}")
        base = path if isinstance(path, str) else text_or_none(mapping(path).get("base"))
        if base is None:
            return None
        found.append(base)
    return tuple(found) or None


def _remix(call: _Call) -> Outputs:
    config = settings_of(call.project.context, call.folder, "remix.config", "(?:serverBuildPath|assetsBuildDirectory)")
    react_router = settings_of(call.project.context, call.folder, "react-router.config", "buildDirectory")
    vite = settings_of(call.project.context, call.folder, "vite.config", "buildDirectory")
    if config.given or react_router.given or vite.given:
        return None
    return (
        ("build", "public/build")
        if call.program.words[1:2] == ("build",) and call.program.name == "remix"
        else ("build",)
    )


def _rollup(call: _Call) -> Outputs:
    option = call.option("-d", "--dir", "-o", "--file")
    if option.given:
        return _first(option, default=None)
    file, folder = call.config("rollup.config", "file"), call.config("rollup.config", "dir")
    given = [setting for setting in (file, folder) if setting.given]
    return _first(given[0], default=None) if len(given) == 1 else None


def _prisma(call: _Call) -> Outputs:
    if call.operands[:1] != ["generate"]:
        return () if call.operands[:1] in (["validate"], ["format"], ["version"]) else None
    context = call.project.context
    for path in ("prisma/schema.prisma", "schema.prisma"):
        schema = posixpath.join(call.folder, path)
        if context.exists(schema):
            made = generators(context, schema)
            return ("node_modules/.prisma",) if made and all(one.is_usual for one in made) else None
    return None


def _bun(call: _Call) -> Outputs:
    """The bundler's file or folder; ``bun FILE`` may write anything."""
    if call.operands[:1] != ["build"]:
        return None
    option = call.option("--outfile", "--outdir")
    return _first(option, default=None) if option.given else ()


def _last_operand(call: _Call) -> Outputs:
    return tuple(call.operands[-1:]) if len(call.operands) > 1 and None not in call.program.words else None


def _all_operands(call: _Call) -> Outputs:
    return tuple(call.operands) if None not in call.program.words else None


def _shx(call: _Call) -> Outputs:
    verb = call.operands[0] if call.operands else ""
    if verb in ("rm", "echo", "cat", "ls", "test", "true", "chmod"):
        return ()
    if verb in ("cp", "mv"):
        return tuple(call.operands[-1:]) if len(call.operands) > 2 else None
    return tuple(call.operands[1:]) if verb in ("mkdir", "touch") else None


def _sass(call: _Call) -> Outputs:
    pairs = [word.partition(":")[2] for word in call.operands if ":" in word]
    return tuple(pairs) or _last_operand(call)


def _copied(call: _Call) -> Outputs:
    return None if "-t" in call.program.words else _last_operand(call)


_TOOLS: dict[str, Callable[[_Call], Outputs]] = {
    "tsc": _tsc,
    "vue-tsc": _vue_tsc,
    "vite": _vite,
    "webpack": _webpack,
    "react-scripts": _react_scripts,
    "next": _next,
    "nuxt": _nuxt,
    "nuxi": _nuxt,
    "nest": _nest,
    "ng": _angular,
    "remix": _remix,
    "react-router": _remix,
    "rollup": _rollup,
    "prisma": _prisma,
    "svelte-kit": lambda call: (".svelte-kit",) if call.operands[:1] == ["sync"] else None,
    "bun": _bun,
    "shx": _shx,
    "sass": _sass,
    "cp": _copied,
    "mv": _copied,
    "copyfiles": _last_operand,
    "cpx": _last_operand,
    "ncp": _last_operand,
    "mkdir": _all_operands,
    "touch": _all_operands,
    "mkdirp": _all_operands,
    "vue-cli-service": partial(_simple, options=("--dest",), stem="vue.config", key="outputDir", default="dist"),
    "astro": partial(_simple, options=("--outDir",), stem="astro.config", key="outDir", default="dist"),
    "tsup": partial(_simple, options=("-d", "--out-dir"), stem="tsup.config", key="outDir", default="dist"),
    "docusaurus": partial(_simple, options=("--out-dir",), stem="", key="", default="build"),
    "parcel": partial(_simple, options=("--dist-dir", "-d"), stem="", key="", default="dist"),
    "ncc": partial(_simple, options=("-o", "--out"), stem="", key="", default="dist"),
    "esbuild": partial(_simple, options=("--outdir", "--outfile"), stem="", key="", default=None),
    "babel": partial(_simple, options=("-d", "--out-dir", "-o", "--out-file"), stem="", key="", default=None),
    "swc": partial(_simple, options=("-d", "--out-dir", "-o", "--out-file"), stem="", key="", default=None),
    "tailwindcss": partial(_simple, options=("-o", "--output"), stem="", key="", default=None),
    "postcss": partial(_simple, options=("-o", "--output", "-d", "--dir"), stem="", key="", default=None),
    "gatsby": lambda call: ("public", ".cache"),
}
