"""A program that speaks TLS by the image's certificate authorities finds them in the runtime."""

from __future__ import annotations

from dfmigrate.knowledge.certificates import bundle, has_certificates
from dfmigrate.migration import Proved
from dfmigrate.model.certificates import reads_bundle

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split moves to an image that may lack them."""
    if not case.split or not reads_bundle(case.starting):
        return
    base = case.new.base
    brought = base is not None and has_certificates(base)
    if brought or "ca-certificates" in case.new.packages or case.new.files.candidates(bundle()):
        yield Proved("certificates", ("C15",), "the runtime has the certificate authorities that TLS asks for")
        return
    message = "a program that speaks TLS would find no certificate authorities in the runtime"
    yield Open("certificates", "C15", message, "install ca-certificates by name", case.old.line)
