from __future__ import annotations

from .lexer import read_directive


def detect_frontend(text: str) -> str | None:
    """Return the frontend image that a file asks for: `# syntax=`, `// syntax=`, or a JSON object with `syntax`."""
    if text.startswith("#!"):
        text = text.partition("\n")[2]
    for mark in ("#", "//"):
        value = _directive(text, mark)
        if value is not None:
            return value.partition(" ")[0]
    return _from_json(text)


def _directive(text: str, mark: str) -> str | None:
    seen: set[str] = set()
    for line in text.split("\n"):
        if not line.startswith(mark):
            return None
        pair = read_directive("#" + line[len(mark) :])
        if pair is None or pair[0] in seen:
            return None
        if pair[0] == "syntax":
            return pair[1]
        seen.add(pair[0])
    return None


def _from_json(text: str) -> str | None:
    if not text.lstrip().startswith("{"):
        return None
    import json

    try:
        value = json.loads(text).get("syntax")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, str) else None
