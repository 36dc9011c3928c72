"""`dfmigrate rule` as it is called, and the options that select rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dfmigrate.rules import RULES


def call(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "dfmigrate", *arguments], cwd=cwd, capture_output=True, text=True)


def test_the_list_has_a_line_for_each_rule(tmp_path: Path) -> None:
    done = call("rule", cwd=tmp_path)
    assert [line.split()[0] for line in done.stdout.splitlines()] == [rule.name for rule in RULES]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["split-stages", "cache-mounts", "dockerignore"])
def test_a_rule_has_a_page(tmp_path: Path, name: str) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    page = call("rule", name, cwd=tmp_path).stdout
    assert rule.documentation.strip() in page and f"Class: {rule.safety}." in page and "## Examples" in page


def test_a_rule_that_is_not_there(tmp_path: Path) -> None:
    done = call("rule", "split-stage", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: no rule or code 'split-stage'; did you mean 'split-stages'?\n"


@pytest.mark.parametrize("code", ["C3", "c3", "NO_BENEFIT"])
def test_a_code_has_a_page(tmp_path: Path, code: str) -> None:
    done = call("rule", code, cwd=tmp_path)
    assert done.stdout.startswith(f"# {code.upper()} ") and "\n- **You**: " in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_a_code_that_is_not_there(tmp_path: Path) -> None:
    done = call("rule", "no_benefits", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: no rule or code 'no_benefits'; did you mean 'NO_BENEFIT'?\n"


def test_select_and_guards_are_options_and_settings(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM alpine:3.20\nMAINTAINER a\n")
    assert "+LABEL" in call("--select", "maintainer-to-label", "Dockerfile", cwd=tmp_path).stdout
    assert call("--guards", "Dockerfile", cwd=tmp_path).stdout == ""
    (tmp_path / "dfmigrate.toml").write_bytes(b'select = ["maintainer-to-label"]\nguards = true\n')
    assert "+LABEL" in call("Dockerfile", cwd=tmp_path).stdout
    (tmp_path / "dfmigrate.toml").write_bytes(b'guards = "yes"\n')
    done = call("Dockerfile", cwd=tmp_path)
    assert done.returncode == 2 and "guards: not what it must be; give true or false" in done.stderr
