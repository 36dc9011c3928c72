"""What every tag of an official image was last built from: read from ``images/recorded/*.toml``, which are computed.

A tag is taken apart into a key and a version: ``3.9.5-slim-buster`` is ``{}-slim-@`` and ``3.9.5``. ``@`` stands for
the code name of a Debian or Ubuntu release, ``#`` for a release of Alpine. One line of a pack holds a key and, as
thresholds, what it means from which version on: ``{}-slim +3.14.7 3.5=a 3.9=b``. ``+`` marks keys that are still built,
``-`` ones that are no longer, and the version behind it is the newest that was ever built. A line for one tag alone
has the tag as its key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dfmigrate.knowledge.packs import read_pack
from dfmigrate.knowledge.tags import Version, is_live, key_of, numbers, threshold

_LABEL = re.compile(r"\w[\w.-]*", re.ASCII)
DEFAULTS: Mapping[str, Any] = {
    "workdir": "/",
    "user": "",
    "entrypoint": [],
    "command": [],
    "exposed": [],
    "stop_signal": None,
    "volumes": [],
    "onbuild": False,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one tag was when it was built last."""

    distribution: str | None
    release: str | None
    """None also where the tag itself names it."""
    live: bool
    """It is built anew whenever its base changes; otherwise it stays as it is."""
    supported: bool
    """Its series is still built."""
    beyond: bool
    """Its version is newer than the newest that was known when the pack was computed."""
    configuration: Mapping[str, Any]
    """In the words of the packs: ``environment``, and each of ``DEFAULTS``."""
    source: str


def recorded(repository: str, label: str, series: int) -> Recorded | None:
    """What a tag of an official image was; its series is the first ``series`` numbers. None when it is not known."""
    if not _LABEL.fullmatch(label):
        return None
    pack = read_pack(f"images/recorded/{repository}.toml")
    key, text = key_of(label)
    version = numbers(text)
    own = _line(pack["configurations"], label)
    line = own or _line(pack["configurations"], key)
    index = _value(line, version)
    if line is None or index is None:
        return None
    live_versions = pack["live"].split()
    live = line[0] == "+" and (own is not None or not version or is_live(live_versions, version))
    distribution, _, release = _release(pack, label, key, version).partition(":")
    newest = numbers(line.partition(" ")[0])
    return Recorded(
        distribution=distribution or None,
        release=release or None,
        live=live,
        supported=live or any(numbers(one)[:series] == version[:series] for one in live_versions if version),
        beyond=bool(newest) and version > newest[: len(version)] and not live,
        configuration=_configuration(pack, int(index)),
        source=pack["source"],
    )


def _line(block: str, key: str) -> str | None:
    """What stands behind a key."""
    _, found, rest = f"\n{block}".partition(f"\n{key} ")
    return rest.partition("\n")[0] if found else None


def _value(line: str | None, version: Version) -> str | None:
    return threshold(line.partition(" ")[2], version) if line is not None else None


def _release(pack: Mapping[str, Any], label: str, key: str, version: Version) -> str:
    line = _line(pack["releases"], label) or _line(pack["releases"], key)
    return _value(line, version) or ""


def _configuration(pack: Mapping[str, Any], index: int) -> Mapping[str, Any]:
    configuration = json.loads(pack["configuration"].split("\n")[index])
    environment = json.loads(pack["environment"].split("\n")[configuration.pop("environment")])
    return {**DEFAULTS, **configuration, "environment": environment}
