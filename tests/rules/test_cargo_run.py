"""``cargo run`` as the start command: the program itself where it is built, and left alone where Cargo may do more."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

_BUILT = "FROM rust:1.80-bookworm\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n"
_START = 'CMD ["cargo", "run", "--release"]\n'
_MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
_LOCK = 'version = 3\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\n'
_FILES = {"Cargo.toml": _MANIFEST, "Cargo.lock": _LOCK, "src/main.rs": 'fn main() { println!("hello"); }\n'}
_SERVICE = "services:\n  app:\n    build: .\n"
_TWO = {"src/bin/import.rs": "fn main() {}\n"}


def _migrated(dockerfile: str, files: dict[str, str]) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": "target\n", **_FILES, **files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


@pytest.mark.parametrize(
    ("dockerfile", "files", "start"),
    [
        (_BUILT + _START, {}, 'CMD ["./target/release/shop"]'),
        (_BUILT + "CMD cargo run --release\n", {}, "CMD ./target/release/shop"),
        (_BUILT + _START.replace("CMD", "ENTRYPOINT"), {}, 'ENTRYPOINT ["./target/release/shop"]'),
        (_BUILT + 'CMD ["cargo", "run", "-q", "-r", "--", "--port", "80"]\n', {}, 'shop", "--port", "80"]'),
        (_BUILT + 'CMD ["cargo", "run", "--release", "serve"]\n', {}, 'release/shop", "serve"]'),
        (_BUILT + 'CMD ["cargo", "run", "--release", "--bin=import"]\n', _TWO, 'CMD ["./target/release/import"]'),
        (_BUILT + 'CMD ["cargo", "run", "--profile", "release"]\n', {}, 'CMD ["./target/release/shop"]'),
        (_BUILT.replace(" --release", "") + 'CMD ["cargo", "run"]\n', {}, 'CMD ["./target/debug/shop"]'),
        (_BUILT + _START, {"src/empty.rs": ""}, 'CMD ["./target/release/shop"]'),
        (_BUILT + "ENV RUST_LOG=info PORT=80\n" + _START, {}, 'CMD ["./target/release/shop"]'),
        (
            _BUILT + _START,
            {**_TWO, "Cargo.toml": _MANIFEST + 'default-run = "import"\n'},
            'CMD ["./target/release/import"]',
        ),
    ],
)
def test_the_program_that_is_built_is_started(dockerfile: str, files: dict[str, str], start: str) -> None:
    found = _migrated(dockerfile, files)
    text = bytes(found.after).decode()
    assert "FROM debian:bookworm-slim" in text
    assert start in text
    assert "cargo run" not in text.rpartition("FROM")[2]
    assert any("without Cargo" in warning for step in found.steps for warning in step.warnings)


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (_BUILT.replace(" --release", "") + _START, {}),
        (_BUILT.replace("RUN cargo build --release\n", "") + _START, {}),
        (_BUILT.replace("--release", "--release --features tls") + _START, {}),
        (_BUILT.replace("RUN cargo", "RUN RUSTFLAGS=-g cargo") + _START, {}),
        (_BUILT.replace("RUN cargo", "RUN export RUSTFLAGS=-g && cargo") + _START, {}),
        (_BUILT.replace("RUN cargo", "ARG RUSTFLAGS=-g\nRUN cargo") + _START, {}),
        (
            _BUILT.replace("RUN cargo", "ARG COLOR=red\nRUN cargo") + _START,
            {"src/main.rs": 'fn main() { env!("COLOR"); }'},
        ),
        (_BUILT + "ENV COLOR=red\n" + _START, {"build.rs": 'fn main() { std::env::var("COLOR").unwrap(); }\n'}),
        (_BUILT + "ENV RUSTFLAGS=-g\n" + _START, {}),
        (_BUILT + "COPY more.rs src/\n" + _START, {"more.rs": "fn main() {}\n"}),
        (_BUILT.replace("--release", "--release && sed -i s/hello/bye/ src/main.rs") + _START, {}),
        (_BUILT.replace("cargo build", "cd sub && cargo build") + _START, {"sub/Cargo.toml": _MANIFEST}),
        (_BUILT + _START, _TWO),
        (_BUILT + _START, {".cargo/config.toml": '[target.x86_64-unknown-linux-gnu]\nrunner = "strace"\n'}),
        (_BUILT + _START, {"src/main.rs": 'fn main() { std::env::var("CARGO_MANIFEST_DIR").unwrap(); }\n'}),
        (_BUILT + _START, {"src/main.rs": 'fn main() { std::env::var(\n  "OUT_DIR"\n).unwrap(); }\n'}),
        (_BUILT + _START, {"Cargo.lock": _LOCK + '\n[[package]]\nname = "bevy_asset"\nversion = "0.19.0"\n'}),
        (_BUILT + 'CMD ["cargo", "run", "--release", "--features", "tls"]\n', {}),
        (_BUILT + 'CMD ["cargo", "+nightly", "run", "--release"]\n', {}),
        (_BUILT + 'CMD ["cargo", "run", "--release", "--example", "shop"]\n', {}),
        (_BUILT + "CMD cargo run --release --bin $NAME\n", {}),
        (_BUILT + 'ENTRYPOINT ["cargo", "run", "--release", "--"]\nCMD ["serve"]\n', {}),
        (_BUILT + "RUN rm -rf target\n" + _START, {}),
        (_BUILT + "ENV COLOR=red\n" + _START, {"src/main.rs": 'fn main() { option_env!("COLOR"); }'}),
        (_BUILT + "ENV COLOR=red\n" + _START, {"src/main.rs": 'fn main() { baked!("COLOR"); }'}),
        (_BUILT.replace("RUN", "ENV RUSTFLAGS='-C prefer-dynamic'\nRUN") + _START, {}),
        (_BUILT + _START, {"build.rs": 'fn main() { println!("cargo:rustc-link-search=native=/x"); }\n'}),
        (_BUILT + _START, {"build.rs": 'fn main() { println!("cargo:rustc-env=COLOR=red"); }\n'}),
        (_BUILT + _START, {"Cargo.lock": _LOCK + '\n[[package]]\nname = "torch-sys"\nversion = "0.14.0"\n'}),
        (_BUILT + _START, {"compose.yaml": _SERVICE + "    volumes:\n      - .:/app\n"}),
        (_BUILT + _START, {"compose.yaml": _SERVICE + "    environment:\n      RUSTFLAGS: -g\n"}),
        (
            _BUILT + _START,
            {
                "compose.yaml": _SERVICE + "    env_file: secret.env\n",
                "src/main.rs": 'fn main() { option_env!("COLOR"); }',
            },
        ),
        (_BUILT.replace("RUN cargo", "RUN --mount=type=cache,target=/app/target cargo") + _START, {}),
    ],
)
def test_where_cargo_may_do_more_it_stays(dockerfile: str, files: dict[str, str]) -> None:
    found = _migrated(dockerfile, files)
    assert "split-stages" not in {step.rule for step in found.steps}
    assert bytes(found.after).decode().count("FROM") == 1
    assert "C3" in {one.code for one in found.declines}


def test_what_is_started_now_is_asked_for_its_user() -> None:
    assert "USER 10001:10001" in bytes(_migrated(_BUILT + _START, {}).after).decode()
