from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_build import Build


def built(script: str, files: dict[str, str] | None = None, dependencies: tuple[str, ...] = ()) -> Build:
    manifest = {"scripts": {"build": script}, "devDependencies": dict.fromkeys(dependencies, "^3.0.0")}
    project = node_project(Context.of({"package.json": json.dumps(manifest), **(files or {})}))
    assert project is not None
    return project.build("build")


OUT = '{"compilerOptions": {"outDir": "./dist"}}'

PRISMA = 'generator client {{\n  provider = "prisma-client-js"\n{}}}\n'
CASES: list[tuple[str, dict[str, str], tuple[str, ...] | None]] = [
    ("tsc", {"tsconfig.json": OUT}, ("dist",)),
    ("tsc", {"tsconfig.json": '// a\n{"compilerOptions": {"outDir": "lib/", /* b */},}'}, ("lib",)),
    ("tsc", {"tsconfig.json": "{}"}, None),
    ("tsc", {}, None),
    ("tsc --noEmit", {}, ()),
    ("tsc", {"tsconfig.json": '{"compilerOptions": {"noEmit": true}}'}, ()),
    ("tsc --outDir out", {}, ("out",)),
    ("tsc -p tsconfig.prod.json", {"tsconfig.prod.json": '{"extends": "./tsconfig"}', "tsconfig.json": OUT}, ("dist",)),
    ("tsc -p server", {"server/tsconfig.json": OUT}, ("server/dist",)),
    ("tsc -p server", {"server/tsconfig.json": '{"extends": "../tsconfig.json"}', "tsconfig.json": OUT}, ("dist",)),
    ("tsc", {"tsconfig.json": '{"extends": "@tsconfig/node20/tsconfig.json"}'}, None),
    ("tsc", {"tsconfig.json": '{"extends": "@tsconfig/node20", "compilerOptions": {"outDir": "dist"}}'}, ("dist",)),
    ("tsc", {"tsconfig.json": '{"extends": "./tsconfig.json"}'}, None),
    (
        "tsc -b && vite build",
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}]}',
            "tsconfig.app.json": '{"compilerOptions": {"noEmit": true}, "include": ["src"]}',
        },
        ("dist",),
    ),
    ("vite build", {}, ("dist",)),
    ("vite build", {"vite.config.ts": "export default { build: { outDir: 'build' } }"}, ("build",)),
    ("vite build", {"vite.config.ts": "// outDir: 'no'\nexport default {}"}, ("dist",)),
    ("vite build", {"vite.config.ts": "export default { build: { outDir: out } }"}, None),
    ("vite build", {"vite.config.ts": "export default { root: 'src' }"}, None),
    ("vite build --outDir=public", {}, ("public",)),
    ("cd client && vite build", {"client/vite.config.js": "x({ build: { outDir: '../dist' } })"}, ("dist",)),
    ("vite build", {"vite.config.js": "x({ build: { outDir: '../../dist' } })"}, None),
    ("webpack --mode production", {}, ("dist",)),
    (
        "webpack --config webpack.prod.js",
        {
            "webpack.prod.js": "module.exports = merge(require('./webpack.common.js'), {})",
            "webpack.common.js": "module.exports = { output: { path: path.resolve(__dirname, 'public') } }",
        },
        ("public",),
    ),
    ("webpack", {"webpack.config.js": "module.exports = { output: { path: paths.out } }"}, None),
    ("react-scripts build", {}, ("build",)),
    ("react-scripts build", {".env": "BUILD_PATH=out"}, None),
    ("next build", {}, (".next",)),
    ("next build", {"next.config.mjs": "export default { output: 'export' }"}, (".next", "out")),
    ("next build", {"next.config.js": "module.exports = { distDir: process.env.D }"}, None),
    ("nest build", {"tsconfig.json": OUT, "nest-cli.json": "{}"}, ("dist",)),
    (
        "nest build",
        {
            "tsconfig.build.json": '{"extends": "./tsconfig.json"}',
            "tsconfig.json": '{"compilerOptions": {"outDir": "x"}}',
        },
        ("x",),
    ),
    ("ng build --configuration production", {"angular.json": '{"projects": {"web": {}}}'}, ("dist/web",)),
    (
        "ng build",
        {
            "angular.json": json.dumps(
                {"projects": {"a": {"architect": {"build": {"options": {"outputPath": {"base": "out/a"}}}}}}}
            )
        },
        ("out/a",),
    ),
    ("ng build", {}, None),
    ("nuxt build", {}, (".output", ".nuxt")),
    ("astro build", {"astro.config.mjs": "export default { outDir: './site' }"}, ("site",)),
    ("vue-cli-service build --dest out", {}, ("out",)),
    ("babel src -d lib --copy-files", {}, ("lib",)),
    ("babel src", {}, None),
    ("esbuild a.ts --bundle --outfile=dist/a.js", {}, ("dist/a.js",)),
    ("rimraf dist && tsc && copyfiles -u 1 'src/**/*.html' dist", {"tsconfig.json": OUT}, ("dist",)),
    ("tsc && cp -r src/views dist/views", {"tsconfig.json": OUT}, ("dist", "dist/views")),
    (
        "prisma generate && tsc",
        {"tsconfig.json": OUT, "prisma/schema.prisma": PRISMA.format("")},
        ("node_modules/.prisma", "dist"),
    ),
    ("prisma generate", {"prisma/schema.prisma": PRISMA.format('  output = "../x"\n')}, None),
    ("node build.js", {}, None),
    ("gulp", {}, None),
    ("eslint . && echo ok > public/version", {}, ("public/version",)),
    ("npm run other", {}, None),
    ("vite", {}, None),
]


@pytest.mark.parametrize(("script", "files", "outputs"), CASES)
def test_outputs(script: str, files: dict[str, str], outputs: tuple[str, ...] | None) -> None:
    found = built(script, files, ("nuxt",))
    assert (found.outputs is None) is (outputs is None)
    assert set(found.outputs or ()) == set(outputs or ())
    assert bool(found.unknown) is (outputs is None)


def test_the_adapter_of_svelte_decides() -> None:
    assert built("vite build", {}, ("@sveltejs/kit", "@sveltejs/adapter-node")).outputs == ("build", ".svelte-kit")
    assert built("vite build", {}, ("@sveltejs/kit", "@sveltejs/adapter-auto")).outputs is None


def test_tools_are_named() -> None:
    assert [program.name for program in built("tsc && vite build").tools] == ["tsc", "vite"]
    assert built("node build.js").unknown == ("node build.js",)
