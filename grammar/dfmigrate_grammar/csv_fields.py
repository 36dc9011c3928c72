from __future__ import annotations


class BadCsv(ValueError):
    """A quoted field of a comma-separated value is not well formed."""


def csv_fields(text: str) -> list[str]:
    """Cut the value of `--mount` or `--device` at commas; a field in double quotes may hold commas itself."""
    fields: list[str] = []
    rest = text
    while True:
        if not rest.startswith('"'):
            field, comma, rest = rest.partition(",")
            if '"' in field:
                raise BadCsv('bare " in non-quoted-field')
            fields.append(field)
            if not comma:
                return fields
            continue
        field, rest, more = _quoted(rest[1:])
        fields.append(field)
        if not more:
            return fields


def _quoted(text: str) -> tuple[str, str, bool]:
    """Read a field up to its closing quote: its text, what follows, and whether another field follows."""
    field: list[str] = []
    position = 0
    while True:
        quote = text.find('"', position)
        if quote < 0:
            raise BadCsv('extraneous or missing " in quoted-field')
        field.append(text[position:quote])
        following = text[quote + 1 : quote + 2]
        if following == '"':
            field.append('"')
            position = quote + 2
        elif following in ("", ","):
            return "".join(field), text[quote + 2 :], following == ","
        else:
            raise BadCsv('extraneous or missing " in quoted-field')
