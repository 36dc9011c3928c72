"""What of a PHP file is code."""

from __future__ import annotations

import pytest

from dfmigrate.context.php_text import php_text


@pytest.mark.parametrize(
    ("text", "code"),
    (
        ("<?php a(); // b ?>c<?= d() ?>", "      a();      ?>     d() ?>"),
        ("<?php a('// b'); # c\n#[D]\n", "      a('// b');    \n#[D]\n"),
        ("a('b')", "      "),
        ("<?php 'it''s ?>' ?>x", "      'it''s ?>' ?> "),
        ("<?xml version='1'?>", " " * 19),
    ),
)
def test_code_keeps_its_place(text: str, code: str) -> None:
    found = php_text(text, "a.php")
    assert found.code == code
    assert len(found.code) == len(text)


def test_what_a_template_of_blade_computes() -> None:
    found = php_text("<a>{{ f('x') }}</a> @if(g(1) > 2) h @endif @php i(); @endphp {!! j !!}", "a.blade.php")
    for code in ("f('x')", "g(1) > 2", "i();", " j "):
        assert code in found.code
    assert " h " not in found.code


@pytest.mark.parametrize("text", ("<?php " + "'" * 50_001, "{{" * 50_000, "<?php <<<A\n" * 5_000, "@a(" * 30_000))
def test_long_files_are_read_in_one_go(text: str) -> None:
    assert len(php_text(text, "a.blade.php").code) == len(text)
