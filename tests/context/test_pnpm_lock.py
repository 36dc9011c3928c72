from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node_lock import LockedPackages
from dfmigrate.context.pnpm_lock import pnpm_packages

NINE = """lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    devDependencies:
      typescript:
        specifier: ^5
        version: 5.0.0

  apps/api:
    dependencies:
      '@a/b':
        specifier: ^1
        version: 1.0.0(react@18.0.0)
      alias:
        specifier: npm:real@1
        version: real@1.0.0
      shared:
        specifier: workspace:*
        version: link:../shared

packages:

  '@a/b@1.0.0':
    resolution: {integrity: sha512-x==}
    engines: {node: '>=6'}
    peerDependencies:
      react: ^18

  react@18.0.0:
    resolution: {integrity: sha512-x==}

  real@1.0.0:
    resolution: {integrity: sha512-x==}
    hasBin: true

  typescript@5.0.0:
    resolution: {integrity: sha512-x==}

snapshots:

  '@a/b@1.0.0(react@18.0.0)':
    dependencies:
      react: 18.0.0

  react@18.0.0: {}

  real@1.0.0: {}

  typescript@5.0.0: {}
"""

SIX = """lockfileVersion: '6.0'

dependencies:
  '@a/b':
    specifier: ^1
    version: 1.0.0(react@18.0.0)

devDependencies:
  typescript:
    specifier: ^5
    version: 5.0.0

packages:

  /@a/b@1.0.0(react@18.0.0):
    resolution: {integrity: sha512-x==}
    requiresBuild: true
    dependencies:
      react: 18.0.0
    dev: false

  /react@18.0.0:
    resolution: {integrity: sha512-x==}
    dev: false

  /typescript@5.0.0:
    resolution: {integrity: sha512-x==}
    dev: true
"""

FIVE = """lockfileVersion: 5.4

specifiers:
  '@a/b': ^1
  tool: github:o/tool

dependencies:
  '@a/b': 1.0.0_react@18.0.0
  tool: github.com/o/tool/abc

packages:

  /@a/b/1.0.0_react@18.0.0:
    resolution: {integrity: sha512-x==}
    dependencies:
      react: 18.0.0

  /react/18.0.0:
    resolution: {integrity: sha512-x==}

  /typescript/5.0.0:
    resolution: {integrity: sha512-x==}
    dev: true

  github.com/o/tool/abc:
    resolution: {tarball: https://example.org}
    name: tool
"""


def read(text: str) -> LockedPackages | None:
    return pnpm_packages(Context.of({"pnpm-lock.yaml": text}), "pnpm-lock.yaml")


def test_version_nine() -> None:
    found = read(NINE)
    assert found is not None
    assert found.production == {"@a/b", "react", "real"}
    assert found.all == {"@a/b", "react", "real", "typescript"}
    assert found.install_scripts is None


def test_version_six_says_what_is_built() -> None:
    found = read(SIX)
    assert found is not None
    assert found.production == {"@a/b", "react"}
    assert found.all == {"@a/b", "react", "typescript"}
    assert found.install_scripts == {"@a/b"}


def test_version_five() -> None:
    found = read(FIVE)
    assert found is not None
    assert found.production is not None
    assert {"@a/b", "react"} < found.production
    assert "typescript" not in found.production
    assert len(found.from_git) == 1


@pytest.mark.parametrize("text", ["", "lockfileVersion: 4\n", "lockfileVersion: '10.0'\n", "a: b\n"])
def test_other_versions_are_unknown(text: str) -> None:
    assert read(text) is None


def test_a_package_that_is_not_there() -> None:
    found = read(NINE.replace("react: 18.0.0", "react: 17.0.0"))
    assert found is not None
    assert found.production is None
