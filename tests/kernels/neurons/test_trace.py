"""A trace is short enough to draw, and shows every extreme."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.simulate import run
from kernels.neurons.stimulus import Constant
from kernels.neurons.trace import MAX_POINTS, Trace, TraceRecorder

Toy = Callable[..., Model]
DT = 0.5


def traced(values: np.ndarray, blocks: list[int] | None = None) -> Trace:
    """The trace of states (n_steps + 1, n_columns), added in blocks."""
    n = len(values) - 1
    columns = np.arange(values.shape[1])
    recorder = TraceRecorder({"V": values[0]}, columns, n, DT)
    edges = np.clip(np.cumsum([0, *(blocks or [n]), n]), 0, n)
    for first, end in pairwise(edges):
        if end > first:
            recorder.add({"V": values[1 + first : 1 + end]})
    return recorder.trace()


def random(n_steps: int, seed: int, n_columns: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n_steps + 1, n_columns))


def longest_bucket(n_steps: int) -> int:
    """How many steps may stand behind two points of a run, at most."""
    return 0 if n_steps < MAX_POINTS else n_steps // (MAX_POINTS // 2 - 1) + 1


# around the edges: the longest short run, the shortest long one, and whole and broken buckets
N_STEPS = st.integers(1, 40_000) | st.sampled_from(
    [0, 1, 4998, 4999, 5000, 5001, 5002, 7497, 7498, 9996, 9997, 12_495, 24_990, 24_991]
)


@given(st.integers(0, MAX_POINTS - 1), st.integers(0, 99))
@example(MAX_POINTS - 1, 0)
def test_a_short_run_keeps_every_step_from_time_0_on(n_steps: int, seed: int) -> None:
    values = random(n_steps, seed)
    trace = traced(values)
    assert np.array_equal(trace.t, np.arange(n_steps + 1) * DT)
    assert np.array_equal(trace.states["V"], values)


@settings(max_examples=200)
@given(N_STEPS)
def test_times_and_states_have_one_length_which_is_at_most_5000(n_steps: int) -> None:
    trace = traced(random(n_steps, 0, 1))
    assert len(trace.t) == len(trace.states["V"])
    assert len(trace.t) <= MAX_POINTS


@settings(max_examples=200)
@given(N_STEPS)
def test_times_increase_strictly_from_0_to_the_end(n_steps: int) -> None:
    t = traced(random(n_steps, 0, 1)).t
    assert t[0] == 0.0
    assert (np.diff(t) > 0.0).all()
    # a point may be drawn anywhere in its bucket
    assert (n_steps - longest_bucket(n_steps)) * DT <= t[-1] <= n_steps * DT


@given(st.integers(0, 9_000_000))
def test_even_the_longest_run_is_thinned_to_times_that_fit(n_steps: int) -> None:
    recorder = TraceRecorder({"V": np.zeros(1)}, np.arange(1), n_steps, DT)
    for first in range(0, n_steps, 3_000_000):
        recorder.add({"V": np.broadcast_to(0.0, (min(3_000_000, n_steps - first), 1))})
    trace = recorder.trace()
    assert len(trace.t) == len(trace.states["V"]) <= MAX_POINTS


@settings(max_examples=60)
@given(N_STEPS, st.integers(0, 99))
def test_every_step_lies_between_points_kept_within_a_bucket_of_it(n_steps: int, seed: int) -> None:
    values = random(n_steps, seed)
    trace = traced(values)
    reach = longest_bucket(n_steps)
    steps = np.arange(n_steps + 1)
    kept = np.rint(trace.t / DT).astype(int)
    first = np.searchsorted(kept, steps - reach)
    end = np.searchsorted(kept, steps + reach, side="right")
    edges = np.stack([first, end], axis=1).ravel()
    nothing = np.full((1, 2), np.nan)
    points = np.concatenate([trace.states["V"], nothing])  # an edge may be the end
    low = np.fmin.reduceat(points, edges)[::2]
    high = np.fmax.reduceat(points, edges)[::2]
    assert (low <= values).all()
    assert (values <= high).all()


@settings(max_examples=60)
@given(st.integers(5000, 30_000), st.data())
def test_a_spike_of_one_step_is_never_lost_nor_a_trough(n_steps: int, data: st.DataObject) -> None:
    spike = data.draw(st.integers(1, n_steps) | st.integers(n_steps - 12, n_steps))
    values = np.zeros((n_steps + 1, 2))
    values[spike] = [40.0, -40.0]
    trace = traced(values)
    for column, extreme in ((0, 40.0), (1, -40.0)):
        points = trace.states["V"][:, column]
        assert points[points != 0.0].tolist() == [extreme]
        shown = trace.t[points == extreme] / DT
        assert abs(shown[0] - spike) <= longest_bucket(n_steps)


def test_two_points_of_a_bucket_come_in_the_order_of_time() -> None:
    n = 10_000
    values = np.stack([np.arange(n + 1.0), -np.arange(n + 1.0)], axis=1)
    points = traced(values).states["V"]
    assert (np.diff(points[:, 0]) > 0.0).all()
    assert (np.diff(points[:, 1]) < 0.0).all()


@settings(max_examples=60)
@given(N_STEPS, st.lists(st.integers(1, 9000), min_size=1, max_size=12), st.integers(0, 99))
def test_the_sizes_of_blocks_do_not_matter(n_steps: int, blocks: list[int], seed: int) -> None:
    values = random(n_steps, seed)
    whole, parts = traced(values), traced(values, blocks)
    assert np.array_equal(whole.t, parts.t)
    assert np.array_equal(whole.states["V"], parts.states["V"])
    np.testing.assert_allclose(parts.ranges["V"], whole.ranges["V"], rtol=1e-12, atol=1e-12)


@given(N_STEPS, st.integers(0, 99))
@settings(max_examples=60)
def test_ranges_are_taken_over_every_step(n_steps: int, seed: int) -> None:
    values = random(n_steps, seed)
    low, high, mean = traced(values, [7, 1000]).ranges["V"]
    assert np.array_equal(low, values.min(axis=0))
    assert np.array_equal(high, values.max(axis=0))
    np.testing.assert_allclose(mean, values.mean(axis=0), rtol=1e-9, atol=1e-12)


def test_a_state_that_never_moves_has_a_flat_trace() -> None:
    trace = traced(np.full((8001, 1), 3.0))
    assert set(trace.states["V"].ravel()) == {3.0}
    assert trace.ranges["V"].ravel().tolist() == [3.0, 3.0, 3.0]


def test_a_recorder_takes_the_columns_it_is_asked_for() -> None:
    recorder = TraceRecorder({"V": np.array([1.0, 2.0, 3.0])}, np.array([2, 0]), 1, DT)
    recorder.add({"V": np.array([[30.0, 10.0]])})
    assert recorder.trace().states["V"].tolist() == [[3.0, 1.0], [30.0, 10.0]]


@pytest.mark.parametrize("n_steps", [0, 10, 7000])
def test_a_trace_of_no_columns_has_times_and_states_of_one_length(n_steps: int) -> None:
    recorder = TraceRecorder({"V": np.zeros(3)}, np.arange(0), n_steps, DT)
    recorder.add({"V": np.empty((n_steps, 0))})
    trace = recorder.trace()
    assert len(trace.t) == len(trace.states["V"])


def test_a_diverging_column_is_traced_without_a_warning(toy: Toy) -> None:
    # grows with alternating sign, as too long an Euler step makes it, until it is ±inf
    model = toy({"x": 1.0}, {"k": 0.5}, step=lambda xp, s, p, current, noise: {"x": -p.k * s.x})
    batch = Batch(model, 2, Constant(0.0), params={"k": np.array([2.0, 1.0])})
    for n_steps in (1500, 6000):
        trace = run(batch, duration=n_steps, dt=1.0, integrator="map", traced=[0, 1]).trace
        assert not np.isfinite(trace.states["x"][-1, 0])
        assert np.isfinite(trace.states["x"][:, 1]).all()
        assert trace.ranges["x"][:2, 1].tolist() == [-1.0, 1.0]


def test_infinities_of_both_signs_in_a_trace_raise_no_warning() -> None:
    values = np.array([[0.0], [np.inf], [-np.inf], [np.nan]])
    assert np.isnan(traced(values).ranges["V"][2, 0])
