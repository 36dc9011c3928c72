"""Frameworks and environments with a layout of their own: Quarkus, conda."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

QUARKUS = (
    "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY pom.xml .\nCOPY src src\nRUN mvn package\n"
    'CMD ["java", "-jar", "target/quarkus-app/quarkus-run.jar"]\n'
)
POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>"
    "{}<build><plugins><plugin><groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId></plugin>"
    "</plugins></build></project>"
)
WHOLE = "COPY --from=builder --chown=10001:10001 /app/ ./\n"
NATIVE = (
    "<profiles><profile><id>native</id><properties><quarkus.package.type>native</quarkus.package.type></properties>"
    "</profile></profiles>"
)
FOLDER = "/app/target/quarkus-app ./target/quarkus-app\n"
CONDA = (
    "FROM {}\nWORKDIR /app\nCOPY environment.yml .\nRUN {} env create -f environment.yml -n shop\nCOPY . .\n"
    'CMD ["conda", "run", "-n", "shop", "python", "app.py"]\n'
)
ENVIRONMENT = {"environment.yml": "name: shop\nchannels: [conda-forge]\ndependencies: [python=3.11]\n", "app.py": ""}


def _migrated(dockerfile: str, files: dict[str, str]) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, **files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _quarkus(pom: str = "", **files: str) -> str:
    sources = {"pom.xml": POM.format(pom), "src/main/java/A.java": "class A {}\n"}
    resources = {f"src/main/resources/application.{ending}": text for ending, text in files.items()}
    return bytes(_migrated(QUARKUS, {**sources, **resources}).after).decode()


@pytest.mark.parametrize("pom", ["", NATIVE])
def test_the_folder_of_quarkus_is_all_that_is_carried(pom: str) -> None:
    text = _quarkus(pom, properties="quarkus.http.port=8081\n")
    assert "FROM eclipse-temurin:17-jre\n" in text
    assert text.count("--from=builder") == 1
    assert FOLDER in text


@pytest.mark.parametrize(
    ("pom", "files"),
    [
        ("<properties><quarkus.package.type>uber-jar</quarkus.package.type></properties>", {}),
        (NATIVE.replace("<id>", "<activation><activeByDefault>true</activeByDefault></activation><id>"), {}),
        ("", {"yml": "quarkus: {}\n"}),
        ("", {"properties": "quarkus.package.output-directory=out\n"}),
    ],
    ids=["a property", "a profile", "YAML", "another folder"],
)
def test_what_quarkus_makes_is_not_guessed(pom: str, files: dict[str, str]) -> None:
    assert FOLDER not in _quarkus(pom, **files)


@pytest.mark.parametrize(("image", "code"), [("mambaorg/micromamba:1.5.8", "D11"), ("continuumio/miniconda3", "A2")])
def test_environments_of_conda_are_not_moved(image: str, code: str) -> None:
    migration = _migrated(CONDA.format(image, "conda"), ENVIRONMENT)
    assert "split-stages" not in {step.rule for step in migration.steps}
    assert code in {decline.code for decline in migration.declines if decline.rule == "split-stages"}
