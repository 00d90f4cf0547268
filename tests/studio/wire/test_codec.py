"""Decoding: typed messages, or errors that name the field and its value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.wire import codec
from studio.wire.requests import HeatmapConfig, SimulateConfig, parse_request

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def refusal(document: Any, kind: type = HeatmapConfig) -> StudioError:
    with pytest.raises(StudioError) as error:
        codec.convert(document, kind)
    return error.value


def test_a_near_key_is_suggested() -> None:
    (error,) = refusal({"name": "A", "durration": 3}, SimulateConfig).errors
    assert error.pointer == "/durration"
    assert error.detail == "is not a known key; did you mean duration?"


def test_a_missing_key_is_named() -> None:
    (error,) = refusal({"name": "A"}).errors
    assert error.detail == "is required"


@pytest.mark.parametrize(
    ("document", "pointer", "detail"),
    [
        ({"name": 3}, "/name", "must be a string, not 3"),
        ({"name": "A", "dt": "x"}, "/dt", 'must be a number, not "x"'),
        ({"name": "A", "dt": -1}, "/dt", "must be a number > 0.0, not -1"),
        ({"name": "A", "params": {"a": 1, "/": None}}, "/params/~1", "must be a number, not null"),
        ({"name": "A", "params": [1]}, "/params", "must be an object, not [1]"),
        ({"name": "A", "detached": 1}, "/detached", "must be true or false, not 1"),
        ({"name": "A", "seed": 2**63}, "/seed", f"must be an integer <= {2**63 - 1}, not {2**63}"),
    ],
)  # fmt: skip
def test_an_error_names_the_field_the_value_and_what_is_allowed(
    document: Any, pointer: str, detail: str
) -> None:
    (error,) = refusal(document, SimulateConfig).errors
    assert (error.pointer, error.detail) == (pointer, detail)


@pytest.mark.parametrize("depth", [32, 33])
def test_nesting_is_allowed_up_to_the_limit(depth: int) -> None:
    text = "[" * depth + "]" * depth
    if depth <= 32:
        codec.decode_json(text, max_depth=32)
    else:
        with pytest.raises(StudioError, match="32 levels"):
            codec.decode_json(text, max_depth=32)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_decoded_or_refused(raw: bytes | str) -> None:
    try:
        codec.decode_json(raw)
    except StudioError as error:
        assert error.code in ("malformed", "invalid_config")


@given(JSON)
def test_any_json_is_a_request_or_refused(document: Any) -> None:
    try:
        parse_request(codec.decode_json(json.dumps(document)))
    except StudioError as error:
        assert error.message


@given(st.dictionaries(st.sampled_from(HeatmapConfig.__struct_fields__), JSON))
def test_any_configuration_is_typed_or_refused_with_a_pointer(document: dict[str, Any]) -> None:
    try:
        codec.convert(document, HeatmapConfig)
    except StudioError as error:
        assert all(field.pointer.startswith("/") for field in error.errors)


def test_an_unknown_choice_is_refused_with_those_there_are() -> None:
    (error,) = refusal({"name": "A", "engine": "gpu"}, SimulateConfig).errors
    assert error.detail == 'must be one of auto, numpy, scalar, llvm, jax, not "gpu"'
