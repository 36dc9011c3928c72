"""The files of a stage where no engine is needed: what commands do to them, and the flags that newer builders have.

COPY and ADD as such are compared with an engine in ``tests/engine``.
"""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from dfmigrate.context import Context
from dfmigrate.model import FileSystem, Kind, Origin, Write, interpret
from dfmigrate.model.called import called_programs
from dfmigrate.model.modes import changed_mode
from dfmigrate_grammar import parse

TEXTS = {
    "a.py": "a",
    "README.md": "r",
    "src/m.py": "m",
    "src/n.txt": "n",
    "src/deep/o.py": "o",
    "lib/src/p.py": "p",
}


def _files(body: str, texts: dict[str, str] = TEXTS) -> FileSystem:
    context = Context.of(texts, executables=frozenset({"run.sh"}))
    return interpret(parse(f"FROM debian:bookworm\n{body}"), context).final.files


def _listing(files: FileSystem) -> dict[str, tuple[str, str | None, int | None]]:
    return {write.path: (write.kind.value, write.owner, write.mode) for write in files.writes}


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        # Expectations as in the builder's own manual and tests of these flags.
        ("COPY --parents src/m.py lib/src/p.py /x/", {"/x", "/x/src/m.py", "/x/lib/src/p.py"}),
        ("COPY --parents ./src/deep /x/", {"/x", "/x/src/deep/o.py"}),
        ("COPY --parents /src/deep/. /x/", {"/x", "/x/src/deep/o.py"}),
        ("COPY --parents lib/./src/*.py /x/", {"/x", "/x/src/p.py"}),
        ("COPY --parents lib/./src/p.py /x/", {"/x", "/x/src/p.py"}),
        ("COPY --parents ./**/*.py /x/", {"/x", "/x/a.py", "/x/src/m.py", "/x/src/deep/o.py", "/x/lib/src/p.py"}),
        ("COPY --parents src/*.go /x/", {"/x"}),
        ("COPY --parents s*/./m.py /x/", {"/x", "/x/m.py"}),
        ("COPY --exclude=*.txt src /x/", {"/x", "/x/m.py", "/x/deep/o.py"}),
        ("COPY --exclude=**/*.py src /x/", {"/x", "/x/n.txt", "/x/deep"}),
        ("COPY --exclude=deep --exclude=*.txt src /x/", {"/x", "/x/m.py"}),
        ("COPY --exclude=*/*.py . /x/", {"/x", "/x/a.py", "/x/README.md", "/x/src/n.txt", "/x/src/deep/o.py",
                                         "/x/lib/src/p.py"}),
        ("COPY --exclude=* s* /x", {"/x"}),
        ("ADD --exclude=*.txt src/ /x/", {"/x", "/x/m.py", "/x/deep/o.py"}),
    ],
)  # fmt: skip
def test_parents_and_exclude(line: str, paths: set[str]) -> None:
    files = _files(line)
    assert set(_listing(files)) == paths
    assert all(write.kind is not Kind.TREE for write in files.writes)


