from __future__ import annotations


class ExpansionError(ValueError):
    """BuildKit cannot expand the variables of a word; the message is its own."""
