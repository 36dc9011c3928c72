"""``pnpm-lock.yaml``, versions 5 to 9: the packages, and those that production dependencies lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import yaml_file
from dfmigrate.context.node_lock import LockedPackages
from dfmigrate.context.yaml_subset import Value

_KINDS = ("dependencies", "optionalDependencies")


def pnpm_packages(context: Context, path: str) -> LockedPackages | None:
    """Read a lock file; None when it is unreadable or of an unknown version."""
    document = yaml_file(context, path)
    if document is None:
        return None
    version = str(document.get("lockfileVersion")).partition(".")[0]
    if version not in ("5", "6", "9"):
        return None
    packages = _table(document.get("packages"))
    entries = _table(document.get("snapshots")) if version == "9" else packages
    return LockedPackages(
        all=frozenset(_name(key, version) for key in entries),
        production=_production(document, entries, version),
        # From version 9 on, the lock file does not say which packages are built.
        install_scripts=None if version == "9" else frozenset(_built(packages, version)),
        binaries=None,
        from_git=frozenset(_name(key, version) for key in entries if _is_git(key)),
    )


def _built(packages: Mapping[str, Value], version: str) -> Iterator[str]:
    for key, entry in packages.items():
        if _table(entry).get("requiresBuild") == "true":
            yield _name(key, version)


def _production(document: Mapping[str, Value], entries: Mapping[str, Value], version: str) -> frozenset[str] | None:
    """Walk from every importer, for an install installs them all; None when a package is not in the file."""
    importers = _table(document.get("importers")) or {".": dict(document)}
    pending = [pair for importer in importers.values() for pair in _needs(importer)]
    found: set[str] = set()
    seen: set[str] = set()
    while pending:
        name, wanted = pending.pop()
        if wanted.startswith(("link:", "workspace:")):
            # Another member of the workspace, which is an importer itself.
            continue
        key = next((key for key in _keys(name, wanted, version) if key in entries), None)
        if key is None:
            return None
        found.add(_name(key, version))
        if key not in seen:
            seen.add(key)
            pending.extend(_needs(entries[key]))
    return frozenset(found)


def _needs(entry: Value) -> Iterator[tuple[str, str]]:
    for kind in _KINDS:
        for name, value in _table(_table(entry).get(kind)).items():
            version = value if isinstance(value, str) else _table(value).get("version")
            # An empty version is never a key, so what was not understood makes the whole answer unknown.
            yield name, version if isinstance(version, str) else ""


def _keys(name: str, wanted: str, version: str) -> tuple[str, ...]:
    """How an entry may be called: a package of another name, a tarball or a repository is given by its whole key."""
    if version == "5":
        return f"/{name}/{wanted}", wanted, f"/{wanted}"
    if version == "6":
        return f"/{name}@{wanted}", wanted, f"/{wanted}"
    return f"{name}@{wanted}", wanted


def _name(key: str, version: str) -> str:
    """``/@a/b/1.0.0_x``, ``/@a/b@1.0.0(x@2)`` and ``@a/b@1.0.0(x@2)`` are ``@a/b``."""
    plain = key.partition("(")[0].removeprefix("/")
    if version == "5":
        return plain.rpartition("/")[0] or plain
    return plain[: plain.find("@", 1)] if "@" in plain[1:] else plain


def _is_git(key: str) -> bool:
    return "codeload.github.com" in key or "git+" in key or ".git#" in key or key.startswith(("github.com/", "git@"))


def _table(value: object) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}
