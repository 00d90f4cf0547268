"""Gaussian process regression with an anisotropic Matern 5/2 kernel, with all its gradients.

Written out here, since a proposal asks for the gradient of mean and deviation thousands of times,
and scikit-learn's process has neither. Source: Rasmussen and Williams 2006, Gaussian Processes for
Machine Learning, chapters 2, 4 and 5. The likelihood is concentrated: mean and amplitude have
closed forms, so that only length scales and noise are searched (Santner, Williams and Notz 2003,
section 3.3). Length scales have the prior of Hvarfner, Hellsten and Nardi 2024 (ICML), which keeps
spaces of many dimensions from being all corners.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize

from kernels.optimise.polytope import Floats

_SQRT5 = 5.0**0.5
_SCALE_BOUNDS = (np.log(5e-3), np.log(1e2))
_PRIOR_VARIANCE = 3.0
# Noise as a share of the amplitude. The least keeps the Cholesky factor sound among close points.
_NOISE_BOUNDS = (np.log(1e-7), np.log(1.0))
# Most evaluators are simulations with little noise; data say otherwise within a few deviations.
_NOISE_PRIOR = (np.log(1e-5), 4.0)
_STARTS = ((0.0, -10.0), (-1.0, -4.0))
_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Prediction:
    """Mean and standard deviation of n rows, each (n,), and their gradients, each (n, width)."""

    mean: Floats
    std: Floats
    mean_gradient: Floats
    std_gradient: Floats


@dataclass(frozen=True, slots=True)
class GaussianProcess:
    """A process conditioned on observations.

    rows: (n, width); values: (n,); inverse_scale: (width,) one over the length scales
    level: the constant mean; variance: the amplitude squared; noise: (n,) shares of the variance
    root: (n, n) inverse of the lower Cholesky factor of the correlations with noise
    weights: (n,) inverse of those correlations times what the mean leaves of the values
    """

    rows: Floats
    values: Floats
    inverse_scale: Floats
    level: float
    variance: float
    noise: Floats
    root: Floats
    weights: Floats

    def predict(self, rows: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation of the function without noise, each (n,)."""
        correlation = _matern(_squares(rows, self.rows, self.inverse_scale))[0]
        return self._moments(correlation, correlation @ self.root.T)

    def _moments(self, correlation: Floats, whitened: Floats) -> tuple[Floats, Floats]:
        left = np.maximum(1.0 - np.einsum("ij,ij->i", whitened, whitened), _LEAST_VARIANCE)
        return self.level + correlation @ self.weights, np.sqrt(self.variance * left)

    def predict_with_gradient(self, rows: Floats) -> Prediction:
        """Mean, standard deviation and their gradients by the rows."""
        scaled = (rows[:, np.newaxis, :] - self.rows[np.newaxis, :, :]) * self.inverse_scale
        correlation, slope = _matern(np.einsum("ijk,ijk->ij", scaled, scaled))
        whitened = correlation @ self.root.T
        mean, std = self._moments(correlation, whitened)
        # the gradient of a correlation is slope * scaled * inverse_scale
        by_mean = np.einsum("ij,ijk->ik", slope * self.weights, scaled)
        by_variance = -2.0 * np.einsum("ij,ijk->ik", slope * (whitened @ self.root), scaled)
        half = 0.5 * self.variance / std[:, np.newaxis]
        return Prediction(
            mean, std, by_mean * self.inverse_scale, half * by_variance * self.inverse_scale
        )

    def condition(self, rows: Floats) -> GaussianProcess:
        """The process as if its own means had been seen, exactly, at these rows."""
        values = np.concatenate([self.values, self.predict(rows)[0]])
        noise = np.concatenate([self.noise, np.full(len(rows), np.exp(_NOISE_BOUNDS[0]))])
        everything = np.vstack([self.rows, rows])
        correlation = _matern(_squares(everything, everything, self.inverse_scale))[0]
        root = _inverse_root(correlation + np.diag(noise))
        weights = root.T @ (root @ (values - self.level))
        return GaussianProcess(
            everything, values, self.inverse_scale, self.level, self.variance, noise, root, weights
        )

    def leave_one_out(self) -> tuple[Floats, Floats]:
        """Mean and deviation (noise included) of every value by all the others, each (n,).

        Source: Rasmussen and Williams 2006, equations 5.10 to 5.12
        """
        precision = np.einsum("ij,ij->j", self.root, self.root)
        return self.values - self.weights / precision, np.sqrt(self.variance / precision)

    def log_likelihood(self) -> float:
        """Log of the marginal likelihood of the values, natural logarithm."""
        n = len(self.values)
        left = (self.values - self.level) @ self.weights / self.variance
        volume = n * np.log(2.0 * np.pi * self.variance) - 2.0 * np.log(np.diag(self.root)).sum()
        return float(-0.5 * (left + volume))

    def sample(self, rows: Floats, n: int, rng: np.random.Generator) -> Floats:
        """Values of n functions drawn from the process, at rows, (n, n_rows)."""
        correlation = _matern(_squares(rows, self.rows, self.inverse_scale))[0]
        whitened = correlation @ self.root.T
        mean, _ = self._moments(correlation, whitened)
        among = _matern(_squares(rows, rows, self.inverse_scale))[0] - whitened @ whitened.T
        spread, vectors = np.linalg.eigh(among)
        factor = vectors * np.sqrt(self.variance * np.maximum(spread, 0.0))
        return np.asarray(mean + rng.standard_normal((n, len(rows))) @ factor.T)


