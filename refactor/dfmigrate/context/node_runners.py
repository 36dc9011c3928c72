"""Commands that run other commands: package managers, ``npx``, ``cross-env``, ``concurrently`` and their like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dfmigrate.context.node_tools import concurrently_options, manager_verbs

Words = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A program, run as it is."""

    words: Words


@dataclass(frozen=True, slots=True)
class Call:
    """A command given to a wrapper: it may be a wrapper again."""

    words: Words


@dataclass(frozen=True, slots=True)
class Shell:
    """Shell text given to a wrapper."""

    text: str


@dataclass(frozen=True, slots=True)
class Files:
    """Files that a wrapper reads."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that cannot be followed."""

    why: str


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a manifest."""

    name: str
    arguments: tuple[str, ...] = ()
    optional: bool = False
    """``--if-present``."""
    or_command: bool = False
    """Yarn, pnpm and Bun run a package's command when there is no such script."""
    folder: str | None = None
    workspace: str | None = None


Step = Command | Call | Shell | Files | Opaque | Script

_PREFIXES = frozenset({"exec", "command", "nohup", "time", "env", "cross-env", "tini", "dumb-init"})
_FOLDER_OPTIONS = ("--prefix", "-C", "--cwd", "--dir")
_WORKSPACE_OPTIONS = ("-w", "--workspace", "--filter", "-F")
_VALUE_OPTIONS = ("--loglevel", "--registry", "--cache", "--userconfig", "-p", "--package")
_SHORT_SCRIPTS = {"start": "start", "stop": "stop", "test": "test", "t": "test", "tst": "test", "restart": "restart"}
_PLAIN = re.compile(r"[\w@%+=:,./*-]+")


def runner_steps(words: Words) -> Iterator[Step]:
    """What a command amounts to. The runner itself comes out too, as a ``Command``, when it is a package's."""
    name = words[0]
    handler = _HANDLERS.get(name or "")
    if name is None or handler is None:
        yield Command(words)
        return
    yield from handler(words)


def _prefix(words: Words) -> Iterator[Step]:
    """A command that takes assignments or options and then the real command."""
    if words[0] == "cross-env":
        yield Command(words)
    rest = list(words[1:])
    while rest:
        word = rest[0]
        if word is None:
            # `cross-env X=$Y node a.js`: an assignment whose value is computed looks like any other unknown word.
            if words[0] not in ("env", "cross-env"):
                break
        elif not (word.startswith("-") or re.match(r"\w+=", word)):
            break
        rest.pop(0)
    if rest:
        yield Call(tuple(rest))
    elif None in words:
        yield Opaque(f"{words[0]} with a computed command")


def _package_manager(words: Words) -> Iterator[Step]:
    manager = words[0]
    yield Command((manager,))
    folder = workspace = None
    optional = False
    rest = list(words[1:])
    while rest and (rest[0] is None or rest[0].startswith("-")):
        option, _, value = (rest.pop(0) or "").partition("=")
        if option in (*_FOLDER_OPTIONS, *_WORKSPACE_OPTIONS, *_VALUE_OPTIONS) and not value and rest:
            value = rest.pop(0) or ""
        folder = value if option in _FOLDER_OPTIONS else folder
        workspace = value if option in _WORKSPACE_OPTIONS else workspace
        optional = optional or option == "--if-present"
    if manager in ("yarn", "yarnpkg") and rest[:1] == ["workspace"] and len(rest) > 2:
        workspace, rest = rest[1] or "", rest[2:]
    if "workspaces" in rest[:1] or "-r" in words or "--recursive" in words or "--workspaces" in words:
        yield Opaque(f"{manager} over all workspaces")
        return
    yield from _subcommand(str(manager), rest, Script("", optional=optional, folder=folder, workspace=workspace))


