"""Compare our reading of every shell script of the corpus with that of shfmt, and print what differs.

DFMIGRATE_CORPUS names the folder with buildkit.jsonl.gz; arguments are files of scripts to compare instead.
shfmt (from PyPI: shfmt-py) is found on PATH or named by DFMIGRATE_SHFMT. Its answers are kept in the temporary folder.
Both readings are written out as one line with the place of everything in it, and the lines must be equal.
What shfmt alone refuses is printed too. In the corpus that is `((a) || b)` and `$((a) | b)`, which shells read as a
subshell inside another, and `""#"a"`, where no comment begins.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

from dfmigrate_grammar import _shell_tree as tree
from dfmigrate_grammar.shell import parse_script

Json: TypeAlias = dict[str, Any]

_CHUNK = 500


def corpus_scripts(folder: Path) -> list[str]:
    """Every distinct text in shell form, and every heredoc of a RUN."""
    found: dict[str, None] = {}
    with gzip.open(folder / "buildkit.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for instruction in json.loads(line)["instructions"] or ():
                found.update(dict.fromkeys(_scripts(instruction)))
    return list(found)


def _scripts(instruction: Json) -> Iterator[str]:
    keyword, args = instruction["keyword"], instruction["args"]
    if keyword == "RUN":
        yield from (heredoc["content"] for heredoc in instruction["heredocs"])
    if instruction["json"] or not args:
        return
    if keyword in ("RUN", "CMD", "ENTRYPOINT"):
        yield args[0]
    elif keyword == "HEALTHCHECK" and args[0].upper() == "CMD":
        yield args[1]


class Oracle:
    """What shfmt says of a script: its tree with bare offsets, or None with its words."""

    def __init__(self, program: str, cache: Path) -> None:
        self.program = program
        self.cache = sqlite3.connect(cache)
        self.cache.execute("CREATE TABLE IF NOT EXISTS c (k TEXT PRIMARY KEY, v BLOB)")

    def answers(self, scripts: list[str]) -> Iterator[tuple[str, Json | None, str]]:
        """Yield each script with its tree and, without a tree, the reason."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for start in range(0, len(scripts), _CHUNK):
                chunk = scripts[start : start + _CHUNK]
                known = [self._known(script) for script in chunk]
                missing = [script for script, answer in zip(chunk, known, strict=True) if answer is None]
                fresh = dict(zip(missing, pool.map(self._ask, missing), strict=True))
                self.cache.executemany(
                    "INSERT OR REPLACE INTO c VALUES (?, ?)", [(_key(text), answer) for text, answer in fresh.items()]
                )
                self.cache.commit()
                for script, answer in zip(chunk, known, strict=True):
                    stored = answer if answer is not None else fresh[script]
                    if stored[:1] == b"E":
                        yield script, None, stored[1:].decode().strip()
                    else:
                        yield script, json.loads(zlib.decompress(stored[1:])), ""

    def _known(self, script: str) -> bytes | None:
        row = self.cache.execute("SELECT v FROM c WHERE k = ?", (_key(script),)).fetchone()
        return row[0] if row else None

    def _ask(self, script: str) -> bytes:
        command = [self.program, "--to-json", "-ln", "bash"]
        answer = subprocess.run(command, input=_encoded(script), capture_output=True, check=False)
        if answer.returncode:
            return b"E" + answer.stderr
        return b"J" + zlib.compress(json.dumps(_bare(json.loads(answer.stdout)), separators=(",", ":")).encode(), 1)


def _encoded(script: str) -> bytes:
    return script.encode("utf-8", "surrogatepass")


def _key(script: str) -> str:
    return hashlib.sha256(_encoded(script)).hexdigest()


def _bare(value: Any) -> Any:
    """Positions as offsets only: the cache is a tenth as large."""
    if isinstance(value, dict):
        return value["Offset"] if "Line" in value else {key: _bare(one) for key, one in value.items()}
    return [_bare(one) for one in value] if isinstance(value, list) else value


