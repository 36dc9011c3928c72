"""Compare the speed of reading Dockerfiles with the `dockerfile` package from PyPI, which is BuildKit's own Go parser.

DFMIGRATE_CORPUS names the folder with dockerfiles.jsonl.gz; a fixed sample of 200 of its files is read. Both parsers
take turns in one run, so that the ratio holds on a busy machine.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import dockerfile as go_parser

from dfmigrate_grammar import Dockerfile, parse

_FILES = 200
_ROUNDS = 15


def sample(folder: Path) -> list[bytes]:
    """Return every 60th of the files that both parsers take: valid UTF-8."""
    with gzip.open(folder / "dockerfiles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [row["text"].encode() if "text" in row else base64.b64decode(row["base64"]) for row in rows[::60]]
    return [text for text in texts if _accepted(text)][:_FILES]


def _accepted(text: bytes) -> bool:
    try:
        go_parser.parse_string(text.decode())
    except (UnicodeDecodeError, go_parser.GoParseError):
        return False
    return True


def read_everything(tree: Dockerfile) -> int:
    """Read every argument, and the script of every RUN."""
    seen = 0
    for instruction in tree.instructions:
        views = (instruction.flags, instruction.json, instruction.words, instruction.pairs, instruction.heredocs)
        seen += sum(len(view or ()) for view in views) + len(instruction.value) + len(instruction.arguments)
        seen += instruction.script is not None
    return seen


def seconds(work: Callable[[bytes], object], texts: list[bytes]) -> float:
    """Return how long the work takes on all files."""
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


def cold_start() -> float:
    """Return the milliseconds that an import and one parse add to a bare Python process."""
    code = "import dfmigrate_grammar as g; g.parse(b'FROM a\\nRUN b\\n')"
    return (_process(code) - _process("pass")) * 1000


def _process(code: str) -> float:
    environment = os.environ.copy()
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    best = float("inf")
    with TemporaryDirectory() as compiled:
        environment["PYTHONPYCACHEPREFIX"] = compiled
        for _ in range(15):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)
            best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if not folder:
        print("set DFMIGRATE_CORPUS to the folder of the corpus", file=sys.stderr)
        return 2
    texts = sample(Path(folder))
    works: dict[str, Callable[[bytes], object]] = {
        "dockerfile (Go), parse": lambda text: go_parser.parse_string(text.decode()),
        "ours, parse and print": lambda text: bytes(parse(text)),
        "ours, everything read": lambda text: read_everything(parse(text)),
    }
    best = dict.fromkeys(works, float("inf"))
    for _ in range(_ROUNDS):
        for name, work in works.items():
            best[name] = min(best[name], seconds(work, texts))
    reference = next(iter(best.values()))
    size = sum(map(len, texts))
    print(f"{len(texts)} files, {size} bytes, best of {_ROUNDS}")
    for name, took in best.items():
        print(f"{name}: {len(texts) / took:,.0f} files/s, {size / took / 1e6:.1f} MB/s, {reference / took:.2f}x")
    print(f"cold start over bare Python: {cold_start():.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