def _subcommand(manager: str, rest: list[str | None], template: Script) -> Iterator[Step]:
    if not rest:
        if manager != "npm":
            yield Opaque(f"{manager} installs packages")
        return
    verb, tail = rest[0], rest[1:]
    explicit = verb in ("run", "run-script", "rum", "urn")
    if explicit:
        while tail and (tail[0] or "").startswith("-"):
            option, _, value = (tail.pop(0) or "").partition("=")
            template = _with_option(template, option, value, tail)
        verb = tail.pop(0) if tail else None
        if verb is None:
            yield Opaque(f"{manager} run without a known script")
            return
    elif verb in ("exec", "x"):
        yield from _execute(tail)
        return
    elif verb in _SHORT_SCRIPTS and (manager == "npm" or verb in ("start", "test", "stop", "restart")):
        verb = _SHORT_SCRIPTS[verb]
    elif verb is None or verb in manager_verbs() or manager == "npm":
        yield Opaque(f"{manager} {verb or 'with a computed argument'}")
        return
    yield _script(manager, verb, tail, template)


def _script(manager: str, name: str, tail: list[str | None], template: Script) -> Step:
    optional = template.optional or "--if-present" in tail
    workspace = template.workspace
    for at, word in enumerate(tail):
        if word in _WORKSPACE_OPTIONS and "--" not in tail[:at] and manager == "npm":
            workspace = tail[at + 1] if at + 1 < len(tail) else None
    if manager == "npm":
        arguments = tail[tail.index("--") + 1 :] if "--" in tail else []
    else:
        arguments = [word for word in tail if word != "--"]
    plain = [word for word in arguments if word is not None and _PLAIN.fullmatch(word)]
    if len(plain) < len(arguments):
        return Opaque(f"{manager} {name} with computed arguments")
    return Script(
        name=name,
        arguments=tuple(plain),
        optional=optional,
        or_command=manager != "npm",
        folder=template.folder,
        workspace=workspace,
    )


def _with_option(template: Script, option: str, value: str, tail: list[str | None]) -> Script:
    if option in (*_FOLDER_OPTIONS, *_WORKSPACE_OPTIONS) and not value and tail:
        value = tail.pop(0) or ""
    return Script(
        name="",
        optional=template.optional or option == "--if-present",
        folder=value if option in _FOLDER_OPTIONS else template.folder,
        workspace=value if option in _WORKSPACE_OPTIONS else template.workspace,
    )


def _npx(words: Words) -> Iterator[Step]:
    yield Command((words[0],))
    yield from _execute(list(words[1:]))


def _execute(rest: list[str | None]) -> Iterator[Step]:
    """``npx``, ``npm exec``, ``yarn exec``, ``bunx``: options, then a package's command."""
    while rest and (rest[0] or "").startswith("-"):
        option = rest.pop(0)
        if option in ("-p", "--package"):
            yield Opaque("npx fetches a package")
            return
        if option in ("-c", "--call"):
            yield Shell(rest[0]) if rest and rest[0] is not None else Opaque("npx with a computed command")
            return
    if not rest or rest[0] is None:
        yield Opaque("npx with a computed command")
    elif "@" in rest[0][1:]:
        yield Opaque(f"npx {rest[0]} fetches a package")
    else:
        yield Call(tuple(rest))


def _bun(words: Words) -> Iterator[Step]:
    """``bun run x`` is a script or a file, ``bun x.ts`` a file."""
    rest = words[1:]
    target = rest[1] if rest[:1] == ("run",) and len(rest) > 1 else (rest[0] if rest else None)
    if target is not None and re.search(r"/|\.[cm]?[jt]sx?$", target):
        yield Command((words[0], *rest[rest.index(target) :]))
    elif rest[:1] in (("build",), ("test",)):
        # Bun's own bundler and test runner, whatever the scripts are called.
        yield Command(words)
    else:
        yield from _package_manager(words)


def _corepack(words: Words) -> Iterator[Step]:
    if len(words) > 1 and words[1] in ("npm", "yarn", "pnpm"):
        yield Call(words[1:])
    else:
        yield Command(words)


def _shell(words: Words) -> Iterator[Step]:
    """``sh -c TEXT`` or ``sh FILE``."""
    yield Command((words[0],))
    rest = list(words[1:])
    while rest and (rest[0] or "").startswith("-"):
        option = rest.pop(0) or ""
        if option.endswith("c") and not option.startswith("--"):
            yield Shell(rest[0]) if rest and rest[0] is not None else Opaque("a shell with computed text")
            return
    if rest and rest[0] is not None:
        path = rest[0] if "/" in rest[0] else f"./{rest[0]}"
        yield Command((path, *rest[1:]))
    else:
        yield Opaque("a shell with a computed file")


