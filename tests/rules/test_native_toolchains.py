"""Compilers in images of their own: what the runtime of a D or Swift program holds, or why there is none."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.dub import dub_package
from dfmigrate.context.sources import runtime_hints
from dfmigrate.migrate import migrate

IMAGE = "dlang2/ldc-ubuntu:1.26.0"
BUILD = "WORKDIR /app\nCOPY . .\nRUN dub build -b release --compiler=ldc2\n"
START = 'CMD ["./shop"]\n'
D = f"FROM {IMAGE}\n{BUILD}{START}"
MAIN = 'import vibe.vibe;\n\nvoid main()\n{\n\tlistenHTTP("0.0.0.0:8080", &hello);\n\trunApplication();\n}\n'


def dub(source: str = MAIN, selected: tuple[str, ...] = ("vibe-core",), **manifest: object) -> dict[str, str]:
    """A package that depends on all that it selects."""
    asked = {"name": "shop", "targetType": "executable", "dependencies": dict.fromkeys(selected, "~>1.0"), **manifest}
    pins = {"fileVersion": 1, "versions": dict.fromkeys(selected, "1.0.0")}
    return {
        "source/app.d": source,
        "dub.json": json.dumps(asked),
        "dub.selections.json": json.dumps(pins),
        ".dockerignore": ".git\n",
    }


def result(dockerfile: str, files: dict[str, str]) -> tuple[str, set[str]]:
    """The runtime stage, empty where there is none, and the codes of what stood against a split."""
    migration = migrate(dockerfile.encode(), path="Dockerfile", context=Context.of({"Dockerfile": dockerfile, **files}))
    stages = bytes(migration.after).decode().split("\nFROM ")
    codes = {decline.code for decline in migration.declines if decline.rule == "split-stages"}
    return ("FROM " + stages[-1] if len(stages) > 1 else ""), codes


def test_a_d_program_runs_on_the_release_of_its_compiler() -> None:
    runtime, _ = result(D, dub())
    assert "FROM ubuntu:18.04\n" in runtime
    assert "/app/shop ./shop\n" in runtime
    assert "libssl" not in runtime
    assert "source" not in runtime
    assert "dub" not in runtime


def test_libraries_that_packages_link_are_installed_under_their_runtime_names() -> None:
    before = D.replace("WORKDIR", "RUN apt-get update && apt-get install -y libpq-dev\nWORKDIR")
    runtime, _ = result(before, dub(selected=("vibe-core", "vibe-stream", "dpq2", "derelict-pq", "derelict-util")))
    assert "ca-certificates" in runtime
    assert "libssl1.1" in runtime
    assert "libpq5" in runtime
    assert "-dev" not in runtime


def test_curl_of_the_standard_library_is_loaded_while_it_runs() -> None:
    runtime, _ = result(D, dub('import std.net.curl;\nvoid main() { get("https://example.com"); }\n', ()))
    assert "libcurl4" in runtime
    assert "ca-certificates" in runtime


def test_templates_are_compiled_in_and_files_that_are_read_are_not() -> None:
    source = MAIN.replace("import vibe.vibe;", "import vibe.vibe;\nenum names = `data/names.txt`;")
    source += 'void hello(HTTPServerRequest req, HTTPServerResponse res)\n{\n\tres.render!("index.dt", req);\n}\n'
    runtime, _ = result(D, {**dub(source), "views/index.dt": "doctype html\n", "data/names.txt": "x\n"})
    assert "views" not in runtime
    assert "data" in runtime


def test_a_configuration_names_the_program() -> None:
    shapes = [{"name": "web", "targetName": "web", "targetPath": "bin"}, {"name": "shop"}]
    files = dub(configurations=shapes)
    runtime, _ = result(D.replace("./shop", "./bin/web"), files)
    assert "/app/bin ./bin\n" in runtime or "/app/bin/web ./bin/web\n" in runtime
    chosen, _ = result(D.replace("-b release", "-b release --config=shop"), files)
    assert "/app/shop ./shop\n" in chosen


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (dub(selected=("vibe-core", "strange")), "B12"),
        ({name: text for name, text in dub().items() if "selections" not in name}, "B12"),
        (dub(libs=["sodium"]), "B12"),
        (dub(lflags=["-lsodium"]), "B12"),
        (dub(postBuildCommands=["cp plugin.so /usr/lib/"]), "B12"),
        (dub(dependencies={"shared": {"path": "../shared"}}), "B12"),
        (dub(MAIN + 'pragma(lib, "sodium");\n'), "B12"),
        (dub(MAIN + 'auto h = dlopen("libx.so", 1);\n'), "B12"),
        (dub(dflags=["-link-defaultlib-shared"]), "B1"),
        (dub(dflags=["-enable-dynamic-compile"]), "B1"),
        (dub("import std.process;\nvoid main(string[] a) { spawnProcess(a[1 .. $]); }\n"), "C10"),
        (dub('import std.process;\nvoid main() { auto done = execute(["dub", "list"]); }\n'), "C10"),
        (dub('import std.process;\nvoid main() { "convert a b".executeShell; }\n'), "C10"),
        ({**dub(), "libshop.so": "\x7fELF"}, "D1"),
        (dub(MAIN + 'enum where = "LD_LIBRARY_PATH";\n'), "D1"),
    ],
)
def test_what_is_not_known_of_a_d_program_keeps_its_image(files: dict[str, str], code: str) -> None:
    runtime, codes = result(D, files)
    assert "FROM ubuntu" not in runtime
    assert code in codes


@pytest.mark.parametrize("tag", ["1.15.0", "1.30.0", "latest", "1.26.0@sha256:" + "0" * 64])
def test_a_tag_whose_release_is_not_known_has_no_runtime(tag: str) -> None:
    runtime, _ = result(D.replace("1.26.0", tag), dub())
    assert runtime == ""


def test_a_package_that_is_compiled_at_start_stays() -> None:
    _, codes = result(D.replace('["./shop"]', '["dub", "run"]'), dub())
    assert "C3" in codes


@pytest.mark.parametrize(
    ("source", "programs"),
    [
        ("import std.process : environment;\nvoid main() {}\n", frozenset()),
        ('import std.process;\nauto p = spawnProcess(["ffmpeg", "-i", x]);\n', frozenset({"ffmpeg"})),
        ('import vibe.core.process;\nauto p = executeShell("convert a b");\n', frozenset({"convert"})),
        ('auto rows = db.execute("SELECT 1");\n', frozenset()),
        ('/+ import std.process; auto x = spawnProcess("a"); +/\n', frozenset()),
        ("import std.process;\nvoid main() { run(thing); }\n", None),
        ("import std;\nvoid main(string[] a) { execute(a); }\n", None),
    ],
)
def test_programs_that_d_sources_start(source: str, programs: frozenset[str] | None) -> None:
    assert runtime_hints(Context.of({"source/app.d": source}), "d").programs == programs


def test_a_manifest_of_dub() -> None:
    found = dub_package(Context.of(dub(libs=["m"], **{"libs-windows": ["ws2_32"]}, targetPath="bin")))
    assert found is not None
    assert (found.program, found.libraries, found.does_more) == ("bin/shop", frozenset({"m"}), False)
    assert dub_package(Context.of(dub(targetType="library"))) is not None
    assert dub_package(Context.of(dub(configurations=[{"name": "web"}])), "", "other") is None
    assert dub_package(Context.of({"dub.json": "["})) is None


SWIFT = 'FROM swift:5.9\nWORKDIR /app\nCOPY . .\nRUN swift build -c release\nCMD [".build/release/Run"]\n'
PACKAGE = """\
// swift-tools-version:5.5
import PackageDescription

