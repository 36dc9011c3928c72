"""What EXPOSE means: a range of ports of one protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_PROTOCOLS = frozenset({"tcp", "udp", "sctp"})
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_LARGEST = 65535


def normal_port(word: str) -> str | None:
    """``8080`` as ``8080/tcp``, ``53-55/UDP`` as ``53-55/udp``; None for what the builder refuses.

    An address and a port of the host in front of it are dropped, as the builder drops them.
    """
    port, _, protocol = word.rpartition(":")[2].partition("/")
    protocol = protocol.lower() or "tcp"
    if protocol not in _PROTOCOLS:
        return None
    first, dash, last = port.partition("-")
    start, end = _number(first), _number(last if dash else first)
    if start is None or end is None or end < start:
        return None
    return f"{start}/{protocol}" if start == end else f"{start}-{end}/{protocol}"


def single_ports(ports: Iterable[str]) -> Iterator[str]:
    """Every port of normal ranges once, as ``8080/tcp``: by protocol, then by number; what is not normal comes last."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    others: list[str] = []
    for text in ports:
        port, _, protocol = text.partition("/")
        first, dash, last = port.partition("-")
        if protocol in _PROTOCOLS and first.isdecimal() and (not dash or last.isdecimal()):
            ranges.setdefault(protocol, []).append((int(first), int(last if dash else first)))
        else:
            others.append(text)
    for protocol, found in sorted(ranges.items()):
        after = 0
        for first_number, last_number in sorted(found):
            for number in range(max(first_number, after), last_number + 1):
                yield f"{number}/{protocol}"
            after = max(after, last_number + 1)
    yield from others


def _number(text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if number <= _LARGEST else None
