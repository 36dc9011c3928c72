from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.makefile import Makefile, makefile


def read(text: str, *others: str) -> Makefile:
    found = makefile(Context.of({"Makefile": text, **dict.fromkeys(others, "")}))
    assert found is not None
    return found


OUTPUTS: list[tuple[str, tuple[str, ...] | None]] = [
    ("app: main.c\n\tgcc -o app main.c\n", ("app",)),
    ("app: main.c\n\t$(CC) $(CFLAGS) $^ -o $@ $(LDLIBS)\n", ("app",)),
    ("CFLAGS = $(shell pkg-config --cflags gtk)\napp: main.c\n\t$(CC) $(CFLAGS) $^ -o $@\n", ("app",)),
    (
        "SRC = $(wildcard *.c)\nOBJ = $(SRC:.c=.o)\nbin/app: $(OBJ)\n\tmkdir -p bin\n\tcc -o $@ $(OBJ)\n",
        ("bin", "bin/app"),
    ),
    ("OBJ := $(patsubst %.c,%.o,$(wildcard *.c))\napp: $(OBJ)\n\tcc $^ -o $@\n%.o: %.c\n\tcc -c $< -o $@\n", ("app",)),
    ("all: app tool\napp: a.c\n\tcc -oapp main.c\ntool: a.c\n\tcc main.c -o tool\na.c:\n\t@echo\n", ("tool", "app")),
    ("all:\n\tgcc main.c\n", ("a.out",)),
    ("CFLAGS = -c $(DEFS)\nall: a.o\n\tcc *.o -o app\na.o:\n\tcc $(CFLAGS) a.c\n", ("app",)),
    ("all:\n\tcc $$FLAGS -o app a.c\n", None),
    ("all: main\n", ("main",)),
    ("main: main.o\n", ("main",)),
    ("lib.a: main.o\n\tar rcs lib.a main.o\n", ("lib.a",)),
    ("all:\n\tgo build -o bin/server ./cmd\n", ("bin/server",)),
    ("all:\n\tcp main.c build/\n", ("build/main.c",)),
    ("all:\n\tcp main.c build\n", None),
    ("all:\n\tpython gen.py\n", None),
    ("all:\n\tcd src && cc a.c\n", None),
    ("all:\n\t$(MAKE) -C src\n", None),
    ("all: unknown\n", None),
    ("all: $(THINGS)\n", None),
    ("all:\n\tcc -o $(UNSET) main.c\n", None),
    ("OUT = $(shell uname)\nall:\n\tcc -o $(OUT) main.c\n", None),
    ("ifdef X\nall:\n\tcc main.c\nendif\n", None),
    ("include other.mk\nall:\n\tcc main.c\n", None),
    ("all: objs\n\tcc -o all main.c\nobjs: %.o: %.c\n\tcc -c $<\n", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "outputs"), OUTPUTS)
def test_what_the_default_target_writes(text: str, outputs: tuple[str, ...] | None) -> None:
    assert read(text, "main.c").outputs() == outputs


def test_rules() -> None:
    found = read(
        "PREFIX ?= /usr/local\nNAME = app\n.PHONY: all install\n\nall: $(NAME)\n\n"
        "$(NAME): main.c \\\n  other.c ; cc -o $@ main.c\n\n"
        "install: all\n\t@install -m 755 $(NAME) $(DESTDIR)$(PREFIX)/bin/\n\t-ldconfig $(WHO)\n"
    )
    assert found.plain
    assert found.default_target == "all"
    assert set(found.targets) == {".PHONY", "all", "app", "install"}
    assert found.recipe("install") == ("install -m 755 app /usr/local/bin/", None)
    assert found.recipe("app") == ("cc -o app main.c",)
    assert found.targets["install"].place.line == 10
    assert found.recipe("gone") is None


def test_libraries() -> None:
    found = read(
        "LIBS = -lpq -lssl `pkg-config --libs gtk+-3.0`\nall:\n\tcc -shared -o a.so a.c # -static\n\tcc -static b.c\n"
    )
    assert found.libraries == {"pq", "ssl", "gtk+-3.0"}
    assert [place.line for place in found.mentions_shared_libraries] == [3]
    assert [place.line for place in found.static] == [4]


def test_values() -> None:
    found = read("A = b\nA += c\nB := $(A) d\nC = $(C)\nD = $(E)\nE = $(D)\nF = ${A}$$\nG != date\n")
    assert found.value("$(A)") == "b c"
    assert found.value("$(B)") == "b c d"
    assert found.value("$(D)") is None
    assert found.value("$(F)") == "b c$"
    assert found.value("$(G)") is None
    assert found.value("$(subst b,x,$(A)) $(addprefix y/,$(A)) $(") is None
    assert found.value("$(subst b,x,$(A)) $(addprefix y/,$(A))") == "x c y/b y/c"
    assert found.value("$(nothing a)") is None


def test_a_makefile_elsewhere() -> None:
    context = Context.of({"src/GNUmakefile": "all:\n\tcc -o app a.c\n"})
    assert makefile(context) is None
    found = makefile(context, "src")
    assert found is not None
    assert found.outputs() == ("src/app",)


def test_hostile_values_end() -> None:
    text = "A0 = xxxxxxxxxx\n" + "".join(f"A{n} = $(A{n - 1})$(A{n - 1})$(A{n - 1})$(A{n - 1})\n" for n in range(1, 30))
    assert read(text).value("$(A29)") is None
    assert read("A = " + "$(" * 50_000 + "\n").value("$(A)") is None
