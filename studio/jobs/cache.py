"""Results by content: the same resolved request is computed once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import NamedTuple

import msgspec

from studio.operations.stage import Stage
from studio.version import VERSION
from studio.wire.requests import RunConfig

_MAX_BYTES = 256 * 1024 * 1024


class Known(NamedTuple):
    """A result, and the stages that led to it."""

    stages: list[Stage]
    result: msgspec.Raw


def cache_key(op: str, config: RunConfig) -> bytes:
    """What a result depends on: the operation, its resolved configuration and our version.

    The engine is the one that was asked for: left to us, any gives the same answer.
    """
    asked = msgspec.structs.replace(config, fresh=False, detached=True)
    content = msgspec.json.encode([VERSION, op, asked], order="sorted")
    return hashlib.sha256(content).digest()


class ResultCache:
    """The results used last, up to a number of bytes."""

    def __init__(self, max_bytes: int = _MAX_BYTES) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._known: OrderedDict[bytes, Known] = OrderedDict()

    def get(self, key: bytes) -> Known | None:
        """The result, if it is known."""
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def put(self, key: bytes, known: Known) -> None:
        """Keep a result, and forget the ones not used for longest."""
        self._bytes += len(bytes(known.result)) - self._size(key)
        self._known[key] = known
        self._known.move_to_end(key)
        while self._bytes > self._max_bytes:
            oldest = next(iter(self._known))
            self._bytes -= self._size(oldest)
            del self._known[oldest]

    def _size(self, key: bytes) -> int:
        return len(bytes(self._known[key].result)) if key in self._known else 0
