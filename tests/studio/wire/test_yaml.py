"""YAML is read as the plain data that JSON could say, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.wire.yaml import read_yaml

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="ascii", categories=["L", "N"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3),
        ("[1, -2, +3, .5, 2.5E3, 1.]", [1, -2, 3, 0.5, 2500.0, 1.0]),
        ("[no, yes, on, Off, y]", ["no", "yes", "on", "Off", "y"]),
        ("[2026-01-01, 1:30, 0x10, 1_000]", ["2026-01-01", "1:30", "0x10", "1_000"]),
        ("[~, null, true, FALSE, none]", [None, None, True, False, "none"]),
        ("010", 10),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    assert read_yaml(text) == value
    assert json.dumps(read_yaml(text)) == json.dumps(value)


@pytest.mark.parametrize("depth", [31, 32])
def test_a_document_may_be_as_deep_as_is_allowed(depth: int) -> None:
    text = "[" * (depth - 1) + "1" + "]" * (depth - 1)
    assert read_yaml(text, depth) == json.loads(text)
    with pytest.raises(StudioError, match="deeper"):
        read_yaml(text, depth - 1)


@given(PLAIN)
def test_json_is_yaml(value: Any) -> None:
    assert read_yaml(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "line 1, column 4: anchors"),
        ("a: *x", "aliases"),
        ("a: 1\na: 2", "line 2, column 1: the key 'a' is there twice"),
        ("a: !!python/object/apply:os.system [x]", "line 1, column 4: could not determine"),
        ("a: !!binary abcd", "could not determine"),
        ("1: 2", "a key must be text, not 1"),
        ("a: [", "line 1"),
        ("a: b: c", "line 1, column 5"),
        ("--- 1\n--- 2", "another document"),
        ("[" * 3000, "line 1, column 33: nested deeper than 32"),
        ("a:\n" + "".join("  " * n + "- \n" for n in range(1, 40)), "nested deeper than 32"),
        (b"\xff\xfe\xff", "it is not YAML"),
        ("9" * 5000, "it is not YAML"),
        ('"\\ud800"', "it is not YAML"),
    ],
)
def test_what_a_configuration_has_not_is_refused_with_its_place(
    text: str | bytes, words: str
) -> None:
    with pytest.raises(StudioError) as raised:
        read_yaml(text)
    assert raised.value.code == "malformed"
    assert words in raised.value.message
