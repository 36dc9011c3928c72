"""Whether a compose file builds the Dockerfile with another context than the one that was read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dfmigrate.context import Context
from dfmigrate.context.build_context import is_compose


def other_context(context: Context, folder: Path, dockerfile: Path) -> str | None:
    """What to tell the user when compose files name contexts for this Dockerfile, and ``folder`` is none of them."""
    here, file = folder.absolute(), _absolute(dockerfile.absolute())
    named = {place: path for path, place, built in _builds(context, here) if built == file}
    if not named or _absolute(here) in named:
        return None
    place, path = sorted(named.items())[0]
    shown = os.path.relpath(place)
    return f"{path} builds it with the context {shown}: if that is the way it is built, give --context {shown}"


def _builds(context: Context, here: Path) -> Iterator[tuple[str, str, str]]:
    """For each service that is built: the compose file, the folder of its context, its Dockerfile."""
    for path, text in _compose_texts(context):
        for service in _services(text):
            build = service.get("build") if isinstance(service, dict) else None
            details = build if isinstance(build, dict) else {"context": build}
            where, dockerfile = details.get("context"), details.get("dockerfile") or "Dockerfile"
            if isinstance(where, str) and isinstance(dockerfile, str) and "$" not in where + dockerfile:
                place = _absolute((here / path).parent / where)
                yield path, place, _absolute(Path(place) / dockerfile)


def _compose_texts(context: Context) -> Iterator[tuple[str, str]]:
    yield from ((path, text) for path, text in context.outside.items() if is_compose(path))
    for path in context.files:
        text = context.read(path) if is_compose(path) and "node_modules" not in path else None
        if text is not None:
            yield path, text


def _services(text: str) -> Iterator[object]:
    from dfmigrate.context.yaml_subset import YamlError, parse_yaml

    try:
        document = parse_yaml(text)
    except YamlError:
        return
    services = document.get("services") if isinstance(document, dict) else None
    if isinstance(services, dict):
        yield from services.values()


def _absolute(path: Path) -> str:
    return os.path.normpath(path)
