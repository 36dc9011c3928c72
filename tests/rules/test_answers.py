"""Answers lift the declines that name them, and nothing else."""

from __future__ import annotations

import pytest

from dfmigrate.answers import AnswerError, answers
from dfmigrate.context import Context
from dfmigrate.migrate import RULE_NAMES, migrate
from dfmigrate.migration import Migration, Status
from dfmigrate.pragmas import pragma_answers
from dfmigrate.settings import Answers, Settings
from dfmigrate_grammar import parse

OPAQUE = """\
FROM node:20-bookworm
WORKDIR /app
COPY . .
RUN npm ci && ./tools/fetch-models
RUN npm run build
CMD ["node", "dist/index.js"]
"""
PROJECT = {
    "package.json": '{"name": "a", "scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"devDependencies": {"typescript": "5"}},'
    ' "node_modules/typescript": {"version": "5.0.0", "dev": true}}}',
    "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
    "src/index.ts": "console.log(1)\n",
    "tools/fetch-models": "#!/usr/bin/env python3\n",
}
COMPUTED = """\
FROM python:3.11-bookworm
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "a.py"]
"""
CALLS = {"requirements.txt": "flask\n", "a.py": "import subprocess, sys\nsubprocess.run([sys.argv[1]])\n"}


def migrated(text: str, files: dict[str, str], **said: str | list[str]) -> Migration:
    words = {name.replace("_", "-"): [value] if isinstance(value, str) else value for name, value in said.items()}
    context = Context.of({"Dockerfile": text, **files})
    settings = Settings().with_answers(answers(words, RULE_NAMES))
    return migrate(text.encode(), path="Dockerfile", context=context, settings=settings)


def codes(migration: Migration, rule: str = "split-stages") -> set[str]:
    return {decline.code for decline in migration.declines if decline.rule == rule}


def rules(migration: Migration) -> list[str]:
    return [step.rule for step in migration.steps]


def test_an_artifact_says_what_an_unknown_command_leaves() -> None:
    before = migrated(OPAQUE, PROJECT)
    assert "A2" in codes(before) and "split-stages" not in rules(before)
    hint = next(decline.hint for decline in before.declines if decline.code == "A2")
    assert "--artifact PATH" in hint
    after = migrated(OPAQUE, PROJECT, artifact=["/opt/models"])
    assert "split-stages" in rules(after)
    assert b"COPY --from=builder /opt/models /opt/models" in bytes(after.after)


def test_an_accepted_obligation_becomes_a_warning() -> None:
    before = migrated(COMPUTED, CALLS)
    assert "C10" in codes(before) and "split-stages" not in rules(before)
    assert any("--accept C10" in decline.hint for decline in before.declines)
    after = migrated(COMPUTED, CALLS, accept=["C10"])
    step = next(step for step in after.steps if step.rule == "split-stages")
    assert any(warning.startswith("accepted [C10]: ") for warning in step.warnings)


def test_accepting_another_code_changes_nothing() -> None:
    assert "split-stages" not in rules(migrated(COMPUTED, CALLS, accept=["B2"]))


def test_the_runtime_can_be_named() -> None:
    after = migrated(COMPUTED, {**CALLS, "a.py": "print(1)\n"}, runtime="python:3.11-slim-bookworm")
    assert b"\nFROM python:3.11-slim-bookworm\n" in bytes(after.after) or b"-slim-bookworm" in bytes(after.after)
    assert any("(as asked: python:3.11-slim-bookworm)" in step.title for step in after.steps)


def test_a_named_runtime_is_proved_like_any_other() -> None:
    after = migrated(COMPUTED, {**CALLS, "a.py": "print(1)\n"}, runtime="python:3.12-alpine")
    assert "split-stages" not in rules(after) and codes(after) & {"B2", "B3", "B4", "D3"}


def test_a_named_runtime_that_is_unknown_is_declined() -> None:
    assert "D11" in codes(migrated(COMPUTED, CALLS, runtime="registry.example/x:1"))


def test_the_ladder_is_climbed_no_higher_than_asked() -> None:
    files = {**CALLS, "a.py": "print(1)\n"}
    assert "split-stages" in rules(migrated(COMPUTED, files))
    assert "split-stages" not in rules(migrated(COMPUTED, files, max_rung="T1"))
    assert codes(migrated(COMPUTED, files, max_rung="T0")) == {"MAX_RUNG"}


def test_a_kept_path_is_carried() -> None:
    text = COMPUTED.replace("COPY . .", "COPY . .\nRUN mkdir -p /var/tmp/seed && touch /var/tmp/seed/a")
    after = migrated(text, {**CALLS, "a.py": "print(1)\n"}, keep=["/var/tmp/seed"])
    assert b"/var/tmp/seed" in bytes(after.after).split(b"FROM")[-1]


def test_a_path_that_nothing_writes_cannot_be_kept() -> None:
    after = migrated(COMPUTED, {**CALLS, "a.py": "print(1)\n"}, keep=["/nowhere"])
    assert "A1" in codes(after)


