from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfmigrate_grammar import shell
from dfmigrate_grammar.shell import Placed, Script, Simple, Word, parse_script

_COMPARE = Path(__file__).parents[1] / "corpus" / "compare_shell.py"


def _read(text: str) -> Script:
    script = parse_script(text)
    assert script.opaque is None
    return script


def _only(text: str) -> Simple:
    (placed,) = _read(text).commands
    return placed.simple


def _called(script: Script, test: str) -> list[str | None]:
    """Return the first words of the commands of which this is so."""
    return [placed.name for placed in script.commands if getattr(placed, test)]


def _texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("apt-get install -y curl", ("apt-get", "install", "-y", "curl")),
        ("echo 'a b' \"c d\" e\\ f", ("echo", "a b", "c d", "e f")),
        ("echo a'b'\"c\"\\d ''", ("echo", "abcd", "")),
        ('echo "\\$x \\" \\\\ \\` \\n"', ("echo", '$x " \\ ` \\n')),
        ('echo "$" $ 5$', ("echo", "$", "$", "5$")),
        ("[ -f a ]", ("[", "-f", "a", "]")),
        ("find . -exec rm {} +", ("find", ".", "-exec", "rm", "{}", "+")),
        ("pip install a[b", ("pip", "install", "a[b")),
        ("pip install 'a[b]' \"c*\" \\*", ("pip", "install", "a[b]", "c*", "*")),
        ("echo a~ --x=a~b HEAD~1", ("echo", "a~", "--x=a~b", "HEAD~1")),
        ("echo a#b a! { }", ("echo", "a#b", "a!", "{", "}")),
        ("echo '{a,b}' \\{a,b}", ("echo", "{a,b}", "{a,b}")),
        ("echo a \\\n  b\\\nc d\\\n", ("echo", "a", "bc", "d")),
        ("echo a # b && c", ("echo", "a")),
        ("echo caf\u00e9 a\rb", ("echo", "caf\u00e9", "a\rb")),
        ("echo if then done", ("echo", "if", "then", "done")),
        ("echo 2 2a >x", ("echo", "2", "2a")),
    ],
)
def test_quotes_are_taken_off(text: str, argv: tuple[str, ...]) -> None:
    assert _only(text).argv == argv


@pytest.mark.parametrize(
    "word",
    [
        *("$x", "a$x", '"$x"', "${x}", '"a${x}b"', "$1", "$@", "$((1 + 2))", "$(a)", "`a`", '"$(a)"', '"`a`"'),
        *("*", "a?", "[ab]", "a[b]c", "{a,b}", "x{1..3}y", "~", "~/a", "~root/a", "A=~/a", "a:~/b"),
        *("$'a'", '$"a"', "<(a)", "a=(b)"),
    ],
)
def test_what_only_the_shell_knows_has_no_value(word: str) -> None:
    command = _read(f"export {word}").commands[0].simple
    assert _texts(command.words) == ["export", word]
    assert command.words[1].literal is None


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("$a$b", ("a", "b")),
        ('"${a}-$b"', ("a", "b")),
        ("'$a'\\$b", ()),
        ("${a:-$b}", ("a", "b")),
        ('${a:+"${b}"}', ("a", "b")),
        ("$((a + ${b} * 0x1f))", ("a", "b")),
        ("$@$#$?", ("@", "#", "?")),
        ("${#a}${!b}", ("a", "b")),
        ("$(echo $a)", ()),
    ],
)
def test_variables_of_a_word(word: str, names: tuple[str, ...]) -> None:
    assert _read(f"echo {word}").commands[0].simple.words[1].variables == names


def test_the_pieces_of_a_parameter() -> None:
    (part,) = _only('curl "${URL:-https://x/$V}"').words[1].parts
    assert isinstance(part, shell.Parameter)
    assert (part.name, part.prefix, part.operation) == ("URL", "", ":-https://x/$V")
    (inner,) = part.parts
    assert isinstance(inner, shell.Parameter)
    assert inner.name == "V"


def test_assignments_stand_before_the_words() -> None:
    command = _only('A=1 B="x y" C= D+=2 make E=3')
    assert [(one.name, one.operator, one.value.literal) for one in command.assignments] == [
        ("A", "=", "1"),
        ("B", "=", "x y"),
        ("C", "=", ""),
        ("D", "+=", "2"),
    ]
    assert command.argv == ("make", "E=3")


def test_an_array_is_one_value() -> None:
    command = _only("a=(1 '2 3' \n 4) b[1]=5 c[$i]=6 d[${#a[@]}]=7")
    (array,) = command.assignments[0].value.parts
    assert isinstance(array, shell.Array)
    assert [word.literal for word in array.words] == ["1", "2 3", "4"]
    assert [one.subscript.text for one in command.assignments if one.subscript] == ["1", "$i", "${#a[@]}"]


