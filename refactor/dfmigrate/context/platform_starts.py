"""How the files of hosting platforms start the image: heroku.yml, fly.toml, render.yaml, Procfile and their like."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dfmigrate.context.build_context import Context, companions
from dfmigrate.context.outside_start import OutsideStart, Words, split_words
from dfmigrate.context.parsing import ManifestError, parse_json_object, parse_toml
from dfmigrate.context.procfile import procfile
from dfmigrate.context.yaml_subset import UNKNOWN, Unknown, Value

_FOR_SHELL = re.compile(r"[$&|;<>`*()]|^\w+=")


def platform_starts(context: Context) -> Iterator[OutsideStart]:
    """What the files of platforms say, those in the context's own folder and in the folders above it."""
    for name, read in _READERS.items():
        for path in companions(context, name):
            yield from read(context, path, context.companion(path))


def _heroku(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """``heroku.yml``: its images are built in the folders of their Dockerfiles; commands are given to a shell."""
    document = _yaml(text)
    images = _mapping(_mapping(document, "build"), "docker")
    run = _mapping(document, "run")
    if isinstance(document, dict) and run == {} and document.get("release") is None:
        # Each image has its own command.
        return
    if document is UNKNOWN or images is UNKNOWN or run is UNKNOWN:
        yield _unread(path)
        return
    own: set[str] = set()
    for name, value in images.items():
        dockerfile = value.get("dockerfile") if isinstance(value, dict) else value
        if not isinstance(dockerfile, str):
            yield _unread(path)
        elif _is_own(context, path, dockerfile):
            own.add(name)
    commands = {f"the process `{name}`": (value, _image(value, name)) for name, value in run.items()}
    if document.get("release") is not None:
        commands["the release phase"] = document["release"], _image(document["release"], "web")
    for name, (value, image) in commands.items():
        if own and (image is UNKNOWN or image in own):
            yield _shelled(path, name, value)


def _image(value: Value, otherwise: str) -> str | Unknown:
    """Which of the images a command is for."""
    if value is UNKNOWN:
        return UNKNOWN
    image = value.get("image") if isinstance(value, dict) else None
    return otherwise if image is None else image if isinstance(image, str) else UNKNOWN


def _shelled(path: str, name: str, value: Value) -> OutsideStart:
    """A command that a platform gives to a shell: a text, or a mapping with a ``command`` of one text."""
    given = value.get("command") if isinstance(value, dict) else value
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if not isinstance(given, str) or not given:
        return OutsideStart(path, name, unknown="its command is not one plain text")
    return OutsideStart(path, name, given)


def _is_own(context: Context, path: str, dockerfile: str) -> bool:
    """Whether a Dockerfile, as named in such a file, is the one in question."""
    here = context.seen_from(path)
    named = posixpath.normpath(dockerfile)
    return here is not None and named == posixpath.normpath(posixpath.join(here, context.dockerfile))


def _fly(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """``fly.toml``: the processes, the command that replaces CMD, and what is run before a release."""
    try:
        document = parse_toml(text) if text is not None else None
    except ManifestError:
        document = None
    if document is None:
        yield _unread(path)
        return
    build = _table(document.get("build"))
    dockerfile = build.get("dockerfile", "Dockerfile")
    if {"image", "builder", "buildpacks"} & set(build) or not _is_own(context, path, str(dockerfile)):
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
        return split_words(given) or None
    if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
        return tuple(str(word) for word in given)
    return None


def _render(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """``render.yaml``: services that are built from this Dockerfile and have a command of their own."""
    document = _yaml(text)
    listed = UNKNOWN if document is UNKNOWN else _services(document)
    if listed is UNKNOWN:
        yield _unread(path)
        return
    for service in listed:
        if not isinstance(service, dict) or "<<" in service:
            yield _unread(path)
            continue
        runtime = (service.get("runtime"), service.get("env"))
        folder, dockerfile = service.get("rootDir") or ".", service.get("dockerfilePath") or "Dockerfile"
        if "docker" not in runtime and UNKNOWN not in runtime:
            continue
        if not isinstance(dockerfile, str) or not isinstance(folder, str):
            yield _unread(path)
            continue
        if not any(_is_own(context, path, each) for each in (dockerfile, posixpath.join(folder, dockerfile))):
            continue
        name = service.get("name")
        for key in ("dockerCommand", "preDeployCommand"):
            if service.get(key) is not None:
                shown = f"the service `{name}`" if isinstance(name, str) else "a service"
                yield _shelled(path, shown, service[key])


def _services(document: Mapping[str, Value]) -> list[Value] | Unknown:
    """The services of a blueprint, by themselves and below its projects' environments."""
    services, projects = _list(document.get("services")), _list(document.get("projects"))
    if services is UNKNOWN or projects is UNKNOWN:
        return UNKNOWN
    found = list(services)
    for project in projects:
        environments = _list(project.get("environments")) if isinstance(project, dict) else UNKNOWN
        if environments is UNKNOWN:
            return UNKNOWN
        for environment in environments:
            inner = _list(environment.get("services")) if isinstance(environment, dict) else UNKNOWN
            if inner is UNKNOWN:
                return UNKNOWN
            found += inner
    return found


def _procfile(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """A ``Procfile`` beside the Dockerfile, for platforms that start images by it."""
    if not _is_own(context, path, "Dockerfile"):
        return
    if text is None:
        yield replace(_unread(path), without_command=True)
        return
    for name, command in procfile(text).items():
        yield OutsideStart(path, f"the process `{name}`", command, without_command=True)


def _app_json(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """Scripts of ``app.json``, which run once in a container of their own."""
    if not _is_own(context, path, "Dockerfile"):
        return
    try:
        document = parse_json_object(text) if text is not None else None
    except ManifestError:
        document = None
    if document is None:
        yield replace(_unread(path), without_command=True)
        return
    scripts = _table(document.get("scripts"))
    for name, given in (*scripts.items(), *_table(scripts.get("dokku")).items()):
        if isinstance(given, str) and given:
            yield OutsideStart(path, f"the script `{name}`", given, without_command=True)


def _railway(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """``railway.json`` and ``railway.toml``: what replaces ENTRYPOINT and CMD, and what is run before that."""
    try:
        read = parse_json_object if path.endswith(".json") else parse_toml
        document = read(text) if text is not None else None
    except ManifestError:
        document = None
    if document is None:
        yield _unread(path)
        return
    for part in (document, *map(_table, _table(document.get("environments")).values())):
        build, deploy = ({**_table(document.get(key)), **_table(part.get(key))} for key in ("build", "deploy"))
        dockerfile = build.get("dockerfilePath") or "Dockerfile"
        if not _is_own(context, path, str(dockerfile).lstrip("/")):
            continue
        # Another builder is not used where there is a Dockerfile; nevertheless the command may be meant for it.
        elsewhere = build.get("builder") not in (None, "DOCKERFILE")
        for key in ("startCommand", "preDeployCommand"):
            given = deploy.get(key)
            for one in given if isinstance(given, list) else () if given is None else (given,):
                yield replace(_of_railway(path, f"`{key}`", one), without_command=elsewhere)


def _of_railway(path: str, name: str, given: object) -> OutsideStart:
    """Its words as they are; what only a shell understands is given to one."""
    if not isinstance(given, str) or not given:
        return OutsideStart(path, name, unknown="its command is not one plain text")
    words = split_words(given)
    if words is None or _FOR_SHELL.search(given):
        words = ("/bin/sh", "-c", given)
    return OutsideStart(path, name, entrypoint=words)


def _digital_ocean(context: Context, path: str, text: str | None) -> Iterator[OutsideStart]:
    """``.do/app.yaml``: the components that are built from this Dockerfile and have a command of their own."""
    document = _yaml(text)
    kinds = ("services", "workers", "jobs")
    listed = [UNKNOWN if document is UNKNOWN else _list(document.get(kind)) for kind in kinds]
    for components in listed:
        if components is UNKNOWN:
            yield _unread(path)
            continue
        for component in components:
            if not isinstance(component, dict) or "<<" in component:
                yield _unread(path)
            elif component.get("run_command") is not None and _is_component(context, path, component):
                yield _shelled(path, f"the component `{component.get('name')}`", component["run_command"])


def _is_component(context: Context, path: str, component: Mapping[str, Value]) -> bool:
    """Whether it may be built from the Dockerfile in question; where it names none, it takes that in its folder."""
    folder, dockerfile = component.get("source_dir") or ".", component.get("dockerfile_path")
    if isinstance(folder, Unknown) or isinstance(dockerfile, Unknown):
        return True
    named = str(dockerfile or posixpath.join(str(folder).lstrip("/"), "Dockerfile"))
    return "image" not in component and _is_own(context, path, named.lstrip("/"))


_READERS: Mapping[str, Callable[[Context, str, str | None], Iterator[OutsideStart]]] = {
    "heroku.yml": _heroku,
    "fly.toml": _fly,
    "render.yaml": _render,
    "Procfile": _procfile,
    "app.json": _app_json,
    "railway.json": _railway,
    "railway.toml": _railway,
    ".do/app.yaml": _digital_ocean,
}
"""What reads each of ``build_context.DEPLOYS``, given the context, the path and the text: None where it cannot be
read."""


def _yaml(text: str | None) -> dict[str, Value] | Unknown:
    from dfmigrate.context.yaml_subset import YamlError, parse_yaml

    try:
        document = parse_yaml(text) if text is not None else UNKNOWN
    except YamlError:
        return UNKNOWN
    return document if isinstance(document, dict) else UNKNOWN


def _unread(path: str) -> OutsideStart:
    """A file that is there, and whose meaning is not known."""
    return OutsideStart(path, "the application", unknown="the file could not be read")


def _mapping(holder: Mapping[str, Value] | Unknown, key: str) -> dict[str, Value] | Unknown:
    """What stands there; an empty mapping where nothing does."""
    value = UNKNOWN if isinstance(holder, Unknown) or "<<" in holder else holder.get(key)
    return {} if value is None else value if isinstance(value, dict) else UNKNOWN


def _list(value: Value) -> list[Value] | Unknown:
    return [] if value is None else value if isinstance(value, list) else UNKNOWN


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
