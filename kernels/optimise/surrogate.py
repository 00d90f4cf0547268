"""Surrogates: what is believed of an objective everywhere, from where it has been evaluated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from kernels.optimise import gaussian_process
from kernels.optimise.gaussian_process import GaussianProcess, Prediction
from kernels.optimise.polytope import Floats
from kernels.optimise.space import Space

Kind = Literal["gp", "random_forest", "mlp"]

# Half width of the interval that holds 95 % of a normal distribution, in deviations.
_NORMAL_95 = 1.96
# Deviations below this share of the values themselves are rounding.
_ROUNDING = 1e-12


class Model(Protocol):
    """A regression of values of mean 0 and deviation 1 that knows how sure it is."""

    def predict(self, rows: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation, each (n,)."""
        ...

    def condition(self, rows: Floats) -> Model:
        """The model as if its own means had been seen at these rows."""
        ...

    def leave_one_out(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation of every value from others alone, each (n,)."""
        ...

    def sample(self, rows: Floats, n: int, rng: np.random.Generator) -> Floats:
        """Values of n functions that could be the truth, (n, n_rows)."""
        ...


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a surrogate describes what it was trained on.

    train_loss: root mean square error on its own values; val_loss: on each value from others alone
    (leave-one-out, or out-of-bag for ensembles); both in standard deviations of the values
    coverage: share of the values within the 95 % interval that the others give
    log_likelihood: of the values, natural logarithm; None where the model has none
    """

    train_loss: float
    val_loss: float
    coverage: float
    log_likelihood: float | None


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A model of one outcome over the rows of a space, in the outcome's own unit.

    hyperparameters: what training a Gaussian process took its time for
    """

    space: Space
    model: Model
    offset: float
    scale: float
    quality: Quality
    hyperparameters: Floats | None

    @property
    def smooth(self) -> bool:
        """Whether it has gradients."""
        return isinstance(self.model, GaussianProcess)

    def predict(self, rows: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation at rows of the cube, each (n,)."""
        mean, std = self.model.predict(self.space.features(rows)[0])
        return self.offset + self.scale * mean, self.scale * std

    def predict_with_gradient(self, rows: Floats) -> Prediction:
        """Mean, deviation and their gradients by rows of the cube; for smooth ones alone."""
        if not isinstance(self.model, GaussianProcess):
            raise TypeError("only a Gaussian process has gradients")
        seen, slope = self.space.features(rows)
        found = self.model.predict_with_gradient(seen)
        slope = slope * self.scale
        return Prediction(
            self.offset + self.scale * found.mean,
            self.scale * found.std,
            slope * found.mean_gradient,
            slope * found.std_gradient,
        )

    def condition(self, rows: Floats) -> Surrogate:
        """As if what it predicts had been seen at these rows, as for pending candidates."""
        if not len(rows):
            return self
        return replace(self, model=self.model.condition(self.space.features(rows)[0]))

    def sample(self, rows: Floats, n: int, rng: np.random.Generator) -> Floats:
        """Values at rows of n functions that could be the truth, (n, n_rows)."""
        return self.offset + self.scale * self.model.sample(self.space.features(rows)[0], n, rng)


def train(
    space: Space,
    rows: Floats,
    values: Floats,
    rng: np.random.Generator,
    *,
    kind: Kind = "gp",
    noise: float | None = None,
    found: Floats | None = None,
) -> Surrogate:
    """A surrogate of one outcome.

    rows: (n, width) of the cube; values: (n,); those that are not finite are left out
    noise: standard deviation of the outcome's noise in its own unit; None has it found
    found: `hyperparameters` of an earlier training on the same values, which then takes no time
    ValueError: fewer than two values
    """
    known = np.isfinite(values)
    rows, values = rows[known], values[known]
    if len(values) < 2:
        raise ValueError("a surrogate needs two values at least")
    offset, scale = float(values.mean()), float(values.std())
    if scale <= _ROUNDING * abs(offset):  # they are the same
        scale, values = 1.0, np.full(len(values), offset)
    standard = (values - offset) / scale
    features = space.features(rows)[0]
    model: Model
    if kind == "gp":
        share = None if noise is None else noise / scale
        if found is None:
            found = gaussian_process.most_probable(features, standard, space.groups, share)
        model = gaussian_process.at(found, features, standard, space.groups, share)
    else:
        # scikit-learn takes a second to import, and the usual surrogate does without
        from kernels.optimise import ensembles

        model = ensembles.fit(kind, features, standard, rng)
    return Surrogate(space, model, offset, scale, _quality(model, features, standard), found)


def _quality(model: Model, features: Floats, values: Floats) -> Quality:
    mean, std = model.leave_one_out()
    likelihood = model.log_likelihood() if isinstance(model, GaussianProcess) else None
    return Quality(
        train_loss=_root_mean_square(model.predict(features)[0] - values),
        val_loss=_root_mean_square(mean - values),
        coverage=float(np.mean(np.abs(mean - values) <= _NORMAL_95 * std)),
        log_likelihood=likelihood,
    )


def _root_mean_square(errors: Floats) -> float:
    return float(np.sqrt(np.mean(errors**2)))
