from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.gradle import gradle_project

SETTINGS = "rootProject.name = 'shop'\n"


@pytest.mark.parametrize(
    ("build", "settings", "archive"),
    [
        ("version = '1.0'\n", SETTINGS, "build/libs/shop-1.0.jar"),
        (
            'plugins { id("org.springframework.boot") version "3.2.0" }\nversion = "1.0"\n',
            SETTINGS,
            "build/libs/shop-1.0.jar",
        ),
        ("version '1.0' // old\n", SETTINGS, "build/libs/shop-1.0.jar"),
        ("plugins {\n  id 'war'\n}\nversion = '1.0'\n", SETTINGS, "build/libs/shop-1.0.war"),
        ("plugins { id 'java' }\n", SETTINGS, "build/libs/shop.jar"),
        ("version = '1.0'\n", "", None),
        ("version = '1.0'\n", "rootProject.name = base\n", None),
        ("version = readVersion()\n", SETTINGS, None),
        ('version = "1.$patch"\n', SETTINGS, None),
        ("version = '1.0'\njar { archiveFileName = 'app.jar' }\n", SETTINGS, None),
        ("version = '1.0'\nplugins { id 'com.github.johnrengelman.shadow' version '8' }\n", SETTINGS, None),
        ("allprojects { version = '1.0' }\n", SETTINGS, None),
    ],
)
def test_the_archive(build: str, settings: str, archive: str | None) -> None:
    found = gradle_project(Context.of({"build.gradle": build, "settings.gradle": settings}))
    assert found is not None
    assert found.archive == archive


def test_plugins() -> None:
    build = 'plugins {\n  application\n  id("org.springframework.boot") version "3"\n}\n// id("war")\n'
    found = gradle_project(Context.of({"build.gradle.kts": build}))
    assert found is not None
    assert found.plugins == {"application", "org.springframework.boot"}
    assert found.application
    assert found.spring_boot


def test_what_resolving_reads() -> None:
    context = Context.of(
        {
            "build.gradle": "",
            "settings.gradle": "include 'core', ':apps:web'\n",
            "core/build.gradle": "",
            "apps/web/build.gradle.kts": "",
            "gradlew": "",
            "gradle/wrapper/gradle-wrapper.properties": "",
            "src/Main.java": "",
        }
    )
    found = gradle_project(context)
    assert found is not None
    assert found.included == ("core", "apps/web")
    assert found.manifests == (
        "apps/web/build.gradle.kts",
        "build.gradle",
        "core/build.gradle",
        "gradle",
        "gradlew",
        "settings.gradle",
    )


@pytest.mark.parametrize(
    "settings", ["include(*names)\n", "includeBuild 'x'\n", "include 'a'\nproject(':a').projectDir = file('b')\n"]
)
def test_computed_subprojects(settings: str) -> None:
    found = gradle_project(Context.of({"build.gradle": "", "settings.gradle": settings}))
    assert found is not None
    assert found.included is None
    assert found.manifests is None


def test_no_project() -> None:
    assert gradle_project(Context.of({"settings.gradle": ""})) is None
