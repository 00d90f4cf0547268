"""The engine for narrow batches: the step as plain Python over floats, column after column.

numpy pays for every operation whatever the width; Python's floats cost a twentieth of that per
column. The program is written from the tape, which only models of the catalogue fill.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.engines import Advanced, Block, refractory_steps
from kernels.neurons.model import Array, Integrator, Model
from kernels.neurons.noise import Floats
from kernels.neurons.tape import Index, Tape, record, record_reset

# carried values, parameters, currents, noise, refractory steps, traced
#   -> carried values, steps of spikes, states after each step one after another
Program = Callable[..., tuple[list[float], list[int], list[float]]]

_OPERATORS = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "remainder": "{0} % {1}",
    "negative": "-{0}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "equal": "{0} == {1}",
    "not_equal": "{0} != {1}",
    "logical_and": "{0} and {1}",
    "logical_or": "{0} or {1}",
    "logical_not": "not {0}",
    "where": "{1} if {0} else {2}",
    "maximum": "{0} if {0} >= {1} or {0} != {0} else {1}",
    "minimum": "{0} if {0} <= {1} or {0} != {0} else {1}",
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in ("exp", "expm1", "log", "log1p", "sqrt")},
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "abs": abs,
    "arctan": math.atan,
    "floor": lambda x: float(math.floor(x)),
    "power": math.pow,
    "sign": lambda x: math.copysign(1.0, x) if x else x,
}


def _of_numpy(name: str) -> Callable[..., float]:
    return lambda *args: float(getattr(np, name)(*args))


# Where Python raises an error, numpy goes on with infinity or NaN.
_RAISING = ("divide", "remainder")
_NUMPY_FUNCTIONS = {name: _of_numpy(name) for name in (*_FUNCTIONS, *_RAISING)}


def advance(block: Block) -> Advanced:
    """Advance every column of the block by its steps."""
    refractory, traced = refractory_steps(block), frozenset(block.traced.tolist())
    columns = [
        _advance(block, column, refractory, column in traced) for column in range(len(block.held))
    ]
    spikes = sorted((k, i) for i, column in enumerate(columns) for k in column.spikes)
    traces = [columns[i].trace for i in block.traced]
    ends = np.array([column.ends for column in columns])
    n_states = len(block.states)
    return Advanced(
        states={name: ends[:, j].copy() for j, name in enumerate(block.states)},
        held=ends[:, n_states].copy(),
        rate_sum=ends[:, n_states + 1].copy(),
        spike_steps=np.array([k for k, _ in spikes], np.int64),
        spike_columns=np.array([i for _, i in spikes], np.int64),
        traces={
            name: _columns([trace[j::n_states] for trace in traces], len(block.currents))
            for j, name in enumerate(block.states)
        },
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """What became of one column: states, held and rate_sum at the end, spikes, trace."""

    ends: list[float]
    spikes: list[int]
    trace: list[float]


def _advance(block: Block, column: int, refractory: Array | None, is_traced: bool) -> _Column:
    begins = [_at(value, column) for value in (*block.states.values(), block.held, block.rate_sum)]
    params = {name: _at(value, column) for name, value in block.params.items()}
    arguments = (
        begins,
        params | {"dt": block.dt},
        _rows(block.currents, column),
        {name: _rows(numbers, column) for name, numbers in block.noise.items()},
        0.0 if refractory is None else _at(refractory, column),
        is_traced,
    )
    program = _program(block.model, block.integrator, refractory is not None)
    try:
        return _Column(*program(*arguments))
    except (ArithmeticError, ValueError):
        program = _program(block.model, block.integrator, refractory is not None, like_numpy=True)
        with np.errstate(all="ignore"):
            return _Column(*program(*arguments))


def _at(value: Array, column: int) -> float:
    return float(value[column] if np.ndim(value) else value)


def _rows(numbers: Floats, column: int) -> list[float]:
    rows: list[float] = numbers[:, column].tolist()
    return rows


def _columns(columns: Iterable[list[float]], n_rows: int) -> NDArray[np.float64]:
    return np.array(list(columns), np.float64).reshape(-1, n_rows).T


@lru_cache(maxsize=1024)
def _program(
    model: Model, integrator: Integrator, refractory: bool, *, like_numpy: bool = False
) -> Program:
    """The step loop of a model as a Python function; like_numpy: slow, but raises no error."""
    step = record(model, integrator, refractory=refractory)
    reset = record_reset(model)
    carried = [("state", state.name) for state in model.states] + [("held", ""), ("rate_sum", "")]
    c = _Writer(like_numpy)
    lines = [f"({', '.join(c.carried(key) for key in carried)},) = begins"]
    lines += c.inputs(step, "s") + c.inputs(reset, "r")
    lines += c.operations(step, "s", per_step=False) + c.operations(reset, "r", per_step=False)
    lines += ["spikes, trace = [], []", "for k in range(len(currents)):"]
    body = c.row_inputs(step, "s") + c.operations(step, "s", per_step=True)
    body += c.replace(step, "s")
    if step.fired is not None:
        after = [*c.operations(reset, "r", per_step=True), *c.replace(reset, "r")]
        after += [
            "spikes.append(k + 1)",
            *([f"{c.carried(('held', ''))} = refractory"] * refractory),
        ]
        body += [f"if {c.value(step, 's', step.fired)}:", *("    " + line for line in after)]
    states = ", ".join(c.carried(key) for key in carried[:-2])
    body += [f"if traced: trace += ({states},)"]
    lines += ["    " + line for line in body]
    lines += [f"return [{', '.join(c.carried(key) for key in carried)}], spikes, trace"]
    head = "def program(begins, params, currents, noise, refractory, traced):\n"
    scope: dict[str, Any] = dict(_NUMPY_FUNCTIONS if like_numpy else _FUNCTIONS)
    source = head + "".join(f"    {line}\n" for line in lines)
    exec(compile(source, f"<step of {model.name}>", "exec"), scope)  # noqa: S102 (our own tape)
    program: Program = scope["program"]
    return program


class _Writer:
    """Lines of the program; names are those of no model, so none can break it."""

    def __init__(self, like_numpy: bool) -> None:
        self._operators = {
            name: text for name, text in _OPERATORS.items() if not (like_numpy and name in _RAISING)
        }
        self._names: dict[tuple[str, str], str] = {}

    def carried(self, key: tuple[str, str]) -> str:
        """The variable that goes from step to step."""
        return self._names.setdefault(key, f"c{len(self._names)}")

    def value(self, tape: Tape, prefix: str, index: Index | float) -> str:
        """A value of the tape as an expression."""
        if not isinstance(index, Index):
            return f"({index!r})"
        for key, position in tape.inputs.items():
            if position == index and key in self._names:
                return self._names[key]
        return f"{prefix}{index.position}"

    def inputs(self, tape: Tape, prefix: str) -> list[str]:
        """Parameters into variables."""
        return [
            f"{prefix}{index.position} = params[{name!r}]"
            for (kind, name), index in tape.inputs.items()
            if kind == "param"
        ]

    def row_inputs(self, tape: Tape, prefix: str) -> list[str]:
        """The step's current and noise into variables."""
        sources = {"current": "currents", "noise": "noise[{!r}]"}
        return [
            f"{prefix}{index.position} = {sources[kind].format(name)}[k]"
            for (kind, name), index in tape.inputs.items()
            if kind in sources
        ]

    def operations(self, tape: Tape, prefix: str, *, per_step: bool) -> list[str]:
        """The operations that are done at every step, or the others."""
        lines = []
        for index, operation in tape.operations.items():
            if tape.per_step[index.position] is per_step:
                args = [self.value(tape, prefix, arg) for arg in operation.args]
                call = f"{operation.name}({', '.join(args)})"
                if operation.name in self._operators:
                    call = self._operators[operation.name].format(*args)
                lines.append(f"{prefix}{index.position} = {call}")
        return lines

    def replace(self, tape: Tape, prefix: str) -> list[str]:
        """What the tape leaves for the next step, all at once."""
        if not tape.results:
            return []
        names = ", ".join(self.carried(key) for key in tape.results)
        values = ", ".join(self.value(tape, prefix, index) for index in tape.results.values())
        return [f"{names} = {values}"]
