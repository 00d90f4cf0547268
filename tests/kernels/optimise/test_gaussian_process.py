"""The Gaussian process agrees with scikit-learn's, with finite differences and with the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import multivariate_normal
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from kernels.optimise.gaussian_process import GaussianProcess, fit

RNG = np.random.default_rng(7)
ROWS = RNG.random((40, 3))


def smooth(rows: np.ndarray) -> np.ndarray:
    """A function of the first two columns, of mean 0 and deviation 1 about."""
    return np.asarray(np.sin(5.0 * rows[:, 0]) + rows[:, 1] - 0.6)


def fitted(values: np.ndarray, **options: float) -> GaussianProcess:
    return fit(ROWS, values, np.arange(3), **options)


PROCESS = fitted(smooth(ROWS))
NOISY = fitted(smooth(ROWS) + 0.2 * RNG.standard_normal(40))


@pytest.mark.parametrize("process", [PROCESS, NOISY])
def test_mean_and_deviation_are_those_of_an_independent_implementation(
    process: GaussianProcess,
) -> None:
    kernel = ConstantKernel(process.variance) * Matern(1.0 / process.inverse_scale, nu=2.5)
    peer = GaussianProcessRegressor(
        kernel, alpha=process.noise[0] * process.variance, optimizer=None
    ).fit(ROWS, process.values - process.level)
    rows = np.random.default_rng(1).random((20, 3))
    mean, std = process.predict(rows)
    expected, deviation = peer.predict(rows, return_std=True)
    assert mean - process.level == pytest.approx(expected, abs=1e-6)
    assert std == pytest.approx(deviation, abs=1e-4)
    assert process.log_likelihood() == pytest.approx(peer.log_marginal_likelihood(), abs=1e-4)


@pytest.mark.parametrize("process", [PROCESS, NOISY])
def test_gradients_are_those_of_finite_differences(process: GaussianProcess) -> None:
    for row in np.random.default_rng(2).random((5, 3)):
        found = process.predict_with_gradient(row[np.newaxis])
        by_mean = approx_fprime(row, lambda x: process.predict(x[np.newaxis])[0][0], 1e-7)
        by_std = approx_fprime(row, lambda x: process.predict(x[np.newaxis])[1][0], 1e-7)
        assert found.mean_gradient[0] == pytest.approx(by_mean, rel=1e-3, abs=1e-4)
        assert found.std_gradient[0] == pytest.approx(by_std, rel=1e-3, abs=1e-4)


def test_the_hyperparameters_are_a_maximum_of_likelihood_times_prior() -> None:
    # any other length scale is less probable, with mean and amplitude at their best for it
    def posterior(log_scale: np.ndarray) -> float:
        middle = np.sqrt(2.0) + 0.5 * np.log(3.0) - 3.0
        correlation = np.asarray(Matern(np.exp(log_scale), nu=2.5)(ROWS))
        covariance = correlation + NOISY.noise[0] * np.eye(40)
        inverse = np.linalg.inv(covariance)
        level = inverse.sum(axis=0) @ NOISY.values / inverse.sum()
        left = NOISY.values - level
        variance = left @ inverse @ left / 40
        normal = multivariate_normal(np.full(40, level), variance * covariance)
        return float(normal.logpdf(NOISY.values) - np.sum((log_scale - middle) ** 2) / 6.0)

    best = np.log(1.0 / NOISY.inverse_scale)
    top = posterior(best)
    for k in range(3):
        for step in (-0.1, 0.1):
            assert posterior(best + step * np.eye(3)[k]) < top


def test_it_predicts_a_smooth_function_between_its_values() -> None:
    rows = np.random.default_rng(3).random((200, 3))
    mean, std = PROCESS.predict(rows)
    error = mean - smooth(rows)
    assert np.sqrt(np.mean(error**2)) < 0.05
    assert np.mean(np.abs(error) <= 1.96 * std) > 0.9


def test_what_does_not_matter_gets_the_longest_scale() -> None:
    assert PROCESS.inverse_scale[2] < 0.3 * PROCESS.inverse_scale[:2].min()


def test_noise_is_found_and_known_noise_is_kept() -> None:
    def noise(process: GaussianProcess) -> float:
        return float(np.sqrt(process.noise[0] * process.variance))

    assert noise(NOISY) == pytest.approx(0.2, rel=0.4)
    assert noise(PROCESS) < 0.02
    assert noise(fitted(NOISY.values, noise=0.3)) == pytest.approx(0.3, rel=1e-3)


def test_leaving_one_out_is_what_training_without_it_gives() -> None:
    mean, std = NOISY.leave_one_out()
    others = np.delete(np.arange(40), 7)
    kernel = ConstantKernel(NOISY.variance) * Matern(1.0 / NOISY.inverse_scale, nu=2.5)
    noise = NOISY.noise[0] * NOISY.variance
    peer = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None)
    peer.fit(ROWS[others], NOISY.values[others] - NOISY.level)
    (expected,), (deviation,) = peer.predict(ROWS[7:8], return_std=True)
    assert mean[7] - NOISY.level == pytest.approx(expected, abs=1e-6)
    assert std[7] ** 2 == pytest.approx(deviation**2 + noise, rel=1e-4)


def test_a_believed_candidate_keeps_the_mean_and_loses_the_doubt() -> None:
    row = np.array([[0.5, 0.5, 0.5]])
    elsewhere = np.random.default_rng(4).random((10, 3))
    believer = NOISY.condition(row)
    assert believer.predict(elsewhere)[0] == pytest.approx(NOISY.predict(elsewhere)[0], abs=1e-3)
    assert believer.predict(row)[1] < 0.05 * NOISY.predict(row)[1]
    assert np.all(believer.predict(elsewhere)[1] <= NOISY.predict(elsewhere)[1] + 1e-9)


def test_drawn_functions_have_the_mean_and_deviation_predicted() -> None:
    rows = np.random.default_rng(5).random((6, 3))
    drawn = NOISY.sample(rows, 4000, np.random.default_rng(6))
    mean, std = NOISY.predict(rows)
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=5 * std.max() / np.sqrt(4000))
    assert drawn.std(axis=0) == pytest.approx(std, rel=0.1)


def test_columns_of_one_category_share_a_length_scale() -> None:
    choices = np.eye(3)[np.random.default_rng(8).integers(3, size=30)]
    rows = np.hstack([np.random.default_rng(9).random((30, 1)), choices])
    process = fit(rows, smooth(rows[:, :2]), np.array([0, 1, 1, 1]))
    assert len(set(process.inverse_scale[1:].tolist())) == 1


def test_values_that_are_all_the_same_are_no_problem() -> None:
    process = fitted(np.zeros(40))
    mean, std = process.predict(np.full((1, 3), 0.5))
    assert mean[0] == pytest.approx(0.0, abs=1e-9)
    assert np.isfinite(std).all()


def test_values_at_the_same_row_that_differ_are_noise() -> None:
    rows = np.repeat(ROWS[:10], 4, axis=0)
    values = smooth(rows) + 0.3 * np.random.default_rng(1).standard_normal(40)
    process = fit(rows, values, np.arange(3))
    assert np.sqrt(process.noise[0] * process.variance) == pytest.approx(0.3, rel=0.4)
