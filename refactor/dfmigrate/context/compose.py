"""Compose files: the services that are built from this context, and what they ask of the image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context, is_compose
from dfmigrate.context.remembered import remembered
from dfmigrate.context.yaml_subset import UNKNOWN, Unknown, Value, YamlError, parse_yaml


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service built from this context. Attributes are None when not set, ``UNKNOWN`` when not understood."""

    path: str
    """The compose file; ``../compose.yaml`` for one above the context."""
    name: str
    dockerfile: str | Unknown
    """Relative to the context root."""
    target: str | Unknown | None
    arguments: tuple[str, ...] | Unknown
    """Names of build arguments."""
    command: str | tuple[str, ...] | Unknown | None
    entrypoint: str | tuple[str, ...] | Unknown | None
    volumes: tuple[Volume, ...] | Unknown
    ports: tuple[str, ...] | Unknown
    user: str | Unknown | None
    working_folder: str | Unknown | None
    health_check: str | tuple[str, ...] | Unknown | None
    """The command of a health check of its own, which runs inside of the container."""
    hooks: tuple[str | tuple[str, ...] | Unknown, ...]
    """Commands of ``post_start`` and ``pre_stop``, which run inside of the container."""
    variables: tuple[tuple[str, str | None], ...] | Unknown
    """Of ``environment``: names with their values, None for a value that the host gives."""
    variable_files: tuple[str, ...] | Unknown
    """Of ``env_file``, relative to the compose file."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A mount: ``source`` is None for an anonymous volume."""

    source: str | None
    target: str

    @property
    def is_bind(self) -> bool:
        """Whether a folder or file of the host covers the target."""
        return self.source is not None and self.source.startswith((".", "/", "~", "$"))


@dataclass(frozen=True, slots=True)
class ComposeFiles:
    """All compose files that were found."""

    services: tuple[ComposeService, ...]
    unreadable: tuple[tuple[str, str], ...]
    """Files whose services are not known: path and reason."""


@remembered
def compose_files(context: Context) -> ComposeFiles:
    """Read every compose file of the context, sent or not, and those in the folders above it."""
    services: list[ComposeService] = []
    unreadable: list[tuple[str, str]] = []
    documents: list[tuple[str, dict[str, Value]]] = []
    for path, text in sorted(_texts(context)):
        listed = _listed(text)
        if isinstance(listed, str):
            unreadable.append((path, listed))
        else:
            documents.append((path, listed))
    for path, name, service in _with_their_builds(documents):
        found = _service(context, path, name, service)
        if isinstance(found, str):
            unreadable.append((path, f"service {name}: {found}"))
        elif found is not None:
            services.append(found)
    return ComposeFiles(tuple(services), tuple(unreadable))


def services_of(context: Context) -> tuple[ComposeService, ...]:
    """The services that are, or may be, built from this very Dockerfile."""
    own = posixpath.normpath(context.dockerfile)
    return tuple(s for s in compose_files(context).services if s.dockerfile is UNKNOWN or s.dockerfile == own)


def _texts(context: Context) -> Iterator[tuple[str, str | None]]:
    yield from ((path, text) for path, text in context.outside.items() if is_compose(path))
    for path in context.files:
        if is_compose(path) and "node_modules" not in path:
            yield path, context.read(path)


def _listed(text: str | None) -> dict[str, Value] | str:
    """The services of one file, or why they are not known."""
    if text is None:
        return "not readable"
    try:
        document = parse_yaml(text)
    except YamlError as error:
        return str(error)
    listed = document.get("services") if isinstance(document, dict) else None
    return listed if isinstance(listed, dict) else "no services that could be read"


def _with_their_builds(documents: list[tuple[str, dict[str, Value]]]) -> Iterator[tuple[str, str, Value]]:
    """Each service; one without a build takes that of its namesake in a file beside it, which it overrides, or of the
    service whose image has the name that it uses."""
    named: dict[tuple[str, str], tuple[str, Value]] = {}
    tagged: dict[str, tuple[str, Value]] = {}
    for path, listed in documents:
        for name, service in listed.items():
            if isinstance(service, dict) and service.get("build") is not None:
                named.setdefault((posixpath.dirname(path), name), (path, service["build"]))
                image = service.get("image")
                if isinstance(image, str):
                    tagged.setdefault(image, (path, service["build"]))
    for path, listed in documents:
        for name, service in listed.items():
            if not isinstance(service, dict) or service.get("build") is not None:
                yield path, name, service
                continue
            image = service.get("image")
            builds = named.get((posixpath.dirname(path), name))
            builds = builds or (tagged.get(image) if isinstance(image, str) else None)
            beside = builds is not None and posixpath.dirname(builds[0]) == posixpath.dirname(path)
            yield path, name, {**service, "build": builds[1]} if builds is not None and beside else service


