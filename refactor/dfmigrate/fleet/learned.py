"""Answers that were learned, put into the settings file behind what is there already."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfmigrate.fleet.load import label_of
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.fleet.settings_file import nearest_settings
from dfmigrate.fleet.write import replace_content

HEAD = "# Learned by `dfmigrate verify --learn` from a build of the original:"


@dataclass(frozen=True, slots=True)
class Addition:
    """A settings file as it is and as it is to be."""

    file: Path
    before: bytes | None
    """None: there is none yet."""
    after: bytes

    def write(self) -> None:
        """OSError or StaleError when it cannot be written; it is then as it was."""
        if self.before is None:
            with self.file.open("xb") as stream:
                stream.write(self.after)
        else:
            replace_content(self.file, self.before, self.after)


def addition(dockerfile: Path, learned: Mapping[str, Sequence[str]], evidence: Sequence[str]) -> Addition | Problem:
    """The settings file of a Dockerfile with these answers; a problem says where they cannot be put."""
    place = dockerfile.parent.resolve() / dockerfile.name
    file = nearest_settings(place.parent) or _top(place.parent) / ".dfmigrate.toml"
    name = glob.escape(place.relative_to(file.parent).as_posix())
    before = file.read_bytes() if file.exists() else None
    rows = [HEAD, *(f"#   {_one_line(line)}" for line in evidence)]
    rows += [f"{key} = {_list(values)}" for key, values in learned.items()]
    after = _placed(before or b"", _header(file, name), rows)
    if _is_as_meant(file, before or b"", after, name, learned):
        return Addition(file, before, after)
    hint = f"write there: {'; '.join(rows[-len(learned) :])}"
    return Problem(label_of(file), Exit.FAILED, f"it has a table for {name} that cannot be added to", hint)


def _top(folder: Path) -> Path:
    """The root of the checkout, or the folder itself where there is none."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def _header(file: Path, name: str) -> str:
    within = "tool.dfmigrate." if file.name == "pyproject.toml" else ""
    return f"[{within}files.{_text(name)}]"


def _placed(before: bytes, header: str, rows: Sequence[str]) -> bytes:
    """Behind the header of the table where it is there, or else at the end; every other byte stays."""
    end = b"\r\n" if b"\r\n" in before else b"\n"
    lines = end.join(row.encode() for row in rows) + end
    there = re.search(rb"^[ \t]*" + re.escape(header.encode()) + rb"[ \t]*(#[^\n]*)?(\r?\n|\Z)", before, re.MULTILINE)
    if there is not None:
        gap = b"" if there[0].endswith(b"\n") else end
        return before[: there.end()] + gap + lines + before[there.end() :]
    gap = b"" if not before else end if before.endswith(b"\n") else end + end
    return before + gap + header.encode() + end + lines


def _is_as_meant(file: Path, before: bytes, after: bytes, name: str, learned: Mapping[str, Sequence[str]]) -> bool:
    """Read back: the same as before, and the new answers."""
    import tomllib

    try:
        wanted: dict[str, Any] = tomllib.loads(before.decode())
        found = tomllib.loads(after.decode())
    except ValueError:
        return False
    table = wanted
    for key in (*(("tool", "dfmigrate") if file.name == "pyproject.toml" else ()), "files", name):
        table = table.setdefault(key, {})
    if any(key in table for key in learned):
        return False
    table.update({key: list(values) for key, values in learned.items()})
    return found == wanted


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A basic string of TOML; JSON's escapes are the same, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
