"""Which parts of an image are the system's, and which belong to an application."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.model import is_within

_SYSTEM = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/media", "/mnt", "/proc", "/run"),
    *("/sbin", "/sys", "/tmp", "/usr", "/var"),
)
_OURS = ("/usr/local", "/usr/src", "/usr/share/nginx/html", "/usr/app", "/var/www", "/var/app", "/var/task")
"""Where applications are put all the same."""
_VOLATILE = (
    *("/dev", "/proc", "/run", "/sys", "/tmp", "/var/cache", "/var/log", "/var/tmp", "/var/lib/apt", "/var/lib/dpkg"),
    *("/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc/mtab", "/etc/ld.so.cache", "/etc/.pwd.lock"),
    *("/lib/apk", "/etc/apk", "/root/.cache", "/root/.npm", "/var/lib/systemd", "/var/lib/pam", "/etc/alternatives"),
    *("/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-"),
)
"""What engines, package managers and caches write; nothing of an application."""
_TOOLCHAINS = re.compile(
    r"/usr/local/(go|include|share|rustup|cargo|lib/(node_modules|ruby|php|python[\d.]+(?!/site-packages)))/|/opt/(yarn|java)"
)
_LIBRARY_FOLDERS = ("/node_modules/", "/site-packages/", "/dist-packages/", "/vendor/bundle/", "/gems/")
_DATABASES = frozenset(
    {
        *("/etc/passwd", "/etc/group", "/etc/os-release", "/usr/lib/os-release", "/etc/ld.so.conf", "/etc/ld.so.cache"),
        *("/var/lib/dpkg/status", "/lib/apk/db/installed", "/usr/lib/apk/db/installed"),
    }
)


def is_system(path: str) -> bool:
    """True for what belongs to the distribution, whoever put it there."""
    return any(is_within(path, folder) for folder in _SYSTEM) and not any(is_within(path, folder) for folder in _OURS)


def is_volatile(path: str) -> bool:
    if "/__pycache__/" in path or path.endswith((".pyc", "/__pycache__")):
        return True
    return any(is_within(path, folder) for folder in _VOLATILE)


def is_toolchain(path: str) -> bool:
    """In a folder below which the images of a language put it."""
    return _TOOLCHAINS.match(path + "/") is not None


def is_library(path: str) -> bool:
    """Inside a folder that a package manager of a language fills."""
    return any(folder in path for folder in _LIBRARY_FOLDERS)


def library_folder(path: str) -> str | None:
    """The outermost folder of packages that a path lies in."""
    found = [(path.find(folder), folder) for folder in _LIBRARY_FOLDERS if folder in path]
    return path[: min(found)[0]] + min(found)[1].rstrip("/") if found else None


def is_kept_text(path: str) -> bool:
    """Whether a check may read the content: data bases, manifests, and all of an application but its libraries."""
    if path in _DATABASES or path.startswith(("/etc/ld.so.conf.d/", "/etc/ld-musl-")):
        return True
    if path.startswith("/var/lib/dpkg/info/"):
        return path.endswith(".list")
    if is_library(path):
        return posixpath.basename(path) in ("package.json", "entry_points.txt")
    if path.startswith("/etc/"):
        return True
    return not is_system(path) and not is_toolchain(path) and not path.endswith((".map", ".min.js", ".min.css"))
