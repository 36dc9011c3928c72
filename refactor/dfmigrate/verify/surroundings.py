"""What a system gives to every program: certificate authorities, time zones and locales."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.verify.filesystem import ImageFiles
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.pair import Image, Pair

CHECK = "surroundings"
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/usr/local/share/ca-certificates",
)
_BUILT_IN = re.compile(r"^(C|POSIX)?$|^C\.utf-?8$", re.I)


def surroundings(pair: Pair) -> Iterator[Finding]:
    yield from _certificates(pair)
    yield from _time_zone(pair)
    yield from _locale(pair)


def _certificates(pair: Pair) -> Iterator[Finding]:
    was = next((path for path in _BUNDLES if _filled(path, pair.before.files)), None)
    if was is None or any(_filled(path, pair.after.files) for path in _BUNDLES):
        return
    who = _says_https(pair)
    text = "there are no certificate authorities"
    yield Finding(
        CHECK,
        "C15",
        Weight.BROKEN if who is not None else Weight.NOTE,
        was,
        f"{text}, and {who} speaks HTTPS" if who is not None else text,
        was,
        None,
        pair.causes.base,
        "install ca-certificates in the final stage",
    )


def _says_https(pair: Pair) -> str | None:
    """A source of the application that names an address; those of a compiled program are in the original."""
    for image, files in ((pair.after, pair.kept), (pair.before, pair.ours)):
        for path in files:
            text = image.files.texts.get(path, b"")
            source = path.endswith((".py", ".go", ".rs", ".c", ".cc", ".cpp", ".rb", ".php", ".js", ".ts", ".sh"))
            if source and b"https://" in text and (image is pair.after or pair.after.files.get(path) is None):
                return path
    return None


def _time_zone(pair: Pair) -> Iterator[Finding]:
    zone = pair.after.config.environment.get("TZ", "").lstrip(":")
    path = f"/usr/share/zoneinfo/{zone}"
    if "/" not in zone or zone.startswith("/"):
        return
    if pair.before.files.resolve(path).file is not None and pair.after.files.resolve(path).file is None:
        yield Finding(
            CHECK, "C16", Weight.BROKEN, zone, "TZ names a time zone that the image has no data of", path, None,
            pair.causes.variable("TZ"), "install tzdata in the final stage",
        )  # fmt: skip


def _locale(pair: Pair) -> Iterator[Finding]:
    for name in ("LC_ALL", "LANG"):
        value = pair.after.config.environment.get(name, "")
        if _BUILT_IN.match(value):
            continue
        if _has_locale(value, pair.before) and not _has_locale(value, pair.after):
            yield Finding(
                CHECK, "C17", Weight.BROKEN, name, f"{name} names a locale that the image does not have", value, value,
                pair.causes.variable(name), "run locale-gen in the final stage",
            )  # fmt: skip


def _has_locale(value: str, image: Image) -> bool:
    """A folder of its own, or the archive that holds all; which ones the archive holds is not read."""
    plain = value.partition("@")[0].replace("UTF-8", "utf8").replace("utf-8", "utf8")
    names = {name.lower() for name in image.files.names("/usr/lib/locale")}
    return plain.lower() in names or "locale-archive" in names


def _filled(path: str, files: ImageFiles) -> bool:
    file = files.resolve(path).file
    return file is not None and file.size > 0
