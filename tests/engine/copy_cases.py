"""Small build contexts whose COPY and ADD lines are predicted, then built.

A case is a Dockerfile and the files around it. A value is a file's text, a ``Link``, an ``Archive`` or ``FOLDER``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Link:
    target: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A tar file with one folder ``in`` and a file in it; compressed as the name of the format says."""

    format: str
    """``w``, ``w:gz``, ``w:bz2`` or ``w:xz``, as for ``tarfile``."""


FOLDER = object()
"""An empty folder."""

Files = Mapping[str, object]

TREE: Files = {
    "app.py": "app",
    "README.md": "read",
    "src/main.py": "main",
    "src/util.py": "util",
    "src/data/rows.csv": "rows",
    "src/data/deep/er/x.txt": "x",
    "docs/a.md": "a",
    "docs/b.txt": "b",
    "web/index.html": "index",
    "web/css/site.css": "css",
}
ACCOUNTS: Files = {
    "etc/passwd": "root:x:0:0::/:\nbin:x:2:3::/:\n",
    "etc/group": "root:x:0:\nbin:x:3:\nstaff:x:50:\n",
}


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    lines: str
    """The Dockerfile below ``FROM scratch``; with a FROM of its own, the whole of it."""
    files: Files = field(default_factory=lambda: TREE)
    ignore: str | None = None
    modes: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    """The folders whose contents the model must say that it does not know; all else it must know exactly."""
    dockerfile: str = "Dockerfile"

    @property
    def text(self) -> str:
        has_base = any(line.startswith("FROM") for line in self.lines.split("\n"))
        body = self.lines if has_base else f"FROM scratch\n{self.lines}"
        return body if body.endswith("\n") else body + "\n"


def _ignored(name: str, ignore: str, files: Files = TREE) -> Case:
    return Case(f"ignore: {name}", "COPY . /x/", files, ignore)


SOURCES = (
    Case("a file to a name", "COPY app.py /x"),
    Case("a file to a name in a new folder", "COPY app.py /x/y/z.py"),
    Case("a file into a folder", "COPY app.py /x/"),
    Case("a file into dot", "WORKDIR /w\nCOPY app.py ."),
    Case("a file into dot slash", "WORKDIR /w\nCOPY app.py ./"),
    Case("a file into dot dot", "WORKDIR /w/v\nCOPY app.py .."),
    Case("a file into slash dot", "COPY app.py /x/."),
    Case("a file to the root", "COPY app.py /"),
    Case("a file to a relative name", "WORKDIR /w\nCOPY app.py a/b.py"),
    Case("relative working directories", "WORKDIR /w\nWORKDIR v\nCOPY app.py ./"),
    Case("a file to a name that is a folder", "COPY src /x\nCOPY app.py /x"),
    Case("a file to a nested folder that was copied", "COPY src /x\nCOPY app.py /x/data"),
    Case("a file to the working directory without slash", "WORKDIR /w\nCOPY app.py /w"),
    Case("a file over a file", "COPY app.py /x\nCOPY README.md /x"),
    Case("a nested file", "COPY src/data/rows.csv /x/"),
    Case("two files", "COPY app.py README.md /x/"),
    Case("a file and a folder", "COPY app.py src /x/"),
    Case("two folders", "COPY src docs /x/"),
    Case("folder contents", "COPY src /x"),
    Case("folder contents, slashes", "COPY src/ /x/"),
    Case("folder contents, dot", "COPY src/. /x/"),
    Case("folder into an existing folder", "COPY web /x/\nCOPY docs /x"),
    Case("all", "COPY . /x"),
    Case("all to the root", "COPY . /"),
    Case("all, by slash", "COPY / /x/"),
    Case("all, by dot dot", "COPY ../ /x/"),
    Case("all into the working directory", "WORKDIR /w\nCOPY . ."),
    Case("source with dot dot inside", "COPY src/../docs /x/"),
    Case("source above the root", "COPY ../../src /x/"),
    Case("source with a leading slash", "COPY /src/main.py /x/"),
    Case("an empty folder", "COPY empty /x/", {"empty": FOLDER}),
    Case("empty folders inside", "COPY . /x/", {"a/b": FOLDER, "a/c/d": FOLDER, "f": "f"}),
    Case("case", "COPY A.txt a.txt /x/", {"A.txt": "A", "a.txt": "a", "Src/f": "f", "src/f": "f"}),
    Case("case of folders", "COPY Src /x/\nCOPY src /y/", {"Src/f": "f", "src/g": "g"}),
    Case("JSON and spaces", 'COPY ["my file.txt", "my dir", "/the place/"]', {"my file.txt": "1", "my dir/a b": "2"}),
    Case("dot files", "COPY . /x/", {".env": "1", ".config/.a": "2", "b": "3"}),
    Case("two copies merge", "COPY src /x\nCOPY src/data /x"),
    Case("continuation lines", "COPY app.py \\\n  README.md \\\n  /x/"),
)

