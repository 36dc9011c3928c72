"""What the result lacks breaks it when something refers to it; what only looks otherwise does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dfmigrate.verify.finding import Finding, Weight

from .archives import BASE, NET_BIND, Entries, Entry, broken, compared, folder, image, link, program
from .elf_samples import elf

PYTHON = {"Cmd": ["python", "app.py"], "WorkingDir": "/app"}
APP = b"from flask import render_template\nrender_template('index.html')\nopen('/app/data/rows.csv')\n"


def _found(before: Entries, after: Entries, **config: object) -> tuple[Finding, ...]:
    said = {**PYTHON, **config}
    both: Entries = {"/app": folder(), "/app/app.py": APP}
    return compared(image({**both, **before}, said), image({**both, **after}, said))


def _weights(findings: tuple[Finding, ...], subject: str) -> list[tuple[str, str]]:
    return [(each.code, each.weight.value) for each in findings if each.subject == subject]


def test_equal_images_have_nothing_to_say() -> None:
    assert _found({"/app/x": b"1"}, {"/app/x": b"1"}) == ()


@pytest.mark.parametrize(
    ("gone", "source"),
    [
        ("/app/templates/index.html", b""),  # By its name, in app.py.
        ("/app/data/rows.csv", b""),  # By its whole path, in app.py.
        ("/app/sql/one.sql", b"load('sql/one.sql')"),
        ("/app/sql/two.sql", b"for name in names: load(f'sql/{name}')"),
        ("/app/views/page.ejs", b"res.render('page')"),
        ("/app/views/page.ejs", b"app.set('views', join(here, 'views'))"),
        ("/app/vendor/autoload.php", b"<?php require __DIR__ . '/vendor/autoload.php';"),
        ("/etc/app.conf", b"read('/etc/app.conf')"),
    ],
)
def test_a_missing_file_that_a_source_names(gone: str, source: bytes) -> None:
    more = {"/app/more.js": source}
    assert [code for code, _ in broken(_found({gone: b"x", **more}, more))] == ["A1"]


@pytest.mark.parametrize(
    ("gone", "source"),
    [
        ("/app/README.md", b"see README.md"),  # Too general a name.
        ("/app/src/main.ts", b"//# sourceMappingURL=src/main.ts"),
        ("/app/main.go", b"main.go"),
        ("/app/other.txt", b"nothing"),
        ("/app/image.png", b"//go:embed image.png"),
    ],
)
def test_a_missing_file_that_nothing_reads(gone: str, source: bytes) -> None:
    more = {"/app/more.js": source}
    findings = _found({gone: b"x", **more}, more)
    assert broken(findings) == []
    assert [(each.code, each.weight) for each in findings] == [("A1", Weight.NOTE)]


def test_a_relative_name_may_mean_the_copy_that_is_kept() -> None:
    more = {"/app/more.py": b"open('data/x.txt')", "/app/src/data/x.txt": b"1"}
    assert broken(_found({**more, "/app/build/data/x.txt": b"1"}, more)) == []
    assert broken(_found({**more, "/app/build/data/x.txt": b"2"}, more)) == [("A1", "/app/build/data/x.txt")]


def test_the_sources_of_a_program_speak_for_it() -> None:
    source = {"/app/main.go": b'package main\nvar t = template.ParseFiles("pages/front.tmpl")\n'}
    gone = {"/app/pages/front.tmpl": b"x"}
    config = {"Cmd": ["/app/run"]}
    both = {"/app/run": program(elf())}
    findings = compared(image({**both, **source, **gone}, config), image(both, config))
    assert ("A1", "/app/pages/front.tmpl") in broken(findings)


def test_a_lost_folder_is_one_statement() -> None:
    many = {f"/app/docs/page{number}.dat": b"x" * 10 for number in range(50)}
    (finding,) = _found({"/app/docs": folder(), **many}, {})
    assert (finding.subject, finding.weight, finding.before) == ("/app/docs", Weight.NOTE, "500 bytes")
    assert "50 files" in finding.message


def test_many_missing_files_that_are_named_are_bounded() -> None:
    many = {f"/app/d/p{number}.dat": b"x" for number in range(50)}
    names = {"/app/names.py": b"\n".join(b"'d/p%d.dat'" % number for number in range(50))}
    found = broken(_found({**many, **names, "/app/d": folder()}, {**names, "/app/d": folder()}))
    assert len(found) == 6


def test_packages_in_a_virtual_environment_are_not_missing() -> None:
    old, new = "/usr/local/lib/python3.11/site-packages", "/opt/venv/lib/python3.11/site-packages"
    before = {f"{old}/flask/app.py": b"x", "/usr/local/bin/flask": program(b"#!/usr/local/bin/python\n")}
    after = {f"{new}/flask/app.py": b"x", "/opt/venv/bin/flask": program(b"#!/opt/venv/bin/python\n")}
    after["/opt/venv/bin/python"] = link("/usr/local/bin/python3.11")
    findings = _found(before, after, Env=["PATH=/opt/venv/bin:/usr/local/bin:/usr/bin"])
    assert broken(findings) == []
    assert _weights(findings, old) == [("B5", "declared")]


@pytest.mark.parametrize(
    ("path", "content", "gone", "code"),
    [
        ("/app/app.js", b"const x = require('left-pad')", "/app/node_modules/left-pad/index.js", "C7"),
        ("/app/app.mjs", b"import x from '@a/b/c'", "/app/node_modules/@a/b/index.js", "C7"),
        ("/app/x.py", b"import yaml.loader", "/usr/local/lib/python3.11/site-packages/yaml/__init__.py", "B5"),
        ("/app/x.rb", b"require 'sinatra/base'", "/usr/local/bundle/gems/sinatra-4.0/lib/sinatra/base.rb", "C11"),
        ("/app/x.py", b"from six import moves", "/usr/local/lib/python3.11/site-packages/six.py", "B5"),
    ],
)
def test_a_package_that_a_source_imports(path: str, content: bytes, gone: str, code: str) -> None:
    found = broken(_found({path: content, gone: b"x"}, {path: content}))
    assert [each for each, _ in found] == [code]
    assert broken(_found({path: content, gone: b"x"}, {path: content, gone: b"x"})) == []


def test_a_package_that_only_a_comment_imports() -> None:
    source = {"/app/build/a.js": b"/** @param {import('left-pad').Options} options */\nlet x = 1 // from 'left-pad'\n"}
    assert broken(_found({**source, "/app/node_modules/left-pad/index.js": b"x"}, source)) == []


def test_a_program_that_a_source_starts() -> None:
    source = {"/app/x.py": b"subprocess.run(['/usr/bin/git', 'log'])\nsubprocess.check_output(['jq', '.'])\n"}
    before = {**source, "/usr/bin/git": program(), "/usr/bin/jq": program()}
    assert broken(_found(before, source)) == [("C10", "/usr/bin/git"), ("C10", "jq")]


def test_a_cache_mounted_artefact() -> None:
    migrated = (
        "FROM python:3.11 AS b\nWORKDIR /app\nRUN --mount=type=cache,target=/app/data make\n"
        "FROM python:3.11-slim\nCOPY --from=b /app /app\n"
    )
    both: Entries = {"/app": folder(), "/app/app.py": APP}
    findings = compared(image({**both, "/app/data/rows.csv": b"1"}, PYTHON), image(both, PYTHON), migrated=migrated)
    assert broken(findings) == [("G3", "/app/data/rows.csv")]
    assert findings[0].line == 3


def test_hard_links_that_are_files_of_their_own_now() -> None:
    findings = _found({"/app/a": b"1", "/app/b": Entry(hard="/app/a")}, {"/app/a": b"1", "/app/b": b"1"})
    assert [(each.subject, each.weight) for each in findings] == [("/app/b", Weight.NOTE)]


def test_lost_capabilities() -> None:
    before = {"/app/server": Entry(b"x", 0o755, capability=NET_BIND)}
    findings = _found(before, {"/app/server": Entry(b"x", 0o755)})
    assert broken(findings) == [("A14", "/app/server")]
    assert (findings[0].before, findings[0].line) == ("cap_net_bind_service", 6)
    assert _found(before, before) == ()


def test_a_lost_set_user_bit() -> None:
    assert broken(_found({"/app/s": program(mode=0o4755)}, {"/app/s": program(mode=0o755)})) == [("A15", "/app/s")]


def test_links_that_lead_elsewhere() -> None:
    both = {"/app/a": b"1", "/app/b": b"2", "/app/c": b"1"}
    assert broken(_found({**both, "/app/l": link("a")}, {**both, "/app/l": link("b")})) == [("A20", "/app/l")]
    assert broken(_found({**both, "/app/l": link("a")}, {**both, "/app/l": link("c")})) == []
    # COPY of a link by its name makes a file of it.
    assert broken(_found({**both, "/app/l": link("a")}, {**both, "/app/l": b"1"})) == []


def test_a_file_that_is_empty_now() -> None:
    assert broken(_found({"/app/f": b"1"}, {"/app/f": b""})) == [("A1", "/app/f")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Entry(b"1", 0o644), Entry(b"1", 0o600), [("A15", "/app/f")]),
        (Entry(b"1", 0o600, (1000, 1000)), Entry(b"1", 0o600), [("A15", "/app/f")]),
        (Entry(b"1", 0o644, (1000, 1000)), Entry(b"1", 0o644), [("E2", "/app/f")]),
        (Entry(b"1", 0o644), Entry(b"1", 0o640, (0, 33)), []),  # Its group is one of the user's.
        (Entry(b"1", 0o644), Entry(b"1", 0o664), []),
        (Entry(b"1", 0o666), Entry(b"1", 0o600, (1000, 1000)), []),
    ],
)
def test_rights_are_those_of_the_images_user(old: Entry, new: Entry, expected: list[tuple[str, str]]) -> None:
    assert broken(_found({"/app/f": old}, {"/app/f": new}, User="node")) == expected


def test_root_reads_everything() -> None:
    assert broken(_found({"/app/f": Entry(b"1", 0o644)}, {"/app/f": Entry(b"1", 0o000)})) == []


def test_a_new_user_reads_no_passwords() -> None:
    """A package that makes an account writes them anew; a program that names them is another matter."""
    both: Entries = {"/app": folder(owner=(1000, 0)), "/etc/shadow": Entry(b"x", 0o640, (0, 42))}
    said = {"Cmd": ["python", "app.py"], "WorkingDir": "/app"}
    for source, expected in ((b"x", []), (b"open('/etc/shadow')", [("A15", "/etc/shadow")])):
        entries: Entries = {**both, "/app/app.py": Entry(source, 0o644, (1000, 0))}
        done = compared(image(entries, said), image(entries, {**said, "User": "1000"}), declared=frozenset({"user"}))
        assert broken(done) == expected


def test_a_new_user_who_may_not_write_is_a_note_but_for_the_working_directory_and_volumes() -> None:
    both: Entries = {"/app": folder(), "/app/app.py": b"x", "/data": folder()}
    said = {**PYTHON, "Volumes": {"/data": {}}}
    findings = compared(image(both, said), image(both, {**said, "User": "1000"}), declared=frozenset({"user"}))
    assert sorted(broken(findings)) == [("E1", "/app"), ("E3", "/data")]
    owned: Entries = {"/app": folder(owner=(1000, 0)), "/app/app.py": b"x", "/data": folder(owner=(1000, 0))}
    findings = compared(image(both, said), image(owned, {**said, "User": "1000"}), declared=frozenset({"user"}))
    assert broken(findings) == []


def test_without_the_base_the_systems_folders_are_left_out() -> None:
    both: Entries = {"/app/app.py": b"x"}
    before = image({**both, "/usr/lib/a/b": b"1", "/usr/local/go/bin/go": b"1", "/app/left": b"1"}, PYTHON)
    after = image(both, PYTHON)
    findings = compared(replace(before, base=None), replace(after, base=None))
    assert [finding.subject for finding in findings] == ["/app/left"]


def test_files_of_packages_are_the_systems() -> None:
    listed = {"/usr/bin/gcc": b"1", "/var/lib/dpkg/info/gcc.list": b"/.\n/bin\n/bin/gcc\n"}
    status = {"/var/lib/dpkg/status": b"Package: gcc\nVersion: 1\n"}
    (finding,) = _found({**listed, **status}, {})
    assert (finding.check, finding.weight, finding.message) == ("packages", Weight.NOTE, "1 system packages fewer")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"const where = process.env.GOPATH", [("D1", "GOPATH")]),
        (b"cd $GOPATH/bin", [("D1", "GOPATH")]),
        (b"os.environ['GOPATH']", [("D1", "GOPATH")]),
        (b"MY_GOPATH", []),
    ],
)
def test_a_variable_of_the_old_base_that_a_source_names(source: bytes, expected: list[tuple[str, str]]) -> None:
    both: Entries = {"/app/x.js": source}
    findings = compared(image(both, {"Env": ["GOPATH=/go"]}), image(both, {}))
    assert broken(findings) == expected


STORE = "/app/node_modules/.pnpm"


def _store(link_in: str) -> tuple[Entries, Entries]:
    """Before and after `pnpm prune` removed a package and left a link to it; `one` is kept and needs `two`."""
    kept: Entries = {
        "/app/node_modules/one": link(".pnpm/one@1/node_modules/one"),
        f"{STORE}/one@1/node_modules/one/package.json": b'{"dependencies": {"two": "^2"}}',
        f"{STORE}/gone@3/node_modules/gone/package.json": b'{"dependencies": {"old": "*"}}',
        link_in: link(f"{STORE}/old@1/node_modules/old"),
    }
    return {**kept, f"{STORE}/old@1/node_modules/old/package.json": b"{}"}, kept


@pytest.mark.parametrize(
    ("place", "weight"),
    [
        (f"{STORE}/node_modules/old", Weight.NOTE),
        (f"{STORE}/node_modules/.bin/old", Weight.NOTE),
        # Only a package needs it that nothing leads to.
        (f"{STORE}/gone@3/node_modules/old", Weight.NOTE),
        # Where `one` finds what it declares: beside itself, and by the store's own folder.
        (f"{STORE}/one@1/node_modules/two", Weight.BROKEN),
        (f"{STORE}/node_modules/two", Weight.BROKEN),
        # Not in the store: the application's own.
        ("/app/node_modules/old", Weight.BROKEN),
        ("/app/node_modules/.bin/old", Weight.BROKEN),
    ],
)
def test_a_link_in_a_store_counts_where_a_kept_package_needs_it(place: str, weight: Weight) -> None:
    found = [each for each in _found(*_store(place)) if each.check == "links"]
    assert [(each.code, each.weight, each.subject) for each in found] == [("A8", weight, place)]


def test_links_of_a_store_that_nothing_needs_are_one_statement() -> None:
    before, after = _store(f"{STORE}/node_modules/old")
    more = {f"{STORE}/node_modules/old{number}": link(f"{STORE}/old@1/node_modules/old") for number in range(30)}
    found = [each for each in _found({**before, **more}, {**after, **more}) if each.check == "links"]
    assert [(each.subject, each.weight) for each in found] == [(STORE, Weight.NOTE)]
    assert found[0].message.startswith("31 links")


def test_a_manifest_that_cannot_be_read_may_need_anything() -> None:
    before, after = _store(f"{STORE}/node_modules/old")
    broke = {f"{STORE}/one@1/node_modules/one/package.json": b"{"}
    assert broken(_found({**before, **broke}, {**after, **broke})) == [("A8", f"{STORE}/node_modules/old")]


def test_a_link_that_led_nowhere_before_is_no_difference() -> None:
    place = {"/app/node_modules/x": link("gone")}
    assert _found(place, place) == ()


PIP = "/usr/local/lib/python3.11/site-packages/pip/__init__.py"
NEWER: Entries = {PIP: program(b"2"), "/usr/local/bin/pip": program(b"#!/usr/local/bin/python\n2")}
BASES: Entries = {PIP: b"1", "/usr/local/bin/pip": link("pip3"), "/usr/local/bin/pip3": program(b"1")}


def _on_bases(
    before: Entries, after: Entries, command: tuple[str, ...] = ("python", "app.py"), source: bytes = b""
) -> tuple[Finding, ...]:
    config = {"Cmd": list(command), "WorkingDir": "/app", "User": "1000"}
    both: Entries = {"/app": folder(owner=(1000, 0)), "/app/app.py": source}
    below = {**BASE, **BASES}
    return compared(
        image({**both, **before}, {**config, "User": ""}, below),
        image({**both, **after}, config, below),
        declared=frozenset({"user"}),
    )


def test_a_base_images_own_file_is_no_change_of_the_applications() -> None:
    found = _on_bases(NEWER, {})
    assert broken(found) == []
    again = [each for each in found if "base image's own" in each.message]
    assert [each.subject for each in again] == [PIP, "/usr/local/bin/pip"]


@pytest.mark.parametrize(
    ("command", "source", "subject"),
    [
        (("pip", "list"), b"", "/usr/local/bin/pip"),
        (("python", "app.py"), b"run('/usr/local/bin/pip')", "/usr/local/bin/pip"),
        (("python", "app.py"), b"import pip", "pip"),
    ],
)
def test_a_base_images_own_file_in_place_of_one_that_something_uses(
    command: tuple[str, ...], source: bytes, subject: str
) -> None:
    assert subject in [name for _, name in broken(_on_bases(NEWER, {}, command, source))]


def test_rights_that_the_dockerfile_gave_to_a_file_of_the_base_count() -> None:
    """The content is the base's on both sides, so what the Dockerfile did to it is all that differs."""
    found = _on_bases({"/usr/local/bin/pip3": Entry(b"1", 0o4755)}, {})
    assert broken(found) == [("A15", "/usr/local/bin/pip3")]
    node = replace(program(b"other"), capability=NET_BIND)
    assert ("A14", "/usr/local/bin/node") in broken(_on_bases({"/usr/local/bin/node": node}, {}))


def test_our_own_settings_file_refers_to_nothing() -> None:
    gone: Entries = {"/opt/models/a": b"1"}
    both: Entries = {"/app/.dfmigrate.toml": b'artifact = ["/opt/models"]\nkeep = ["/opt/models/a"]\n'}
    assert broken(_found({**gone, **both}, both)) == []
    assert broken(_found(both, {})) == []
