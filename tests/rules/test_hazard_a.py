"""Hazards of group A. Files that are not where the application expects them: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import (
    FIRST,
    GO,
    JAVA,
    NODE,
    PYTHON,
    SPLIT,
    TYPESCRIPT,
    USER,
    Hazard,
    check,
    go,
    java,
    node,
    python,
    typescript,
)

CASES = (
    Hazard(
        "A1",
        "templates that the program reads",
        go(),
        {
            **GO,
            "templates/a.html": "x",
            "main.go": 'package main\n\nimport "html/template"\n\nfunc main() {\n\ttemplate.ParseGlob("templat'
            'es/*.html")\n}\n',
        },
        done=(SPLIT,),
        has=(r"^COPY --from=builder .*/app/templates",),
    ),
    Hazard(
        "A2",
        "an unknown command",
        node(after="RUN ./tools/make-world\n"),
        {**NODE, "tools/make-world": "#!/usr/bin/env python3\n"},
        left=(SPLIT,),
        says=("A2",),
    ),
    Hazard(
        "A3",
        "models below the home folder",
        python(last="RUN python -m nltk.downloader punkt\n"),
        {**PYTHON, "requirements.txt": "nltk==3.8\n", "app.py": "import nltk\n"},
        says=("A17",),
        left=(SPLIT,),
    ),
    Hazard(
        "A4",
        "an output folder that nothing tells",
        typescript(command='CMD ["node", "server.js"]'),
        {
            **TYPESCRIPT,
            "package.json": TYPESCRIPT["package.json"].replace('"tsc"', '"node make.js"'),
            "server.js": "",
            "make.js": "",
        },
        has=(r"^COPY --from=builder (--chown=\S+ )?/app/ \./$",),
        done=(SPLIT,),
    ),
    Hazard(
        "A5",
        "public and .next of Next.js",
        typescript(command='CMD ["npm", "start"]'),
        {
            "package.json": '{"name": "a", "scripts": {"build": "next build", "start": "next start"}, "depend'
            'encies": {"next": "14.0.0", "react": "18.0.0", "react-dom": "18.0.0"}}',
            "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/next": {"version": "14'
            '.0.0"}, "node_modules/react": {"version": "18.0.0"}, "node_modules/react-dom": {'
            '"version": "18.0.0"}}}',
            "public/a.png": "x",
            "pages/index.js": "export default () => null;\n",
        },
        lacks=(r"standalone",),
    ),
    Hazard(
        "A6",
        "several programs, none of which is named",
        go(build="go build ./...", command='CMD ["./server"]'),
        {**GO, "cmd/a/main.go": GO["main.go"], "cmd/b/main.go": GO["main.go"]},
        has=(r"^COPY --from=builder (--chown=\S+ )?/app/ \./$",),
    ),
    Hazard(
        "A6",
        "no folder of modules where npm has nothing to install",
        node(),
        {"package.json": '{"name": "a", "version": "1.0.0"}', "server.js": ""},
        lacks=(r"/app/node_modules ",),
    ),
    Hazard(
        "A7",
        "a wildcard that no shell would expand",
        java(command="CMD java -jar target/*.jar"),
        JAVA,
        has=(r"^CMD java -jar target/\*\.jar$",),
        says=("H4",),
        select=("exec-form",),
    ),
    Hazard(
        "A8",
        "packages of a workspace",
        node(),
        {
            **NODE,
            "package.json": '{"name": "a", "workspaces": ["packages/*"], "dependencies": {"b": "*"}}',
            "packages/b/package.json": '{"name": "b"}',
        },
        left=(FIRST,),
        lacks=(r"npm prune",),
    ),
    Hazard(
        "A9",
        "a folder under its own name",
        typescript(),
        TYPESCRIPT,
        done=(SPLIT,),
        has=(r"^COPY --from=builder (--chown=\S+ )?/app/dist \./dist$",),
    ),
    Hazard(
        "A10",
        "an empty folder",
        go(after="RUN mkdir -p /var/lib/shop\n"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"mkdir -p /var/lib/shop"),
    ),
    Hazard("A11", "a dotfile", node(), {**NODE, ".env": "A=b\n"}, has=(r"^COPY (--chown=\S+ )?\. \.$",)),
    Hazard(
        "A12",
        "the host's node_modules over the installed one",
        node(),
        NODE,
        left=(FIRST,),
        says=("A12",),
        ignored="dist\n",
    ),
    Hazard(
        "A13",
        "an output that .dockerignore names",
        typescript(),
        TYPESCRIPT,
        done=(SPLIT,),
        has=(r"/app/dist \./dist$",),
        ignored="node_modules\ndist\n",
    ),
    Hazard(
        "A13",
        "kaniko, which may filter that output",
        typescript(),
        {**TYPESCRIPT, ".gitlab-ci.yml": "build:\n  image: gcr.io/kaniko-project/executor:debug\n"},
        done=(SPLIT,),
        warns=(r"\.gitlab-ci\.yml builds with kaniko, and \.dockerignore names node_modules, dist",),
        ignored="node_modules\ndist\n.gitlab-ci.yml\n",
    ),
    Hazard(
        "A14",
        "a capability of a file",
        go(
            before="RUN apt-get update && apt-get install -y libcap2-bin\n",
            after="RUN setcap cap_net_bind_service=+ep /app/server\n",
        ),
        GO,
        done=(SPLIT,),
        has=(r"^RUN setcap ", r"^COPY --from=builder (--chown=\S+ )?/app/server "),
        lacks=(r"chown -R",),
    ),
    Hazard(
        "A15",
        "the owner of the working directory",
        node(),
        NODE,
        done=(USER,),
        has=(r"chown 1000:1000 /app", r"^COPY --chown=1000:1000 "),
    ),
    Hazard(
        "A16",
        "an owner by name",
        go(before="RUN useradd -u 1000 app\n", after="COPY --chown=app:app main.go /srv/main.go\nUSER app\n"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"useradd -u 1000 app", r"--chown=app:app"),
    ),
    Hazard(
        "A17",
        "files among the system's",
        go(after="RUN cp -r /app/share /usr/share\n"),
        {**GO, "share/a": "x"},
        left=(SPLIT,),
        says=("A17",),
    ),
    Hazard(
        "A18",
        "a secret that is deleted",
        go(after="RUN rm token.txt\n"),
        {**GO, "token.txt": "x"},
        has=(r"^FROM debian", r"^RUN rm token\.txt$"),
    ),
    Hazard(
        "A19",
        "the linker's cache",
        python(before="COPY libfoo.so /usr/local/lib/libfoo.so\nRUN ldconfig\n"),
        {**PYTHON, "libfoo.so": "x"},
        done=(SPLIT,),
        has=(r"^FROM .*slim", r"libfoo\.so", r"^RUN ldconfig$"),
    ),
    Hazard(
        "A20",
        "a link outside of the working directory",
        python(middle="RUN ln -s /app/app.py /usr/local/bin/shop\n"),
        PYTHON,
        has=(r"ln -s /app/app\.py /usr/local/bin/shop",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
