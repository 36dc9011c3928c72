"""An argument that only the shell of a repeated command expands is declared in the runtime, too."""

from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.model import interpret
from dfmigrate.proof import Case, check
from dfmigrate_grammar import parse

BEFORE = """\
FROM debian:bookworm
ARG GROUPS=a,b
RUN apt-get update && apt-get install -y gcc libc6-dev make && groupadd "${GROUPS%%,*}" && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN make
CMD ["./app"]
"""
FILES = {"Makefile": "app: main.c\n\tgcc -o app main.c\n", "main.c": "int main(void) { return 0; }\n"}


def test_the_argument_of_a_part_is_declared() -> None:
    context = Context.of({"Dockerfile": BEFORE, **FILES})
    runtime = migrate(BEFORE.encode(), path="Dockerfile", context=context).after.source.partition("\nFROM ")[2]
    assert "ARG GROUPS=a,b\n" in runtime
    assert 'groupadd "${GROUPS%%,*}"' in runtime


def test_a_part_without_its_argument_is_refused() -> None:
    context = Context.of({"Dockerfile": BEFORE, **FILES})
    migration = migrate(BEFORE.encode(), path="Dockerfile", context=context)
    head, _, runtime = migration.after.source.partition("\nFROM ")
    broken = f"{head}\nFROM {runtime.replace('ARG GROUPS=a,b' + chr(10), '', 1)}"
    verdict = check(
        Case(interpret(parse(BEFORE), context), interpret(parse(broken), context), frozenset({"user"})),
    )
    assert "D2" in {answer.code for answer in verdict.open}
