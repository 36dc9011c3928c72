"""Commands that a pipeline runs in the containers of the project's compose services: ``docker compose run web npm
test``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.context.build_context import Context
from dfmigrate.context.compose import services_of
from dfmigrate.context.outside_start import OutsideStart, split_words

_PIPELINE = re.compile(
    r"(^|/)(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci/config\.ya?ml|\.travis\.ya?ml|Jenkinsfile"
    r"|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml)$"
)
_COMPOSE = r"\bdocker(?:-|[ \t]+)compose\b"
_OPTIONS = r"(?:[ \t]+-\S+(?:[ \t]+(?!(?:run|exec)\b)[^\s-]\S*)?)*"
_CALL = re.compile(rf"{_COMPOSE}{_OPTIONS}[ \t]+(run|exec)\b([^\n]*)")
_NAMED = re.compile(rf"^\s*(?:-\s+)?(?:export\s+)?(\w+)\s*[:=]\s*[\"']?({_COMPOSE}[^\n\"']*)", re.MULTILINE)
_END = re.compile(r"&&|\|\||[;|<>]")
_VALUED = frozenset(
    {"-e", "--env", "-v", "--volume", "-u", "--user", "-w", "--workdir", "-p", "--publish", "--name", "-l", "--label"}
)
_MOST = 40


def pipeline_runs(context: Context) -> tuple[OutsideStart, ...]:
    """Every such command for a service that is built from this Dockerfile; ``exec`` leaves ENTRYPOINT out."""
    services = {service.name for service in services_of(context)}
    if not services:
        return ()
    found = (one for path, text in _texts(context) for one in _runs(path, text, services))
    return tuple(dict.fromkeys(found))[:_MOST]


def _texts(context: Context) -> Iterator[tuple[str, str]]:
    for path in (*context.outside, *context.files):
        if _PIPELINE.search(path):
            yield path, context.companion(path) or ""


def _runs(path: str, text: str, services: set[str]) -> Iterator[OutsideStart]:
    for name, value in _NAMED.findall(text):
        text = text.replace(f"${{{name}}}", value.strip()).replace(f"${name} ", f"{value.strip()} ")
    for verb, rest in _CALL.findall(text):
        words = _words(rest)
        said = _END.split(rest)[0].rstrip(" \"'")
        name = f"`docker compose {verb}{said}`"
        service = next(iter(words or ()), None)
        if words is None:
            if any(re.search(rf"\s{re.escape(one)}\s", rest) for one in services):
                yield OutsideStart(path, name, unknown="its command is not plain text")
        elif service in services and len(words) > 1:
            command = words[1:]
            if any("$" in word for word in command):
                yield OutsideStart(path, name, unknown="its command is not plain text")
            elif verb == "run":
                yield OutsideStart(path, name, command=command)
            else:
                yield OutsideStart(path, name, entrypoint=command)


def _words(rest: str) -> tuple[str, ...] | None:
    """The service and its command; None where they cannot be read."""
    text = _END.split(rest)[0].strip()
    for quote in "\"'":
        if text.count(quote) % 2 and text.endswith(quote):
            text = text[:-1]
    words = list(split_words(text) or ())
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option.partition("=")[0] == "--entrypoint":
            return None
        if option in _VALUED and words:
            words.pop(0)
    return tuple(words) or None