let package = Package(
    name: "shop",
    dependencies: [.package(url: "https://github.com/vapor/vapor.git", from: "4.0.0")],
    targets: [.executableTarget(name: "Run", dependencies: ["Vapor"])]
)
"""
PINS = '{"object": {"pins": [{"package": "Vapor", "repositoryURL": "https://github.com/vapor/vapor.git"}]}}'


def swift(source: str = "import Vapor\n\ntry app(.detect()).run()\n", **files: str) -> dict[str, str]:
    return {
        ".dockerignore": ".build\n",
        "Package.swift": PACKAGE,
        "Package.resolved": PINS,
        "Sources/Run/main.swift": source,
        **files,
    }


def test_a_swift_program_runs_on_the_slim_image_of_its_compiler() -> None:
    runtime, _ = result(SWIFT, swift())
    assert "FROM swift:${SWIFT_VERSION}-slim\n" in runtime
    assert "/app/.build/release ./.build/release\n" in runtime
    assert "Sources" not in runtime
    assert "Package" not in runtime


def test_an_old_swift_takes_its_libraries_along() -> None:
    runtime, _ = result(SWIFT.replace("5.9", "4.2"), swift())
    assert "FROM ubuntu:16.04\n" in runtime
    assert "COPY --from=builder /usr/lib/swift/linux /usr/lib/swift/linux\n" in runtime
    assert "libicu55 libssl1.0.0 libxml2" in runtime


def test_what_a_swift_program_reads_is_carried() -> None:
    source = 'import Foundation\nprint(try! String(contentsOfFile: "Resources/terms.txt"))\n'
    header = "//\n//  main.swift\n//\n"
    runtime, _ = result(SWIFT, swift(header + source, **{"Resources/terms.txt": "x\n", "Public/a.css": "a {}\n"}))
    assert "Resources" in runtime
    assert "Public" in runtime
    assert "Sources" not in runtime


def test_packages_that_are_resolved_first_leave_the_rest_as_it_is() -> None:
    before = SWIFT.replace("COPY . .", "COPY Package.* ./\nRUN swift package resolve\nCOPY . .")
    runtime, _ = result(before, swift())
    assert "FROM swift:${SWIFT_VERSION}-slim\n" in runtime
    assert "/app/.build/release ./.build/release\n" in runtime


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({name: text for name, text in swift().items() if name != "Package.resolved"}, "B12"),
        (swift(**{"Package.resolved": PINS.replace("Vapor", "PythonKit")}), "B12"),
        (swift(**{"Sources/CZ3/module.modulemap": 'module CZ3 [system] { link "z3" }\n'}), "B12"),
        (swift("import Foundation\nlet task = Process()\ntask.launch()\n"), "C10"),
        (swift('import ShellOut\ntry shellOut(to: "git", arguments: ["log"])\n'), "C10"),
        (swift("import Glibc\nsystem(CommandLine.arguments[1])\n"), "C10"),
    ],
)
def test_what_is_not_known_of_a_swift_program_keeps_its_image(files: dict[str, str], code: str) -> None:
    runtime, codes = result(SWIFT, files)
    assert "slim" not in runtime
    assert code in codes


def test_a_swift_image_of_another_distribution_stays() -> None:
    _, codes = result(SWIFT.replace("5.9", "5.9-amazonlinux2"), swift())
    assert "B12" in codes


def test_a_package_that_is_built_elsewhere_is_carried_whole() -> None:
    runtime, _ = result(SWIFT.replace("-c release", "-c release --build-path /build"), swift())
    assert "./.build/release\n" not in runtime


def test_a_swift_package_that_is_run_is_compiled_at_start() -> None:
    _, codes = result(SWIFT.replace('[".build/release/Run"]', '["swift", "run"]'), swift())
    assert "C3" in codes


C = 'FROM node:20-bookworm\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["./shop"]\n'
IN_SRC = C.replace("make", "make -C src").replace("./shop", "./src/shop")
C_FILES = {"Makefile": "shop: main.c\n\tgcc -o shop main.c\n", "main.c": "int main(void) { return 0; }\n"}


def test_a_c_program_of_a_full_image_runs_on_the_slim_one() -> None:
    runtime, _ = result(C, C_FILES)
    assert "slim" in runtime


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (C, {"Makefile": "shop: main.c\n\tgcc -o shop main.c -lcurl\n"}),
        (IN_SRC, {"src/Makefile": "L = -lm -lcurl\nshop: main.c\n\tgcc -o shop main.c $(L)\n", "src/main.c": "\n"}),
        (C.replace("make", "clang++ -o shop main.cc -lcurl"), {"main.cc": "int main() { return 0; }\n"}),
        (C, {"Makefile": "shop: main.c\n\tgcc -o shop main.c `pkg-config --libs libcurl`\n"}),
        (C.replace("make", "cmake . && make"), {"CMakeLists.txt": "find_package(CURL REQUIRED)\n"}),
        (C.replace("make", "cmake . && make"), {"CMakeLists.txt": "target_link_libraries(shop curl)\n"}),
        (C.replace("make", "./configure && make"), {"configure": "#!/bin/sh\n"}),
        (C.replace("RUN make", "RUN git clone https://example.com/x.git /src && cd /src && make && cp shop /app"), {}),
        (
            IN_SRC.replace("node:20", "gcc:12"),
            {"src/Makefile": "L = -lcurl\nshop: main.c\n\tgcc -o shop main.c $(L)\n", "src/main.c": "\n"},
        ),
    ],
)
def test_a_c_program_that_may_need_more_than_the_c_library_keeps_its_image(
    dockerfile: str, files: dict[str, str]
) -> None:
    runtime, codes = result(dockerfile, {**C_FILES, **files})
    assert "slim" not in runtime
    assert codes & {"B1", "C10", "A2"}


H2O = """\
FROM ruby:2.6
COPY h2o.conf ./
RUN apt-get update && apt-get install -y bison cmake libssl-dev make
ENV V=v2.3.0-beta2
RUN wget -q https://github.com/h2o/h2o/archive/$V.tar.gz && tar xf $V.tar.gz && cd h2o-2.3.0-beta2 && \\
    cmake -DCMAKE_INSTALL_PREFIX=/h2o -DWITH_MRUBY=on . && make -j "$(nproc)" install
