"""A batch: one model and N columns, each a parameter point, a stimulus, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.model import Array, Model
from kernels.neurons.stimulus import Columns, Stimulus, of_columns

_TRIAL = 1 << 22  # above any column of a sweep


@dataclass(frozen=True)
class Batch:
    """One model and its columns.

    params: {name: number or (n_columns,)} what differs from the model's defaults
    init: {state: number or (n_columns,)} what differs from the model's initial states
    columns: (n_columns,) identity of each column in the whole sweep; noise is keyed by it
    """

    model: Model
    n_columns: int
    stimulus: Stimulus
    params: Mapping[str, Array] = field(default_factory=dict)
    init: Mapping[str, Array] = field(default_factory=dict)
    seed: int = 0
    columns: NDArray[np.int64] | None = None

    def identities(self) -> NDArray[np.int64]:
        """The identity of each column, (n_columns,)."""
        return np.arange(self.n_columns) if self.columns is None else self.columns

    def parameters(self) -> dict[str, Array]:
        """Every parameter of the model, a number or (n_columns,)."""
        return {p.name: self.params.get(p.name, p.default) for p in self.model.params}

    def initial_states(self) -> dict[str, Array]:
        """Every state at time 0, (n_columns,)."""
        params = self.parameters()
        states = {}
        for state in self.model.states:
            default = params[state.initial] if isinstance(state.initial, str) else state.initial
            value = np.asarray(self.init.get(state.name, default), np.float64)
            states[state.name] = np.broadcast_to(value, (self.n_columns,)).copy()
        return states

    def take(self, columns: Columns) -> Batch:
        """Some of the columns, which keep their identity."""
        identities = self.identities()[columns]
        return replace(
            self,
            n_columns=len(identities),
            stimulus=self.stimulus.take(columns),
            params={name: of_columns(value, columns) for name, value in self.params.items()},
            init={name: of_columns(value, columns) for name, value in self.init.items()},
            columns=identities,
        )

    def repeat(self, trials: int) -> Batch:
        """Every column so many times in a row, each with an identity, and so noise, of its own."""
        which = np.repeat(np.arange(self.n_columns), trials)
        identities = self.identities()[which] + _TRIAL * np.tile(np.arange(trials), self.n_columns)
        return replace(self.take(which), columns=identities)

    def split(self, n_batches: int) -> list[Batch]:
        """The columns in order, in at most n_batches batches of nearly equal width."""
        return [self.take(part) for part in parts(self.n_columns, n_batches)]


def parts(n: int, n_parts: int) -> list[slice]:
    """0..n cut into at most n_parts consecutive slices of nearly equal length."""
    edges: Sequence[int] = np.linspace(0, n, min(n, n_parts) + 1).astype(int).tolist()
    return [slice(a, b) for a, b in pairwise(edges)]
