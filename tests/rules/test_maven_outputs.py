"""What Maven leaves to be run, and what of it a start command asks for."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>"
    "{}</project>"
)
_ASSEMBLY = (
    "<build><plugins><plugin><artifactId>maven-assembly-plugin</artifactId><configuration><descriptorRefs>"
    "<descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs></configuration>{}</plugin></plugins></build>"
)
_BOUND = "<executions><execution><phase>package</phase><goals><goal>single</goal></goals></execution></executions>"
_BOOT = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
_SHADED = (
    "<build><plugins><plugin><artifactId>maven-shade-plugin</artifactId><configuration><shadedArtifactAttached>true"
    "</shadedArtifactAttached></configuration></plugin></plugins></build>"
)
_LIBRARY = "<dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId></dependency></dependencies>"
_SCRIPT = '#!/bin/sh\nexec java -cp "target/classes:conf" A\n'
_FAT = "/app/target/a-1-jar-with-dependencies.jar "
_JAR = "/app/target/a-1.jar "
_ALL = "/app/target ./target\n"
_WHOLE = "/app/ ./\n"


def _runtime(goals: str, command: str, pom: str = "") -> str:
    text = f"FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn {goals}\nCMD {command}\n"
    files = {"pom.xml": _POM.format(pom), "src/main/java/A.java": "class A {}\n"}
    files |= {"start.sh": _SCRIPT} if "start.sh" in command else {}
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **files})
    after = bytes(migrate(text.encode(), path="Dockerfile", context=context).after).decode()
    assert "AS builder" in after
    return after[after.rindex("FROM ") :]


def _start(name: str) -> str:
    return f'["java", "-jar", "target/{name}.jar"]'


@pytest.mark.parametrize(
    ("goals", "command", "pom", "carried"),
    [
        ("package", _start("a-1"), "", (_JAR,)),
        ("package", _start("a-1-jar-with-dependencies"), _ASSEMBLY.format(_BOUND), (_JAR, _FAT)),
        ("compile assembly:single", _start("a-1-jar-with-dependencies"), _ASSEMBLY.format(""), (_FAT,)),
        ("package", _start("a-1"), _ASSEMBLY.format(""), (_ALL,)),
        ("package -P prod", _start("a-1"), _BOOT, (_JAR,)),
        ("package -Pprod", _start("a-1"), "<profiles><profile><id>prod</id></profile></profiles>", (_ALL,)),
        (
            "package -P prod",
            _start("a-1"),
            f"<profiles><profile><id>prod</id>{_SHADED}</profile></profiles>{_BOOT}",
            (_WHOLE,),
        ),
        ("package", _start("a-1-shaded"), _SHADED, (_ALL,)),
        ("compile", '["java", "-cp", "target/classes", "A"]', "", (_ALL,)),
        ("package", '["java", "-cp", "target/classes:target/dependency/*", "A"]', "", (_ALL,)),
        ("package", "java -cp target/classes A", "", (_ALL,)),
        ("package", "cd target && java -cp classes A", "", (_ALL,)),
        ("package", '["java", "-javaagent:target/agent/a.jar", "-jar", "target/a-1.jar"]', "", (_ALL,)),
        ("package", "java $JAVA_OPTS -jar target/a-1.jar", "", (_JAR,)),
        ("package", '["sh", "-c", "java $JAVA_OPTS -jar target/*.jar"]', "", (_JAR,)),
        ("package", '["./start.sh"]', "", (_ALL, "start.sh")),
        ("package dependency:copy-dependencies", "java -cp 'target/dependency/*' A", _LIBRARY, (_WHOLE,)),
    ],
)
def test_what_is_carried(goals: str, command: str, pom: str, carried: tuple[str, ...]) -> None:
    runtime = _runtime(goals, command, pom)
    copies = [line for line in runtime.split("\n") if line.startswith("COPY")]
    assert len(copies) == len(carried)
    assert all(any(one in f"{copy}\n" for copy in copies) for one in carried)


def test_a_folder_is_copied_once() -> None:
    text = (
        "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /work\nCOPY . .\nRUN mvn package\n"
        "RUN mkdir /deploy && cp -r target/classes /deploy/classes && cp target/*.jar /deploy/\n"
        'WORKDIR /deploy\nCMD ["java", "-jar", "a-1.jar"]\n'
    )
    files = {"pom.xml": _POM.format(""), "src/main/java/A.java": "class A {}\n"}
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **files})
    after = bytes(migrate(text.encode(), path="Dockerfile", context=context).after).decode()
    copies = [line for line in after[after.rindex("FROM ") :].split("\n") if line.startswith("COPY")]
    assert len(copies) == 1 and copies[0].endswith(" /deploy /deploy")
