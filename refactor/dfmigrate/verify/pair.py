"""Both images side by side, with what every comparison asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dfmigrate.model import Build
from dfmigrate.verify.accounts import Identity, identity
from dfmigrate.verify.application import application_files, is_alike
from dfmigrate.verify.archive import Kind
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

    def is_of_base_again(self, path: str) -> bool:
        """Whether the result has its base image's own file where the original had put one with another content."""
        old, new = self.ours.get(path), self.after.files.get(path)
        if old is None or new is None or old.kind is Kind.FOLDER or _same_content(old, new):
            return False
        own = self.after.base.get(path) if self.after.base is not None else None
        was = self.before.base.get(path) if self.before.base is not None else None
        return own is not None and is_alike(new, own) and (was is None or not _same_content(old, was))


def _same_content(one: File, other: File) -> bool:
    return (one.kind, one.digest, one.target) == (other.kind, other.digest, other.target)


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
