"""Columns keep what is theirs, however a batch is cut."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons.batch import Batch, parts
from kernels.neurons.model import Model
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE
from kernels.neurons.stimulus import Constant


def test_what_is_not_given_has_the_models_default() -> None:
    params = Batch(ADEX, 2, Constant(0.8), params={"a": np.array([1.0, 2.0])}).parameters()
    assert params["a"].tolist() == [1.0, 2.0]
    assert params["C"] == 281.0


def test_a_state_that_starts_at_a_parameter_follows_it_column_by_column() -> None:
    batch = Batch(LAPICQUE, 2, Constant(0.0), params={"V_rest": np.array([0.25, -0.5])})
    assert batch.initial_states()["V"].tolist() == [0.25, -0.5]


def test_an_initial_state_that_is_given_wins_over_the_models() -> None:
    batch = Batch(ADEX, 3, Constant(0.0), init={"V": -60.0})
    states = batch.initial_states()
    assert states["V"].tolist() == [-60.0] * 3
    assert states["w"].tolist() == [0.0] * 3


def test_initial_states_are_a_fresh_copy_each_time() -> None:
    given_V = np.zeros(2)
    batch = Batch(LAPICQUE, 2, Constant(0.0), init={"V": given_V})
    batch.initial_states()["V"][:] = 7.0
    assert given_V.tolist() == [0.0, 0.0]
    assert batch.initial_states()["V"].tolist() == [0.0, 0.0]


@given(st.integers(1, 300), st.integers(1, 40))
def test_splitting_gives_the_columns_in_order_and_nearly_equal_widths(n: int, k: int) -> None:
    amplitude = np.arange(n) / 7.0
    batch = Batch(
        ADEX, n, Constant(amplitude), params={"a": amplitude + 1.0}, init={"w": amplitude + 2.0}
    )
    pieces = batch.split(k)
    widths = [piece.n_columns for piece in pieces]
    assert len(pieces) == min(n, k)
    assert max(widths) - min(widths) <= 1
    assert np.concatenate([piece.identities() for piece in pieces]).tolist() == list(range(n))
    for piece in pieces:
        expected = amplitude[piece.identities()]
        current = piece.stimulus.source(0.1, piece.identities(), 0)
        assert np.array_equal(current(0, 1)[0], expected)
        assert np.array_equal(piece.params["a"], expected + 1.0)
        assert np.array_equal(piece.initial_states()["w"], expected + 2.0)


def test_columns_keep_their_identity_when_taken_twice() -> None:
    batch = Batch(ADEX, 10, Constant(0.8))
    assert batch.take(slice(3, 9)).take(slice(2, 4)).identities().tolist() == [5, 6]


def test_taking_keeps_the_seed_and_numbers_that_are_everyones() -> None:
    taken = Batch(ADEX, 4, Constant(0.8), params={"a": 2.0}, seed=9).take(slice(0, 2))
    assert taken.seed == 9
    assert taken.params["a"] == 2.0


@given(st.integers(0, 10_000), st.integers(1, 64))
def test_parts_are_consecutive_not_empty_and_cover_everything(n: int, k: int) -> None:
    pieces = parts(n, k)
    assert [i for piece in pieces for i in (piece.start, piece.stop)][1:-1] == [
        edge for piece in pieces[1:] for edge in (piece.start, piece.start)
    ]
    assert all(piece.stop > piece.start for piece in pieces)
    assert sum(piece.stop - piece.start for piece in pieces) == n


def test_a_batch_of_no_columns_has_no_parts(toy: Callable[..., Model]) -> None:
    assert Batch(toy({"x": 0.0}, step=dict), 0, Constant(0.0)).split(3) == []


def test_repeated_columns_are_alike_but_for_an_identity_that_no_other_has() -> None:
    amplitude, a = np.array([0.5, 0.7]), np.array([1.0, 2.0])
    trials = Batch(ADEX, 2, Constant(amplitude), params={"a": a, "b": 0.1}).repeat(3)
    assert trials.n_columns == 6
    assert trials.params["a"].tolist() == [1.0] * 3 + [2.0] * 3
    assert trials.params["b"] == 0.1
    assert trials.stimulus.source(0.1, trials.identities(), 0)(0, 1)[0].tolist() == (
        [0.5] * 3 + [0.7] * 3
    )
    assert len(set(trials.identities().tolist())) == 6
    assert trials.identities()[[0, 3]].tolist() == [0, 1]  # the first trial is the column itself


def test_repeating_part_of_a_batch_gives_the_identities_of_the_whole() -> None:
    batch = Batch(ADEX, 5, Constant(0.8))
    part = batch.take(slice(2, 4)).repeat(3).identities()
    assert part.tolist() == batch.repeat(3).identities()[6:12].tolist()
