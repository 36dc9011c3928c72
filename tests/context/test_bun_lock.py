from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.bun_lock import bun_packages
from dfmigrate.context.node_lock import LockedPackages

LOCK = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "shop", "dependencies": { "a": "^1", }, "devDependencies": { "typescript": "^5", }, },
    "packages/api": { "name": "@shop/api", "dependencies": { "@s/b": "^2", "@shop/lib": "workspace:*", }, },
    "packages/lib": { "name": "@shop/lib", },
  },
  "packages": {
    "@s/b": ["@s/b@1.0.0", "", {}, "sha512-x"],
    "@shop/api": ["@shop/api@workspace:packages/api"],
    "@shop/api/@s/b": ["@s/b@2.0.0", "", { "dependencies": { "c": "1" } }, "sha512-x"],
    "@shop/lib": ["@shop/lib@workspace:packages/lib"],
    "a": ["a@1.0.0", "", { "peerDependencies": { "p": "*", "q": "*" }, "optionalPeers": ["q"] }, "sha512-x"],
    "c": ["c@git+https://example.org/c.git#abc", {}, "abc"],
    "p": ["p@1.0.0", "", {}, "sha512-x"],
    "typescript": ["typescript@5.0.0", "", { "bin": { "tsc": "bin/tsc" } }, "sha512-x"],
  }
}
"""


def read(text: str) -> LockedPackages | None:
    return bun_packages(Context.of({"bun.lock": text}), "bun.lock")


def test_the_text_form() -> None:
    found = read(LOCK)
    assert found is not None
    assert found.production == {"a", "p", "@s/b", "c"}
    assert found.all == {"a", "p", "@s/b", "c", "typescript"}
    assert found.from_git == {"c"}


def test_what_is_not_read() -> None:
    assert read("{}") is None
    assert read(LOCK.replace('"lockfileVersion": 1', '"lockfileVersion": 7')) is None
    assert bun_packages(Context.of({"bun.lockb": LOCK}), "bun.lockb") is None
    missing = read(LOCK.replace('    "p": [', '    "r": ['))
    assert missing is not None
    assert missing.production is None
