"""The settings file of a project: found upward from the Dockerfile, read, and checked word by word."""

from __future__ import annotations

import difflib
import fnmatch
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dfmigrate.answers import LISTS, NAMES, SWITCHES, AnswerError, answers
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.knowledge.images import User
from dfmigrate.knowledge.overlay import Mirror, Overlay, PrivateImage
from dfmigrate.settings import DEFAULTS, Answers, Settings

FILES = (".dfmigrate.toml", "dfmigrate.toml", "pyproject.toml")
"""In the order in which one folder's files are preferred; of pyproject.toml only ``[tool.dfmigrate]`` counts."""
_MOST_BYTES = 1 << 20
_LONGEST_LINE = 4_000
"""The parser takes time with the square of a key's parts."""
_IMAGE_KEYS = ("like", "runtime", "environment", "workdir", "user", "entrypoint", "command", "tools", "users")


class SettingsError(Exception):
    """What is wrong with a settings file, where, and how to mend it."""

    def __init__(self, message: str, hint: str, key: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.key = key
        self.line = line


def settings_for(dockerfile: Path) -> Settings | Problem:
    """The settings for a Dockerfile: those of the nearest file, beside it or above, up to the root of the checkout."""
    place = Path(os.path.realpath(dockerfile.parent)) / dockerfile.name
    found = nearest_settings(place.parent)
    return DEFAULTS if found is None else read_settings(found, place.relative_to(found.parent).as_posix())


def read_settings(file: Path, dockerfile: str) -> Settings | Problem:
    """Read what one settings file says of a Dockerfile; a mistake in it is a problem, never a guess.

    ``dockerfile`` is the path of the Dockerfile, relative to the settings file's folder.
    """
    label = _label(file)
    try:
        if file.stat().st_size > _MOST_BYTES:
            return Problem(label, Exit.FAILED, "larger than 1 MiB", "this is not a settings file")
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return Problem(label, Exit.FAILED, "not UTF-8", "save it as UTF-8")
    except OSError as error:
        return Problem(label, Exit.FAILED, (error.strerror or str(error)).lower(), "check that you may read it")
    try:
        return _settings(_table(file, text), dockerfile)
    except SettingsError as error:
        line = error.line if error.line is not None else _line_of(text, error.key)
        return Problem(label, Exit.FAILED, error.message, error.hint, line)


def nearest_settings(folder: Path) -> Path | None:
    """The settings file of a folder, its own or one above it."""
    for name in FILES:
        file = folder / name
        if file.is_file() and (name != "pyproject.toml" or _has_own_table(file)):
            return file
    if (folder / ".git").exists() or folder.parent == folder:
        return None
    return nearest_settings(folder.parent)


def _has_own_table(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return b"tool.dfmigrate" in stream.read(_MOST_BYTES)
    except OSError:
        return False


def _label(file: Path) -> str:
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else file.as_posix()


def _table(file: Path, text: str) -> Mapping[str, Any]:
    import tomllib  # here, as most projects have no settings and need no parser

    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        raise SettingsError("a line of more than 4,000 characters", "this is not a settings file")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column \d+\)", str(error))
        message = str(error).partition(" (at ")[0].lower()
        raise SettingsError(
            f"not valid TOML: {message}", "correct the line", line=int(where[1]) if where else None
        ) from None
    except RecursionError:
        raise SettingsError("nested too deeply", "write it flat") from None
    except ValueError:
        raise SettingsError("not valid TOML: a number with thousands of digits", "correct the line") from None
    if file.name != "pyproject.toml":
        return table
    return _dict(_dict(table, "tool"), "dfmigrate")


def _settings(table: Mapping[str, Any], dockerfile: str) -> Settings:
    _check_keys(table, ("images", "files", *NAMES), "settings")
    found = _answers({name: table[name] for name in table if name in NAMES})
    for pattern, special in _dict(table, "files").items():
        if not isinstance(special, dict):
            raise SettingsError(f"{pattern}: not a table", f'write [files."{pattern}"]', pattern)
        own = _answers(special)
        if fnmatch.fnmatchcase(dockerfile, pattern):
            found = own.over(found)
    return Settings(_overlay(_dict(table, "images")), found)


def _answers(table: Mapping[str, Any]) -> Answers:
    from dfmigrate.migrate import RULE_NAMES  # here, as the rules are much to load for a file without settings

    said = {}
    for name, value in table.items():
        said[name] = _words(name, value)
    try:
        return answers(said, RULE_NAMES)
    except AnswerError as error:
        raise SettingsError(error.message, error.hint, error.name) from None


def _words(name: str, value: Any) -> list[str]:
    if name in SWITCHES and isinstance(value, bool):
        return [str(value).lower()]
    values = value if isinstance(value, list) else [value]
    fits = all(isinstance(item, str) for item in values) and (name in LISTS) == isinstance(value, list)
    if fits and name not in SWITCHES:
        return values
    wanted = 'a list of texts, ["..."]' if name in LISTS else "a text in quotes"
    wanted = "true or false" if name in SWITCHES else wanted
    raise SettingsError(f"{name}: not what it must be", f"give {wanted}", name)


def _overlay(table: Mapping[str, Any]) -> Overlay:
    mirrors: list[Mirror] = []
    images: list[PrivateImage] = []
    for pattern, value in table.items():
        if isinstance(value, str):
            if pattern.count("*") != 1 or value.count("*") != 1:
                hint = f'write for instance "{pattern.rstrip("/*")}/*" = "*"'
                raise SettingsError(f"{pattern}: a mirror needs exactly one * on both sides", hint, pattern)
            mirrors.append(Mirror(pattern, value))
        elif isinstance(value, dict):
            images.append(_private(pattern, value))
        else:
            raise SettingsError(f"{pattern}: neither a name nor a table", 'say { like = "node:20" }', pattern)
    return Overlay(tuple(mirrors), tuple(images))


def _private(pattern: str, table: Mapping[str, Any]) -> PrivateImage:
    _check_keys(table, _IMAGE_KEYS, f"images.{pattern}")
    like = _text(table, "like")
    if like is None:
        raise SettingsError(f"{pattern}: what is it like?", 'add like = "IMAGE" with the known image', pattern)
    runtime = _text(table, "runtime")
    for name in (like, runtime or ""):
        if pattern.count("*") > 1 or name.count("*") > pattern.count("*"):
            raise SettingsError(
                f"{pattern}: one * at most, and none in like that is not in the name", "name it", pattern
            )
    environment = _dict(table, "environment")
    if not all(isinstance(value, str) for value in environment.values()):
        raise SettingsError("environment: a value that is no text", "put it in quotes", "environment")
    return PrivateImage(
        pattern=pattern,
        like=like,
        runtime=runtime,
        environment=MappingProxyType(dict(environment)),
        workdir=_text(table, "workdir"),
        user=_text(table, "user"),
        entrypoint=_texts(table, "entrypoint"),
        command=_texts(table, "command"),
        tools=_texts(table, "tools") or (),
        users=tuple(_user(user) for user in _list(table, "users")),
    )


def _user(table: Any) -> User:
    hint = 'write { name = "app", uid = 1000, gid = 1000, home = "/home/app" }'
    if not isinstance(table, dict):
        raise SettingsError("users: not a table", hint, "users")
    _check_keys(table, ("name", "uid", "gid", "home"), "users")
    name, uid, gid, home = (table.get(key) for key in ("name", "uid", "gid", "home"))
    if isinstance(name, str) and type(uid) is int and type(gid) is int and isinstance(home, str):
        return User(name, uid, gid, home)
    raise SettingsError("users: a user needs a name, a uid, a gid and a home", hint, "users")


def _check_keys(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise SettingsError(f"{where}: unknown key {key!r}", hint, key)


def _dict(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise SettingsError(f"{key}: not a table", f"write [{key}]", key)
    return value


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise SettingsError(f"{key}: not a list", "put it in brackets", key)
    return value


def _text(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise SettingsError(f"{key}: not a text", "put it in quotes", key)
    return value


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    if key not in table:
        return None
    value = _list(table, key)
    if not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{key}: not a list of texts", "put each in quotes", key)
    return tuple(value)


def _line_of(text: str, key: str | None) -> int | None:
    """The first line that names the key; TOML's parser does not tell."""
    if key is None:
        return None
    for number, line in enumerate(text.split("\n"), start=1):
        if re.search(rf"""(?<![\w-])["']?{re.escape(key)}["']?\s*[=\].]""", line):
            return number
    return None
