"""The build context: the files that the builder would send, and nothing that it would not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dfmigrate.context.glob_pattern import PatternError, compile_segment, has_wildcard
from dfmigrate.context.ignore_file import IgnoreFile, parse_ignore_file
from dfmigrate.context.parsing import manifest_error, manifest_kind

MAX_TEXT = 1 << 20
MAX_LOCK = 32 << 20
_MAX_LINKS = 16

Reader = Callable[[str, int], bytes | None]
"""The bytes of a regular file of the context when it has at most so many; None when it cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or symbolic link."""

    path: str
    """POSIX path relative to the context root."""
    size: int
    executable: bool
    link: str | None = None
    """Where a symbolic link points, as written in it."""
    mode: int | None = None
    """Permission bits of a regular file; None when unknown."""


@dataclass(frozen=True)
class Context:
    """A frozen view of one build context. All disk access goes through ``reader``."""

    files: Mapping[str, Entry]
    folders: frozenset[str]
    """The folders that are sent, empty ones included, without the root."""
    dockerfile: str
    reader: Reader = field(repr=False)
    ignore: IgnoreFile | None = None
    complete: bool = True
    """False when limits cut the listing short: nothing may then be concluded from the absence of a file."""
    unlisted: frozenset[str] = frozenset()
    """Folders that are sent but were not entered: ``.git`` and ``node_modules``. What is in them is not known."""
    has_git: bool = False
    """Whether the root holds ``.git``, sent or not."""
    outside: Mapping[str, str] = field(default_factory=dict)
    """Texts that tell how the image is used but are not sent, here and in the folders above (``../``)."""
    above: tuple[str, ...] = ()
    """Names of the root's own folder and of those above it, nearest first, as far as ``outside`` reaches."""
    problems: tuple[tuple[str, str], ...] = ()
    """What the walk could not read: path and reason."""
    inline: frozenset[str] = frozenset()
    """Those of ``files`` that nobody sends: their text stands in the Dockerfile."""

    @classmethod
    def of(
        cls,
        texts: Mapping[str, str],
        *,
        dockerfile: str = "Dockerfile",
        executables: frozenset[str] = frozenset(),
        links: Mapping[str, str] | None = None,
        folders: frozenset[str] = frozenset(),
        outside: Mapping[str, str] | None = None,
        above: tuple[str, ...] = (),
        has_git: bool = False,
        complete: bool = True,
    ) -> Context:
        """A context held in memory. An ignore file among ``texts`` is obeyed."""
        ignore = None
        for name in (f"{dockerfile}.dockerignore", ".dockerignore"):
            if name in texts:
                ignore = parse_ignore_file(name, texts[name])
                break
        sent = {path: text.encode() for path, text in texts.items() if ignore is None or not ignore.ignores(path)}
        entries = {
            path: Entry(path, len(data), path in executables, mode=0o755 if path in executables else 0o644)
            for path, data in sent.items()
        }
        for path, target in (links or {}).items():
            if ignore is None or not ignore.ignores(path):
                entries[path] = Entry(path, len(target), False, target)
        kept = frozenset(folder for folder in folders if ignore is None or not ignore.ignores(folder))
        hidden = {path: text for path, text in texts.items() if path not in sent and is_companion(path)}

        def reader(path: str, limit: int) -> bytes | None:
            data = sent.get(path)
            return data if data is not None and len(data) <= limit else None

        return cls(
            files=dict(sorted(entries.items())),
            folders=kept | frozenset(folder for path in entries for folder in parents(path)),
            dockerfile=dockerfile,
            reader=reader,
            ignore=ignore,
            complete=complete and (ignore is None or ignore.error is None),
            has_git=has_git,
            outside={**hidden, **(outside or {})},
            above=above,
            problems=((ignore.path, ignore.error),) if ignore is not None and ignore.error is not None else (),
        )

    def is_ignored(self, path: str) -> bool:
        """Whether the builder would leave this path out, be it there or not."""
        clean = normal(path)
        return self.ignore is not None and clean != "" and self.ignore.ignores(clean)

    def exists(self, path: str) -> bool:
        """Whether this file, folder or link is sent."""
        clean = normal(path)
        return clean == "" or clean in self.files or clean in self.folders or self.resolve(clean) is not None

    def is_folder(self, path: str) -> bool:
        found = self.resolve(path)
        return found is not None and (found == "" or found in self.folders)

    def resolve(self, path: str) -> str | None:
        """The path with every symbolic link followed inside the context; None when that leads to nothing sent."""
        pending = normal(path).split("/")[::-1]
        done = ""
        for _ in range(_MAX_LINKS * 64):
            if not pending:
                return done
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    return None
                done = posixpath.dirname(done)
                continue
            done = posixpath.join(done, part)
            entry = self.files.get(done)
            if entry is None:
                if done not in self.folders:
                    return None
            elif entry.link is not None:
                if entry.link.startswith("/"):
                    return None
                pending.extend(entry.link.split("/")[::-1])
                done = posixpath.dirname(done)
            elif pending:
                return None
        return None

    def read(self, path: str, limit: int = MAX_TEXT) -> str | None:
        """The text of one sent file without its byte order mark; None when absent, binary or too big."""
        data = self.read_bytes(path, limit)
        return None if data is None else decode(data)

    def companion(self, path: str) -> str | None:
        """The text of a file that tells how the image is used, sent or not; ``../`` leads above the context."""
        return self.outside[path] if path in self.outside else None if path.startswith("../") else self.read(path)

    def seen_from(self, companion: str) -> str | None:
        """The root of the context relative to the folder of such a file; None where that is not known."""
        ups = 0
        while companion.startswith("../"):
            companion = companion.removeprefix("../")
            ups += 1
        if ups > len(self.above):
            return None
        return posixpath.join(*reversed(self.above[:ups])) if ups else "."

    def read_bytes(self, path: str, limit: int = MAX_TEXT) -> bytes | None:
        found = self.resolve(path)
        entry = self.files.get(found) if found else None
        if found is None or entry is None or entry.size > limit:
            return None
        return self.reader(found, limit)

    def children(self, folder: str = "") -> tuple[str, ...]:
        """The paths (not only names) of what lies directly in a folder, sorted."""
        found = self.resolve(folder)
        return () if found is None else self._children.get(found, ())

    def below(self, folder: str = "") -> tuple[str, ...]:
        """Every file under a folder, sorted. Links are listed, not followed."""
        clean = normal(folder)
        if not clean:
            return tuple(self.files)
        return tuple(path for path in self.files if path.startswith(clean + "/"))

    def matches(self, pattern: str) -> tuple[str, ...]:
        """The files and folders that a COPY source names, by Docker's rules; folders are not expanded.

        Links are followed in front of the first wildcard and at the end, not where a wildcard matches a folder.
        """
        parts = normal(pattern).split("/")
        first = next((at for at, part in enumerate(parts) if has_wildcard(part)), len(parts))
        start = self.resolve("/".join(parts[:first]))
        if first == len(parts):
            return () if start is None else (normal(pattern),)
        try:
            segments = [compile_segment(part) for part in parts[first:]]
        except PatternError:
            return ()
        if start is None:
            return ()
        prefix = f"{start}/" if start else ""
        depth = prefix.count("/") + len(segments) - 1
        below = (path for path in (*self.files, *self.folders) if path.startswith(prefix) and path.count("/") == depth)
        return tuple(sorted(path for path in below if _all_match(segments, path[len(prefix) :])))

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that a COPY source brings: a file, a folder with all under it, or a wildcard's matches."""
        found: set[str] = set()
        for match in self.matches(pattern):
            target = self.resolve(match)
            if target is None:
                # A link that leads nowhere cannot be copied.
                continue
            if target in self.files:
                found.add(match if match in self.files else target)
            else:
                found.update(self.below(target))
        return tuple(sorted(found))

    @cached_property
    def answers(self) -> dict[object, Any]:
        """What readers have worked out already (see ``remembered``)."""
        return {}

    @cached_property
    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """What could not be read: the walk's problems, and every manifest that is too big or malformed."""
        found = list(self.problems)
        for path, entry in self.files.items():
            if entry.link is not None or "/node_modules/" in f"/{path}":
                continue
            kind = manifest_kind(path)
            why = None if kind is None else manifest_error(kind, self.read(path, MAX_LOCK))
            if why is not None:
                found.append((path, why))
        return tuple(found)

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        index: dict[str, list[str]] = {}
        for path in sorted({*self.files, *self.folders}):
            index.setdefault(posixpath.dirname(path), []).append(path)
        return {folder: tuple(paths) for folder, paths in index.items()}


