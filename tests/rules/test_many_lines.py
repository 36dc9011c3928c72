"""Files of hundreds of instructions take seconds, not minutes: no question is asked of all lines for each line."""

from __future__ import annotations

import time

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

LINES = 200
FILES = {
    "package.json": '{"name": "a", "scripts": {"build": "tsc"}, "dependencies": {"express": "4.0.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"node_modules/express": {"version": "4.0.0"}}}',
    "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}',
    "src/index.ts": "export {};\n",
    "requirements.txt": "",
    "app.py": "",
}
NODE = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n{}RUN npm run build\n" + 'CMD ["node", "dist/index.js"]\n'
PYTHON = "FROM python:3.11\nWORKDIR /app\n{}COPY . .\n" + 'CMD ["python", "app.py"]\n'
DEBIAN = "FROM debian:bookworm\nWORKDIR /app\nCOPY . .\n{}" + 'CMD ["/app/run"]\n'


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (NODE, "RUN mkdir -p /app/d{0} && echo {0} > /app/d{0}/f\n"),
        (PYTHON, "RUN pip install package{0}\n"),
        (DEBIAN, "RUN apt-get update && apt-get install -y lib{0} && rm -rf /var/lib/apt/lists/*\n"),
    ],
    ids=["files", "pip", "apt"],
)
def test_many_lines_take_seconds(frame: str, line: str) -> None:
    text = frame.format("".join(line.format(number) for number in range(LINES)))
    began = time.process_time()
    migration = migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **FILES}))
    assert migration.error is None
    # About one second; five or more where each line looks at all others.
    assert time.process_time() - began < 5
