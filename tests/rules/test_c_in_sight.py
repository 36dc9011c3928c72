"""What C links must be in sight: a Makefile that says less, or a header that is nobody's, keeps the image."""

from __future__ import annotations

import pytest
from test_native_toolchains import result

from dfmigrate.context import Context
from dfmigrate.model.c_headers import strange_header

HEAD = "FROM gcc:13-bookworm\nWORKDIR /app\nCOPY . .\n"
MAKE = HEAD + 'RUN make\nCMD ["./server"]\n'
CMAKE = HEAD.replace("WORKDIR", "RUN apt-get update && apt-get install -y cmake\nWORKDIR")
CMAKE += 'RUN cmake . && make\nCMD ["./server"]\n'
PLAIN = "#include <stdio.h>\nint main(void) { return 0; }\n"
CURL = "#include <stdio.h>\n#include <curl/curl.h>\nint main(void) { return 0; }\n"
RECIPE = "server: main.c\n\t$(CC) -o server main.c $(LIBS)\n"
LISTS = "project(server C)\nadd_executable(server main.c)\n"


def keeps(dockerfile: str, files: dict[str, str]) -> bool:
    runtime, codes = result(dockerfile, files)
    return "slim" not in runtime and "FROM debian" not in runtime and "B1" in codes


@pytest.mark.parametrize(
    "files",
    [
        {"Makefile": "include config.inc\n" + RECIPE, "config.inc": "LIBS = -lcurl\n"},
        {"Makefile": "server:\n\t$(MAKE) -f rules.make\n", "rules.make": "server:\n\t$(CC) -o server main.c -lcurl\n"},
        {"Makefile": "server:\n\t./build.sh\n", "build.sh": "gcc -o server main.c -lcurl\n"},
        {"Makefile": "server:\n\tsh build.sh\n", "build.sh": "gcc -o server main.c -lcurl\n"},
        {"Makefile": "define LIBS\n-lcurl\nendef\n" + RECIPE},
        {"Makefile": "LIBS = $(shell pkgconf --libs libcurl)\n" + RECIPE},
        {"Makefile": "LIBS = $(shell sdl2-config --cflags --libs)\n" + RECIPE},
        {"Makefile": "LIBS = $(shell cat libs.txt)\n" + RECIPE, "libs.txt": "-lcurl\n"},
        {"Makefile": "LIBS != cat libs.txt\n" + RECIPE, "libs.txt": "-lcurl\n"},
        {"Makefile": "NAMES = curl\nLIBS = $(NAMES:%=-l%)\n" + RECIPE},
        {"Makefile": "LIBS = $(addprefix -l,curl)\n" + RECIPE},
        {"Makefile": "CC = ./cc.sh\n" + RECIPE, "cc.sh": 'exec gcc "$@" -lcurl\n'},
        {"Makefile": "server: main.c\n\tcargo build --release\n"},
    ],
)
def test_a_makefile_that_does_not_show_what_is_linked_keeps_the_image(files: dict[str, str]) -> None:
    assert keeps(MAKE, {"main.c": PLAIN, **files})


@pytest.mark.parametrize(
    "files",
    [
        {"CMakeLists.txt": LISTS + "include(cmake/deps.cmake)\ntarget_link_libraries(server ${DEPS})\n"},
        {"CMakeLists.txt": LISTS + "include(deps.cmake)\n", "deps.cmake": "find_package(CURL REQUIRED)\n"},
        {"CMakeLists.txt": LISTS + 'set(CMAKE_EXE_LINKER_FLAGS "-lcurl")\n'},
        {"CMakeLists.txt": LISTS + "set_target_properties(server PROPERTIES LINK_LIBRARIES curl)\n"},
        {"CMakeLists.txt": LISTS + "execute_process(COMMAND ./find.sh OUTPUT_VARIABLE LIBS)\n"},
        {"CMakeLists.txt": "link_libraries(curl)\n" + LISTS},
    ],
)
def test_cmake_s_words_that_may_name_a_library_keep_the_image(files: dict[str, str]) -> None:
    assert keeps(CMAKE, {"main.c": PLAIN, **files})


@pytest.mark.parametrize(
    "command",
    [
        "make -f rules.make",
        "make LIBS=-lcurl",
        "export LIBS=-lcurl && make -e",
        "make CC=./cc.sh",
        "make LIBS=$(cat libs.txt)",
    ],
)
def test_a_command_line_that_says_more_keeps_the_image(command: str) -> None:
    assert keeps(MAKE.replace("make", command), {"main.c": PLAIN, "Makefile": RECIPE, "rules.make": RECIPE})


