from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dfmigrate_grammar import Comment, Directive, Dockerfile, Instruction, Item, parse
from dfmigrate_grammar.rows import rows

from .strategy import dockerfiles, instructions, sources

_settings = settings(deadline=None, max_examples=40)


def _said(tree: Dockerfile) -> list[Any]:
    """Return what each instruction says, with the comments above it and the bytes of its here-documents."""
    return [
        (item.name, item.logical, [comment.text for comment in item.leading], item.heredocs)
        for item in tree.instructions
    ]


@given(sources())
@_settings
def test_every_byte_comes_back(source: bytes) -> None:
    tree = parse(source)
    assert bytes(tree) == source
    assert "".join(item.source for item in tree.items) == tree.source.removeprefix(tree.bom)
    assert all(item.source for item in tree.items)


@given(sources())
@_settings
def test_a_printed_tree_is_read_the_same(source: bytes) -> None:
    tree = parse(source)
    again = parse(bytes(tree))
    assert [type(item) for item in again.items] == [type(item) for item in tree.items]
    assert _said(again) == _said(tree)


@given(sources())
@_settings
def test_no_view_raises(source: bytes) -> None:
    tree = parse(source)
    assert rows(tree)["instructions"] is not None
    assert tree.style.newline in ("\n", "\r\n")
    assert len(tree.stages) == sum(item.name == "FROM" for item in tree.instructions)
    assert isinstance(tree.frontend, str | None)
    assert all(problem.pointed() for problem in tree.problems)
    for instruction in tree.instructions:
        _read_all(instruction)


def _read_all(instruction: Instruction) -> None:
    views = [name for name, view in vars(Instruction).items() if hasattr(view, "__get__") and name[0] != "_"]
    for name in views:
        getattr(instruction, name)
    if instruction.nested is not None:
        _read_all(instruction.nested)


@given(sources())
@_settings
def test_spans_point_at_what_they_name(source: bytes) -> None:
    for instruction in parse(source).instructions:
        logical = instruction.logical
        if not logical.isascii():
            continue
        for pair in instruction.pairs:
            assert logical[slice(*pair.value_span)].startswith(pair.value or "")
        if instruction.json is None:
            assert all(logical[slice(*word.span)].startswith(word.text) for word in instruction.words)
        for at in range(len(logical)):
            assert instruction.head[instruction.physical_offset(at)] == logical[at]


@given(sources())
@_settings
def test_lines_are_counted(source: bytes) -> None:
    tree = parse(source)
    line = 1
    for item in tree.items:
        leading = item.leading if isinstance(item, Instruction) else ()
        assert tree.line_of(item) == line + len(leading)
        line += item.source.count("\n")
        assert tree.end_line_of(item) == line - item.source.endswith("\n")


@given(dockerfiles())
@_settings
def test_good_files_have_no_problems(source: str) -> None:
    assert parse(source).problems == ()


@given(dockerfiles(), st.data())
@_settings
def test_an_edit_changes_its_place_only(source: str, data: st.DataObject) -> None:
    tree = parse(source)
    instruction = data.draw(st.sampled_from(tree.instructions))
    logical = instruction.logical
    assume(logical)
    start = data.draw(st.integers(0, len(logical) - 1))
    end = data.draw(st.integers(start, min(start + 5, len(logical))))
    text = data.draw(st.sampled_from(["x", "x y", "--x=y", "x=$y"]))
    try:
        edited = instruction.edit((start, end), text)
    except ValueError:
        # Whatever would hide a here-document's marker is refused.
        assert instruction.bodies
        return
    first, last = instruction.physical_span(start, end)
    assert edited.head == instruction.head[:first] + text + instruction.head[last:]
    assert (edited.leading, edited.bodies) == (instruction.leading, instruction.bodies)
    assert edited.logical == (logical[:start] + text + logical[end:]).strip()
    _check_replaced(tree, instruction, edited)


def _check_replaced(tree: Dockerfile, old: Instruction, new: Instruction) -> None:
    """Everything around an instruction that was replaced is the same, byte for byte."""
    at = next(at for at, item in enumerate(tree.items) if item is old)
    changed = tree.replace(old, new)
    before = "".join(item.source for item in tree.items[:at])
    after = "".join(item.source for item in tree.items[at + 1 :])
    assert changed.source.removeprefix(tree.bom) == before + new.source + after