CMD ["/h2o/bin/h2o", "-c", "h2o.conf"]
"""
CONF = "listen: 8080\nhosts:\n  default:\n    paths:\n      /:\n        mruby.handler: |\n          Proc.new do |env|\n"


def test_a_server_that_is_fetched_and_compiled_leaves_its_sources_behind() -> None:
    runtime, _ = result(H2O, {"h2o.conf": CONF})
    assert "FROM ruby:${RUBY_VERSION}-slim\n" in runtime
    assert "COPY --from=builder /h2o /h2o\n" in runtime
    assert "h2o.conf" in runtime
    assert "install -y libssl1.1" in runtime
    assert "beta2.tar.gz" not in runtime
    assert "/h2o-2" not in runtime


@pytest.mark.parametrize(
    ("old", "new", "conf"),
    [
        ("v2.3.0-beta2", "v2.2.6", ""),
        ("h2o/h2o/archive", "acme/h2o/archive", ""),
        ("-DWITH_MRUBY=on", "-DWITH_CCACHE=on", ""),
        ("-DCMAKE_INSTALL_PREFIX=/h2o", "", ""),
        ("ENV V", "ENV H2O_PERL=/opt/perl\nENV V", ""),
        ("", "", 'access-log: "| rotatelogs -l /x"\n'),
        ("", "", "fastcgi.spawn: php-cgi\n"),
        ("cmake -D", "sed -i s/a/b/ CMakeLists.txt && cmake -D", ""),
    ],
)
def test_what_is_fetched_and_not_known_stays_where_it_was_compiled(old: str, new: str, conf: str) -> None:
    runtime, codes = result(H2O.replace(old, new) if old else H2O, {"h2o.conf": CONF + conf})
    assert runtime == ""
    assert codes & {"C10", "A17", "B1", "A1", "A2"}


RUST = """\
FROM node:20-bookworm
RUN apt-get update && apt-get install -y cargo
WORKDIR /app
COPY . .
RUN cargo build --release
CMD ["./target/release/shop"]
"""


def crates(*names: str) -> dict[str, str]:
    locked = "".join(f'[[package]]\nname = "{name}"\nversion = "0.1.0"\n\n' for name in ("shop", *names))
    asked = "".join(f'{name} = "0.1"\n' for name in names)
    return {
        ".dockerignore": "target\n",
        "Cargo.toml": f'[package]\nname = "shop"\nversion = "0.1.0"\n\n[dependencies]\n{asked}',
        "Cargo.lock": f"version = 3\n\n{locked}",
        "src/main.rs": "fn main() {}\n",
    }


@pytest.mark.parametrize("image", ["node:20-bookworm", "buildpack-deps:bookworm"])
def test_crates_on_the_image_of_another_language_bring_their_libraries(image: str) -> None:
    dockerfile = RUST.replace("node:20-bookworm", image)
    runtime, _ = result(dockerfile, crates("openssl-sys"))
    assert "slim" in runtime
    assert "libssl3" in runtime
    _, codes = result(dockerfile, crates("strange-sys"))
    assert "B12" in codes


def test_another_compiler_on_a_full_image_keeps_it() -> None:
    dockerfile = RUST.replace("cargo build --release", "crystal build server.cr")
    runtime, codes = result(dockerfile.replace("target/release/shop", "server"), {"server.cr": 'require "openssl"\n'})
    assert "slim" not in runtime
    assert "B12" in codes


def test_flags_that_are_not_the_linker_s_ask_for_nothing() -> None:
    makefile = 'shop: main.go\n\tls -la\n\tgo build -ldflags="-s -w" -o shop .\n'
    dockerfile = C.replace("node:20", "golang:1.22")
    dockerfile = dockerfile.replace("COPY", "RUN apt-get update && apt-get install -y pkg-config\nCOPY")
    go = {"go.mod": "module shop\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}
    _, codes = result(dockerfile, {"Makefile": makefile, **go})
    assert "B1" not in codes


def test_go_that_calls_c_on_another_image_asks_for_its_libraries() -> None:
    dockerfile = RUST.replace("node:20-bookworm", "buildpack-deps:bookworm").replace("target/release/shop", "shop")
    dockerfile = dockerfile.replace("install -y cargo", "install -y golang").replace(
        "cargo build --release", "go build"
    )
    go = {"go.mod": "module shop\n\ngo 1.19\n", "main.go": "package main\n\nfunc main() {}\n"}
    assert "slim" in result(dockerfile, go)[0]
    linked = 'package main\n\n// #cgo LDFLAGS: -lcurl\nimport "C"\n\nfunc main() {}\n'
    runtime, codes = result(dockerfile, {**go, "main.go": linked})
    assert "slim" not in runtime
    assert "B1" in codes


def test_an_extension_that_is_built_in_place_asks_for_its_libraries() -> None:
    dockerfile = (
        "FROM python:3.11-bookworm\nWORKDIR /app\nCOPY . .\nRUN python setup.py build_ext --inplace\n"
        'CMD ["python", "app.py"]\n'
    )
    setup = 'from setuptools import Extension, setup\nsetup(ext_modules=[Extension("fast", ["fast.c"]{})])\n'
    files = {"fast.c": "int x;\n", "app.py": "import fast\n"}
    assert "slim" in result(dockerfile, {**files, "setup.py": setup.format("")})[0]
    runtime, codes = result(dockerfile, {**files, "setup.py": setup.format(', libraries=["curl"]')})
    assert "slim" not in runtime
    assert "B1" in codes


def test_a_compiler_whose_sources_are_not_read_keeps_the_full_image() -> None:
    dockerfile = RUST.replace("cargo build --release", "ghc -o shop Main.hs").replace("target/release/shop", "shop")
    runtime, codes = result(dockerfile, {"Main.hs": "main = return ()\n", "server.js": ""})
    assert "slim" not in runtime
    assert "B12" in codes
