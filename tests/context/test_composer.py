from __future__ import annotations

import json

from dfmigrate.context import Context
from dfmigrate.context.composer import composer_project


def test_a_project() -> None:
    manifest = {
        "require": {"php": ">=8.1", "ext-gd": "*", "laravel/framework": "^10"},
        "require-dev": {"phpunit/phpunit": "^10"},
        "autoload": {"psr-4": {"App\\": "app/"}, "files": ["app/helpers.php"]},
        "scripts": {"post-autoload-dump": ["@php artisan package:discover"], "test": "phpunit"},
        "repositories": [{"type": "path", "url": "packages/*"}, {"packagist.org": False}],
        "config": {"vendor-dir": "lib"},
    }
    lock = {"packages": [{"name": "laravel/framework"}, {"name": "a/b", "type": "composer-plugin"}], "packages-dev": []}
    found = composer_project(Context.of({"composer.json": json.dumps(manifest), "composer.lock": json.dumps(lock)}))
    assert found is not None
    assert found.extensions == {"gd"}
    assert found.autoload == {"psr-4", "files"}
    assert found.autoload_files == ("app/helpers.php",)
    assert found.autoload_scans_sources
    assert found.install_scripts == ("post-autoload-dump",)
    assert found.scripts["test"] == ("phpunit",)
    assert found.path_repositories == ("packages/*",)
    assert found.vendor_folder == "lib"
    assert found.packages == {"laravel/framework", "a/b"}
    assert found.plugins == {"a/b"}
    assert found.manifests == ("composer.json", "composer.lock")


def test_without_a_lock_file_the_packages_are_unknown() -> None:
    found = composer_project(Context.of({"composer.json": "{}"}))
    assert found is not None
    assert found.lock is None
    assert found.packages is None
    assert found.plugins is None
    assert not found.autoload_scans_sources


def test_a_broken_lock_file() -> None:
    context = Context.of({"composer.json": "{}", "composer.lock": "{"})
    found = composer_project(context)
    assert found is not None
    assert found.lock == "composer.lock"
    assert found.packages is None
    assert [path for path, _ in context.unreadable] == ["composer.lock"]


def test_no_project() -> None:
    assert composer_project(Context.of({"composer.json": "[1]"})) is None
    assert composer_project(Context.of({})) is None