def fit(
    rows: Floats,
    values: Floats,
    groups: NDArray[np.int64],
    noise: float | None = None,
) -> GaussianProcess:
    """The process whose length scales and noise are most probable given the values.

    rows: (n, width); values: (n,), best of mean 0 and deviation 1; groups: (width,) the length
    scale of each column, so that the columns of one category share one
    noise: standard deviation of the values' noise where it is known
    """
    return at(most_probable(rows, values, groups, noise), rows, values, groups, noise)


def most_probable(
    rows: Floats, values: Floats, groups: NDArray[np.int64], noise: float | None = None
) -> Floats:
    """Logarithms of the length scales and of the noise, (n_scales + 1,); arguments as of `fit`."""
    n_scales = int(groups.max()) + 1
    squares = _grouped_squares(rows, groups, n_scales)
    known = None if noise is None else noise**2
    middle = _prior_middle(n_scales)
    bounds = [_SCALE_BOUNDS] * n_scales + [_NOISE_BOUNDS]
    ends = [
        minimize(
            _objective,
            np.append(np.full(n_scales, middle + shift), log_noise),
            (squares, values, known),
            "L-BFGS-B",
            jac=True,
            bounds=bounds,
        )
        for shift, log_noise in _STARTS
    ]
    best = min(ends, key=lambda end: float(end.fun))
    return np.asarray(best.x)


def _prior_middle(n_scales: int) -> float:
    """The mode of the prior: log normal in the length scale, of location sqrt(2) + log(n)/2."""
    return float(2.0**0.5 + 0.5 * np.log(n_scales) - _PRIOR_VARIANCE)


def _grouped_squares(rows: Floats, groups: NDArray[np.int64], n_scales: int) -> Floats:
    """Squared distances along every length scale, (n_scales, n, n)."""
    squares = np.zeros((n_scales, len(rows), len(rows)))
    for column, group in enumerate(groups):
        squares[group] += (rows[:, np.newaxis, column] - rows[np.newaxis, :, column]) ** 2
    return squares


