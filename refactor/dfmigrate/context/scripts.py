"""Scripts that start a container: what they run, and whether they need to be root."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.shell_text import ShellCommand, shell_commands
from dfmigrate.knowledge.languages import reads_like_shell

_BUILT_IN = frozenset(
    {
        *(
            "[",
            "[[",
            ":",
            ".",
            "source",
            "alias",
            "bg",
            "break",
            "cd",
            "command",
            "continue",
            "declare",
            "echo",
            "eval",
        ),
        *("exec", "exit", "export", "false", "fg", "getopts", "hash", "jobs", "kill", "let", "local", "printf", "pwd"),
        *("read", "readonly", "return", "set", "shift", "shopt", "test", "times", "trap", "true", "type", "typeset"),
        *("ulimit", "umask", "unalias", "unset", "wait"),
    }
)
_DROPS = frozenset(
    {"gosu", "su-exec", "su", "setpriv", "runuser", "sudo", "chroot", "setuidgid", "chpst", "s6-setuidgid"}
)
_ROOT_ONLY = frozenset(
    {
        *("chown", "chgrp", "useradd", "adduser", "usermod", "groupadd", "addgroup", "groupmod", "mount", "umount"),
        *("iptables", "ip", "sysctl", "service", "cron", "crond", "sshd", "supervisord", "update-ca-certificates"),
        *("ldconfig", "apt-get", "apt", "apk", "yum", "dnf", "modprobe"),
    }
)
_CHANGES_USER = frozenset({"gosu", "su-exec", "chpst", "s6-setuidgid", "setuidgid"})
_OWN_ARGUMENTS = frozenset({'"$@"', "$@", '"${@}"', "${@}", "$*", '"$*"'})
_WRAPPERS = frozenset({"exec", "command", "nohup", "env", "time", "tini", "dumb-init"})


@dataclass(frozen=True, slots=True)
class EntryScript:
    """One script of the context."""

    path: str
    interpreter: str | None
    """The first line's program with ``env`` taken away: ``bash``; None without a ``#!`` line."""
    executable: bool
    crlf: bool
    """Whether the first line ends in a carriage return, which makes the script fail as an executable."""
    understood: bool
    """False when it is no shell script or could not be read with certainty: the fields below say nothing then."""
    programs: frozenset[str] = frozenset()
    """The commands that it may run, without the shell's own and without its functions; paths as written."""
    dynamic: bool = False
    """Whether it runs commands whose names only the shell knows, other than its own arguments."""
    runs_arguments: bool = False
    """Whether it ends in ``exec "$@"`` or calls ``"$@"``."""
    drops_privileges: frozenset[str] = frozenset()
    needs_root: frozenset[str] = frozenset()
    """Commands in it that only root may run."""
    reads: frozenset[str] = frozenset()
    """Files that it sources, as written."""
    writes: frozenset[str | None] = frozenset()
    """Files that its redirections write; None for those that only the shell knows."""
    commands: tuple[tuple[str | None, ...], ...] = ()
    """The argument vectors that it may run, without what leads to them; a word that only the shell knows is None."""

    @property
    def is_shell(self) -> bool:
        return self.interpreter is not None and reads_like_shell(self.interpreter)


@remembered
def entry_script(context: Context, path: str) -> EntryScript | None:
    """Read a script; None when it is not in the context or is no text."""
    text = context.read(path)
    found = context.resolve(path)
    if text is None or found is None:
        return None
    first = text.partition("\n")[0]
    interpreter = _interpreter(first)
    plain = EntryScript(path, interpreter, context.files[found].executable, first.endswith("\r"), False)
    if interpreter is not None and not reads_like_shell(interpreter):
        return plain
    if interpreter is None and not path.endswith(".sh"):
        return plain
    return _understand(plain, text)


def changes_user(program: str) -> bool:
    """Tell whether a program runs another one as another user."""
    return program in _DROPS


def _interpreter(first_line: str) -> str | None:
    found = re.match(r"#!\s*(\S+)(?:\s+(.*))?", first_line)
    if found is None:
        return None
    name = posixpath.basename(found[1])
    if name != "env":
        return name
    words = [word for word in (found[2] or "").split() if not word.startswith("-") and "=" not in word]
    return words[0] if words else None


def _understand(script: EntryScript, text: str) -> EntryScript:
    shell = shell_commands(text.replace("\r\n", "\n"))
    if not shell.understood:
        return script
    called = [(command, at) for command in shell.commands for at in _called(command)]
    first_words = {command.words[at] for command, at in called if command.written[at] not in _OWN_ARGUMENTS}
    first_words |= {words[2] for words in _replaced_arguments(shell.commands)}
    programs = {name for name in first_words if name is not None}
    names = {posixpath.basename(name) for name in programs}
    return EntryScript(
        path=script.path,
        interpreter=script.interpreter,
        executable=script.executable,
        crlf=script.crlf,
        understood=True,
        programs=frozenset(programs - _BUILT_IN - shell.functions),
        dynamic=None in first_words,
        runs_arguments=any(command.written[at] in _OWN_ARGUMENTS for command, at in called),
        drops_privileges=frozenset(names & _DROPS),
        needs_root=frozenset(names & _ROOT_ONLY),
        reads=frozenset(
            command.words[1]
            for command in shell.commands
            if command.name in (".", "source") and len(command.words) > 1 and command.words[1] is not None
        ),
        writes=frozenset(target for command in shell.commands for target in command.writes_to if target != "/dev/null"),
        commands=tuple(command.words[at:] for command, at in called),
    )


def _replaced_arguments(commands: tuple[ShellCommand, ...]) -> list[tuple[str | None, ...]]:
    """``set -- node "$@"``: what the script will run as its own arguments."""
    return [
        command.words
        for command in commands
        if command.words[:2] == ("set", "--") and len(command.words) > 2 and command.written[2] not in _OWN_ARGUMENTS
    ]


def _called(command: ShellCommand) -> list[int]:
    """Where in the words a command starts: ``exec gosu app server`` is three commands."""
    found: list[int] = []
    at = 0
    while at < len(command.words):
        found.append(at)
        name = posixpath.basename(command.words[at] or "")
        if name in _WRAPPERS:
            at = _after_options(command.words, at + 1)
        elif name in _CHANGES_USER:
            at = _after_options(command.words, at + 1) + 1
        else:
            break
    return found


def _after_options(words: tuple[str | None, ...], at: int) -> int:
    while at < len(words) and (words[at] or "").startswith("-"):
        at += 1
    while at < len(words) and re.match(r"\w+=", words[at] or ""):
        at += 1
    return at
