from __future__ import annotations


class BadCsv(ValueError):
    """A comma-separated value is not well formed; the message is Go's."""


def csv_fields(text: str) -> list[str]:
    """Cut the value of `--mount` or `--device` at commas; a field in double quotes may hold commas itself."""
    if not text:
        raise BadCsv("EOF")
    fields: list[str] = []
    position = 0
    while True:
        quoted = text.startswith('"', position)
        field, position = _quoted(text, position + 1) if quoted else _bare(text, position)
        fields.append(field)
        if position > len(text):
            return fields


def _bare(text: str, start: int) -> tuple[str, int]:
    """Read a field and return it with the start of the next one, which is past the end after the last."""
    comma = text.find(",", start)
    end = len(text) if comma < 0 else comma
    quote = text.find('"', start, end)
    if quote >= 0:
        raise _bad(text, quote, 'bare " in non-quoted-field')
    return text[start:end], end + 1


def _quoted(text: str, start: int) -> tuple[str, int]:
    """The same for a field whose opening quote stands before `start`; two quotes in it are one."""
    field: list[str] = []
    while True:
        quote = text.find('"', start)
        if quote < 0:
            raise _bad(text, start, 'extraneous or missing " in quoted-field')
        field.append(text[start:quote])
        start = quote + 2
        following = text[quote + 1 : start]
        if following in ("", ","):
            return "".join(field), start
        if following != '"':
            raise _bad(text, quote, 'extraneous or missing " in quoted-field')
        field.append('"')


def _bad(text: str, at: int, why: str) -> BadCsv:
    column = len(text[:at].encode("utf-8", "surrogateescape")) + 1
    return BadCsv(f"parse error on line 1, column {column}: {why}")
