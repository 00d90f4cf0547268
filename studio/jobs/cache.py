"""Results by content: the same resolved request is computed once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import NamedTuple

import msgspec

from studio.operations.stage import Stage
from studio.store.interface import Store, StoredResult
from studio.version import VERSION
from studio.wire.requests import RunConfig

_MAX_BYTES = 256 * 1024 * 1024


class Known(NamedTuple):
    """A result, by the id of the job that made it, and the stages that led to it."""

    id: str
    stages: list[Stage]
    result: msgspec.Raw

    def stored(self, key: bytes) -> StoredResult:
        """The same for the store."""
        return StoredResult(self.id, key, _STAGES.encode(self.stages), bytes(self.result))


_STAGES = msgspec.json.Encoder(enc_hook=lambda _: None)
_TOLD = ("step", "title", "n_items", "labels", "by_chunk", "share")


def known_of(stored: StoredResult) -> Known:
    """A result that was stored."""
    stages = [
        Stage(chunks=[], **{name: told[name] for name in _TOLD})
        for told in msgspec.json.decode(stored.stages)
    ]
    return Known(stored.id, stages, msgspec.Raw(stored.content))


def cache_key(op: str, config: RunConfig) -> bytes:
    """What a result depends on: the operation, its resolved configuration and our version.

    The engine is the one that was asked for: left to us, any gives the same answer.
    """
    asked = msgspec.structs.replace(config, fresh=False, detached=True)
    content = msgspec.json.encode([VERSION, op, asked], order="sorted")
    return hashlib.sha256(content).digest()


class ResultCache:
    """The results of a store, of which the ones used last are kept at hand."""

    def __init__(self, store: Store, max_bytes: int = _MAX_BYTES) -> None:
        self._store, self._max_bytes, self._bytes = store, max_bytes, 0
        self._known: OrderedDict[bytes, Known] = OrderedDict()

    async def get(self, key: bytes) -> Known | None:
        """The result, if it is known."""
        if key not in self._known:
            stored = await self._store.known(key)
            if stored is None:
                return None
            self.put(key, known_of(stored))
        self._known.move_to_end(key)
        return self._known[key]

    def put(self, key: bytes, known: Known) -> None:
        """Keep a result, and forget the ones not used for longest."""
        self._bytes += len(bytes(known.result)) - self._size(key)
        self._known[key] = known
        self._known.move_to_end(key)
        while self._bytes > self._max_bytes and len(self._known) > 1:
            oldest = next(iter(self._known))
            self._bytes -= self._size(oldest)
            del self._known[oldest]

    def _size(self, key: bytes) -> int:
        return len(bytes(self._known[key].result)) if key in self._known else 0
