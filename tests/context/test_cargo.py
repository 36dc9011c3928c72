from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.cargo import cargo_project


def test_a_package() -> None:
    manifest = """
[package]
name = "shop"
default-run = "shop"
[[bin]]
name = "tool"
path = "tools/tool.rs"
[dependencies]
serde = "1"
local = { path = "../local" }
renamed = { package = "openssl", version = "0.10" }
[target.'cfg(unix)'.dependencies]
nix = { git = "https://example.org/nix" }
"""
    lock = '[[package]]\nname = "serde"\n[[package]]\nname = "openssl-sys"\n'
    sources = dict.fromkeys(["src/main.rs", "src/bin/a.rs", "src/bin/b/main.rs", "src/bin/c/lib.rs", "build.rs"], "")
    found = cargo_project(Context.of({"Cargo.toml": manifest, "Cargo.lock": lock, **sources}))
    assert found is not None
    assert found.binaries == ("tool", "shop", "a", "b")
    assert found.build_script == "build.rs"
    assert found.dependencies == {"serde", "local", "openssl", "nix"}
    assert found.path_dependencies == {"local": "../local"}
    assert found.git_dependencies == {"nix"}
    assert found.native_crates == {"openssl-sys"}
    assert found.manifests == ("Cargo.lock", "Cargo.toml")


def test_a_workspace() -> None:
    context = Context.of(
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n',
            "crates/a/Cargo.toml": '[package]\nname = "a"\nautobins = false\n',
            "crates/a/src/main.rs": "",
            "crates/old/Cargo.toml": "[",
            "crates/README.md": "",
        }
    )
    found = cargo_project(context)
    assert found is not None
    assert found.is_workspace
    assert found.members is not None
    assert [(member.name, member.binaries) for member in found.members] == [("a", ())]
    assert found.manifests == ("Cargo.toml", "crates/a/Cargo.toml")
    assert found.locked is None


def test_a_member_that_cannot_be_read() -> None:
    found = cargo_project(Context.of({"Cargo.toml": '[workspace]\nmembers = ["a"]\n', "a/Cargo.toml": "["}))
    assert found is not None
    assert found.members is None
    assert found.manifests is None
    assert cargo_project(Context.of({"Cargo.toml": "["})) is None
