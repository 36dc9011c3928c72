"""Compiled languages: what the runtime of a Go, Rust, Zig, Crystal or C program holds, or why there is none."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

MAIN = {"src/main.rs": 'fn main() {\n    println!("hello");\n}\n'}
MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
RUST = "FROM rust:1.80-bookworm\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n"
SERDE = '[dependencies]\nserde = "1"\n'
START = 'CMD ["./target/release/shop"]\n'


def lock(*crates: str) -> str:
    return "version = 3\n\n" + "".join(
        f'[[package]]\nname = "{name}"\nversion = "0.1.0"\n\n' for name in ("shop", *crates)
    )


def rust(*crates: str, manifest: str = "", **files: str) -> dict[str, str]:
    return {**MAIN, "Cargo.toml": MANIFEST + manifest, "Cargo.lock": lock(*crates), **files}


def result(dockerfile: str, files: dict[str, str]) -> tuple[str, set[tuple[str, str]]]:
    """The runtime stage, empty where there is none, and the declines."""
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": "target\n", **files})
    migration = migrate(dockerfile.encode(), path="Dockerfile", context=context)
    text = bytes(migration.after).decode()
    stages = text.split("\nFROM ")
    return ("FROM " + stages[-1] if len(stages) > 1 else ""), {(d.rule, d.code) for d in migration.declines}


def test_a_crate_without_libraries_runs_on_the_slim_distribution() -> None:
    runtime, _ = result(RUST + START, rust())
    assert "FROM debian:bookworm-slim\n" in runtime
    assert "/app/target/release/shop ./target/release/shop\n" in runtime
    assert "Cargo" not in runtime
    assert "src" not in runtime


def test_openssl_of_the_system_is_installed_with_its_certificates() -> None:
    runtime, _ = result(RUST + START, rust("openssl-sys", manifest='[dependencies]\nopenssl-sys = "0.9"\n'))
    assert "ca-certificates libssl3" in runtime


def test_a_vendored_library_needs_no_package() -> None:
    asked = '[dependencies]\nopenssl = { version = "0.10", features = ["vendored"] }\n'
    runtime, _ = result(RUST + START, rust("openssl", "openssl-sys", "openssl-src", manifest=asked))
    assert "libssl" not in runtime
    assert "FROM debian:bookworm-slim\n" in runtime


@pytest.mark.parametrize(
    "files",
    [
        {name: text for name, text in rust(manifest=SERDE).items() if name != "Cargo.lock"},
        rust("strange-sys"),
        rust("libxml"),
        rust(manifest=SERDE),
    ],
    ids=["no lock file", "an unknown crate", "a crate that links without saying so", "a lock file that is out of date"],
)
def test_unknown_libraries_keep_the_image_that_has_them_all(files: dict[str, str]) -> None:
    runtime, declines = result(RUST + START, files)
    assert "FROM buildpack-deps:bookworm\n" in runtime
    assert ("split-stages", "B12") in declines


def test_a_lock_file_that_is_not_copied_says_nothing() -> None:
    dockerfile = RUST.replace("COPY . .", "COPY Cargo.toml ./\nCOPY src src") + START
    assert "FROM buildpack-deps:bookworm\n" in result(dockerfile, rust("serde", manifest=SERDE))[0]


def test_only_the_program_that_is_started_is_taken() -> None:
    two = {"src/bin/import.rs": "fn main() {}\n", "src/bin/serve.rs": "fn main() {}\n"}
    runtime, _ = result(RUST + 'CMD ["./target/release/serve"]\n', rust(**two))
    assert "release/serve" in runtime
    assert "release/import" not in runtime


def test_a_program_that_a_start_script_names_is_taken_too() -> None:
    two = {
        "src/bin/import.rs": "fn main() {}\n",
        "src/bin/serve.rs": "fn main() {}\n",
        "run.sh": "#!/bin/sh\n./target/release/import && exec ./target/release/serve\n",
    }
    runtime, _ = result(RUST + 'CMD ["sh", "run.sh"]\n', rust(**two))
    assert "release/serve" in runtime
    assert "release/import" in runtime


def test_a_program_that_looks_for_its_neighbours_keeps_them() -> None:
    neighbour = 'fn main() {\n    let me = std::env::current_exe().unwrap();\n    println!("{:?}", me);\n}\n'
    two = {"src/bin/serve.rs": neighbour, "src/bin/import.rs": "fn main() {}\n"}
    runtime, _ = result(RUST + 'CMD ["./target/release/serve"]\n', rust(**two))
    assert "release/import" in runtime


def test_a_program_that_needs_a_feature_is_not_there_to_be_copied() -> None:
    extra = '\n[[bin]]\nname = "extra"\npath = "src/extra.rs"\nrequired-features = ["more"]\n\n[features]\nmore = []\n'
    files = rust(manifest=extra, **{"src/extra.rs": "fn main() {}\n"})
    assert "release/extra" not in result(RUST + START, files)[0]


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (RUST, rust(**{".cargo/config.toml": '[build]\ntarget-dir = "out"\n'})),
        (RUST.replace("RUN", "ENV CARGO_TARGET_DIR=/app/out\nRUN"), rust()),
        (RUST, rust(manifest='\n[lib]\ncrate-type = ["cdylib"]\n')),
        (RUST, rust(**{"build.rs": 'fn main() { std::fs::write("src/made.txt", "x").unwrap(); }\n'})),
    ],
    ids=["configured elsewhere", "moved by a variable", "a library beside it", "a build script that writes"],
)
def test_where_the_program_lies_is_not_guessed(dockerfile: str, files: dict[str, str]) -> None:
    runtime, _ = result(dockerfile + START, files)
    assert "COPY --from=builder --chown=10001:10001 /app/ ./" in runtime or "/app/target" not in runtime


def test_a_program_that_the_sources_call_comes_along() -> None:
    calls = 'use std::process::Command;\nfn main() { Command::new("git").arg("log").status().unwrap(); }\n'
    runtime, _ = result(RUST + START, rust(**{"src/main.rs": calls}))
    assert "git" in runtime.partition("WORKDIR")[0]


def test_the_parser_of_arguments_is_no_call() -> None:
    parser = 'use clap::{Arg, Command};\nfn main() { Command::new("shop").arg(Arg::new("p")).get_matches(); }\n'
    assert "debian:bookworm-slim" in result(RUST + START, rust(**{"src/main.rs": parser}))[0]


def test_a_computed_program_can_be_none_of_the_compiler() -> None:
    """Rust's image adds nothing but Rust to the image below it."""
    calls = "use std::process::Command;\nfn main() { Command::new(std::env::args().nth(1).unwrap()).status(); }\n"
    runtime, declines = result(RUST + START, rust(**{"src/main.rs": calls}))
    assert "FROM buildpack-deps:bookworm\n" in runtime
    assert ("split-stages", "C10") in declines
    quoted = calls.replace("fn main()", 'const TOOLS: [&str; 2] = ["git", "cargo"];\nfn main()')
    assert result(RUST + START, rust(**{"src/main.rs": quoted}))[0] == ""


