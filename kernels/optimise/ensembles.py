"""Ensembles of trees or small networks: regressions whose members' disagreement tells the doubt."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import BaggingRegressor, RandomForestRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

from kernels.optimise.polytope import Floats

_N_TREES = 100
_N_NETWORKS = 16
# Deviations below this share of the values' own would claim more than an ensemble can know.
_LEAST_STD = 1e-3
# How far, as a share of the cube's diagonal, a row counts as known once it has been conditioned on.
_KNOWN_WITHIN = 0.1


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Members trained on samples of the values, drawn with replacement.

    members: fitted scikit-learn regressors; calibration: by which their disagreement is multiplied
    so that values left out of a member lie as far off as it says
    out_of_bag: mean and calibrated deviation of every value from members that have not seen it
    known: (n_known, width) rows that count as evaluated
    """

    members: tuple[Any, ...]
    calibration: float
    out_of_bag: tuple[Floats, Floats]
    known: Floats

    def predict(self, rows: Floats) -> tuple[Floats, Floats]:
        """Mean and calibrated standard deviation, each (n,); less close to rows that are known."""
        each = self._each(rows)
        std = np.maximum(self.calibration * each.std(axis=0), _LEAST_STD)
        return each.mean(axis=0), np.maximum(std * self._doubt(rows), 1e-6)

    def _each(self, rows: Floats) -> Floats:
        return _predictions(self.members, rows)

    def _doubt(self, rows: Floats) -> Floats:
        """What is left of the deviation at every row, (n,): nothing where it is known."""
        if not len(self.known):
            return np.ones(len(rows))
        apart = np.linalg.norm(rows[:, np.newaxis] - self.known[np.newaxis], axis=2).min(axis=1)
        within = _KNOWN_WITHIN * rows.shape[1] ** 0.5
        return np.asarray(np.sqrt(-np.expm1(-((apart / within) ** 2))))

    def condition(self, rows: Floats) -> Ensemble:
        """The ensemble sure of what it predicts at these rows, and surer around them."""
        return replace(self, known=np.vstack([self.known, rows]))

    def leave_one_out(self) -> tuple[Floats, Floats]:
        """Mean and deviation of every value from members that have not seen it, each (n,)."""
        return self.out_of_bag

    def sample(self, rows: Floats, n: int, rng: np.random.Generator) -> Floats:
        """Members drawn at random, their distance from the mean calibrated, (n, n_rows)."""
        each = self._each(rows)
        mean = each.mean(axis=0)
        chosen = each[rng.integers(len(each), size=n)]
        return np.asarray(mean + self.calibration * (chosen - mean) * self._doubt(rows))


def fit(
    kind: Literal["random_forest", "mlp"], rows: Floats, values: Floats, rng: np.random.Generator
) -> Ensemble:
    """An ensemble of trees or of networks with two layers; rows: (n, width), values: (n,)."""
    seed = int(rng.integers(2**31))
    regressor: Any
    if kind == "random_forest":
        regressor = RandomForestRegressor(_N_TREES, random_state=seed)
    else:
        network = MLPRegressor(
            hidden_layer_sizes=(32, 32), activation="tanh", solver="lbfgs", alpha=1e-3, max_iter=200
        )
        regressor = BaggingRegressor(network, _N_NETWORKS, random_state=seed)
    with warnings.catch_warnings():
        # a network that has not settled after 200 rounds is as good a member as any
        warnings.simplefilter("ignore", ConvergenceWarning)
        regressor.fit(rows, values)
    members = tuple(regressor.estimators_)
    mean, std = _out_of_bag(members, regressor.estimators_samples_, rows, values)
    calibration = float(np.sqrt(np.mean(((values - mean) / std) ** 2)))
    return Ensemble(members, calibration, (mean, calibration * std), np.empty((0, rows.shape[1])))


def _predictions(members: tuple[Any, ...], rows: Floats) -> Floats:
    """What every member predicts, (n_members, n).

    As their own `predict` does, which takes ten times as long to make sure what its argument is.
    """
    if isinstance(members[0], MLPRegressor):
        return np.array([_forward(network, rows) for network in members])
    single = np.ascontiguousarray(rows, dtype=np.float32)
    return np.array([tree.tree_.predict(single)[:, 0] for tree in members])


def _forward(network: MLPRegressor, rows: Floats) -> Floats:
    *hidden, last = zip(network.coefs_, network.intercepts_, strict=True)
    for weights, offset in hidden:
        rows = np.tanh(rows @ weights + offset)
    return np.asarray((rows @ last[0] + last[1])[:, 0])


def _out_of_bag(
    members: tuple[Any, ...], samples: list[NDArray[np.int64]], rows: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """Mean and deviation, each (n,), of members that have not seen a value.

    A value that all members have seen, or all but one, is predicted as the mean of all values.
    """
    each = _predictions(members, rows)
    seen = np.array([np.isin(np.arange(len(rows)), sample) for sample in samples])
    count = (~seen).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, 0.0, each).sum(axis=0) / count
        std = np.sqrt(np.where(seen, 0.0, (each - mean) ** 2).sum(axis=0) / count)
    few = count < 2
    mean = np.where(few, values.mean(), mean)
    std = np.where(few, values.std(), std)
    return mean, np.maximum(std, _LEAST_STD)
