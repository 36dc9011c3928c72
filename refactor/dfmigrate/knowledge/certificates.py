"""Whether an image brings the bundle of certificate authorities that TLS clients read."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian, Ubuntu and Alpine keep it; Go, curl and OpenSSL look there."""


def has_certificates(facts: ImageFacts) -> bool:
    """True only where it is known.

    Debian's images bring none; every image that builds on buildpack-deps:curl installs ca-certificates with curl
    (docker-library/buildpack-deps:debian/bookworm/curl/Dockerfile). Alpine's base has
    ca-certificates-bundle, and all of distroless has ca-certificates.
    """
    if facts.distribution == "alpine" or facts.family == "distroless":
        return True
    return facts.distribution in ("debian", "ubuntu") and "curl" in facts.tools
