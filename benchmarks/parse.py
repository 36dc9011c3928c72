"""Compare the speed of reading Dockerfiles with the `dockerfile` package from PyPI, which is BuildKit's own Go parser.

DFMIGRATE_CORPUS names the folder with dockerfiles.jsonl.gz; a fixed sample of 200 of its files is read. The parsers
take turns in one run, so that the ratio holds on a busy machine. DFMIGRATE_DINGHY names the folder in which npm has put
@tdurieux/dinghy, to compare with that too. README.md says how to set both up.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
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


class Dinghy:
    """A process of Node that parses the files when asked; it keeps running, so that its compiler can warm up."""

    def __init__(self, node: str, package: Path, texts: list[bytes]) -> None:
        command = [node, str(Path(__file__).with_name("dinghy.js")), str(package)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._say(json.dumps([text.decode() for text in texts]))
        self.refused = 0

    def round(self) -> float:
        """Return the seconds for all files, without what the two processes say to each other."""
        self._say("")
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline())
        self.refused = answer["refused"]
        return float(answer["seconds"])

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()


def dinghy(texts: list[bytes]) -> Dinghy | None:
    """Start Node with dinghy, if both are there."""
    folder, node = os.environ.get("DFMIGRATE_DINGHY"), shutil.which("node")
    if not folder or node is None:
        return None
    return Dinghy(node, Path(folder, "node_modules", "@tdurieux", "dinghy"), texts)


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


def _print(best: dict[str, float], texts: list[bytes]) -> None:
    reference = next(iter(best.values()))
    size = sum(map(len, texts))
    print(f"{len(texts)} files, {size} bytes, best of {_ROUNDS}")
    for name, took in best.items():
        print(f"{name}: {len(texts) / took:,.0f} files/s, {size / took / 1e6:.1f} MB/s, {reference / took:.2f}x")


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
    node = dinghy(texts)
    best = dict.fromkeys(works, float("inf")) | ({} if node is None else {"dinghy (Node), parse": float("inf")})
    for _ in range(_ROUNDS):
        for name in best:
            took = seconds(works[name], texts) if name in works or node is None else node.round()
            best[name] = min(best[name], took)
    _print(best, texts)
    if node is None:
        print("not compared with dinghy: DFMIGRATE_DINGHY and node are not there")
    else:
        node.process.terminate()
        ratio = best["dinghy (Node), parse"] / best["ours, parse and print"]
        print(f"ours, parse and print, is {ratio:.0f}x dinghy, which reports errors for {node.refused} of the files")
    print(f"cold start over bare Python: {cold_start():.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
