from __future__ import annotations

import pytest

from dfmigrate_grammar import parse
from dfmigrate_grammar.places import nested_place, place, script_place

_SCRIPTS = [
    "RUN a && FIND\n",
    "RUN --network=none a && \\\n  # comment\n\n\tFIND x\n",
    "ru\\\nn FIND\n",
    "CMD FIND\n",
    "HEALTHCHECK --retries=1 CMD \\\n FIND\n",
    "RUN <<E\na\n  FIND\nE\n",
    "RUN <<-E\n\ta\n\t\tFIND\n\tE\n",
    "RUN <<-E\r\n\t FIND\r\nE\r\n",
    "RUN <<E cat && \\\n FIND\na\nE\n",
    "RUN sh <<E\na\n  FIND\nE\n",
    "RUN sh \\\n<<A <<-B\na\nA\n\tb\n\tFIND\nB\n",
    "ONBUILD RUN a && \\\n FIND\n",
    "ONBUILD HEALTHCHECK CMD FIND\n",
    "ONBUILD RUN <<E\na\n FIND\nE\n",
    "ONBUILD RUN sh <<E\nFIND\nE\n",
]


@pytest.mark.parametrize("source", _SCRIPTS)
def test_place_of_a_script(source: str) -> None:
    tree = parse(f"FROM a\n# above\n{source}")
    instruction = tree.instructions[1]
    text = (instruction.nested or instruction).script_text
    assert text is not None
    line, column = script_place(tree, instruction, text.index("FIND"))
    assert tree.source.split("\n")[line - 1][column - 1 :].startswith("FIND")


def test_place_of_an_argument() -> None:
    tree = parse("FROM a\nCOPY \\\n  --from=b \\\n# c\n  x y\n")
    copy = tree.instructions[1]
    assert place(tree, copy, None) == (2, 1)
    assert [place(tree, copy, item.span[0]) for item in (*copy.flags, *copy.words)] == [(3, 3), (5, 3), (5, 5)]


def test_place_of_what_onbuild_keeps() -> None:
    tree = parse("ONBUILD \\\n COPY \\\n  x y\n")
    (onbuild,) = tree.instructions
    assert onbuild.nested is not None
    assert nested_place(tree, onbuild, None) == (2, 2)
    assert [nested_place(tree, onbuild, word.span[0]) for word in onbuild.nested.words] == [(3, 3), (3, 5)]


@pytest.mark.parametrize("source", ["RUN sh <<E", "RUN sh <<E\na", "RUN sh <<'E F'\na\nb\n", "RUN a <<'A B' <<C\nb\n"])
def test_a_heredoc_without_end_stays_in_the_file(source: str) -> None:
    tree = parse(source)
    (run,) = tree.instructions
    text = run.script_text or ""
    lines = {script_place(tree, run, at).line for at in range(len(text))}
    assert max(lines) <= tree.end_line_of(run)