@given(dockerfiles(), st.data())
@_settings
def test_a_word_that_is_taken_away_leaves_the_others(source: str, data: st.DataObject) -> None:
    tree = parse(source)
    chosen = [item for item in tree.instructions if item.json is None and len(item.words) > 1]
    assume(chosen)
    instruction = data.draw(st.sampled_from(chosen))
    word = data.draw(st.sampled_from(instruction.words))
    edited = instruction.edit(word.span, "")
    left = [other.text for other in instruction.words if other is not word]
    assert [other.text for other in edited.words] == left
    changed = tree.replace(instruction, edited)
    assert len(parse(changed.source).instructions) == len(tree.instructions)


@given(dockerfiles(), st.data())
@_settings
def test_inserted_instructions_are_read_as_they_were_meant(source: str, data: st.DataObject) -> None:
    tree = parse(source)
    place = data.draw(st.sampled_from(tree.items))
    new = _new_instruction(tree, data)
    insert = data.draw(st.sampled_from([tree.insert_before, tree.insert_after, tree.replace]))
    if insert == tree.replace:
        assume(not isinstance(place, Directive))
    changed = insert(place, new)
    _check_same_reading(changed, tree)
    assert any(item.head.strip() == new.head.strip() for item in changed.instructions)


def _new_instruction(tree: Dockerfile, data: st.DataObject) -> Instruction:
    text = data.draw(instructions(tree.escape))
    prefix = "# escape=`\n" if tree.escape == "`" else ""
    (instruction,) = parse(f"{prefix}\n{text}").instructions
    comments = data.draw(st.lists(st.sampled_from(["# why\n", "# escape=`\n"]), max_size=2))
    return instruction.with_leading(*[Comment(comment) for comment in comments])


def _check_same_reading(changed: Dockerfile, tree: Dockerfile) -> None:
    """The changed tree is what its own text says, and the directives are those of the file before."""
    again = parse(changed.source)
    assert dict(again.directives) == dict(tree.directives)
    assert [(item.name, item.logical) for item in again.instructions] == [
        (item.name, item.logical) for item in changed.instructions
    ]
    assert changed.source.endswith("\n") == tree.source.endswith("\n")


@given(dockerfiles(), st.data())
@_settings
def test_a_removed_item_takes_nothing_with_it(source: str, data: st.DataObject) -> None:
    tree = parse(source)
    kept: list[Item] = [item for item in tree.items if not isinstance(item, Directive)]
    assume(len(kept) > 1)
    gone = data.draw(st.sampled_from(kept))
    changed = tree.remove(gone)
    assert dict(parse(changed.source).directives) == dict(tree.directives)
    rest = [item.source for item in tree.items if item is not gone]
    assert [item.source for item in changed.items][-len(rest) :] == rest
    assert [item.logical for item in parse(changed.source).instructions] == [
        item.logical for item in tree.instructions if item is not gone
    ]


@given(dockerfiles(), st.data())
@_settings
def test_comments_and_pragmas_travel(source: str, data: st.DataObject) -> None:
    tree = parse(source)
    moved = data.draw(st.sampled_from(tree.instructions))
    others = [item for item in tree.instructions if item is not moved]
    assume(others)
    goal = data.draw(st.sampled_from(others))
    changed = tree.remove(moved).insert_before(goal, moved)
    again = parse(changed.source)
    texts = [comment.text for comment in moved.leading]
    assert any(
        item.logical == moved.logical and [comment.text for comment in item.leading][-len(texts) or None :] == texts
        for item in again.instructions
    )
    assert dict(again.directives) == dict(tree.directives)


@given(dockerfiles(), st.lists(st.sampled_from(["make", "cd /srv", "echo 'a b'"]), min_size=1, max_size=4))
@_settings
def test_what_style_writes_is_read_as_it_was_meant(source: str, commands: list[str]) -> None:
    tree = parse(source)
    written = tree.style.run(commands)
    changed = tree.insert_after(tree.items[-1], written)
    last = parse(changed.source).instructions[-1]
    assert last.name == "RUN"
    assert " ".join(last.logical.split()) == " && ".join(commands)
