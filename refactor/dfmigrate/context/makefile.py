"""A Makefile, as far as it is plain: variables, rules, and what the targets write."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.evidence import Place
from dfmigrate.context.make_copies import copied, installed
from dfmigrate.context.make_values import Values, assigned_name
from dfmigrate.context.remembered import remembered
from dfmigrate.context.shell_text import ShellCommand, shell_commands

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_MAX_TARGETS = 400
_DEFAULTS = {"CC": "cc", "CXX": "g++", "AR": "ar", "RM": "rm -f", "MAKE": "make", "LD": "ld", "CPP": "cc -E"}
_COMPILERS = re.compile(r"(?:[\w.]+-)*(?:cc|gcc|g\+\+|c\+\+|clang|clang\+\+|ld|c99|tcc)(?:-[\d.]+)?\Z")
_WRITES_NOTHING = frozenset({"echo", "printf", "rm", "strip", "chmod", "true", "test", "[", ":", "ls", "cat"})
_MOVES = frozenset({"mkdir", "touch", "ar", "ranlib", "cp", "mv", "ln", "install", "cd"})
_TELLS = frozenset({"uname", "git", "find", "date", "pwd", "ls", "nproc", "echo", "printf", "basename", "dirname"})
_SOURCES = (".c", ".cc", ".cpp", ".C", ".s")
_DIRECTIVES = re.compile(r"\s*-?(?:include|sinclude|ifeq|ifneq|ifdef|ifndef|else|endif|define|endef|vpath|load)\b")


@dataclass(frozen=True, slots=True)
class MakeRule:
    """One rule; names are as written until ``Makefile.targets`` expands them."""

    targets: str
    prerequisites: str
    recipe: tuple[str, ...]
    place: Place
    static_pattern: bool = False


@dataclass(frozen=True)
class Makefile:
    """One file. Nothing may be concluded from one that is not ``plain``: conditionals, includes, definitions."""

    context: Context = field(repr=False)
    path: str
    variables: Mapping[str, str | None]
    """As written; None for what is set by a command or more than one way."""
    rules: tuple[MakeRule, ...]
    plain: bool
    text: str = field(repr=False)

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    def value(self, text: str) -> str | None:
        """Text with its references replaced; None when one is not known."""
        return self._values.expand(text)

    @property
    def _values(self) -> Values:
        return Values(self.variables, self.context, self.folder)

    @cached_property
    def targets(self) -> Mapping[str, MakeRule]:
        """Explicit targets with their rules; of several rules for a target, the one with a recipe."""
        found: dict[str, MakeRule] = {}
        for rule in self.rules:
            for name in (self.value(rule.targets) or "").split():
                if name not in found or (rule.recipe and not found[name].recipe):
                    found[name] = rule
        return found

    @property
    def default_target(self) -> str | None:
        """What plain ``make`` makes: the first target that starts with no dot and is no pattern."""
        if not self.plain:
            return None
        goal = self.variables.get(".DEFAULT_GOAL")
        if ".DEFAULT_GOAL" in self.variables:
            return goal if goal in self.targets else None
        for rule in self.rules:
            names = self.value(rule.targets)
            if names is None:
                return None
            for name in names.split():
                if "%" not in name and not (name.startswith(".") and "/" not in name):
                    return name
        return None

    def recipe(self, target: str) -> tuple[str | None, ...] | None:
        """The commands of one target, expanded; a line is None when it holds something unknown."""
        rule = self.targets.get(target)
        if rule is None or not self.plain:
            return None
        return tuple(self._expanded(line, target, rule) for line in rule.recipe)

    def outputs(self, target: str | None = None) -> tuple[str, ...] | None:
        """Files that making a target leaves, objects left out, as context paths; None when that is not proved."""
        goal = self.default_target if target is None else target
        if goal is None or goal not in self.targets or not self.plain:
            return None
        found: dict[str, None] = {}
        for name in self._closure(goal):
            if name is None:
                return None
            written = self._made(name)
            if written is None:
                return None
            found.update(dict.fromkeys(written))
        return tuple(posixpath.normpath(posixpath.join(self.folder, path)) for path in found if not _is_object(path))

    def objects(self, target: str | None = None) -> tuple[str, ...]:
        """The object files that making a target is known to leave, as context paths."""
        goal = self.default_target if target is None else target
        if goal is None:
            return ()
        found: dict[str, None] = {}
        for name in self._closure(goal):
            made = self._made(name) if name is not None else None
            found.update(dict.fromkeys(path for path in (name or "", *(made or ())) if _is_object(path)))
        return tuple(posixpath.normpath(posixpath.join(self.folder, path)) for path in found)

    def calls_compilers_alone(self, goals: Sequence[str] = ()) -> bool:
        """Whether making some targets is shown to call C's compilers and what moves files, and nothing else."""
        wanted: list[str | None] = [*goals] or [self.default_target]
        asked = re.findall(r"\$[({]shell\s+([\w./-]*)", self.text)
        if (
            not self.plain
            or None in wanted
            or not _TELLS.issuperset(asked)
            or re.search(r"^\s*\w+\s*!=", self.text, re.M)
        ):
            return False
        names = {name for goal in wanted if goal is not None for name in self._closure(goal)}
        commands = [self.value(f"$({name})") for name in ("CC", "CXX", "LD")]
        for rule in self.rules:
            targets = (self.value(rule.targets) or "%").split()
            if "%" in "".join(targets) or rule.static_pattern or None in names or not names.isdisjoint(targets):
                commands += [self._expanded(line, targets[0] if targets else "", rule) for line in rule.recipe]
        return all(_is_in_sight(command) for command in commands)

    @property
    def mentions_shared_libraries(self) -> tuple[Place, ...]:
        """Lines that build or open shared libraries."""
        return tuple(self._lines(r"-shared\b|\.so\b|dlopen|-ldl\b|-rdynamic\b|-rpath\b"))

    @property
    def static(self) -> tuple[Place, ...]:
        """Lines that ask for a static program."""
        return tuple(self._lines(r"(?<![\w-])-static\b(?!-)"))

    @cached_property
    def libraries(self) -> frozenset[str]:
        """Names of libraries that are linked (``-lpq``) or asked of pkg-config."""
        linked = set(re.findall(r"(?<![\w-])-l([A-Za-z][\w+.-]*)", self.text))
        for names in re.findall(r"pkg-config\b([^)`\n]*)", self.text):
            linked |= {
                name for name in names.split() if not name.startswith(("-", "$")) and re.match(r"[\w.+-]+\Z", name)
            }
        return frozenset(linked)

    def _made(self, name: str) -> tuple[str, ...] | None:
        """Files that making one target writes, its prerequisites aside."""
        rule = self.targets.get(name)
        if rule is None or not rule.recipe:
            return self._made_by_habit(name, rule)
        found: list[str] = []
        for line in rule.recipe:
            written = self._written(self._expanded(line, name, rule))
            if written is None:
                return None
            found += written
        return tuple(found)

    def _made_by_habit(self, name: str, rule: MakeRule | None) -> tuple[str, ...] | None:
        """Without a recipe make's own rules apply: a program comes from the source or the object of its name."""
        if _is_object(name):
            return ()
        objects = () if rule is None else (self.value(rule.prerequisites) or "").split()
        sources = (posixpath.join(self.folder, name + ending) for ending in _SOURCES)
        if f"{name}.o" in objects or any(path in self.context.files for path in sources):
            return (name,)
        known = rule is not None or self.context.exists(posixpath.join(self.folder, name))
        return () if known else None

    def _closure(self, goal: str) -> Iterator[str | None]:
        """The goal and all targets below it; None for what is not known. Files without a rule come out too."""
        pending, seen = [goal], {goal}
        while pending:
            name = pending.pop()
            yield name
            if len(seen) > _MAX_TARGETS:
                yield None
                return
            for rule in self.rules:
                if name not in (self.value(rule.targets) or "").split():
                    continue
                if rule.static_pattern:
                    yield None
                    return
                prerequisites = self.value(rule.prerequisites.replace("|", " "))
                if prerequisites is None:
                    yield None
                    return
                fresh = [each for each in prerequisites.split() if each not in seen]
                seen.update(fresh)
                pending += fresh

    def _expanded(self, line: str, target: str, rule: MakeRule) -> str | None:
        prerequisites = self.value(rule.prerequisites.partition("|")[0])
        automatic: dict[str, str | None] = {
            "@": target,
            "*": posixpath.splitext(target)[0],
            "@D": posixpath.dirname(target),
        }
        automatic["@F"] = posixpath.basename(target)
        if prerequisites is not None:
            automatic["^"] = automatic["+"] = prerequisites
            automatic["<"] = (prerequisites.split() or [""])[0]
        else:
            # What is compiled does not matter as long as it is known what comes out.
            automatic["^"] = automatic["+"] = automatic["<"] = "unknown.o"
        # What is unknown in a list of options is left out; where output goes stands in the recipe itself.
        lenient = replace(self._values, unknown="")
        named = [name for name in self.variables if name.endswith(("FLAGS", "LIBS"))]
        flags = {name: lenient.expand(f"$({name})") for name in named}
        # Empty unless a command line or the environment sets it.
        every = {"DESTDIR": "", **self.variables, **flags, **automatic}
        return replace(self._values, variables=every).expand(line.lstrip("@-+ \t"))

    def _written(self, line: str | None) -> tuple[str, ...] | None:
        """Files that one recipe line writes; None when that is not known."""
        shell = shell_commands(line) if line is not None else None
        if shell is None or not shell.understood:
            return None
        found: list[str] = []
        for command in shell.commands:
            written = _outputs_of(command)
            if written is None:
                return None
            found += written
        return tuple(found)

    def _lines(self, pattern: str) -> Iterator[Place]:
        for number, line in enumerate(self.text.split("\n"), start=1):
            if re.search(pattern, line.partition("#")[0]):
                yield Place(self.path, number)


