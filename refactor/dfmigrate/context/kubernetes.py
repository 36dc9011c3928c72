"""Kubernetes manifests: the containers that are, or may be, of the image that this Dockerfile builds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from dfmigrate.context.build_context import Context
from dfmigrate.context.outside_start import OutsideStart, Words
from dfmigrate.context.remembered import remembered
from dfmigrate.context.yaml_subset import UNKNOWN, Unknown, Value, YamlError, parse_yaml

_MOST_MANIFESTS = 400
_MANIFEST = re.compile(r"^kind:", re.MULTILINE)
_DOCKERFILE = re.compile(r"(?:.*\.)?(?:Dockerfile|Containerfile)(?:[.-].*)?", re.IGNORECASE)
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


def manifests(context: Context) -> Iterator[tuple[str, str, Value]]:
    """Path, text and meaning of each document of a manifest in the context; ``UNKNOWN`` where it cannot be read."""
    paths = [path for path in sorted(context.files) if path.endswith((".yml", ".yaml")) and "node_modules" not in path]
    for path in paths[:_MOST_MANIFESTS]:
        text = context.read(path) or ""
        if _MANIFEST.search(text):
            for part in re.split(r"^---.*$", text, flags=re.MULTILINE):
                yield path, part, parsed(part)


def pods(document: Value) -> Iterator[Mapping[str, Value]]:
    """Every mapping in a document that lists containers, the outer ones first."""
    return (block for block in blocks(document) if isinstance(block.get("containers"), list))


def containers(pod: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    """Those that run an image which is not a published one, such as a database's."""
    listed = pod.get("containers")
    for container in listed if isinstance(listed, list) else ():
        if isinstance(container, dict) and not _is_of_others(container.get("image")):
            yield container


def shown(container: Mapping[str, Value]) -> str:
    name = container.get("name")
    return f"the container `{name}`" if isinstance(name, str) else "a container"


def blocks(value: Value) -> Iterator[dict[str, Value]]:
    """Every mapping in a document, the outer ones first."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from blocks(inner)


@remembered
def kubernetes_starts(context: Context) -> tuple[OutsideStart, ...]:
    """The commands of containers, of their probes and of their hooks, where the only image of the project that the
    manifests name is this one; none where they name several, as it is not known which is which."""
    found = [
        (path, container)
        for path, _, document in manifests(context)
        if isinstance(document, dict)
        for pod in pods(document)
        for container in (*containers(pod), *containers({"containers": pod.get("initContainers")}))
    ]
    if len({_name(container.get("image")) for _, container in found}) != 1 or _dockerfiles(context) != 1:
        return ()
    return tuple(start for path, container in found for start in _starts(path, container))


def _starts(path: str, container: Mapping[str, Value]) -> Iterator[OutsideStart]:
    name, folder = shown(container), container.get("workingDir")
    given = [_words(container.get(key)) for key in ("command", "args")]
    if UNKNOWN in (*given, folder):
        yield OutsideStart(path, name, unknown="its command is not plain text")
    elif any(value is not None for value in (*given, folder)):
        entrypoint, command = (None if isinstance(one, Unknown) else one for one in given)
        yield OutsideStart(path, name, command, entrypoint, folder if isinstance(folder, str) else None)
    lifecycle = container.get("lifecycle")
    hooks = [(key, _inner(lifecycle, key)) for key in _HOOKS]
    for key, asked in (*((key, container.get(key)) for key in _PROBES), *hooks):
        words = _words(_inner(_inner(asked, "exec"), "command"))
        if isinstance(words, tuple):
            yield OutsideStart(path, f"`{key}` of {name}", entrypoint=words)
        elif words is not None:
            yield OutsideStart(path, f"`{key}` of {name}", unknown="its command is not plain text")


def _inner(value: Value, key: str) -> Value:
    """What stands below a key; as unknown as what it is looked for in."""
    return value.get(key) if isinstance(value, dict) else UNKNOWN if value is UNKNOWN else None


def _words(value: Value) -> Words | Unknown | None:
    """An argument vector; ``$(NAME)`` is a variable of the container, which nothing here knows."""
    if value is None or value == []:
        return None
    words = [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
    plain = isinstance(value, list) and len(words) == len(value) and not any("$(" in word for word in words)
    return tuple(words) if plain else UNKNOWN


def _name(reference: Value) -> str | None:
    """The last part of an image's name, without registry, tag and digest; None where it is not plain text."""
    if not isinstance(reference, str):
        return None
    return posixpath.basename(reference.partition("@")[0]).partition(":")[0]


def _dockerfiles(context: Context) -> int:
    """How many there are in the context, the one in question included."""
    found = {path for path in context.files if _DOCKERFILE.fullmatch(posixpath.basename(path))}
    return len(
        {path for path in found if not path.endswith(".dockerignore")} | {posixpath.normpath(context.dockerfile)}
    )


def _is_of_others(reference: Value) -> bool:
    from dfmigrate.knowledge.images import image

    return isinstance(reference, str) and image(reference) is not None


def parsed(text: str) -> Value:
    """What a document means; ``UNKNOWN`` where it cannot be read."""
    try:
        return parse_yaml(text)
    except YamlError:
        return UNKNOWN
