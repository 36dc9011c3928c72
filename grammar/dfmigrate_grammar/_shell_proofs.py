"""Which commands must have run and succeeded when their script has."""

from __future__ import annotations

from ._shell_tree import AndOr, Case, Command, For, Function, Group, If, List_, Loop, Pipeline, Simple, Subshell

# Builtins that may end the script early. A sourced file or evaluated text is taken not to.
_LEAVING = frozenset({"exit", "return", "exec", "trap"})


def proven_commands(body: List_) -> set[int]:
    """The identities of the simple commands without whose success the script cannot succeed."""
    proven: set[int] = set()
    _prove_list(body, proven, errexit=False)
    return proven


def always_fails(pipeline: Pipeline) -> bool:
    """Whether the right side of `||` only turns one failure into another, as `|| exit 1` does."""
    if pipeline.negated or len(pipeline.commands) > 1:
        return False
    command = pipeline.commands[0]
    return (isinstance(command, Simple) and command.argv in (("exit",), ("return",))) or _fails(command)


def _fails(command: Command) -> bool:
    if isinstance(command, Simple):
        argv = command.argv
        if command.name in ("exit", "return"):
            status = argv[1] if len(argv) == 2 else None
            return status is not None and status.isdecimal() and int(status[-9:]) % 256 != 0
        return argv == ("false",)
    if not isinstance(command, Group | Subshell):
        return False
    *before, last = command.body.items
    chain = last.pipelines
    earlier = [pipeline for item in before for pipeline in item.pipelines] + list(chain[:-1])
    if last.terminator == "&" or "||" in last.operators or any(_may_leave(pipeline) for pipeline in earlier):
        return False
    return not chain[-1].negated and len(chain[-1].commands) == 1 and _fails(chain[-1].commands[0])


def _prove_list(body: List_, proven: set[int], *, errexit: bool) -> bool:
    """Collect what is proven when this list decides the outcome; False when it may have been left early."""
    for item in body.items:
        errexit = errexit or _sets_errexit(item)
        decides = item is body.items[-1] or (errexit and len(item.pipelines) == 1)
        if not _prove_chain(item, proven, decides=decides and item.terminator != "&", errexit=errexit):
            return False
    return True


def _prove_chain(item: AndOr, proven: set[int], *, decides: bool, errexit: bool) -> bool:
    operators = ("&&", *item.operators)
    pairs = list(zip(operators, item.pipelines, strict=True))
    to_fail = [operator == "||" and always_fails(pipeline) for operator, pipeline in pairs]
    decides = decides and all(operator == "&&" or fails for operator, fails in zip(operators, to_fail, strict=True))
    for pipeline, fails in zip(item.pipelines, to_fail, strict=True):
        if fails:
            continue
        if decides and not _prove_pipeline(pipeline, proven, errexit=errexit and len(item.pipelines) == 1):
            return False
        if _may_leave(pipeline):
            return False
    return True


def _prove_pipeline(pipeline: Pipeline, proven: set[int], *, errexit: bool) -> bool:
    command = pipeline.commands[-1]
    if pipeline.negated:
        return True
    if isinstance(command, Simple):
        proven.add(id(command))
    elif isinstance(command, Group):
        return _prove_list(command.body, proven, errexit=errexit)
    elif isinstance(command, Subshell):
        # Leaving a subshell early leaves only the subshell.
        _prove_list(command.body, proven, errexit=errexit)
    return True


def _sets_errexit(item: AndOr) -> bool:
    first = item.pipelines[0].commands
    if len(first) > 1 or not isinstance(first[0], Simple) or first[0].name != "set":
        return False
    arguments = first[0].argv[1:]
    for option, value in zip(arguments, (*arguments, None)[1:], strict=True):
        if option is None or option[:1] != "-":
            continue
        if "e" in option[1:] or (option.endswith("o") and value == "errexit"):
            return True
    return False


def _may_leave(pipeline: Pipeline) -> bool:
    return len(pipeline.commands) == 1 and _command_may_leave(pipeline.commands[0])


def _command_may_leave(command: Command) -> bool:
    if isinstance(command, Simple):
        return command.name in _LEAVING and not (command.name == "exec" and len(command.words) == 1)
    if isinstance(command, Function):
        return _command_may_leave(command.body)
    return any(_may_leave(pipeline) for body in _bodies(command) for item in body.items for pipeline in item.pipelines)


def _bodies(command: Command) -> list[List_]:
    """The lists of commands that run in the shell itself."""
    match command:
        case Group() | For():
            return [command.body]
        case Loop():
            return [command.condition, command.body]
        case If():
            lists = [part for branch in command.branches for part in (branch.condition, branch.body)]
            return [*lists, command.otherwise] if command.otherwise else lists
        case Case():
            return [arm.body for arm in command.arms if arm.body]
    return []