WILDCARDS = (
    Case("star", "COPY *.py /x/"),
    Case("star of everything", "COPY * /x/"),
    Case("star that fits one file, to a name", "COPY app.* /x"),
    Case("star that fits one file in a folder, to a name", "COPY src/m*.py /x"),
    Case("star over folders", "COPY src/* /x/"),
    Case("star in the middle", "COPY */data /x/"),
    Case("star, then a file", "COPY */*.py /x/"),
    Case("star of folders only", "COPY s* d* /x/"),
    Case("question mark", "COPY docs/?.md /x/"),
    Case("class", "COPY docs/[ab].* /x/"),
    Case("negated class", "COPY docs/[^a].* /x/"),
    Case("double star is a star", "COPY **/*.py /x/"),
    Case("double star alone", "COPY src/** /x/"),
    Case("optional file", "COPY app.py requirements*.txt /x/"),
    Case("optional lock", "COPY package.json yarn.lock* /x/", {"package.json": "{}"}),
    Case("escaped bracket", "COPY a\\[1\\].txt /x/", {"a[1].txt": "1", "a1.txt": "2"}),
    Case("bracket as a class", "COPY a[1].txt /x/", {"a[1].txt": "1", "a1.txt": "2"}),
    Case("star and dot files", "COPY .* /x/", {".a": "1", ".b/c": "2", "d": "3"}),
    Case("star takes dot files", "COPY * /x/", {".a": "1", "b": "2"}),
    Case("wildcard link to a file", "COPY l* /x/", {"real.txt": "r", "link.txt": Link("real.txt")}),
    Case("wildcard to an existing file name", "COPY docs/a.* /x\nCOPY docs/b.* /x"),
)

IGNORED = (
    _ignored("a file", "app.py\n"),
    _ignored("a folder", "src\n"),
    _ignored("a folder with slash", "src/\n"),
    _ignored("leading slash", "/src/data\n/app.py\n"),
    _ignored("leading dot", "./src\n"),
    _ignored("star", "*.md\n"),
    _ignored("star is not deep", "*.txt\n"),
    _ignored("double star", "**/*.md\n"),
    _ignored("double star folder", "**/data\n"),
    _ignored("double star in the middle", "src/**/x.txt\n"),
    _ignored("double star at the end", "src/**\n"),
    _ignored("star slash", "*/data\n"),
    _ignored("question mark", "docs/?.md\n"),
    _ignored("class", "docs/[a-c].md\n"),
    _ignored("everything but", "*\n!src\n!app.py\n"),
    _ignored("everything but a nested file", "*\n!src/data/rows.csv\n"),
    _ignored("everything but double star", "**\n!**/*.py\n"),
    _ignored("back in, out again", "src\n!src/data\nsrc/data/deep\n"),
    _ignored("order matters", "!app.py\n*.py\n"),
    _ignored("exception of a folder's content", "src/*\n!src/main.py\n"),
    _ignored("exception below a deep star", "**/data\n!src/data/rows.csv\n"),
    _ignored("comments, blanks and CRLF", "# docs\r\n\r\n  docs  \r\n#web\r\n"),
    _ignored("dot dot", "src/../docs\n"),
    _ignored("dot", ".\n"),
    _ignored("case", "APP.py\nDOCS\n"),
    _ignored("suffix", "**.md\n"),
    _ignored("prefix", "doc**\n"),
    _ignored("the ignore file itself", "Dockerfile\n.dockerignore\n"),
    _ignored("escaped", "a\\*b\n", {"a*b": "1", "axb": "2"}),
    _ignored("spaces", "my dir\n", {"my dir/f": "1", "my": "2", "dir": "3"}),
    _ignored("byte order mark", "\ufeffapp.py\n"),
    _ignored("exception with space", "*\n! app.py\n"),
    _ignored("trailing star slash", "src/*/\n"),
    _ignored("emptied folder", "src/data/**\n"),
    _ignored("emptied by extension", "**/*.csv\n", {"a/b.csv": "1", "a/c/d.csv": "2", "e": "3"}),
    _ignored("a link", "link\n", {"link": Link("f"), "f": "1"}),
    Case("ignore: a named source", "COPY src /x/", TREE, "src/data\n"),
    Case("ignore: a wildcard source", "COPY *.* /x/", TREE, "*.md\n"),
    Case("ignore: an optional file", "COPY app.py README.md* /x/", TREE, "*.md\n"),
    Case(
        "ignore: own file wins",
        "COPY . /x/",
        {**TREE, ".dockerignore": "src\n", "my.dockerignore": "docs\n"},
        None,
        dockerfile="my",
    ),
    Case(
        "ignore: git and modules",
        "COPY . /x/",
        {".git/HEAD": "h", "node_modules/a/i.js": "a", "b": "b"},
        ".git\nnode_modules\n",
    ),
    Case(
        "ignore: modules are not listed",
        "COPY . /x/",
        {"node_modules/a/i.js": "a", "b": "b"},
        unknown=("/x/node_modules",),
    ),
    Case(
        "ignore: modules as the source",
        "COPY node_modules /x/m",
        {"node_modules/a/i.js": "a", "b": "b"},
        unknown=("/x/m",),
    ),
)

