"""Noise depends on the seed, the column and the stream, and on nothing else."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons.noise import Noise

STREAMS = {"V": "normal", "spike": "uniform"}


def drawn(seed: int, columns: list[int], *blocks: int, streams=STREAMS) -> dict[str, np.ndarray]:
    noise = Noise(streams, seed, np.array(columns, np.int64))
    parts = [noise.block(n) for n in blocks]
    return {name: np.concatenate([part[name] for part in parts]) for name in streams}


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_blocks_of_any_length_give_the_same_numbers(blocks: list[int]) -> None:
    whole, parts = drawn(3, [0, 1], sum(blocks)), drawn(3, [0, 1], *blocks)
    assert all(np.array_equal(whole[name], parts[name]) for name in STREAMS)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_a_column_meets_the_same_numbers_in_any_company(columns: list[int]) -> None:
    together = drawn(3, columns, 20)
    for place, column in enumerate(columns):
        alone = drawn(3, [column], 20)
        assert all(np.array_equal(together[n][:, place], alone[n][:, 0]) for n in STREAMS)


def test_columns_seeds_and_streams_are_independent() -> None:
    streams = {"V": "normal", "w": "normal"}
    series = [
        drawn(seed, [column], 4000, streams=streams)[name][:, 0]
        for seed in (0, 1)
        for column in (0, 1, 256)
        for name in streams
    ]
    correlation = np.corrcoef(series)[~np.eye(len(series), dtype=bool)]
    assert np.abs(correlation).max() < 5.0 / math.sqrt(4000)  # five standard errors


def test_normal_numbers_are_standard_and_uniform_ones_fill_the_unit_interval() -> None:
    n = 40_000
    numbers = drawn(0, [0], n)
    normal, uniform = numbers["V"], numbers["spike"]
    assert abs(normal.mean()) < 4.0 / math.sqrt(n)
    assert abs(normal.var() - 1.0) < 4.0 * math.sqrt(2.0 / n)
    assert abs(uniform.mean() - 0.5) < 4.0 / math.sqrt(12.0 * n)
    assert (uniform >= 0.0).all()
    assert (uniform < 1.0).all()


def test_a_model_without_noise_draws_nothing() -> None:
    assert Noise({}, 0, np.arange(3)).block(5) == {}
