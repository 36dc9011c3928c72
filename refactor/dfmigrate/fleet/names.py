"""Which files are Dockerfiles, judged by their names."""

from __future__ import annotations

import re

_DOCKERFILE = re.compile(
    r"dockerfile|(?:Dockerfile|Containerfile)(?:[._-].+)?|.+\.(?:Dockerfile|dockerfile|Containerfile)"
)
# Programs about Dockerfiles, notes, and what editors, patch(1) and merge tools leave behind.
_OTHER = re.compile(
    r".*(?:~|\.(?:dockerignore|containerignore|md|rst|html|json|ya?ml|toml|lock|py|js|ts|go|rs|rb|java|sh|ps1"
    r"|orig|rej|bak|swp|patch|diff|golden|snap))",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r".*\.(?:j2|jinja2?|template|tmpl|tpl|erb|mustache|in)", re.IGNORECASE)


def is_dockerfile_name(name: str) -> bool:
    """Whether a file of this name, found in a folder, is taken for a Dockerfile."""
    return _DOCKERFILE.fullmatch(name) is not None and _OTHER.fullmatch(name) is None


def is_template_name(name: str) -> bool:
    """Whether the name says that another program makes the Dockerfile from this file."""
    return _TEMPLATE.fullmatch(name) is not None
