"""All obligations, in the order in which a reader would ask for them."""

from __future__ import annotations

from dfmigrate.migration import Proved

from . import (
    added_archives,
    added_steps,
    build_steps,
    certificates,
    comments,
    configuration,
    copies,
    declared,
    dotnet,
    files,
    home_folders,
    image_modes,
    java,
    libraries,
    outside_users,
    overwrites,
    ownership,
    package_sources,
    platform,
    programs,
    removals,
    replays,
    rewrites,
    scope,
    user,
    well_formed,
)
from .case import Case, Obligation, Open, Verdict

OBLIGATIONS: tuple[Obligation, ...] = (
    well_formed.check,
    comments.check,
    build_steps.check,
    added_steps.check,
    added_archives.check,
    package_sources.check,
    rewrites.check,
    overwrites.check,
    copies.check,
    files.check,
    home_folders.check,
    ownership.check,
    replays.check,
    removals.check,
    image_modes.check,
    programs.check,
    platform.check,
    libraries.check,
    certificates.check,
    java.check,
    dotnet.check,
    configuration.check,
    declared.check,
    outside_users.check,
    scope.check,
    user.check,
)


def check(case: Case) -> Verdict:
    """Ask every obligation; the first that stays open does not keep the others from being asked."""
    proved: list[Proved] = []
    still_open: list[Open] = []
    for obligation in OBLIGATIONS:
        for answer in obligation(case):
            if isinstance(answer, Open):
                still_open.append(answer)
            else:
                proved.append(answer)
        if still_open and obligation is well_formed.check:
            break
    return Verdict(tuple(proved), tuple(still_open))
