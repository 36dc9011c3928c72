from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.gradle import gradle_project
from dfmigrate.context.java_artefact import JavaArtefact, JavaKind
from dfmigrate.context.maven import maven_project

SETTINGS = "rootProject.name = 'shop'\n"
BOOT = "plugins { id 'org.springframework.boot' version '3' }\nversion = '1.0'\n"


def gradle(build: str, **texts: str) -> tuple[JavaArtefact, ...]:
    files = {name.replace("__", "/").replace("_", "."): text for name, text in texts.items()}
    found = gradle_project(Context.of({"build.gradle": build, "settings.gradle": SETTINGS, **files}))
    assert found is not None
    return found.artefacts


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (BOOT, "build/libs/shop-1.0.jar"),
        (BOOT + "bootJar {\n  archiveFileName = 'app.jar'\n}\n", "build/libs/app.jar"),
        (BOOT + 'tasks.named("bootJar") { archiveFileName.set("app.jar") }\n', "build/libs/app.jar"),
        (BOOT + 'tasks.withType<BootJar> { archiveFileName.set("app.jar") }\n', "build/libs/app.jar"),
        (BOOT + 'tasks.bootJar { archiveBaseName.set("web")\n archiveVersion.set("") }\n', "build/libs/web.jar"),
        (BOOT + "bootJar.archiveFileName = 'app.jar'\n", "build/libs/app.jar"),
        (BOOT + 'bootJar { archiveFileName = "${name}.jar" }\n', None),
        (BOOT + "jar { archiveFileName = 'plain.jar' }\n", "build/libs/shop-1.0.jar"),
        (BOOT + "base { archivesName = 'x' }\n", None),
        (BOOT + "tasks.withType(Jar) { archiveVersion = '' }\n", None),
        (BOOT + "plugins {\n  war\n}\n", "build/libs/shop-1.0.war"),
    ],
)
def test_spring_boot_with_gradle(build: str, path: str | None) -> None:
    (found,) = gradle(build)
    assert (found.kind, found.path) == (JavaKind.SPRING_BOOT, path)


def test_plugins_of_the_projects_own_may_rename() -> None:
    assert gradle(BOOT, buildSrc__build_gradle="")[0].path is None


def test_the_other_plugins_of_gradle() -> None:
    (shadow,) = gradle("plugins { id 'com.gradleup.shadow' version '8' }\nversion = '1.0'\n")
    assert (shadow.kind, shadow.path) == (JavaKind.FAT_JAR, "build/libs/shop-1.0-all.jar")
    (bare,) = gradle(
        "plugins { id 'com.gradleup.shadow' version '8' }\nversion = '1'\nshadowJar { archiveClassifier.set('') }\n"
    )
    assert bare.path == "build/libs/shop-1.jar"
    (script,) = gradle("plugins {\n  application\n}\n")
    assert (script.kind, script.path, script.starts) == (
        JavaKind.DISTRIBUTION,
        "build/install/shop",
        "build/install/shop/bin/shop",
    )
    (named,) = gradle("plugins {\n  application\n}\napplication { applicationName = 'web' }\n")
    assert named.starts == "build/install/web/bin/web"
    (quarkus,) = gradle("plugins { id 'io.quarkus' }\nversion = '1'\n")
    assert quarkus.starts == "build/quarkus-app/quarkus-run.jar"
    assert gradle("plugins {\n  java\n}\n") == ()


def test_a_version_catalog_and_modules() -> None:
    catalog = '[plugins]\nspring-boot = { id = "org.springframework.boot", version = "3" }\nother = "a.b:8"\n'
    context = Context.of(
        {
            "settings.gradle.kts": 'rootProject.name = "all"\ninclude(":web")\n',
            "build.gradle.kts": "",
            "gradle.properties": "version=2.0\n",
            "gradle/libs.versions.toml": catalog,
            "gradle/wrapper/gradle-wrapper.properties": (
                "distributionUrl=https\\://services.gradle.org/distributions/gradle-8.5-bin.zip\n"
            ),
            "web/build.gradle.kts": (
                "plugins {\n  alias(libs.plugins.spring.boot)\n}\n"
                "java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n"
            ),
        }
    )
    root = gradle_project(context)
    assert root is not None
    assert root.wrapper == "8.5"
    assert root.modules is not None
    (web,) = root.modules
    assert web.spring_boot
    assert web.java_release == "21"
    assert [artefact.path for artefact in web.artefacts] == ["web/build/libs/web-2.0.jar"]


