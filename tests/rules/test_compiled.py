"""Projects in compiled languages as people have them: what their runtime holds, and what it must not lack."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

MODULE = {"go.mod": "module example.com/shop\n\ngo 1.22\n"}
HELLO = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hello")\n}\n'
ZONED = 'package main\n\nimport "time"\n\nfunc main() {\n\ttime.LoadLocation("Europe/Rome")\n}\n'
START = 'CMD ["./server"]\n'


def result(dockerfile: str, files: dict[str, str]) -> tuple[str, set[tuple[str, str]]]:
    """The runtime stage, empty where there is none, and the declines."""
    context = Context.of({"Dockerfile": dockerfile, **files})
    migration = migrate(dockerfile.encode(), path="Dockerfile", context=context)
    stages = bytes(migration.after).decode().split("\nFROM ")
    return ("FROM " + stages[-1] if len(stages) > 1 else ""), {(d.rule, d.code) for d in migration.declines}


def go(
    build: str, command: str = START, *, base: str = "golang:1.22-bookworm", workdir: str = "/app", before: str = ""
) -> str:
    return f"FROM {base}\nWORKDIR {workdir}\n{before}COPY . .\nRUN {build}\n{command}"


@pytest.mark.parametrize(
    "build",
    [
        "go build server.go",
        "go build ./server.go",
        "go build cmd/server.go",
        "go build -v -tags prod ./cmd/server",
        "go build -ldflags '-s -w' ./cmd/server",
        "GOOS=linux CGO_ENABLED=0 go build ./cmd/server",
    ],
)
def test_a_program_is_named_after_its_first_file_or_its_folder(build: str) -> None:
    files = {"server.go": HELLO, "cmd/server.go": HELLO, "cmd/server/main.go": HELLO}
    runtime, _ = result(go(build), {**MODULE, **files})
    assert "/app/server ./server\n" in runtime
    assert "cmd" not in runtime


@pytest.mark.parametrize(
    "build", ["go build -tags server", "GOOS=windows go build ./cmd/server", "go build ./cmd/...", "go build -C cmd ."]
)
def test_a_program_whose_name_is_not_known_is_not_carried_alone(build: str) -> None:
    runtime, _ = result(go(build, 'CMD ["./shop"]\n'), {**MODULE, "main.go": HELLO, "cmd/server/main.go": HELLO})
    assert "/app/server ./server" not in runtime


def test_tags_are_no_package() -> None:
    runtime, _ = result(go("go build -tags prod", 'CMD ["./shop"]\n'), {**MODULE, "main.go": HELLO})
    assert "/app/shop ./shop\n" in runtime


def test_a_module_that_a_command_makes_names_the_program() -> None:
    dockerfile = go("go mod init example.com/other && go build", 'CMD ["./other"]\n')
    runtime, _ = result(dockerfile, {"main.go": HELLO})
    assert "/app/app " not in runtime


OLD = "FROM golang:1.9\nWORKDIR /go/src/example.com/shop\nCOPY . .\n"


def test_programs_below_gopath_are_named_after_their_folders() -> None:
    dockerfile = OLD + 'RUN go get -d -v ./...\nRUN go install -v ./...\nCMD ["shop"]\n'
    runtime, _ = result(dockerfile, {"main.go": HELLO, "page.tmpl": "x", "cmd/import/main.go": HELLO})
    assert "COPY --from=builder --chown=10001:10001 /go/bin/shop /go/bin/shop\n" in runtime or (
        "COPY --from=builder /go/bin/shop /go/bin/shop\n" in runtime
    )
    assert "page.tmpl" in runtime
    assert "main.go" not in runtime
    assert "/go/src/example.com/shop/cmd" not in runtime


def test_go_build_below_gopath_is_named_after_its_folder() -> None:
    runtime, _ = result(OLD + 'RUN go get ./... && go build\nCMD ["./shop"]\n', {"main.go": HELLO})
    assert "/go/src/example.com/shop/shop ./shop\n" in runtime


def test_what_go_get_may_have_compiled_is_no_program_to_start() -> None:
    _, declines = result(OLD + 'RUN go get example.org/tool\nCMD ["tool"]\n', {"main.go": HELLO})
    assert ("split-stages", "C10") in declines


def test_sources_that_are_compiled_stay_behind_though_packages_have_their_names() -> None:
    main = (
        'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/shop/config"\n\t"example.com/shop/service"\n)\n\n'
        '// See service/service.go.\nfunc main() {\n\tfmt.Println("config:", config.Port, service.New("a b"))\n}\n'
    )
    files = {"main.go": main, "config/config.go": "package config\n", "service/service.go": "package service\n"}
    runtime, _ = result(go("go build -o server ."), {**MODULE, **files})
    assert "config" not in runtime
    assert "service" not in runtime


@pytest.mark.parametrize(
    "main",
    [
        'package main\n\nimport "os"\n\nfunc main() {\n\tos.ReadDir("./service")\n}\n',
        'package main\n\nimport "os"\n\nfunc main() {\n\tos.Open("service/service.go")\n}\n',
        'package main\n\nimport "go/parser"\n\nconst at = "service"\n\nfunc main() {\n\tparser.ParseDir(at)\n}\n',
    ],
)
def test_sources_to_which_a_path_leads_are_carried(main: str) -> None:
    files = {"main.go": main, "service/service.go": "package service\n"}
    runtime, _ = result(go("go build -o server ."), {**MODULE, **files})
    assert "/app/service ./service\n" in runtime


READS = 'package main\n\nimport "os"\n\n{}\n\nfunc main() {{\n\tos.ReadDir({})\n}}\n'


@pytest.mark.parametrize(
    "files",
    [
        {"main.go": READS.format('const at = "service"', "at")},
        {"main.go": READS.format("", 'http.Dir("service")')},
        {"main.go": READS.format("", 'filepath.Join("service", "v1")')},
        {"main.go": READS.format('type Settings struct {\n\tAt string `env:"AT" envDefault:"service"`\n}', "Get().At")},
        {"main.go": READS.format("const settings = `\nsamples: service\n`", "parsed")},
        {"main.go": READS.format("", "read().Samples"), "config.yaml": "samples: service\n"},
        {"main.go": READS.format("", "read().Samples"), "config.yaml": "samples: [service, other] # two\n"},
        {"main.go": READS.format("", "read().Samples"), "config.yaml": "samples:\n  - 'service'\n"},
        {"main.go": READS.format("", "read().Samples"), "config.json": '{"samples": "service"}'},
        {"main.go": READS.format("", "read().Samples"), "config.toml": 'samples = "./service/"\n'},
        {"main.go": READS.format("", "read().Samples"), "config.properties": "samples=service\r\n"},
        {"main.go": READS.format("", "read().Samples"), "config.xml": "<samples>service</samples>"},
        {"main.go": READS.format("", "os.Args[1]"), "serve.sh": "exec ./server service\n"},
    ],
)
def test_sources_are_carried_where_a_whole_string_or_setting_names_their_folder(files: dict[str, str]) -> None:
    files = {**MODULE, **files, "service/service.go": "package service\n"}
    assert "/app/service ./service\n" in result(go("go build -o server ."), files)[0]


@pytest.mark.parametrize(
    "files",
    [
        {"config.yaml": "service: 8080\n"},
        {"config.yaml": "about: what the service says\n"},
        {"config.json": '{"about": "x", "service": 8080}'},
        {"other.go": 'package main\n\ntype A struct {\n\tB string `json:"service"`\n}\n'},
        {"README.sh": "# The service.\n"},
    ],
)
def test_a_key_and_a_word_among_others_lead_to_no_sources(files: dict[str, str]) -> None:
    files = {**MODULE, "main.go": HELLO, **files, "service/service.go": "package service\n"}
    runtime, _ = result(go("go build -o server ."), files)
    assert "/app/server ./server" in runtime
    assert "/app/service" not in runtime


SERVES = 'package main\n\nimport "net/http"\n\nfunc main() {{\n\thttp.FileServer(http.Dir({}))\n}}\n'


@pytest.mark.parametrize("file", ["static/vendor/ui/index.html", "static/testdata/a.json", "static/vendor/ui/ui.go"])
def test_content_that_others_made_is_carried_with_the_folder_that_is_served(file: str) -> None:
    files = {**MODULE, "main.go": SERVES.format('"static"'), file: "x"}
    assert "/app/static ./static\n" in result(go("go build -o server ."), files)[0]


@pytest.mark.parametrize("file", ["samples/a.go", "testdata/a.json"])
@pytest.mark.parametrize(
    ("folder", "module", "lines"),
    [
        ("backend", "backend/go.mod", "COPY . .\nWORKDIR /app/backend\n"),
        ("backend", "backend/go.mod", "COPY backend/ .\n"),
        ("cmd/server", "go.mod", "COPY . .\nWORKDIR /app/cmd/server\n"),
    ],
)
def test_a_folder_is_named_from_its_module_and_where_the_program_starts(
    file: str, folder: str, module: str, lines: str
) -> None:
    name = file.split("/")[0]
    files = {module: MODULE["go.mod"], f"{folder}/main.go": SERVES.format(f'"{name}"'), f"{folder}/{file}": "x"}
    runtime, _ = result(f"FROM golang:1.22-bookworm\nWORKDIR /app\n{lines}RUN go build -o server .\n{START}", files)
    assert f"/{name} ./{name}\n" in runtime


def test_what_go_packages_of_others_serve_is_carried() -> None:
    served = SERVES.format('filepath.Join("vendor", "example.org", "ui", "dist")')
    files = {
        "main.go": served,
        "vendor/modules.txt": "# example.org/ui v1\n",
        "vendor/example.org/ui/ui.go": "package ui",
    }
    files |= {"vendor/example.org/ui/dist/index.html": "x", "public/vendor/jquery.js": "x"}
    runtime, _ = result(go("go build -o server ."), {**MODULE, **files})
    assert "/app/vendor ./vendor\n" in runtime
    assert "/app/public ./public\n" in runtime


def test_a_vendor_folder_of_go_is_known_without_a_module() -> None:
    dockerfile = f"FROM golang:1.9\nWORKDIR /go/src/example.com/shop\nCOPY . .\nRUN go build -o server .\n{START}"
    files = {"main.go": HELLO, "vendor/example.org/x/x.go": "package x\n", "vendor/example.org/x/LICENSE": "x"}
    runtime, _ = result(dockerfile, files)
    assert "./server" in runtime
    assert "vendor" not in runtime


def test_content_beside_sources_is_carried_whatever_names_it() -> None:
    files = {"main.go": HELLO, "service/service.go": "package service\n", "service/page.html": "<p>"}
    assert "/app/service ./service\n" in result(go("go build -o server ."), {**MODULE, **files})[0]


def test_packages_of_others_stay_behind_and_ask_for_nothing() -> None:
    files = {
        "main.go": HELLO.replace('"hello"', '"a vendor"'),
        "vendor/modules.txt": "# example.org/x v1\n",
        "vendor/example.org/x/x.go": "package x\n\n// See $GOPATH/src.\n",
        "vendor/example.org/x/build.sh": "cd $GOPATH/src\n",
        "vendor/example.org/x/.travis.yml": "env: GOPATH=/x\n",
    }
    runtime, declines = result(go("go build -o server ."), {**MODULE, **files})
    assert "vendor" not in runtime
    assert ("split-stages", "D1") not in declines
    assert "FROM debian:bookworm-slim\n" in runtime


def test_a_program_that_reads_gopath_keeps_the_image_that_sets_it() -> None:
    main = 'package main\n\nimport "os"\n\nfunc main() {\n\tos.Getenv("GOPATH")\n}\n'
    assert ("split-stages", "D1") in result(go("go build -o server ."), {**MODULE, "main.go": main})[1]


def test_what_a_server_of_builds_or_a_compose_file_names_is_not_read_by_the_container() -> None:
    files = {
        "main.go": HELLO,
        "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      dockerfile: Dockerfile\n",
        ".github/workflows/push.yml": "run: docker build -f Dockerfile .\n",
        ".idea/modules.xml": "<module path='.idea/shop.iml'/>\n",
        ".idea/shop.iml": "<module/>\n",
    }
    runtime, _ = result(go("go build -o server ."), {**MODULE, **files})
    assert "Dockerfile" not in runtime
    assert ".idea" not in runtime


def test_only_the_program_of_a_folder_of_the_context_is_carried() -> None:
    dockerfile = (
        f"FROM golang:1.22-bookworm\nWORKDIR /app\nCOPY . .\nWORKDIR /app/backend\nRUN go build -o server .\n{START}"
    )
    files = {"backend/go.mod": MODULE["go.mod"], "backend/main.go": HELLO, "backend/README.md": "x"}
    runtime, _ = result(dockerfile, files)
    assert "/app/backend/server ./server\n" in runtime
    assert "README" not in runtime
    assert "/app/backend/ ./" not in runtime


ZONES = {
    "a call": {**MODULE, "main.go": ZONED},
    "a module in a folder": {"api/go.mod": MODULE["go.mod"], "api/main.go": ZONED},
    "no module": {"main.go": ZONED},
    "a database": {**MODULE, "main.go": HELLO.replace("hello", "root@tcp(db)/shop?parseTime=true&loc=Asia%2FShanghai")},
    "a schedule": {**MODULE, "main.go": HELLO.replace("hello", "CRON_TZ=Asia/Tokyo 0 6 * * *")},
}


@pytest.mark.parametrize("name", ZONES)
def test_time_zones_are_there_where_go_had_brought_them(name: str) -> None:
    into = "/app/api" if name == "a module in a folder" else "/app"
    dockerfile = f"FROM golang:1.22-alpine\nWORKDIR /app\nCOPY . .\nWORKDIR {into}\nRUN go build -o server .\n{START}"
    runtime, _ = result(dockerfile, ZONES[name])
    assert "RUN apk add --no-cache tzdata\n" in runtime


def test_time_zones_are_not_installed_where_they_are() -> None:
    embedded = ZONED.replace('import "time"', 'import (\n\t"time"\n\t_ "time/tzdata"\n)')
    assert (
        "tzdata"
        not in result(go("go build -o server .", base="golang:1.22-alpine"), {**MODULE, "main.go": embedded})[0]
    )
    assert "tzdata" not in result(go("go build -o server ."), {**MODULE, "main.go": ZONED})[0]


CRATE = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
RUST = 'FROM rust:1.80-bookworm\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/shop"]\n'
MAIN = 'fn main() {\n    println!("hello");\n}\n'


def test_a_crate_that_asks_for_no_others_needs_no_lock_file() -> None:
    runtime, _ = result(RUST, {"Cargo.toml": CRATE, "src/main.rs": MAIN})
    assert "FROM debian:bookworm-slim\n" in runtime
    assert "certificates" not in runtime


def test_crates_for_other_systems_link_nothing() -> None:
    names = ("core-foundation-sys", "dirs-sys", "fsevent-sys", "inotify-sys", "system-configuration-sys")
    lock = "version = 3\n" + "".join(
        f'\n[[package]]\nname = "{name}"\nversion = "0.1.0"\n' for name in ("notify", *names, "shop")
    )
    manifest = CRATE + '[dependencies]\nnotify = "6"\n'
    runtime, _ = result(RUST, {"Cargo.toml": manifest, "Cargo.lock": lock, "src/main.rs": MAIN})
    assert "FROM debian:bookworm-slim\n" in runtime


@pytest.mark.parametrize(
    "files",
    [
        {"Cargo.toml": CRATE, "src/main.rs": '#[link(name = "pq")]\nextern "C" {}\n' + MAIN},
        {"Cargo.toml": CRATE + '[build-dependencies]\npkg-config = "0.3"\n', "src/main.rs": MAIN},
    ],
)
def test_a_crate_that_may_link_more_needs_it(files: dict[str, str]) -> None:
    assert "FROM debian:bookworm-slim\n" not in result(RUST, files)[0]


C = 'FROM gcc:13-bookworm\nWORKDIR /app\nCOPY . .\nRUN gcc -o server server.c\nCMD ["./server"]\n'
PLAIN = '#include <stdio.h>\n\nint main(void) {\n    puts("hello");\n    return 0;\n}\n'


def test_c_without_tls_needs_no_certificates() -> None:
    runtime, _ = result(C, {"server.c": PLAIN})
    assert "FROM debian:bookworm-slim\n" in runtime
    assert "certificates" not in runtime


@pytest.mark.parametrize(
    "source",
    [
        PLAIN.replace("hello", "/etc/ssl/certs/ca-certificates.crt"),
        PLAIN.replace('puts("hello")', 'system("curl https://example.com/")'),
    ],
)
def test_c_that_may_read_certificates_has_them(source: str) -> None:
    runtime, _ = result(C, {"server.c": source.replace("<stdio.h>", "<stdlib.h>")})
    assert not runtime or "certificates" in runtime


CPLUSPLUS = 'FROM gcc:latest\nWORKDIR /app\nCOPY . .\nRUN g++ -o server server.cpp\nCMD ["./server"]\n'
STREAM = '#include <iostream>\n\nint main() {\n    std::cout << "hello";\n}\n'


def test_cplusplus_takes_the_library_of_its_compiler_along() -> None:
    runtime, _ = result(CPLUSPLUS, {"server.cpp": STREAM})
    libraries = "/usr/local/lib64/libgcc_s.so.1 /usr/local/lib64/libstdc++.so.*[0-9]"
    assert "FROM debian:trixie-slim\n" in runtime
    assert f"COPY --from=builder {libraries} /usr/local/lib/\n" in runtime
    assert "RUN echo /usr/local/lib > /etc/ld.so.conf.d/000-local-lib.conf \\\n    && ldconfig\n" in runtime


def test_c_in_the_hands_of_a_compiler_of_cplusplus_does_too() -> None:
    runtime, _ = result(CPLUSPLUS.replace("server.cpp", "server.c"), {"server.c": PLAIN})
    assert "libstdc++" in runtime
    assert "libstdc++" not in result(C, {"server.c": PLAIN})[0]


@pytest.mark.parametrize("flags", ["-fopenmp", "-fsanitize=address", "-latomic", "-lboost_system"])
def test_other_libraries_keep_the_compilers_image(flags: str) -> None:
    runtime, _ = result(CPLUSPLUS.replace("g++", f"g++ {flags}"), {"server.cpp": STREAM})
    assert runtime == ""


def test_a_compilers_image_is_not_made_twice_for_a_package() -> None:
    dockerfile = CPLUSPLUS.replace("WORKDIR", "RUN apt-get update && apt-get install -y cmake libfcgi-dev\nWORKDIR")
    _, declines = result(dockerfile, {"server.cpp": STREAM.replace("iostream", "fcgiapp.h")})
    assert ("split-stages", "NO_BENEFIT") in declines


TOOL = "RUN go install github.com/swaggo/swag/cmd/swag@latest\n"


def test_a_tool_of_the_build_stays_behind_and_what_it_writes_does_not() -> None:
    dockerfile = go("swag init -g main.go && go build -o server .", before=TOOL)
    runtime, _ = result(dockerfile, {**MODULE, "main.go": HELLO})
    assert "/app/docs ./docs\n" in runtime
    assert "/app/server ./server\n" in runtime
    assert "/go/bin" not in runtime


@pytest.mark.parametrize("package", ["example.org/tool@latest", "example.org/x/tool/v2@v2.1.0"])
def test_a_fetched_program_that_the_container_starts_keeps_the_image(package: str) -> None:
    command = 'CMD ["sh", "-c", "tool up && ./server"]\n'
    dockerfile = go("go build -o server .", command, before=f"RUN go install {package}\n")
    runtime, declines = result(dockerfile, {**MODULE, "main.go": HELLO})
    assert runtime == ""
    assert ("split-stages", "C10") in declines


SERVER = (
    'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Handle("/", http.FileServer(http.Dir("./static")))\n'
    '\thttp.ListenAndServe(":8080", nil)\n}\n'
)
PAGES = {**MODULE, "main.go": SERVER, "static/index.html": "<p>", "static/app.js": "", "views/x.gohtml": ""}


def test_files_whose_types_go_knows_need_no_list_of_them() -> None:
    assert "media-types" not in result(go("go build -o server ."), PAGES)[0]


@pytest.mark.parametrize(
    ("base", "files"),
    [
        ("golang:1.22-bookworm", {"static/favicon.ico": ""}),
        ("golang:1.22-bookworm", {"static/notes": ""}),
        ("golang:1.22-bookworm", {"main.go": SERVER.replace("./static", "../static"), "x.ico": ""}),
        ("golang:1.22-bookworm", {"main.go": SERVER.replace('"./static"', "folder"), "x.ico": ""}),
        ("golang:1.22-bookworm", {"write.go": 'package main\n\nimport "os"\n\nvar _, _ = os.Create("static/x")\n'}),
        (
            "golang:1.22-bookworm",
            {"type.go": 'package main\n\nimport "mime"\n\nvar _ = mime.TypeByExtension(".odt")\n'},
        ),
        ("golang:1.16-bullseye", {}),
    ],
)
def test_files_whose_types_the_list_tells_have_it(base: str, files: dict[str, str]) -> None:
    assert "media-types" in result(go("go build -o server .", base=base), {**PAGES, **files})[0]


def test_a_path_that_nothing_brings_is_mounted_and_lost_to_nobody() -> None:
    start = RUST.replace('["./target/release/shop"]', '["./target/release/shop", "-c", "/config/..data/shop.toml"]')
    files = {"Cargo.toml": CRATE, "src/main.rs": MAIN}
    assert "FROM debian:bookworm-slim\n" in result(start, files)[0]
    made = start.replace("RUN cargo", "RUN ./make-config.sh\nRUN cargo")
    assert result(made, {**files, "make-config.sh": "#!/bin/sh\n"})[0] == ""
    assert ("split-stages", "A2") in result(start.replace("/config/..data", "/var/lib/shop"), files)[1]


RECIPES = """\
PREFIX ?= /usr/local

