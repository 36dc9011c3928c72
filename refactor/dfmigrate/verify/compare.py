"""All comparisons of two built images, in one call."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.model import Build
from dfmigrate.verify.application import package_names
from dfmigrate.verify.changed import changed_files
from dfmigrate.verify.commands import commands, started_programs
from dfmigrate.verify.configuration import Meant, compare_configuration
from dfmigrate.verify.files import missing_files, new_files
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.libraries import libraries
from dfmigrate.verify.links import dangling_links, python_versions, shebangs
from dfmigrate.verify.modules import modules
from dfmigrate.verify.pair import Image, Pair, pair
from dfmigrate.verify.replaced import replaced_files
from dfmigrate.verify.surroundings import surroundings

_ORDER = (Weight.BROKEN, Weight.INCOMPARABLE, Weight.DECLARED, Weight.NOTE)


def compare(
    before: Image, after: Image, original: Build, migrated: Build, declared: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """What differs between the original's image and the migrated one's, worst first; nothing is run.

    ``declared`` names the configuration fields that the migration changes on purpose (``user``, ``env:PATH``).
    """
    both = pair(before, after, migrated, declared)
    meant = Meant(original, migrated, declared, both.references.names)
    found = [*compare_configuration(before.config, after.config, meant), *_files(both), *_unread(both)]
    return tuple(sorted(_said_once(found), key=lambda finding: _ORDER.index(finding.weight)))


def _said_once(found: list[Finding]) -> list[Finding]:
    """A missing file that a better check has named is not named again as missing."""
    better = {
        name
        for finding in found
        if finding.weight is Weight.BROKEN and finding.check != "files"
        for name in (finding.subject, finding.before)
    }
    return [each for each in dict.fromkeys(found) if each.check != "files" or each.subject not in better]


def _files(both: Pair) -> Iterator[Finding]:
    yield from commands(both)
    yield from libraries(both, started_programs(both.after))
    yield from missing_files(both)
    yield from replaced_files(both)
    yield from changed_files(both)
    yield from dangling_links(both)
    yield from shebangs(both)
    yield from python_versions(both)
    yield from modules(both)
    yield from surroundings(both)
    yield from new_files(both)
    yield from _packages(both)


def _packages(both: Pair) -> Iterator[Finding]:
    old, new = package_names(both.before.files), package_names(both.after.files)
    fewer, more = old - new, new - old
    if fewer or more:
        text = f"{len(fewer)} system packages fewer" + (
            f", {len(more)} more: {', '.join(sorted(more)[:8])}" if more else ""
        )
        yield Finding("packages", "", Weight.NOTE, "packages", text, str(len(old)), str(len(new)), both.causes.base)


def _unread(both: Pair) -> Iterator[Finding]:
    for image, name in ((both.before, "original"), (both.after, "migrated")):
        for paths, what in ((image.files.unread, "texts"), (image.files.too_large, "programs")):
            if paths:
                text = f"{len(paths)} {what} of the {name} image are too many or too large to be read"
                yield Finding("files", "", Weight.INCOMPARABLE, paths[0], text)
