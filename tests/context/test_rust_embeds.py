from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.rust_embeds import RustEmbeds, rust_embeds

FILES = {"Cargo.toml": "", "src/page.html": "", "migrations/1.sql": "", "assets/a": "", "templates/b.html": ""}


def read(code: str, name: str = "src/main.rs", **texts: str) -> RustEmbeds:
    return rust_embeds(Context.of({**FILES, name: code, **texts}))


def test_what_macros_embed() -> None:
    code = """
// include_str!("absent");
const A: &str = include_str!("page.html");
const B: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/a"));
let c = sqlx::migrate!();
let d = sqlx::migrate!("./migrations");
#[derive(RustEmbed)] #[folder = "assets/"] struct E;
#[template(path = "b.html")] struct F;
include!(concat!(env!("OUT_DIR"), "/made.rs"));
"""
    found = read(code)
    assert [path for path, _ in found.embedded] == [
        "src/page.html",
        "assets/a",
        "migrations",
        "assets",
        "templates/b.html",
    ]
    assert [place.line for place in found.computed] == [9]
    assert not found.checked_queries


def test_what_a_build_script_watches() -> None:
    code = 'fn main() { println!("cargo:rerun-if-changed=migrations"); println!("cargo::rerun-if-changed=absent"); }'
    assert read(code, "build.rs").watched == ("migrations",)


def test_queries_that_are_checked_while_compiling() -> None:
    assert read('sqlx::query!("select 1")').checked_queries
    assert not read('sqlx::query("select 1")').checked_queries