@pytest.mark.parametrize(
    ("text", "redirects"),
    [
        ("a >b", [(None, ">", "b")]),
        ("a 2>&1 >> b", [("2", ">&", "1"), (None, ">>", "b")]),
        ("a 2>&1>b", [("2", ">&", "1"), (None, ">", "b")]),
        ("a &>b <c", [(None, "&>", "b"), (None, "<", "c")]),
        ("a {fd}>b >|c <>d >&-", [("{fd}", ">", "b"), (None, ">|", "c"), (None, "<>", "d"), (None, ">&", "-")]),
        ('a <<<"b c"', [(None, "<<<", "b c")]),
        ("> b", [(None, ">", "b")]),
    ],
)
def test_redirections(text: str, redirects: list[tuple[str | None, str, str]]) -> None:
    assert [(one.fd, one.operator, one.target.literal) for one in _only(text).redirects] == redirects


@pytest.mark.parametrize(
    ("text", "body", "expands"),
    [
        ("cat <<E >x\na $b\nE\n", "a $b\n", True),
        ("cat <<'E' >x\na $b\nE\n", "a $b\n", False),
        ("cat <<\\E >x\nE\n", "", False),
        ("cat <<-E >x\n\ta\n\tE\n", "\ta\n", True),
        ("cat <<E >x\n E\nE", " E\n", True),
        ("cat <<E \\\n >x\na\\\nE\nE\n", "a\\\nE\n", True),
    ],
)
def test_a_heredoc_is_found_after_its_line(text: str, body: str, expands: bool) -> None:
    heredoc = _only(text).redirects[0].heredoc
    assert heredoc is not None
    assert (heredoc.text, heredoc.expands) == (body, expands)
    assert text[slice(*heredoc.span)] == body


def test_commands_go_on_behind_a_heredoc() -> None:
    script = _read("cat <<A <<'B' | grep x && b\n$(in_a) \"'\nA\n$(not)\nB\nc")
    assert [placed.name for placed in script.commands] == ["cat", "grep", "b", "in_a", "c"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("if a; then b; elif c; then d; else e; fi", "abcde"),
        ("for x in $(a) b; do c; done; for y; do d; done\nfor z\ndo e; done", "acde"),
        ("for ((i=0; i<$(a); i++)); do b; done", "ab"),
        ("while a; do b; done; until c\ndo d\ndone <x", "abcd"),
        ("case $(a) in b|$(c)) d;; (*) e; f;; esac", "acdef"),
        ("case a in\nb) c\n;;\nesac && d", "cd"),
        ("f() { a; }; g() (b); function h { c; } >x; function i() { d; }", "abcd"),
        ("{ a; b; } && (c; d) | { e; }", "abcde"),
        ("[[ -n $(a) && x =~ ^(b c)+$ ]] && d", "ad"),
        ("(( x + $(a) )) || ! b", "ab"),
        ("((a) || b); $((c) | d)", "ab\0cd"),
        ("a&b;c|d|&e&&f||g\nh", "abcdefgh"),
        ('a $(b $(c) `d`) "$(e)" ${x:-$(f)} $(( $(g) )) <(h)', "abcdefgh"),
        ("a `b 'c' | d # e` f", "abd"),
        ("# a\n\n  # b\na # c\n#d", "a"),
        ("", ""),
        (" \t# a", ""),
        ("time -p a | b; ! c", "abc"),
    ],
)
def test_every_command_is_found(text: str, names: str) -> None:
    assert "".join(placed.name or "\0" for placed in _read(text).commands) == names


@pytest.mark.parametrize(
    "text",
    [
        *("a && ", "&& a", "a ;; b", "a | | b", "a; ; b", "| a", "a )", "( a", "()", "{ a", "{ }", "a }; }", ")"),
        *("if a; then b", "if a; then fi", "fi", "for x in a b do c; done", "while a; done", "case a in b) c", "do"),
        *("'a", '"a', "`a", "$(a", "${a", "${a b}", "${}", "$((1", "$((1)", "a \\", "a >", "a > && b", "a=(b"),
        *("cat <<E", "cat <<E\na\n", "cat <<E 'a\nb'\nE\n", "cat <<$E\n$E\n", "$(cat <<E)\nE\n"),
        *("f() a", "f( a", "a b()", "ls !(a)", "case a in @(b|c)) d;; esac", "coproc a", "]] a", "$[1 + 2]"),
        *("((find . -type f | xargs rm))", "[[ a b ]]", "[[ ]]", "[[ a && ]]", "[[ a"),
        *("echo $a\\\nb", "$\\\nx", "$(\\\n(1))", "i\\\nf a", "a 2\\\n>b", '"${a:-\'}"', "a\0b"),
    ],
)
def test_what_is_not_certain_is_opaque(text: str) -> None:
    script = parse_script(text)
    assert script.opaque
    assert script.body is None
    assert script.commands == ()
    assert script.chain is None