def test_the_user_can_be_named_or_left() -> None:
    files = {**CALLS, "a.py": "print(1)\n"}
    assert b"\nUSER 1234:1234\n" in bytes(migrated(COMPUTED, files, user="1234").after)
    assert "run-as-user" not in rules(migrated(COMPUTED, files, user="root"))


def test_a_rule_can_be_left_out() -> None:
    files = {**CALLS, "a.py": "print(1)\n"}
    assert rules(migrated(COMPUTED, files, ignore=["split-stages", "base-version-as-arg"])) == ["run-as-user"]


@pytest.mark.parametrize(
    ("base", "user", "made"),
    [
        ("node:20-bookworm", "1234", True),
        ("node:20-bookworm", "1000", False),
        ("node:20-bookworm", "33", None),
        ("node:20-bookworm", "5000:100", None),
        ("node:20-bookworm", "2000:1000", None),
        ("node:20-bookworm", "65534", None),
        ("node:20-bookworm\nRUN useradd --uid 1234 --create-home a", "1234", False),
    ],
)
def test_a_named_user_is_made_only_where_none_can_be_there(base: str, user: str, made: bool | None) -> None:
    after = migrated(
        OPAQUE.replace("node:20-bookworm", base).replace(" && ./tools/fetch-models", ""), PROJECT, user=user
    )
    assert ("run-as-user" in rules(after)) is (made is not None)
    assert (b"useradd --uid %b --gid" % user.encode() in bytes(after.after)) is bool(made)
    assert codes(after, "run-as-user") == (set() if made is not None else {"E10"})


def test_a_pragma_answers_in_the_file_and_stays_there() -> None:
    text = "# dfmigrate: accept=C10 user=root\n" + COMPUTED
    after = migrated(text, CALLS)
    assert rules(after)[0] == "split-stages" and "run-as-user" not in rules(after)
    assert b"# dfmigrate: accept=C10 user=root\n" in bytes(after.after)


@pytest.mark.parametrize("said", ["skip-file", "skip-file generated by hand", "keep=/a skip-file"])
def test_a_pragma_can_keep_the_file_as_it_is(said: str) -> None:
    after = migrated(f"# dfmigrate: {said}\n" + COMPUTED, CALLS)
    assert after.status is Status.UNCHANGED and after.steps == () and after.declines == ()
    assert after.notes == ("left alone, as the comment in line 1 asks",)


def test_a_pragma_that_says_nothing_is_an_error_with_its_line() -> None:
    after = migrated(COMPUTED.replace("CMD", "# dfmigrate: max-rung=T9\nCMD"), CALLS)
    assert (after.status, after.error_line) == (Status.ERROR, 6)
    assert after.error == "max-rung: 'T9' is no rung; one of T0, T1, T2, T3, T4"


def test_pragmas_are_read_anywhere_and_add_up() -> None:
    tree = parse(b"# dfmigrate: keep=/a,/b\nFROM x\n#dfmigrate: keep=/c runtime=y\n# not dfmigrate: keep=/d\nRUN z\n")
    assert pragma_answers(tree, RULE_NAMES) == Answers(keep=("/a", "/b", "/c"), runtime="y")


def test_a_path_is_read_without_needless_parts() -> None:
    assert answers({"keep": ["//app/./src/"]}, RULE_NAMES).keep == ("/app/src",)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"artefact": ["/a"]}, "unknown answer 'artefact'"),
        ({"artifact": ["a"]}, "artifact: 'a' is no path in the image"),
        ({"keep": ["/"]}, "keep: '/' is no path in the image"),
        ({"keep": ["/a/../b"]}, "keep: '/a/../b' is no path in the image"),
        ({"accept": ["everything"]}, "accept: 'EVERYTHING' is no code"),
        ({"user": ["node"]}, "user: 'node' is no user to run as"),
        ({"user": ["0"]}, "user: '0' is no user to run as"),
        ({"user": ["1000:2147483648"]}, "user: '1000:2147483648' is no user to run as"),
        ({"user": ["\u0661"]}, "user: '\u0661' is no user to run as"),
        ({"accept": ["C\u0661"]}, "accept: 'C\u0661' is no code"),
        ({"artifact": ["/opt/$HOME"]}, "artifact: '/opt/$HOME' is no path in the image"),
        ({"artifact": ["/opt/*"]}, "artifact: '/opt/*' is no path in the image"),
        ({"keep": ["/a b"]}, "keep: '/a b' is no path in the image"),
        ({"keep": ["/a\nRUN x"]}, "keep: '/a\\nRUN x' is no path in the image"),
        ({"keep": ["/proc/1"]}, "keep: '/proc/1' is no path in the image"),
        ({"runtime": ["a", "b"]}, "runtime: there can be only one"),
        ({"ignore": ["split"]}, "ignore: no rule 'split'"),
    ],
)
def test_a_wrong_answer_is_told(said: dict[str, list[str]], message: str) -> None:
    with pytest.raises(AnswerError) as caught:
        answers(said, RULE_NAMES)
    assert caught.value.message.startswith(message) and caught.value.hint
