from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_framework import FrameworkOutput, Serving, framework_outputs


def outputs(packages: list[str], scripts: dict[str, str] | None = None, **files: str) -> tuple[FrameworkOutput, ...]:
    manifest = {"dependencies": dict.fromkeys(packages, "^3.0.0"), "scripts": scripts or {}}
    texts = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    project = node_project(Context.of({"package.json": json.dumps(manifest), **texts}))
    assert project is not None
    return framework_outputs(project)


def one(packages: list[str], scripts: dict[str, str] | None = None, **files: str) -> FrameworkOutput:
    (found,) = outputs(packages, scripts, **files)
    return found


def test_next() -> None:
    plain = one(["next", "vite"], next_config_js="module.exports = {}", public__a="")
    assert (plain.serving, plain.output) == (Serving.SERVER, (".next",))
    assert plain.needs == ("node_modules", "package.json", "public", "next.config.js")
    standalone = one(["next"], next_config_mjs="export default { output: 'standalone', distDir: 'out' }", public__a="")
    assert standalone.serving is Serving.SELF_CONTAINED
    assert standalone.output == ("out/standalone", "out/static")
    assert standalone.needs == ("public",)
    assert standalone.start == ("node", "out/standalone/server.js")
    traced = one(["next"], next_config_js="x = { output: 'standalone', outputFileTracingRoot: y }")
    assert traced.start is None
    export = one(["next"], next_config_js="module.exports = { output: 'export' }")
    assert (export.serving, export.output, export.start) == (Serving.STATIC, ("out",), None)
    computed = one(["next"], next_config_js="module.exports = { output: process.env.OUT }")
    assert (computed.serving, computed.output) == (None, None)


def test_nuxt() -> None:
    found = one(["nuxt"], {"build": "nuxt build"})
    assert (found.serving, found.output, found.needs) == (Serving.SELF_CONTAINED, (".output",), ())
    assert found.start == ("node", ".output/server/index.mjs")
    assert one(["nuxt"], {"build": "nuxt generate"}).output == (".output/public",)
    assert one(["nuxt"], nuxt_config_ts="defineNuxtConfig({nitro: {preset: 'vercel'}})").serving is None
    assert one(["nuxt"], {"build": "NITRO_PRESET=bun nuxt build"}).serving is None


def test_sveltekit() -> None:
    kit = ["@sveltejs/kit", "vite"]
    found = one([*kit, "@sveltejs/adapter-node"], svelte_config_js="x = { adapter: adapter({ out: 'dist' }) }")
    assert (found.serving, found.output, found.start) == (Serving.SERVER, ("dist",), ("node", "dist"))
    newer = one([*kit, "@sveltejs/adapter-node"], vite_config_js="sveltekit({adapter: adapter({out: 'o'})})")
    assert newer.output == ("o",)
    static = one([*kit, "@sveltejs/adapter-static"])
    assert (static.serving, static.output) == (Serving.STATIC, ("build",))
    assert one([*kit, "@sveltejs/adapter-auto"]).serving is None


def test_remix_and_react_router() -> None:
    found = one(["@react-router/dev", "vite"], {"start": "react-router-serve ./build/server/index.js"})
    assert (found.serving, found.output) == (Serving.SERVER, ("build",))
    assert found.start == ("react-router-serve", "build/server/index.js")
    assert one(["@react-router/dev"], {"start": "node server.js"}).start is None
    single = one(["@react-router/dev"], react_router_config_ts="")
    assert single.serving is Serving.SERVER
    remix = one(["@remix-run/dev", "vite"], vite_config_ts="remix({ ssr: false })")
    assert (remix.serving, remix.output) == (Serving.STATIC, ("build/client",))
    assert one(["@remix-run/dev"], {"start": "remix-serve build"}).start is None


def test_astro_and_gatsby() -> None:
    assert one(["astro"]).output == ("dist",)
    server = one(["astro", "@astrojs/node"], astro_config_mjs="x = { adapter: node({ mode: 'standalone' }) }")
    assert (server.serving, server.start) == (Serving.SERVER, ("node", "dist/server/entry.mjs"))
    assert one(["astro", "@astrojs/vercel"]).serving is None
    assert one(["gatsby"]).output == ("public",)
    assert one(["gatsby"], src__api__hello_js="").serving is None


def test_angular() -> None:
    def workspace(builder: str, **options: object) -> str:
        return json.dumps(
            {"projects": {"web": {"architect": {"build": {"builder": builder, "options": dict(options)}}}}}
        )

    application = "@angular-devkit/build-angular:application"
    assert one(["@angular/core"], angular_json=workspace(application)).output == ("dist/web/browser",)
    flat = workspace(application, outputPath={"base": "out", "browser": ""})
    assert one(["@angular/core"], angular_json=flat).output == ("out",)
    assert one(["@angular/core"], angular_json=workspace("@a:browser", outputPath="out")).output == ("out",)
    assert one(["@angular/core"], angular_json=workspace(application, ssr={"entry": "x"})).serving is None


@pytest.mark.parametrize(
    ("packages", "files", "expected"),
    [
        (["react-scripts"], {}, ("build",)),
        (["@vue/cli-service"], {"vue_config_js": "module.exports = { outputDir: 'web' }"}, ("web",)),
        (["@docusaurus/core"], {}, ("build",)),
        (["vite"], {"index_html": "", "vite_config_ts": "x = { build: { outDir: 'web' } }"}, ("web",)),
        (["vite"], {"index_html": "", "vite_config_ts": "x = { build: { lib: {} } }"}, None),
    ],
)
def test_files_to_serve(packages: list[str], files: dict[str, str], expected: tuple[str, ...] | None) -> None:
    found = one(packages, **files)
    assert found.output == expected
    assert (found.serving is Serving.STATIC) == (expected is not None)


def test_several_and_none() -> None:
    found = outputs(["@nestjs/cli", "vite"], index_html="", tsconfig_json='{"compilerOptions": {"outDir": "dist"}}')
    assert [each.framework for each in found] == ["nest", "vite"]
    assert found[0].output == ("dist",)
    assert outputs(["vite"]) == ()
    assert outputs(["express"]) == ()


def test_paths_are_seen_from_the_context() -> None:
    project = node_project(Context.of({"web/package.json": '{"dependencies": {"react-scripts": "5"}}'}), "web")
    assert project is not None
    (found,) = framework_outputs(project)
    assert found.output == ("web/build",)