@pytest.mark.parametrize("text", ["a `b \\$c` d", 'a "`b \\"c\\"`" d', "a `b \\`c\\`` d", "a `b #\\\nc` d"])
def test_backquotes_that_hold_backslashes_are_not_looked_into(text: str) -> None:
    script = _read(text)
    (part,) = script.commands[0].simple.words[1].parts
    assert isinstance(part, shell.Substitution)
    assert part.opaque
    assert len(script.commands) == 1


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("a && b  x &&\\\nc", [("a", "&&"), ("b  x", "&&"), ("c", "")]),
        ("set -e; a; b;", [("set -e", ";"), ("a", ";"), ("b", ";")]),
        ("a\n# x\nb # y\n\nc", [("a", "\n"), ("b", "\n"), ("c", "")]),
        ("a | b && (c; d) && { e; }", [("a | b", "&&"), ("(c; d)", "&&"), ("{ e; }", "")]),
        ("a", [("a", "")]),
        ("! a && if b; then c; fi", [("! a", "&&"), ("if b; then c; fi", "")]),
    ],
)
def test_a_chain_has_its_members_in_order(text: str, chain: list[tuple[str, str]]) -> None:
    links = _read(text).chain
    assert links is not None
    assert [(text[slice(*link.span)], link.operator) for link in links] == chain
    assert all(text[slice(*link.operator_span)] == link.operator for link in links)


@pytest.mark.parametrize("text", ["", "a || b", "a && b; c", "a && b || c", "a & b", "a && b &", "a; b || c"])
def test_what_is_not_a_plain_chain(text: str) -> None:
    assert _read(text).chain is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a && b; c", ""),
        ("a || b", "ab"),
        ("a || b && c; d && e", "abc"),
        ("a && b || c", "abc"),
        ("a || exit 1", ["exit"]),
        ("a && b || (echo no && exit 3) && c", ["echo", "exit"]),
        ("a || { exit 0; }", ["a", "exit"]),
        ("a || { test x && exit; exit 1; }", ["a", "test", "exit", "exit"]),
        ("! a", "a"),
        ("a & b", "a"),
        ("if a; then b; fi; c", "ab"),
        ("while a; do b; done; for x in $(c); do d; done", "abd"),
        ("case $(a) in b) c;; esac", "c"),
        ("f() { a; }; b", "a"),
        ("{ a && (b); } | c", ""),
    ],
)
def test_conditional_commands(text: str, names: str | list[str]) -> None:
    assert _called(_read(text), "conditional") == list(names)


def test_where_a_command_stands() -> None:
    script = _read("a && (b; c | d) && e $(f) && { g; } | h & i; { j; }")
    assert _called(script, "subshell") == list("abcdefgh")
    assert _called(script, "piped") == list("cdgh")
    assert _called(script, "substituted") == ["f"]
    assert _called(script, "guaranteed") == list("ij")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a && b && c", "abc"),
        ("a; b", "b"),
        ("a && b; c", "c"),
        ("a || b", ""),
        ("a || false", "a"),
        ("a | b", "b"),
        ("! a", ""),
        ("a &", ""),
        ("set -eux; a; b && c; d", ["set", "a", "d"]),
        ("set -o errexit\na\nb", ["set", "a", "b"]),
        ("set +e; a; b", "b"),
        ("set; a; b", "b"),
        ("a; (b && c)", "bc"),
        ("set -e; { a; b; }; c", ["set", "a", "b", "c"]),
        ("{ a; b; } && c", "bc"),
        ("exit 0 && a", ["exit"]),
        ("if a; then exit 0; fi; b", ""),
        ("set -e; a; if b; then exit 0; fi; c", ["set", "a"]),
        ("exec >log; a", "a"),
        ("trap 'exit 0' EXIT; a", ""),
        ("(exit 0); a", "a"),
    ],
)
def test_what_a_success_proves(text: str, names: str | list[str]) -> None:
    assert _called(_read(text), "proven") == list(names)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[ a ]]", "[["),
        ("((1))", "(("),
        ("a &>b", "&>"),
        ("a |& b", "|&"),
        ("a <<<b", "<<<"),
        ("a=(b)", "array"),
        ("a+=b", "assignment"),
        ("function f { a; }", "function"),
        ("a $'b'", "$'...'"),
        ("a <(b)", "process substitution"),
        ("a ${b//c/d}", "parameter expansion"),
        ("a ${b:1}", "parameter expansion"),
        ("time a", "time"),
    ],
)
def test_bashisms_are_told(text: str, what: str) -> None:
    assert [one.what for one in _read(text).bashisms] == [what]


