"""What the application asks of its Java is in the JRE, where it had a JDK before."""

from __future__ import annotations

import re

from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.java import has_jdk, major
from dfmigrate.knowledge.java_packages import brings_default_java, default_java, is_jdk_package
from dfmigrate.migration import Proved
from dfmigrate.model import StageModel
from dfmigrate.model.called import languages
from dfmigrate.model.java import asks_for_display, asks_for_jdk, java_libraries

from .case import Answers, Case, Open

_HINT = "keep the JDK"
_VERSION = re.compile(r"openjdk-(\d+)-")


def check(case: Case) -> Answers:
    """Only where the JDK stays behind: modules, libraries that compile, and what a headless JRE lacks."""
    if not case.split or not _has_jdk(case.old) or _has_jdk(case.new):
        return
    if not _runs_java(case):
        yield Open("java", "B9", "what the JDK is there for is not known", _HINT, case.old.line)
        return
    if _lacks_manuals(case):
        message = f"{case.new.reference} lacks /usr/share/man/man1, without which a JRE's package cannot be installed"
        yield Open("java", "B9", message, "keep the image that is not slim", case.old.line)
        return
    version = major(case.old.base.version if case.old.base is not None else None)
    why = asks_for_jdk(case.before, version)
    if why is not None:
        yield Open("java", "B9", why, _HINT, case.old.line)
        return
    compiling = _compiling(case)
    if compiling is not None:
        yield Open("java", "B9", f"{compiling} needs the tools of a JDK when it runs", _HINT, case.old.line)
        return
    if _another_starts(case):
        message = "a package that is left behind brings the distribution's own Java, which may be the one that starts"
        yield Open("java", "B7", message, "install the Java that is to run by its version", case.old.line)
        return
    if _is_headless(case.new) and not _is_headless(case.old):
        display = asks_for_display(case.before) or _drawing(case)
        if display is not None:
            message = f"{display}, which a headless JRE leaves out"
            yield Open("java", "B9", message, "take a JRE that is not headless", case.old.line)
            return
    yield Proved("java", ("B9",), "no source and no library asks for what only a JDK has")


def _lacks_manuals(case: Case) -> bool:
    """Debian's JRE makes links into a folder that the slim images left out."""
    old, new = case.old.base, case.new.base
    if old is None or new is None or "slim" not in new.variant.split("-") or "slim" in old.variant.split("-"):
        return False
    return any("-jre" in package for package in case.new.packages)


def _runs_java(case: Case) -> bool:
    return "java" in languages(case.before)


def _has_jdk(stage: StageModel) -> bool:
    return has_jdk(stage.base) or any(is_jdk_package(package) for package in stage.packages)


def _is_headless(stage: StageModel) -> bool:
    return (stage.base is not None and "headless" in stage.base.variant.split("-")) or any(
        package.endswith(("-jre-headless", "-jdk-headless")) for package in stage.packages
    )


def _another_starts(case: Case) -> bool:
    """Of several installed versions the newest starts; Maven and its like bring the default one."""
    left = set(case.old.packages) - set(case.new.packages)
    kept = [found for package in case.new.packages if (found := _VERSION.match(package)) is not None]
    if not any(brings_default_java(package) for package in left) or not kept:
        return False
    base = case.old.base
    if base is None or base.distribution not in ("debian", "ubuntu"):
        return False
    usual = default_java(base.distribution, base.release)
    return usual is None or max(int(found[1]) for found in kept) < usual


def _compiling(case: Case) -> str | None:
    for name in sorted(java_libraries(case.context)) if case.context is not None else ():
        facts = dependency("maven", name)
        if facts is not None and facts.compiles_at_runtime:
            return name
    return None


def _drawing(case: Case) -> str | None:
    """A library that draws; the packages that it wants say so."""
    for name in sorted(java_libraries(case.context)) if case.context is not None else ():
        facts = dependency("maven", name)
        if facts is not None and (facts.unresolved or facts.packages):
            return f"{name} draws text or images"
    return None
