"""``python -m dfmigrate`` and the ``dfmigrate`` program."""

from __future__ import annotations

import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        # What a terminal cannot show is escaped; a review must not fail for one character.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        from dfmigrate.cli import app

        app(prog_name="dfmigrate")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
