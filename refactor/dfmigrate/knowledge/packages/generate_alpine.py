"""Compute which runtime packages a program needs that was built with one of Alpine's ``-dev`` packages.

    python generate_alpine.py CLONE-OF-APORTS [3.20 ...]

writes ``alpine-<release>.txt`` beside this file: one line for each ``-dev`` package, its name and what it needs. It
reads the recipes (APKBUILD) of main and community at the commits named "release 3.N.0". What is used of abuild
(alpinelinux/abuild:abuild.in): ``dev`` moves the links ``usr/lib/*.so`` into the ``-dev`` package, so that what they
point to stays in a package of the same recipe; ``libs`` moves all of ``usr/lib/lib*.so.[0-9]*``.

Every package of the recipe that may hold a shared library is named: one too many breaks nothing. Where nothing in the
recipe shows that it builds a shared library (it may be headers that need other libraries), what the ``-dev`` packages
need that its own one depends on is added. A recipe is left out where it has several ``-dev`` packages or no sources,
where a name cannot be computed, or where a package that may hold libraries is made on some conditions only. What was
proved by hand in ``alpine-proved.toml`` comes first.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

Needs = frozenset[str]

_FUNCTION = re.compile(r"^(\w+)\(\)[ \t]*\{\n(.*?)^\}", re.M | re.S)
_ASSIGNMENT = re.compile(r"^(\w+)=(?:\"([^\"]*)\"|'([^']*)'|(\S*))", re.M)
_SUBPACKAGES = re.compile(r"(^|[ \t;&|])subpackages=\"([^\"]*)\"", re.M)
_PROVIDES = re.compile(r"\bprovides=\"([^\"]*)\"")
_DEPENDS = re.compile(r"^\s*depends=\"([^\"]*)\"", re.M)
_VERSION = re.compile(r"[<>=~]")
_REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(%%|%|##|#|//)([^}]*))?\})")
_WORD = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[^\s\"';])+")
_RELEASE = re.compile(r"^(\w+) =+ release (3\.\d+)\.0 =+$", re.M)
_SHARED = re.compile(r"\.so\b|--enable-shared|--disable-static|--shared\b|BUILD_SHARED_LIBS(:BOOL)?=(ON|True|1)", re.I)
"""What shows that a recipe builds a shared library."""
_LIBRARIES = re.compile(r"(?!.*-dev)lib.+|.+-libs")
_NEVER = re.compile(r".*-(doc|lang|openrc|dbg|static|pyc\d?|pycache.*|completion|tests?)")
_WITHOUT_LIBRARIES = frozenset(
    {"dbg", "dev", "doc", "lang", "openrc", "pyc", "static", "systemd", "udev", "completion"}
)
"""abuild's own functions that move no shared library."""
_EVERY_LIBRARY = frozenset({"*", "lib*", "*.so*", "*.so.*", "lib*.so*", "lib*.so.*", "*.so.[0-9]*", "lib*.so.[0-9]*"})


@dataclass(frozen=True, slots=True)
class Subpackage:
    name: str | None
    """None when it cannot be computed."""
    function: str
    independent: bool
    conditional: bool

    @property
    def is_development(self) -> bool:
        return self.function == "dev" or (self.name or "").endswith("-dev")


@dataclass(frozen=True, slots=True)
class Recipe:
    name: str
    functions: dict[str, str]
    subpackages: tuple[Subpackage, ...]
    provided: tuple[str | None, ...]
    """Further names of the -dev package."""
    depends: tuple[str | None, ...]
    """What the -dev package depends on."""
    shared: bool
    """The recipe is shown to build a shared library."""
    sources: bool


