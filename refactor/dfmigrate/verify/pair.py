"""Both images side by side, with what every comparison asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dfmigrate.model import Build
from dfmigrate.verify.accounts import Identity, identity
from dfmigrate.verify.application import application_files
from dfmigrate.verify.cause import Causes
from dfmigrate.verify.configuration import ImageConfig
from dfmigrate.verify.filesystem import File, ImageFiles
from dfmigrate.verify.references import References, references


@dataclass(frozen=True, slots=True)
class Image:
    """One built image. ``base`` has the files of the image that its last stage starts from, where they are known."""

    files: ImageFiles
    config: ImageConfig
    base: ImageFiles | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """The original and the migrated image."""

    before: Image
    after: Image
    causes: Causes
    declared: frozenset[str]
    ours: Mapping[str, File]
    """The application's files in the original."""
    kept: Mapping[str, File]
    """Those of the migrated image."""
    users: tuple[Identity | None, Identity | None]
    references: References

    @property
    def same_user(self) -> bool:
        return self.users[0] == self.users[1]


def pair(before: Image, after: Image, migrated: Build, declared: frozenset[str] = frozenset()) -> Pair:
    ours = application_files(before.files, before.base)
    kept = application_files(after.files, after.base)
    gone = [path for path in ours if path not in after.files.files]
    return Pair(
        before,
        after,
        Causes(migrated),
        declared,
        ours,
        kept,
        (identity(before.config.user, before.files), identity(after.config.user, after.files)),
        references(after.files, kept, after.config, before.files, gone),
    )