class Theirs:
    """Writes out shfmt's tree. `opaque` are the starts of substitutions that we did not look into."""

    def __init__(self, script: str, opaque: set[int]) -> None:
        self.script, self.opaque = script, opaque
        # Their offsets count bytes.
        self.offsets: dict[int, int] | None = None
        if not script.isascii():
            self.offsets, position = {}, 0
            for index, char in enumerate((*script, "")):
                self.offsets[position] = index
                position += len(_encoded(char))

    def at(self, node: Json) -> str:
        start, end = node["Pos"], node["End"]
        if self.offsets is not None:
            start, end = self.offsets.get(start, -1), self.offsets.get(end, -1)
        # A line continuation behind a word is part of theirs, unless only a newline could end the word.
        while self.script.endswith("\\\n", start, end) and end - start > 2:
            end -= 2
        return f"{start}-{end}"

    def start(self, node: Json) -> int:
        return self.offsets.get(node["Pos"], -1) if self.offsets is not None else node["Pos"]

    def list(self, statements: list[Json] | None) -> str:
        return "[" + " ".join(self.and_or(one) for one in statements or ()) + "]"

    def and_or(self, statement: Json) -> str:
        return self.joined(statement, ("&&", "||")) + ("&" if statement.get("Background") else "")

    def joined(self, statement: Json, operators: tuple[str, ...]) -> str:
        command = _without_tail(statement.get("Cmd") or {})
        if command.get("Type") == "BinaryCmd" and command["Op"] in operators and not statement.get("Negated"):
            left, right = self.joined(command["X"], operators), self.joined(command["Y"], operators)
            return f"{left} {command['Op']} {right}"
        statement = {**statement, "Cmd": command} if command else statement
        if operators == ("&&", "||"):
            return self.pipeline(statement)
        return self.command(statement)

    def pipeline(self, statement: Json) -> str:
        mark = "!" if statement.get("Negated") else ""
        command = statement.get("Cmd") or {}
        if command.get("Type") == "TimeClause":
            return mark + "time" + self.pipeline(command["Stmt"])
        return mark + self.joined({**statement, "Negated": False}, ("|", "|&"))

    def command(self, statement: Json) -> str:
        command = statement.get("Cmd")
        redirects = "".join(self.redirect(one) for one in statement.get("Redirs") or ())
        if command is None:
            return "{" + redirects + "}"
        write = getattr(self, "write_" + command["Type"], None)
        # shfmt takes for a function's body what no shell does.
        return write(command, redirects) if write else f"unknown {command['Type']}"

    def redirect(self, redirect: Json) -> str:
        word = redirect.get("Word")
        heredoc = redirect.get("Hdoc")
        fd = (redirect.get("N") or {}).get("Value", "")
        inside = self.inside(heredoc) if heredoc else ""
        return f"({fd}{redirect['Op']}{self.word(word)}{inside})"

    def word(self, word: Json) -> str:
        return self.at(word) + self.inside(word)

    def inside(self, node: Any) -> str:
        """The expansions inside a word, whatever they stand in."""
        if isinstance(node, list):
            return "".join(self.inside(one) for one in node)
        if not isinstance(node, dict):
            return ""
        kind = node.get("Type")
        if kind in ("CmdSubst", "ProcSubst"):
            if self.start(node) in self.opaque:
                return f"<opaque {self.start(node)}>"
            return f"<{self.at(node)}{self.list(node.get('Stmts'))}>"
        inner = "".join(self.inside(value) for key, value in node.items())
        # In arithmetic, a name with a subscript is such a node too, without a dollar.
        if kind == "ParamExp" and self.script[self.start(node)] == "$":
            return f"<{self.at(node)}${node['Param']['Value']}{inner}>"
        return inner

    def assign(self, assign: Json) -> str:
        return self.at(assign) + self.inside(assign)

    def write_CallExpr(self, command: Json, redirects: str) -> str:
        assigns = ",".join(self.assign(one) for one in command.get("Assigns") or ())
        words = ",".join(self.word(one) for one in command.get("Args") or ())
        return "{" + assigns + (";" if assigns else "") + words + redirects + "}"

    def write_DeclClause(self, command: Json, redirects: str) -> str:
        words = [self.at(command["Variant"]), *(self.assign(one) for one in command.get("Args") or ())]
        return "{" + ",".join(words) + redirects + "}"

    def write_LetClause(self, command: Json, redirects: str) -> str:
        start = self.start(command)
        return "{" + ",".join([f"{start}-{start + 3}", *(self.word(one) for one in command["Exprs"])]) + redirects + "}"

    def write_Block(self, command: Json, redirects: str) -> str:
        return f"group{self.start(command)}{self.list(command.get('Stmts'))}{redirects}"

    def write_Subshell(self, command: Json, redirects: str) -> str:
        return f"subshell{self.start(command)}{self.list(command.get('Stmts'))}{redirects}"

    def write_IfClause(self, command: Json, redirects: str) -> str:
        text = f"if{self.start(command)}"
        branch: Json | None = command
        while branch is not None:
            condition = branch.get("Cond")
            text += (self.list(condition) if condition else "else") + self.list(branch.get("Then"))
            branch = branch.get("Else")
        return text + redirects

    def write_ForClause(self, command: Json, redirects: str) -> str:
        loop = command["Loop"]
        if loop["Type"] == "WordIter":
            head = loop["Name"]["Value"] + ",".join(self.word(one) for one in loop.get("Items") or ())
        else:
            head = self.inside(loop)
        return f"for{self.start(command)}({head}){self.list(command['Do'])}{redirects}"

    def write_WhileClause(self, command: Json, redirects: str) -> str:
        return f"loop{self.start(command)}{self.list(command['Cond'])}{self.list(command['Do'])}{redirects}"

    def write_CaseClause(self, command: Json, redirects: str) -> str:
        text = f"case{self.start(command)}({self.word(command['Word'])})"
        for arm in command.get("Items") or ():
            text += "(" + ",".join(self.word(one) for one in arm["Patterns"]) + ")" + self.list(arm.get("Stmts"))
        return text + redirects

    def write_FuncDecl(self, command: Json, redirects: str) -> str:
        return f"function{self.start(command)}({command['Name']['Value']}){self.command(command['Body'])}{redirects}"

    def write_TestClause(self, command: Json, redirects: str) -> str:
        return f"test{self.start(command)}({self.inside(command)}){redirects}"

    def write_ArithmCmd(self, command: Json, redirects: str) -> str:
        return f"formula{self.start(command)}({self.inside(command)}){redirects}"