@pytest.mark.parametrize(
    ("line", "region"),
    [
        # The manual and the builder disagree on whether a file named as a source is excluded.
        ("COPY --exclude=*.py a.py /x/", "/x/a.py"),
        ("COPY --exclude=a**b src /x/", "/x"),
        ("COPY a.py /etc/app", "/etc/app"),
        ("RUN git clone https://example.org/a /x\nCOPY a.py /x", "/x"),
        ("ADD https://example.org/a.git /x", "/x"),
        ("COPY --from=busybox /bin/sh /x/", "/x/sh"),
        ("COPY --from=busybox /opt/thing /x/", "/x"),
        ("ADD https://example.org/a.tar.gz /etc/x", "/etc/x"),
    ],
)
def test_what_cannot_be_known_is_a_region(line: str, region: str) -> None:
    trees = [write.path for write in _files(line).writes if write.kind is Kind.TREE]
    assert region in trees


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("COPY a.py /usr/local/bin", "/usr/local/bin/a.py"),
        ("COPY a.py /tmp", "/tmp/a.py"),
        ("COPY a.py /etc/app/a.py", "/etc/app/a.py"),
        ("COPY a.py /etc/app/main.py", "/etc/app/main.py"),
        ("COPY a.py /app", "/app"),
        ("WORKDIR /app\nCOPY a.py /app", "/app/a.py"),
        ("ADD https://example.org/d/a.tar.gz?x=1 /x/", "/x/a.tar.gz"),
    ],
)
def test_a_file_goes_into_a_directory_that_the_base_brings(line: str, path: str) -> None:
    assert _files(line).writes[-1].path == path
    assert _files(line).writes[-1].kind is Kind.FILE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("RUN mkdir -p /x/y", {"/x/y": ("directory", "0:0", 0o755)}),
        ("RUN mkdir -m 700 /x", {"/x": ("directory", "0:0", 0o700)}),
        ("RUN umask 077 && mkdir /x", {"/x": ("directory", "0:0", None)}),
        ("WORKDIR /x\nUSER 7\nRUN mkdir -p /x", {"/x": ("directory", "0:0", 0o755)}),
        ("USER 7\nRUN mkdir /tmp/x", {"/tmp/x": ("directory", "7", 0o755)}),
        ("COPY a.py /a\nRUN chmod 600 /a", {"/a": ("file", "0:0", 0o600)}),
        ("COPY a.py /a\nRUN chmod +x /a", {"/a": ("file", "0:0", 0o755)}),
        ("COPY a.py /a\nRUN chmod u=rwx,go-r /a", {"/a": ("file", "0:0", 0o700)}),
        ("COPY a.py /a\nRUN chmod +t /a", {"/a": ("file", "0:0", None)}),
        ("COPY a.py /a\nRUN test -f /b || chmod 600 /a", {"/a": ("file", "0:0", None)}),
        ("COPY a.py /x/\nRUN chmod -R 700 /x", {"/x": ("directory", "0:0", 0o700), "/x/a.py": ("file", "0:0", 0o700)}),
        ("COPY a.py /x/\nRUN chown 7:8 /x", {"/x": ("directory", "7:8", 0o755), "/x/a.py": ("file", "0:0", 0o644)}),
        ("COPY a.py /a\nRUN chown $(id -u) /a", {"/a": ("file", None, 0o644)}),
        ("COPY a.py /a\nRUN chgrp 9 /a", {"/a": ("file", "0:9", 0o644)}),
        ("COPY a.py /a\nRUN chown :9 /a", {"/a": ("file", "0:9", 0o644)}),
        ("COPY a.py /a\nRUN rm /a", {}),
        ("COPY a.py /x/\nRUN rm -rf /x", {}),
        ("COPY a.py /a\nRUN mv /a /b", {"/b": ("file", "0:0", 0o644)}),
        ("COPY a.py /a\nRUN mv /a /usr/local/bin", {"/usr/local/bin/a": ("file", "0:0", 0o644)}),
        ("COPY --chown=7 a.py /a\nRUN cp /a /b", {"/a": ("file", "7", 0o644), "/b": ("file", "0:0", 0o644)}),
        ("COPY --chown=7 a.py /a\nRUN cp -p /a /b", {"/a": ("file", "7", 0o644), "/b": ("file", "7", 0o644)}),
        ("RUN cp /etc/passwd /b", {"/b": ("tree", "0:0", None)}),
        ("COPY --chown=7 a.py /a\nRUN echo hi > /a", {"/a": ("file", None, None)}),
    ],
)
def test_commands_with_literal_words(body: str, expected: dict[str, object]) -> None:
    assert _listing(_files(body)) == expected


def test_links_are_followed() -> None:
    files = _files("RUN mkdir /data && ln -s /data /app\nCOPY a.py /app/\nRUN ln -s ../data/a.py /data/b")
    assert [(w.path, w.link) for w in files.writes] == [
        ("/data", None), ("/app", "/data"), ("/data/a.py", None), ("/data/b", "../data/a.py"),
    ]  # fmt: skip
    assert files.resolve("/app/b") == "/data/a.py"


def test_modes_of_the_context() -> None:
    files = _files("COPY run.sh a.py /x/\nCOPY --chmod=u+x a.py /y", {"run.sh": "#!", "a.py": ""})
    assert {w.path: w.mode for w in files.writes} == {"/x": 0o755, "/x/run.sh": 0o755, "/x/a.py": 0o644, "/y": None}


def test_without_a_context_even_the_kind_is_unknown() -> None:
    files = interpret(parse("FROM debian:12\nCOPY a.py /x/\n"), None).final.files
    assert [(w.path, w.kind) for w in files.writes] == [("/x", Kind.TREE)]


def test_a_stage_s_names_are_not_those_of_another_image() -> None:
    body = "FROM debian:12 AS a\nCOPY --chown=me a.py /a\nFROM debian:12\nCOPY --from=a /a /b\n"
    assert interpret(parse(body), Context.of(TEXTS)).final.files.writes[-1].owner is None


def test_a_base_s_own_folder_is_more_than_what_was_written() -> None:
    body = "FROM debian:12 AS a\nCOPY a.py /usr/local/bin/\nFROM debian:12\nCOPY --from=a /usr/local /usr/local\n"
    files = interpret(parse(body), Context.of(TEXTS)).final.files
    assert {(w.path, w.kind) for w in files.writes} == {
        ("/usr/local", Kind.TREE),
        ("/usr/local/bin/a.py", Kind.FILE),
    }


def test_a_volume_s_directory_is_made_when_the_container_starts() -> None:
    stage = interpret(parse("FROM debian:12\nVOLUME /data\nCOPY a.py /data\n"), Context.of(TEXTS)).final
    # At the build there is none: the file takes its place.
    assert [w.path for w in stage.files.writes] == ["/data"]
    stage = interpret(parse('FROM debian:12\nVOLUME ["/data", "/d/e"]\nRUN echo > /d/e/f\n'), Context.of(TEXTS)).final
    assert not stage.files.is_directory("/data")
    made = [w for w in stage.started.writes if w.origin.source == "volume"]
    assert [(w.path, w.kind, w.owner, w.mode) for w in made] == [("/data", Kind.DIRECTORY, "0:0", 0o755)]


