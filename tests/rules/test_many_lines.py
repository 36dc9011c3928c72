"""Twice as many instructions cost about twice as much: no question is asked of all lines for each line."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

FEW = 40
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
def test_the_cost_grows_with_the_lines(frame: str, line: str) -> None:
    _calls(frame, line, FEW)  # Knowledge is read once.
    assert _calls(frame, line, 4 * FEW) / _calls(frame, line, 2 * FEW) < 2.5


def _calls(frame: str, line: str, lines: int) -> int:
    """How many calls of functions it takes, which is the same on every machine."""
    text = frame.format("".join(line.format(number) for number in range(lines)))
    context = Context.of({"Dockerfile": text, **FILES})
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        migration = migrate(text.encode(), path="Dockerfile", context=context)
    finally:
        sys.setprofile(before)
    assert migration.error is None
    return count
