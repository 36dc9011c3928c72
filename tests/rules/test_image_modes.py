"""Owners and modes of the base image's own folders: changed again in the runtime, or the file stays one stage."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_CATALINA = 'CMD ["catalina.sh", "run"]\n'
_WAR = (
    "FROM tomcat:9.0-jdk11\nRUN apt-get update && apt-get install -y maven && rm -rf /var/lib/apt/lists/*{first}\n"
    "COPY . /src\nRUN cd /src && mvn package && cp target/shop.war /usr/local/tomcat/webapps/ROOT.war{same}\n"
)
_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>shop</artifactId>"
    "<version>1.0</version><packaging>war</packaging><build><finalName>shop</finalName></build></project>"
)
_TOMCAT = {"pom.xml": _POM, "src/main/java/S.java": "class S {}\n", "src/main/webapp/index.jsp": "<p>up</p>\n"}
_NODE = {
    "package.json": json.dumps({"name": "a", "scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5.4.0"}}),
    "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {"": {}}}),
    "src/index.js": "require('http').createServer().listen(3000);\n",
    "uid_entrypoint.sh": '#!/bin/sh\nexec "$@"\n',
}
_NODE_TEXT = (
    "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build{same}\n{after}"
    'USER 1001\nENTRYPOINT ["./uid_entrypoint.sh"]\nCMD ["node", "src/index.js"]\n'
)
_SITE = (
    "FROM nginx:1.25\nRUN apt-get update && apt-get install -y nodejs npm && rm -rf /var/lib/apt/lists/*\n"
    "WORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n"
    "RUN npm run build && cp -r dist/* /usr/share/nginx/html/\n{}USER nginx\n"
    'CMD ["nginx", "-g", "daemon off;"]\n'
)
_VITE = {
    "package.json": json.dumps({"name": "a", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "5.2.0"}}),
    "vite.config.js": "export default {};\n",
    "index.html": "<p>up</p>\n",
    "src/index.js": "console.log(1);\n",
}
_PYTHON = {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"}
_PYTHON_TEXT = (
    "FROM python:3.11\nRUN apt-get update && apt-get install -y libpq-dev gcc && rm -rf /var/lib/apt/lists/*\n"
    "WORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt{}\nCOPY . .\n"
    'USER 1001\nCMD ["python", "app.py"]\n'
)


def _migrated(text: str, files: dict[str, str]) -> tuple[str, set[str]]:
    """The last stage of the result, "" where it is still the only one, and the codes of what is declined."""
    context = Context.of({"Dockerfile": text, ".dockerignore": ".git\n", **files})
    migration = migrate(text.encode(), path="Dockerfile", context=context)
    codes = {decline.code for decline in migration.declines if decline.rule == "split-stages"}
    after = bytes(migration.after).decode()
    return (after[after.rindex("FROM ") :] if " AS builder" in after else ""), codes


def _tomcat(first: str = "", same: str = "", after: str = "", user: str = "1001") -> str:
    return _WAR.format(first=first, same=same) + after + f"USER {user}\n" + _CATALINA


@pytest.mark.parametrize(
    ("text", "files", "commands"),
    [
        (
            _tomcat(after="RUN chown -R 1001:0 /usr/local/tomcat\n"),
            _TOMCAT,
            ["chown -R 1001:0 /usr/local/tomcat"],
        ),
        (
            _tomcat(first=" && useradd -r -u 1001 tomcat && chown -R tomcat /usr/local/tomcat", user="tomcat"),
            _TOMCAT,
            ["useradd -r -u 1001 tomcat", "chown -R tomcat /usr/local/tomcat"],
        ),
        (
            _tomcat(after="RUN chgrp -R 0 /usr/local/tomcat && chmod -R g=u /usr/local/tomcat\n"),
            _TOMCAT,
            ["chgrp -R 0 /usr/local/tomcat", "chmod -R g=u /usr/local/tomcat"],
        ),
        (
            _tomcat(same=" && chmod -R 777 /usr/local/tomcat"),
            _TOMCAT,
            ["chmod -R 777 /usr/local/tomcat"],
        ),
        (
            _SITE.format(
                "RUN chown -R nginx:nginx /usr/share/nginx/html /var/cache/nginx /etc/nginx/conf.d"
                " && touch /var/run/nginx.pid && chown nginx:nginx /var/run/nginx.pid\n"
            ),
            _VITE,
            [
                "COPY --from=builder",
                "/etc/nginx/conf.d",
                "touch /var/run/nginx.pid",
                "chown nginx:nginx /var/run/nginx",
            ],
        ),
        (
            _SITE.format("RUN chown -R nginx /etc/nginx\n").replace(
                "COPY . .\n", "COPY . .\nCOPY index.html /etc/nginx/html/\n"
            ),
            _VITE,
            ["COPY --from=builder", "chown -R nginx /etc/nginx"],
        ),
        (
            _NODE_TEXT.format(same="", after="RUN chmod g=u /etc/passwd && chmod +x uid_entrypoint.sh\n"),
            _NODE,
            ["COPY --from=builder", "chmod g=u /etc/passwd", "chmod +x uid_entrypoint.sh"],
        ),
        (
            _NODE_TEXT.format(same=" && chmod g=u /etc/passwd", after="RUN chmod +x uid_entrypoint.sh\n"),
            _NODE,
            ["chmod g=u /etc/passwd"],
        ),
        (
            _PYTHON_TEXT.format(" && chgrp -R 0 /var/log /opt && chmod -R g=u /var/log /opt /etc/passwd"),
            _PYTHON,
            ["COPY --from=builder", "chgrp -R 0 /var/log /opt", "chmod -R g=u /var/log /opt /etc/passwd"],
        ),
    ],
    ids=["late", "named", "group", "same-run", "nginx", "around", "passwd", "passwd-in-the-build", "python"],
)
def test_what_changes_folders_of_the_image_runs_in_the_runtime(
    text: str, files: dict[str, str], commands: list[str]
) -> None:
    runtime, _ = _migrated(text, files)
    places = [runtime.find(command) for command in commands]
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    ("text", "files", "code"),
    [
        # The slim image is not shown to have the folder, nor the user
        (_PYTHON_TEXT.format(" && chmod -R g=u /usr/share/fonts"), _PYTHON, "A15"),
        (_PYTHON_TEXT.format(" && chown -R www-data /var/log"), _PYTHON, "A16"),
        # One command changes both, and the file comes only later
        (
            _SITE.format(
                "RUN npm run lint && touch /run/nginx.pid && chown nginx:nginx /run/nginx.pid /var/cache/nginx\n"
            ),
            _VITE,
            "A15",
        ),
        # It is not sure to run
        (_PYTHON_TEXT.format(" && (chmod g=u /etc/passwd || true)"), _PYTHON, "A2"),
        # Another command says what it changes
        (_PYTHON_TEXT.format("; for d in /var/log /opt; do chmod g=u $d; done"), _PYTHON, "A2"),
        (_PYTHON_TEXT.format(" && find /var/log -type d -print0 | xargs -0 chmod g=u"), _PYTHON, "A2"),
    ],
    ids=["folder", "user", "both", "perhaps", "loop", "handed"],
)
def test_where_it_cannot_run_again_nothing_is_split(text: str, files: dict[str, str], code: str) -> None:
    runtime, codes = _migrated(text, files)
    assert runtime == "" and code in codes


@pytest.mark.parametrize(
    "command",
    [
        "chmod 1777 /tmp",
        "chmod 644 requirements.txt",
        "mkdir -p /data && chmod 777 /data",
        "for f in *.sh; do chmod +x $f; done && rm -rf /var/cache/apt",
        "find . -name '*.sh' 2>/dev/null | xargs chmod +x",
    ],
)
def test_what_is_the_files_own_is_split_as_before(command: str) -> None:
    runtime, _ = _migrated(_PYTHON_TEXT.format(f" && {command}"), _PYTHON)
    assert "COPY --from=builder" in runtime and "/tmp" not in runtime
