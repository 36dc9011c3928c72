from __future__ import annotations

# The three kinds of white space that BuildKit's Go code tells apart. Python's own `str.strip()` would also remove
# U+001C to U+001F, which Go keeps.

SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Go's `unicode.IsSpace`: what is trimmed at both ends of a line and between quoted words."""

INLINE = SPACE.replace("\n", "")
"""The same within one line."""

SEPARATORS = "\t\v\f\r "
"""What ends a keyword and separates the words of a plain list."""

BYTES = "\t\n\v\f\r \x85\xa0"
"""What ends a flag and a health check's type: BuildKit looks at each byte, so the last two also count inside another
character."""
