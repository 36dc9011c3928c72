"""Coverage-guided fuzzing of the parser: nothing may raise, every byte comes back, every place is in the file.

Needs atheris from PyPI. The options are libFuzzer's: `python tests/grammar/fuzz_parse.py -runs=100000`.
"""

from __future__ import annotations

import sys
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

# The search for the nearest keyword would take most of the time, and has no branches to find.
with atheris.instrument_imports(include=["dfmigrate_grammar"], exclude=["dfmigrate_grammar.faults"]):
    from dfmigrate_grammar import Dockerfile, Instruction, parse
    from dfmigrate_grammar.places import script_place
    from dfmigrate_grammar.rows import rows
    from dfmigrate_grammar.traps import explain, find_traps

SEEDS = (
    b"# syntax=docker/dockerfile:1\n# escape=`\nFROM --platform=$P a:b@sha256:0 AS c\nRUN a `\n # c\n\n b\n",
    b'\xef\xbb\xbfARG A=1 B\nFROM ${A:-b}\nENV A=1 B=\'c d\' \\\n C="e\\""\nENV D e f\nLABEL a.b=c # d\n',
    b"FROM a\nRUN --mount=type=cache,target=/x --network=none <<-'E' cat 3<<F && x\n\ta\n\tE\n$b\nF\nCOPY <<x /y\nx\n",
    b'FROM a\r\nCMD ["a", "\\u00e9"] b\r\nENTRYPOINT [\'a\']\r\nONBUILD COPY --from=0 --chown=1:2 a b c/\r\n',
    b"FROM a\nRUN if [ -f x ]; then y | z > w 2>&1; elif ! a; then (b; c) & fi; for i in $(d) `e`; do f || g; done\n",
    b"FROM a\nRUN case $x in a|b) c;; *) d;; esac; while read x; do a=(b c); ((i++)); done < <(e); [[ $x =~ y ]]\n",
    b"FROM a\nRUN cat<<E\nf() { local x=${y%%.*} z=${w/a/b}; }\nE\nHEALTHCHECK --interval=1m30s --retries=3 CMD a\n",
    b'FROM a\nUSER b\nWORKDIR /c\nEXPOSE 80/tcp\nVOLUME ["/d"]\nSHELL ["/bin/sh", "-c"]\nMAINTAINER e\n',
)
WORDS = (
    *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
    *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR", "NONE", "AS", "# escape=`", "# syntax="),
    *("<<E", "<<-", "<<'E'", "--mount=", "--from=", "type=", "target=", "from=0", "${", ":-", "$((", "$(", "))"),
    *("&&", "||", ";;", "if", "then", "elif", "else", "fi", "for", "in", "do", "done", "while", "case", "esac"),
    *("function", "[[", "]]", "select", "until", "2>&1", "{", "}", "<(", "!", "time", '["', '", "', '"]'),
)
_VIEWS = [name for name, view in vars(Instruction).items() if hasattr(view, "__get__") and name[0] != "_"]


def checked(source: bytes) -> None:
    """Show the input that fails, as a line of Python."""
    try:
        check(source)
    except BaseException:
        print(f"failing input: {source!r}", file=sys.stderr, flush=True)
        raise


def check(source: bytes) -> None:
    """Read everything there is to read in a file."""
    tree = parse(source)
    assert bytes(tree) == source
    assert rows(tree) is not None
    assert tree.style is not None
    assert len(tree.stages) >= 0
    assert tree.frontend is None or tree.directives is not None
    find_traps(tree)
    for problem in tree.problems:
        problem.pointed()
    if tree.problems:
        explain(tree, tree.problems[0])
    last = tree.source.count("\n") + 1
    for instruction in tree.instructions:
        _read(instruction)
        if instruction.nested is not None:
            _read(instruction.nested)
        _check_places(tree, instruction, last)


def _read(instruction: Instruction) -> None:
    for name in _VIEWS:
        getattr(instruction, name)


def _check_places(tree: Dockerfile, instruction: Instruction, last: int) -> None:
    script = (instruction.nested or instruction).script
    for command in () if script is None else script.commands:
        line, column = script_place(tree, instruction, command.span[0])
        assert 1 <= line <= last and column >= 1


def fuzz(options: list[str]) -> None:
    atheris.Setup(options, checked)
    atheris.Fuzz()


def main() -> int:
    with TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS):
            Path(folder, str(number)).write_bytes(seed)
        dictionary = Path(folder, "words")
        quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS]
        dictionary.write_bytes("".join(f'"{word}"\n' for word in quoted).encode())
        options = ["-max_len=512", "-timeout=20", f"-dict={dictionary}", *sys.argv[1:], folder]
        # libFuzzer ends its process, and leaves the folder to this one.
        process = get_context("fork").Process(target=fuzz, args=([sys.argv[0], *options],))
        process.start()
        process.join()
    return process.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
