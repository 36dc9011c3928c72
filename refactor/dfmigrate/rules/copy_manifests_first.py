"""Copy the dependency manifests and install ahead of the source.

## What it does

Where `COPY . .` stands before `npm install`, `pip install -r`, `composer install` or `dotnet restore`, the files that
the
install reads are copied first, then the install runs, then the rest is copied. For Go, `go mod download` is added.

## Why

Docker runs a step again when a file above it changed. With the source copied first, every edit installs every
dependency
again; with the manifests first, only a change of the dependencies does.

## When it declines

When the install reads more than manifests (lifecycle scripts, local packages, editable installs, patches), when
install and
build share one RUN, or when the host's own `node_modules` or `vendor` could be copied over what was installed because
`.dockerignore` does not name it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from dfmigrate.context.go import go_project
from dfmigrate.migration import Decline, Evidence
from dfmigrate.model import Action, Build, Layer, StageModel, is_within
from dfmigrate.model.inputs import inputs
from dfmigrate_grammar import Dockerfile, Instruction

from .rule import Example, Proposal, Rule

NAME = "copy-manifests-first"
_INSTALLERS = frozenset({"npm", "pip", "pip3", "composer", "dotnet"})


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal, for the first install that stands behind a copy of the source."""
    for stage in build.stages:
        for index, layer in enumerate(stage.layers):
            broad = _broad_copy(stage, index)
            if layer.name != "RUN" or broad is None:
                continue
            if any(_installs(action) for action in layer.actions):
                yield _moved(build, stage, broad, layer)
                return
            if any(
                action.program == "go" and action.argv[1:2] in (("build",), ("install",)) for action in layer.actions
            ):
                download = _go_download(build, stage, broad, layer)
                if download is not None:
                    yield download
                return


def _installs(action: Action) -> bool:
    words = action.argv
    if action.program not in _INSTALLERS or action.role != "dependency-install" or "-g" in words or "--global" in words:
        return False
    return action.program not in ("pip", "pip3") or any((w or "").startswith(("-r", "--requirement")) for w in words)


def _broad_copy(stage: StageModel, index: int) -> Layer | None:
    """The nearest copy of a folder of the context above an instruction, when no manifest was copied ahead of it."""
    found = [
        layer
        for layer in stage.layers[:index]
        if layer.name in ("COPY", "ADD") and layer.instruction.flag("from") is None and _brings_folder(layer)
    ]
    return found[0] if len(found) == 1 else None


def _brings_folder(layer: Layer) -> bool:
    return any(posixpath.normpath("/" + source).lstrip("/") == "" for source in layer.instruction.sources)


def _decline(code: str, message: str, hint: str, line: int | None, path: str | None = None) -> Decline:
    return Decline(code, NAME, message, hint, line, path)


def _moved(build: Build, stage: StageModel, broad: Layer, layer: Layer) -> Proposal | Decline:
    context = build.context
    if context is None:
        return _decline(
            "F8",
            "which manifests the project has is not known without the build context",
            "run with the build context at hand",
            layer.line,
        )
    if not all(
        _installs(action) or action.role in ("inspection", "cleanup") or action.program in ("pip", "pip3")
        for action in layer.actions
    ):
        return _decline(
            "F7", "the install shares a RUN with other commands", "put the install into a RUN of its own", layer.line
        )
    manifests: list[str] = []
    for action in layer.actions:
        if action.role == "cleanup":
            continue
        read = inputs(action, context, layer)
        if read is None:
            return _decline(
                "F1",
                f"`{action.text[:60]}` may read more of the project than its manifests",
                "see what its install scripts and local packages read",
                layer.line,
            )
        manifests.extend(path for path in sorted(read) if path not in manifests)
    if not manifests:
        return _decline(
            "F8",
            "no manifest of the install is in the build context",
            "copy the manifests in the build context",
            layer.line,
        )
    copies = _copies(build.dockerfile, broad, manifests, stage)
    if copies is None:
        return _decline(
            "F8", "the manifests lie in folders that one COPY does not keep apart", "copy them by hand", layer.line
        )
    tree = build.dockerfile.insert_before(broad.instruction, *copies)
    comments = broad.instruction.leading
    tree = tree.remove(broad.instruction).insert_after(layer.instruction, broad.instruction.with_leading(*comments))
    return Proposal(
        tree,
        f"copy {', '.join(manifests)} and install ahead of the source",
        "an edit of the source no longer installs every dependency again",
        evidence=tuple(Evidence(path, None, "read by the install") for path in manifests),
    )


def _copies(
    dockerfile: Dockerfile, broad: Layer, manifests: Sequence[str], stage: StageModel
) -> tuple[Instruction, ...] | None:
    """One COPY for each folder of manifests, at the places where the broad copy would have laid them."""
    flags = "".join(f"{flag.text} " for flag in broad.instruction.flags)
    destination = broad.instruction.destination
    base = destination if destination.endswith("/") else f"{destination}/"
    base = "./" if base == "./" else base
    folders: dict[str, list[str]] = {}
    for path in manifests:
        if " " in path:
            return None
        folders.setdefault(posixpath.dirname(path), []).append(path)
    made = []
    for folder, paths in folders.items():
        target = base + (folder + "/" if folder else "")
        made.append(dockerfile.style.instruction("COPY", f"{flags}{' '.join(paths)} {target}"))
    return tuple(made)


def _go_download(build: Build, stage: StageModel, broad: Layer, layer: Layer) -> Proposal | Decline | None:
    context = build.context
    if context is None or layer.before.workdir is None:
        return None
    go = go_project(context)
    if (
        go is None
        or not go.requires
        or any(action.argv[:3] == ("go", "mod", "download") for other in stage.layers for action in other.actions)
    ):
        return None
    if go.replaced or go.workspace:
        return _decline(
            "F3",
            "go.mod replaces a module by a folder of the project, which `go mod download` would need",
            "keep the order",
            layer.line,
        )
    if (
        go.vendored
        or not context.exists("go.sum")
        or not is_within(broad.after.absolute(broad.instruction.destination) or "/", layer.before.workdir)
    ):
        return None
    copies = _copies(build.dockerfile, broad, ("go.mod", "go.sum"), stage)
    if copies is None:
        return None
    style = build.dockerfile.style
    tree = build.dockerfile.insert_before(broad.instruction, *copies, style.instruction("RUN", "go mod download"))
    return Proposal(
        tree,
        "download the modules ahead of the source",
        "an edit of the source no longer downloads every module again",
        evidence=(Evidence("go.mod", None, f"{len(go.requires)} modules"),),
    )


_NODE = """\
FROM node:20
WORKDIR /app
COPY . .
RUN npm install
CMD ["node", "server.js"]
"""

RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            """\
FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "app.py"]
""",
            """\
FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
""",
            {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n"},
        ),
        Example(
            _NODE,
            None,
            {
                "package.json": '{"name": "a", "scripts": {"postinstall": "node setup.js"}}',
                "server.js": "",
                "setup.js": "",
            },
            ("F1",),
        ),
        Example(
            _NODE, None, {"package.json": '{"name": "a", "dependencies": {"express": "4"}}', "server.js": ""}, ("A12",)
        ),
    ),
)
