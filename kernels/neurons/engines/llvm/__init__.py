"""The compiled engine: the step as machine code, a tile of columns at a time."""

from __future__ import annotations

import ctypes
from collections.abc import MutableMapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.engines import Advanced, Block, EngineError, refractory_steps
from kernels.neurons.engines.llvm.compiler import WIDTH, Loaded, compiled, machine
from kernels.neurons.noise import Floats
from kernels.neurons.program import Program, program

_ADVANCE = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 2, *[ctypes.c_void_p] * 8)
_COLUMN = (1 << 32) - 1

Columns = NDArray[np.int64]


def advance(block: Block) -> Advanced:
    """Advance every column of the block by its steps; the traced ones in a run of their own."""
    n_columns, n_states = len(block.held), len(block.states)
    call = _Call(block)
    ends = np.empty((n_states + 2, n_columns))
    traces = np.empty((len(block.currents), n_states, 0))
    spikes = []
    for columns, is_traced in _groups(n_columns, block.traced):
        ran = call.run(columns, is_traced)
        ends[:, columns] = ran.ends
        spikes.append(ran.spikes)
        traces = ran.trace if is_traced else traces
    in_time = np.sort(np.concatenate(spikes))
    return Advanced(
        states={name: ends[i] for i, name in enumerate(block.states)},
        held=ends[n_states],
        rate_sum=ends[n_states + 1],
        spike_steps=in_time >> 32,
        spike_columns=in_time & _COLUMN,
        traces={name: traces[:, i] for i, name in enumerate(block.states)},
    )


def _groups(n_columns: int, traced: Columns) -> list[tuple[Columns, bool]]:
    others = np.delete(np.arange(n_columns), traced)
    return [group for group in ((others, False), (traced, True)) if len(group[0])]


class _Ran(NamedTuple):
    """ends: (n_carried, n); spikes: step << 32 | column; trace: (n_steps, n_states, n)"""

    ends: Floats
    spikes: NDArray[np.int64]
    trace: Floats


class _Call:
    """The machine code of a block, and what it works on, laid out as it wants it."""

    def __init__(self, block: Block) -> None:
        refractory = refractory_steps(block)
        made = program(block.model, block.integrator, refractory=refractory is not None)
        given = {**block.params, "dt": block.dt}
        columns = [given[name] for name in made.layout.params]
        columns.append(0.0 if refractory is None else refractory)
        self._params = np.empty((len(columns), len(block.held)))
        for row, value in zip(self._params, columns, strict=True):
            row[:] = value
        self._begins = np.stack([*block.states.values(), block.held, block.rate_sum])
        self._rows = [
            block.currents if kind == "current" else block.noise[name]
            for kind, name in made.layout.rows
        ]
        self._shape = len(block.currents), len(block.states)
        self._advance = _ADVANCE(load(made).address)

    def run(self, columns: Columns, is_traced: bool) -> _Ran:
        """Advance some of the columns; a narrow group is filled up with its last one."""
        n, (n_steps, n_states) = len(columns), self._shape
        wide = np.append(columns, np.repeat(columns[-1:], max(0, WIDTH - n)))
        begins, params = _of(self._begins, wide), _of(self._params, wide)
        rows = [_row(numbers, wide) for numbers in self._rows]
        addresses = np.array([row.ctypes.data for row in rows], np.intp)
        strides = np.array([row.strides for row in rows], np.int64) // 8
        ends = np.empty_like(begins)
        spikes = np.empty(n_steps * len(wide), np.int64)
        trace = np.empty((n_steps if is_traced else 0, n_states, len(wide)))
        arrays = (begins, ends, params, addresses, strides, params[-1], spikes)
        pointers = [array.ctypes.data for array in arrays]
        n_spikes = self._advance(
            len(wide), n_steps, *pointers, trace.ctypes.data if is_traced else None
        )
        places = spikes[:n_spikes] & _COLUMN
        found = (spikes[:n_spikes] - places + columns[np.minimum(places, n - 1)])[places < n]
        return _Ran(ends[:, :n], found, trace[:, :, :n])


def _of(rows: Floats, columns: Columns) -> Floats:
    """The columns of rows, copied only where they are not all of them."""
    is_all = len(columns) == rows.shape[1] and bool((np.diff(columns) == 1).all())
    return np.ascontiguousarray(rows) if is_all else rows.take(columns, axis=1)


def _row(numbers: Floats, columns: Columns) -> Floats:
    """The rows of some columns, with a stride of 0 wherever the same number is repeated."""
    n_steps, n_columns = numbers.shape
    if n_columns == 1 or numbers.strides[1] == 0:
        return np.lib.stride_tricks.as_strided(
            numbers, (n_steps, len(columns)), (numbers.strides[0], 0)
        )
    if numbers.strides[0] == 0:
        return np.broadcast_to(numbers[0, columns], (n_steps, len(columns)))
    return _of(numbers, columns)


_code: MutableMapping[str, bytes] = {}


def keep_code_in(store: MutableMapping[str, bytes]) -> None:
    """Look for machine code there first, and leave there what is compiled."""
    global _code
    _code = store


def ready() -> frozenset[str]:
    """The digests of the programs whose machine code is there for this processor."""
    here = _name("")
    return frozenset(name.removeprefix(here) for name in _code if name.startswith(here))


def is_ready(digest: str) -> bool:
    """Whether the machine code of a program is there for this processor."""
    return _name(digest) in _code


@lru_cache(maxsize=1024)
def load(made: Program) -> Loaded:
    """The machine code of a program, compiled where it is not there yet; raises EngineError."""
    name = _name(made.digest)
    try:
        code = _code.get(name)
        if code is None:
            code = _code[name] = compiled(made)
        return Loaded(code)
    except MemoryError:
        raise
    except Exception as error:  # LLVM tells of all its troubles alike
        raise EngineError(f"llvm cannot compile {made.name}: {error}") from error


def _name(digest: str) -> str:
    return f"{machine()}-{digest}"
