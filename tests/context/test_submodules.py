from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.submodules import missing_submodules


def _named(*paths: str) -> str:
    return "".join(f'[submodule "{path}"]\n\tpath = {path}\n\turl = x\n' for path in paths)


@pytest.mark.parametrize(
    ("file", "paths", "missing"),
    [
        (".gitmodules", ("lib", "there"), ("lib",)),
        ("../.gitmodules", ("web/lib", "web/there", "lib", "website/lib", "web"), ("lib",)),
        ("../../.gitmodules", ("apps/web/lib", "web/lib"), ("lib",)),
        ("../../../.gitmodules", ("web/lib",), ()),
    ],
)
def test_folders_that_are_empty_here(file: str, paths: tuple[str, ...], missing: tuple[str, ...]) -> None:
    context = Context.of({"there/a": ""}, outside={file: _named(*paths)}, above=("web", "apps"))
    assert missing_submodules(context) == missing
