from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.maven import MavenProject, maven_project


def pom(body: str) -> str:
    return f'<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n{body}\n</project>\n'


def project(body: str, **files: str) -> MavenProject:
    found = maven_project(Context.of({"pom.xml": pom(body), **files}))
    assert found is not None
    return found


PLAIN = "<groupId>org.example</groupId><artifactId>app</artifactId><version>1.0</version>"
BOOT_PARENT = (
    "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>"
    "<version>3.2.0</version><relativePath/></parent>"
)
BOOT = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"


@pytest.mark.parametrize(
    ("body", "archive"),
    [
        (PLAIN, "target/app-1.0.jar"),
        (PLAIN + "<packaging>war</packaging>", "target/app-1.0.war"),
        (PLAIN + "<packaging>pom</packaging>", None),
        (PLAIN + "<build><finalName>web</finalName></build>", "target/web.jar"),
        (PLAIN + "<build><finalName>${project.artifactId}</finalName></build>", "target/app.jar"),
        (PLAIN + "<build><finalName>${unknown}</finalName></build>", None),
        (PLAIN + "<build><directory>out</directory></build>", None),
        (BOOT_PARENT + "<artifactId>app</artifactId><version>2</version>" + BOOT, "target/app-2.jar"),
        (BOOT_PARENT + "<artifactId>app</artifactId>", "target/app-3.2.0.jar"),
        (BOOT_PARENT.replace("spring-boot-starter-parent", "our-parent") + PLAIN, None),
        (
            "<artifactId>app</artifactId><version>${revision}</version><properties><revision>7</revision></properties>",
            "target/app-7.jar",
        ),
        ("<artifactId>app</artifactId><version>${revision}</version>", None),
        (
            PLAIN
            + BOOT.replace(
                "</artifactId>", "</artifactId><configuration><classifier>exec</classifier></configuration>"
            ),
            None,
        ),
    ],
)
def test_the_archive(body: str, archive: str | None) -> None:
    assert project(body).archive == archive


def test_properties_of_a_profile_are_not_known() -> None:
    body = PLAIN.replace("1.0", "${v}") + (
        "<properties><v>1</v></properties><profiles><profile><properties><v>2</v></properties></profile></profiles>"
    )
    assert project(body).version is None


def test_properties_that_name_each_other_end() -> None:
    body = PLAIN.replace("1.0", "${a}") + "<properties><a>${b}</a><b>${a}${a}</b></properties>"
    assert project(body).version is None


def test_modules_and_local_parents() -> None:
    parent = PLAIN + "<packaging>pom</packaging><modules><module>core</module><module>web</module></modules>"
    child = (
        "<parent><groupId>org.example</groupId><artifactId>app</artifactId><version>1.0</version></parent>"
        "<artifactId>{}</artifactId>"
    )
    found = maven_project(
        Context.of(
            {
                "pom.xml": pom(parent + "<properties><java.version>17</java.version></properties>"),
                "core/pom.xml": pom(child.format("core")),
                "web/pom.xml": pom(child.format("web")),
                "mvnw": "",
                ".mvn/wrapper/maven-wrapper.properties": "",
            }
        )
    )
    assert found is not None
    assert found.modules is not None
    assert [module.artifact for module in found.modules] == ["core", "web"]
    assert found.modules[1].archive == "web/target/web-1.0.jar"
    assert found.modules[1].java_release == "17"
    assert found.modules[1].group == "org.example"
    assert found.manifests == (".mvn", "core/pom.xml", "mvnw", "pom.xml", "web/pom.xml")


def test_a_missing_module_leaves_the_manifests_unknown() -> None:
    assert project(PLAIN + "<modules><module>gone</module></modules>").manifests is None


def test_a_parent_that_is_its_own_child_ends() -> None:
    body = (
        "<parent><artifactId>app</artifactId><relativePath>pom.xml</relativePath></parent><artifactId>app</artifactId>"
    )
    assert project(body).version is None


def test_plugins_and_dependencies() -> None:
    found = project(
        PLAIN
        + BOOT
        + "<dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency>"
        + "<dependency><groupId>c</groupId><artifactId>d</artifactId><scope>test</scope></dependency></dependencies>"
    )
    assert found.spring_boot
    assert found.shaded
    assert not found.quarkus
    assert found.dependencies == {("a", "b")}


@pytest.mark.parametrize(
    ("properties", "release"),
    [
        ("<java.version>1.8</java.version>", "8"),
        ("<maven.compiler.release>21</maven.compiler.release>", "21"),
        ("", None),
    ],
)
def test_the_java_release(properties: str, release: str | None) -> None:
    assert project(PLAIN + f"<properties>{properties}</properties>").java_release == release


@pytest.mark.parametrize(
    "text",
    ["", "<project>", "<other/>", '<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>', "not xml"],
)
def test_what_is_not_read(text: str) -> None:
    assert maven_project(Context.of({"pom.xml": text})) is None
