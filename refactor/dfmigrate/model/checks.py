"""Commands that only look, in the few forms in which a build guard is written."""

from __future__ import annotations

import re

from dfmigrate_grammar import Instruction

PATH = r"/[\w./+@-]+"
_READS = re.compile(
    rf"test -x {PATH}|command -v [\w.+-]+ >/dev/null|! ldd {PATH} 2>&1 \| grep -q -e 'not found' -e 'Error loading'"
    r"|php -m \| grep -qix '\w+'"
    r'|python3? -B -c "import [\w.]+(?:, [\w.]+)*"'
    r"""|node -e "(?:require\.resolve\('[\w@./-]+'\)(?:; )?)+\""""
    "",
    re.ASCII,
)


def is_guard(instruction: Instruction) -> bool:
    """Whether a RUN does nothing but look, in one of the ways that are known here."""
    if instruction.name != "RUN" or instruction.flags or instruction.bodies or instruction.json is not None:
        return False
    commands = " ".join(instruction.arguments.split()).split(" && ")
    return all(only_looks(command) for command in commands)


def only_looks(command: str) -> bool:
    """Whether one command of a shell is a check that writes nothing and whose outcome is its exit status."""
    return _READS.fullmatch(command) is not None
