"""The command from its options to its exit code, with a fake engine."""

from __future__ import annotations

import json
import os
import signal
import socket

import pytest

from .conftest import Bench


def test_equal_images_are_proved_and_nothing_is_left(bench: Bench) -> None:
    done = bench.verify()
    assert done.code == 0, done.err
    assert bench.left == []


def test_a_folder_means_the_file_that_is_called_dockerfile(bench: Bench) -> None:
    (bench.project / "Dockerfile.ideal").write_text("FROM debian:12\n", encoding="utf-8")
    done = bench.verify()
    assert done.code == 0, done.err
    (bench.project / "Dockerfile").rename(bench.project / "Dockerfile.old")
    done = bench.verify()
    assert (done.code, "2 Dockerfiles are in this folder" in done.err) == (2, True)


def test_it_says_that_it_runs_code_before_it_does(bench: Bench) -> None:
    said = bench.verify().err.split("\n")
    assert "it runs their code" in said[0]
    assert said.index("building the original") > 0


def test_without_a_terminal_nothing_runs_unless_it_is_agreed(bench: Bench) -> None:
    done = bench.verify(agreed=False)
    assert done.code == 2
    assert "--yes" in done.err
    assert not any("build" in call for call in bench.calls)


@pytest.mark.parametrize(
    ("before", "after", "code", "word"),
    [
        ("# build fails", "", 3, "exit code: 1"),
        ("# refused no such program", "", 3, "no such program"),
        ("# exit 3", "", 3, "ends with 3"),
        ("", "# build fails", 1, "does not build"),
        ("", "# fails once", 0, ""),
        ("", "# exit 1\n# says x: error while loading shared libraries: libq.so", 1, "B1"),
        ("", "# refused exec: x: executable file not found", 1, "C10"),
        ("# port 8080", "", 1, "8080"),
        ("", "# user 7", 1, "D6"),
        ("# process of user 7", "# process of user 0", 1, "runs as root"),
        ("# process of user 0", "# process of user 0", 0, '"users": ['),
        ("# process of user 0", "# process of user 7", 0, ""),
        ("", "USER 7\n# user 7", 0, '"declared": 1'),
    ],
)
def test_what_differs_is_told_apart_from_an_original_that_fails(
    bench: Bench, before: str, after: str, code: int, word: str
) -> None:
    bench.write(before, after)
    done = bench.verify("--format", "json")
    assert done.code == code, done.out + done.err
    assert word in done.out
    assert bench.left == []


def test_the_smoke_command_is_run_inside_of_what_stays_up(bench: Bench) -> None:
    bench.write("", "# smoke other")
    assert bench.verify("--smoke", "app --check 'a b'").code == 1
    assert [call[3:] for call in bench.calls if call[1] == "exec" and "app" in call] == [["app", "--check", "a b"]] * 4


def test_the_smoke_command_is_given_to_what_ends(bench: Bench) -> None:
    bench.write("# exit 2", "# exit 2")
    assert bench.verify("--smoke", "--check").code == 0
    assert len([call for call in bench.calls if call[1] == "run" and call[-1] == "--check"]) == 3


def test_a_smoke_command_that_fails_with_the_original_proves_nothing(bench: Bench) -> None:
    bench.write("# smoke exit 4", "# smoke exit 4")
    assert bench.verify("--smoke", "app").code == 3


def test_every_container_is_limited_labelled_and_without_network(bench: Bench) -> None:
    bench.verify("--env", "A=b")
    starts = [call for call in bench.calls if call[1] == "run"]
    assert len(starts) == 3
    for call in starts:
        assert {"--security-opt=no-new-privileges", "--network=none", "--pids-limit=512", "A=b"} <= set(call)
        assert any(word.startswith("dfmigrate.verify=") for word in call)
        assert any(word.startswith("--memory=") for word in call)
        assert not any("privileged" in word and "no-new" not in word for word in call)


def test_build_arguments_and_the_ignore_file_of_the_dockerfile_go_to_both_builds(bench: Bench) -> None:
    (bench.project / "Dockerfile.dockerignore").write_text("x\n", encoding="utf-8")
    bench.verify("--build-arg", "V=1", "--build-network", "host")
    builds = [call for call in bench.calls if "build" in call]
    assert all("V=1" in call and "--network=host" in call for call in builds)
    assert all(call[-1] == "." or str(bench.project) in call[-1] or "context" in call[-1] for call in builds)
    files = [call[call.index("--file") + 1] for call in builds]
    assert all(str(bench.home / "tmp") in file and file.endswith("/Dockerfile") for file in files)