@pytest.mark.parametrize("text", ["a ${b:-c} ${b##*/} ${#b} $((1 + 2)) `d`", "f() { a 2>&1 <<E; }\nE\n", "! a | b"])
def test_posix_scripts_have_none(text: str) -> None:
    assert _read(text).bashisms == ()


_PIECES = st.sampled_from(
    [
        *(
            "a",
            "b ",
            "set ",
            "-e ",
            "exit 1",
            " ",
            "\n",
            "\t",
            "x=",
            "1",
            "if ",
            "then ",
            "fi",
            "for x in ",
            "do ",
            "done",
            "while ",
            "case ",
        ),
        *(" in ", "esac", ";;", "&&", "||", "|", "&", ";", "(", ")", "((", "))", "{ ", "}", "[[ ", " ]]", "!", "$"),
        *("$(", "${", "${x:-", "$x", "`", "'", '"', "\\", "\\\n", "#", "<", ">", "<<E", "<<-'E'", "\nE\n", "2>&1", "*"),
        *("~", "[", "]", "=(", "+=", "f() ", "function ", "time ", "\u00e9", "\r", "&>", "<(", ",", "..", "=~ "),
    ]
)
_SCRIPTS = st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=30)
_COMMANDS = st.sampled_from(
    ["a", "b 'c d' \"$e\"", "x=1 y", "(a; b)", "{ a; }", "a | b", "! a", "f() { a; }", "if a; then b; fi", "a $(b) >c"]
)


@given(_SCRIPTS)
@settings(deadline=None, max_examples=1500)
def test_reading_never_fails_and_every_place_is_exact(text: str) -> None:
    script = parse_script(text)
    assert script.text == text
    places = [placed.span for placed in script.commands]
    assert places == sorted(places)
    if script.body:
        _check_places(script.body, text, (0, len(text)))
    for link in script.chain or ():
        assert text[slice(*link.operator_span)] == link.operator


def _check_places(node: Any, text: str, outer: tuple[int, int]) -> None:
    start, end = getattr(node, "span", outer)
    assert 0 <= start <= end <= len(text)
    if not isinstance(node, shell.Heredoc):
        assert outer[0] <= start and end <= outer[1]
    if isinstance(node, Word | shell.Heredoc):
        assert text[start:end] == node.text
    inside = (0, len(text)) if isinstance(node, shell.Heredoc) else (start, end)
    before = -1
    for child in _children(node):
        _check_places(child, text, inside)
        if not isinstance(node, shell.Redirect) and hasattr(child, "span") and type(child) is type(before):
            assert before.span[1] <= child.span[0]
        before = child


def _children(node: Any) -> Iterator[Any]:
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(one):
                yield one


@given(st.lists(_COMMANDS, min_size=1, max_size=6), st.sampled_from([" && ", "; ", "\n", " &&\\\n"]))
@settings(deadline=None)
def test_a_chain_is_read_as_it_was_put_together(commands: list[str], operator: str) -> None:
    text = operator.join(commands)
    links = _read(text).chain
    assert links is not None
    assert [text[slice(*link.span)] for link in links] == commands


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "(",
            "((",
            "$(",
            "$((",
            "${x:-",
            "`",
            '"',
            "'",
            "{ ",
            "if ",
            "case a in ",
            "while ",
            "[[ ",
            "f() ",
            "a[",
            "a=(",
        ),
        *("<<E ", "<<E\nE\n", "\\\n", "x\\\n", "a && ", "a;", "a|", "a\n", "! ", '"$(', "$((a)|", "((a);", "$x", "'a'"),
        *("[", "{,", "#", "\\", "time ", "a[x]=1 ", "`a` ", "a $(b) "),
    ],
)
def test_long_scripts_are_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    script = parse_script(piece * (100_000 // len(piece)))
    assert len(script.commands) <= 100_000
    assert time.process_time() - started < 10


def test_nesting_is_bounded_but_real_scripts_fit() -> None:
    assert parse_script("$(" * 15 + "a" + ")" * 15).opaque is None
    assert parse_script("( " * 50 + "a" + " )" * 50).opaque == "nested too deeply"


def test_a_placed_command_speaks_for_its_command() -> None:
    (placed,) = _read(" make install").commands
    assert placed == Placed(placed.simple, proven=True)
    assert (placed.name, placed.argv, placed.span) == ("make", ("make", "install"), (1, 13))


@pytest.mark.corpus
def test_the_corpus_is_read_as_shfmt_reads_it() -> None:
    if "DFMIGRATE_CORPUS" not in os.environ:
        pytest.skip("DFMIGRATE_CORPUS is not set")
    if not (os.environ.get("DFMIGRATE_SHFMT") or shutil.which("shfmt")):
        pytest.skip("shfmt is not installed")
    done = subprocess.run([sys.executable, str(_COMPARE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
