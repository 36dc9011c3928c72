"""One small project for each hazard of ``docs/hazards.md``, and how the answer shows that it is minded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration
from dfmigrate.settings import Answers, Settings

SPLIT, USER, FIRST = "split-stages", "run-as-user", "copy-manifests-first"


@dataclass(frozen=True)
class Hazard:
    """A Dockerfile with its context, and what must hold of the answer."""

    code: str
    what: str
    dockerfile: str
    files: dict[str, str]
    done: tuple[str, ...] = ()
    """Rules that must have changed something."""
    left: tuple[str, ...] = ()
    """Rules that must not."""
    says: tuple[str, ...] = ()
    """Codes of declines, warnings or refusals that must be told."""
    has: tuple[str, ...] = ()
    """Matched by lines of the result, in this order."""
    lacks: tuple[str, ...] = ()
    """Matched by no line of the final stage."""
    warns: tuple[str, ...] = ()
    """Matched by a warning of a step."""
    select: tuple[str, ...] = ()
    ignored: str = "node_modules\nvendor\n"

    def migrated(self) -> Migration:
        files = {"Dockerfile": self.dockerfile, ".dockerignore": self.ignored, **self.files}
        settings = Settings(answers=Answers(select=frozenset(self.select)))
        return migrate(self.dockerfile.encode(), path="Dockerfile", context=Context.of(files), settings=settings)


def check(case: Hazard) -> None:
    """Everything that a case says holds of the answer, and a second run changes nothing."""
    migration = case.migrated()
    rules = {step.rule for step in migration.steps}
    after = bytes(migration.after).decode()
    told = {decline.code for decline in migration.declines}
    assert set(case.done) <= rules, (rules, migration.declines)
    assert not set(case.left) & rules, after
    assert set(case.says) <= told, (told, after)
    warnings = "\n".join(warning for step in migration.steps for warning in step.warnings)
    for pattern in case.warns:
        assert re.search(pattern, warnings) is not None, warnings
    position = 0
    for pattern in case.has:
        found = re.compile(pattern, re.MULTILINE).search(after, position)
        assert found is not None, f"{pattern}\n{after}"
        position = found.end()
    last = after[after.upper().rindex("FROM ") :]
    for pattern in case.lacks:
        assert re.search(pattern, last, re.MULTILINE) is None, after


NODE = {
    "package.json": '{"name": "a", "version": "1.0.0", "dependencies": {"express": "4.0.0"}}',
    "package-lock.json": '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a", '
    '"version": "1.0.0", "dependencies": {"express": "4.0.0"}}, "node_modules/express": {"version": "4.0.0"}}}',
    "server.js": "require('express')().listen(3000);\n",
}
TYPESCRIPT = {
    **NODE,
    "package.json": '{"name": "a", "version": "1.0.0", "scripts": {"build": "tsc", "start": "node dist/index.js"}, '
    '"dependencies": {"express": "4.0.0"}, "devDependencies": {"typescript": "5.0.0"}}',
    "package-lock.json": '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a", '
    '"version": "1.0.0", "dependencies": {"express": "4.0.0"}, "devDependencies": {"typescript": "5.0.0"}}, '
    '"node_modules/express": {"version": "4.0.0"}, "node_modules/typescript": {"version": "5.0.0", "dev": true}}}',
    "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
    "src/index.ts": "import express from 'express';\nexpress().listen(3000);\n",
}
PYTHON = {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n"}
GO = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n",
    "main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n',
}
JAVA = {
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
    "<version>1</version></project>",
    "src/main/java/A.java": "class A { public static void main(String[] a) {} }\n",
}
RUST = {"Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n', "src/main.rs": "fn main() {}\n"}


def node(
    *, before: str = "", after: str = "", command: str = 'CMD ["node", "server.js"]', base: str = "node:20"
) -> str:
    """Copies everything, installs, starts."""
    return f"FROM {base}\n{before}WORKDIR /app\nCOPY . .\nRUN npm install\n{after}{command}\n"


def typescript(*, middle: str = "", after: str = "", command: str = 'CMD ["node", "dist/index.js"]') -> str:
    """Manifests first, a build, a start from its output."""
    install = "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n"
    return f"FROM node:20\n{middle}{install}RUN npm run build\n{after}{command}\n"


def python(
    *,
    before: str = "",
    middle: str = "",
    last: str = "",
    command: str = 'CMD ["python", "app.py"]',
    base: str = "python:3.11",
) -> str:
    """Requirements first."""
    install = "WORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\n"
    return f"FROM {base}\n{before}{install}{middle}COPY . .\n{last}{command}\n"


def go(
    *,
    before: str = "",
    middle: str = "",
    after: str = "",
    command: str = 'CMD ["./server"]',
    base: str = "golang:1.22-bookworm",
    build: str = "go build -o server .",
) -> str:
    """One program."""
    return f"FROM {base}\n{before}WORKDIR /app\nCOPY . .\n{middle}RUN {build}\n{after}{command}\n"


def java(*, base: str = "maven:3.9-eclipse-temurin-17", command: str = 'CMD ["java", "-jar", "target/a-1.jar"]') -> str:
    """Maven, and the jar that it writes."""
    return f"FROM {base}\nWORKDIR /app\nCOPY . .\nRUN mvn package\n{command}\n"
