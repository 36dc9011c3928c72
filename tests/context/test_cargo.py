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
    assert found.native_crates is not None
    assert [(crate.name, crate.bundled) for crate in found.native_crates] == [("openssl-sys", False)]
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


def test_features_and_profiles() -> None:
    manifest = """
[package]
name = "shop"
[[bin]]
name = "admin"
required-features = ["admin"]
[features]
default = ["web"]
admin = []
[profile.release]
lto = true
[profile.small]
inherits = "release"
[profile.dev]
debug = 0
"""
    found = cargo_project(Context.of({"Cargo.toml": manifest}))
    assert found is not None
    assert found.features == {"default": ("web",), "admin": ()}
    assert found.required_features == {"admin": ("admin",)}
    assert found.profiles == {"release": "release", "small": "small", "dev": "debug"}


def test_which_crates_bring_their_library() -> None:
    manifest = '[package]\nname = "a"\n[dependencies]\nrusqlite = { version = "0.30", features = ["bundled"] }\n'
    names = ("libz-sys", "libsqlite3-sys", "openssl-sys", "openssl-src", "zstd-sys", "pq-sys", "odd-sys", "serde")
    lock = "".join(f'[[package]]\nname = "{name}"\n' for name in names)
    found = cargo_project(Context.of({"Cargo.toml": manifest, "Cargo.lock": lock}))
    assert found is not None
    assert found.native_crates is not None
    assert {crate.name: crate.bundled for crate in found.native_crates} == {
        "libsqlite3-sys": True,
        "libz-sys": None,
        "odd-sys": None,
        "openssl-sys": None,
        "pq-sys": False,
        "zstd-sys": True,
    }
    (pq,) = [crate.facts for crate in found.native_crates if crate.name == "pq-sys"]
    assert pq is not None
    assert pq.build_packages == ("libpq-dev",)


def test_programs_of_a_workspace() -> None:
    context = Context.of(
        {
            "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
            "a/Cargo.toml": '[package]\nname = "a"\n',
            "a/src/main.rs": "",
            "b/Cargo.toml": '[package]\nname = "b"\n',
            "b/src/bin/c.rs": "",
        }
    )
    found = cargo_project(context)
    assert found is not None
    assert found.programs is not None
    assert {name: member.folder for name, member in found.programs.items()} == {"a": "a", "c": "b"}
