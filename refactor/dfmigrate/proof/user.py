"""The user that a rule set can start the application, read what it reads and write what it must."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.compose import compose_files, services_of
from dfmigrate.context.deployments import deployments
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.sources import Hints, runtime_hints
from dfmigrate.knowledge.system import (
    folders,
    home_readers,
    library_needs_rights,
    makes_files,
    needs_root,
    privileged_paths,
    starts_as_root,
)
from dfmigrate.migration import Proved
from dfmigrate.model import Kind, StageModel, is_within
from dfmigrate.model.called import By, builds_what_nobody_read, called_programs, languages, start_scripts
from dfmigrate.model.dependencies import dependencies
from dfmigrate.model.mentions import mentions
from dfmigrate.model.preparing import preparations
from dfmigrate.model.process import started, started_words
from dfmigrate.model.starts import served, unserved

from .case import Answers, Case, Open

_PATH = re.compile(r"(?<![\w/:.-])(/[\w.-]+(?:/[\w.-]+)*)")
_PORT = re.compile(r"(?:port[= \"',]+|:|-p[= \"',]+)(\d{1,5})(?!\d|\.\d)", re.IGNORECASE)
_HINT = "name a user yourself with USER, once you know what it must be able to write"


def check(case: Case) -> Answers:
    """Only when a rule changed the user."""
    if "user" not in case.declared:
        return
    stage, uid = case.new, _uid(case.new.final.user)
    found = [
        *_existence(case, stage, uid),
        *_ownership(case, case.new.final.user or ""),
        *_privileges(case),
        *_context(case),
    ]
    if found:
        yield from found
    else:
        yield Proved(
            "user",
            ("E1", "E2", "E4", "E6", "E7", "E8", "E9", "E12"),
            f"user {case.new.final.user} exists, has a home, owns the working directory and needs no privilege",
        )


def _open(code: str, message: str, hint: str = _HINT, line: int | None = None, path: str | None = None) -> Open:
    return Open("user", code, message, hint, line, path)


def _uid(user: str | None) -> str:
    return (user or "").partition(":")[0]


def _existence(case: Case, stage: StageModel, uid: str) -> Iterator[Open]:
    if not uid.isdigit() and not uid.startswith("$"):
        yield _open("E8", f"USER {uid} is a name, which an orchestrator cannot check")
    brought = stage.base is not None and any(str(user.uid) == uid for user in stage.base.users)
    made = any(
        action.program in ("useradd", "adduser") and uid in action.argv
        for layer in stage.layers
        for action in layer.actions
    )
    if not brought and not made:
        yield _open("E9", f"no user {uid} is shown to exist in {stage.reference}")
    home = made and not any(
        word in ("--create-home", "-m", "-D")
        for layer in stage.layers
        for action in layer.actions
        if action.program in ("useradd", "adduser")
        for word in action.argv
    )
    if home:
        yield _open("E7", "the user would have no home directory")


def _ownership(case: Case, user: str) -> Iterator[Open]:
    stage, workdir = case.new, case.new.final.workdir
    if workdir is None or workdir == "/":
        yield _open("E1", "the working directory is the root of the file system, which the user must not own")
        return
    uids = {user, _uid(user)}
    owned = any(
        action.program == "chown" and workdir in action.argv and uids & {w or "" for w in action.argv}
        for layer in stage.layers
        for action in layer.actions
    )
    # WORKDIR makes a missing directory for the user that is set by then.
    owned = owned or any(w.path == workdir and w.kind is Kind.DIRECTORY and w.owner in uids for w in stage.files.writes)
    home = stage.base is not None and any(str(u.uid) in uids and is_within(workdir, u.home) for u in stage.base.users)
    if not owned and not home:
        yield _open("E1", f"the working directory {workdir} would belong to root", "give the directory to the user")
    if stage.files.opaque:
        why = stage.files.opaque[0].detail
        yield _open("E2", f"files of root may lie in the working directory: {why}", "run that command as the user")
        return
    for write in stage.files.below(workdir):
        if (write.path != workdir or write.kind is Kind.TREE) and not write.scratch and write.owner not in uids:
            yield _open(
                "E2",
                f"{write.path} would belong to {write.owner or 'an unknown user'}, and the application may write it",
                "copy it with --chown",
                first.origin.line if (first := case.old.files.newest(write.path)) is not None else None,
            )
            return
    last_user = max((i for i, layer in enumerate(stage.layers) if layer.name == "USER"), default=-1)
    if any(layer.name == "RUN" for layer in stage.layers[last_user:]):
        yield _open("E12", "a RUN after USER would lose root")


def _privileges(case: Case) -> Iterator[Open]:
    stage = case.new
    if stage.base is None or stage.base.root_required is not None:
        why = stage.base.root_required if stage.base is not None else "the base image is not known"
        yield _open("E5", f"the image's process needs root: {why}", "use an unprivileged variant of the image")
    if stage.final.volumes:
        yield _open(
            "E3",
            f"the volume {stage.final.volumes[0]} may hold files of root from earlier runs",
            _HINT,
            _line(case, "VOLUME"),
        )
    for port in case.old.final.exposed:
        number = port.partition("/")[0].partition("-")[0]
        if not number.isdigit() or int(number) < 1024:
            yield _open(
                "E4",
                f"port {port} is below 1024, which a user may not open everywhere",
                "listen on a port above 1023",
                _line(case, "EXPOSE"),
            )
    yield from _configured(case, stage)
    texts = [
        *started_words(stage.final, case.context),
        *(value or "" for value in stage.final.environment.values()),
        stage.final.healthcheck_text,
    ]
    if any("/root" in text or "~/" in text for text in texts):
        yield _open("E6", "the command or the environment names /root, which the user cannot read")
    if any(is_within(write.path, "/root") for write in stage.files.writes):
        yield _open("E6", "the application has files below /root, which the user cannot read", "install them elsewhere")
    processes = {posixpath.basename((started(one) or ("",))[0]) for one in served(stage.final, case.context)}
    for call in called_programs(case.starting):
        if call.program is None:
            if call.by in (By.PROCESS, By.SCRIPT):
                yield _open("E11", f"what {call.by.value} does is not known", _HINT, call.line, call.path)
            continue
        name = posixpath.basename(call.program)
        if starts_as_root(name) and (call.path is None or call.by is By.SCRIPT or name in processes):
            yield _open("E5", f"`{name}` expects to start as root", "use its unprivileged form", call.line, call.path)
        elif needs_root(name) or call.program.startswith("/etc/init.d/"):
            yield _open(
                "E11", f"`{name}` is called when the container starts, which needs root", _HINT, call.line, call.path
            )
        elif makes_files(name) and call.by is By.SCRIPT:
            yield _open("E2", f"`{name}` makes files when the container starts", _HINT, call.line, call.path)
    for prepared in preparations(case.starting):
        message = f"{prepared.why} when the container starts, where only root may write"
        yield _open("E2", message, _HINT, None, prepared.path)
    for one in unserved(case.old.final, case.context):
        message = f"{one.start.name} starts the image, and may need root: {one.why}"
        yield _open("E11", message, _HINT, None, one.start.path)
    for script in start_scripts(case.before):
        if script.writes:
            yield _open("E2", "a start script writes files", _HINT, None, script.path)


def _configured(case: Case, stage: StageModel) -> Iterator[Open]:
    """Paths and ports that the start command and the file's own variables name."""
    own = {pair.name for layer in case.old.layers if layer.name == "ENV" for pair in layer.instruction.pairs}
    values = {name: value or "" for name, value in stage.final.environment.items() if name in own and name != "PATH"}
    starts = served(case.old.final, case.context)
    commands = [c.text for one in starts for c in (one.entrypoint, one.command) if c is not None and c.line is not None]
    for text in (*values.values(), *commands):
        for path in _PATH.findall(text):
            if any(write.path == path and write.kind is not Kind.DIRECTORY for write in case.new.files.writes):
                # A file of the image, such as the program itself.
                continue
            workdir = stage.final.workdir or "/"
            if is_within(path, workdir) or any(is_within(path, folder) for folder in folders("writable")):
                continue
            if _is_beside(path, workdir) or not any(is_within(path, folder) for folder in folders("read_only")):
                yield _open("E2", f"the configuration names {path}, which the application may write")
    for name, value in values.items():
        if "PORT" in name and value.isdigit() and int(value) < 1024:
            yield _open("E4", f"{name} is {value}, below 1024", "listen on a port above 1023")
    for text in commands:
        if any(int(number) < 1024 for number in _PORT.findall(text)):
            yield _open("E4", "the start command names a port below 1024", "listen on a port above 1023")
    for layer in case.new.layers:
        target = case.new.final.absolute(layer.instruction.destination) if layer.name in ("COPY", "ADD") else None
        if target is not None and is_within(target, "/etc/ssl/private"):
            yield _open("E6", f"{target} lies in a folder that only root may enter", "copy it elsewhere", None)
        if layer.name == "ADD" and any("://" in source for source in layer.instruction.sources):
            yield _open("E2", "a file that ADD downloads can be read by root alone", "use curl in a RUN", None)


