"""Facts that rules and proofs ask for: each comes from a pack with a source."""

from __future__ import annotations

import pytest

from dfmigrate.knowledge import certificates, installers, languages, linking, system
from dfmigrate.knowledge.packs import read_pack


@pytest.mark.parametrize(
    "name",
    [
        "linking.toml",
        "installers.toml",
        "system.toml",
        "certificates.toml",
        "languages.toml",
        "fetched.toml",
        "packages/stable.toml",
    ],
)
def test_every_table_has_a_source(name: str) -> None:
    for table in read_pack(name).values():
        for facts in table if isinstance(table, list) else [table]:
            assert facts["source"]


def test_flags_that_need_more_than_the_named_packages() -> None:
    assert linking.compiler_flag("gcc -O2 -fopenmp main.c") == "-fopenmp"
    assert linking.compiler_flag("gcc -O2 main.c") is None
    assert linking.brought_flag("cc -lfl x.c", ["flex", "gcc"], {"flex", "gcc"}) == ("-lfl", "libfl-dev")
    assert linking.brought_flag("cc -lfl x.c", ["flex", "libfl-dev"], {"flex", "libfl-dev"}) is None
    assert linking.brought_flag("cc -lfl x.c", ["flex"], set()) is None
    assert linking.brought_flag("cc -lflac x.c", ["flex"], {"flex"}) is None


def test_what_an_installer_is_told() -> None:
    assert installers.may_name_files("PIP_REQUIREMENT")
    assert installers.may_name_files("npm_config_userconfig")
    assert not installers.may_name_files("PIP_NO_CACHE_DIR")
    assert not installers.may_name_files("PATH")
    assert installers.without_development("20.1") == "--omit=dev"
    assert installers.without_development("14") == "--production"
    assert installers.without_development(None) == "--production"


def test_places_and_rights() -> None:
    assert "/usr/local/bin" in system.folders("system")
    assert system.is_web_server("nginx")
    assert not system.is_web_server("node")
    assert system.privileged_paths().search("unix:///var/run/docker.sock")
    assert system.privileged_paths().search("> /dev/null") is None
    assert certificates.bundle().startswith("/etc/ssl/")


def test_languages_are_known_by_their_images_and_tools() -> None:
    assert languages.language_of_family("eclipse-temurin") == "java"
    assert languages.language_of_program("kotlinc") == "java"
    assert languages.language_of_family("source") is None
    assert languages.is_unread_family("haskell")
    assert languages.code_option("python3") == "-c"
    assert languages.code_option("bash") is None
    assert languages.is_supervisor("crond") and not languages.is_supervisor("nginx")
    assert languages.is_daemon("nginx")
