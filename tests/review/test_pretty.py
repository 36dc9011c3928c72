from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text
from samples import BEFORE, full, migration

from dfmigrate.migration import Decline, Migration, Status
from dfmigrate.review.pretty import console, show, summary


def shown(subject: Migration, width: int = 80) -> str:
    """The review as plain text."""
    paper = console(color=False)
    paper.file = io.StringIO()
    paper.width = width
    show(paper, subject)
    return "\n".join(line.rstrip() for line in paper.file.getvalue().split("\n"))


def test_the_review_of_a_change() -> None:
    assert (
        shown(full())
        == """\
Dockerfile  Node (npm) ─────────────────────────────────────────────────────────
   1     # Shop
   2 B - FROM node:18
     B + FROM node:18 AS build
   3     WORKDIR /app
   4 A - COPY . .
     A + COPY package.json ./
   5     RUN npm ci
     A + COPY . .
   6     RUN echo "[bold]x[/bold] :smile:"       tab
     B +
     B + FROM node:18
     B + WORKDIR /app
     B + COPY --from=build /app ./
     C + USER node
   7     CMD ["npm", "start"]

A Title of copy-manifests-first  copy-manifests-first
  Why  Reason of copy-manifests-first with [red]brackets[/red].
       Dockerfile:4  COPY . .
  Safe Proof of copy-manifests-first. [F1, F2]
       package.json:7  "start": "[x]",
  Note Warning of copy-manifests-first.

B Title of split-stages  split-stages
  Why  Reason of split-stages with [red]brackets[/red].
       Dockerfile:4  COPY . .
  Safe Proof of split-stages. [F1, F2]
       package.json:7  "start": "[x]",
  Note Warning of split-stages.

C Title of run-as-user  run-as-user
  Why  Reason of run-as-user with [red]brackets[/red].
       Dockerfile:4  COPY . .
  Safe Proof of run-as-user. [F1, F2]
       package.json:7  "start": "[x]",
  Note Warning of run-as-user.

  Not done
  C8   The health check calls :curl:. (line 9, slim-runtime)
       -> install [curl].
  B4   sharp loads libraries. (package.json:12, slim-runtime)

  Note A note.

"""
    )


def test_hunks_are_set_apart_and_a_step_is_explained_once() -> None:
    middle = b"".join(b"RUN %d\n" % number for number in range(30))
    first, second = b"FROM a\n" + middle + b"CMD a\n", b"FROM b\n" + middle + b"CMD b\n"
    text = shown(migration(first, ("one", second), ("two", second.replace(b"CMD b", b"CMD c"))))
    assert " ...\n" in text
    assert text.count("Proof of one.") == text.count("Proof of two.") == 1
    assert text.index("Proof of one.") < text.index(" ...") < text.index("Proof of two.")
    assert text.count("A: see above") == 1


def test_what_holds_for_several_steps_is_said_once() -> None:
    text = migration(b"FROM a\nCMD a\n", ("one", b"FROM b\nCMD a\n"), ("two", b"FROM b\nCMD b\n"))
    proofs = text.steps[0].proofs
    shared = replace(text, steps=tuple(replace(step, proofs=proofs) for step in text.steps))
    assert shown(shared).count("Proof of one.") == 1
    assert shown(shared).count("Safe what was proved above still holds") == 1


def test_long_codes_are_shown_whole() -> None:
    declined = replace(full(), declines=(Decline("NO_BENEFIT", "split-stages", "It is small.", ""),))
    assert "  NO_BENEFIT It is small. (split-stages)\n" in shown(declined)


def test_a_file_with_nothing_to_change() -> None:
    assert "nothing to change" in shown(replace(migration(BEFORE), status=Status.UNCHANGED))


def test_no_letter_of_a_long_line_is_lost() -> None:
    long = b"RUN " + bytes(ord("a") + n % 26 for n in range(300))
    text = shown(migration(b"FROM a\n", ("one", b"FROM a\n" + long + b"\n")))
    assert long.decode().replace(" ", "") in "".join(line[9:] for line in text.split("\n")).replace(" ", "")
    assert max(map(len, text.split("\n"))) == 80


def test_a_dockerfile_does_not_steer_the_terminal() -> None:
    text = shown(migration(b"FROM a\n", ("one", b"FROM a\nRUN \x1b[2J\r\n")))
    assert "\x1b" not in text
    assert "\\x1b[2J" in text


def test_line_ends_are_not_shown_and_a_missing_one_is_told() -> None:
    text = shown(migration(b"FROM a\r\nCMD x", ("one", b"FROM a\r\nCMD y")))
    assert "\r" not in text
    assert "(the last line has no line feed)" in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_review_fits_any_width(width: int) -> None:
    assert max(map(len, shown(full(), width).split("\n"))) <= width


def test_colours_change_no_word() -> None:
    paper = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=80)
    show(paper, full())
    assert isinstance(paper.file, io.StringIO)
    lines = [line.rstrip() for line in str(Text.from_ansi(paper.file.getvalue())).split("\n")]
    assert "\n".join(lines).rstrip() == shown(full()).rstrip()


def test_the_summary_counts() -> None:
    unchanged = replace(migration(BEFORE), status=Status.UNCHANGED)
    assert summary([full(), unchanged], written=False).plain.startswith(
        "1 file would change (3 steps), 2 things declined.\nNothing was written."
    )
    assert summary([full()], written=True).plain == (
        "1 file changed (3 steps), 2 things declined.\n`dfmigrate rule C8` says what the code of a decline means."
    )
    assert summary([unchanged], written=False).plain == "Nothing to change."
