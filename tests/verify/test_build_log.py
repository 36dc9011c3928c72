"""What is read from the logs of the builders: BuildKit's plain form, the legacy builder's, buildah's."""

from __future__ import annotations

from dfmigrate.verify.build_log import failure_of, made_images, steps_of
from dfmigrate.verify.images import without_values

DOCKERFILE = b"""FROM debian:12 AS b
RUN echo hello && \\
    date > /x

FROM debian:12
COPY --from=b /x /x
RUN false
"""

BUILDKIT = """\
#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#4 [b 1/2] FROM docker.io/library/debian:12
#4 CACHED

#6 [b 2/2] RUN echo hello &&     date > /x
#6 0.076 hello
#6 DONE 0.3s

#7 [stage-1 2/3] COPY --from=b /x /x
#7 CACHED

#8 [stage-1 3/3] RUN false
#8 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
------
 > [stage-1 3/3] RUN false:
------
Dockerfile:7
--------------------
   6 |     COPY --from=b /x /x
   7 | >>> RUN false
--------------------
ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1
"""

BUILDAH = """\
[1/2] STEP 1/2: FROM debian:12 AS b
[1/2] STEP 2/2: RUN echo hello &&     date > /x
--> Using cache 2fa5474f0c0584f998754115a1da7b5555148a85e1d05b9eac063a40fe1f9b30
--> 2fa5474f0c0
[2/2] STEP 1/3: FROM debian:12
[2/2] STEP 2/3: COPY --from=b /x /x
--> 224b42214de
[2/2] STEP 3/3: RUN false
subprocess exited with status 1
Error: building at STEP "RUN false": exit status 1
"""

LEGACY = """\
Step 1/3 : FROM debian:12
 ---> 48d0bde9cd70
Step 2/3 : RUN echo hello &&     date > /x
 ---> Running in f6dc30a070cc
 ---> 4164a93eaf2e
Step 3/3 : RUN false
 ---> Running in 46e21d0aed2d
The command '/bin/sh -c false' returned a non-zero code: 1
"""


def test_buildkit_steps_with_their_lines_and_times() -> None:
    steps = [
        (step.stage, step.text[:12], step.cached, step.seconds, step.line) for step in steps_of(BUILDKIT, DOCKERFILE)
    ]
    assert steps == [
        ("b", "FROM docker.", True, None, None),
        ("b", "RUN echo hel", False, 0.3, 2),
        ("stage-1", "COPY --from=", True, None, 6),
        ("stage-1", "RUN false", False, None, 7),
    ]


def test_serial_steps_with_their_cache() -> None:
    steps = [(step.stage, step.cached, step.line) for step in steps_of(BUILDAH, DOCKERFILE)]
    assert steps == [
        ("stage-0", False, 1),
        ("stage-0", True, 2),
        ("stage-1", False, 5),
        ("stage-1", False, 6),
        ("stage-1", False, 7),
    ]
    assert [step.cached for step in steps_of(LEGACY, DOCKERFILE)] == [False, False, False]


def test_a_failure_names_its_line() -> None:
    for log in (BUILDKIT, BUILDAH, LEGACY):
        failure = failure_of(log, DOCKERFILE)
        assert (failure.line, failure.step) == (7, "RUN false"), log
    assert failure_of(BUILDKIT, DOCKERFILE).reason.endswith("exit code: 1")
    assert failure_of(LEGACY, DOCKERFILE).reason.startswith("The command")


def test_a_log_without_words_is_a_failure_too() -> None:
    assert failure_of("", DOCKERFILE).reason == "the builder said nothing"


def test_only_images_that_this_build_made_are_named() -> None:
    assert made_images(BUILDAH) == ("224b42214de",)
    assert made_images(LEGACY) == ("4164a93eaf2e",)
    assert made_images(BUILDKIT) == ()


def test_an_instruction_that_stands_twice_has_no_line() -> None:
    log = "#5 [2/3] RUN a\n#5 DONE 0.1s\n#6 [3/3] RUN a\n#6 DONE 0.1s\n"
    assert [step.line for step in steps_of(log, b"FROM x\nRUN a\nRUN a\n")] == [None, None]


def test_tokens_are_shown_by_their_names() -> None:
    log = "#5 [2/2] RUN fetch hunter2-secret hunter2-secret-long v1"
    arguments = [("A", "hunter2-secret"), ("B", "hunter2-secret-long"), ("V", "v1")]
    assert without_values(log, arguments) == "#5 [2/2] RUN fetch $A $B v1"
