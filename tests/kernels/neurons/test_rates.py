"""Rate functions are finite and exact where their formula is 0/0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons.rates import linoid


def test_linoid_at_its_singularity_is_the_scale() -> None:
    assert linoid(np, np.array([0.0, -0.0]), 10.0).tolist() == [10.0, 10.0]


@given(st.floats(-200.0, 200.0).filter(lambda x: abs(x) > 1e-3), st.floats(1.0, 20.0))
def test_linoid_equals_its_formula_away_from_the_singularity(x: float, scale: float) -> None:
    assert linoid(np, np.float64(x), scale) == pytest.approx(
        x / (1.0 - math.exp(-x / scale)), rel=1e-9
    )


@given(st.floats(-1e-3, 1e-3), st.floats(1.0, 20.0))
def test_linoid_equals_its_series_around_the_singularity(x: float, scale: float) -> None:
    z = x / scale
    series = scale * (1.0 + z / 2.0 + z**2 / 12.0 - z**4 / 720.0)
    assert linoid(np, np.float64(x), scale) == pytest.approx(series, rel=1e-14)


def test_linoid_rises_without_a_gap_over_the_whole_range_of_potentials() -> None:
    x = np.concatenate([np.linspace(-200.0, 100.0, 3001), np.linspace(-1e-9, 1e-9, 21)])
    x.sort()
    value = linoid(np, x, 10.0)
    assert np.isfinite(value).all()
    assert (np.diff(value) >= -1e-14).all()
