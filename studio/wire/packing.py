"""Binary frames for clients that ask for them: msgpack, with numbers in rows as raw floats.

An array is {"dtype": "<f8", "shape": [..], "data": bytes}, in C order; what is null in JSON is NaN.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

SUBPROTOCOL = "studio.v1.msgpack"
_JSON = "studio.v1.json"


def chosen(offered: Iterable[str]) -> str | None:
    """Which of the subprotocols that a client offers is spoken; a browser wants one named."""
    offers = set(offered)
    return next((name for name in (SUBPROTOCOL, _JSON) if name in offers), None)


def pack(frame: Any) -> bytes:
    """A frame as msgpack."""
    return msgspec.msgpack.encode(_packed(msgspec.json.decode(msgspec.json.encode(frame))))


def unpack(raw: bytes) -> Any:
    """A packed message as plain data, arrays as nested lists with None for NaN."""
    return _unpacked(msgspec.msgpack.decode(raw))


def _packed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    shape = _shape(value)
    if shape is None:
        return [_packed(item) for item in value]
    nan = float("nan")
    numbers = array("d", (nan if n is None else n for n in _flat(value, len(shape))))
    if sys.byteorder == "big":
        numbers.byteswap()
    return {"dtype": "<f8", "shape": shape, "data": numbers.tobytes()}


def _shape(value: list[Any]) -> list[int] | None:
    """The shape of a list of numbers, or of equal lists of numbers; None for anything else."""
    kinds = {type(item) for item in value}
    if kinds and kinds <= {int, float, type(None)} and kinds != {type(None)}:
        return [len(value)]
    if kinds != {list}:
        return None
    lengths = {len(row) for row in value}
    known = [_shape(row) for row in value if any(n is not None for n in row)]
    if len(lengths) != 1 or not known or any(shape is None or len(shape) > 1 for shape in known):
        return None
    return [len(value), *lengths]


def _flat(value: list[Any], depth: int) -> Iterable[Any]:
    return value if depth == 1 else (item for row in value for item in row)


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"dtype", "shape", "data"}:
        return _nested(value["shape"], value["data"])
    if isinstance(value, dict):
        return {key: _unpacked(item) for key, item in value.items()}
    return [_unpacked(item) for item in value] if isinstance(value, list) else value


def _nested(shape: list[int], data: bytes) -> list[Any]:
    numbers = array("d", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    flat = [None if n != n else n for n in numbers]
    return flat if len(shape) == 1 else list(_rows(flat, shape[1]))


def _rows(flat: list[Any], width: int) -> Iterator[list[Any]]:
    for i in range(0, len(flat), width):
        yield flat[i : i + width]
