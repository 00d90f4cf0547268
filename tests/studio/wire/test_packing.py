"""msgpack frames carry what JSON frames do."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.wire.packing import pack, unpack

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.none()
PLAIN = st.recursive(
    NUMBERS | st.text(max_size=3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=3), PLAIN))
def test_unpacking_gives_back_what_was_packed(document: dict[str, Any]) -> None:
    assert unpack(pack(document)) == document


def test_rows_of_numbers_are_little_endian_floats_with_nan_for_null() -> None:
    document = {"rate": [[1.5, None], [3, 4.0]], "name": ["a", 1]}
    raw = msgspec.msgpack.decode(pack(document))
    assert raw["name"] == ["a", 1]
    assert (raw["rate"]["dtype"], raw["rate"]["shape"]) == ("<f8", [2, 2])
    rates = np.frombuffer(raw["rate"]["data"], raw["rate"]["dtype"]).reshape(2, 2)
    assert np.array_equal(rates, [[1.5, np.nan], [3.0, 4.0]], equal_nan=True)


def test_numbers_take_eight_bytes_each() -> None:
    numbers = [i / 7 for i in range(10_000)]
    assert len(pack({"x": numbers})) < 80_100 < len(json.dumps(numbers))