def normal(path: str) -> str:
    """A context path without ``./``, leading or trailing slash; ``..`` stops at the root, as it does in COPY."""
    return posixpath.normpath("/" + path).lstrip("/")


def parents(path: str) -> Iterator[str]:
    """The folders above a path, nearest first, without the root."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


DEPLOYS = frozenset(
    {
        *("heroku.yml", "Procfile", "fly.toml", "render.yaml", "app.json"),
        *("railway.json", "railway.toml", ".do/app.yaml"),
    }
)
"""What platforms read to start an image."""
_BUILDS = frozenset({".gitmodules", ".gitlab-ci.yml", "Jenkinsfile", "cloudbuild.yaml", "skaffold.yaml", ".drone.yml"})
"""What says how an image is built, and what of the repository lies elsewhere."""


def is_companion(path: str) -> bool:
    """Whether a file tells of the project although it is rarely sent: it says how the image is started or
    built."""
    name = posixpath.basename(path)
    known = name in DEPLOYS or path.endswith(".do/app.yaml") or name in _BUILDS
    return known or is_compose(path) or is_fly(name)


def companions(context: Context, name: str) -> tuple[str, ...]:
    """The paths of the files with this name (``fly.toml``: and of its variants) in the context's own folder, then
    above."""
    here = (path for path in context.files if path.count("/") <= name.count("/"))
    found = {path for path in (*here, *context.outside) if _is_called(path, name)}
    return tuple(sorted(found, key=lambda path: (path.startswith("../"), path)))


def _is_called(path: str, name: str) -> bool:
    return path.replace("../", "") == name or (name == "fly.toml" and is_fly(posixpath.basename(path)))


def is_fly(name: str) -> bool:
    """Whether a file is ``fly.toml``, or one beside it for another deployment, such as ``fly.staging.toml``."""
    return name == "fly.toml" or (name.startswith("fly.") and name.endswith(".toml"))


def is_compose(path: str) -> bool:
    """Whether a file is a compose file, by its name."""
    name = posixpath.basename(path)
    return name.endswith((".yml", ".yaml")) and name.startswith(("compose.", "docker-compose"))


def decode(data: bytes) -> str | None:
    """Text of a file, or None when it is binary."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


def _all_match(segments: list[re.Pattern[str]], path: str) -> bool:
    return all(segment.match(part) for segment, part in zip(segments, path.split("/"), strict=True))