@pytest.mark.parametrize("line", ["ENV LIBS=-lcurl", "ENV LDFLAGS=-lcurl", "ARG LIBS=-lcurl"])
def test_flags_in_a_variable_keep_the_image(line: str) -> None:
    assert keeps(MAKE.replace("RUN", f"{line}\nRUN"), {"main.c": PLAIN, "Makefile": RECIPE})


def test_a_header_of_a_library_keeps_the_image() -> None:
    assert keeps(MAKE, {"main.c": CURL, "Makefile": RECIPE})
    assert keeps(CMAKE, {"main.c": CURL, "CMakeLists.txt": LISTS})


def test_a_plain_build_of_c_gets_a_slim_runtime() -> None:
    own = {"main.c": '#include "answer.h"\n' + PLAIN, "answer.h": "int answer(void);\n"}
    runtime, _ = result(MAKE, {**own, "Makefile": "CFLAGS = -O2\n" + RECIPE})
    assert "FROM debian:bookworm-slim\n" in runtime
    runtime, _ = result(CMAKE, {**own, "CMakeLists.txt": LISTS + "target_link_libraries(server m pthread)\n"})
    assert "FROM debian:bookworm-slim\n" in runtime


@pytest.mark.parametrize(
    ("path", "text", "strange"),
    [
        ("a.c", "#include <stdio.h>\n# include <sys/socket.h>\n#include <linux/if.h>\n", False),
        ("a.cpp", "#include <vector>\n#include <immintrin.h>\n", False),
        ("a.c", "#include <openssl/ssl.h>\n", True),
        ("a.c", '#include "zlib.h"\n', True),
        ("a.c", '#include "../own.h"\n#include <lib/own.h>\n', False),
        ("a.c", "#include HEADER\n", True),
        ("a.c", "#include <omp.h>\n", True),
        ("a.c", "/* #include <zlib.h> */\n// #include <zlib.h>\n", False),
        ("a.c", "#/**/include/**/<zlib.h>\n", True),
        ("a.h", "#include <zlib.h>\n", True),
        ("a.pyx", 'cdef extern from "zlib.h":\n    pass\n', True),
        ("a.go", 'package a\n\n// #include <zlib.h>\nimport "C"\n', True),
        ("a.go", "package a\n\n// #include <zlib.h>\n", False),
    ],
)
def test_headers_that_are_nobody_s(path: str, text: str, strange: bool) -> None:
    context = Context.of({path: text, "lib/own.h": "int x;\n"})
    assert (strange_header(context) is not None) == strange


@pytest.mark.parametrize(
    "command", ["make -j$(nproc)", 'make -j "$(nproc)" server', "make -C . -j4 server", "cd . && make -s"]
)
def test_how_make_is_called_may_change_nothing(command: str) -> None:
    makefile = (
        "OBJS = main.o\nserver: $(OBJS)\n\t$(CC) -o $@ $^ -lm\n%.o: %.c\n\t$(CC) -c -o $@ $<\ndeploy:\n\t./deploy.sh\n"
    )
    runtime, _ = result(MAKE.replace("make", command), {"main.c": PLAIN, "Makefile": makefile})
    assert "FROM debian:bookworm-slim\n" in runtime


@pytest.mark.parametrize(
    "command",
    [
        "gcc -o server main.c -l curl",
        "gcc -o server main.c --library=curl",
        "gcc -o server main.c @flags",
        "gcc -o server main.c $(cat libs.txt)",
        "sed -i s/-lm/-lcurl/ Makefile\nRUN make",
        "apt-get update && apt-get install -y ninja-build\nRUN ninja server",
    ],
)
def test_a_compiler_that_is_handed_more_keeps_the_image(command: str) -> None:
    assert keeps(
        MAKE.replace("make", command), {"main.c": PLAIN, "Makefile": RECIPE, "flags": "-lcurl", "libs.txt": "-lcurl"}
    )


def test_a_plain_call_of_the_compiler() -> None:
    runtime, _ = result(MAKE.replace("make", "gcc -O2 -o server *.c -lm"), {"main.c": PLAIN})
    assert "FROM debian:bookworm-slim\n" in runtime
