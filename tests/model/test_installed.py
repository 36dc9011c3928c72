"""Which packages are installed by name, while apk adds and takes away."""

from __future__ import annotations

import pytest

from dfmigrate.model.packages import Installed


@pytest.mark.parametrize(
    ("commands", "left"),
    [
        (["apk add a b", "apk del a"], ["b"]),
        (["apk add a", "apk del a a"], []),
        (["apk add --virtual .b gcc make", "apk add git", "apk del .b"], ["git"]),
        (["apk add --virtual .b gcc", "apk del .b .b"], []),
        (["apk add --virtual .b gcc", "apk add --virtual .b make", "apk del .b"], ["gcc"]),
        (["apk add a", "apk del c"], ["a"]),
    ],
)
def test_apk(commands: list[str], left: list[str]) -> None:
    installed = Installed([], {})
    for command in commands:
        installed.apply(command.split(), certain=True)
    assert installed.names == left
