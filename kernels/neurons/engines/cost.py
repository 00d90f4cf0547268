"""What a step costs on each engine: a static estimate from the operations on its tape.

Seconds per step = overhead + per_column * n_columns, on one core, to within a factor of about 2.
It plans the work and chooses the engine. Measured with numpy 2 and CPython 3.11 on a 3 GHz server:
a numpy call costs a quarter of a microsecond whatever its width, then 0.4 ns per column, or 3 ns
for a function such as exp; the same in plain Python costs 9 ns per column, or 30 ns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kernels.neurons.model import Integrator, Model
from kernels.neurons.tape import record


class Cost(NamedTuple):
    """Seconds per step, and seconds per step and column."""

    overhead: float
    per_column: float


class Prices(NamedTuple):
    """Seconds that an engine takes: per step, per operation, and per column of an operation."""

    step: float
    step_column: float
    operation: float
    arithmetic: float
    function: float


PRICES = {
    "numpy": Prices(1e-6, 0.0, 0.25e-6, 0.4e-9, 3e-9),
    "scalar": Prices(0.0, 60e-9, 0.0, 9e-9, 30e-9),
}
_ARITHMETIC = frozenset(["add", "subtract", "multiply", "divide", "negative"])


def per_step(engine: str, model: Model, integrator: Integrator) -> Cost:
    """The cost of one step of a batch."""
    tape = record(model, integrator, refractory=False)
    names = [op.name for index, op in tape.operations.items() if tape.per_step[index.position]]
    n_cheap = sum(name in _ARITHMETIC for name in names)
    price = PRICES[engine]
    return Cost(
        price.step + price.operation * len(names),
        price.step_column + price.arithmetic * n_cheap + price.function * (len(names) - n_cheap),
    )


def seconds(
    engine: str, model: Model, integrator: Integrator, n_columns: int, n_steps: float
) -> float:
    """How long a batch takes, in seconds."""
    overhead, per_column = per_step(engine, model, integrator)
    return n_steps * (overhead + per_column * n_columns)


def fastest(model: Model, integrator: Integrator, widths: Iterable[int]) -> str:
    """The engine that runs batches of these widths in the least time."""
    widths = list(widths)

    def total(engine: str) -> float:
        return sum(seconds(engine, model, integrator, width, 1.0) for width in widths)

    return min(PRICES, key=total)
