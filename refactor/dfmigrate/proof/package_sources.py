"""Packages come from a server that has them: those of an ended release have moved, and its images do not know."""

from __future__ import annotations

import re

from dfmigrate.knowledge.archives import Archive, archive
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.migration import Proved
from dfmigrate.model import Action
from dfmigrate.model.package_sources import before_fetching, installed, installs, own_sources
from dfmigrate.model.package_suites import LIST, sources

from .case import Answers, Case, Open

_SUBSTITUTION = re.compile(r"s([/|#,])((?:\\\.|[\w():/| -])+)\1([\w.:/ -]+)\1(g?)")
"""An expression that extended regular expressions and Python read alike."""


def check(case: Case) -> Answers:
    """Only where an ended release is installed from; an original that does so without ado knows a way of its own."""
    base = case.new.base
    if base is None or not base.archived or not installs(case.new):
        return
    own = own_sources(case.old)
    if not own and installs(case.old):
        return
    # Sources that the original sets and asks for packages have them; those that it only sets may not.
    why = (_unset(case, own) or _lacking(case, base)) if installs(case.old) else _unserved(case, base)
    if why is not None:
        message, hint = why
        yield Open("package-sources", "D11", message, hint, case.old.line)
    else:
        yield Proved("package-sources", ("D11",), "the runtime's apt asks a server that has the packages")


def _unset(case: Case, own: tuple[str, ...]) -> tuple[str, str] | None:
    """The original's own sources must be there before the runtime uses them."""
    written = {path for path, _ in before_fetching(case.new)}
    late = next((path for path in own if path not in written), None)
    if late is None:
        return None
    message = f"the runtime would install packages before {late} says where they are"
    return message, "write it in a RUN of its own, ahead of those that install packages"


def _lacking(case: Case, base: ImageFacts) -> tuple[str, str] | None:
    """A package that the original's image has already is one that its sources need not have, nor what fits it."""
    if case.old.base is None or case.old.base.reference == base.reference or base.distribution != "debian":
        return None
    known = archive(base.distribution, base.release)
    lines = known.named if known is not None else _usual_lines(base)
    asked = sources(case.old, lines)
    hint = f"name all suites of {base.release} in {LIST}, the one for security too"
    if asked is None:
        return f"which suites of {base.release} the original's {LIST} still names is not known", hint
    if asked != sources(case.new, lines):
        return f"the runtime's {LIST} would not be the original's", "write it in a RUN of its own"
    lost = sorted({line.split()[2] for line in (known.served if known is not None else lines)} - asked.suites)
    if not lost:
        return None
    message = (
        f"the original's {LIST} lacks {', '.join(lost)}: {base.reference} may hold libraries of such a suite, "
        "beside which a package of an older version cannot be installed"
    )
    return message, hint


def _usual_lines(base: ImageFacts) -> frozenset[str]:
    """Without an archive that is known: the suites of a release before bullseye that stay when it has ended."""
    hosts = {base.release: "deb.debian.org/debian", f"{base.release}/updates": "security.debian.org/debian-security"}
    return frozenset(f"deb http://{host} {suite} main" for suite, host in hosts.items())


def _unserved(case: Case, base: ImageFacts) -> tuple[str, str] | None:
    """Whatever the image's list may say: what is left of it when apt reads it must be answered."""
    if base.archive is None:
        return _without_archive(base)
    lines = set(base.archive.named)
    for path, action in before_fetching(case.new):
        edits = [_edited(line, action, base.archive) for line in lines] if path == base.archive.list else [None]
        lines = {line for line in edits if line is not None}
        if None in edits:
            message = f"where the runtime would look for packages, once {path} is changed, is not known"
            return message, "leave apt's own files as they are"
    lost = sorted(lines - base.archive.served)
    if not lost:
        return _absent(case, base.archive)
    return f"the server of `{lost[0]}` no longer has the packages of {base.reference}", "point apt to the archive"


def _absent(case: Case, where: Archive) -> tuple[str, str] | None:
    name = next((name for name in installed(case.new) if name not in where.packages), None)
    if name is None:
        return None
    message = f"whether the archive of {case.new.reference} has a package {name} is not known"
    return message, "move to a release that is still served"


def _without_archive(base: ImageFacts) -> tuple[str, str]:
    message = f"the packages of {base.reference} have left their server, so none can be installed in it"
    if archive(base.distribution, base.release) is None:
        return message, "move to a release that is still served"
    message = f"{message}: nothing shows that it has the keys of their archive"
    return message, "name a later build of the image, or move to a release that is still served"


def _edited(line: str, action: Action | None, where: Archive) -> str | None:
    """The line after ``sed -i -E EXPRESSION FILE``; None after any other command, and after one that may not run."""
    if action is None or not action.certain or len(action.argv) != 5 or None in action.argv:
        return None
    name, in_place, extended, script, file = (word or "" for word in action.argv)
    found = _SUBSTITUTION.fullmatch(script)
    if found is None or (name, in_place, extended, file) != ("sed", "-i", "-E", where.list):
        return None
    _, pattern, target, everywhere = found.groups()
    try:
        return re.sub(pattern, target, line, count=0 if everywhere else 1)
    except re.error:
        return None
