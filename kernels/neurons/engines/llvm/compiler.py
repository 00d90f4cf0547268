"""A model's step as machine code for this processor.

The code is written from the tape, once for a model and an integrator: neither the number of columns
nor that of steps is part of it. A tile of columns goes through all steps of a block before the next
one begins, so that its states stay in registers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

from kernels.neurons.engines.llvm.elementary import DOUBLE, INT, Value, VectorMath
from kernels.neurons.program import Key, Program
from kernels.neurons.tape import Index, Tape

# columns in a tile: two registers, which is all that stays free beside the states of most models
WIDTH = 16 if llvm.get_host_cpu_features().get("avx512f") else 8

_POINTER, _TABLE, _INTS = DOUBLE.as_pointer(), DOUBLE.as_pointer().as_pointer(), INT.as_pointer()
_ARGUMENTS = {
    "n_columns": INT,
    "n_steps": INT,
    "begins": _POINTER,
    "ends": _POINTER,
    "params": _POINTER,
    "rows": _TABLE,
    "strides": _INTS,
    "refractory": _POINTER,
    "spikes": _INTS,
    "trace": _POINTER,
}


def source(made: Program) -> str:
    """The program in LLVM's language."""
    module = ir.Module(made.name)
    signature = ir.FunctionType(INT, list(_ARGUMENTS.values()))
    function = ir.Function(module, signature, "advance")
    function.attributes.add("nounwind")
    for argument in function.args:
        if isinstance(argument.type, ir.PointerType):
            argument.add_attribute("noalias")
    _Writer(made, function).write()
    return str(module)


