from __future__ import annotations

import json

from dfmigrate.context import Context
from dfmigrate.context.composer import composer_project
from dfmigrate.context.php_web import PhpApplication, php_application


def read(composer: dict[str, object], node: dict[str, object] | None = None, **texts: str) -> PhpApplication:
    files = {name.replace("__", "/").replace("_", "."): text for name, text in texts.items()}
    files["composer.json"] = json.dumps(composer)
    if node is not None:
        files["package.json"] = json.dumps(node)
    found = php_application(Context.of(files))
    assert found is not None
    return found


LARAVEL: dict[str, object] = {
    "require": {"laravel/framework": "^11", "laravel/octane": "^2"},
    "scripts": {"post-autoload-dump": ["Illuminate\\Foundation\\X::post", "@php artisan package:discover --ansi"]},
}


def test_laravel() -> None:
    vite = {"devDependencies": {"laravel-vite-plugin": "1"}, "scripts": {"build": "vite build"}}
    found = read(LARAVEL, vite, artisan="", public__index_php="", vite_config_js="laravel({ input: [] })")
    assert (found.framework, found.console, found.document_root) == ("laravel", "artisan", "public")
    assert found.writes == ("storage", "bootstrap/cache")
    assert (found.asset_tool, found.assets) == ("vite", ("public/build",))
    assert found.server == "octane"
    assert found.discovers_packages
    moved = read(LARAVEL, vite, artisan="", vite_config_js="laravel({ buildDirectory: 'x' })")
    assert moved.assets is None
    assert read(LARAVEL, {"devDependencies": {"laravel-mix": "6"}}, artisan="").asset_tool == "mix"


def test_symfony() -> None:
    symfony: dict[str, object] = {
        "require": {"symfony/framework-bundle": "7.*", "symfony/asset-mapper": "7.*"},
        "scripts": {
            "auto-scripts": {"cache:clear": "symfony-cmd", "assets:install %PUBLIC_DIR%": "symfony-cmd"},
            "post-install-cmd": ["@auto-scripts"],
        },
    }
    found = read(symfony, bin__console="", public__index_php="")
    assert (found.framework, found.console, found.writes) == ("symfony", "bin/console", ("var",))
    assert (found.asset_tool, found.assets) == ("asset-mapper", ("public/assets",))
    assert found.discovers_packages
    encore = {"devDependencies": {"@symfony/webpack-encore": "4"}}
    plain = read(symfony, encore, bin__console="", webpack_config_js="Encore.setOutputPath('public/build/')")
    assert (plain.asset_tool, plain.assets) == ("encore", ("public/build",))


def test_plain_php() -> None:
    assert php_application(Context.of({"a.php": ""})) is None
    plain = php_application(Context.of({"index.php": ""}))
    assert plain is not None
    assert (plain.framework, plain.document_root, plain.assets, plain.discovers_packages) == (None, "", (), False)
    built = read({}, {"scripts": {"build": "webpack"}}, web__index_php="")
    assert (built.document_root, built.assets) == ("web", None)


def test_extensions_and_scripts_of_an_install() -> None:
    manifest = {
        "require": {"php": ">=8.1", "ext-gd": "*"},
        "config": {"platform": {"php": "8.2.0"}},
        "scripts": {"post-install-cmd": ["@a", "@b"], "a": ["@b", "echo a"], "b": "@a", "test": "phpunit"},
    }
    lock = {"packages": [{"name": "a/b", "require": {"ext-intl": "*", "php": "8"}}]}
    found = composer_project(Context.of({"composer.json": json.dumps(manifest), "composer.lock": json.dumps(lock)}))
    assert found is not None
    assert (found.php, found.extensions, found.locked_extensions) == ("8.2.0", {"gd"}, {"intl"})
    assert found.install_commands == ("echo a",)
