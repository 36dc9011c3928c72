"""What is given to a container from outside of the image: variables, and storage that is mounted into it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context, companions
from dfmigrate.context.compose import services_of
from dfmigrate.context.kubernetes import blocks, containers, manifests, parsed, pods, shown
from dfmigrate.context.parsing import ManifestError, parse_json_object, parse_toml
from dfmigrate.context.remembered import remembered
from dfmigrate.context.yaml_subset import UNKNOWN, Unknown, Value

_VARIABLE = re.compile(r"^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*[=:][ \t]*(.*?)[ \t]*$", re.MULTILINE)
_KEPT = re.compile(r"persistentVolumeClaim|volumeClaimTemplates|hostPath")
_KEPT_KINDS = frozenset(
    {"persistentVolumeClaim", "hostPath", "nfs", "csi", "awsElasticBlockStore", "gcePersistentDisk"}
)


@dataclass(frozen=True, slots=True)
class Deployed:
    """One way to run the image, as a file other than the Dockerfile tells of it."""

    path: str
    """The file that says so; ``../`` leads above the context."""
    name: str
    mounts: tuple[str, ...] = ()
    """Where storage is mounted that outlives the container; empty for compose, whose volumes ``compose`` tells."""
    variables: tuple[tuple[str, str | None], ...] = ()
    """Names with their values: None where that is not known."""
    unknown: str | None = None
    """Why it may have more mounts."""
    more_variables: bool = False
    """Whether there may be variables that are not known."""


@remembered
def deployments(context: Context) -> tuple[Deployed, ...]:
    """Every service that is, or may be, run from the image of this Dockerfile."""
    return (*_composed(context), *_fly(context), *_render(context), *_app_json(context), *_manifests(context))


@remembered
def outside_variables(context: Context) -> Mapping[str, tuple[str | None, ...]]:
    """The variables that a container may get from outside, by name: each with all values, None for an unknown one."""
    found: dict[str, tuple[str | None, ...]] = {}
    for service in deployments(context):
        for name, value in service.variables:
            found[name] = (*found.get(name, ()), value)
    return found


def may_get(context: Context | None, name: str) -> bool:
    """Whether a file gives the variable, or variables that are not known."""
    if context is None:
        return False
    return name in outside_variables(context) or any(service.more_variables for service in deployments(context))


def _composed(context: Context) -> Iterator[Deployed]:
    for service in services_of(context):
        known = [] if isinstance(service.variables, Unknown) else list(service.variables)
        more = service.variables is UNKNOWN or service.variable_files is UNKNOWN
        for file in () if isinstance(service.variable_files, Unknown) else service.variable_files:
            # One above the context, or one that is kept secret, cannot be read.
            path = posixpath.normpath(posixpath.join(posixpath.dirname(service.path), file))
            text = None if path.startswith(("../", "/")) else context.read(path)
            more |= text is None
            known += [(key, None if "$" in value else value) for key, value in _VARIABLE.findall(text or "")]
        name = f"the compose service `{service.name}`"
        yield Deployed(service.path, name, variables=tuple(known), more_variables=more)


def _is_own(context: Context, path: str, dockerfile: object) -> bool:
    """Whether a Dockerfile, as named in such a file, may be the one in question."""
    here = context.seen_from(path)
    if not isinstance(dockerfile, str) or here is None:
        return True
    return posixpath.normpath(dockerfile) == posixpath.normpath(posixpath.join(here, context.dockerfile))


def _fly(context: Context) -> Iterator[Deployed]:
    for path in companions(context, "fly.toml"):
        try:
            document = parse_toml(context.companion(path) or "")
        except ManifestError:
            yield Deployed(path, "the application", unknown="the file could not be read", more_variables=True)
            continue
        build = _table(document.get("build"))
        if {"image", "builder", "buildpacks"} & set(build):
            continue
        if not _is_own(context, path, build.get("dockerfile", "Dockerfile")):
            continue
        mounts = document.get("mounts", document.get("mount"))
        tables = mounts if isinstance(mounts, list) else [mounts]
        targets = tuple(str(_table(one)["destination"]) for one in tables if "destination" in _table(one))
        yield Deployed(path, "the application", targets, _pairs(document.get("env")))


def _render(context: Context) -> Iterator[Deployed]:
    for path in companions(context, "render.yaml"):
        document = parsed(context.companion(path) or "")
        if document is UNKNOWN:
            yield Deployed(path, "a service", unknown="the file could not be read", more_variables=True)
            continue
        for block in blocks(document):
            runtime = (block.get("runtime"), block.get("env"))
            of_group = "name" in block and "type" not in block and runtime == (None, None)
            if "docker" not in runtime and UNKNOWN not in runtime and not of_group:
                continue
            folder, dockerfile = block.get("rootDir") or ".", block.get("dockerfilePath") or "Dockerfile"
            named = [dockerfile]
            if isinstance(dockerfile, str) and isinstance(folder, str):
                named.append(posixpath.join(folder, dockerfile))
            if of_group or any(_is_own(context, path, one) for one in named):
                yield _of_block(path, block)


def _of_block(path: str, block: Mapping[str, Value]) -> Deployed:
    """A service of ``render.yaml``, or a group of variables, which services may take over."""
    name, disk, listed = block.get("name"), block.get("disk"), block.get("envVars")
    target = disk.get("mountPath") if isinstance(disk, dict) else disk
    return Deployed(
        path,
        f"the service `{name}`" if isinstance(name, str) else "a service",
        (target,) if isinstance(target, str) else (),
        _listed(listed, "key"),
        None if target is None or isinstance(target, str) else "its disk is not plain text",
        listed is UNKNOWN,
    )


def _app_json(context: Context) -> Iterator[Deployed]:
    for path in companions(context, "app.json"):
        if not _is_own(context, path, "Dockerfile"):
            continue
        try:
            document = parse_json_object(context.companion(path) or "")
        except ManifestError:
            continue
        yield Deployed(path, "the application", variables=_pairs(document.get("env")))


def _manifests(context: Context) -> Iterator[Deployed]:
    """Kubernetes: any container may be of this image, unless its image is a known one; so may be any ConfigMap."""
    for path, text, document in manifests(context):
        if document is UNKNOWN:
            if "volumeMounts" in text and _KEPT.search(text):
                yield Deployed(path, "a container", unknown="the manifest could not be read")
        elif isinstance(document, dict):
            yield from _of_manifest(path, document)


def _of_manifest(path: str, document: dict[str, Value]) -> Iterator[Deployed]:
    if document.get("kind") == "ConfigMap":
        yield Deployed(path, "a ConfigMap", variables=_pairs(document.get("data")))
        return
    for pod in pods(document):
        volumes = pod.get("volumes")
        listed = [one for one in volumes if isinstance(one, dict)] if isinstance(volumes, list) else []
        passing = [one.get("name") for one in listed if not _KEPT_KINDS & set(one)]
        for container in containers(pod):
            yield _of_container(path, container, passing)


def _of_container(path: str, container: Mapping[str, Value], passing: list[Value]) -> Deployed:
    """``passing``: the volumes that hold nothing longer than the container lives, or nothing that it may write."""
    mounts = container.get("volumeMounts")
    listed = mounts if isinstance(mounts, list) else []
    kept = [one for one in listed if isinstance(one, dict) and one.get("name") not in passing]
    targets = [one.get("mountPath") for one in kept if one.get("readOnly") != "true"]
    plain = tuple(target for target in targets if isinstance(target, str))
    unknown = mounts is UNKNOWN or len(plain) < len(targets) or any(one is UNKNOWN for one in listed)
    return Deployed(
        path,
        shown(container),
        plain,
        _listed(container.get("env"), "name"),
        "its mounts are not plain text" if unknown else None,
    )


def _pairs(value: object) -> tuple[tuple[str, str | None], ...]:
    """A table of variables; a value may be a table with a ``value``."""
    found: list[tuple[str, str | None]] = []
    for name, given in _table(value).items():
        text = given.get("value") if isinstance(given, dict) else given
        found.append((name, text if isinstance(text, str) else None))
    return tuple(found)


def _listed(value: Value, key: str) -> tuple[tuple[str, str | None], ...]:
    """A list of tables with a name and a ``value``."""
    found: list[tuple[str, str | None]] = []
    for one in value if isinstance(value, list) else ():
        name, text = (one.get(key), one.get("value")) if isinstance(one, dict) else (None, None)
        if isinstance(name, str):
            found.append((name, text if isinstance(text, str) else None))
    return tuple(found)


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