def read_recipe(text: str) -> Recipe | None:
    functions = {match[1]: match[2] for match in _FUNCTION.finditer(text)}
    top = _FUNCTION.sub("", text)
    variables = {name: a or b or c for name, a, b, c in _ASSIGNMENT.findall(top) if name != "subpackages"}
    name = expand(variables.get("pkgname", ""), variables)
    if not name:
        return None
    subpackages: list[Subpackage] = []
    for match in _SUBPACKAGES.finditer(top):
        conditional = bool(match[1]) or (match.start() > 0 and top[match.start() - 1] != "\n")
        words = [word for word in match[2].split() if word not in ("$subpackages", "${subpackages}")]
        subpackages += [_subpackage(word, variables, conditional) for word in words]
    own = functions.get("dev", "")
    provided = [word for match in _PROVIDES.finditer(own) for word in match[1].split()]
    variables.update({"pkgver": "0", "pkgrel": "0"})
    depends = [
        *variables.get("depends_dev", "").split(),
        *(w for found in _DEPENDS.findall(own) for w in found.split()),
    ]
    return Recipe(
        name,
        functions,
        tuple(subpackages),
        tuple(expand(word.split("=")[0], variables) for word in provided),
        tuple(expand(_VERSION.split(word)[0], variables) for word in depends if word != "$depends_dev"),
        variables.get("arch") != "noarch" and _SHARED.search(text) is not None,
        bool(variables.get("source", "").strip()),
    )


def _subpackage(word: str, variables: dict[str, str], conditional: bool) -> Subpackage:
    written, function, architecture = (*word.split(":"), "", "")[:3]
    return Subpackage(
        expand(written, variables), function or written.rpartition("-")[2], architecture == "noarch", conditional
    )


def expand(text: str, variables: dict[str, str]) -> str | None:
    """Replace the variables in a word; None when one is unknown or is more than a plain value."""
    for _ in range(8):
        match = _REFERENCE.search(text)
        if match is None:
            return None if "$" in text or "`" in text else text
        value = variables.get(match[1] or match[2])
        value = _cut(value, match[3], match[4]) if value is not None and "$(" not in value else None
        if value is None:
            return None
        text = text[: match.start()] + value + text[match.end() :]
    return None


def _cut(value: str, operator: str | None, pattern: str) -> str | None:
    """``${value%pattern}`` and its like, for values that are literal."""
    if operator is None:
        return value
    if "$" in value or "$" in pattern:
        return None
    if operator == "//":
        old, _, new = pattern.partition("/")
        return None if any(character in old for character in "*?[") else value.replace(old, new)
    length = len(value)
    sizes = range(length + 1) if len(operator) == 1 else range(length, -1, -1)
    for size in sizes:
        part = value[length - size :] if operator[0] == "%" else value[:size]
        if fnmatchcase(part, pattern):
            return value[: length - size] if operator[0] == "%" else value[size:]
    return value


def needs(recipe: Recipe) -> Needs | None:
    """Return the packages of a recipe that may hold what its -dev package links to; None when they are not certain."""
    if not recipe.sources or sum(package.is_development for package in recipe.subpackages) != 1:
        return None
    found: set[str] = set()
    moved = False
    for package in recipe.subpackages:
        if package.is_development or package.independent or _NEVER.fullmatch(package.name or ""):
            continue
        body = recipe.functions.get(package.function)
        if body is None and package.function in _WITHOUT_LIBRARIES:
            continue
        if body is None and package.function != "libs":
            return None
        takes = "all" if body is None else _takes(body, recipe)
        if takes is None:
            continue
        if package.name is None or package.conditional:
            return None
        found.add(package.name)
        moved = moved or takes == "all"
    return frozenset(found if moved else {recipe.name, *found})


def _takes(body: str, recipe: Recipe) -> str | None:
    """Which libraries a subpackage's function moves: ``all``, ``some`` or None."""
    found = None
    for line in body.replace("\\\n", " ").split("\n"):
        words = [word.replace('"', "").replace("'", "") for word in _WORD.findall(line.partition(" #")[0])]
        if not words or words[0].startswith("#") or "=" in words[0]:
            continue
        if words[0] == "default_libs":
            return "all"
        taken = "some" if words[0] != "default_" and words[0] in recipe.functions else None
        for word in words[1:] if words[0] in ("amove", "mv", "cp", "find", "install", "for", "ln") else []:
            taken = _path(word) or taken
        if taken == "all":
            return "all"
        found = found or taken
    return found