def _is_beside(path: str, workdir: str) -> bool:
    """Whether a path lies in the folder around the working directory, where that is none of the system's."""
    above = posixpath.dirname(workdir)
    return above not in folders("system") and is_within(path, above)


def _context(case: Case) -> Iterator[Open]:
    context = case.context
    if context is None or not context.complete:
        yield _open(
            "E2",
            "what the application writes is not known without the build context",
            "run with the build context at hand",
        )
        return
    composed = compose_files(context)
    for path, why in composed.unreadable:
        yield _open(
            "E3", f"which volumes it mounts is not known: {why}", "write the compose file more plainly", None, path
        )
    for service in services_of(context):
        if service.volumes:
            message = f"the compose service `{service.name}` mounts volumes, which may belong to root"
            yield _open("E3", message, _HINT, None, service.path)
    yield from _mounted(context)
    if builds_what_nobody_read(case.before):
        yield _open("E2", "what the application writes is not known: a command fetches its sources")
    if not languages(case.before):
        yield _open("E2", "what the application writes is not known: its language is not one that is read here")
    if any(mentions(context, name) for name in home_readers()):
        yield _open("E6", "the application looks into its user's home directory, which would be another")
    for need in dependencies(case.before) or ():
        if library_needs_rights(need.name):
            yield _open("E13", f"{need.name} needs rights that only root has by default", _HINT, None, need.path)
    for language in languages(case.before):
        yield from _sources(runtime_hints(context, language), case)
    yield from _devices(context)