GO = {"go.mod": "module example.com/shop\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}


def test_a_program_that_was_compiled_over_a_committed_one_is_no_script() -> None:
    dockerfile = "FROM golang:1.22-bookworm\nWORKDIR /app\nCOPY . .\nRUN go build -o main .\nCMD ./main\n"
    assert "FROM debian:bookworm-slim\n" in result(dockerfile, {**GO, "main": "\x7fELF..."})[0]


def test_a_start_command_without_its_program_is_reported() -> None:
    dockerfile = 'FROM golang:1.22-bookworm\nWORKDIR /app\nCOPY . .\nRUN go build -o main .\nCMD ["./cmd/web/main"]\n'
    runtime, declines = result(dockerfile, GO)
    assert runtime == ""
    assert ("split-stages", "A1") in declines


def test_sources_that_a_command_fetches_are_not_known() -> None:
    dockerfile = (
        "FROM debian:bookworm\nWORKDIR /app\nRUN apt-get update && apt-get install -y build-essential git\n"
        'RUN git clone https://example.org/server.git /app\nRUN make\nCMD ["/app/server"]\n'
    )
    runtime, declines = result(dockerfile, {"notes.txt": "nothing\n"})
    assert runtime == ""
    assert ("split-stages", "C10") in declines


def test_a_start_script_that_compiles_is_not_split() -> None:
    dockerfile = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y cmake g++ ninja-build\nWORKDIR /app\nCOPY . .\n"
        'RUN gcc -o first first.c\nCMD ["./start.sh"]\n'
    )
    files = {"first.c": "int main(){return 0;}\n", "start.sh": "#!/bin/sh\ncmake -B build\n./build/server\n"}
    runtime, declines = result(dockerfile, files)
    assert runtime == ""
    assert ("split-stages", "C3") in declines


