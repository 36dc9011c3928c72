"""The whole way in one function: read, understand, propose, prove, and keep what is proved."""

from __future__ import annotations

from dataclasses import replace

from dfmigrate.context import Context
from dfmigrate.context.fitting import missing_source
from dfmigrate.context.submodules import missing_submodules
from dfmigrate.gates import correction, refusal
from dfmigrate.migration import Decline, Migration, Status, Step
from dfmigrate.model import Build, interpret
from dfmigrate.model.inline_files import holder_of
from dfmigrate.pragmas import PragmaError, pragma_answers, skip_line
from dfmigrate.proof import Case, Open, Verdict, check
from dfmigrate.rules import GUARDS, RULES, Proposal, Rule
from dfmigrate.settings import DEFAULTS, Answers, Settings
from dfmigrate.stack import stack_of
from dfmigrate_grammar import Dockerfile, parse
from dfmigrate_grammar.traps import explain

RULE_NAMES = tuple(rule.name for rule in RULES)
_NEVER_ACCEPTED = frozenset({"well-formed", "comments", "added-steps"})
"""What is wrong there is the tool's own fault."""
_MOST_ROUNDS = 8
"""The rules run until none has anything left to do, so that a second run changes nothing; this is only a bound."""


def migrate(source: bytes, *, path: str, context: Context | None, settings: Settings = DEFAULTS) -> Migration:
    """Migrate one Dockerfile. Pure: reads no disk but through ``context``, raises nothing for any input."""
    before = parse(source)
    if before.problems:
        problem = before.problems[0]
        trap = explain(before, problem)
        message = f"{problem.message}; {correction(problem.message) if trap is None else trap.message}"
        return Migration(path, before, before, Status.ERROR, error=message, error_line=problem.line)
    refused = refusal(before)
    if refused is not None:
        return Migration(
            path,
            before,
            before,
            Status.REFUSED,
            declines=(refused,),
            error=f"{refused.message}; {refused.hint}",
            error_line=refused.line,
        )
    skip = skip_line(before)
    if skip is not None:
        note = f"left alone, as the comment in line {skip} asks"
        return Migration(path, before, before, Status.UNCHANGED, notes=(note,))
    try:
        settings = settings.with_answers(pragma_answers(before, RULE_NAMES))
    except PragmaError as error:
        message = f"{error.message}; {error.hint}"
        return Migration(path, before, before, Status.ERROR, error=message, error_line=error.line)
    context, misfit = _fitting(before, context)
    understood = original = interpret(before, context, settings)
    current, declared = before, frozenset[str]()
    steps: list[Step] = []
    declines: list[Decline] = [misfit] if misfit is not None else []
    for attempt in range(_MOST_ROUNDS):
        before_round = len(steps)
        for rule in _running(settings.answers):
            step, fields, refused_here = _apply(rule, original, current, declared)
            if attempt == 0:
                # What a rule says of the results of others is of no use to anybody.
                declines.extend(refused_here)
            if step is not None:
                steps.append(step)
                current, declared = step.after, declared | fields
                if "base" in fields:
                    # From here on it is the new base that nothing may take away from.
                    original, declared = _again(original, current), frozenset()
        if len(steps) == before_round:
            break
    status = Status.CHANGED if bytes(current) != bytes(before) else Status.UNCHANGED
    return Migration(
        path,
        before,
        current,
        status,
        tuple(steps),
        _without_repeats([_in_the_dockerfile(_unlifted(one, settings.answers), before) for one in declines]),
        stack=stack_of(understood),
        understood=understood,
    )


def _running(answers: Answers) -> tuple[Rule, ...]:
    """The default rules, and those that were selected, without the ignored ones; in their order."""
    chosen = answers.select | ({GUARDS} if answers.guards else frozenset())
    return tuple(r for r in RULES if (not r.optional or r.name in chosen) and r.name not in answers.ignore)


def _fitting(dockerfile: Dockerfile, context: Context | None) -> tuple[Context | None, Decline | None]:
    """The context, or none where the folder is not what the Dockerfile is built from; incomplete where a part of it is
    somewhere else."""
    if context is None or not context.complete:
        return context, None
    for instruction in dockerfile.instructions:
        if instruction.name not in ("COPY", "ADD") or instruction.flag("from") is not None:
            continue
        local = [
            source
            for source in instruction.sources
            if "$" not in source and "://" not in source and not source.startswith("git@")
        ]
        missing = missing_source(context, local)
        if missing is not None:
            message = (
                f"`{instruction.name} {missing}` finds nothing in this folder, so another one may be the build context"
            )
            return None, Decline(
                "F12", "file", message, "name the build context with --context DIR", dockerfile.line_of(instruction)
            )
    empty = missing_submodules(context)
    if empty:
        message = f"the submodule {empty[0]} is not checked out, so the build finds files that nobody can see here"
        hint = "check it out with `git submodule update --init`, and run this again"
        return replace(context, complete=False), Decline("G5", "file", message, hint)
    return context, None


