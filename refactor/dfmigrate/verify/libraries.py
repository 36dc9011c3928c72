"""The libraries of every program of the application, followed to the end in the image's own library path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dfmigrate.verify.archive import Kind
from dfmigrate.verify.elf import Elf
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.linker import Linker, c_library, configured_folders, linker
from dfmigrate.verify.pair import Image, Pair
from dfmigrate.verify.regions import is_library

CHECK = "libraries"
_LOADED = re.compile(r"\blib[\w+-]+\.so(?:\.\d+)*\b")
_BY_NAME = re.compile(r"find_library\(\s*[\"']([\w+-]+)[\"']")
_MOST_CLOSURE = 2_000


@dataclass(frozen=True, slots=True)
class Lack:
    """What the loader would complain of."""

    code: str
    path: str
    """The program or library that needs it."""
    name: str
    message: str
    hint: str = ""


def libraries(pair: Pair, programs: Iterable[str] = ()) -> Iterator[Finding]:
    """``programs`` are further paths to follow: what the image starts."""
    after = linker(pair.after.files, pair.after.config.environment)
    before = linker(pair.before.files, pair.before.config.environment)
    told = set()
    for path in dict.fromkeys((*sorted(pair.kept), *programs)):
        elf = pair.after.files.elves.get(path)
        file = pair.after.files.get(path)
        if elf is None or file is None or file.kind is not Kind.FILE:
            continue
        for lack in _lacks(path, elf, after):
            if (lack.path, lack.name) in told or _lacked_before(lack, before):
                continue
            told.add((lack.path, lack.name))
            yield _finding(lack, pair)
    yield from _loaded_by_name(pair, before, after)


def _lacks(root: str, elf: Elf, loader: Linker) -> Iterator[Lack]:
    """Everything that is wrong in the closure of one program or library."""
    problem = _interpreter(root, elf, loader)
    if problem is not None:
        yield problem
        return
    pending: list[tuple[str, Elf, tuple[tuple[str, Elf], ...]]] = [(root, elf, ())]
    seen = {root}
    while pending and len(seen) < _MOST_CLOSURE:
        path, user, loaders = pending.pop()
        found = {}
        for name in user.needed:
            if loader.answers_itself(name, user if user.c_library else elf):
                continue
            library = loader.library(name, user, path, loaders)
            if library is None:
                yield _missing(path, user, name, loader)
                continue
            found[name] = library.elf
            if library.path not in seen:
                seen.add(library.path)
                pending.append((library.path, library.elf, ((path, user), *loaders)))
        for name, version in user.requires:
            provider = found.get(name)
            if provider is not None and provider.provides and version not in provider.provides:
                yield Lack(
                    "B3",
                    path,
                    f"{name}:{version}",
                    f"it needs {version} of {name}, and the image's has at most {_newest(provider, version)}",
                    "use the same release of the system in both stages",
                )


def _interpreter(path: str, elf: Elf, loader: Linker) -> Lack | None:
    if elf.interpreter is None:
        return None
    if loader.files.resolve(elf.interpreter).file is None:
        image, wanted = c_library(loader.files), elf.c_library
        wrong = image is not None and wanted is not None and image != wanted
        message = f"its loader {elf.interpreter} is not there"
        if wrong:
            message += f": it is made for {wanted}, and the image has {image}"
        hint = "build it on the C library that the final stage has"
        return Lack("B2" if wrong else "B1", path, elf.interpreter, message, hint)
    found = loader.at(elf.interpreter)
    if found is not None and (found.elf.machine, found.elf.bits) != (elf.machine, elf.bits):
        return Lack(
            "B13",
            path,
            elf.interpreter,
            f"it is made for {elf.machine}, and the image's loader for {found.elf.machine}",
        )
    return None


def _missing(path: str, user: Elf, name: str, loader: Linker) -> Lack:
    places = loader.elsewhere(name)
    if not places:
        return Lack("B1", path, name, f"{name} is not there", "install its package in the final stage")
    folder = posixpath.dirname(places[0])
    elf = loader.files.elves[places[0]]
    if (elf.machine, elf.bits) != (user.machine, user.bits):
        return Lack("B13", path, name, f"{name} is made for {elf.machine} with {elf.bits} bits, not for {user.machine}")
    if folder in configured_folders(loader.files):
        return Lack(
            "A19", path, name, f"{name} lies in {folder}, and the loader's cache does not know it",
            "run ldconfig behind the copy",
        )  # fmt: skip
    return Lack("B1", path, name, f"{name} lies in {folder}, where the loader does not look", "set LD_LIBRARY_PATH")


def _lacked_before(lack: Lack, before: Linker) -> bool:
    """True when the original has the same file with the same trouble, which then stops nothing."""
    elf = before.files.elves.get(lack.path)
    if elf is None:
        return False
    return any(each.path == lack.path and each.name == lack.name for each in _lacks(lack.path, elf, before))


def _newest(provider: Elf, version: str) -> str:
    family = version.rpartition("_")[0]
    known = [each for each in provider.provides if each.rpartition("_")[0] == family and each[-1].isdigit()]
    return max(known, key=_numbers, default="none of that family")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _finding(lack: Lack, pair: Pair) -> Finding:
    elf = pair.after.files.elves[lack.path]
    # A module takes libraries too that its package has loaded ahead of it.
    own = lack.code == "B1" and is_library(lack.path) and elf.interpreter is None
    near = _package(lack.path)
    bundled = own and any(
        posixpath.basename(path) == lack.name and near and path.startswith(near) for path in pair.after.files.elves
    )
    ours = lack.path in pair.kept and lack.code in ("B2", "B13")
    return Finding(
        CHECK,
        lack.code,
        Weight.NOTE if bundled else Weight.BROKEN,
        lack.path,
        lack.message,
        lack.name,
        None,
        pair.causes.path(lack.path) if ours else pair.causes.base,
        lack.hint,
    )


def _package(path: str) -> str | None:
    found = re.match(r".*/(?:site-packages|dist-packages|node_modules)/", path)
    return found[0] if found is not None else None


def _loaded_by_name(pair: Pair, before: Linker, after: Linker) -> Iterator[Finding]:
    """Libraries that a source opens by name while it runs."""
    told: set[str] = set()
    for path, text in _sources(pair.after, pair):
        names = set(_LOADED.findall(text)) | {f"lib{name}.so" for name in _BY_NAME.findall(text)}
        for name in sorted(names - told):
            if _opens(name, before) and not _opens(name, after):
                told.add(name)
                yield Finding(
                    CHECK,
                    "B4",
                    Weight.BROKEN,
                    name,
                    f"{path} loads it by name, and the image does not have it",
                    "there",
                    None,
                    pair.causes.base,
                    "install its package in the final stage",
                )


def _opens(name: str, loader: Linker) -> bool:
    """Whether a library of this name, or of this name with a version behind it, is in the library path."""
    probe = next(iter(loader.files.elves.values()), None)
    if probe is None:
        return False
    user = Elf(probe.machine, probe.bits, True)
    if loader.library(name, user, "/") is not None:
        return True
    return any(other.startswith(f"{name}.") for other in loader.cache)


def _sources(image: Image, pair: Pair) -> Iterator[tuple[str, str]]:
    for path in pair.kept:
        if path in image.files.texts and path.endswith((".py", ".js", ".mjs", ".cjs", ".rb", ".php", ".conf")):
            yield path, image.files.texts[path].decode("utf-8", "replace")