def test_kept_images_stay_under_a_name_of_their_own(bench: Bench) -> None:
    bench.verify("--keep-images")
    assert [name.partition(":")[0] for name in bench.left] == ["dfmigrate-kept"] * 2
    assert bench.verify().code == 0
    assert len(bench.left) == 2


def test_an_unchanged_file_needs_no_engine(bench: Bench) -> None:
    (bench.project / "After").write_bytes((bench.project / "Dockerfile").read_bytes())
    done = bench.verify(agreed=False)
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert not (bench.home / "calls").exists()
    document = json.loads(bench.verify("--format", "json").out)
    assert (document["verdict"], document["limits"][0][:12]) == ("equal", "nothing woul")


@pytest.mark.parametrize(
    "words",
    [
        ["--http", "x"],
        ["--build-arg", "=1"],
        ["--port", "0"],
        ["--engine", "runc"],
        ["--context", "missing"],
        ["--smoke", "a 'b"],
    ],
)
def test_wrong_usage(bench: Bench, words: list[str]) -> None:
    assert bench.verify(*words).code == 2


def test_http_without_a_bridge_is_refused_before_anything_is_built(bench: Bench) -> None:
    (bench.home / "no-bridge").touch()
    done = bench.verify("--http", "/")
    assert (done.code, "--network host" in done.err) == (2, True)


def test_a_port_that_is_taken_is_refused_before_anything_is_built(bench: Bench) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = bench.verify("--network", "host", "--port", str(other.getsockname()[1]))
    assert (done.code, "is taken" in done.err) == (2, True)
    assert not any("build" in call for call in bench.calls)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_build_and_removes_what_was_made(bench: Bench, number: signal.Signals) -> None:
    bench.write("", "# build sleeps")
    process = bench.start("--against", "After", "--yes")
    bench.wait_for("asleep")
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert "interrupted: removed 1 image" in err
    assert bench.left == []


def test_the_next_run_removes_what_a_killed_one_left(bench: Bench) -> None:
    bench.write("", "# build sleeps")
    process = bench.start("--against", "After", "--yes")
    bench.wait_for("asleep")
    process.kill()
    process.communicate(timeout=30)
    assert len(bench.left) == 2  # the original's image, and the run's folder
    bench.write("", "")
    done = bench.verify()
    assert done.code == 0
    assert "was cut off: removed 1 image" in done.err
    assert bench.left == []


def test_the_next_run_does_not_touch_one_that_is_at_work(bench: Bench) -> None:
    bench.write("", "# build sleeps")
    process = bench.start("--against", "After", "--yes")
    try:
        bench.wait_for("asleep")
        before = bench.left
        bench.write("", "")
        assert bench.verify().code == 0
        assert bench.left == before
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def test_an_engine_that_stops_is_said_and_cleared_by_the_next_run(bench: Bench) -> None:
    bench.write("", "# engine dies")
    done = bench.verify()
    assert done.code == 2
    assert "stopped answering" in done.err
    assert "the next dfmigrate verify removes what is left" in done.err
    (bench.home / "down").unlink()
    bench.write("", "")
    again = bench.verify()
    assert again.code == 0
    assert "was cut off" in again.err
    assert bench.left == []


def test_a_build_that_is_killed_is_no_difference(bench: Bench) -> None:
    bench.write("", "# killed")
    done = bench.verify()
    assert done.code == 2
    assert "killed by signal 9" in done.err
    assert "stopped: removed 1 image" in done.err
    assert bench.left == []


def test_without_the_reader_of_programs_nothing_runs(bench: Bench) -> None:
    """``pyelftools`` comes with an extra of the package."""
    shadow = bench.home / "shadow" / "elftools"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise ImportError\n", encoding="utf-8")
    bench.environment["PYTHONPATH"] = f"{shadow.parent}{os.pathsep}{bench.environment['PYTHONPATH']}"
    done = bench.verify()
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert "dfmigrate[verify]" in done.err
