"""Acquisitions: what evaluating a candidate promises, as logarithms with gradients.

One formula serves any number of objectives: what an evaluation would add is an integral over the
cells that the front leaves (one cell, everything below the best, for a single objective), and over
a cell it is a product, since surrogates of different outcomes are independent. So the expected
improvement of the hypervolume is exact. Everything is minimised, and everything is a logarithm that
stays finite where the improvement itself underflows, as Ament et al. 2023 (NeurIPS, "Unexpected
improvements to expected improvement") advise: its gradient never vanishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, logsumexp, ndtri

from kernels.optimise.design import sobol
from kernels.optimise.pareto import Cells
from kernels.optimise.polytope import Floats

_LOG_SQRT_2PI = 0.5 * float(np.log(2.0 * np.pi))
# Below this many deviations the tail of h has its asymptotic form to machine precision.
_FAR = -1e5
# Keeps the logarithm of a difference finite where a cell is thinner than rounding.
_THIN = -1e-14
# Candidates times cells that are computed together: more would only fill the memory.
_MOST_AT_ONCE = 1_000_000


class Score(NamedTuple):
    """Log acquisition of n candidates, (n,), and its gradients by mean and deviation, (n, m)."""

    value: Floats
    by_mean: Floats
    by_std: Floats


class Criterion(Protocol):
    """An acquisition as a function of what the surrogates say of m objectives."""

    def __call__(self, mean: Floats, std: Floats) -> Score:
        """Its logarithm for candidates; mean and std: (n, m)."""
        ...


def log_h(t: Floats) -> Floats:
    """Logarithm of h(t) = phi(t) + t Phi(t), the expected improvement in standard units.

    Source: Ament et al. 2023, equation 9, with erfcx for the tail
    """
    tail = np.minimum(t, -1.0)
    near = np.maximum(t, -1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        head = np.log(np.exp(-0.5 * near**2 - _LOG_SQRT_2PI) + near * np.exp(log_ndtr(near)))
        lost = 1.0 + np.sqrt(np.pi / 2.0) * tail * erfcx(-tail / np.sqrt(2.0))
        factor = np.where(tail < _FAR, -2.0 * np.log(-tail), np.log(np.maximum(lost, 1e-300)))
    return np.where(t > -1.0, head, -0.5 * tail**2 - _LOG_SQRT_2PI + factor)


class _Levels:
    """The edges of cells, each once, so that what depends on an edge alone is computed once."""

    def __init__(self, cells: Cells) -> None:
        self.n_cells, n_objectives = cells.low.shape
        self.edges, self.low, self.high = [], [], []
        for k in range(n_objectives):
            edges, inverse = np.unique(
                np.concatenate([cells.low[:, k], cells.high[:, k]]), return_inverse=True
            )
            self.edges.append(edges)
            self.low.append(inverse[: self.n_cells])
            self.high.append(inverse[self.n_cells :])


class _Factor(NamedTuple):
    """Log of one objective's factor of every cell and its derivatives, each (n, n_cells)."""

    value: Floats
    by_mean: Floats
    by_std: Floats


class ExpectedImprovement:
    """Expected improvement; of the hypervolume where there are several objectives (EHVI).

    Source: Emmerich, Giannakoglou and Naujoks 2006, IEEE Trans Evol Comput 10:421; the cells are of
    Lacour, Klamroth and Fonseca 2017
    """

    def __init__(self, cells: Cells) -> None:
        self._levels = _Levels(cells)

    def __call__(self, mean: Floats, std: Floats) -> Score:
        """Its logarithm for candidates; mean and std: (n, m)."""
        return _over_cells(self._levels, mean, std, _improvement)


class ProbabilityOfImprovement:
    """Probability that a candidate beats the best, or that no row of the front dominates it."""

    def __init__(self, cells: Cells) -> None:
        self._levels = _Levels(cells)

    def __call__(self, mean: Floats, std: Floats) -> Score:
        """Its logarithm for candidates; mean and std: (n, m)."""
        return _over_cells(self._levels, mean, std, _probability)


class ConfidenceBound:
    """What a candidate would add if every outcome were as good as a confidence bound allows.

    beta: deviations below the mean; softness: (m,) deviations that stand for none, which leave the
    gradient a direction where the bound improves nothing
    """

    def __init__(self, cells: Cells, beta: float, softness: Floats) -> None:
        self._levels, self._beta, self._softness = _Levels(cells), beta, softness

    def __call__(self, mean: Floats, std: Floats) -> Score:
        """Its logarithm for candidates; mean and std: (n, m)."""
        soft = np.broadcast_to(self._softness, mean.shape)
        score = _over_cells(self._levels, mean - self._beta * std, soft, _improvement)
        return Score(score.value, score.by_mean, -self._beta * score.by_mean)


