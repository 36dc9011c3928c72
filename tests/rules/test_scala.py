"""Scala as people write it: what sbt leaves, what a JRE is split for, and what stays one stage."""

from __future__ import annotations

import re

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_BUILD = 'name := "shop"\nversion := "1.0"\nscalaVersion := "2.13.12"\n'
_PLUGINS = (
    'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.9.16")\n'
    'addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1.5")\n'
)
_FILES = {
    "build.sbt": _BUILD,
    "project/plugins.sbt": _PLUGINS,
    "project/build.properties": "sbt.version=1.9.9\n",
    "src/main/scala/Shop.scala": "object Shop extends App\n",
    "src/main/resources/application.conf": "port = 8080\n",
    "sbt": "#!/usr/bin/env bash\njava -jar sbt-launch.jar\n",
}
_JRE = "adoptopenjdk/openjdk11:x86_64-alpine-jre-11.0.3_7"
_SBT = "sbtscala/scala-sbt:eclipse-temurin-21.0.6_7_1.10.11_2.13.16"
_JAR = 'CMD ["java", "-jar", "target/scala-2.13/shop-assembly-1.0.jar"]\n'


def _text(base: str, run: str, command: str = _JAR, before: str = "") -> str:
    return f"FROM {base}\n{before}WORKDIR /app\nCOPY . .\nRUN {run}\n{command}"


def _after(text: str, **files: str) -> tuple[str, set[str]]:
    named = {name.replace("__", "/"): content for name, content in files.items()}
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **_FILES, **named})
    migration = migrate(text.encode(), path="Dockerfile", context=context)
    return bytes(migration.after).decode(), {decline.code for decline in migration.declines}


@pytest.mark.parametrize(
    ("text", "runtime", "copied"),
    [
        (_text(_SBT, "sbt assembly"), "eclipse-temurin:21-jre", "target/scala-2.13/shop-assembly-1.0.jar"),
        (_text(_SBT, "sbt clean 'set assembly / test := {}' assembly"), "eclipse-temurin:21-jre", "shop-assembly-1.0"),
        (
            _text(_SBT, "sbt stage", 'CMD ["target/universal/stage/bin/shop"]\n'),
            "eclipse-temurin:21-jre",
            "/app/target/universal/stage",
        ),
        (
            _text(
                "openjdk:8-jdk-alpine",
                "./sbt stage",
                "CMD target/universal/stage/bin/shop\n",
                "RUN apk add --no-cache bash\n",
            ),
            "eclipse-temurin:8-jre-alpine",
            "/app/target/universal/stage",
        ),
        (_text("adoptopenjdk/openjdk11:alpine-slim", "./sbt assembly"), "adoptopenjdk/openjdk11:alpine-jre", "shop-"),
        (_text("eclipse-temurin:17-jre", "./sbt assembly"), "eclipse-temurin:\\S+-jre", "shop-assembly-1.0.jar"),
        (
            _text(
                _JRE,
                "./sbt assembly -batch && mv target/scala-2.13/shop-assembly-1.0.jar . && rm -Rf target ~/.sbt ~/.ivy2",
                'CMD ["java", "-jar", "shop-assembly-1.0.jar"]\n',
            ),
            r"adoptopenjdk/openjdk11:x86_64-alpine-jre-\S+",
            "/app/shop-assembly-1.0.jar",
        ),
    ],
)
def test_only_what_runs_is_carried(text: str, runtime: str, copied: str) -> None:
    after, _ = _after(text)
    stage = after[after.rindex("FROM ") :]
    assert re.match(f"FROM {runtime}\n", stage)
    assert f"{copied}" in stage
    assert len(re.findall("COPY", stage)) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"build.sbt": _BUILD + 'lazy val page = taskKey[Unit]("")\npage := IO.write(file("page.html"), "x")\n'},
        {"project/Own.scala": "object Own\n"},
        {"project/plugins.sbt": _PLUGINS + 'addSbtPlugin("org.example" % "sbt-writes" % "1")\n'},
        {"project/build.properties": "sbt.version=2.0.0\n"},
        {"build.sbt": _BUILD + 'lazy val api = project in file("api")\n'},
    ],
)
def test_a_build_that_may_write_more_is_carried_whole(files: dict[str, str]) -> None:
    after, _ = _after(_text(_SBT, "sbt assembly"), **files)
    assert "COPY --from=builder --chown=10001:10001 /app/ ./\n" in after


def test_a_jre_keeps_its_one_stage_where_nothing_is_left_behind() -> None:
    """What sbt leaves cannot be listed, so all of it would be carried."""
    text = _text(_JRE, "./sbt assembly")
    after, codes = _after(text, **{"project/Own.scala": "object Own\n"})
    assert after.count("FROM ") == 1
    assert "NO_BENEFIT" in codes


