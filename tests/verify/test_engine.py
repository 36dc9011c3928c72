"""Which engine is taken, and what is said when none answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfmigrate.verify.engine import Builder, Engine, EngineError, detect
from dfmigrate.verify.process import TimeIsUpError, call, stream

from .conftest import Bench


def _detect(bench: Bench, monkeypatch: pytest.MonkeyPatch, wanted: str | None = None) -> Engine:
    for name, value in bench.environment.items():
        monkeypatch.setenv(name, value)

    def which(name: str) -> str | None:
        program = bench.home / "bin" / name
        return str(program) if program.exists() else None

    return detect(wanted, bench.environment, which)


def test_docker_comes_first(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.install("podman", "buildah")
    found = _detect(bench, monkeypatch)
    assert (found.name, found.builder, found.buildx) == ("docker", Builder.BUILDKIT, True)
    assert found.limits == ()


@pytest.mark.parametrize(("name", "runs"), [("podman", True), ("buildah", False)])
def test_an_engine_by_name(bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, runs: bool) -> None:
    bench.install(name)
    found = _detect(bench, monkeypatch, name)
    assert (found.name, found.version, found.runs, found.builder) == (name, "4.9.3", runs, Builder.BUILDAH)
    assert found.limits


def test_the_legacy_builder_is_known(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    (bench.home / "no-buildx").touch()
    found = _detect(bench, monkeypatch)
    assert (found.builder, found.build_command) == (Builder.LEGACY, ("build",))
    assert any(".dockerignore" in limit for limit in found.limits)


@pytest.mark.parametrize(("host", "remote"), [("tcp://10.0.0.1:2375", True), ("unix:///run/docker.sock", False)])
def test_a_remote_engine_is_known(bench: Bench, monkeypatch: pytest.MonkeyPatch, host: str, remote: bool) -> None:
    bench.environment["DOCKER_HOST"] = host
    assert _detect(bench, monkeypatch).remote is remote


def test_no_engine_is_one_line(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    (bench.home / "down").touch()
    with pytest.raises(EngineError) as raised:
        _detect(bench, monkeypatch)
    said = str(raised.value)
    assert "docker: Cannot connect" in said and "podman: not installed" in said and "\n" not in said


def test_no_engine_is_exit_2(bench: Bench) -> None:
    (bench.home / "down").touch()
    done = bench.verify()
    assert (done.code, done.err.count("\n")) == (2, 1), done.err


def test_a_program_is_stopped_when_its_time_is_over(tmp_path: Path) -> None:
    with pytest.raises(TimeIsUpError):
        call(["sh", "-c", f"sleep 20; touch {tmp_path}/late"], seconds=0.3)
    with pytest.raises(TimeIsUpError), stream(["sh", "-c", "echo a; exec sleep 20"], seconds=0.3) as out:
        assert out.read()
    assert not list(tmp_path.iterdir())


def test_output_without_end_does_not_fill_the_memory() -> None:
    with pytest.raises(TimeIsUpError):
        call(["yes"], seconds=0.5)
    assert len(call(["sh", "-c", "yes | head -c 40000000"], seconds=30).out) == 16 << 20


def test_a_stream_that_fails_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(OSError, match="ended with 3"), stream(["sh", "-c", "echo half; exit 3"], seconds=5) as out:
        assert out.read() == b"half\n"