@remembered
def makefile(context: Context, folder: str = "", name: str | None = None) -> Makefile | None:
    """Read the file that ``make`` would take in a folder, or the named one."""
    for candidate in _NAMES if name is None else (name,):
        path = posixpath.join(folder, candidate)
        text = context.read(path)
        if text is not None:
            return _parse(context, path, text)
    return None


def _parse(context: Context, path: str, text: str) -> Makefile:
    variables: dict[str, str | None] = dict(_DEFAULTS)
    rules: list[MakeRule] = []
    recipe: list[str] = []
    plain = True
    for number, line in _logical_lines(text.replace("\r\n", "\n")):
        if line.startswith("\t"):
            if rules and line.strip() and not line.strip().startswith("#"):
                recipe.append(line.strip())
            continue
        bare = re.sub(r"(?<!\\)#.*", "", line, flags=re.DOTALL).rstrip()
        if not bare.strip():
            continue
        if rules and recipe:
            rules[-1] = _with_recipe(rules[-1], recipe)
        recipe = []
        if _DIRECTIVES.match(bare):
            plain = False
        elif assigned := assigned_name(bare):
            _assign(variables, assigned[1], assigned[2], assigned[3].strip())
        elif rule := _rule(bare, Place(path, number)):
            rules.append(rule)
            recipe = [rule.recipe[0]] if rule.recipe else []
        elif not bare.strip().startswith(("export", "unexport")):
            plain = False
    if rules and recipe:
        rules[-1] = _with_recipe(rules[-1], recipe)
    # Make takes what is not set as empty; the environment could set these too, but not where a build writes.
    for name in re.findall(r"\$[({](\w*FLAGS|LDLIBS|LIBS|LOADLIBES|TARGET_ARCH|DESTDIR)[)}]", text):
        variables.setdefault(name, "")
    return Makefile(context, path, variables, tuple(rules), plain, text)


