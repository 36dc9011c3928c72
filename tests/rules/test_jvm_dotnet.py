"""Java and .NET as people write them: what the runtime stage holds, and what must stay one stage."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>shop</artifactId><version>1.0</version>"
    "{dependencies}</project>"
)
_JAR = 'CMD ["java", "-jar", "target/shop-1.0.jar"]\n'
_WEB = (
    '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework>'
    "</PropertyGroup></Project>"
)
_CONSOLE = (
    '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType>'
    "<TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>"
)


def _java(source: str = "", dependencies: str = "", **more: str) -> dict[str, str]:
    return {
        "pom.xml": _POM.format(dependencies=dependencies),
        "src/main/java/Shop.java": f"class Shop {{ {source} }}\n",
        "mvnw": "#!/bin/sh\n",
        **more,
    }


_GRADLE = {
    "settings.gradle": "rootProject.name = 'shop'\n",
    "build.gradle": "plugins {\n  id 'org.springframework.boot' version '3.2.0'\n  id 'java'\n}\nversion = '1.0'\n",
    "src/main/java/Shop.java": "class Shop { }\n",
    "gradlew": "#!/bin/sh\n",
}


def _maven(base: str, *, before: str = "", command: str = _JAR) -> str:
    return f"FROM {base}\n{before}WORKDIR /app\nCOPY . .\nRUN mvn package\n{command}"


def _dotnet(
    base: str,
    *,
    before: str = "",
    publish: str = "dotnet publish -c Release -o /out",
    start: str = '["dotnet", "/out/App.dll"]',
) -> str:
    return f"FROM {base}\n{before}WORKDIR /src\nCOPY . .\nRUN {publish}\nENTRYPOINT {start}\n"


@dataclass(frozen=True)
class Row:
    """``runtime``: patterns of the runtime stage, in this order; without any the file must stay one stage."""

    name: str
    dockerfile: str
    files: dict[str, str]
    runtime: tuple[str, ...] = ()
    code: str = ""
    lacks: str = r"(?!)"


_APT = "RUN apt-get update && apt-get install -y {} maven\n"
_SELF = "dotnet publish -c Release -r linux-x64 --self-contained {} -o /out"
_VECTOR = 'CMD ["java", "--add-modules", "jdk.incubator.vector", "-jar", "target/shop-1.0.jar"]\n'
_BOOT = 'RUN gradle bootJar\nCMD ["java", "-jar", "build/libs/shop-1.0.jar"]\n'
ROWS = [
    Row(
        "gradle runs as root by name",
        "FROM gradle:jdk25\nWORKDIR /app\nCOPY . .\n" + _BOOT,
        _GRADLE,
        (r"^FROM eclipse-temurin:25-jre$", r"/app/build/libs/shop-1.0.jar"),
    ),
    Row(
        "corretto without a display",
        _maven("amazoncorretto:17").replace("mvn", "./mvnw"),
        _java(),
        (r"^FROM amazoncorretto:\S*-headless$",),
    ),
    Row(
        "corretto for one that draws",
        _maven("amazoncorretto:17").replace("mvn", "./mvnw"),
        _java("java.awt.Image i;"),
        (r"^FROM amazoncorretto:\S*-headful$",),
    ),
    Row("maven on corretto", _maven("maven:3.9-amazoncorretto-21"), _java(), (r"^FROM amazoncorretto:21-headless$",)),
    Row(
        "corretto on alpine has no JRE",
        _maven("amazoncorretto:21-alpine").replace("mvn", "./mvnw"),
        _java(),
        code="NO_BENEFIT",
    ),
    Row(
        "a JDK from a package",
        _maven("ubuntu:22.04", before=_APT.format("openjdk-17-jdk")),
        _java(),
        (r"install -y openjdk-17-jre$",),
        lacks=r"\bmaven\b|-jdk",
    ),
    Row(
        "a JDK from a package of Alpine",
        _maven("alpine:3.20", before="RUN apk add --no-cache openjdk17 maven\n"),
        _java(),
        (r"^RUN apk add --no-cache openjdk17-jre$",),
    ),
    Row(
        "an older Java than Maven's own",
        _maven("ubuntu:22.04", before=_APT.format("openjdk-8-jdk")),
        _java(),
        code="B7",
    ),
    Row(
        "a compiler that the program asks for",
        _maven("maven:3.9-eclipse-temurin-17"),
        _java("Object c = javax.tools.ToolProvider.getSystemJavaCompiler();"),
        code="B9",
    ),
    Row(
        "random numbers of a module that no JRE has",
        _maven("maven:3.9-eclipse-temurin-17"),
        _java("Object r = java.util.random.RandomGenerator.getDefault();"),
        code="B9",
    ),
    Row(
        "the same with a Java that has them",
        _maven("maven:3.9-eclipse-temurin-25"),
        _java("Object r = java.util.random.RandomGenerator.getDefault();"),
        (r"^FROM eclipse-temurin:25-jre$",),
    ),
    Row(
        "a library that compiles",
        _maven("maven:3.9-eclipse-temurin-17"),
        _java(
            dependencies="<dependencies><dependency><groupId>net.openhft</groupId><artifactId>compiler</artifactId>"
            "</dependency></dependencies>"
        ),
        code="B9",
    ),
    Row(
        "a library that compiles, by Gradle",
        "FROM gradle:8.5-jdk17\nWORKDIR /app\nCOPY . .\n" + _BOOT,
        {
            **_GRADLE,
            "build.gradle": f"{_GRADLE['build.gradle']}dependencies {{ implementation 'net.openhft:compiler:2.4' }}",
        },
        code="B9",
    ),
    Row(
        "a module named on the command line",
        _maven("maven:3.9-eclipse-temurin-17", command=_VECTOR),
        _java(),
        code="B9",
    ),
    Row(
        "Scala starts a program",
        _maven("maven:3.9-eclipse-temurin-17"),
        _java(**{"src/main/scala/A.scala": 'import scala.sys.process._\nobject A { "git log".! }\n'}),
        code="C10",
    ),
    Row(
        ".NET on Alpine keeps its cultures",
        _dotnet("mcr.microsoft.com/dotnet/sdk:8.0-alpine"),
        {"App.csproj": _WEB, "Program.cs": "WebApplication.CreateBuilder(args).Build().Run();\n"},
        (
            r"^FROM mcr.microsoft.com/dotnet/aspnet:\S*-alpine$",
            r"^ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false$",
            r"^RUN apk add --no-cache icu-data-full icu-libs tzdata$",
        ),
    ),
    Row(
        ".NET on Alpine that never had cultures",
        _dotnet("mcr.microsoft.com/dotnet/sdk:8.0-alpine", before="ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true\n"),
        {"App.csproj": _WEB, "Program.cs": "\n"},
        (r"^FROM mcr.microsoft.com/dotnet/aspnet:\S*-alpine$",),
        lacks="icu",
    ),
    Row(
        "an older .NET on Alpine",
        _dotnet("mcr.microsoft.com/dotnet/sdk:6.0-alpine"),
        {"App.csproj": _WEB, "Program.cs": "\n"},
        code="B10",
    ),
    Row(
        "a console program on Alpine",
        _dotnet("mcr.microsoft.com/dotnet/sdk:9.0-alpine"),
        {"App.csproj": _CONSOLE, "Program.cs": "\n"},
        (r"^FROM mcr.microsoft.com/dotnet/runtime:\S*-alpine$",),
    ),
    Row(
        "self-contained",
        _dotnet("mcr.microsoft.com/dotnet/sdk:8.0", publish=_SELF.format("true"), start='["/out/App"]'),
        {"App.csproj": _CONSOLE, "Program.cs": "\n"},
        (r"^FROM mcr.microsoft.com/dotnet/runtime-deps:",),
    ),
    Row(
        "not self-contained after all",
        _dotnet("mcr.microsoft.com/dotnet/sdk:8.0", publish=_SELF.format("false"), start='["/out/App"]'),
        {"App.csproj": _CONSOLE, "Program.cs": "\n"},
        (r"^FROM mcr.microsoft.com/dotnet/runtime:",),
    ),
    Row(
        "an executable wrapper does not keep the folder whole",
        "FROM eclipse-temurin:17-jdk\nWORKDIR /app\nCOPY . .\nRUN chmod +x mvnw && ./mvnw package\n" + _JAR,
        _java(),
        (r"/app/target/shop-1.0.jar",),
    ),
    Row(
        "files given to Gradle's user, who starts nothing",
        "FROM gradle:8.5-jdk17\nCOPY --chown=gradle:gradle . /home/gradle/src\nWORKDIR /home/gradle/src\n" + _BOOT,
        _GRADLE,
        (r"^FROM eclipse-temurin:17-jre$",),
    ),
    Row(
        "maven starts the program",
        _maven("maven:3.9-eclipse-temurin-17", command='CMD ["mvn", "spring-boot:run"]\n'),
        _java(),
        code="C3",
    ),
    Row(
        "an assembly of Scala",
        "FROM sbtscala/scala-sbt:eclipse-temurin-21.0.6_7_1.10.11_2.13.16\nWORKDIR /app\nCOPY . .\nRUN sbt assembly\n"
        'CMD ["java", "-jar", "target/scala-2.13/shop.jar"]\n',
        {"build.sbt": 'name := "shop"\n', "src/main/scala/Shop.scala": "object Shop extends App\n"},
        (r"^FROM eclipse-temurin:21-jre$",),
    ),
    Row(
        "a JDK that Python asks for",
        "FROM python:3.11-bookworm\nRUN apt-get update && apt-get install -y default-jdk gcc\nWORKDIR /app\n"
        'COPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
        {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n"},
        (r"install -y default-jdk$",),
    ),
    Row(
        "sbt starts the program",
        "FROM sbtscala/scala-sbt:eclipse-temurin-21.0.6_7_1.10.11_2.13.16\nWORKDIR /app\nCOPY . .\nRUN sbt compile\n"
        'CMD ["sbt", "run"]\n',
        {"build.sbt": 'name := "shop"\n', "src/main/scala/Shop.scala": "object Shop extends App\n"},
        code="C3",
    ),
    Row(
        "dotnet builds at start",
        _dotnet("mcr.microsoft.com/dotnet/sdk:8.0", start='["dotnet", "run"]'),
        {"App.csproj": _WEB},
        code="C3",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row: Row) -> None:
    context = Context.of({"Dockerfile": row.dockerfile, ".dockerignore": ".git\n", **row.files})
    migration = migrate(row.dockerfile.encode(), path="Dockerfile", context=context)
    after = bytes(migration.after).decode()
    if not row.runtime:
        assert "AS builder" not in after
        assert row.code in {decline.code for decline in migration.declines}
        return
    said = [(decline.code, decline.message) for decline in migration.declines]
    assert "AS builder" in after, said
    runtime, position = after[after.rindex("FROM ") :], 0
    for pattern in row.runtime:
        found = re.compile(pattern, re.MULTILINE).search(runtime, position)
        assert found is not None, f"{pattern} is not in\n{runtime}"
        position = found.end()
    assert re.search(row.lacks, runtime) is None


def test_a_jre_of_a_package_is_not_installed_where_its_manuals_have_no_folder() -> None:
    """Seen on an engine: its set-up makes links in /usr/share/man/man1, which the slim image left out."""
    text = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless maven
WORKDIR /app
COPY src src
RUN javac -d out src/Sign.java
CMD ["java", "-cp", "out", "Sign"]
"""
    files = {"src/Sign.java": "class Sign { public static void main(String[] words) {} }\n"}
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **files})
    migration = migrate(text.encode(), path="Dockerfile", context=context)
    after = bytes(migration.after)
    assert b"bookworm-slim" not in after
    assert b"FROM debian:bookworm\n" in after and b"openjdk-17-jre-headless" in after
