"""A kept text that names a missing file is no evidence where another file is meant, or it holds the content itself."""

from __future__ import annotations

import pytest

from .archives import Entries, broken, compared, folder, image

NODE = {"Cmd": ["node", "build/index.js"], "WorkingDir": "/app"}
SOURCE = b"import { env } from './env.js';\nexport const load = () => ({ title: 'Notices of the day' });\n"
BUNDLE = b"const id = 'src/routes/+page.server.js'; const load = () => ({ title: 'Notices of the day' });\n"
CHUNK = b"read('.next', 'images-manifest.json')\n"


def found(before: Entries, after: Entries) -> list[tuple[str, str]]:
    both: Entries = {"/app": folder(), "/app/build/index.js": b"start()\n"}
    return broken(compared(image({**both, **before}, NODE), image({**both, **after}, NODE)))


def test_a_nearer_file_of_that_name() -> None:
    kept: Entries = {
        "/app/build/handler.js": b"import './env.js';\n",
        "/app/build/chunks/one.js": b"import '../env.js'; add(`${folder}/env.js`);\n",
        "/app/build/env.js": b"export {}\n",
    }
    assert found({**kept, "/app/.out/env.js": b"1"}, kept) == []


def test_a_nearer_file_of_that_name_and_folder() -> None:
    kept: Entries = {
        "/app/build/handler.js": b"import { Server } from './server/index.js';\n",
        "/app/build/server/index.js": b"export {}\n",
    }
    assert found({**kept, "/app/.out/output/server/index.js": b"1"}, kept) == []
    elsewhere: Entries = {"/app/build/handler.js": b"import '../.out/server/index.js';\n"}
    gone: Entries = {"/app/.out/server/index.js": b"1"}
    assert found({**kept, **elsewhere, **gone}, {**kept, **elsewhere}) == [("A1", "/app/.out/server/index.js")]


def test_a_file_of_that_name_in_the_same_folder() -> None:
    kept: Entries = {"/app/check.js": b"read('settings.json')\n", "/app/settings.json": b"{}"}
    assert found({**kept, "/app/.out/settings.json": b"{}"}, kept) == []


def test_a_file_of_that_name_beside_is_not_meant() -> None:
    kept: Entries = {"/app/build/handler.js": b"import '../.out/env.js';\n", "/app/build/env.js": b"export {}\n"}
    assert found({**kept, "/app/.out/env.js": b"1"}, kept) == [("A1", "/app/.out/env.js")]


def test_a_source_that_went_into_a_bundle() -> None:
    kept: Entries = {"/app/build/2.js": BUNDLE}
    assert found({**kept, "/app/src/routes/+page.server.js": SOURCE}, kept) == []


def test_a_source_that_went_into_another_part_of_a_bundle() -> None:
    kept: Entries = {
        "/app/build/chunks/nodes/2.js": b"const id = 'src/routes/+page.server.js';\n",
        "/app/build/chunks/page.js": b"const load = () => ({ title: 'Notices of the day' });\n",
    }
    assert found({**kept, "/app/src/routes/+page.server.js": SOURCE}, kept) == []


@pytest.mark.parametrize(
    "bundle", [b"const id = 'src/routes/+page.server.js';\n", BUNDLE + b"import('../src/routes/+page.server.js')\n"]
)
def test_a_source_that_is_loaded_or_did_not_go_into_it(bundle: bytes) -> None:
    kept: Entries = {"/app/build/2.js": bundle}
    gone = "/app/src/routes/+page.server.js"
    assert found({**kept, gone: SOURCE}, kept) == [("A1", gone)]


def test_a_copied_tree_speaks_of_its_own_files() -> None:
    kept: Entries = {"/app/.next/standalone/.next/server/899.js": CHUNK}
    gone: Entries = {"/app/.next/server/899.js": CHUNK, "/app/.next/images-manifest.json": b"{}"}
    assert found({**kept, **gone}, kept) == []
    gone["/app/.next/standalone/.next/images-manifest.json"] = b"{}"
    assert found({**kept, **gone}, kept) != []


def test_another_text_that_says_so_counts() -> None:
    kept: Entries = {
        "/app/build/handler.js": b"import './env.js';\n",
        "/app/build/env.js": b"export {}\n",
        "/app/tools/run.js": b"load('env.js')\n",
    }
    assert found({**kept, "/app/.out/env.js": b"1"}, kept) == [("A1", "/app/.out/env.js")]
