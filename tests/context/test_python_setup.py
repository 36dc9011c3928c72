from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.python_setup import PythonSetup, python_setup


def read(setup: str, config: str | None = None, **texts: str) -> PythonSetup:
    files = {"setup.py": setup, **texts}
    if config is not None:
        files["setup.cfg"] = config
    found = python_setup(Context.of(files))
    assert found is not None
    return found


def test_plain_literals() -> None:
    found = read(
        "setup(\n  install_requires=['Flask>=2',\n    'click', ],\n"
        "  entry_points={'console_scripts': ['shop = shop.cli:main']},\n"
        "  package_data={'shop': ['*.html']},\n  long_description=open('README').read(),\n)\n",
        README="",
    )
    assert found.requires == {"flask", "click"}
    assert found.scripts == {"shop": "shop.cli:main"}
    assert (found.native, found.includes_data, found.reads) == (False, True, ("README",))


def test_what_is_computed_is_unknown() -> None:
    assert read("setup(install_requires=requirements)").requires is None
    assert read("setup(install_requires=['a', *more])").requires is None
    assert read("setup(install_requires=['a' + b])").requires is None
    assert read("setup(entry_points=points)").scripts is None
    assert read("setup()", "[options]\ninstall_requires = file: requirements.txt\n").requires is None


def test_setup_cfg() -> None:
    found = read(
        "setup()",
        "[options]\ninstall_requires =\n    django>=4\n    # why\n    gunicorn\ninclude_package_data = True\n"
        "[options.entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n",
    )
    assert found.requires == {"django", "gunicorn"}
    assert found.scripts == {"shop": "shop.cli:main"}
    assert found.includes_data


def test_extensions_are_compiled() -> None:
    assert read("setup(ext_modules=[Extension('a', ['a.c'])])").native
    assert not read("# ext_modules=[]\nsetup()").native


def test_no_setup_here() -> None:
    assert python_setup(Context.of({"a.py": ""})) is None
    assert python_setup(Context.of({"setup.cfg": "no section\n"})) is None
