"""Sources that a build fetches and compiles, as far as they are known by their address."""

from __future__ import annotations

import posixpath

from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.fetched import FetchedSource

from .actions import Action
from .fetched import downloaded, source_at, unpacked
from .files import Kind, Write
from .interpret import Build
from .mentions import mentions
from .process import started_words


@remembered
def known_sources(build: Build) -> tuple[FetchedSource, ...] | None:
    """The sources behind all that is compiled outside of the project's own files; None where some are not known."""
    found: list[FetchedSource] = []
    actions = [action for layer in build.stages[0].layers for action in layer.actions]
    for index, action in enumerate(actions):
        if action.role != "build":
            if any(source_at(write.path, actions[:index]) is not None for write in action.writes):
                # It changes what was fetched.
                return None
            continue
        source = source_at(action.cwd, actions[:index])
        settings = [word[2:].partition("=")[0] for word in action.argv if word is not None and word.startswith("-D")]
        if source is None or not source.options.issuperset(settings) or (None in action.argv and not _is_make(action)):
            return None
        found.append(source)
    return tuple(dict.fromkeys(found))


@remembered
def _unpacked_archives(build: Build) -> frozenset[str]:
    """The files that one command fetches and another unpacks."""
    actions = [action for layer in build.stages[0].layers for action in layer.actions]
    fetched = {one[0] for action in actions if (one := downloaded(action)) is not None}
    return frozenset(one[0] for action in actions if (one := unpacked(action)) is not None and one[0] in fetched)


def is_used_up(write: Write, build: Build) -> bool:
    """An archive that was unpacked beside the application, and that no text of the project names."""
    if write.path not in _unpacked_archives(build) or write.kind is not Kind.FILE or build.context is None:
        return False
    words = started_words(build.final.final, build.context)
    named = any(posixpath.basename(write.path) in word for word in words)
    return not named and not mentions(build.context, write.path) and not mentions(build.context, write.path[1:])


def _is_make(action: Action) -> bool:
    """``make -j $(nproc)``: how many jobs there are changes nothing."""
    words = action.argv
    unknown = [index for index, word in enumerate(words) if word is None]
    return action.program == "make" and all(index > 0 and words[index - 1] == "-j" for index in unknown)