def _assign(variables: dict[str, str | None], name: str, operator: str, value: str) -> None:
    if operator == "!=":
        variables[name] = None
    elif operator == "+=":
        before = variables.get(name, "")
        variables[name] = None if before is None else f"{before} {value}".strip()
    elif operator == "?=":
        # The environment may set it otherwise, but in a build nothing does unless the Dockerfile says so.
        variables.setdefault(name, value)
    elif re.search(rf"\$[({{]{re.escape(name)}[)}}]", value):
        before = variables.get(name, "")
        own = re.sub(rf"\$[({{]{re.escape(name)}[)}}]", lambda _: before or "", value)
        variables[name] = None if before is None else own
    else:
        variables[name] = value


def _rule(line: str, place: Place) -> MakeRule | None:
    head, _, command = line.partition(";")
    found = re.match(r"([^:=]+?)\s*::?(?!=)\s*([^:]*)(?::(.*))?\Z", head, re.DOTALL)
    if found is None or "$(eval" in line or "$(call" in head:
        return None
    if assigned_name(found[2]) and "=" in found[2]:
        return None
    recipe = (command.strip(),) if command.strip() else ()
    return MakeRule(found[1].strip(), found[2].strip(), recipe, place, static_pattern=found[3] is not None)


def _with_recipe(rule: MakeRule, recipe: list[str]) -> MakeRule:
    return MakeRule(rule.targets, rule.prerequisites, tuple(recipe), rule.place, rule.static_pattern)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    joined = ""
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        start = start or number
        if line.endswith("\\"):
            joined += line[:-1].rstrip() + " " if not joined else line[:-1].strip() + " "
            continue
        yield start, joined + (line.strip() if joined else line)
        joined, start = "", 0
    if joined:
        yield start, joined