LINKS = (
    Case("link to a file", "COPY link /x/", {"real": "r", "link": Link("real")}),
    Case("link to a file, to a name", "COPY link /x", {"real": "r", "link": Link("real")}),
    Case("link to a folder", "COPY link /x/", {"real/a": "a", "link": Link("real")}),
    Case("link to a folder, slash", "COPY link/ /x/", {"real/a": "a", "link": Link("real")}),
    Case("file through a linked folder", "COPY link/a /x/", {"real/a": "a", "link": Link("real")}),
    Case("links inside stay links", "COPY d /x/", {"d/f": "f", "d/l": Link("f"), "d/m": Link("../e"), "e/g": "g"}),
    Case("a dangling link inside", "COPY d /x/", {"d/f": "f", "d/l": Link("nowhere")}),
    Case("a link that leaves the context, inside", "COPY d /x/", {"d/f": "f", "d/l": Link("/etc/passwd")}),
    Case("an absolute link stays in the context", "COPY l /x/", {"d/f": "f", "l": Link("/d/f")}),
    Case("a link above the root stays in the context", "COPY l /x/", {"d/f": "f", "l": Link("../../d/f")}),
    Case("a chain of links", "COPY a /x/", {"a": Link("b"), "b": Link("c"), "c": "c"}),
    Case("a link in the middle of a path", "COPY a/l/f /x/", {"a/l": Link("../b"), "b/f": "f"}),
    Case("into a linked folder", "COPY t /\nCOPY f /current/", {"t/rel/a": "a", "t/current": Link("rel"), "f": "f"}),
    Case(
        "into a linked folder without slash",
        "COPY t /\nCOPY f /current",
        {"t/rel/a": "a", "t/current": Link("rel"), "f": "f"},
    ),
    Case(
        "folder into a linked folder",
        "COPY t /\nCOPY d /current",
        {"t/rel/a": "a", "t/current": Link("/rel"), "d/f": "f"},
    ),
    Case("below a linked folder", "COPY t /\nCOPY f /current/g", {"t/rel/a": "a", "t/current": Link("rel"), "f": "f"}),
    Case(
        "working directory is a link",
        "COPY t /\nWORKDIR /current\nCOPY f .",
        {"t/rel/a": "a", "t/current": Link("rel"), "f": "f"},
    ),
    Case("over a linked file", "COPY t /\nCOPY f /l", {"t/r": "r", "t/l": Link("r"), "f": "f"}),
    Case("a linked file in a folder is replaced", "COPY t /\nCOPY d /", {"t/r": "r", "t/l": Link("r"), "d/l": "f"}),
)

