"""Whether a Node application runs with its production dependencies alone."""

from __future__ import annotations

import posixpath
import re
import shlex

from dfmigrate.context import Context
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_branches import sets_mode, without_untaken
from dfmigrate.context.node_bundles import only_bundled
from dfmigrate.context.node_framework import Serving, framework_outputs
from dfmigrate.context.node_start import Closure, Need, follow, package_need, start
from dfmigrate.context.prisma import all_generators
from dfmigrate.context.source_text import Source
from dfmigrate.knowledge.frameworks import framework_facts

from .artefacts import context_folder
from .commands import commands_of
from .custom_server import CustomServer, development_server
from .interpret import Build
from .node_scripts import MANAGERS, Argv, node_script
from .starts import served
from .variables import values_of

_NAME = re.compile(r"['\"`]([@\w][\w@./-]*)['\"`]|(?<![\w.-])(node_modules/[\w@./-]*)")
_NOT_RUNNING = re.compile(
    r"(^|/)(tests?|__tests__|__mocks__|spec|cypress|e2e|node_modules)/|\.(test|spec|config|stories)\.[cm]?[jt]sx?$"
    r"|\.d\.[cm]?ts$|(^|/)(gulpfile|gruntfile)\.|(^|/)\.\w+rc\.[cm]?[jt]s$"
)
"""Files that nothing loads unless a file that runs, or a program's own configuration, leads to them."""
_SOURCE = re.compile(r"\.([cm]?[jt]s|[jt]sx)$", re.IGNORECASE)
_LOADERS = frozenset({"-r", "--require", "--import", "--loader", "--experimental-loader"})


def may_run(path: str) -> bool:
    """Whether a file is a source that may be loaded while the application runs: no test, no tool's configuration."""
    return _SOURCE.search(path) is not None and not _NOT_RUNNING.search(path)


def application(build: Build) -> NodeProject | None:
    """The project that the container starts: the one laid out in the working directory, else the context's own."""
    if build.context is None:
        return None
    folder = context_folder(build.final.final.workdir or "/", build.final.files)
    here = node_project(build.context, folder) if folder else None
    return here if here is not None else node_project(build.context)


def starts_without_development_packages(build: Build) -> str | None:
    """None when it does; otherwise what stands against it."""
    node = application(build)
    if node is None or build.context is None:
        return "package.json could not be read"
    config = build.final.final
    options = values_of("NODE_OPTIONS", config, build.context)
    if any(value is None or re.search(r"-r\b|require|import|loader", value) for value in options):
        return "NODE_OPTIONS may preload a module"
    argvs = _start_commands(build)
    if argvs is None:
        return "the start command could not be read"
    started: list[Closure] = []
    for argv in argvs:
        found = _started(argv, node)
        if isinstance(found, str):
            return found
        started.append(found)
    if not started:
        return "no start command is given"
    made = next((one for one in all_generators(build.context) if one.may_make_a_package), None)
    if made is not None:
        return f"`{made.provider}` of {made.path} may make a package, which would be taken away with the others"
    server = started_in_development(build)
    if server is not None:
        return f"{server.path} starts a server of Next.js that compiles each page when it is asked for"
    return _imports(node, build.context, started, _mode(build, node, started))


def started_in_development(build: Build) -> CustomServer | None:
    """A server of Next.js that the project makes by itself, where it is not shown to run in production mode."""
    node = application(build)
    if node is None or build.context is None or not node.declares("next"):
        return None
    found = [_followed(argv, node) for argv in _start_commands(build) or ()]
    closures = [one for one in found if one is not None]
    mode = _mode(build, node, closures) or _given_mode(build, node, closures)
    named = [path for closure in closures for path in closure.files if path in build.context.files]
    own = [path for path in named if _SOURCE.search(path)]
    if own:
        return development_server(build.context, dict.fromkeys((*own, *node.imports(own).files)), mode)
    if found and len(closures) == len(found) and _starts_next(closures):
        return None
    sources = [path for path in build.context.files if _SOURCE.search(path) and not _NOT_RUNNING.search(path)]
    return development_server(build.context, sources, mode)


