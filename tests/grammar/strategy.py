"""Hypothesis strategies that write Dockerfiles: good ones, odd ones, and heaps of their pieces."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    [
        *["a", "b.txt", "/srv/app", "./", "x=1", "${TAG:-1}", "$HOME"],
        *["caf\u00e9", "'q r'", '"s t"', "\\$", "a#b", "*.js", "[x]"],
    ]
)
_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
_STAGE_NAMES = st.from_regex(r"[A-Za-z][a-z0-9_.-]{0,6}", fullmatch=True)
_VALUES = st.sampled_from(["1", "", '"x y"', "'x y'", "a\\ b", "$PATH:/opt", "a=b", "\u00fcber"])
_LABELS = st.sampled_from(["org.example.title", "maintainer", '"two words"'])
_COMMANDS = st.sampled_from(
    [
        *["make", "npm ci --omit=dev", "apt-get update", "echo 'a # b'"],
        *['printf "%s\\n" x', "cd /srv", "true || false", "rm -rf /x/*"],
    ]
)
_TERMINATORS = st.sampled_from(["EOF", "SCRIPT", "a.conf", "_"])
_BODY_LINES = st.sampled_from(["line", "# no comment", "  indented \\", "", "$NAME", "\ttab", "FROM inside"])
_COMMENTS = st.sampled_from(
    ["# why", "#", "#tight", "  # indented", "# check=skip=JSONArgsRecommended", "# escape=x", "# \u00e9 \\"]
)


def _join(strategy: st.SearchStrategy[str], most: int = 4) -> st.SearchStrategy[str]:
    return st.lists(strategy, min_size=1, max_size=most).map(" ".join)


def _flagged(flags: list[str], rest: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(flags), max_size=2, unique_by=lambda flag: flag.partition("=")[0])
    return st.builds(lambda front, back: " ".join([*front, back]), chosen, rest)


_JSON = st.lists(st.sampled_from(["node", "server.js", "a\\u0020b", "\\u00e9"]), min_size=1, max_size=3).map(
    lambda words: "[" + ", ".join(f'"{word}"' for word in words) + "]"
)
_PAIRS = _join(st.builds("{}={}".format, _NAMES, _VALUES))
_LIST = st.lists(_WORDS, min_size=2, max_size=4).map(" ".join)
_RUN = st.one_of(_join(_COMMANDS), _JSON)

_ARGUMENTS: dict[str, st.SearchStrategy[str]] = {
    "ADD": _flagged(["--chown=1:2", "--link", "--checksum=sha256:0"], _LIST),
    "ARG": _join(st.one_of(_NAMES, st.builds("{}={}".format, _NAMES, _VALUES)), 2),
    "CMD": st.one_of(_JSON, _COMMANDS),
    "COPY": _flagged(["--from=0", "--chown=app", "--link=true", "--exclude=a"], _LIST),
    "ENTRYPOINT": st.one_of(_JSON, _COMMANDS),
    "ENV": st.one_of(_PAIRS, st.builds("{} {}".format, _NAMES, _join(_WORDS))),
    "EXPOSE": _join(st.sampled_from(["80", "443/tcp", "$PORT", "7000-7009"])),
    "HEALTHCHECK": st.one_of(
        st.just("NONE"), _flagged(["--interval=5s", "--retries=3"], st.builds("CMD {}".format, _COMMANDS))
    ),
    "LABEL": st.builds("{}={}".format, _LABELS, _VALUES),
    "MAINTAINER": st.just("Someone <someone@example.org>"),
    "ONBUILD": st.builds("RUN {}".format, _COMMANDS),
    "RUN": _flagged(["--mount=type=cache,target=/c", "--network=none"], _RUN),
    "SHELL": _JSON,
    "STOPSIGNAL": st.sampled_from(["SIGTERM", "9"]),
    "USER": st.sampled_from(["app", "1000:1000", "$UID"]),
    "VOLUME": st.one_of(_JSON, st.just("/data /logs")),
    "WORKDIR": st.sampled_from(["/srv/app", "sub dir", "$HOME"]),
}
_FROM = st.builds(
    lambda flag, image, name: f"{flag}{image}{name}",
    st.sampled_from(["", "--platform=$BUILDPLATFORM "]),
    st.sampled_from(["node:22", "example.org:5000/a/b@sha256:0", "${BASE:-alpine:3}", "scratch"]),
    st.one_of(st.just(""), _STAGE_NAMES.map(lambda name: f" AS {name}")),
)


@st.composite
def _folded(draw: st.DrawFn, text: str, escape: str) -> str:
    """Break a line at some of its single spaces, here and there with a comment or a second space."""
    folds = [f" {escape}\n    ", f" {escape} \n\t", f" {escape}\n# between\n  ", f" {escape}\n  # in \\\n "]
    pieces = text.split(" ")
    line = pieces[0]
    for piece in pieces[1:]:
        fold = draw(st.sampled_from([" ", " ", " ", *folds]))
        # What begins a line must not look like a comment, and an escaped space is no place to break.
        line += " " + piece if piece.startswith("#") or line.endswith(escape) else fold + piece
    return line


@st.composite
def _heredocs(draw: st.DrawFn) -> str:
    """Write a RUN or COPY with one or two here-documents."""
    names = draw(st.lists(_TERMINATORS, min_size=1, max_size=2, unique=True))
    dash = draw(st.sampled_from(["", "-"]))
    quote = draw(st.sampled_from(["", "'", '"']))
    marks = " ".join(f"<<{dash}{quote}{name}{quote}" for name in names)
    bodies = "".join(
        "".join(f"{line}\n" for line in draw(st.lists(_BODY_LINES, max_size=3))) + f"{name}\n" for name in names
    )
    line = draw(st.sampled_from([f"RUN cat {marks}", f"COPY {marks} /etc/", f"ONBUILD RUN {marks}"]))
    return f"{line}\n{bodies}"


@st.composite
def instructions(draw: st.DrawFn, escape: str = "\\") -> str:
    """Write one instruction that BuildKit accepts inside a stage, with its final newline."""
    if draw(st.integers(0, 7)) == 0:
        return draw(_heredocs())
    keyword = draw(st.sampled_from(sorted(_ARGUMENTS)))
    arguments = draw(_ARGUMENTS[keyword])
    if escape != "\\":
        arguments = arguments.replace("\\ ", f"{escape} ")
    cased = draw(st.sampled_from([keyword, keyword, keyword.lower(), keyword.title()]))
    indent = draw(st.sampled_from(["", "", "", "  ", "\t"]))
    return f"{indent}{cased} {draw(_folded(arguments, escape))}\n"


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """Write a file that BuildKit accepts."""
    escape = draw(st.sampled_from(["\\", "\\", "`"]))
    parts = [draw(st.sampled_from(["", "", "\ufeff"]))]
    parts += draw(st.lists(st.sampled_from(["# syntax=docker/dockerfile:1\n", "# check=error=true\n"]), unique=True))
    parts += ["# escape=`\n"] if escape == "`" else []
    parts += ["\n"]
    parts += draw(st.sampled_from([[], ["ARG BASE=alpine:3\n"], ["# global\nARG BASE TAG=1\n\n"]]))
    for _ in range(draw(st.integers(1, 3))):
        parts.append(f"FROM {draw(_FROM)}\n")
        for _ in range(draw(st.integers(0, 4))):
            parts += draw(st.lists(st.one_of(_COMMENTS, st.sampled_from(["", "   "])), max_size=3).map(_lines))
            parts.append(draw(instructions(escape)))
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.rstrip("\r\n") if draw(st.booleans()) else text


def _lines(lines: list[str]) -> list[str]:
    return [f"{line}\n" for line in lines]


_PIECES = st.sampled_from(
    [
        *["FROM a\n", "RUN ", "COPY ", "ENV ", "ONBUILD ", "HEALTHCHECK ", "ARG ", "foo ", "CMD ", "LABEL ", "VOLUME "],
        *["# escape=`\n", "# syntax=a\n", "# c\n", "  # c\n", "#\n", "\n", " \n", "\r\n", "\r", "\v", "\f", " ", "\t"],
        *["\\", "`", "\\\n", "`\n", "\\ \n", "\\\r\n", "\\\\\n", "\u00a0", "\u0085", "\u3000", "\u2028", "\ufeff"],
        *["<<E", "<<-E", "<< E", "3<<'E'", "<<", "E\n", "\tE\n", "cat<<E", "<<${X:-E}", "${A[@]}", "${", "$X", "'"],
        *['"', '["a"]', '["a",', "[1]", "[]", "--from=a ", "--x", "--", "--chown=\u00e0", "=", "a=b ", "NONE", "as b"],
        *["\x00", "\x1c", "\udc80", "\udcff", "\u00e9", "\U0001f600", "a", "b c"],
    ]
)


def heaps() -> st.SearchStrategy[bytes]:
    """Pile up pieces of Dockerfiles in any order, bytes that are no UTF-8 among them."""
    return st.lists(_PIECES, max_size=25).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogateescape"))


def sources() -> st.SearchStrategy[bytes]:
    """Write good files, heaps, and any bytes at all."""
    return st.one_of(dockerfiles().map(str.encode), heaps(), st.binary(max_size=80))