def test_a_jar_that_is_only_copied_is_not_split() -> None:
    text = f'FROM {_JRE}\nWORKDIR /app\nCOPY src src\nCOPY shop.jar .\nCMD ["java", "-jar", "shop.jar"]\n'
    after, codes = _after(text, **{"shop.jar": "PK"})
    assert after.count("FROM ") == 1
    assert "NO_BENEFIT" in codes


def test_what_the_build_cleans_up_is_not_cleaned_in_the_runtime() -> None:
    run = "apk add --no-cache bash && ./sbt dist && unzip target/universal/shop-1.0.zip && rm -rf target"
    after, _ = _after(_text("adoptopenjdk/openjdk11:alpine-slim", run, 'CMD ["shop-1.0/bin/shop"]\n'))
    stage = after[after.rindex("FROM ") :]
    assert "RUN apk add --no-cache bash\n" in stage
    assert "rm -rf" not in stage


_ALPINE = "sbtscala/scala-sbt:eclipse-temurin-alpine-21.0.2_13_1.9.9_3.4.0"
_STAGE = 'CMD ["target/universal/stage/bin/shop"]\n'


def test_the_start_script_of_the_packager_is_for_bash() -> None:
    after, _ = _after(_text(_ALPINE, "sbt stage", _STAGE))
    assert "RUN apk add --no-cache bash\n" in after[after.rindex("FROM ") :]


def test_unless_another_is_asked_for() -> None:
    after, _ = _after(_text(_ALPINE, "sbt stage", _STAGE), **{"build.sbt": _BUILD + "enablePlugins(AshScriptPlugin)\n"})
    assert "apk add" not in after[after.rindex("FROM ") :]


_ADDS = _BUILD + 'bashScriptExtraDefines += """addJava "-Dat=${app_home}/../conf" """\n'
_CALLS = (
    {"build.sbt": _BUILD + 'bashScriptExtraDefines += """addJava "-Dp=$(jq -r .p /run/db.json)""""\n'},
    {"build.sbt": _BUILD + 'bashScriptExtraDefines ++= Seq("""addJava "-Da=b"""", """export A=`jq -r .p /run/x`""")\n'},
    {"build.sbt": _BUILD + 'bashScriptExtraDefines += """addJava "-XX:OnError=jq""""\n'},
    {"build.sbt": _BUILD + 'bashScriptExtraDefines += """addJava "-Da=b"""" + more.value\n'},
    {"build.sbt": _BUILD + "bashScriptDefines ++= extra.value\n"},
    {"build.sbt": _BUILD + 'bashScriptTemplateLocation := file("launch.sh")\n'},
    {"build.sbt": _BUILD + 'Universal / mappings += file("launch.sh") -> "bin/shop"\n'},
    {"project/Settings.scala": "object Settings { bashScriptExtraDefines += jq }\n"},
    {"src/templates/bash-template": "jq -r .p /run/db.json\n"},
    {"src/universal/bin/shop": "jq -r .p /run/db.json\n"},
)


@pytest.mark.parametrize("files", _CALLS)
@pytest.mark.parametrize(
    ("run", "command"),
    [
        ("sbt stage", _STAGE),
        ("sbt dist && unzip -d /srv target/universal/shop-1.0.zip", 'CMD ["/srv/shop-1.0/bin/shop"]\n'),
    ],
)
def test_what_a_project_adds_to_its_start_script_may_call_anything(
    files: dict[str, str], run: str, command: str
) -> None:
    after, _ = _after(_text(_SBT, run, command, "RUN apt-get update && apt-get install -y jq unzip\n"), **files)
    assert after.count("FROM ") == 1 or "jq" in after[after.rindex("FROM ") :]


@pytest.mark.parametrize(
    "build",
    [
        _ADDS,
        _BUILD + '// bashScriptExtraDefines += "jq"\n',
        _BUILD + 'bashScriptExtraDefines ++= Seq(\n  """addJava "-Da=b"""",\n  """addJava "-Xmx1g"""",\n)\n',
        _BUILD + 'scriptClasspath in bashScriptDefines := Seq("*")\n',
    ],
)
def test_what_it_adds_for_java_alone_calls_nothing(build: str) -> None:
    after, _ = _after(_text(_SBT, "sbt stage", _STAGE), **{"build.sbt": build})
    assert "FROM eclipse-temurin:21-jre" in after


def test_the_patch_release_of_an_older_java_is_its_version() -> None:
    after, _ = _after(_text("hseeberger/scala-sbt:8u222_1.3.5_2.13.1", "sbt assembly"))
    assert "FROM eclipse-temurin:8-jre\n" in after


def test_sbt_starting_the_program_needs_its_compiler() -> None:
    _, codes = _after(_text(_SBT, "sbt compile", 'CMD ["sbt", "run"]\n'))
    assert "C3" in codes