def _is_in_sight(line: str | None) -> bool:
    """Whether a recipe's line calls nothing but compilers and what moves files."""
    shell = shell_commands(line) if line is not None else None
    if shell is None or not shell.understood:
        return False
    names = {command.name or "?" for command in shell.commands}
    return all(name in _WRITES_NOTHING | _MOVES or _COMPILERS.match(posixpath.basename(name)) for name in names)


def _outputs_of(command: ShellCommand) -> tuple[str, ...] | None:
    """Files that one command writes; None for commands that are not known."""
    redirected = [target for target in command.writes_to if target != "/dev/null"]
    if None in redirected:
        return None
    found = [target for target in redirected if target is not None]
    name = posixpath.basename(command.name or "")
    if name in _WRITES_NOTHING:
        return tuple(found)
    # A pattern such as `*.o` stands for files that are there already, so it hides no option.
    if any(word is None and re.search(r"[$`]", raw) for word, raw in zip(command.words, command.written, strict=True)):
        return None
    words = [word or raw for word, raw in zip(command.words[1:], command.written[1:], strict=True)]
    if name in ("mkdir", "touch"):
        return (*found, *(word for word in words if not word.startswith("-")))
    if name in ("ar", "ranlib"):
        return (*found, *[word for word in words if word.endswith(".a")][:1])
    if name in ("cp", "mv"):
        left = copied([word for word in words if not word.startswith("-")])
        return None if left is None or "-t" in words else (*found, *left)
    if name == "install":
        left = installed(words)
        return None if left is None else (*found, *left)
    if name == "go" and words[:1] == ["build"] and "-o" in words[:-1]:
        return (*found, words[words.index("-o") + 1])
    if _COMPILERS.match(name):
        return (*found, *_compiled(words))
    return None


def _compiled(words: list[str]) -> Iterator[str]:
    if "-o" in words[:-1]:
        yield words[words.index("-o") + 1]
        return
    joined = [word[2:] for word in words if word.startswith("-o") and len(word) > 2]
    if joined:
        yield joined[0]
    elif not {"-c", "-E", "-S", "-M", "-MM"} & set(words):
        yield "a.out"


def _is_object(path: str) -> bool:
    return path.endswith((".o", ".d", ".lo", ".obj"))