def at(
    x: Floats,
    rows: Floats,
    values: Floats,
    groups: NDArray[np.int64],
    noise: float | None = None,
) -> GaussianProcess:
    """The process with what `most_probable` found, which is quick."""
    known = None if noise is None else noise**2
    inverse_scale = np.exp(-x[:-1])[groups]
    correlation = _matern(_squares(rows, rows, inverse_scale))[0]
    ratio = _noise_ratio(correlation, values, float(x[-1]), known)
    root = _inverse_root(correlation + ratio * np.eye(len(rows)))
    level, weights, variance = _closed_forms(root, values)
    shares = np.full(len(rows), ratio)
    return GaussianProcess(rows, values, inverse_scale, level, variance, shares, root, weights)


def _noise_ratio(
    correlation: Floats, values: Floats, log_ratio: float, known: float | None
) -> float:
    """Noise variance over amplitude; where the noise is known the two are solved for together."""
    ratio = float(np.exp(log_ratio))
    if known is None:
        return ratio
    least, most = np.exp(_NOISE_BOUNDS)
    for _ in range(20):
        root = _inverse_root(correlation + ratio * np.eye(len(values)))
        ratio = float(np.clip(known / _closed_forms(root, values)[2], least, most))
    return ratio


def _objective(
    x: Floats, squares: Floats, values: Floats, known: float | None
) -> tuple[float, Floats]:
    """Minus the log posterior of log length scales and log noise, and its gradient."""
    weighted = np.exp(-2.0 * x[:-1])
    correlation, slope = _matern(np.tensordot(weighted, squares, axes=1))
    ratio = np.exp(x[-1])
    n = len(values)
    root = _inverse_root(correlation + ratio * np.eye(n))
    _, weights, variance = _closed_forms(root, values)
    posterior = 0.5 * n * np.log(variance) - np.log(np.diag(root)).sum()
    # half the trace of this times the derivative of the correlations
    pull = root.T @ root - np.outer(weights, weights) / variance
    by_scale = -0.5 * weighted * np.tensordot(squares, pull * slope, axes=2)
    by_noise = 0.5 * ratio * float(np.trace(pull))
    middle = _prior_middle(len(weighted))
    posterior += 0.5 * float(np.sum((x[:-1] - middle) ** 2)) / _PRIOR_VARIANCE
    by_scale += (x[:-1] - middle) / _PRIOR_VARIANCE
    if known is None:
        level, width = _NOISE_PRIOR
    else:  # amplitude is near 1 for values of deviation 1
        level, width = float(np.log(max(known, 1e-7))), 0.1
    posterior += 0.5 * ((x[-1] - level) / width) ** 2
    by_noise += (x[-1] - level) / width**2
    return float(posterior), np.append(by_scale, by_noise)


def _closed_forms(root: Floats, values: Floats) -> tuple[float, Floats, float]:
    """The most likely mean, the weights that follow, and the most likely variance."""
    ones = root.sum(axis=1)
    seen = root @ values
    level = float(ones @ seen / (ones @ ones))
    left = seen - level * ones
    variance = max(float(left @ left) / len(values), _LEAST_VARIANCE)
    return level, root.T @ left, variance


def _inverse_root(matrix: Floats) -> Floats:
    """The inverse of the lower Cholesky factor."""
    factor = cholesky(matrix, lower=True, check_finite=False)
    return np.asarray(solve_triangular(factor, np.eye(len(matrix)), lower=True, check_finite=False))


def _squares(rows: Floats, others: Floats, inverse_scale: Floats) -> Floats:
    """Squared scaled distances, (n_rows, n_others)."""
    apart = (rows[:, np.newaxis, :] - others[np.newaxis, :, :]) * inverse_scale
    return np.asarray(np.einsum("ijk,ijk->ij", apart, apart))


def _matern(squares: Floats) -> tuple[Floats, Floats]:
    """Matern 5/2 correlations, and their slope: the derivative by half the squared distance."""
    distance = _SQRT5 * np.sqrt(squares)
    decay = np.exp(-distance)
    return (1.0 + distance + squares * (5.0 / _PRIOR_VARIANCE)) * decay, (
        -5.0 / _PRIOR_VARIANCE
    ) * (1.0 + distance) * decay