def test_crystal_finds_the_libraries_of_its_image() -> None:
    dockerfile = (
        "FROM crystallang/crystal:1.14.0\nWORKDIR /app\nCOPY . .\nRUN crystal build --release server.cr\n"
        'CMD ["./server"]\n'
    )
    runtime, _ = result(dockerfile, {"server.cr": 'puts "hello"\n'})
    assert "FROM ubuntu:24.04\n" in runtime
    assert "libgc1" in runtime
    assert "libssl3t64" in runtime
    assert "server.cr" not in runtime


def test_a_program_that_cargo_installs_is_found_on_the_path() -> None:
    dockerfile = 'FROM rust:1.80\nWORKDIR /usr/src/shop\nCOPY . .\nRUN cargo install --path .\nCMD ["shop"]\n'
    runtime, _ = result(dockerfile, rust())
    assert "ENV PATH=/usr/local/cargo/bin:$PATH\n" in runtime
    assert "COPY --from=builder /usr/local/cargo/bin/shop /usr/local/cargo/bin/shop\n" in runtime
    assert "cargo/registry" not in runtime


def test_a_program_that_go_installs_is_found_on_the_path() -> None:
    dockerfile = 'FROM golang:1.22-bookworm\nWORKDIR /src\nCOPY . .\nRUN go install .\nCMD ["shop"]\n'
    runtime, _ = result(dockerfile, GO)
    assert "ENV PATH=/go/bin:$PATH\n" in runtime
    assert "COPY --from=builder /go/bin/shop /go/bin/shop\n" in runtime


@pytest.mark.parametrize("options", ["example.com/tool@latest", "-buildmode=plugin ."])
def test_other_installations_of_go_are_not_guessed(options: str) -> None:
    dockerfile = f'FROM golang:1.22-bookworm\nWORKDIR /src\nCOPY . .\nRUN go install {options}\nCMD ["shop"]\n'
    assert "/go/bin/shop" not in result(dockerfile, GO)[0]


def test_a_path_of_the_file_itself_is_kept_as_it_is() -> None:
    dockerfile = (
        "FROM golang:1.22-bookworm\nENV PATH=/opt/shop:/go/bin:$PATH\nWORKDIR /src\nCOPY . .\nRUN go install .\n"
        'CMD ["shop"]\n'
    )
    assert "PATH=/go/bin:$PATH" not in result(dockerfile, GO)[0]


def test_a_variable_of_the_old_image_that_the_working_directory_names_is_set_again() -> None:
    dockerfile = (
        "FROM golang:1.22-bookworm\nWORKDIR $GOPATH/src/shop\nCOPY . $GOPATH/src/shop\nRUN go build .\n"
        'ENTRYPOINT ["./shop"]\n'
    )
    runtime, _ = result(dockerfile, GO)
    assert "ENV GOPATH=/go\nWORKDIR $GOPATH/src/shop\n" in runtime
    assert " /go/src/shop/shop ./shop\n" in runtime