def _without_tail(command: Json) -> Json:
    """shfmt takes `f() { ...; } && x` for a function whose body is all of the rest; shells end it at the brace."""
    body = command["Body"] if command.get("Type") == "FuncDecl" else {}
    inner = body.get("Cmd") or {}
    if inner.get("Type") != "BinaryCmd":
        return command
    shorter = _without_tail({**command, "Body": inner["X"]})
    return {**inner, "X": {"Pos": command["Pos"], "End": command["End"], "Cmd": shorter}}


class Ours:
    """Writes out our tree, and notes the starts of the substitutions that we did not look into."""

    def __init__(self) -> None:
        self.opaque: set[int] = set()

    def list(self, body: tree.List_ | None) -> str:
        return "[" + " ".join(self.and_or(item) for item in body.items) + "]" if body else "[]"

    def and_or(self, item: tree.AndOr) -> str:
        text = self.pipeline(item.pipelines[0])
        for operator, pipeline in zip(item.operators, item.pipelines[1:], strict=True):
            text += f" {operator} {self.pipeline(pipeline)}"
        return text + ("&" if item.terminator == "&" else "")

    def pipeline(self, pipeline: tree.Pipeline) -> str:
        mark = ("!" if pipeline.negated else "") + ("time" if pipeline.timed else "")
        text = mark + self.command(pipeline.commands[0])
        for operator, command in zip(pipeline.operators, pipeline.commands[1:], strict=True):
            text += f" {operator} {self.command(command)}"
        return text

    def command(self, command: tree.Command) -> str:
        if isinstance(command, tree.Function):
            return f"function{command.span[0]}({command.name}){self.command(command.body)}"
        redirects = "".join(self.redirect(one) for one in command.redirects)
        match command:
            case tree.Simple():
                assigns = ",".join(self.place(one.span) + self.inside(_parts(one)) for one in command.assignments)
                words = ",".join(self.word(one) for one in command.words)
                return "{" + assigns + (";" if assigns else "") + words + redirects + "}"
            case tree.Group():
                text = f"group{command.span[0]}{self.list(command.body)}"
            case tree.Subshell():
                text = f"subshell{command.span[0]}{self.list(command.body)}"
            case tree.If():
                text = f"if{command.span[0]}"
                for branch in command.branches:
                    text += self.list(branch.condition) + self.list(branch.body)
                text += "else" + self.list(command.otherwise) if command.otherwise else ""
            case tree.For():
                head = self.inside(command.header.parts) if command.header else command.variable or ""
                head += ",".join(self.word(one) for one in command.words or ())
                text = f"for{command.span[0]}({head}){self.list(command.body)}"
            case tree.Loop():
                text = f"loop{command.span[0]}{self.list(command.condition)}{self.list(command.body)}"
            case tree.Case():
                text = f"case{command.span[0]}({self.word(command.subject)})"
                for arm in command.arms:
                    text += "(" + ",".join(self.word(one) for one in arm.patterns) + ")" + self.list(arm.body)
            case tree.Test():
                text = f"test{command.span[0]}({''.join(self.inside(one.parts) for one in command.words)})"
            case tree.ArithmeticCommand():
                text = f"formula{command.span[0]}({self.inside(command.expression.parts)})"
        return text + redirects

    def redirect(self, redirect: tree.Redirect) -> str:
        inside = self.inside(redirect.heredoc.parts) if redirect.heredoc else ""
        return f"({redirect.fd or ''}{redirect.operator}{self.word(redirect.target)}{inside})"

    def word(self, word: tree.Word) -> str:
        return self.place(word.span) + self.inside(word.parts)

    def inside(self, parts: Iterable[tree.Part]) -> str:
        return "".join(self.part(part) for part in parts)

    def part(self, part: tree.Part) -> str:
        match part:
            case tree.Substitution():
                if part.opaque:
                    self.opaque.add(part.span[0])
                    return f"<opaque {part.span[0]}>"
                return f"<{self.place(part.span)}{self.list(part.body)}>"
            case tree.Parameter():
                return f"<{self.place(part.span)}${part.name}{self.inside(part.parts)}>"
            case tree.Arithmetic():
                return self.inside(part.parts)
            case tree.Array():
                return "".join(self.inside(word.parts) for word in part.words)

    def place(self, span: tree.Span) -> str:
        return f"{span[0]}-{span[1]}"