@dataclass(frozen=True, slots=True)
class SampledImprovement:
    """Expected improvement of the hypervolume for many objectives, by quasi-Monte Carlo.

    It is the integral, over all that the front does not dominate, of the probability that a
    candidate dominates the point there. points: (n_points, m) of that region, evenly spread
    log_volume: logarithm of the region's volume
    """

    points: Floats
    log_volume: float

    def __call__(self, mean: Floats, std: Floats) -> Score:
        """Its logarithm for candidates; mean and std: (n, m)."""
        t = (self.points - mean[:, np.newaxis]) / std[:, np.newaxis]
        below = log_ndtr(t)
        each = below.sum(axis=2)
        total = logsumexp(each, axis=1)
        share = np.exp(each - total[:, np.newaxis])[:, :, np.newaxis]
        hazard = np.exp(-0.5 * t**2 - _LOG_SQRT_2PI - below) / std[:, np.newaxis]
        value = self.log_volume + total - float(np.log(len(self.points)))
        return Score(value, -(share * hazard).sum(axis=1), -(share * hazard * t).sum(axis=1))


def sampled_improvement(
    front: Floats, ideal: Floats, reference: Floats, n: int, rng: np.random.Generator
) -> SampledImprovement:
    """Points from ideal to reference that no row of the front, (n_front, m), dominates."""
    share = sobol(n, len(reference), rng)
    points = ideal + share * (reference - ideal)
    dominated = np.zeros(n, dtype=np.bool_)
    for row in front:
        dominated |= np.all(row <= points, axis=1)
    free = points[~dominated]
    if not len(free):  # the ideal itself is dominated by nothing
        free = ideal[np.newaxis]
    log_volume = float(np.log(np.prod(reference - ideal) * len(free) / n))
    return SampledImprovement(free, log_volume)


def log_feasibility(mean: Floats, std: Floats, limit: Floats) -> Score:
    """Log probability that every outcome stays below its limit; mean, std: (n, m); limit: (m,)."""
    t = (limit - mean) / std
    below = log_ndtr(t)
    hazard = np.exp(-0.5 * t**2 - _LOG_SQRT_2PI - below) / std
    return Score(below.sum(axis=1), -hazard, -hazard * t)


def normal_draws(n: int, m: int, rng: np.random.Generator) -> Floats:
    """Standard normal numbers spread evenly, (n, m)."""
    return np.asarray(ndtri(np.clip(sobol(n, m, rng), 1e-10, 1.0 - 1e-10)))


def _over_cells(levels: _Levels, mean: Floats, std: Floats, factor: _FactorOf) -> Score:
    """Log of the sum over cells of the product over objectives, some candidates at a time."""
    block = max(_MOST_AT_ONCE // levels.n_cells, 1)
    parts = [
        _block(levels, mean[begin : begin + block], std[begin : begin + block], factor)
        for begin in range(0, len(mean), block)
    ]
    return Score(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _block(levels: _Levels, mean: Floats, std: Floats, factor: _FactorOf) -> Score:
    factors = [
        factor(
            levels.edges[k], levels.low[k], levels.high[k], mean[:, k : k + 1], std[:, k : k + 1]
        )
        for k in range(mean.shape[1])
    ]
    each = np.sum([f.value for f in factors], axis=0)
    total = logsumexp(each, axis=1)
    share = np.exp(each - total[:, np.newaxis])
    by_mean = np.stack([(share * f.by_mean).sum(axis=1) for f in factors], axis=1)
    by_std = np.stack([(share * f.by_std).sum(axis=1) for f in factors], axis=1)
    return Score(total, by_mean, by_std)


class _FactorOf(Protocol):
    def __call__(
        self,
        edges: Floats,
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        mean: Floats,
        std: Floats,
    ) -> _Factor: ...


def _edge_terms(edges: Floats, mean: Floats, std: Floats) -> tuple[Floats, Floats, Floats]:
    """Standardised edges, log Phi and log phi there; -inf becomes far away."""
    t = (np.maximum(edges, -1e150) - mean) / std
    t = np.maximum(t, -1e150)
    return t, log_ndtr(t), -0.5 * t**2 - _LOG_SQRT_2PI


def _difference(high: Floats, low: Floats) -> Floats:
    """log(exp(high) - exp(low)) for high > low."""
    return np.asarray(high + np.log(-np.expm1(np.minimum(low - high, _THIN))))


def _improvement(
    edges: Floats, low: NDArray[np.int64], high: NDArray[np.int64], mean: Floats, std: Floats
) -> _Factor:
    """E[(high - max(Z, low))+] for normal Z.

    It is psi(high) - psi(low), where psi(b) = std h((b - mean) / std).
    """
    t, below, density = _edge_terms(edges, mean, std)
    psi = log_h(t) + np.log(std)
    value = _difference(psi[:, high], psi[:, low])
    by_mean = np.exp(below[:, low] - value) - np.exp(below[:, high] - value)
    by_std = np.exp(density[:, high] - value) - np.exp(density[:, low] - value)
    return _Factor(value, by_mean, by_std)


def _probability(
    edges: Floats, low: NDArray[np.int64], high: NDArray[np.int64], mean: Floats, std: Floats
) -> _Factor:
    """P(low < Z < high) for normal Z."""
    t, below, density = _edge_terms(edges, mean, std)
    value = _difference(below[:, high], below[:, low])
    slope_high = np.exp(density[:, high] - value)
    slope_low = np.exp(density[:, low] - value)
    by_mean = (slope_low - slope_high) / std
    by_std = (slope_low * t[:, low] - slope_high * t[:, high]) / std
    return _Factor(value, by_mean, by_std)
