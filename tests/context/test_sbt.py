"""What sbt's build files say plainly, and what they leave open."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.sbt import SbtProject, sbt_project
from dfmigrate.model.java import java_libraries

ASSEMBLY = 'addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1.5")\n'
PACKAGER = 'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.9.16")\n'
PLAIN = 'name := "Shop"\nversion := "1.0"\nscalaVersion := "2.13.12"\n'


def project(build: str, plugins: str = ASSEMBLY, **more: str) -> SbtProject:
    texts = {"project/build.properties": "sbt.version=1.9.9\n", "project/plugins.sbt": plugins, **more}
    found = sbt_project(Context.of({"build.sbt": build, **texts}))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (PLAIN, "target/scala-2.13/Shop-assembly-1.0.jar"),
        (PLAIN.replace("2.13.12", "3.3.1"), "target/scala-3.3.1/Shop-assembly-1.0.jar"),
        (PLAIN + 'assembly / assemblyJarName := "app.jar"\n', "target/scala-2.13/app.jar"),
        (PLAIN + 'assemblyJarName in assembly := s"${name.value}.jar"\n', "target/scala-2.13/Shop.jar"),
        (PLAIN + 'assembly / assemblyJarName := s"${sys.env("N")}.jar"\n', None),
        (
            'val v = "2.0"\nlazy val root = (project in file(".")).settings(\n  name := "shop",\n  version := v,\n'
            '  scalaVersion := "2.12.8")\n',
            "target/scala-2.12/shop-assembly-2.0.jar",
        ),
        (
            'ThisBuild / version := "1"\nThisBuild / scalaVersion := "2.13.1"\nname := "a"\n',
            "target/scala-2.13/a-assembly-1.jar",
        ),
        ('version in ThisBuild := "1"\nscalaVersion := "2.13.1"\nname := "a"\n', "target/scala-2.13/a-assembly-1.jar"),
        (PLAIN + 'Docker / version := "2"\n', None),
        (PLAIN.replace('"1.0"', 'sys.env.getOrElse("V", "1.0")'), None),
        (PLAIN + 'version ~= (_ + "-x")\n', None),
        (PLAIN.replace("2.13.12", "2.13.0-M5"), None),
        (PLAIN + "crossPaths := false\n", "target/Shop-assembly-1.0.jar"),
        (PLAIN + 'crossPaths := sys.env.contains("X")\n', None),
        (PLAIN.replace('"Shop"', '"""Shop"""'), "target/scala-2.13/Shop-assembly-1.0.jar"),
        ('// name := "old"\n' + PLAIN, "target/scala-2.13/Shop-assembly-1.0.jar"),
    ],
)
def test_the_archive_with_all_libraries(build: str, path: str | None) -> None:
    assert project(build).assembly == path


def test_a_plugin_must_bring_the_task() -> None:
    assert project(PLAIN, "").assembly is None
    assert project(PLAIN, "").staged is None
    assert project(PLAIN, PACKAGER).staged == "target/universal/stage"
    assert project(PLAIN, PACKAGER).zipped == "target/universal/shop-1.0.zip"
    assert project(PLAIN + 'packageName := "x"\n', PACKAGER).zipped is None


def test_the_archive_alone() -> None:
    assert project(PLAIN, "").package == "target/scala-2.13/shop_2.13-1.0.jar"
    assert project(PLAIN.replace("2.13.12", "3.3.1"), "").package == "target/scala-3.3.1/shop_3-1.0.jar"


def test_another_plugin_that_packs() -> None:
    pack = 'addSbtPlugin("org.xerial.sbt" % "sbt-pack" % "0.13")\n'
    assert project(PLAIN, pack).packed == "target/pack"
    assert project(PLAIN + 'packDir := "out"\n', pack).packed is None
    assert project(PLAIN, "").packed is None


def test_a_version_of_commits_is_not_known() -> None:
    assert project(PLAIN, ASSEMBLY + 'addSbtPlugin("com.typesafe.sbt" % "sbt-git" % "1.0.0")\n').assembly is None


def test_several_projects_are_not_one() -> None:
    assert project(PLAIN).alone
    assert project('lazy val root = (project in file("."))\n' + PLAIN).alone
    assert not project(PLAIN + 'lazy val api = (project in file("api"))\n').alone
    assert not project(PLAIN + "lazy val api = project\n").alone
    assert not project(PLAIN, **{"project/Own.scala": "object Own\n"}).alone


def test_another_file_may_hold_a_setting() -> None:
    found = project('name := "a"\nscalaVersion := "2.13.1"\n', **{"version.sbt": 'ThisBuild / version := "3"\n'})
    assert found.assembly == "target/scala-2.13/a-assembly-3.jar"


def test_a_very_long_line_is_read() -> None:
    """Each of these took time by the square of its length."""
    long = "x" * 200_000 + "\n=" + " " * 100_000 + "\n" + PLAIN
    found = project(long)
    assert found.assembly == "target/scala-2.13/Shop-assembly-1.0.jar"
    assert "a:b" in java_libraries(Context.of({"build.sbt": long + '\n"a" % "b" % "1"\n'}))