def _apply(
    rule: Rule, original: Build, current: Dockerfile, declared: frozenset[str]
) -> tuple[Step | None, frozenset[str], list[Decline]]:
    """The rule's first proposal that is proved, against the original and not only against the step before."""
    declines: list[Decline] = []
    for proposal in rule.propose(_again(original, current)):
        if isinstance(proposal, Decline):
            declines.append(_placed(proposal, current, original.dockerfile))
            continue
        verdict = _prove(original, proposal, declared | proposal.declared)
        still_open = tuple(one for one in verdict.open if not _is_accepted(one, original.settings.answers))
        if not still_open and rule.safety != "manual":
            return _step(rule, current, proposal, verdict), proposal.declared, declines
        declines.extend(_taken_back(rule, proposal, still_open))
    return None, frozenset(), declines


def _prove(original: Build, proposal: Proposal, declared: frozenset[str]) -> Verdict:
    return check(Case(original, _again(original, proposal.after), declared))


def _again(original: Build, dockerfile: Dockerfile) -> Build:
    """Another text, understood in the same project."""
    return interpret(dockerfile, original.context, original.settings)


def _step(rule: Rule, current: Dockerfile, proposal: Proposal, verdict: Verdict) -> Step:
    return Step(
        rule.name,
        proposal.title,
        proposal.reason,
        current,
        proposal.after,
        verdict.proved,
        proposal.evidence,
        (*proposal.warnings, *(f"accepted [{one.code}]: {one.message}" for one in verdict.open)),
        proposal.declared,
    )


def _is_accepted(open_: Open, answers: Answers) -> bool:
    """What the user may take upon themselves; not that the file is a Dockerfile and keeps its comments."""
    return open_.code in answers.accept and open_.obligation not in _NEVER_ACCEPTED


def _taken_back(rule: Rule, proposal: Proposal, still_open: tuple[Open, ...]) -> list[Decline]:
    return [
        Decline(o.code, rule.name, f"{o.message} (so not: {proposal.title})", _lifted(o), o.line, o.path)
        for o in still_open
    ]


def _lifted(open_: Open) -> str:
    """What would lift it: the remedy, or the user's word where they know better."""
    if open_.obligation in _NEVER_ACCEPTED:
        return open_.hint
    return f"{open_.hint}, or pass --accept {open_.code} if you know that it is no trouble here"


def _placed(decline: Decline, current: Dockerfile, original: Dockerfile) -> Decline:
    """With the line of the original, where a rule named one of the tree that it was given."""
    if decline.line is None or decline.path is not None:
        return decline
    named = next((i for i in current.instructions if current.line_of(i) == decline.line), None)
    text = " ".join(named.logical.split()) if named is not None else None
    twin = next(
        (
            i
            for i in original.instructions
            if named is not None and i.name == named.name and " ".join(i.logical.split()) == text
        ),
        None,
    )
    return replace(decline, line=original.line_of(twin) if twin is not None else None)


def _unlifted(decline: Decline, answers: Answers) -> Decline:
    """What the user accepted in vain says so: it is no obligation that their word could stand for."""
    if decline.code not in answers.accept:
        return decline
    return replace(decline, message=f"{decline.message} (accepting {decline.code} does not lift this)")


def _in_the_dockerfile(decline: Decline, dockerfile: Dockerfile) -> Decline:
    """A file whose text stands in the Dockerfile is named by the line that holds it."""
    holder = holder_of(decline.path, dockerfile) if decline.path is not None else None
    return decline if holder is None else replace(decline, line=dockerfile.line_of(holder), path=None)


def _without_repeats(declines: list[Decline]) -> tuple[Decline, ...]:
    """The first of each rule and code: what lifts it is looked at first, and the next run tells of the others."""
    first: dict[tuple[str, str], Decline] = {}
    for decline in declines:
        first.setdefault((decline.rule, decline.code), decline)
    return tuple(first.values())