all: echod

echod: main.c
\t$(CC) -O2 -o echod main.c

install: echod
\tinstall -d $(DESTDIR)$(PREFIX)/bin
\tinstall -m 755 echod $(DESTDIR)$(PREFIX)/bin/echod
"""
INSTALLED = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y build-essential\nWORKDIR /src\nCOPY . .\n"
    'RUN make && make install\nCMD ["echod"]\n'
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("install -m 755 echod", "cp echod"),
        ("install -m 755 echod", "install -Dm755 echod"),
        ("bin/echod\n", "bin\n"),
        ("bin/echod\n", "bin/\n"),
        ("-m 755 echod", "-o root -g root -m 0755 -s -p echod"),
    ],
)
def test_what_make_installs_is_carried_by_name(old: str, new: str) -> None:
    runtime, _ = result(INSTALLED, {"Makefile": RECIPES.replace(old, new) if old else RECIPES, "main.c": PLAIN})
    assert "COPY --from=builder /usr/local/bin/echod /usr/local/bin/echod\n" in runtime
    assert "COPY --from=builder /usr/local /usr/local" not in runtime
    assert "FROM debian:bookworm-slim\n" in runtime


def test_a_folder_that_is_installed_is_carried_once() -> None:
    data = "\tinstall -d $(PREFIX)/share/echod\n\tinstall -m 644 page.txt $(PREFIX)/share/echod/page.txt\n"
    runtime, _ = result(INSTALLED, {"Makefile": RECIPES + data, "main.c": PLAIN, "page.txt": ""})
    assert "COPY --from=builder /usr/local/share/echod /usr/local/share/echod\n" in runtime
    assert "share/echod/page.txt" not in runtime


@pytest.mark.parametrize(
    ("dockerfile", "recipes"),
    [
        (INSTALLED, RECIPES.replace("-m 755", "-m 700")),
        (INSTALLED, RECIPES.replace("-m 755", "-o daemon -m 755")),
        (INSTALLED, RECIPES.replace("-m 755", "--strange")),
        (INSTALLED, RECIPES + "\tldconfig\n"),
        (INSTALLED, RECIPES + "\t./post-install.sh\n"),
        (INSTALLED, RECIPES.replace("bin/echod\n", "bin/$(shell uname -m)\n")),
        (INSTALLED.replace("make install", "make install PREFIX=/usr"), RECIPES),
        (INSTALLED.replace("WORKDIR", "ENV PREFIX=/usr\nWORKDIR"), RECIPES),
        (INSTALLED.replace("make install", "make -C sub install"), RECIPES),
    ],
)
def test_what_else_an_installation_does_keeps_the_image(dockerfile: str, recipes: str) -> None:
    assert result(dockerfile, {"Makefile": recipes, "main.c": PLAIN})[0] == ""


def test_why_there_is_no_smaller_image_is_said() -> None:
    dockerfile = go("go build -o server .", base=f"golang:latest@sha256:{'0' * 64}")
    context = Context.of({"Dockerfile": dockerfile, **MODULE, "main.go": HELLO})
    declines = migrate(dockerfile.encode(), path="Dockerfile", context=context).declines
    said = [one.message for one in declines if one.code == "NO_BENEFIT"]
    assert said
    assert said[0].startswith("no smaller image is known that runs what golang:latest@sha256:0")