class _Writer:
    """Writes the program's only function."""

    def __init__(self, made: Program, function: ir.Function) -> None:
        self._made, self._layout = made, made.layout
        self._b = ir.IRBuilder(function.append_basic_block())
        self._m = VectorMath(self._b, WIDTH)
        self._arg = dict(zip(_ARGUMENTS, function.args, strict=True))
        self._cells: dict[Key, Value] = {}

    def write(self) -> None:
        """Tile by tile, step by step."""
        b, n = self._b, self._arg["n_columns"]
        self._cells = {key: self._cell(self._m.vector) for key in self._layout.carried}
        n_spikes = self._cell(INT)
        b.store(INT(0), n_spikes)
        with self._loop(n, WIDTH) as first:
            # the last tile goes over columns that were done before: it leaves their spikes alone
            last = b.sub(n, INT(WIDTH))
            begin = b.select(b.icmp_signed("<", first, last), first, last)
            new = b.shl(
                ir.Constant(ir.IntType(WIDTH), -1), b.trunc(b.sub(first, begin), ir.IntType(WIDTH))
            )
            for i, key in enumerate(self._layout.carried):
                b.store(self._load("begins", i, begin), self._cells[key])
            params: dict[Key, Value] = {
                ("param", name): self._load("params", i, begin)
                for i, name in enumerate(self._layout.params)
            }
            step = self._fixed(self._made.step, params)
            reset = self._fixed(self._made.reset, params)
            held_for = self._load("refractory", 0, begin)
            with self._loop(self._arg["n_steps"], 1) as k:
                fired = self._step(step, begin, k)
                if fired is not None:
                    self._spike(reset, fired, held_for)
                    self._note(b.and_(fired, new), begin, k, n_spikes)
                self._trace(begin, k)
            for i, key in enumerate(self._layout.carried):
                self._store("ends", i, begin, b.load(self._cells[key]))
        b.ret(b.load(n_spikes))

    @contextmanager
    def _loop(self, end: Value, step: int) -> Iterator[Value]:
        """For a counter from 0 below the end."""
        b = self._b
        before, body, after = b.block, b.append_basic_block(), b.append_basic_block()
        b.branch(body)
        b.position_at_end(body)
        counter = b.phi(INT)
        counter.add_incoming(INT(0), before)
        yield counter
        following = b.add(counter, INT(step))
        counter.add_incoming(following, b.block)
        b.cbranch(b.icmp_signed("<", following, end), body, after)
        b.position_at_end(after)

    def _cell(self, kind: Any) -> Value:
        """A variable of the function: an optimizer puts it into a register."""
        with self._b.goto_entry_block():
            return self._b.alloca(kind)

    def _place(self, pointer: Value, row: Value, begin: Value) -> Value:
        b = self._b
        offset = b.add(b.mul(row, self._arg["n_columns"]), begin)
        return b.bitcast(b.gep(pointer, [offset]), self._m.vector.as_pointer())

    def _load(self, name: str, row: int, begin: Value) -> Value:
        return self._b.load(self._place(self._arg[name], INT(row), begin), align=8)

    def _store(self, name: str, row: Any, begin: Value, value: Value) -> None:
        row = INT(row) if isinstance(row, int) else row
        self._b.store(value, self._place(self._arg[name], row, begin), align=8)

    def _fixed(self, tape: Tape, params: dict[Key, Value]) -> dict[Index, Value]:
        """What stays the same from step to step."""
        values = {index: params[key] for key, index in tape.inputs.items() if key in params}
        self._operations(tape, values, per_step=False)
        return values

    def _carried(self, tape: Tape, fixed: dict[Index, Value]) -> dict[Index, Value]:
        """What stays the same, and what the step before has left."""
        carried = {
            index: self._b.load(self._cells[key])
            for key, index in tape.inputs.items()
            if key in self._cells
        }
        return {**fixed, **carried}

    def _operations(self, tape: Tape, values: dict[Index, Value], *, per_step: bool) -> None:
        for index, operation in tape.operations.items():
            if tape.per_step[index.position] is per_step:
                args = [self._value(values, arg) for arg in operation.args]
                values[index] = self._m.apply(operation.name, args)

    def _value(self, values: dict[Index, Value], index: Index | float) -> Value:
        return values[index] if isinstance(index, Index) else self._m.number(float(index))

    def _step(self, fixed: dict[Index, Value], begin: Value, k: Value) -> Value | None:
        """One step; who fired in it, a bit for each column."""
        tape, b = self._made.step, self._b
        values = self._carried(tape, fixed)
        for key, index in tape.inputs.items():
            if key in self._layout.rows:
                values[index] = self._row(self._layout.rows.index(key), begin, k)
        self._operations(tape, values, per_step=True)
        for key, result in tape.results.items():
            b.store(self._value(values, result), self._cells[key])
        if tape.fired is None:
            return None
        fired = self._m.truth(self._value(values, tape.fired))
        return b.bitcast(fired, ir.IntType(WIDTH))

    def _row(self, i: int, begin: Value, k: Value) -> Value:
        """The current or noise of this step: one number for all columns, or one for each."""
        b = self._b
        row = b.load(b.gep(self._arg["rows"], [INT(i)]))
        along = b.load(b.gep(self._arg["strides"], [INT(2 * i)]))
        across = b.load(b.gep(self._arg["strides"], [INT(2 * i + 1)]))
        place = b.gep(row, [b.add(b.mul(k, along), b.mul(begin, across))])
        cell = self._cell(self._m.vector)
        with b.if_else(b.icmp_signed("==", across, INT(0))) as (same, different):
            with same:
                b.store(self._m.spread(b.load(place)), cell)
            with different:
                vector = b.bitcast(place, self._m.vector.as_pointer())
                b.store(b.load(vector, align=8), cell)
        return b.load(cell)

    def _spike(self, fixed: dict[Index, Value], fired: Value, held_for: Value) -> None:
        """What a spike changes in the columns that fired."""
        b, tape = self._b, self._made.reset
        with b.if_then(b.icmp_unsigned("!=", fired, ir.Constant(fired.type, 0)), likely=False):
            values = self._carried(tape, fixed)
            self._operations(tape, values, per_step=True)
            after = {key: self._value(values, index) for key, index in tape.results.items()}
            if self._made.refractory:
                after["held", ""] = held_for
            which = b.bitcast(fired, self._m.bits)
            for key, value in after.items():
                cell = self._cells[key]
                b.store(b.select(which, self._m.numeric(value), b.load(cell)), cell)

    def _note(self, fired: Value, begin: Value, k: Value, n_spikes: Value) -> None:
        """Write (step, column) of every spike as one whole number, which sorts by time."""
        b, left, none = self._b, self._cell(fired.type), ir.Constant(fired.type, 0)
        time = b.shl(b.add(k, INT(1)), INT(32))
        b.store(fired, left)
        test, body, after = (b.append_basic_block() for _ in range(3))
        b.branch(test)
        b.position_at_end(test)
        bits = b.load(left)
        b.cbranch(b.icmp_unsigned("!=", bits, none), body, after)
        b.position_at_end(body)
        lane = b.zext(b.cttz(bits, ir.Constant(ir.IntType(1), 1)), INT)
        count = b.load(n_spikes)
        b.store(b.or_(time, b.add(begin, lane)), b.gep(self._arg["spikes"], [count]))
        b.store(b.add(count, INT(1)), n_spikes)
        b.store(b.and_(bits, b.sub(bits, ir.Constant(bits.type, 1))), left)
        b.branch(test)
        b.position_at_end(after)

    def _trace(self, begin: Value, k: Value) -> None:
        b = self._b
        states = [key for key in self._layout.carried if key[0] == "state"]
        address = b.ptrtoint(self._arg["trace"], INT)
        with b.if_then(b.icmp_unsigned("!=", address, INT(0)), likely=False):
            for i, key in enumerate(states):
                row = b.add(b.mul(k, INT(len(states))), INT(i))
                self._store("trace", row, begin, b.load(self._cells[key]))


_FORMAT = 2  # goes up with every change to what is written for a program


@lru_cache(maxsize=1)
def machine() -> str:
    """What machine code made here runs on: processor, compiler, and the form of our programs."""
    features = llvm.get_host_cpu_features().flatten()
    made_by = (_FORMAT, WIDTH, llvm.llvm_version_info, llvm.get_host_cpu_name(), features)
    return hashlib.sha256(repr(made_by).encode()).hexdigest()[:12]


def _target() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=2,
        jit=True,
    )


def compiled(made: Program) -> bytes:
    """The program as an object file."""
    target = _target()
    module = llvm.parse_assembly(source(made))
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = False
    passes = llvm.create_pass_builder(target, options)
    passes.getModulePassManager().run(module, passes)
    code: bytes = target.emit_object(module)
    return code


class Loaded:
    """Machine code in this process, for as long as this object lives."""

    def __init__(self, code: bytes) -> None:
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        self.address: int = self._engine.get_function_address("advance")
        if not self.address:
            raise RuntimeError("the machine code has no beginning")