@pytest.mark.parametrize(
    ("old", "text", "new"),
    [
        (0o644, "755", 0o755),
        (None, "0755", 0o755),
        (0o644, "+x", 0o755),
        (0o600, "+w", 0o600),
        (0o600, "a+w", 0o622),
        (0o755, "go-rx", 0o700),
        (0o777, "g=r", 0o747),
        (0o644, "u+x,g=", 0o704),
        (0o644, "=", 0o000),
        (None, "+x", None),
        (0o644, "u+s", None),
        (0o644, "X", None),
        (0o644, None, None),
    ],
)
def test_chmod(old: int | None, text: str | None, new: int | None) -> None:
    assert changed_mode(old, text) == new


def test_the_index_finds_what_walking_finds() -> None:
    kinds = (Kind.FILE, Kind.DIRECTORY, Kind.TREE)
    paths = ["/", "/a", "/a-b", "/a/b", "/a/b/c", "/a.b", "/a0", "/b/c", "/b/c/d", "/b"]
    files = FileSystem()
    for at in range(60):
        path, kind = paths[at * 7 % len(paths)], kinds[at % 3]
        if at % 11 == 5:
            files = files.remove(path) if path != "/" else files
        files = files.add([Write(path, kind, Origin("run", str(at)))])
        if at % 4:
            continue
        for folder in paths:
            below = [w for w in files.writes if folder == "/" or w.path == folder or w.path.startswith(folder + "/")]
            assert list(files.below(folder)) == below
            around = [
                w
                for w in files.writes
                if w.kind is Kind.TREE and (w.path == "/" or folder == w.path or folder.startswith(w.path + "/"))
            ]
            assert files.reaches(folder) == tuple(w for w in files.writes if w in below or w in around)
            assert files.exactly(folder) == tuple(w for w in files.writes if w.path == folder)


def test_large_contexts_are_modelled_in_time() -> None:
    texts = {f"src/p{at % 40}/f{at}.py": "x" for at in range(4000)}
    context = Context.of(texts)
    body = "FROM python:3.11\nWORKDIR /app\n" + "COPY . .\nRUN chmod +x /app/src/p1/f1.py\n" * 3
    began = time.perf_counter()
    files = interpret(parse(body), context).final.files
    for at in range(4000):
        assert files.candidates(f"/app/src/p{at % 40}/f{at}.py")
    assert time.perf_counter() - began < 3


def test_python_s_folders_have_the_version_of_the_base() -> None:
    line = "RUN pip install flask\n"
    of = {
        base: {w.path for w in interpret(parse(f"FROM {base}\n{line}"), Context.of(TEXTS)).final.files.writes}
        for base in ("python:3.11-slim", "debian:12")
    }
    assert of["python:3.11-slim"] == {"/usr/local/lib/python3.11/site-packages", "/usr/local/bin"}
    # Which Python an installed package brings is not known here: the nearest folder that is.
    assert {"/usr/local/lib", "/usr/local/bin"} <= of["debian:12"]
    assert not any("*" in path for path in of["debian:12"])


def test_a_wheel_s_build_leaves_folders_that_only_it_reads() -> None:
    texts = {"pyproject.toml": '[project]\nname = "my-app"\n', "src/app/__init__.py": ""}
    files = interpret(
        parse("FROM python:3.11\nWORKDIR /b\nCOPY . .\nRUN pip install .\n"), Context.of(texts)
    ).final.files
    left = {w.path: w.scratch for w in files.writes if w.kind is Kind.TREE and w.path.startswith("/b")}
    assert left == {"/b/build": True, "/b/src/my_app.egg-info": True}


def test_make_leaves_objects() -> None:
    texts = {"Makefile": "app: app.o\n\tcc -o app app.o\napp.o: app.c\n\tcc -c app.c -o app.o\n", "app.c": ""}
    files = interpret(parse("FROM gcc:13\nWORKDIR /b\nCOPY . .\nRUN make\n"), Context.of(texts)).final.files
    assert {w.path: w.scratch for w in files.writes if w.origin.source == "run"} == {"/b/app": False, "/b/app.o": True}


def test_the_first_file_of_a_folder_is_found_by_who_put_it_there() -> None:
    files = _files("WORKDIR /app\nRUN touch /app/z\nCOPY src/m.py lib/src/p.py ./\nCOPY src ./src\n")
    first = files.first_child("/app", "context")
    assert first is not None
    assert first.path == "/app/m.py"
    assert files.first_child("/app/none", "context") is None
    assert files.has_below("/app/src")
    assert files.has_below("/app/src/m.py")
    assert not files.has_below("/app/sr")


def test_what_is_asked_of_a_build_is_worked_out_once() -> None:
    build = interpret(parse('FROM python:3.11\nCOPY . .\nCMD ["python", "a.py"]\n'), Context.of(TEXTS))
    assert called_programs(build) is called_programs(build)
    assert called_programs(build) is not called_programs(replace(build))