def test_a_version_that_the_root_sets_for_all() -> None:
    context = Context.of(
        {
            "build.gradle": "allprojects { version = '3' }\n",
            "settings.gradle": "include 'web'\n",
            "web/build.gradle": "plugins { id 'org.springframework.boot' version '3' }\n",
        }
    )
    web = gradle_project(context, "web")
    assert web is not None
    assert web.artefacts[0].path is None


def maven(plugins: str, more: str = "", **texts: str) -> tuple[JavaArtefact, ...]:
    pom = (
        f"<project><artifactId>shop</artifactId><version>1.0</version>{more}"
        f"<build><plugins>{plugins}</plugins></build></project>"
    )
    files = {name.replace("__", "/").replace("_", "."): text for name, text in texts.items()}
    found = maven_project(Context.of({"pom.xml": pom, **files}))
    assert found is not None
    return found.artefacts


def plugin(name: str, configuration: str = "") -> str:
    return f"<plugin><artifactId>{name}</artifactId><configuration>{configuration}</configuration></plugin>"


ASSEMBLY = "<descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs>"
RESOURCES = "src__main__resources__application_properties"


@pytest.mark.parametrize(
    ("plugins", "kind", "path"),
    [
        ("", JavaKind.THIN_JAR, "target/shop-1.0.jar"),
        (plugin("spring-boot-maven-plugin"), JavaKind.SPRING_BOOT, "target/shop-1.0.jar"),
        (plugin("spring-boot-maven-plugin", "<classifier>exec</classifier>"), JavaKind.SPRING_BOOT, None),
        (plugin("maven-jar-plugin", "<outputDirectory>x</outputDirectory>"), JavaKind.THIN_JAR, None),
        (plugin("a-plugin", "<outputDirectory>x</outputDirectory>"), JavaKind.THIN_JAR, "target/shop-1.0.jar"),
        (plugin("maven-shade-plugin"), JavaKind.FAT_JAR, "target/shop-1.0.jar"),
        (plugin("maven-shade-plugin", "<shadedArtifactAttached>true</shadedArtifactAttached>"), JavaKind.FAT_JAR, None),
        (plugin("maven-assembly-plugin", ASSEMBLY), JavaKind.FAT_JAR, "target/shop-1.0-jar-with-dependencies.jar"),
        (
            plugin("maven-assembly-plugin", ASSEMBLY + "<appendAssemblyId>false</appendAssemblyId>"),
            JavaKind.FAT_JAR,
            "target/shop-1.0.jar",
        ),
        (plugin("maven-assembly-plugin", "<descriptor>a.xml</descriptor>"), JavaKind.FAT_JAR, None),
        (plugin("quarkus-maven-plugin"), JavaKind.QUARKUS, "target/quarkus-app"),
    ],
)
def test_maven(plugins: str, kind: JavaKind, path: str | None) -> None:
    (found,) = maven(plugins)
    assert (found.kind, found.path) == (kind, path)


def test_what_quarkus_is_asked_for() -> None:
    quarkus = plugin("quarkus-maven-plugin")
    (one,) = maven(quarkus, **{RESOURCES: "quarkus.package.jar.type=uber-jar\n"})
    assert (one.kind, one.path) == (JavaKind.FAT_JAR, "target/shop-1.0-runner.jar")
    for text in ("quarkus.package.type=native\n", "quarkus.package.output-name=x\n"):
        (unknown,) = maven(quarkus, **{RESOURCES: text})
        assert (unknown.path, unknown.starts) == (None, None)
    (yaml,) = maven(quarkus, src__main__resources__application_yml="a: b\n")
    assert yaml.path is None


def test_profiles_and_wrapper() -> None:
    more = "<profiles><profile><id>prod</id></profile></profiles><packaging>pom</packaging>"
    pom = f"<project><artifactId>shop</artifactId><version>1.0</version>{more}</project>"
    url = "distributionUrl=https://repo.example.org/apache-maven-3.9.6-bin.zip\n"
    found = maven_project(Context.of({"pom.xml": pom, ".mvn/wrapper/maven-wrapper.properties": url}))
    assert found is not None
    assert (found.profiles, found.wrapper, found.artefacts) == (("prod",), "3.9.6", ())
