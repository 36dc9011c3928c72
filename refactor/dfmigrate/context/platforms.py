"""Where an image is built and run, as far as files of the project say so."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dfmigrate.context.build_context import Context

_MOST = 400


def built_with_kaniko(context: Context) -> str | None:
    """A pipeline or a script that calls kaniko; its path."""
    return next((path for path, text in _texts(context) if "kaniko" in text), None)


def run_on_openshift(context: Context) -> str | None:
    """A manifest of OpenShift's own kinds; its path."""
    return next(
        (
            path
            for path, text in _texts(context)
            if path.endswith((".yml", ".yaml")) and ("openshift.io/" in text or "kind: DeploymentConfig" in text)
        ),
        None,
    )


def _texts(context: Context) -> Iterator[tuple[str, str]]:
    yield from context.outside.items()
    manifests = [path for path in sorted(context.files) if _is_manifest(path)]
    for path in manifests[:_MOST]:
        yield path, context.read(path) or ""


def _is_manifest(path: str) -> bool:
    return path.endswith((".yml", ".yaml")) or posixpath.basename(path) == "Jenkinsfile"
