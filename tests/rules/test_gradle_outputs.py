"""What Gradle leaves to be run: a distribution with its start script, an archive for a servlet container."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_BASE = "gradle:8.5-jdk17"
_SETTINGS = {"settings.gradle": "rootProject.name = 'shop'\n", "src/main/java/Shop.java": "class Shop { }\n"}
_APPLICATION = "plugins {\n  id 'application'\n}\nversion = '1.0'\n"
_WAR = "plugins {\n  id 'war'\n}\nversion = '1.0'\n"
_OWN = _APPLICATION + "task pages(type: Copy) {\n  into 'pages'\n}\n"


def _runtime(base: str, run: str, command: str, build: str) -> list[str]:
    text = f"FROM {base}\nWORKDIR /app\nCOPY . .\nRUN {run}\n{command}"
    files = {**_SETTINGS, "build.gradle": build, "gradlew": "#!/bin/sh\n"}
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **files})
    after = bytes(migrate(text.encode(), path="Dockerfile", context=context).after).decode()
    assert "AS builder" in after
    return [line for line in after[after.rindex("FROM ") :].split("\n") if line.startswith("COPY")]


@pytest.mark.parametrize(
    ("run", "command", "build", "carried"),
    [
        ("gradle installDist", 'CMD ["build/install/shop/bin/shop"]\n', _APPLICATION, "/app/build/install/shop "),
        ("gradle clean installDist", 'CMD ["/app/build/install/shop/bin/shop"]\n', _APPLICATION, "build/install/shop "),
        ("gradle installDist", 'CMD ["build/install/shop/bin/shop"]\n', _OWN, "/app/ ./"),
        ("gradle build", "CMD java -cp build/classes/java/main Shop\n", _APPLICATION, "/app/ ./"),
        ("gradle installDist", "CMD java -cp build/classes/java/main Shop\n", _APPLICATION, "/app/build ./build"),
    ],
)
def test_a_distribution(run: str, command: str, build: str, carried: str) -> None:
    (copy,) = _runtime(_BASE, run, command, build)
    assert carried in f"{copy} "


def test_an_archive_for_tomcat() -> None:
    run = "./gradlew war && mv build/libs/shop-1.0.war /usr/local/tomcat/webapps/ROOT.war"
    (copy,) = _runtime("tomcat:9-jdk11", run, "", _WAR)
    assert "/usr/local/tomcat/webapps/ROOT.war" in copy
