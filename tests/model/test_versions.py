from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfmigrate.model.versions import Versions

NAMES = st.sampled_from("abcde")
CHANGES = st.tuples(st.integers(0, 30), st.one_of(st.dictionaries(NAMES, st.integers()), st.sets(NAMES)))


@given(st.lists(CHANGES, max_size=30))
def test_every_version_is_what_a_copy_would_be(changes: list[tuple[int, dict[str, int] | set[str]]]) -> None:
    versions: list[Versions[int]] = [Versions({"a": 0, "b": 1})]
    copies: list[dict[str, int]] = [{"a": 0, "b": 1}]
    for of, change in changes:
        start = of % len(versions)
        if isinstance(change, dict):
            versions.append(versions[start].with_items(change))
            copies.append({**copies[start], **change})
        else:
            versions.append(versions[start].without(change))
            copies.append({name: value for name, value in copies[start].items() if name not in change})
    for version, copy in zip(versions, copies, strict=True):
        assert (dict(version), len(version), version) == (copy, len(copy), copy)
        assert [name in version for name in "abcdef"] == [name in copy for name in "abcdef"]


def test_names_stand_in_the_order_of_their_first_setting() -> None:
    first = Versions({"b": 1, "a": 2})
    second = first.with_items({"c": 3, "b": 4})
    assert list(second.items()) == [("b", 4), ("a", 2), ("c", 3)]
    assert list(first.items()) == [("b", 1), ("a", 2)]


def test_a_name_that_is_not_there() -> None:
    gone = Versions({"a": 1}).without(["a", "x"])
    with pytest.raises(KeyError):
        gone["a"]
    assert gone.get("a") is None
    assert not gone
