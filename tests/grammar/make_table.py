"""Write the parser table that Lark makes of dockerfile.lark.

python tests/grammar/make_table.py > grammar/dfmigrate_grammar/table.py
"""

from __future__ import annotations

import sys
from textwrap import fill
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from dfmigrate_grammar.parse import build_parser

_HEAD = """# Made by Lark from dockerfile.lark, so that a parse need not read the grammar first. States, symbols and
# rules are numbers here: it is not for reading. tests/grammar/make_table.py writes it anew.

from __future__ import annotations

from typing import Any

LARK_VERSION = "{version}"

# fmt: off
TABLE: dict[str, Any] = (
{table}
)
"""


def table_text() -> str:
    """Return the text of table.py, the same on every run."""
    data, memo = build_parser().memo_serialize([TerminalDef, Rule])
    data["options"] |= {"lexer": None, "transformer": None}
    data["parser"]["lexer_conf"]["lexer_type"] = None
    rules = _by_content(memo)
    data["rules"] = sorted(({"@": rules[rule["@"]]} for rule in data["rules"]), key=lambda rule: rule["@"])
    data["parser"]["parser"] = _renumbered(data["parser"]["parser"], rules)
    table = {"data": data, "memo": {rules[number]: rule for number, rule in memo.items()}}
    text = fill(repr(_plain(table)), 118, break_long_words=False, break_on_hyphens=False)
    return _HEAD.format(version=lark.__version__, table=text)


def _by_content(memo: dict[int, Any]) -> dict[int, int]:
    """Number the rules by what they say, as Lark's order depends on the hashes of strings."""
    ordered = sorted(memo, key=lambda number: repr(_plain(memo[number])))
    return {number: place for place, number in enumerate(ordered)}


def _renumbered(parser: dict[str, Any], rules: dict[int, int]) -> dict[str, Any]:
    """Number the symbols by name, and the states in the order in which the start state reaches them."""
    names = sorted(str(name) for name in parser["tokens"].values())
    symbols = {old: names.index(str(name)) for old, name in parser["tokens"].items()}
    rows = {
        state: {symbols[old]: action for old, action in sorted(row.items(), key=lambda item: symbols[item[0]])}
        for state, row in parser["states"].items()
    }
    order = list(parser["start_states"].values())
    for state in order:
        order += [target for kind, target in rows[state].values() if kind == 0 and target not in order]
    states = {old: new for new, old in enumerate(dict.fromkeys(order))}
    return {
        "tokens": dict(enumerate(names)),
        "states": {
            new: {
                symbol: (kind, states[target] if kind == 0 else {"@": rules[target["@"]]})
                for symbol, (kind, target) in rows[old].items()
            }
            for old, new in states.items()
        },
        "start_states": {name: states[old] for name, old in parser["start_states"].items()},
        "end_states": {name: states[old] for name, old in parser["end_states"].items()},
    }


def _plain(value: Any) -> Any:
    """Replace Lark's tokens, which are strings with a position, by plain strings."""
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_plain(item) for item in value)
    return str(value) if isinstance(value, str) else value


if __name__ == "__main__":
    sys.stdout.write(table_text())
