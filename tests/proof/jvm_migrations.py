"""Migrations of Java and .NET that hold, and what breaks each: rows as in ``test_mutations``."""

from __future__ import annotations

from good_migrations import JAVA, JAVA_FILES, Good

_JAR = 'CMD ["java", "-jar", "target/a-1.jar"]\n'
PACKAGE = Good(
    "java-package",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y openjdk-17-jdk-headless maven\n"
    f"WORKDIR /app\nCOPY . .\nRUN mvn package\n{_JAR}",
    "FROM ubuntu:22.04 AS builder\nRUN apt-get update && apt-get install -y openjdk-17-jdk-headless maven\n"
    "WORKDIR /app\nCOPY . .\nRUN mvn package\n\nFROM ubuntu:22.04\n"
    "RUN apt-get update && apt-get install -y openjdk-17-jre-headless\nWORKDIR /app\n"
    f"COPY --from=builder /app/target/a-1.jar ./target/a-1.jar\n{_JAR}",
    JAVA_FILES,
)
CORRETTO = Good(
    "corretto",
    f"FROM amazoncorretto:17\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\n{_JAR}",
    "FROM amazoncorretto:17 AS builder\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\n\nFROM amazoncorretto:17-headless\n"
    f"WORKDIR /app\nCOPY --from=builder /app/target/a-1.jar ./target/a-1.jar\n{_JAR}",
    JAVA_FILES,
)
_RUN = 'ENTRYPOINT ["dotnet", "/out/App.dll"]\n'
DOTNET = Good(
    "dotnet-alpine",
    "FROM mcr.microsoft.com/dotnet/sdk:8.0-alpine\nWORKDIR /app\nCOPY . .\n"
    f"RUN dotnet publish -c Release -o /out\n{_RUN}",
    "FROM mcr.microsoft.com/dotnet/sdk:8.0-alpine AS builder\nWORKDIR /app\nCOPY . .\n"
    "RUN dotnet publish -c Release -o /out\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0-alpine\n"
    "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false\nRUN apk add --no-cache icu-data-full icu-libs tzdata\n"
    f"WORKDIR /app\nCOPY --from=builder /out /out\n{_RUN}",
    {
        "App.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework>'
        "</PropertyGroup></Project>\n",
        "Program.cs": "WebApplication.CreateBuilder(args).Build().Run();\n",
    },
)
_QUARKUS = 'CMD ["java", "-jar", "target/quarkus-app/quarkus-run.jar"]\n'
QUARKUS = Good(
    "quarkus",
    f"FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package -DskipTests\n{_QUARKUS}",
    "FROM maven:3.9-eclipse-temurin-17 AS builder\nWORKDIR /app\nCOPY . .\nRUN mvn package -DskipTests\n\n"
    "FROM eclipse-temurin:17-jre\nWORKDIR /app\n"
    f"COPY --from=builder /app/target/quarkus-app ./target/quarkus-app\n{_QUARKUS}",
    {
        "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>1</version><build><plugins><plugin><groupId>io.quarkus</groupId>"
        "<artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build></project>",
        "src/main/java/A.java": "class A {}\n",
        "src/main/resources/application.properties": "greeting=hello\n",
    },
)
_STAGE = 'CMD ["target/universal/stage/bin/a"]\n'
STAGED = Good(
    "sbt-stage",
    "FROM sbtscala/scala-sbt:eclipse-temurin-alpine-21.0.2_13_1.9.9_3.4.0\nWORKDIR /app\nCOPY . .\nRUN sbt stage\n"
    f"{_STAGE}",
    "FROM sbtscala/scala-sbt:eclipse-temurin-alpine-21.0.2_13_1.9.9_3.4.0 AS builder\nWORKDIR /app\nCOPY . .\n"
    "RUN sbt stage\n\nFROM eclipse-temurin:21-jre-alpine\nRUN apk add --no-cache bash\nWORKDIR /app\n"
    f"COPY --from=builder /app/target/universal/stage ./target/universal/stage\n{_STAGE}",
    {
        "build.sbt": 'name := "a"\nversion := "1"\nscalaVersion := "3.4.0"\nenablePlugins(JavaAppPackaging)\n',
        "project/plugins.sbt": 'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.9.16")\n',
        "project/build.properties": "sbt.version=1.9.9\n",
        "src/main/scala/A.scala": "@main def run = println(1)\n",
        "src/main/resources/a.conf": "a = 1\n",
    },
)
_TOMCAT = "tomcat:8.5.45-jdk11-openjdk"
_WAR = (
    "RUN apt-get update && apt-get install -y maven\nWORKDIR /build\nCOPY . .\n"
    "RUN rm -rf /usr/local/tomcat/webapps/*\n"
    "RUN mvn package && mv target/a.war /usr/local/tomcat/webapps/ROOT.war\n"
)
TOMCAT = Good(
    "tomcat",
    f"FROM {_TOMCAT}\n{_WAR}",
    f"FROM {_TOMCAT} AS builder\n{_WAR}\nFROM {_TOMCAT}\nWORKDIR /build\nRUN rm -rf /usr/local/tomcat/webapps/*\n"
    "COPY --from=builder /usr/local/tomcat/webapps/ROOT.war /usr/local/tomcat/webapps/ROOT.war\n",
    {
        "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>1</version><packaging>war</packaging><build><finalName>a</finalName></build></project>",
        "src/main/java/A.java": "class A {}\n",
        "src/main/webapp/index.jsp": "<p>hello</p>\n",
    },
)
_CHOWN = "RUN useradd -r -u 1001 app && chown -R app /usr/local/tomcat\n"
_GROUP = "RUN chmod g=u /etc/passwd\n"
OWNED = Good(
    "tomcat-owned",
    f"FROM {_TOMCAT}\n{_WAR}{_CHOWN}{_GROUP}USER app\n",
    f"FROM {_TOMCAT} AS builder\n{_WAR}\nFROM {_TOMCAT}\nWORKDIR /build\nRUN rm -rf /usr/local/tomcat/webapps/*\n"
    "COPY --from=builder /usr/local/tomcat/webapps/ROOT.war /usr/local/tomcat/webapps/ROOT.war\n"
    f"{_CHOWN}{_GROUP}USER app\n",
    TOMCAT.files,
)
_START = 'RUN chmod -R g=u /var/log /etc/passwd\nCMD ["python", "app.py"]\n'
_INSTALLED = (
    "WORKDIR /app\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n"
    "COPY . .\nRUN pip install -r requirements.txt\n"
)
FOLDERS = Good(
    "python-folders",
    f"FROM python:3.11\n{_INSTALLED}{_START}",
    f"FROM python:3.11 AS builder\n{_INSTALLED}\nFROM python:3.11-slim\nENV PATH=/opt/venv/bin:$PATH\nWORKDIR /app\n"
    f"COPY --from=builder /opt/venv /opt/venv\nCOPY --from=builder /app/ ./\n{_START}",
    {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"},
)
GOOD = (PACKAGE, CORRETTO, DOTNET, QUARKUS, STAGED, TOMCAT, OWNED, FOLDERS)

BROKEN = [
    (PACKAGE, "RUN apt-get update && apt-get install -y openjdk-17-jre-headless\nWORKDIR", "WORKDIR", "B1"),
    (PACKAGE, "openjdk-17-jre-headless\nWORKDIR", "openjdk-11-jre-headless\nWORKDIR", "B1"),
    (CORRETTO, "amazoncorretto:17-headless", "amazoncorretto:21-headless", "B7"),
    (CORRETTO, "amazoncorretto:17-headless", "eclipse-temurin:17-jre-alpine", "B2"),
    (QUARKUS, "COPY --from=builder /app/target/quarkus-app ./target/quarkus-app\n", "", "A2"),
    (QUARKUS, "/app/target/quarkus-app ./", "/app/target/quarkus-app/quarkus-run.jar ./", "A6"),
    (
        QUARKUS,
        "/app/target/quarkus-app ./target/quarkus-app",
        "/app/target/quarkus-app/lib ./target/quarkus-app/lib",
        "A2",
    ),
    (TOMCAT, "\nRUN rm -rf /usr/local/tomcat/webapps/*\nCOPY --from", "\nCOPY --from", "A18"),
    (TOMCAT, "COPY --from=builder /usr/local/tomcat/webapps/ROOT.war /usr/local/tomcat/webapps/ROOT.war\n", "", "A2"),
    (TOMCAT, "FROM tomcat:8.5.45-jdk11-openjdk\nWORKDIR", "FROM tomcat:9-jdk11\nWORKDIR", "B7"),
    (OWNED, f"{_CHOWN}{_GROUP}USER", f"RUN useradd -r -u 1001 app\n{_GROUP}USER", "A15"),
    (OWNED, f"{_GROUP}USER", "USER", "A15"),
    (OWNED, f"{_CHOWN}{_GROUP}USER", f"RUN chown -R app /usr/local/tomcat\n{_GROUP}USER", "A16"),
    (FOLDERS, "RUN chmod -R g=u /var/log /etc/passwd\n", "", "A15"),
    (FOLDERS, "RUN chmod -R g=u /var/log /etc/passwd\n", "RUN chmod -R g=u /var/log\n", "A15"),
    (STAGED, "RUN apk add --no-cache bash\n", "", "C10"),
    (STAGED, "eclipse-temurin:21-jre-alpine", "eclipse-temurin:17-jre-alpine", "B7"),
    (STAGED, "eclipse-temurin:21-jre-alpine", "eclipse-temurin:21-jre", "B2"),
    (STAGED, "/app/target/universal/stage ./target/universal/stage", "/app/project ./project", "A1"),
    (
        STAGED,
        "/app/target/universal/stage ./target/universal/stage",
        "/app/target/universal/stage/bin ./target/universal/stage/bin",
        "A2",
    ),
    (DOTNET, "RUN apk add --no-cache icu-data-full icu-libs tzdata\n", "", "B10"),
    (DOTNET, "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false\n", "", "D1"),
    (DOTNET, "dotnet/aspnet:8.0-alpine", "dotnet/runtime:8.0-alpine", "B10"),
    (DOTNET, "dotnet/aspnet:8.0-alpine", "dotnet/runtime-deps:8.0-alpine", "B10"),
]

_LEGACY = "<quarkus.package.type>legacy-jar</quarkus.package.type>"
_RANDOM = "class A { Object r = java.util.random.RandomGenerator.getDefault(); }\n"
_COMPILES = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>"
    "<dependencies><dependency><groupId>net.openhft</groupId><artifactId>compiler</artifactId></dependency>"
    "</dependencies></project>"
)
CONTEXTS = [
    # The package that is asked for is another one, or may be
    (QUARKUS, {"src/main/resources/application.properties": "quarkus.package.type=uber-jar\n"}, "A2"),
    (QUARKUS, {"src/main/resources/application.yml": "quarkus: {}\n"}, "A2"),
    (
        QUARKUS,
        {"pom.xml": QUARKUS.files["pom.xml"].replace("<build>", f"<properties>{_LEGACY}</properties><build>")},
        "A2",
    ),
    # A page of Tomcat's may start Maven
    (TOMCAT, {"src/main/webapp/index.jsp": '<% Runtime.getRuntime().exec("mvn"); %>\n'}, "C10"),
    # What sbt leaves cannot be listed
    (STAGED, {"project/Own.scala": "object Own\n"}, "A2"),
    (STAGED, {"build.sbt": STAGED.files["build.sbt"] + 'val page = taskKey[Unit]("")\n'}, "A2"),
    (JAVA, {"src/main/java/A.java": _RANDOM}, "B9"),
    (JAVA, {"pom.xml": _COMPILES}, "B9"),
    (JAVA, {"src/main/scala/B.scala": 'import sys.process._\nobject B { "git log".! }\n'}, "C10"),
    (CORRETTO, {"src/main/java/A.java": "class A { java.awt.Image image; }\n"}, "B9"),
    (PACKAGE, {"src/main/java/A.java": "import com.sun.source.tree.Tree;\n"}, "B9"),
]