def _shell_words(words: Words) -> Iterator[Step]:
    """``cross-env-shell A=1 TEXT``: everything after the assignments is shell text."""
    yield Command(words)
    rest = [word for word in words[1:] if word is None or not re.match(r"\w+=", word)]
    known = [word for word in rest if word is not None]
    yield Shell(" ".join(known)) if len(known) == len(rest) else Opaque("cross-env-shell with computed text")


def _env_file(words: Words) -> Iterator[Step]:
    """``env-cmd``, ``dotenv`` and ``dotenvx``: the file that they read, then the command."""
    yield Command((words[0],))
    rest = list(words[1:])
    if rest[:1] == ["run"] and words[0] == "dotenvx":
        rest.pop(0)
    while rest and (rest[0] or "").startswith(("-", ".env")):
        option = rest.pop(0) or ""
        if option.startswith(".env"):
            yield Files((option,))
        elif option in ("-f", "--file", "-e", "--environments", "-r", "--rc-file", "-v", "--env-file", "--env"):
            value = rest.pop(0) if rest else None
            names_a_file = option in ("-f", "--file", "--rc-file", "-r", "--env-file")
            if value is not None and (names_a_file or (option == "-e" and words[0] == "dotenv")):
                yield Files((value,))
        elif option == "--":
            break
    yield Call(tuple(rest)) if rest else Opaque(f"{words[0]} without a command")


def _concurrently(words: Words) -> Iterator[Step]:
    yield Command((words[0],))
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word is None:
            yield Opaque("concurrently with a computed command")
        elif word.startswith("-"):
            if word in concurrently_options() and rest:
                rest.pop(0)
        elif re.match(r"(?:npm|yarn|pnpm|bun):", word):
            yield Script(word.partition(":")[2].split()[0] if word.partition(":")[2].split() else "")
        else:
            yield Shell(word)


def _run_all(words: Words) -> Iterator[Step]:
    """``npm-run-all a b:*``: names of scripts, perhaps with arguments of their own."""
    yield Command((words[0],))
    for word in words[1:]:
        if word is None or "{" in word:
            yield Opaque(f"{words[0]} with a computed script")
        elif word.split() and not word.startswith("-"):
            yield Script(word.split()[0])


def _nodemon(words: Words) -> Iterator[Step]:
    yield Command(words)
    for at, word in enumerate(words[:-1]):
        following = words[at + 1]
        if word in ("-x", "--exec"):
            yield Shell(following) if following is not None else Opaque("nodemon with a computed command")


def _orchestrator(words: Words) -> Iterator[Step]:
    yield Command(words)
    yield Opaque(f"{words[0]} runs scripts of other folders")


def _process_manager(words: Words) -> Iterator[Step]:
    """``pm2``: a script is as good as run by node; a configuration file says more than can be read here."""
    yield Command(words)
    rest = [word for word in words[1:] if word is None or not word.startswith("-")]
    if rest[:1] == ["start"]:
        rest.pop(0)
    target = rest[0] if rest else None
    if target is None or not target.endswith((".js", ".cjs", ".mjs")) or ".config." in target:
        yield Opaque(f"{words[0]} with a configuration")
    else:
        yield Files((target,))


_Handler = Callable[[Words], Iterator[Step]]
_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys(_PREFIXES, _prefix),
    **dict.fromkeys(("npm", "yarn", "yarnpkg", "pnpm"), _package_manager),
    **dict.fromkeys(("npx", "pnpx", "bunx"), _npx),
    **dict.fromkeys(("sh", "bash", "ash", "dash"), _shell),
    **dict.fromkeys(("env-cmd", "dotenv", "dotenvx"), _env_file),
    **dict.fromkeys(("npm-run-all", "run-s", "run-p", "npm-run-all2"), _run_all),
    **dict.fromkeys(("turbo", "lerna", "nx"), _orchestrator),
    **dict.fromkeys(("pm2", "pm2-runtime", "pm2-docker"), _process_manager),
    "bun": _bun,
    "corepack": _corepack,
    "cross-env-shell": _shell_words,
    "concurrently": _concurrently,
    "nodemon": _nodemon,
}
