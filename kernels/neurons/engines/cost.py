"""What a batch costs on each engine: a static estimate from the operations of a step.

It plans the work and chooses the engine. The prices are least-squares fits over the catalogue with
numpy 2.4, CPython 3.11 and LLVM 20 on a server with AVX-512; on other machines they shift together,
but for numpy's elementary functions, which take from 1 to 5 ns: what stands here is between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from kernels.neurons.model import Integrator, Model
from kernels.neurons.program import usual

Ready = Collection[str]
"""The digests of the programs whose machine code need not be compiled any more."""


class Cost(NamedTuple):
    """Seconds per step, and seconds per step and column."""

    overhead: float
    per_column: float


class Prices(NamedTuple):
    """Nanoseconds that an engine takes.

    run: once, with everything compiled; step: per step; call: per operation of a step
    column: per column of a step, and then per column of an operation: arithmetic, a division, an
        elementary function, one of the C library, any other
    tile: columns that are computed at once, whether there are so many or not
    """

    run: float
    step: float
    call: float
    column: float
    arithmetic: float
    division: float
    function: float
    library: float
    other: float
    tile: int = 1


PRICES = {
    "numpy": Prices(0.2e6, 900.0, 200.0, 1.2, 0.3, 1.3, 2.5, 32.0, 2.0),
    "scalar": Prices(0.2e6, 0.0, 0.0, 59.0, 8.0, 11.0, 33.0, 116.0, 10.0),
    "llvm": Prices(0.2e6, 0.0, 0.0, 0.6, 0.05, 0.15, 1.0, 13.0, 0.15, tile=16),
}
# seconds, for each operation, and for each elementary function, which is compiled once
_COMPILING = (0.02, 0.11e-3, 0.006)

_KINDS = {
    **dict.fromkeys(("add", "subtract", "multiply", "negative"), "arithmetic"),
    **dict.fromkeys(("divide", "sqrt"), "division"),
    **dict.fromkeys(("exp", "expm1", "log", "tanh", "cosh", "sin", "cos", "arctan"), "function"),
    **dict.fromkeys(("log1p", "tan", "sinh", "power", "remainder"), "library"),
}


@lru_cache(maxsize=2048)
def per_step(engine: str, model: Model, integrator: Integrator) -> Cost:
    """The cost of one step of a batch."""
    tape, price = usual(model, integrator).step, PRICES[engine]
    kinds = Counter(
        _KINDS.get(operation.name, "other")
        for index, operation in tape.operations.items()
        if tape.per_step[index.position]
    )
    column = price.column + sum(n * getattr(price, kind) for kind, n in kinds.items())
    narrow = column * (price.tile - 1) / 2  # a tile is half empty on average
    return Cost((price.step + price.call * kinds.total() + narrow) * 1e-9, column * 1e-9)


def filled(engine: str, n_columns: int) -> int:
    """How many columns an engine holds in memory for so many: few are filled up to a tile."""
    return max(n_columns, PRICES[engine].tile) if n_columns else 0


def start(engine: str, model: Model, integrator: Integrator, ready: Ready = ()) -> float:
    """Seconds before the first step."""
    run = PRICES[engine].run * 1e-9
    made = usual(model, integrator)
    if engine != "llvm" or made.digest in ready:
        return run
    names = [
        operation.name for tape in (made.step, made.reset) for operation in tape.operations.values()
    ]
    functions = {name for name in names if _KINDS.get(name) == "function"}
    once, each, function = _COMPILING
    return run + once + each * len(names) + function * len(functions)


def seconds(
    engine: str, model: Model, integrator: Integrator, n_columns: int, n_steps: float
) -> float:
    """How long the steps of a batch take."""
    overhead, per_column = per_step(engine, model, integrator)
    return n_steps * (overhead + per_column * n_columns)


def estimates(
    model: Model,
    integrator: Integrator,
    widths: Iterable[int],
    n_steps: float,
    ready: Ready = (),
) -> dict[str, float]:
    """Seconds that batches of these widths take in all, by engine, the fastest first."""
    widths = list(widths)
    total = {
        engine: start(engine, model, integrator, ready)
        + sum(seconds(engine, model, integrator, width, n_steps) for width in widths)
        for engine in PRICES
    }
    return dict(sorted(total.items(), key=lambda item: item[1]))
