"""What an everyday edit costs: one source file is touched in a copy of the context, and the image built again."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path, PurePosixPath

from dfmigrate.context import Context
from dfmigrate.verify.build_log import Failure
from dfmigrate.verify.engine import Engine
from dfmigrate.verify.images import Recipe, build
from dfmigrate.verify.journal import Run
from dfmigrate.verify.verification import Rebuild

MOST_BYTES = 1 << 30
"""Of a context that is copied for the edit."""

# Languages in which an empty line, even of blanks, at the end of a file means nothing.
_SOURCES = frozenset(
    f".{name}"
    for name in (
        *("c", "cc", "cjs", "cpp", "cs", "go", "h", "java", "js", "jsx", "kt", "mjs", "php", "py", "rb", "rs"),
        *("scala", "swift", "ts", "tsx", "vue"),
    )
)
_ASIDE = frozenset(("test", "tests", "spec", "specs", "__tests__", "docs", "examples", "vendor", "node_modules"))
_CONFIGURES = (".config", ".conf", "setup", "conftest", "build", "gulpfile", "gruntfile")


def source_to_touch(context: Context) -> str | None:
    """A file such as one edits every day: of the language that most of the files are in, the least deep one."""
    sources = [path for path in context.files if _is_source(path)]
    if not sources:
        return None
    counts = Counter(PurePosixPath(path).suffix for path in sources)
    most = max(sorted(counts), key=lambda suffix: counts[suffix])
    return min(
        (path for path in sources if path.endswith(most)),
        key=lambda path: (path.count("/"), path),
    )


def _is_source(path: str) -> bool:
    parts = PurePosixPath(path)
    stem = parts.stem.lower()
    return (
        parts.suffix in _SOURCES
        and not _ASIDE.intersection(parts.parts[:-1])
        and not any(stem == word.lstrip(".") or stem.endswith(word) for word in _CONFIGURES)
    )


def copied_context(run: Run, context: Path) -> Path | str:
    """A copy that may be edited, or why there is none."""
    size = 0
    for path in context.rglob("*"):
        if path.is_file() and not path.is_symlink():
            size += path.stat().st_size
        if size > MOST_BYTES:
            return f"the context is larger than {MOST_BYTES >> 30} GiB: rebuilds are not measured"
    copy = run.folder / "context"
    try:
        shutil.copytree(context, copy, symlinks=True)
    except shutil.Error as error:
        source, _, why = error.args[0][0]
        return f"the context could not be copied, so rebuilds are not measured: {source}: {why}"
    except OSError as error:
        return f"the context could not be copied, so rebuilds are not measured: {error}"
    return copy


def rebuild(engine: Engine, run: Run, name: str, dockerfile: bytes, recipe: Recipe, file: str) -> Rebuild | Failure:
    """Touch ``file`` in the copy that ``recipe`` names, and build again."""
    with (recipe.context / file).open("ab") as stream:
        # Not twice the same: both sides, and every run, share the engine's cache.
        stream.write(b"\n" + bytes(random.SystemRandom().choices(b" \t", k=40)) + b"\n")
    built = build(engine, run, name, dockerfile, recipe)
    return built if isinstance(built, Failure) else Rebuild(file, built.seconds, built.steps)