def _parts(assignment: tree.Assignment) -> tuple[tree.Part, ...]:
    return (*(assignment.subscript.parts if assignment.subscript else ()), *assignment.value.parts)


def compare(scripts: list[str], oracle: Oracle) -> tuple[Counter[str], list[str]]:
    """Count how the readings came out, and list what differs."""
    counts: Counter[str] = Counter()
    found: list[str] = []
    for text, expected, refusal in oracle.answers(scripts):
        counts["scripts"] += 1
        if "\r" in text:
            # To shfmt a blank, to a shell an ordinary character.
            counts["with a carriage return"] += 1
            continue
        script = parse_script(text)
        if expected is None:
            kind = "refused by both" if script.opaque else "refused by shfmt alone"
            counts[kind] += 1
            if not script.opaque:
                found.append(f"{kind}: {refusal}\n  {text!r}")
            continue
        if script.opaque:
            counts["opaque"] += 1
            found.append(f"opaque: {script.opaque}\n  {text!r}")
            continue
        ours = Ours()
        got = ours.list(script.body)
        wanted = Theirs(text, ours.opaque).list(expected.get("Stmts"))
        counts["opaque in part"] += bool(ours.opaque)
        counts["same" if got == wanted else "different"] += 1
        if got != wanted:
            found.append(f"different: {text!r}\n  ours   {got}\n  theirs {wanted}")
    return counts, found


def speed(scripts: list[str]) -> float:
    """Scripts a second, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for text in scripts:
            parse_script(text)
        best = min(best, time.perf_counter() - start)
    return len(scripts) / best


def main() -> int:
    """Print every difference and the counts; the exit status says whether any reading is different."""
    program = os.environ.get("DFMIGRATE_SHFMT") or shutil.which("shfmt")
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if program is None or (folder is None and len(sys.argv) < 2):
        print("needs shfmt and DFMIGRATE_CORPUS, or files to compare", file=sys.stderr)
        return 2
    files = [Path(name).read_bytes() for name in sys.argv[1:]]
    scripts = [file.decode(errors="surrogateescape") for file in files] or corpus_scripts(Path(folder or ""))
    counts, found = compare(scripts, Oracle(program, Path(tempfile.gettempdir()) / "dfmigrate-shfmt.sqlite"))
    for line in found:
        print(line)
    for kind, count in counts.most_common():
        print(f"{count:8} {kind}")
    print(f"{speed(scripts):8.0f} scripts a second, {sum(map(len, scripts)) / len(scripts):.0f} characters each")
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
