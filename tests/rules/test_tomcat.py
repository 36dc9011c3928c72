"""Archives for Tomcat: on the same image, with the archive where it was, and nothing back that was taken away."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>shop</artifactId>"
    "<version>1.0</version><packaging>war</packaging>"
    "<dependencies><dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency>"
    "</dependencies><build><finalName>shop</finalName></build></project>"
)
_FILES = {
    "pom.xml": _POM,
    "src/main/java/Shop.java": "class Shop {}\n",
    "src/main/webapp/index.jsp": "<p>don't worry</p>\n",
    "mvnw": "#!/bin/sh\nexec java\n",
}
_BASE = "tomcat:9-jdk11"
_OLD = "tomcat:8.5.45-jdk11-openjdk"
_MAVEN = "RUN apt-get update && apt-get install -y maven\n"
_RUN = "RUN mvn -B package && cp target/shop.war /usr/local/tomcat/webapps/\n"
_CMD = 'CMD ["catalina.sh", "run"]\n'


def _migrated(text: str, **files: str) -> tuple[str, set[str]]:
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **_FILES, **files})
    migration = migrate(text.encode(), path="Dockerfile", context=context)
    codes = {decline.code for decline in migration.declines if decline.rule == "split-stages"}
    return bytes(migration.after).decode(), codes


def _text(base: str = _BASE, before: str = _MAVEN, run: str = _RUN, command: str = _CMD) -> str:
    return f"FROM {base}\n{before}WORKDIR /build\nCOPY . .\n{run}{command}"


def _runtime(after: str) -> str:
    return after[after.rindex("FROM ") :]


@pytest.mark.parametrize(
    "command", [_CMD, "", 'CMD ["/usr/local/tomcat/bin/catalina.sh", "run"]\n', "CMD catalina.sh run\n"]
)
def test_the_archive_alone_is_carried_and_maven_left_behind(command: str) -> None:
    after, _ = _migrated(_text(command=command))
    assert "AS builder" in after
    assert "COPY --from=builder /usr/local/tomcat/webapps/shop.war" in _runtime(after)
    assert "maven" not in _runtime(after)
    assert "src" not in _runtime(after)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (_text(before=_MAVEN + "COPY setenv.sh /usr/local/tomcat/bin/\n"), {"setenv.sh": "git log\n"}),
        (_text(before=_MAVEN + "ENV CATALINA_BASE=/srv/tomcat\n"), {}),
        (_text(before=_MAVEN + "COPY catalina.sh /usr/local/tomcat/bin/catalina.sh\n"), {"catalina.sh": "mvn x\n"}),
        (_text(command='CMD ["startup.sh"]\n'), {}),
        (_text(), {"src/main/webapp/log.jsp": '<% Runtime.getRuntime().exec("mvn"); %>\n'}),
    ],
    ids=["a script that is read", "another folder", "another script", "another start", "a page that starts a program"],
)
def test_what_may_call_maven_keeps_it(text: str, files: dict[str, str]) -> None:
    after, _ = _migrated(text, **files)
    assert "AS builder" not in after or "maven" in _runtime(after)


@pytest.mark.parametrize(
    "text",
    [
        _text(
            _OLD,
            "",
            "RUN ./mvnw package && rm -rf /usr/local/tomcat/webapps/* && mv target/shop.war "
            "/usr/local/tomcat/webapps/ROOT.war\n",
        ),
        _text(
            _OLD,
            "RUN rm -rf webapps/*\n",
            "RUN ./mvnw package && mv target/shop.war /usr/local/tomcat/webapps/ROOT.war\n",
        ),
        _text(
            _OLD,
            "RUN rm -rf /usr/local/tomcat/webapps/ROOT\n",
            "RUN ./mvnw package && mv target/shop.war /usr/local/tomcat/webapps/ROOT.war\n",
        ),
        _text(
            _OLD,
            "",
            "RUN cd /usr/local/tomcat && rm -rf webapps/* && cd /build && ./mvnw package && mv "
            "target/shop.war /usr/local/tomcat/webapps/ROOT.war\n",
        ),
        _text(
            _OLD,
            "",
            "RUN ./mvnw package\nRUN rm -rf $CATALINA_HOME/webapps/* && mv target/shop.war "
            "/usr/local/tomcat/webapps/ROOT.war\n",
        ),
    ],
    ids=["in the build", "relative", "one folder", "after cd", "by a variable"],
)
def test_the_servers_own_pages_do_not_come_back(text: str) -> None:
    """An image of 2019 brings a ROOT of its own, which Tomcat prefers to ROOT.war."""
    after, codes = _migrated(text)
    if "AS builder" in after:
        runtime = _runtime(after)
        assert runtime.index("rm -rf") < runtime.index("COPY --from=builder /usr/local/tomcat/webapps/ROOT.war")
    else:
        assert codes


def test_what_the_file_itself_fetched_is_removed_once() -> None:
    """The runtime never has it, so an `rm` of it would fail there."""
    fetched = (
        "RUN cd /usr/local/tomcat/lib && wget https://example.org/driver.tgz && tar xzf driver.tgz && rm driver.tgz\n"
    )
    after, codes = _migrated(_text(before=fetched + _MAVEN))
    assert "rm driver.tgz" not in _runtime(after) or "AS builder" not in after
    assert "AS builder" in after or codes


def test_ant_is_left_behind_too() -> None:
    """Built and asked on an engine: the servlet answers as before, and the image's own page is gone in both."""
    before = "RUN apt-get update && apt-get install -y --no-install-recommends ant\nRUN rm -rf webapps/*\n"
    run = "RUN ant war && cp out/shop.war /usr/local/tomcat/webapps/ROOT.war\n"
    after, _ = _migrated(_text(before=before, run=run), **{"build.xml": "<project default='war'/>\n"})
    runtime = _runtime(after)
    assert "AS builder" in after
    assert "apt-get" not in runtime
    assert runtime.index("RUN rm -rf webapps/*") < runtime.index("/usr/local/tomcat/webapps/ROOT.war")