OWNERS = (
    Case("owner by number", "COPY --chown=7:8 src /x/"),
    Case("owner by user number", "COPY --chown=7 src /x/"),
    Case("owner by name", "COPY etc /etc\nCOPY --chown=bin:staff app.py /x/y", {**TREE, **ACCOUNTS}),
    Case("owner by user name", "COPY etc /etc\nCOPY --chown=bin app.py src /x/y/", {**TREE, **ACCOUNTS}),
    Case("owner from an argument", "ARG U=9\nCOPY --chown=$U:$U app.py /x/"),
    Case("owner over another's folder", "COPY --chown=7 src /x/\nCOPY --chown=8 src /x/"),
    Case("USER owns the working directory", "USER 7\nWORKDIR /w/v\nCOPY app.py ."),
    Case("USER with group", "USER 7:8\nWORKDIR /w\nCOPY app.py ."),
    Case("working directory that is there", "WORKDIR /w\nUSER 7\nWORKDIR /w\nWORKDIR /w/v"),
    Case("USER does not own copies", "USER 7\nCOPY app.py /x/y/"),
    Case("modes", "COPY . /x/", {"run.sh": "#!", "a": "a", "p": "p"}, None, {"run.sh": 0o755, "p": 0o600, "a": 0o664}),
    Case("modes of odd files", "COPY s g /x/", {"s": "#!", "g": "g"}, None, {"s": 0o4755, "g": 0o440}),
    Case("octal mode", "COPY --chmod=0640 app.py /x/"),
    Case("octal mode of a folder", "COPY --chmod=755 src /x/"),
    Case("octal mode with sticky bit", "COPY --chmod=1777 app.py /x/y"),
    Case("mode and owner", "COPY --chown=3:4 --chmod=700 app.py docs /x/"),
    Case("mode of an archive", "ADD --chmod=600 app.py /x/"),
    Case("link flag", "COPY --link src /x/y/"),
    Case("link flag with owner", "WORKDIR /x\nCOPY --link --chown=5:6 app.py /x/"),
)

ADDED = (
    Case("ADD a file", "ADD app.py /x/"),
    Case("ADD a folder", "ADD src /x"),
    Case("ADD a tar", "ADD a.tar /x/", {"a.tar": Archive("w")}, unknown=("/x",)),
    Case("ADD a tar.gz", "ADD a.tar.gz /x/", {"a.tar.gz": Archive("w:gz")}, unknown=("/x",)),
    Case("ADD a tar.bz2", "ADD a.tar.bz2 /x", {"a.tar.bz2": Archive("w:bz2")}, unknown=("/x",)),
    Case("ADD a tar.xz", "ADD a.tar.xz /x", {"a.tar.xz": Archive("w:xz")}, unknown=("/x",)),
    Case("ADD an archive without the suffix", "ADD bundle /x/", {"bundle": Archive("w:gz")}, unknown=("/x",)),
    Case("ADD no archive by that name", "ADD a.tar.gz /x/", {"a.tar.gz": "no archive"}),
    Case("ADD no archive, to a name", "ADD a.tgz /x/b.tgz", {"a.tgz": "no archive"}),
    Case("ADD an archive by wildcard", "ADD *.gz /x/", {"a.gz": Archive("w:gz"), "b.gz": "no"}, unknown=("/x",)),
    Case("ADD a folder of archives", "ADD d /x/", {"d/a.tar": Archive("w"), "d/f": "f"}),
    Case("COPY an archive", "COPY a.tar.gz /x/", {"a.tar.gz": Archive("w:gz")}),
    Case("ADD several", "ADD app.py docs /x/"),
)

HEREDOCS = (
    Case("here-document", "COPY <<EOF /x/a.txt\nhello\nEOF"),
    Case("here-document into a folder", "COPY <<a.txt /x/\nhello\na.txt"),
    Case("two here-documents", "COPY <<a.txt <<b.txt /x/\n1\na.txt\n2\nb.txt"),
    Case("here-document and a file", "COPY app.py <<b.txt /x/\n2\nb.txt"),
    Case("here-document with owner and mode", "COPY --chown=5 --chmod=755 <<EOF /x/run\n#!/bin/sh\nEOF"),
    Case("here-document, quoted and chomped", 'COPY <<-"EOF" /x\n\t$HOME\n\tEOF'),
    Case("ADD a here-document", "ADD <<EOF /x/a\nhello\nEOF"),
)

