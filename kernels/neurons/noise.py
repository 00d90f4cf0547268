"""Noise as data: random numbers that depend on (seed, column, stream) alone.

A column therefore meets the same noise in any batch, in any chunking and on any engine.
Source: Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3 (Philox).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.model import Distribution

Floats = NDArray[np.float64]

_TILE = 16  # columns, which the cache holds while they are turned


class Noise:
    """The random streams of a batch, drawn block after block.

    columns: (n_columns,) the identity of each column in the whole sweep
    """

    def __init__(
        self, streams: Mapping[str, Distribution], seed: int, columns: NDArray[np.int64]
    ) -> None:
        self._streams = {
            name: (distribution, [_generator(seed, int(column), name) for column in columns])
            for name, distribution in streams.items()
        }

    def block(self, n_steps: int) -> dict[str, Floats]:
        """The next numbers of every stream, each (n_steps, n_columns)."""
        return {
            name: _drawn(generators, distribution, n_steps)
            for name, (distribution, generators) in self._streams.items()
        }


def _generator(seed: int, column: int, stream: str) -> np.random.Generator:
    key = np.array([seed, column << 32 | zlib.crc32(stream.encode())], np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def _drawn(
    generators: Sequence[np.random.Generator], distribution: Distribution, n_steps: int
) -> Floats:
    """The next numbers of every column, (n_steps, n_columns), a tile of them turned at a time."""
    numbers = np.empty((n_steps, len(generators)))
    for first in range(0, len(generators), _TILE):
        tile = slice(first, first + _TILE)
        numbers[:, tile] = np.stack([_draw(g, distribution, n_steps) for g in generators[tile]]).T
    return numbers


def _draw(generator: np.random.Generator, distribution: Distribution, n: int) -> Floats:
    return generator.standard_normal(n) if distribution == "normal" else generator.random(n)
