"""A verification as JSON. Names are only ever added; ``schema_version`` counts what would break a reader."""

from __future__ import annotations

import json
from typing import Any

from dfmigrate.verify.behaviour import Behaviour
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.verification import Learned, Rebuild, Side, Verification

SCHEMA_VERSION = 1


def as_json(answer: Verification) -> str:
    """One object, ending with a line feed; keys stay in this order."""
    return json.dumps(_document(answer), indent=2, ensure_ascii=True) + "\n"


def _document(answer: Verification) -> dict[str, Any]:
    counts = {weight.value: sum(each.weight is weight for each in answer.findings) for weight in Weight}
    return {
        "schema_version": SCHEMA_VERSION,
        "path": answer.path,
        "verdict": answer.verdict.name.lower(),
        "exit_code": int(answer.verdict),
        "engine": answer.engine,
        "original_fails": answer.original_fails,
        "counts": counts,
        "findings": [_finding(finding) for finding in answer.findings],
        "before": _side(answer.before),
        "after": _side(answer.after),
        "limits": list(answer.limits),
        "learned": None if answer.learned is None else _learned(answer.learned),
    }


def _learned(learned: Learned) -> dict[str, Any]:
    return {
        "answers": {name: list(values) for name, values in learned.answers},
        "evidence": list(learned.evidence),
        "refusals": list(learned.refusals),
        "file": learned.file,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "code": finding.code,
        "weight": finding.weight.value,
        "subject": finding.subject,
        "message": finding.message,
        "before": finding.before,
        "after": finding.after,
        "line": finding.line,
        "hint": finding.hint,
    }


def _side(side: Side) -> dict[str, Any]:
    image = side.image
    failure = side.failure
    return {
        "image": None if image is None else {"id": image.id, "size": image.size, "layers": len(image.layers)},
        "build_seconds": round(side.seconds, 1),
        "parts": [{"name": part.name, "bytes": part.bytes, "files": part.files} for part in side.parts],
        "failure": None if failure is None else {"reason": failure.reason, "line": failure.line, "step": failure.step},
        "behaviour": None if side.behaviour is None else _behaviour(side.behaviour),
        "rebuild": None if side.rebuild is None else _rebuild(side.rebuild),
    }


def _behaviour(seen: Behaviour) -> dict[str, Any]:
    smoke = seen.smoke
    return {
        "refusal": seen.refusal,
        "exit": seen.exit,
        "ports": None if seen.ports is None else sorted(seen.ports),
        "users": None if seen.users is None else sorted(seen.users),
        "answers": [{"path": each.path, "status": each.status, "content_type": each.kind} for each in seen.answers],
        "smoke": None if smoke is None else {"exit": smoke.exit},
        "healthy": seen.healthy,
        "complaints": [{"class": name, "line": line} for name, line in seen.complaints],
    }


def _rebuild(done: Rebuild) -> dict[str, Any]:
    steps = [{"stage": step.stage, "text": step.text, "line": step.line} for step in done.repeated]
    return {"file": done.file, "seconds": round(done.seconds, 1), "repeated": steps}
