"""What file commands with literal words do to the files that are known: mkdir, cp, mv, ln, rm, chown and chmod."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from .actions import Action
from .files import FileSystem, Kind, Origin, Write
from .image import Config
from .modes import changed_mode

_TO_LAST = frozenset({"cp", "mv", "ln"})
_MAKES_DIRECTORIES = frozenset({"mkdir", "install"})
_KEEPS = re.compile(r"-[a-zA-Z]*[ap]|--(archive|preserve)")


def refined(action: Action, files: FileSystem, config: Config, *, usual_umask: bool) -> Action:
    """The action with its writes as exact as the files that it finds allow."""
    writes = tuple(_at_home(write) for write in action.writes)
    if action.program in _MAKES_DIRECTORIES:
        mode = _made_mode(action) if usual_umask else None
        writes = tuple(replace(w, mode=mode) if w.kind is Kind.DIRECTORY else w for w in writes)
    elif action.program in _TO_LAST and len(writes) == 1 and writes[0].kind is Kind.TREE:
        writes = _placed(action, writes[0], files, config) or writes
    elif action.program == "ln" and len(writes) == 1 and len(_names(action)) == 1 and _is_symbolic(action):
        writes = (replace(writes[0], link=_names(action)[0]),)
    return action if writes == action.writes else replace(action, writes=writes)


_UNLINKED = re.compile(r"unlink\(['\"]([\w.-]+)['\"]\);?")


def after(action: Action, files: FileSystem, lasting: Sequence[Write], config: Config) -> FileSystem:
    """The files once the action has run; ``lasting`` are those of its writes that no mount takes away."""
    made = (w for w in lasting if w.kind is not Kind.DIRECTORY or not files.is_directory(w.path))
    files = files.add(_over(w, files) for w in made)
    if action.program in ("chown", "chgrp", "chmod"):
        return _changed(action, files, config)
    unlinked = _UNLINKED.fullmatch(action.argv[-1] or "") if action.program == "php" and action.certain else None
    if unlinked is not None and action.role == "cleanup" and action.cwd is not None:
        return files.remove(posixpath.join(action.cwd, unlinked[1]))
    if action.program in ("rm", "rmdir", "mv") and action.cwd is not None:
        return _removed(action, files, action.cwd, config)
    return files


def _at_home(write: Write) -> Write:
    return replace(write, owner="0:0") if write.owner == "" else write


def _over(write: Write, files: FileSystem) -> Write:
    """A file that is written anew keeps its owner and mode, unless the command replaces it: nobody can tell."""
    older = files.newest(write.path) if write.kind is Kind.FILE and write.link is None else None
    if older is None or older.kind is Kind.DIRECTORY:
        return write
    return replace(write, owner=write.owner if older.owner == write.owner else None, mode=None)


def _names(action: Action) -> list[str]:
    return [word for word in action.argv[1:] if word is not None and not word.startswith("-")]


def _is_symbolic(action: Action) -> bool:
    return any(re.fullmatch(r"-[a-zA-Z]*s[a-zA-Z]*|--symbolic", word or "") for word in action.argv[1:])


def _made_mode(action: Action) -> int | None:
    """The mode of the folders that ``mkdir`` makes; builders run commands with the umask 022."""
    words = [word or "" for word in action.argv[1:]]
    for index, word in enumerate(words):
        said = re.fullmatch(r"(?:-m|--mode=)(.*)", word)
        if said is not None:
            text = said[1] or (words[index + 1] if index + 1 < len(words) else "")
            return changed_mode(0o777, text) if text.isdigit() else None
        if word == "--mode":
            return None
    return 0o755


def _placed(action: Action, write: Write, files: FileSystem, config: Config) -> tuple[Write, ...]:
    """Where each source of ``cp``, ``mv`` or ``ln`` lands exactly; nothing when that is not known."""
    names = _names(action)
    plain = all(re.fullmatch(r"-[abdfilnprsvLPR]+", word or "") for word in action.argv[1:] if (word or "-")[0] == "-")
    if None in action.argv or action.cwd is None or len(names) < 2 or not plain:
        return ()
    target = files.resolve(write.path)
    into = files.is_directory(target)
    if not into and (len(names) > 2 or names[-1].endswith("/") or files.may_be_directory(target)):
        return ()
    found = []
    for name in names[:-1]:
        path = posixpath.join(target, posixpath.basename(name.rstrip("/"))) if into else target
        if action.program == "ln":
            found.append(replace(write, path=path, kind=Kind.FILE, link=name if _is_symbolic(action) else None))
            continue
        source = files.resolve(replace(config, workdir=action.cwd).absolute(name) or "/")
        if not files.is_file(source):
            return ()
        found.append(_same_file(action, replace(write, path=path, kind=Kind.FILE), files.exactly(source)[-1]))
    return tuple(found)


def _same_file(action: Action, write: Write, source: Write) -> Write:
    if action.program == "mv" or any(_KEEPS.match(word or "") for word in action.argv[1:]):
        return replace(write, owner=source.owner, mode=source.mode)
    # A copy has the source's mode without what the umask takes.
    return replace(write, mode=source.mode & ~0o7022 if source.mode is not None else None)


def _removed(action: Action, files: FileSystem, cwd: str, config: Config) -> FileSystem:
    """What ``rm`` and ``mv`` take away; where that is not literal, the folder can no longer be listed."""
    words = [word for word in action.argv[1:] if word is None or not word.startswith("-")]
    written = [word for word in action.text.split()[1:] if not word.startswith("-")]
    kept = {write.path for write in action.writes}
    targets = words[:-1] if action.program == "mv" else words
    for index, word in enumerate(targets):
        text = word if word is not None else at_home(written[index], config) if len(written) == len(words) else ""
        known = action.certain and (word is not None or _LITERAL.fullmatch(text) is not None)
        path = replace(config, workdir=cwd).absolute(text if known else _folder(text)) or cwd
        if known and path not in kept:
            files = files.remove(posixpath.join(files.resolve(posixpath.dirname(path)), posixpath.basename(path)))
        elif not known:
            pattern = (replace(config, workdir=cwd).absolute(text) or "").split("/")
            files = files.doubted(partial(_may_mean, pattern))
            if files.has_below(path):
                origin = Origin("run", action.text, action.line)
                files = files.add((Write(path, Kind.TREE, origin, config.user, scratch=True),))
    return files


_LITERAL = re.compile(r"/[\w./+@-]*", re.ASCII)


def at_home(text: str, config: Config) -> str:
    """A word as written, with the home directory in it where that is known."""
    home = config.environment.get("HOME", "/root" if config.is_root else None)
    if home is None:
        return text
    plain = text.replace('"', "")
    return re.sub(r"\A(?:~(?=/|\Z)|\$HOME\b|\$\{HOME\})", lambda _: home, plain)


def _may_mean(pattern: Sequence[str], path: str) -> bool:
    """Whether a path with wildcards may stand for this one, or for a folder around it."""
    parts = path.split("/")
    if len(pattern) > len(parts) or len(pattern) < 2:
        return False
    return all("$" in one or fnmatch.fnmatchcase(part, one) for one, part in zip(pattern, parts, strict=False))


def _changed(action: Action, files: FileSystem, config: Config) -> FileSystem:
    """After ``chown``, ``chgrp`` or ``chmod``; what they are not shown to leave alone has no known owner or mode."""
    words = [word for word in action.argv[1:] if word is None or not _is_option(word)]
    if len(words) < 2:
        return files
    below = any(re.fullmatch(r"-[a-zA-Z]*R[a-zA-Z]*|--recursive", word or "") for word in action.argv[1:])
    value = words[0] if action.certain else None
    written = [word for word in action.text.split()[1:] if not _is_option(word)]
    for index, word in enumerate(words[1:], start=1):
        text = word if word is not None else _folder(written[index]) if len(written) == len(words) else "/"
        path = replace(config, workdir=action.cwd).absolute(text)
        whole = below or word is None
        if path is None:
            path, whole = "/", True
        files = _touched(action, files, files.resolve(path), value if word is not None else None, whole)
    return files


def _is_option(word: str) -> bool:
    # `chmod -x` takes a mode that looks like an option.
    return word.startswith("-") and not re.fullmatch(r"-[rwxXst]+", word)


def _touched(action: Action, files: FileSystem, path: str, value: str | None, below: bool) -> FileSystem:
    if action.program == "chmod":
        return files.moded(path, lambda old: changed_mode(old, value), below=below)
    if action.program == "chgrp":
        return files.owned(path, lambda old: _with_group(old, value), below=below)
    return files.owned(path, lambda old: _with_user(old, value), below=below)


def _with_group(old: str | None, group: str | None) -> str | None:
    return f"{old.partition(':')[0]}:{group}" if old is not None and group is not None else None


def _with_user(old: str | None, owner: str | None) -> str | None:
    if owner is None or not owner.startswith(":"):
        return owner
    return _with_group(old, owner[1:])


def _folder(text: str) -> str:
    """The folder in which a word with wildcards or variables can change something."""
    literal = re.split(r"[*?\[{$`\"']", text, maxsplit=1)[0]
    return literal.rpartition("/")[0] or ("/" if literal.startswith("/") else ".")
