"""Which language an image or a command stands for, and which programs lead to others: read from ``languages.toml``."""

from __future__ import annotations

from typing import Any

from dfmigrate.knowledge.packs import read_pack


def _facts(table: str) -> dict[str, Any]:
    found: dict[str, Any] = read_pack("languages.toml")[table]
    return found


def language_of_family(family: str) -> str | None:
    """The language of a family of images, in the names of ``context.sources``; None for images of no one language."""
    found: str | None = _facts("families").get(family) if family != "source" else None
    return found


def language_of_program(program: str) -> str | None:
    """The language that a command of the build is called for."""
    found: str | None = _facts("programs").get(program) if program != "source" else None
    return found


def is_unread_family(family: str) -> bool:
    """Tell whether images of a family are for a language whose sources are not scanned."""
    return family in _facts("unread")["families"]


def is_unread_interpreter(program: str) -> bool:
    """Tell whether a program runs scripts that are not scanned."""
    return program in _facts("unread")["programs"]


def is_unread_compiler(program: str) -> bool:
    """Tell whether a program compiles a language whose sources are not scanned."""
    return program in _facts("unread")["compilers"]


def is_runner(program: str) -> bool:
    """Tell whether a program runs commands of a build file, which may call the compiler of any language."""
    return program in _facts("runners")["programs"]


def compiled_languages() -> frozenset[str]:
    return frozenset(_facts("compiled")["languages"])


def is_shell(program: str) -> bool:
    """Tell whether a program, by its name without folders, is a shell of the images that are known."""
    return program in _facts("shells")["names"]


def reads_like_shell(program: str) -> bool:
    """Tell whether a program's scripts are understood as those of a shell."""
    return is_shell(program) or program in _facts("shells")["read"]


def scanned_interpreters() -> frozenset[str]:
    """Interpreters whose scripts are scanned."""
    return frozenset(_facts("interpreters")["read"])


def code_option(interpreter: str) -> str | None:
    """The option of an interpreter that a program's text follows."""
    found: str | None = _facts("interpreters")["code"].get(interpreter)
    return found


def is_supervisor(program: str) -> bool:
    """Tell whether a program starts what its configuration says."""
    return program in _facts("supervisors")["programs"]


def is_daemon(program: str) -> bool:
    """Tell whether a program is a server that starts none of the application's programs."""
    return program in _facts("daemons")["programs"]


def readers_of_cargo_variables() -> frozenset[str]:
    """Crates that look for the project at run time in a variable that Cargo sets for what it starts."""
    return frozenset(_facts("cargo-variables")["crates"])
