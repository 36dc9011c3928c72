"""Texts that name a file that is gone, and do not need it: another file is meant, or its content went into the text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from dfmigrate.model import is_within
from dfmigrate.verify.filesystem import ImageFiles

_SCRIPTS = (".js", ".mjs", ".cjs")
_LOADS = re.compile(
    r"""\b(?:import|from|require|resolve|readFile\w*|createReadStream)\b\s*\(?\s*["'`]([^"'`\n]{1,300})["'`]"""
)
_LITERAL = re.compile(r"""["'`]([^"'`\\\n]{4,200})["'`]""")


@dataclass(frozen=True, slots=True)
class Explanations:
    """Whether a word of a kept text that fits a missing path is no evidence that it is needed."""

    before: ImageFiles
    after: ImageFiles
    named: Mapping[str, Sequence[str]]
    """The kept paths by their last part."""

    def explain(self, word: str, path: str, who: str) -> bool:
        """Three ways: nearer to ``who`` there is a file of that name, which is the one meant; ``who`` is a bundle that
        the missing source went into; ``who`` is a copy of a text that lay with the missing file, and never had one
        beside it.
        """
        if not who.startswith("/"):
            return False
        alike = (one for one in self.named.get(posixpath.basename(word), ()) if one.endswith(f"/{word}"))
        if any(_nearness(who, one) > _nearness(who, path) for one in alike):
            return True
        return _is_bundled(path, who, self.before, self.after) or _is_of_the_copied(path, who, self.before)


def explanations(before: ImageFiles, after: ImageFiles, kept: Iterable[str]) -> Explanations:
    named: dict[str, list[str]] = {}
    for path in kept:
        named.setdefault(posixpath.basename(path), []).append(path)
    return Explanations(before, after, named)


def _nearness(who: str, path: str) -> tuple[int, bool]:
    """How many folders they share, and whether these are all that either has."""
    return _shared(who, path), posixpath.dirname(who) == posixpath.dirname(path)


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_bundled(path: str, who: str, before: ImageFiles, after: ImageFiles) -> bool:
    """All texts in quotes of the source are in the bundle or in another part of it, and the bundle does not load it."""
    if not path.endswith(_SCRIPTS) or not who.endswith(_SCRIPTS) or path not in before.texts or who not in after.texts:
        return False
    source, bundle = _text(path, before), _text(who, after)
    name = posixpath.basename(path)
    if any(posixpath.basename(loaded) == name for loaded in _LOADS.findall(bundle)):
        return False
    literals = set(_LITERAL.findall(_LOADS.sub("", source)))
    around = posixpath.dirname(posixpath.dirname(who))
    parts = (bundle, *(_text(one, after) for one in after.texts if is_within(one, around) and one.endswith(_SCRIPTS)))
    return bool(literals) and any(all(literal in part for literal in literals) for part in parts)


def _is_of_the_copied(path: str, who: str, before: ImageFiles) -> bool:
    """The same text lay higher up, in the tree that holds the missing file; its copy speaks of a file of its own."""
    speaker = before.files.get(who)
    if speaker is None or not speaker.digest:
        return False
    parts = who.strip("/").split("/")
    for start in range(1, len(parts)):
        rest = "/".join(parts[start:])
        top = "/" + "/".join(parts[:start])
        for above in _folders_above(top):
            twin = before.files.get(posixpath.join(above, rest))
            if twin is None or twin.digest != speaker.digest or not is_within(path, above):
                continue
            if posixpath.join(top, posixpath.relpath(path, above)) not in before.files:
                return True
    return False


def _folders_above(folder: str) -> list[str]:
    found = []
    while folder != "/":
        folder = posixpath.dirname(folder)
        found.append(folder)
    return found


def _text(path: str, files: ImageFiles) -> str:
    return files.texts.get(path, b"").decode("utf-8", "replace")
