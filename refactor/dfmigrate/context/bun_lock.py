"""``bun.lock``, the text form of Bun's lock file; the binary ``bun.lockb`` is not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import jsonc_file
from dfmigrate.context.node_lock import LockedPackages, is_git
from dfmigrate.context.parsing import mapping, strings, text_or_none

_VERSIONS = (0, 1)


def bun_packages(context: Context, path: str) -> LockedPackages | None:
    """Read a lock file; None when it is binary, unreadable or of an unknown version."""
    document = None if path.endswith(".lockb") else jsonc_file(context, path)
    if document is None or document.get("lockfileVersion") not in _VERSIONS:
        return None
    entries = {key: value for key, value in mapping(document.get("packages")).items() if isinstance(value, list)}
    installed = {key: entry for key, entry in entries.items() if not _resolution(entry).startswith("workspace:")}
    return LockedPackages(
        all=frozenset(map(_name, installed)),
        production=_production(document, entries),
        install_scripts=None,
        binaries=None,
        from_git=frozenset(_name(key) for key, entry in installed.items() if is_git(_resolution(entry))),
    )


def _production(document: Mapping[str, object], entries: Mapping[str, list[object]]) -> frozenset[str] | None:
    """Walk from every member of the workspace; None when a package is not in the file."""
    pending: list[tuple[str, str]] = []
    for member in mapping(document.get("workspaces")).values():
        parent = text_or_none(mapping(member).get("name")) or ""
        pending += [(parent, name) for name in _needs(mapping(member))]
    found: set[str] = set()
    seen: set[str] = set()
    while pending:
        parent, name = pending.pop()
        key = _found(entries, parent, name)
        if key is None:
            return None
        if key in seen:
            continue
        seen.add(key)
        if not _resolution(entries[key]).startswith("workspace:"):
            found.add(_name(key))
        info = next((mapping(item) for item in entries[key][1:] if isinstance(item, dict)), {})
        pending += [(key, needed) for needed in _needs(info) if _is_there(entries, key, needed, info)]
    return frozenset(found)


def _needs(info: Mapping[str, object]) -> Iterator[str]:
    for table in ("dependencies", "optionalDependencies", "peerDependencies"):
        yield from mapping(info.get(table))


def _is_there(entries: Mapping[str, list[object]], key: str, name: str, info: Mapping[str, object]) -> bool:
    """Optional peers, and packages for other platforms, may be missing."""
    optional = {*mapping(info.get("optionalDependencies")), *strings(info.get("optionalPeers"))}
    return name not in optional or _found(entries, key, name) is not None


def _found(entries: Mapping[str, list[object]], parent: str, name: str) -> str | None:
    """As Node looks: beside the parent's own packages first, then further up."""
    while parent:
        if f"{parent}/{name}" in entries:
            return f"{parent}/{name}"
        parent = parent.rpartition("/")[0]
    return name if name in entries else None


def _name(key: str) -> str:
    """The last package of ``parent/@scope/name``."""
    parts = key.split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and parts[-2].startswith("@") else parts[-1]


def _resolution(entry: list[object]) -> str:
    """What stands behind the name in ``name@resolution``."""
    text = text_or_none(entry[0]) if entry else None
    return "" if text is None else text[text.find("@", 1) + 1 :]
