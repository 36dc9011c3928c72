from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.conda import conda_environment


def test_an_environment() -> None:
    text = (
        "name: shop\nchannels:\n  - conda-forge\n  - defaults\ndependencies:\n  - python=3.11.*\n"
        "  - conda-forge::gdal>=3\n  - pip\n  - pip:\n    - flask==3\n    - -r requirements.txt\nprefix: /opt/x\n"
    )
    found = conda_environment(Context.of({"environment.yml": text}))
    assert found is not None
    assert (found.name, found.channels, found.python) == ("shop", ("conda-forge", "defaults"), "3.11")
    assert found.packages == ("python=3.11.*", "conda-forge::gdal>=3", "pip")
    assert found.pip == ("flask==3", "-r requirements.txt")


def test_what_is_no_environment() -> None:
    assert conda_environment(Context.of({"environment.yml": "dependencies: x\n"})) is None
    assert conda_environment(Context.of({"environment.yml": "dependencies:\n  - other:\n      a: b\n"})) is None
    named = conda_environment(Context.of({"envs/prod.yaml": "dependencies: [numpy]\n"}), "envs/prod.yaml")
    assert named is not None
    assert (named.name, named.python, named.packages) == (None, None, ("numpy",))
