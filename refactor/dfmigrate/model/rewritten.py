"""Two ways to write one instruction: what they have in common, and when they mean the same."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from dfmigrate.context import Context
from dfmigrate_grammar import Dockerfile, Instruction

from .archives import is_archive
from .expansion import expanded, referenced
from .interpret import Build, Layer, StageModel
from .packages import installation, verb

AUTHORS = "org.opencontainers.image.authors"
"""The label that stands for MAINTAINER."""
CLEANUP = "rm -rf /var/lib/apt/lists/*"
LOCAL_LIBRARIES_FIRST = ("echo /usr/local/lib > /etc/ld.so.conf.d/000-local-lib.conf", "ldconfig")
"""How the linker is told to look there ahead of the folders that are named after an architecture."""
RECOMMENDS = "--no-install-recommends"
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@", re.IGNORECASE)
_TEXTS = re.compile(
    r"\.(c|cc|conf|cfg|cpp|css|env|go|h|html?|ini|jar|java|js|json|jsx|lock|md|php|properties|py|rb|rs|scss|sh|sql|toml|ts|"
    r"tsx|txt|war|xml|ya?ml|zip)\Z|(^|/)(Makefile|Gemfile|Procfile)\Z"
)
"""Files that ADD does not unpack: it knows tar and its compressions, and nobody gives one such a name."""
_SAME_FLAGS = frozenset({"chown", "chmod", "link"})
_APT = frozenset({"apt-get", "apt"})
_BUILT_IN = re.compile(
    r"[.:!\[]|alias|bg|break|case|cd|command|continue|declare|do|done|echo|elif|else|esac|eval|exec|exit|export|false|fc|"
    r"fg|fi|for|function|getopts|hash|if|in|jobs|kill|let|local|printf|pwd|read|readonly|return|select|set|shift|source|"
    r"test|then|time|times|trap|true|type|ulimit|umask|unalias|unset|until|wait|while"
)
_PLAIN = re.compile(r"[\w./:@%+,=-]+(?: +[\w./:@%+,=-]+)*", re.ASCII)
COMPILERS = frozenset({"go", "cargo", "gcc", "g++", "cc", "c++", "clang", "rustc", "ghc", "swiftc", "nim", "crystal"})


def cache_mounts(instruction: Instruction) -> tuple[str, ...]:
    """The values of its ``--mount=type=cache``."""
    values = [flag.value or "" for flag in instruction.flags if flag.name == "mount"]
    return tuple(value for value in values if "type=cache" in value.split(","))


def step_text(instruction: Instruction) -> str:
    """A RUN without what only saves time or space: cache mounts, recommended packages left out, lists removed."""
    caches = cache_mounts(instruction)
    flags = [flag.text for flag in instruction.flags if flag.name != "mount" or flag.value not in caches]
    words = " ".join(instruction.arguments.split()).replace(f" {RECOMMENDS}", "").removesuffix(f" && {CLEANUP}")
    return " ".join((*flags, words)) + "".join(heredoc.body for heredoc in instruction.heredocs)


def same_pairs(old: Instruction, new: Instruction, escape: str) -> bool:
    """Whether ENV or LABEL set the same names to the same values, whatever the variables in them are."""
    if [pair.name for pair in old.pairs] != [pair.name for pair in new.pairs]:
        return False
    for one, other in zip(old.pairs, new.pairs, strict=True):
        names = referenced(one.value or "", escape)
        if names != referenced(other.value or "", escape):
            return False
        for known in ({name: f"<{name} 1>" for name in names}, {}):
            value = expanded(one.value or "", known, escape)
            if value is None or value != expanded(other.value or "", known, escape):
                return False
    return True


def adds_like_copy(instruction: Instruction, context: Context | None) -> str | None:
    """Why an ADD may do more than COPY; None when it does not."""
    other = [flag.name for flag in instruction.flags if flag.name not in _SAME_FLAGS]
    if other:
        return f"--{other[0]} is ADD's own"
    if instruction.heredocs or not instruction.sources:
        return "it has no plain sources"
    for source in instruction.sources:
        if _REMOTE.match(source) or re.search(r"\.git(#|\Z)", source):
            return f"`{source}` is fetched from the network"
        if "$" in source or "\\" in source:
            return f"what `{source}` stands for is not known"
        if not _is_plain(source, context):
            return f"`{source}` is an archive, or not shown to be none"
    return None


def _is_plain(source: str, context: Context | None) -> bool:
    clean = posixpath.normpath("/" + source).lstrip("/")
    if clean == "" or (source.endswith("/") and not re.search(r"[*?\[]", source)):
        return True
    if re.search(r"[*?\[]", source):
        return _TEXTS.search(source) is not None
    if context is not None and context.is_folder(clean):
        return True
    if context is not None and clean in context.files:
        return is_archive(clean, context) is False
    return _TEXTS.search(clean) is not None


def with_keyword(instruction: Instruction, keyword: str) -> Instruction | None:
    """The same instruction under another keyword of the same case; None where the keyword is not on one line."""
    if not instruction.head.lstrip(" \t").startswith(instruction.keyword):
        return None
    cased = keyword.lower() if instruction.keyword.islower() else keyword
    return replace(instruction, head=instruction.head.replace(instruction.keyword, cased, 1))


def stage_index(dockerfile: Dockerfile, name: str) -> str:
    """The number of the stage that ``--from`` names; the name itself where it is none."""
    for stage in dockerfile.stages:
        if stage.name == name.lower():
            return str(stage.index)
    return name


def installs_without_lists(build: Build, stage: StageModel, layer: Layer) -> int | None:
    """The line of a later RUN that installs packages with the lists that this one fetched; None when there is none."""
    at = stage.layers.index(layer)
    found = _blind(stage.layers[at + 1 :])
    if found is not None:
        return found
    for child in build.stages:
        if child.parent is stage:
            line = _blind(child.layers)
            if line is not None:
                return line
    return None


def _blind(layers: tuple[Layer, ...]) -> int | None:
    for layer in layers:
        if layer.name == "RUN" and layer.opaque is not None and "apt" in layer.instruction.logical:
            return layer.line
        for action in layer.actions:
            if action.program in _APT and verb(action.argv) == "update":
                return None
            if action.program in _APT and "install" in action.argv:
                return layer.line
            if installation(action.argv) is None and action.role == "unknown" and "apt" in action.text:
                return layer.line
    return None


def plain_words(stage: StageModel, context: Context | None) -> tuple[str, ...] | None:
    """The words of a command in shell form whose shell does nothing but start them; None when it may do more."""
    entrypoint, command = stage.final.entrypoint, stage.final.command
    own = entrypoint if entrypoint is not None and entrypoint.line is not None else command
    if own is None or own.line is None or not own.is_shell_form or own.shell[-1] != "-c":
        return None
    passes = entrypoint is None or (entrypoint.line is None and stage.base is not None and stage.base.passthrough)
    together = command is not None and command.line is not None if own is entrypoint else not passes
    if together or stage.base is None:
        return None
    usual = posixpath.basename(own.shell[0]) in ("sh", "bash", "ash", "dash")
    if not usual or any(word in own.shell for word in ("-l", "-i", "-lc", "--login")):
        return None
    if not _PLAIN.fullmatch(own.text.strip()):
        return None
    words = tuple(own.text.split())
    if "=" in words[0] or _BUILT_IN.fullmatch(words[0]) or not _is_program(words[0], stage, context):
        return None
    return words


def _is_program(word: str, stage: StageModel, context: Context | None) -> bool:
    """Whether the kernel can start it: a script without ``#!`` is started by shells only."""
    if "/" not in word:
        mine = [w for w in stage.files.writes if posixpath.basename(w.path) == word and w.origin.source != "run"]
        return not mine and not stage.files.opaque
    path = stage.final.absolute(word)
    write = stage.files.newest(path) if path is not None else None
    if write is None:
        return False
    if write.origin.source == "context" and context is not None:
        return (context.read_bytes(write.origin.detail) or b"").startswith((b"#!", b"\x7fELF"))
    return write.origin.source == "run" and write.origin.detail.split(None, 1)[0] in COMPILERS
