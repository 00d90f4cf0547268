"""Distances from recorded data agree with their closed forms and with integrals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons.distances import trace_error, van_rossum

TRAINS = st.lists(st.floats(0, 200), max_size=8).map(np.array)


def integrated(times: np.ndarray, others: np.ndarray, tau: float) -> float:
    """van Rossum 2001, equation 2.2, by the rule of Simpson."""
    t = np.linspace(0, 200 + 20 * tau, 200_001)

    def filtered(train: np.ndarray) -> np.ndarray:
        since = t[:, np.newaxis] - train
        return np.where(since >= 0, np.exp(-np.maximum(since, 0) / tau), 0.0).sum(axis=1)

    return float(np.sqrt(np.trapezoid((filtered(times) - filtered(others)) ** 2, t) / tau))


def test_a_spike_alone_is_the_root_of_one_half_from_none() -> None:
    assert van_rossum(np.array([5.0]), np.array([]), 10.0) == pytest.approx(0.5**0.5)


@given(TRAINS, TRAINS)
def test_it_is_a_distance(a: np.ndarray, b: np.ndarray) -> None:
    assert van_rossum(a, b, 10.0) == pytest.approx(van_rossum(b, a, 10.0), abs=1e-6)
    assert van_rossum(a, a, 10.0) == pytest.approx(0.0, abs=1e-6)


def test_it_is_the_integral_of_the_paper() -> None:
    rng = np.random.default_rng(1)
    a, b = np.sort(rng.uniform(0, 200, 7)), np.sort(rng.uniform(0, 200, 5))
    assert van_rossum(a, b, 12.0) == pytest.approx(integrated(a, b, 12.0), rel=1e-3)


def test_a_trace_is_compared_at_the_recorded_times() -> None:
    t, x = np.linspace(0, 10, 11), np.linspace(0, 10, 11)
    assert trace_error(t, x, np.array([0.5, 9.5]), np.array([1.5, 8.5])) == pytest.approx(1.0)
