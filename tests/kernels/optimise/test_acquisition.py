"""Acquisitions equal closed forms and Monte Carlo, and their gradients never vanish."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from scipy.optimize import approx_fprime
from scipy.stats import norm

from kernels.optimise.acquisition import (
    ConfidenceBound,
    Criterion,
    ExpectedImprovement,
    ProbabilityOfImprovement,
    log_feasibility,
    log_h,
    normal_draws,
    sampled_improvement,
)
from kernels.optimise.pareto import cells, hypervolume

FRONTS = {m: np.random.default_rng(m).random((6, m)) for m in (1, 2, 3, 4)}
MEAN = {m: np.random.default_rng(10 + m).random((3, m)) for m in FRONTS}
STD = {m: 0.05 + 0.3 * np.random.default_rng(20 + m).random((3, m)) for m in FRONTS}


def reference(m: int) -> np.ndarray:
    return np.full(m, 1.1)


def criteria(m: int) -> dict[str, Criterion]:
    left = cells(FRONTS[m], reference(m))
    return {
        "expected improvement": ExpectedImprovement(left),
        "probability of improvement": ProbabilityOfImprovement(left),
        "confidence bound": ConfidenceBound(left, 2.0, np.full(m, 0.01)),
        "sampled improvement": sampled_improvement(
            FRONTS[m], np.full(m, -1.5), reference(m), 2**14, np.random.default_rng(0)
        ),
        "feasibility": lambda mean, std: log_feasibility(mean, std, np.full(m, 0.2)),
    }


def test_log_h_has_all_its_digits_from_one_end_to_the_other() -> None:
    mp.dps = 60
    for t in (-1e6, -1e4, -300.0, -30.0, -5.0, -1.001, -1.0, -0.5, 0.0, 2.0, 30.0):
        exact = mp.log(mp.npdf(t) + t * mp.ncdf(t))
        assert log_h(np.array([t]))[0] == pytest.approx(float(exact), rel=1e-9)


@given(st.floats(-3, 3), st.floats(0.01, 3), st.floats(-3, 3))
def test_expected_improvement_of_one_objective_is_the_textbook_formula(
    mean: float, std: float, best: float
) -> None:
    found = ExpectedImprovement(cells(np.array([[best]]), np.array([9.0])))
    t = (best - mean) / std
    expected = std * (norm.pdf(t) + t * norm.cdf(t))
    value = np.exp(found(np.array([[mean]]), np.array([[std]])).value[0])
    assert value == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(st.floats(-3, 3), st.floats(0.01, 3), st.floats(-3, 3))
def test_probability_of_improvement_of_one_objective_is_the_normal_distribution(
    mean: float, std: float, best: float
) -> None:
    found = ProbabilityOfImprovement(cells(np.array([[best]]), np.array([9.0])))
    value = found(np.array([[mean]]), np.array([[std]])).value[0]
    assert value == pytest.approx(norm.logcdf((best - mean) / std), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("m", [1, 2, 3])
def test_expected_hypervolume_improvement_is_the_mean_over_many_draws(m: int) -> None:
    found = np.exp(criteria(m)["expected improvement"](MEAN[m], STD[m]).value)
    before = hypervolume(FRONTS[m], reference(m))
    draws = normal_draws(2**11, m, np.random.default_rng(0))
    for mean, std, value in zip(MEAN[m], STD[m], found, strict=True):
        after = [
            hypervolume(np.vstack([FRONTS[m], row]), reference(m)) for row in mean + std * draws
        ]
        assert value == pytest.approx(np.mean(after) - before, rel=0.05, abs=1e-4)


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_probability_of_improvement_is_the_share_of_draws_that_nothing_dominates(m: int) -> None:
    found = np.exp(criteria(m)["probability of improvement"](MEAN[m], STD[m]).value)
    draws = normal_draws(2**13, m, np.random.default_rng(0))
    for mean, std, value in zip(MEAN[m], STD[m], found, strict=True):
        rows = mean + std * draws
        dominated = np.any(np.all(FRONTS[m][np.newaxis] <= rows[:, np.newaxis], axis=2), axis=1)
        better = np.mean(~dominated & np.all(rows < reference(m), axis=1))
        assert value == pytest.approx(better, abs=5e-3)


@pytest.mark.parametrize("m", [2, 3, 4])
def test_quasi_monte_carlo_agrees_with_the_exact_improvement(m: int) -> None:
    exact = criteria(m)["expected improvement"](MEAN[m], STD[m]).value
    sampled = criteria(m)["sampled improvement"](MEAN[m], STD[m]).value
    assert np.exp(sampled) == pytest.approx(np.exp(exact), rel=0.1, abs=1e-4)


def gradients(criterion: Criterion, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """By finite differences, by mean and by deviation, one after the other."""

    def of(function: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
        return np.asarray(approx_fprime(x, function, 1e-7))

    by_mean = of(lambda x: float(criterion(x[np.newaxis], std[np.newaxis]).value[0]), mean)
    by_std = of(lambda x: float(criterion(mean[np.newaxis], x[np.newaxis]).value[0]), std)
    return np.concatenate([by_mean, by_std])


@pytest.mark.parametrize("m", [1, 2, 3, 4])
@pytest.mark.parametrize("name", criteria(1))
@pytest.mark.parametrize("far", [0.0, 30.0])
def test_gradients_are_those_of_finite_differences_near_and_hopelessly_far(
    name: str, m: int, far: float
) -> None:
    criterion = criteria(m)[name]
    mean, std = MEAN[m][0] + far, STD[m][0]
    score = criterion(mean[np.newaxis], std[np.newaxis])
    found = np.concatenate([score.by_mean[0], score.by_std[0]])
    assert np.isfinite(score.value).all()
    assert np.linalg.norm(found) > 1e-3
    assert found == pytest.approx(gradients(criterion, mean, std), rel=2e-2, abs=1e-4)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_a_better_mean_is_never_worth_less(seed: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    left = cells(rng.random((5, m)), np.ones(m))
    mean, std = rng.uniform(-1, 2, (1, m)), rng.uniform(0.01, 1, (1, m))
    better = mean - rng.random((1, m))
    for criterion in (ExpectedImprovement(left), ProbabilityOfImprovement(left)):
        assert criterion(better, std).value[0] >= criterion(mean, std).value[0] - 1e-9


def test_a_confidence_bound_ranks_by_mean_less_deviations() -> None:
    bound = ConfidenceBound(cells(np.array([[0.0]]), np.array([9.0])), 2.0, np.array([1e-3]))
    mean, std = np.array([[1.0], [0.5], [2.0]]), np.array([[0.1], [0.1], [0.9]])
    assert np.argsort(-bound(mean, std).value).tolist() == [2, 1, 0]


def test_feasibility_is_the_product_of_probabilities() -> None:
    mean, std = np.array([[0.0, 1.0]]), np.array([[1.0, 2.0]])
    found = log_feasibility(mean, std, np.array([0.5, 0.0])).value[0]
    assert np.exp(found) == pytest.approx(norm.cdf(0.5) * norm.cdf(-0.5))
