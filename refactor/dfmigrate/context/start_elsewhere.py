"""What starts the image from outside of the Dockerfile: compose services, and the files of hosting platforms."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.compose import ComposeService, services_of
from dfmigrate.context.parsing import ManifestError, parse_json_object, parse_toml
from dfmigrate.context.procfile import procfile
from dfmigrate.context.remembered import remembered
from dfmigrate.context.yaml_subset import UNKNOWN, Unknown, Value

Words = tuple[str, ...] | str
"""An argument vector, or a text for a shell."""


@dataclass(frozen=True, slots=True)
class OutsideStart:
    """One way to start the image that the Dockerfile does not tell of."""

    path: str
    """The file that says so; ``../`` leads above the context."""
    name: str
    """What it is there: ``the compose service `web```."""
    command: Words | None = None
    """Instead of CMD; None leaves it as it is."""
    entrypoint: Words | None = None
    """Instead of ENTRYPOINT, which does away with CMD too; None leaves both as they are."""
    workdir: str | None = None
    """Another working directory than the image's."""
    unknown: str | None = None
    """Why it is not known what is started."""
    without_command: bool = False
    """It counts only for an image that has no command of its own: where it has one, the file may serve another way to
    deploy the same sources."""


@remembered
def outside_starts(context: Context) -> tuple[OutsideStart, ...]:
    """Every start with a command or entry point of its own, of the image that this Dockerfile builds."""
    composed = (_of_service(s) for s in services_of(context) if s.command is not None or s.entrypoint is not None)
    platforms = (*_heroku(context), *_fly(context), *_render(context), *_procfile(context), *_app_json(context))
    return (*composed, *platforms)


def _of_service(service: ComposeService) -> OutsideStart:
    name = f"the compose service `{service.name}`"
    unknown = None
    if service.dockerfile is UNKNOWN:
        unknown = "which Dockerfile it builds is not known"
    if service.working_folder is UNKNOWN:
        unknown = "its working directory is not known"
    command, entrypoint = (_composed(value) for value in (service.command, service.entrypoint))
    if isinstance(command, Unknown) or isinstance(entrypoint, Unknown):
        return OutsideStart(service.path, name, unknown="its command is not plain text")
    workdir = service.working_folder if isinstance(service.working_folder, str) else None
    return OutsideStart(service.path, name, command, entrypoint, workdir, unknown)


def _composed(value: str | tuple[str, ...] | Unknown | None) -> Words | Unknown | None:
    """Compose splits a text into words itself, and puts variables of the host in their places; ``$$`` is a dollar."""
    if value is None or isinstance(value, Unknown):
        return value
    texts = (value,) if isinstance(value, str) else value
    plain = [text.replace("$$", "\0") for text in texts]
    if any("$" in text for text in plain):
        return UNKNOWN
    words = [text.replace("\0", "$") for text in plain]
    if isinstance(value, str):
        split = _split(words[0])
        return split if split else UNKNOWN
    return tuple(words) if words else UNKNOWN


def _split(text: str) -> tuple[str, ...] | None:
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return None


def _heroku(context: Context) -> Iterator[OutsideStart]:
    """``heroku.yml``: its images are built in the folders of their Dockerfiles; commands are given to a shell."""
    path = "heroku.yml"
    document = _yaml(context, path)
    if document is None:
        yield from _unread(context, path)
        return
    images = _mapping(_mapping(document.get("build")).get("docker"))
    own = {name for name, file in images.items() if isinstance(file, str) and _is_own(context, file)}
    run = _mapping(document.get("run"))
    for name, value in run.items():
        if _image(value, name) in own:
            yield _shelled(path, f"the process `{name}`", value)
    release = document.get("release")
    if _image(release, "web") in own and release is not None:
        yield _shelled(path, "the release phase", release)


def _image(value: Value, otherwise: str) -> str | None:
    """Which of the images a command is for; None when that is not known."""
    image = value.get("image") if isinstance(value, dict) else None
    return otherwise if image is None else image if isinstance(image, str) else None


def _shelled(path: str, name: str, value: Value) -> OutsideStart:
    """A command that a platform gives to a shell: a text, or a mapping with a ``command`` of one text."""
    given = value.get("command") if isinstance(value, dict) else value
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if not isinstance(given, str) or not given:
        return OutsideStart(path, name, unknown="its command is not one plain text")
    return OutsideStart(path, name, given)