def _path(word: str) -> str | None:
    """Which libraries a word names as a path in the package."""
    if "subpkgdir" in word:
        return None
    path = re.sub(r"^(\$pkgdir|\$\{pkgdir\})?/*", "", word)
    if path in ("usr", "usr/", "*", "usr/*", ""):
        return "all" if word.strip("/") else None
    match = re.match(r"(?:usr/)?lib(?:/(.*))?$", path)
    if match is None:
        return "some" if path.startswith("$") or ".so" in path else None
    rest = match[1] or "*"
    if "/" in rest.rstrip("/"):
        return None
    if rest in _EVERY_LIBRARY:
        return "all"
    if rest.endswith((".a", ".la", ".o", ".py", ".prl", "/")):
        return None
    return "some" if ".so" in rest or rest.startswith(("lib", "$", "*")) else None


class Index:
    """The -dev packages of one release, and what was proved of some by hand."""

    def __init__(self, recipes: list[Recipe], proved: dict[str, list[str]]) -> None:
        self._proved = proved
        self._recipes: dict[str, list[Recipe]] = {}
        for recipe in recipes:
            own = [package.name for package in recipe.subpackages if package.is_development]
            for name in (*own, *recipe.provided):
                if name is not None and name.endswith("-dev") and not name.startswith("ocaml-"):
                    self._recipes.setdefault(name, []).append(recipe)

    def names(self) -> set[str]:
        return {*self._recipes, *self._proved}

    def needs(self, name: str, above: tuple[str, ...] = ()) -> Needs | None:
        """Return what a -dev package needs at run time; None when it is not certain or its name means two things."""
        if name in self._proved:
            return frozenset(self._proved[name])
        recipes = self._recipes.get(name, [])
        found = needs(recipes[0]) if len(recipes) == 1 else None
        if found is None or recipes[0].shared or any(_LIBRARIES.fullmatch(package) for package in found):
            return found
        for other in recipes[0].depends:
            if other is None:
                return None
            if not other.endswith("-dev") or other in above:
                continue
            further = self.needs(other, (*above, name))
            if further is None:
                return None
            found |= further
        return found


def resolve(recipes: list[Recipe], proved: dict[str, list[str]]) -> dict[str, Needs]:
    """Return the runtime packages of every -dev package that the rules decide."""
    index = Index(recipes, proved)
    found = {name: index.needs(name) for name in index.names()}
    return {name: packages for name, packages in found.items() if packages is not None}


def releases(clone: str) -> dict[str, str]:
    """By release the commit from which its branch was made."""
    return {
        match[2]: match[1] for match in _RELEASE.finditer(_git(clone, "log", "--format=%H %s", "--grep== release 3"))
    }


def read_recipes(clone: str, commit: str) -> Iterator[Recipe]:
    paths = _git(clone, "ls-tree", "-r", "--name-only", commit, "main/", "community/").split("\n")
    names = "".join(f"{commit}:{path}\n" for path in paths if re.fullmatch(r"\w+/[^/]+/APKBUILD", path))
    batch = subprocess.run(
        ["git", "-C", clone, "cat-file", "--batch"], input=names.encode(), capture_output=True, check=True
    ).stdout
    start = 0
    while start < len(batch):
        end = batch.index(b"\n", start)
        size = int(batch[start:end].split()[2])
        recipe = read_recipe(batch[end + 1 : end + 1 + size].decode(errors="replace"))
        if recipe is not None:
            yield recipe
        start = end + size + 2


def _git(clone: str, *arguments: str) -> str:
    return subprocess.run(["git", "-C", clone, *arguments], capture_output=True, text=True, check=True).stdout


def read_proved(release: str) -> dict[str, list[str]]:
    """What was proved by hand and holds in a release."""
    facts = tomllib.loads(Path(__file__).with_name("alpine-proved.toml").read_bytes().decode())
    number = int(release.partition(".")[2])
    found: dict[str, list[str]] = {}
    for name, ranges in facts.items():
        for fact in ranges:
            first, last = (int(end.partition(".")[2] or 999) for end in (fact["since"], fact.get("until", "")))
            if first <= number <= last:
                found[name] = fact["needs"]
    return found


def main(clone: str, wanted: list[str]) -> None:
    for release, commit in releases(clone).items():
        if release in wanted:
            table = resolve(list(read_recipes(clone, commit)), read_proved(release))
            lines = [" ".join((name, *sorted(packages))) for name, packages in sorted(table.items())]
            Path(__file__).with_name(f"alpine-{release}.txt").write_bytes(
                "".join(f"{line}\n" for line in lines).encode()
            )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