def _mounted(context: Context) -> Iterator[Open]:
    """Storage that a platform mounts, which belongs to root."""
    for service in deployments(context):
        if service.unknown is not None:
            message = f"what is mounted into {service.name} is not known: {service.unknown}"
            yield _open("E3", message, _HINT, None, service.path)
        elif service.mounts:
            message = f"{service.name} has a volume at {service.mounts[0]}, which may belong to root"
            yield _open("E3", message, _HINT, None, service.path)


def _sources(hints: Hints, case: Case) -> Iterator[Open]:
    workdir = case.new.final.workdir or "/"
    if not hints.complete:
        yield _open("E2", "the sources are too many to read, so that it is not known what they write")
    for hit in hints.of(HintKind.WRITE):
        if hit.text is None:
            message = "the application writes to a path that is computed"
            yield _open("E2", message, _HINT, hit.place.line, hit.place.path)
    for hit in hints.writes:
        if (
            hit.text is not None
            and hit.text.startswith("/")
            and not any(is_within(hit.text, folder) for folder in (workdir, *folders("writable")))
        ):
            yield _open(
                "E2",
                f"the application writes {hit.text}, outside its working directory",
                _HINT,
                hit.place.line,
                hit.place.path,
            )
    for port in sorted(hints.ports):
        if port < 1024:
            yield _open(
                "E4", f"the application listens on port {port}, below 1024", "listen on a port above 1023", None
            )
    written = {hit.text for hit in hints.writes}
    for text, place in hints.absolute:
        if text in written or any(
            is_within(text, folder) for folder in (workdir, *folders("writable"), *folders("of_programs"))
        ):
            continue
        if text.startswith(folders("of_data")):
            yield _open("E2", f"the application names {text}, which it may write", _HINT, place.line, place.path)


def _devices(context: Context) -> Iterator[Open]:
    for path, entry in context.files.items():
        if entry.size < 200_000 and path.endswith(
            (".py", ".js", ".ts", ".go", ".sh", ".c", ".yml", ".yaml", ".java", ".rb", ".php", ".cs")
        ):
            found = privileged_paths().search(context.read(path) or "")
            if found is not None:
                yield _open("E13", f"`{found[0]}` needs rights that only root has by default", _HINT, None, path)
                return


def _line(case: Case, name: str) -> int | None:
    return next((layer.line for layer in case.old.layers if layer.name == name), None)