def _starts_next(closures: list[Closure]) -> bool:
    """Whether the framework's own program serves, and no file of the project."""
    programs = {program.name for closure in closures for program in closure.programs}
    return "next" in programs and "node" not in programs


def _start_commands(build: Build) -> tuple[Argv, ...] | None:
    """The commands of each start; None where one of them could not be read."""
    config = build.final.final
    commands = [c for one in served(config, build.context) for c in (one.entrypoint, one.command) if c is not None]
    found: list[Argv] = []
    for command in dict.fromkeys(commands):
        argvs = commands_of(command, config) if command.line is not None else ()
        if argvs is None:
            return None
        found.extend(argvs)
    return tuple(found)


def _given_mode(build: Build, node: NodeProject, closures: list[Closure]) -> str | None:
    """The one value of ``NODE_ENV`` that the commands and scripts of the start give."""
    texts = [node.scripts.get(name, "") for closure in closures for name in closure.scripts]
    config = build.final.final
    texts += [" ".join((c.text, *(c.argv or ()))) for c in (config.entrypoint, config.command) if c is not None]
    values = {found["value"] for text in texts for found in _MODE_GIVEN.finditer(text)}
    return values.pop() if len(values) == 1 else None


def _mode(build: Build, node: NodeProject, started: list[Closure]) -> str | None:
    """The value of ``NODE_ENV`` that the image sets, where neither a script nor a source may give it another."""
    mode = build.final.final.environment.get("NODE_ENV")
    context = node.context
    scripts = [node.scripts.get(name, "") for closure in started for name in closure.scripts]
    commands = [
        " ".join((command.text, *(command.argv or ())))
        for one in served(build.final.final, build.context)
        for command in (one.entrypoint, one.command)
        if command
    ]
    given = [path for closure in started for path in closure.files if not _SOURCE.search(path)]
    texts = [*scripts, *commands, *(context.read(path) or "" for path in given)]
    if mode is None or any("NODE_ENV" in text for text in texts) or _is_started_in_another(mode, context):
        return None
    sources = (path for path in context.files if _SOURCE.search(path))
    return None if any(sets_mode(Source(path, "node", context.read(path) or "")) for path in sources) else mode


_MODE_GIVEN = re.compile(r"\bNODE_ENV\b['\"]?\s*[:=]\s*['\"]?(?P<value>[^\s'\",}]*)")
_MODE_LISTED = re.compile(r"\bname:\s*['\"]?NODE_ENV\b|(?m:^\s*-\s*['\"]?NODE_ENV['\"]?\s*$)|(?m:^\s*env_file\s*:)")
_GIVES = re.compile(
    r"(^|/)(\.env[^/]*|[^/]+\.(ya?ml|toml|env|sh|service)|Makefile|Procfile|app\.json|ecosystem\.[^/]+)$"
)


def _is_started_in_another(mode: str, context: Context) -> bool:
    """Whether a compose file, a deployment or a script gives ``NODE_ENV`` another value than the image does."""
    sent = ((path, context.read(path)) for path in context.files if _GIVES.search(path))
    for _, text in (*context.outside.items(), *sent):
        if text is None or _MODE_LISTED.search(text) or any(m["value"] != mode for m in _MODE_GIVEN.finditer(text)):
            return True
    return False


def has_only_development_packages(build: Build) -> bool:
    """Whether nothing that npm installs is needed once the build is done."""
    node = application(build)
    if node is None or node.production_packages != frozenset() or node.dependencies or node.optional_dependencies:
        return False
    return starts_without_development_packages(build) is None


def _started(argv: tuple[str | None, ...], node: NodeProject) -> Closure | str:
    """What a command of the process leads to, or why it may need development packages."""
    script = node_script(argv)
    if script is None and any(word in _LOADERS for word in argv[1:]):
        return "the start command preloads a module"
    closure = _followed(argv, node)
    if closure is None:
        return f"`{argv[0] if argv else ''}` is not shown to run without development packages"
    text = shlex.join(word for word in argv if word is not None)
    what = f"`{text}`" if script is None else f"the script `{script}`"
    return closure if closure.closed is True else f"{what} is not shown to run without development packages"


