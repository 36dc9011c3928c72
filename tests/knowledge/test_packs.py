"""Every pack loads, says where its facts come from, and holds together."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dfmigrate.knowledge
from dfmigrate.knowledge import images, packs
from dfmigrate.knowledge.dependencies import ECOSYSTEMS, dependency, normal_name
from dfmigrate.knowledge.packs import read_pack

ROOT = Path(dfmigrate.knowledge.__file__).parent
PACKS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.toml"))
RECORDED = [name for name in PACKS if name.startswith("images/recorded/")]
FAMILIES = [
    name
    for name in PACKS
    if name.startswith("images/") and name not in (*RECORDED, "images/index.toml", "images/systems.toml")
]


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_loads(name: str) -> None:
    assert tomllib.loads((ROOT / name).read_bytes().decode())


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_listed_and_has_a_source(name: str) -> None:
    pack = read_pack(name)
    assert pack["facts"]["source"]
    assert Path(name).stem in images.families()


def test_every_listed_family_has_a_file() -> None:
    assert {f"images/{family}.toml" for family in images.families()} == set(FAMILIES)


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_family_is_listed_and_every_line_of_it_can_be_read(name: str) -> None:
    pack = read_pack(name)
    assert pack["source"].startswith("docker-library/official-images:library/")
    file = read_pack("images/index.toml")["repositories"][Path(name).stem].split(" ")[0]
    assert read_pack(f"images/{file}.toml")["recorded"]
    environments = pack["environment"].splitlines()
    configurations = [json.loads(line) for line in pack["configuration"].splitlines()]
    assert {configuration["environment"] for configuration in configurations} == set(range(len(environments)))
    for line in pack["configurations"].splitlines():
        key, mark, *steps = line.split(" ")
        assert key
        assert mark[0] in "+-"
        known = [step.partition("=")[2] for step in steps if not step.endswith("=?")]
        assert all(int(index) < len(configurations) for index in known)
    for line in pack["releases"].splitlines():
        assert all(":" in step.partition("=")[2] or step.endswith("=?") for step in line.split(" ")[2:])


@pytest.mark.parametrize("name", [name for name in PACKS if name.startswith("programs/")])
def test_every_command_has_a_source(name: str) -> None:
    for entry in _entries(read_pack(name)):
        assert entry["source"]


def test_every_program_is_described_where_the_index_says() -> None:
    for file, programs in read_pack("programs/index.toml")["programs"].items():
        pack = read_pack(f"programs/{file}.toml")
        described = Counter([*pack, *(alias for entry in pack.values() for alias in entry.get("aliases", ()))])
        assert described == Counter(programs)


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
def test_every_library_is_named_once_and_has_a_source(ecosystem: str) -> None:
    pack = read_pack(f"dependencies/{ecosystem}.toml")
    names = Counter(name for entry in _entries(pack) for name in entry.get("names", ()))
    assert [name for name, count in names.items() if count > 1] == []
    for name in names:
        facts = dependency(ecosystem, name)
        assert facts is not None
        assert facts.source
        if ecosystem == "pypi":
            assert normal_name(name) == name


def test_a_pack_is_read_once() -> None:
    assert packs.read_pack("images/node.toml") is packs.read_pack("images/node.toml")


def _entries(pack: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for value in pack.values():
        if isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, dict))
        elif isinstance(value, dict) and "source" in value:
            yield value