def _is_own(context: Context, dockerfile: str) -> bool:
    return posixpath.normpath(dockerfile) == posixpath.normpath(context.dockerfile)


def _fly(context: Context) -> Iterator[OutsideStart]:
    """``fly.toml``: the processes, the command that replaces CMD, and what is run before a release."""
    path = "fly.toml"
    text = context.companion(path)
    if text is None:
        return
    try:
        document = parse_toml(text)
    except ManifestError:
        yield from _unread(context, path)
        return
    build = _table(document.get("build"))
    dockerfile = build.get("dockerfile", "Dockerfile")
    if {"image", "builder", "buildpacks"} & set(build) or not _is_own(context, str(dockerfile)):
        return
    for name, command in _table(document.get("processes")).items():
        if command != "":
            yield _of_fly(path, f"the process `{name}`", command)
    experimental = _table(document.get("experimental"))
    entrypoint = _words(experimental.get("entrypoint"))
    for key in ("cmd", "exec"):
        if key in experimental:
            yield _of_fly(path, f"`{key}`", experimental[key], entrypoint)
    if "entrypoint" in experimental and "cmd" not in experimental:
        yield OutsideStart(path, "`entrypoint`", None, entrypoint, unknown=None if entrypoint else "it is no command")
    released = _table(document.get("deploy")).get("release_command")
    if released is not None:
        yield _of_fly(path, "the release command", released)
    if "console_command" in document:
        yield _of_fly(path, "the console", document["console_command"])


def _of_fly(path: str, name: str, given: object, entrypoint: Words | None = None) -> OutsideStart:
    command = _words(given)
    return OutsideStart(path, name, command, entrypoint, unknown=None if command else "it is no command")


def _words(given: object) -> Words | None:
    if isinstance(given, str):
        return _split(given) or None
    if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
        return tuple(str(word) for word in given)
    return None


def _render(context: Context) -> Iterator[OutsideStart]:
    """``render.yaml``: services that are built from this Dockerfile and have a command of their own."""
    path = "render.yaml"
    document = _yaml(context, path)
    services = (document or {}).get("services")
    if not isinstance(services, list):
        yield from _unread(context, path)
        return
    for service in services:
        if not isinstance(service, dict) or "docker" not in (service.get("runtime"), service.get("env")):
            continue
        dockerfile = service.get("dockerfilePath") or "Dockerfile"
        if not isinstance(dockerfile, str) or not _is_own(context, dockerfile):
            continue
        name = service.get("name")
        for key in ("dockerCommand", "preDeployCommand"):
            if service.get(key) is not None:
                shown = f"the service `{name}`" if isinstance(name, str) else "a service"
                yield _shelled(path, shown, service[key])


def _procfile(context: Context) -> Iterator[OutsideStart]:
    """A ``Procfile`` beside the Dockerfile, for platforms that start images by it."""
    if not _is_own(context, "Dockerfile"):
        return
    for name, command in (procfile(context) or {}).items():
        yield OutsideStart("Procfile", f"the process `{name}`", command, without_command=True)


def _app_json(context: Context) -> Iterator[OutsideStart]:
    """Scripts of ``app.json``, which run once in a container of their own."""
    text = context.companion("app.json") if _is_own(context, "Dockerfile") else None
    try:
        scripts = _table(parse_json_object(text).get("scripts")) if text is not None else {}
    except ManifestError:
        return
    for name, given in (*scripts.items(), *_table(scripts.get("dokku")).items()):
        if isinstance(given, str) and given:
            yield OutsideStart("app.json", f"the script `{name}`", given, without_command=True)


def _yaml(context: Context, path: str) -> Mapping[str, Value] | None:
    from dfmigrate.context.yaml_subset import YamlError, parse_yaml

    text = context.companion(path)
    try:
        document = parse_yaml(text) if text is not None else None
    except YamlError:
        return None
    return document if isinstance(document, dict) else None


def _unread(context: Context, path: str) -> Iterator[OutsideStart]:
    """A file that is there, and whose meaning is not known."""
    if context.companion(path) is not None:
        yield OutsideStart(path, "the application", unknown="the file could not be read")


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
