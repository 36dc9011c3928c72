"""The commands with which manifests start the image of a Dockerfile."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.outside_start import OutsideStart
from dfmigrate.context.start_elsewhere import outside_starts

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  containers:\n"


def _container(image: str, *lines: str, name: str = "web") -> str:
    return f"    - name: {name}\n      image: {image}\n" + "".join(f"      {line}\n" for line in lines)


def _starts(text: str, **others: str) -> list[OutsideStart]:
    files = {"Dockerfile": "FROM scratch\n", "k8s/pod.yaml": text, **others}
    return list(outside_starts(Context.of(files)))


def test_a_command_takes_the_place_of_the_entry_point_and_arguments_that_of_cmd() -> None:
    found = _starts(POD + _container("acme/shop:2", 'command: ["./serve"]', "args:", "  - --port", '  - "80"'))
    assert found == [
        OutsideStart("k8s/pod.yaml", "the container `web`", command=("--port", "80"), entrypoint=("./serve",))
    ]
    assert _starts(POD + _container("acme/shop", "workingDir: /srv"))[0].workdir == "/srv"


def test_probes_and_hooks_are_run_in_the_container() -> None:
    probe = ("livenessProbe:", "  exec:", '    command: ["curl", "localhost"]')
    hook = ("lifecycle:", "  preStop:", "    exec:", "      command:", "        - sleep", '        - "5"')
    found = _starts(POD + _container("acme/shop", *probe, *hook))
    assert [(one.name, one.entrypoint) for one in found] == [
        ("`livenessProbe` of the container `web`", ("curl", "localhost")),
        ("`preStop` of the container `web`", ("sleep", "5")),
    ]


@pytest.mark.parametrize("command", ['["./serve", "$(PORT)"]', "./serve", "[./serve, {a: b}]"])
def test_what_only_the_cluster_knows_is_not_known(command: str) -> None:
    assert [one.unknown for one in _starts(POD + _container("acme/shop", f"command: {command}"))] == [
        "its command is not plain text"
    ]


def test_a_probe_that_is_not_understood_is_unknown() -> None:
    found = _starts(POD + _container("acme/shop", "livenessProbe: {exec: {command: [curl]}}"))
    assert [one.unknown for one in found] == ["its command is not plain text"]


def test_containers_of_published_images_are_of_others() -> None:
    assert _starts(POD + _container("postgres:16", 'command: ["postgres"]')) == []


def test_where_the_project_has_more_images_it_is_not_known_which_is_which() -> None:
    two = _container("acme/shop", 'command: ["./a"]') + _container("acme/mail", 'command: ["./b"]', name="mail")
    assert _starts(POD + two) == []
    one = _container("acme/shop", 'command: ["./a"]')
    assert _starts(POD + one, **{"mail/Dockerfile": "FROM scratch\n"}) == []
    assert len(_starts(POD + one + _container("registry:5000/acme/shop@sha256:0", 'command: ["./b"]'))) == 2


def test_a_manifest_that_cannot_be_read_says_nothing() -> None:
    assert _starts("kind: Pod\nspec: {{ .Values.spec }}\n") == []