def _followed(argv: tuple[str | None, ...], node: NodeProject) -> Closure | None:
    """What a command leads to; None where it is none of Node's."""
    script = node_script(argv)
    if script is not None:
        return start(node, script)
    if None in argv or not argv or (argv[0] != "node" and posixpath.basename(argv[0] or "") not in {*MANAGERS, "npx"}):
        return None
    return follow(node, shlex.join(word for word in argv if word is not None))


def _imports(node: NodeProject, context: Context, started: list[Closure], mode: str | None) -> str | None:
    """A development package that a source loads or names, where the source may run."""
    programs = {program.name for closure in started for program in closure.programs}
    named_files = {path for closure in started for path in closure.files}
    bundled = only_bundled(node, named_files, mode) | _only_built(node)
    running = _running(context, named_files, programs, bundled)
    found = node.imports(running, mode)
    # A server that loads a framework as a module has its configuration loaded too.
    programs |= set(found.packages)
    configured = _running(context, named_files, programs, bundled)
    if len(configured) > len(running):
        running, found = configured, node.imports(configured, mode)
    for path in running:
        if path not in named_files and _is_compiled_when_loaded(path, programs, node):
            return f"{path} is compiled when it is loaded, for which TypeScript must be there"
    for name, place in found.development:
        return f"{place.path} loads {name}, which is a development package"
    if found.dynamic:
        return f"{found.dynamic[0].path} loads a module whose name is computed"
    for name, (need, place) in found.packages.items():
        if need is Need.UNKNOWN and node.packages is None and node.dev_dependencies and not _is_own(name, node):
            return f"{place.path} loads {name}, which a development package may have brought"
    development = set(node.dev_dependencies) - set(node.dependencies)
    if {"@babel/register", "ts-node", "tsx", "esbuild-register", "@swc-node/register"} & set(node.dependencies):
        return "sources are compiled when they are loaded"
    for path in dict.fromkeys((*running, *found.files)):
        text = without_untaken(Source(path, "node", context.read(path) or ""), mode)
        words = {one or two for one, two in _NAME.findall(text)}
        if "node_modules" in words or any(
            word.startswith("node_modules/") or "/node_modules/" in word for word in words
        ):
            return f"{path} names node_modules"
        named = sorted(development & words)
        if named:
            return f"{path} names {named[0]}, which is a development package"
    return None


def _running(context: Context, named: set[str], programs: set[str], left_out: frozenset[str]) -> list[str]:
    """The sources that may be loaded when these programs run."""
    return [
        path
        for path in context.files
        if path not in left_out
        and _SOURCE.search(path)
        and (not _NOT_RUNNING.search(path) or path in named or _is_configuration(path, programs))
    ]


def _is_compiled_when_loaded(path: str, programs: set[str], node: NodeProject) -> bool:
    """A configuration in TypeScript, as of ``next start``, which installs the compiler where it misses it."""
    written = re.search(r"\.config\.[cm]?ts$", path) is not None and _is_configuration(path, programs)
    return written and package_need(node, "typescript") is not Need.PRODUCTION


def _only_built(node: NodeProject) -> frozenset[str]:
    """Sources that a framework's build loads and its server does not."""
    stems = [
        posixpath.join(node.folder, stem)
        for facts in framework_facts().values()
        if any(node.declares(package) for package in facts.packages)
        for stem in facts.build_files
    ]
    folders = [
        posixpath.join(node.folder, folder)
        for output in framework_outputs(node)
        if output.serving is Serving.SERVER
        for folder in framework_facts()[output.framework].bundled
    ]
    bundled = [path for folder in folders for path in node.context.below(folder) if _SOURCE.search(path)]
    if node.imports(bundled).dynamic:
        # A bundler leaves what it cannot follow to the server.
        bundled = []
    return frozenset((*(path for path in node.context.files if posixpath.splitext(path)[0] in stems), *bundled))


def _is_configuration(path: str, programs: set[str]) -> bool:
    """``next.config.js`` is loaded when ``next`` starts."""
    return posixpath.basename(path).lstrip(".").partition(".")[0] in programs


def _is_own(name: str, node: NodeProject) -> bool:
    """A name that only the project's compiler maps to a file of the project, such as ``@/store``."""
    return name == node.name or name.startswith(("@/", "~", "#")) or name == "@"
