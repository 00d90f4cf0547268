"""The reference engine: every operation of a step acts on all columns at once.

It plays the tape of the model's step into buffers that are used again from step to step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.engines import Advanced, Block, refractory_steps
from kernels.neurons.model import Array
from kernels.neurons.tape import Index, Operation, Tape, record, record_reset

Call = tuple[Callable[..., Any], tuple[Array, ...]]
Key = tuple[str, str]
Bank = dict[Key, Array]


def advance(block: Block) -> Advanced:
    """Advance every column of the block by its steps."""
    with np.errstate(all="ignore"):  # a column that diverges is told by its states, not by warnings
        return _advance(block)


def _advance(block: Block) -> Advanced:
    player = _Player(block)
    spikes: list[tuple[int, NDArray[np.int64]]] = []
    n_steps, traced = len(block.currents), block.traced
    traces = {name: np.empty((n_steps, len(traced))) for name in block.states}
    fired, rows, turn = player.fired, player.rows, player.turns[-1]
    for k, turn in zip(range(n_steps), cycle(player.turns), strict=False):
        for buffer, numbers in rows:
            np.copyto(buffer, numbers[k])
        for function, args in turn.step:
            function(*args)
        if np.count_nonzero(fired):
            spikes.append((k + 1, fired.nonzero()[0]))
            for function, args in turn.reset:
                function(*args)
        if len(traced):
            for name, trace in traces.items():
                trace[k] = turn.bank["state", name][traced]
    return Advanced(
        states={name: turn.bank["state", name] for name in block.states},
        held=turn.bank["held", ""],
        rate_sum=turn.bank["rate_sum", ""],
        spike_steps=_joined([np.full(len(columns), k) for k, columns in spikes]),
        spike_columns=_joined([columns for _, columns in spikes]),
        traces=traces,
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """The calls that fill a bank from the other one, and those that reset who fired."""

    bank: Bank
    step: list[Call]
    reset: list[Call]


class _Player:
    """The tape of a step bound to two banks of states, which take turns.

    fired: (n_columns,) who spiked in the step; rows: buffers to fill with its current and noise
    """

    def __init__(self, block: Block) -> None:
        refractory = refractory_steps(block)
        step = record(block.model, block.integrator, refractory=refractory is not None)
        reset = record_reset(block.model)
        self._n = len(block.held)
        self.fired = np.zeros(self._n, np.bool_)
        self.rows: list[tuple[Array, Array]] = []
        banks: list[Bank] = [
            {
                **{("state", name): np.array(value) for name, value in block.states.items()},
                ("held", ""): np.array(block.held),
                ("rate_sum", ""): np.array(block.rate_sum),
            }
            for _ in range(2)
        ]
        fixed, fixed_at_reset = self._fixed(step, block), self._fixed(reset, block)
        self.turns: list[_Turn] = []
        for now, then in (banks, banks[::-1]):
            step_calls = self._bound_step(step, fixed, now, then)
            reset_calls = self._bound_reset(reset, fixed_at_reset, then, refractory)
            self.turns.append(_Turn(then, step_calls, reset_calls))

    def _fixed(self, tape: Tape, block: Block) -> dict[Index, Array]:
        """What stays in place from step to step, and what follows from parameters alone."""
        fixed: dict[Index, Array] = {}
        for (kind, name), index in tape.inputs.items():
            if kind == "param":
                fixed[index] = np.asarray(block.dt if name == "dt" else block.params[name])
            elif kind in ("current", "noise"):
                rows = block.currents if kind == "current" else block.noise[name]
                fixed[index] = np.array(rows[0])
                if rows.strides[0]:  # a constant stimulus repeats one row
                    self.rows.append((fixed[index], rows))
        for index, operation in tape.operations.items():
            if not tape.per_step[index.position]:
                function = getattr(np, operation.name)
                fixed[index] = np.asarray(function(*_args(operation, fixed)))
        return fixed

    def _bound_step(
        self, tape: Tape, fixed: dict[Index, Array], now: Bank, then: Bank
    ) -> list[Call]:
        results = [(then[key], index) for key, index in tape.results.items()]
        results += [(self.fired, tape.fired)] if tape.fired is not None else []
        calls, values = self._bound(tape, fixed, now, results)
        moves = [(buffer, _value(index, values)) for buffer, index in results]
        return calls + [(np.copyto, move) for move in moves if move[0] is not move[1]]

    def _bound_reset(
        self, tape: Tape, fixed: dict[Index, Array], bank: Bank, refractory: Array | None
    ) -> list[Call]:
        calls, values = self._bound(tape, fixed, bank, [])
        moves = []
        for key, index in tape.results.items():
            source = _value(index, values)
            if any(source is state for state in bank.values()):  # it may itself be reset first
                calls.append((np.copyto, (kept := np.empty(self._n), source)))
                source = kept
            moves.append((bank[key], source))
        if refractory is not None:
            moves.append((bank["held", ""], refractory))
        return calls + [(_copy_where, (buffer, source, self.fired)) for buffer, source in moves]

    def _bound(
        self,
        tape: Tape,
        fixed: dict[Index, Array],
        bank: Bank,
        results: list[tuple[Array, Index | float]],
    ) -> tuple[list[Call], dict[Index, Array]]:
        """Calls for the tape's operations, results in place where one computes them.

        A buffer serves again once the last operation that reads it is done.
        """
        values = fixed | {index: bank[key] for key, index in tape.inputs.items() if key in bank}
        places = {index: buffer for buffer, index in reversed(results) if type(index) is Index}
        last_use = {a: i for i, op in tape.operations.items() for a in op.args}
        free: dict[type, list[Array]] = {np.bool_: [], np.float64: []}
        lasting = set(tape.results.values())
        temporary: set[Index] = set()
        calls: list[Call] = []
        for index, operation in tape.operations.items():
            if not tape.per_step[index.position]:
                continue
            dtype = np.bool_ if operation.name in _PREDICATES else np.float64
            if index in places and places[index].dtype == dtype:
                out = places[index]
            else:
                out = free[dtype].pop() if free[dtype] else np.empty(self._n, dtype)
                if index not in lasting:
                    temporary.add(index)
            calls.append((_function(operation.name), (*_args(operation, values), out)))
            values[index] = out
            for arg in temporary.intersection(operation.args):
                if last_use[arg] == index:
                    temporary.remove(arg)
                    free[values[arg].dtype.type].append(values[arg])
        return calls, values


_PREDICATES = frozenset(
    [
        *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
        *("logical_and", "logical_or", "logical_not", "isfinite", "isnan"),
    ]
)


def _function(name: str) -> Callable[..., Any]:
    return _SPECIAL.get(name) or getattr(np, name)


def _where(condition: Array, chosen: Array, otherwise: Array, out: Array) -> None:
    np.copyto(out, otherwise)
    np.copyto(out, chosen, where=condition)


def _maximum(a: Array, b: Array, out: Array) -> None:
    np.maximum(a, b, out=out)  # these two take no third positional argument from numpy 2.4 on


def _minimum(a: Array, b: Array, out: Array) -> None:
    np.minimum(a, b, out=out)


_SPECIAL: dict[str, Callable[..., None]] = {
    "where": _where,
    "maximum": _maximum,
    "minimum": _minimum,
}


def _args(operation: Operation, values: dict[Index, Array]) -> tuple[Array, ...]:
    return tuple(_value(a, values) for a in operation.args)


def _value(index: Index | float, values: dict[Index, Array]) -> Array:
    return values[index] if type(index) is Index else np.asarray(index)


def _copy_where(buffer: Array, source: Array, condition: Array) -> None:
    np.copyto(buffer, source, where=condition)


def _joined(arrays: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(arrays) if arrays else np.empty(0, np.int64)