def _service(context: Context, path: str, name: str, service: Value) -> ComposeService | str | None:
    """The service when it is built from this context; a reason when that is not known."""
    if not isinstance(service, dict):
        return "not a plain mapping"
    if "<<" in service or "extends" in service:
        return "takes settings from another service"
    build = service.get("build")
    if build is None:
        return None
    details: Mapping[str, Value] = build if isinstance(build, dict) else {"context": build}
    where = details.get("context", ".")
    if build is UNKNOWN or not isinstance(where, str) or "$" in where:
        return "its build context is not known"
    if not _is_here(context, path, where):
        return None
    dockerfile = details.get("dockerfile") or "Dockerfile"
    return ComposeService(
        path=path,
        name=name,
        dockerfile=posixpath.normpath(dockerfile) if isinstance(dockerfile, str) and "$" not in dockerfile else UNKNOWN,
        target=_scalar(details.get("target")),
        arguments=_names(details.get("args")),
        command=_command(service.get("command")),
        entrypoint=_command(service.get("entrypoint")),
        volumes=_volumes(service.get("volumes")),
        ports=_ports(service.get("ports")),
        user=_scalar(service.get("user")),
        working_folder=_scalar(service.get("working_dir")),
        health_check=_health_check(service.get("healthcheck")),
        hooks=(*_hooks(service.get("post_start")), *_hooks(service.get("pre_stop"))),
        variables=_variables(service.get("environment")),
        variable_files=_variable_files(service.get("env_file")),
    )


def _health_check(value: Value) -> str | tuple[str, ...] | Unknown | None:
    """Its command without the leading ``CMD`` or ``CMD-SHELL``; nothing for one that is switched off."""
    if value is None or isinstance(value, dict):
        test = None if value is None else _command(value.get("test"))
        if not isinstance(test, tuple):
            return test
        rest = test[1:] if test[:1] in (("CMD",), ("CMD-SHELL",), ("NONE",)) else test
        return rest or None
    return UNKNOWN


def _hooks(value: Value) -> Iterator[str | tuple[str, ...] | Unknown]:
    """Their commands, in the order in which they run."""
    listed = [] if value is None else value if isinstance(value, list) else [UNKNOWN]
    for one in listed:
        command = _command(one.get("command")) if isinstance(one, dict) else UNKNOWN
        yield UNKNOWN if command is None else command


def _is_here(context: Context, path: str, where: str) -> bool:
    """Whether a build context, as named in a compose file, is this one."""
    if where.startswith(("/", "~")) or "://" in where:
        return False
    here = context.seen_from(path)
    start = "" if path.startswith("../") else posixpath.dirname(path)
    return here is not None and posixpath.normpath(posixpath.join(start, where)) == here


def _scalar(value: Value) -> str | Unknown | None:
    return value if value is None or isinstance(value, str) else UNKNOWN


def _command(value: Value) -> str | tuple[str, ...] | Unknown | None:
    if isinstance(value, list):
        words = tuple(item for item in value if isinstance(item, str))
        return words if len(words) == len(value) else UNKNOWN
    return _scalar(value)


def _names(value: Value) -> tuple[str, ...] | Unknown:
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(str(item).partition("=")[0] for item in value)
    return UNKNOWN


def _variables(value: Value) -> tuple[tuple[str, str | None], ...] | Unknown:
    if isinstance(value, dict):
        return UNKNOWN if "<<" in value else tuple((name, _given(text)) for name, text in value.items())
    names = _names(value)
    if not isinstance(value, list) or isinstance(names, Unknown):
        return names if isinstance(names, Unknown) else ()
    texts = (str(item).partition("=") for item in value)
    return tuple((name, _given(text) if equals else None) for name, equals, text in texts)


def _variable_files(value: Value) -> tuple[str, ...] | Unknown:
    listed = value if isinstance(value, list) else [] if value is None else [value]
    paths = [one.get("path") if isinstance(one, dict) else one for one in listed]
    plain = tuple(path for path in paths if isinstance(path, str) and "$" not in path)
    return plain if len(plain) == len(paths) else UNKNOWN


def _given(value: Value) -> str | None:
    """A value of a variable, where no variable of the host is in it."""
    return value if isinstance(value, str) and "$" not in value else None


def _volumes(value: Value) -> tuple[Volume, ...] | Unknown:
    if value is None:
        return ()
    if not isinstance(value, list):
        return UNKNOWN
    found: list[Volume] = []
    for item in value:
        volume = _volume(item)
        if volume is None:
            return UNKNOWN
        found.append(volume)
    return tuple(found)


def _volume(item: Value) -> Volume | None:
    if isinstance(item, dict):
        source, target = item.get("source", item.get("src")), item.get("target", item.get("dst"))
        if isinstance(target, str) and (source is None or isinstance(source, str)):
            bind = item.get("type") == "bind" and source is not None and not source.startswith((".", "/", "~", "$"))
            return Volume(f"./{source}" if bind else source, target)
        return None
    if not isinstance(item, str) or "${" in item:
        return None
    parts = item.split(":")
    return Volume(None, parts[0]) if len(parts) == 1 else Volume(parts[0], parts[1])


def _ports(value: Value) -> tuple[str, ...] | Unknown:
    if value is None:
        return ()
    if not isinstance(value, list):
        return UNKNOWN
    found = [item.get("target") if isinstance(item, dict) else item for item in value]
    texts = tuple(item for item in found if isinstance(item, str))
    return texts if len(texts) == len(found) else UNKNOWN