STAGES = (
    Case("from a stage, a file", "FROM scratch AS b\nCOPY src /s\nFROM scratch\nCOPY --from=b /s/main.py /x/"),
    Case("from a stage, to a name", "FROM scratch AS b\nCOPY src /s\nFROM scratch\nCOPY --from=b /s/main.py /x"),
    Case("from a stage, a folder", "FROM scratch AS b\nCOPY src /s\nFROM scratch\nCOPY --from=b /s /x"),
    Case("from a stage, by number", "FROM scratch\nCOPY src /s\nFROM scratch\nCOPY --from=0 /s/data /x/y"),
    Case("from a stage, without slash", "FROM scratch AS B\nCOPY src /s\nFROM scratch\nCOPY --from=b s /x/"),
    Case("from a stage, all", "FROM scratch AS b\nCOPY . /s\nWORKDIR /w\nFROM scratch\nCOPY --from=b / /"),
    Case("from a stage, wildcard", "FROM scratch AS b\nCOPY . /s\nFROM scratch\nCOPY --from=b /s/*.py /x/"),
    Case("from a stage, wildcard of folders", "FROM scratch AS b\nCOPY . /s\nFROM scratch\nCOPY --from=b /s/* /x/"),
    Case(
        "from a stage, several",
        "FROM scratch AS b\nCOPY . /s\nFROM scratch\nCOPY --from=b /s/docs /s/app.py /s/web /x/",
    ),
    Case(
        "from a stage, owners stay",
        "FROM scratch AS b\nCOPY --chown=7:8 src /s\nFROM scratch\nCOPY --from=b /s /x\nCOPY --from=b /s/main.py /y",
    ),
    Case(
        "from a stage, new owner",
        "FROM scratch AS b\nCOPY --chown=7:8 src /s\nFROM scratch\nCOPY --from=b --chown=9 /s /x/",
    ),
    Case(
        "from a stage, into a folder that is there",
        "FROM scratch AS b\nCOPY --chown=7 src /s\nFROM scratch\nWORKDIR /x\nCOPY --from=b /s /x",
    ),
    Case(
        "from a stage, a link",
        "FROM scratch AS b\nCOPY d /d\nFROM scratch\nCOPY --from=b /d/l /x/\nCOPY --from=b /d /y/",
        {"d/f": "f", "d/l": Link("f")},
    ),
    Case(
        "from a stage, through a linked folder",
        "FROM scratch AS b\nCOPY d /d\nFROM scratch\nCOPY --from=b /d/l /x/",
        {"d/r/f": "f", "d/l": Link("r")},
    ),
    Case(
        "from a stage, ignored files never come",
        "FROM scratch AS b\nCOPY . /s\nFROM scratch\nCOPY --from=b /s /x",
        TREE,
        "docs\n",
    ),
    Case(
        "from a stage that is built on a stage",
        "FROM scratch AS a\nCOPY src /s\nFROM a AS b\nCOPY docs /s\nFROM scratch\nCOPY --from=b /s /x",
    ),
    Case("a stage built on a stage", "FROM scratch AS a\nCOPY src /s\nFROM a\nCOPY docs /s"),
    Case(
        "from a stage, an archive is unknown",
        "FROM scratch AS b\nADD a.tar /s/\nFROM scratch\nCOPY --from=b /s /x",
        {"a.tar": Archive("w")},
        unknown=("/x",),
    ),
    Case(
        "from a stage, part of an archive",
        "FROM scratch AS b\nADD a.tar /s/\nFROM scratch\nCOPY --from=b /s/in /x/y",
        {"a.tar": Archive("w")},
        unknown=("/x/y",),
    ),
    Case("from a stage, an empty folder", "FROM scratch AS b\nWORKDIR /e/f\nFROM scratch\nCOPY --from=b /e /x"),
    Case(
        "from a stage, the parent of a link flag's copy",
        "FROM scratch AS b\nCOPY --link src /s/t\nFROM scratch\nCOPY --link --from=b /s /x/",
    ),
)

VARIABLES = (
    Case("variable in the source", "ARG D=src\nCOPY ${D}/main.py /x/"),
    Case("variable in the destination", "ENV HOME_=/h/me\nCOPY app.py $HOME_/"),
    Case("default of a variable", "COPY app.py ${NONE:-/d}/x.py"),
    Case("variable in WORKDIR", "ENV W=/w\nWORKDIR $W/v\nCOPY app.py ."),
    Case("global argument", "ARG V=src\nFROM scratch\nARG V\nCOPY $V /x/"),
    Case("a dollar sign that is none", "COPY ./a\\$b /x/", {"a$b": "1"}),
    Case("ENV over ARG", "ARG A=docs\nENV A=src\nCOPY $A /x/"),
    Case("an unset variable is empty", "COPY app.py /x/$NONE/y"),
    Case("lower-case instruction", "copy app.py /x/"),
    Case("another escape character", "# escape=`\nFROM scratch\nCOPY app.py `\n  /x/"),
)

CASES = (*SOURCES, *WILDCARDS, *IGNORED, *LINKS, *OWNERS, *ADDED, *HEREDOCS, *STAGES, *VARIABLES)
