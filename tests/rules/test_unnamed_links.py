"""Libraries that nothing names in plain sight: settings of dub, variables, and what stands behind ``make``."""

from __future__ import annotations

import pytest
from test_native_toolchains import IMAGE, SWIFT, D, dub, result


@pytest.mark.parametrize(
    "manifest",
    [
        {"dflags": ["-L-lsqlite3"]},
        {"dflags": ["-L=-lsqlite3"]},
        {"dflags-ldc": ["-Xcc=-lsqlite3"]},
        {"dflags": ["vendor/store.a"]},
        {"buildTypes": {"release": {"lflags": ["-lcurl"]}}},
        {"buildTypes": {"release": {"libs": ["curl"]}}},
        {"buildTypes": {"release": {"postBuildCommands": ["./more.sh"]}}},
        {"sourceFiles": ["vendor/store.a"]},
        {"sourceFiles-linux": ["/usr/lib/x86_64-linux-gnu/libcurl.so"]},
        {"subConfigurations": {"vibe-core": "libevent"}},
        {"injectSourceFiles": ["more.d"]},
    ],
)
def test_settings_of_dub_that_link_more_keep_the_image(manifest: dict[str, object]) -> None:
    runtime, codes = result(D, dub(**manifest))
    assert "FROM ubuntu" not in runtime
    assert "B12" in codes


def test_settings_of_dub_that_link_nothing() -> None:
    release = {
        "buildOptions": ["optimize"],
        "dflags": ["-boundscheck=off", "-mcpu=native"],
        "dflags-ldc": ["-flto=thin"],
    }
    runtime, _ = result(
        D, dub(buildTypes={"release": release}, versions=["Fast"], subConfigurations={"vibe:tls": "notls"})
    )
    assert "FROM ubuntu:18.04\n" in runtime


RUST_MAKE = 'FROM rust:1.75-bookworm\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["./server"]\n'
CRATE = {
    "Cargo.toml": '[package]\nname = "server"\nversion = "0.1.0"\n[dependencies]\nopenssl = "0.10"\n',
    "src/main.rs": "fn main() {}\n",
}
D_MAKE = {"Makefile": "server: app.d\n\tldc2 -of=server app.d -L-lcurl -L-lssl\n", "app.d": "void main() {}\n"}
C_MAIN = {"main.c": "int main(void) { return 0; }\n"}


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (f'FROM {IMAGE}\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["./server"]\n', D_MAKE),
        (f'FROM {IMAGE}\nWORKDIR /app\nCOPY . .\nRUN dub build && make\nCMD ["./server"]\n', {**D_MAKE, **dub()}),
        (RUST_MAKE, {**CRATE, "Makefile": "server:\n\tcargo build --release\n\tcp target/release/server ./server\n"}),
        (
            SWIFT.replace("swift build -c release", "make server").replace(".build/release/Run", "./server"),
            {"Makefile": "server: a.swift\n\tswiftc -o server a.swift\n", "a.swift": "print(1)\n"},
        ),
    ],
)
def test_make_may_call_the_compiler_of_the_image(dockerfile: str, files: dict[str, str]) -> None:
    runtime, codes = result(dockerfile, files)
    assert runtime == "" or ("slim" not in runtime and "FROM ubuntu" not in runtime)
    assert "B12" in codes


@pytest.mark.parametrize("image", [IMAGE, "crystallang/crystal:1.14.0", "rust:1.75-bookworm", "swift:5.9", "gcc:13"])
def test_libraries_of_c_are_asked_for_on_the_image_of_any_language(image: str) -> None:
    before = f'FROM {image}\nWORKDIR /app\nCOPY . .\nRUN gcc -o server main.c -lssl -lcrypto\nCMD ["./server"]\n'
    runtime, codes = result(before, C_MAIN)
    assert runtime == "" or f"FROM {image}" in runtime
    assert codes & {"B1", "B12"}


@pytest.mark.parametrize("line", ["ENV DFLAGS=-L-lcurl", "ARG LDFLAGS=-lcurl", "RUN export DFLAGS=-L-lcurl"])
def test_flags_in_a_variable_keep_the_image_of_d(line: str) -> None:
    runtime, codes = result(
        D.replace("RUN dub", f"{line}\nRUN dub").replace("curl\nRUN", "curl && " if line[:3] == "RUN" else "curl\nRUN"),
        dub(),
    )
    assert "FROM ubuntu" not in runtime
    assert "B12" in codes


LOCK = '[[package]]\nname = "server"\nversion = "0.1.0"\n'
ALONE = {
    "Cargo.toml": '[package]\nname = "server"\nversion = "0.1.0"\n',
    "Cargo.lock": LOCK,
    "src/main.rs": "fn main() {}\n",
}
CARGO = RUST_MAKE.replace("make", "cargo build --release").replace("./server", "./target/release/server")


def test_a_crate_of_its_own_sources_alone() -> None:
    assert "FROM debian:bookworm-slim\n" in result(CARGO, ALONE)[0]


@pytest.mark.parametrize(
    "files",
    [
        {"src/main.rs": '#[link(name = "curl")]\nextern "C" {}\nfn main() {}\n'},
        {"build.rs": 'fn main() { println!("cargo:rustc-link-lib=curl"); }\n'},
        {"build.rs": 'fn main() { pkg_config::probe_library("libcurl").unwrap(); }\n'},
        {".cargo/config.toml": '[build]\nrustflags = ["-C", "link-arg=-lcurl"]\n'},
        {".cargo/config.toml": '[build]\nrustflags = ["-lcurl"]\n'},
    ],
)
def test_a_library_that_the_crate_itself_names_keeps_the_image(files: dict[str, str]) -> None:
    runtime, codes = result(CARGO, {**ALONE, **files})
    assert "slim" not in runtime
    assert "B12" in codes
