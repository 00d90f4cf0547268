"""One step of a model, recorded as straight-line arithmetic.

The equations are called once with symbols instead of arrays. What they do to the symbols is the
tape: each operation once, those on parameters alone set apart so that an engine computes them once
per block and not once per step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from kernels.neurons.integrators import INTEGRATORS
from kernels.neurons.model import Array, Integrator, Model, Relax, Threshold, Values


@dataclass(frozen=True, slots=True)
class Index:
    """The position of a value on the tape: no number, lest it equal a literal."""

    position: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the array API on earlier values and literals."""

    name: str
    args: tuple[Index | float, ...]


@dataclass(slots=True)
class Tape:
    """Inputs and operations in the order in which they can be computed.

    inputs: {(kind, name): index}, kind one of state, param, noise, current, held, rate_sum
    operations: {index: operation}
    per_step: whether the value changes from step to step, by index
    results: where the step leaves what the next one begins with, under the names of the inputs
    fired: where it leaves who spiked
    """

    inputs: dict[tuple[str, str], Index] = field(default_factory=dict)
    operations: dict[Index, Operation] = field(default_factory=dict)
    per_step: list[bool] = field(default_factory=list)
    results: dict[tuple[str, str], Index | float] = field(default_factory=dict)
    fired: Index | float | None = None
    _known: dict[tuple[Index | str, ...], Index] = field(default_factory=dict)

    def input(self, kind: str, name: str) -> Symbol:
        """A value that the engine provides."""
        index = self.inputs.get((kind, name))
        if index is None:
            index = self.inputs[kind, name] = self._append(kind != "param")
        return Symbol(self, index)

    def apply(self, name: str, *args: Any) -> Any:
        """The result of an operation; one already on the tape is not done twice."""
        if name == "divide" and self._is_fixed(args[1]) and not self._is_fixed(args[0]):
            # a division takes as long as ten products, and its inverse is found once
            return self.apply("multiply", args[0], self._inverse(args[1]))
        operands = tuple(a.index if isinstance(a, Symbol) else float(a) for a in args)
        key = (name, *(a if isinstance(a, Index) else a.hex() for a in operands))  # -0.0 is not 0.0
        index = self._known.get(key)
        if index is None:
            varies = any(self.per_step[a.position] for a in operands if isinstance(a, Index))
            index = self._known[key] = self._append(varies)
            self.operations[index] = Operation(name, operands)
        return Symbol(self, index)

    def drop_unused(self) -> None:
        """Forget the operations on which no result rests."""
        used = {*self.results.values(), self.fired}
        for index in reversed(self.operations):
            if index in used:
                used.update(self.operations[index].args)
        self.operations = {i: op for i, op in self.operations.items() if i in used}

    def _is_fixed(self, value: Any) -> bool:
        return not (isinstance(value, Symbol) and self.per_step[value.index.position])

    def _inverse(self, value: Any) -> Any:
        if isinstance(value, Symbol):
            return self.apply("divide", 1.0, value)
        return 1.0 / value if value else math.copysign(math.inf, value)

    def _append(self, varies: bool) -> Index:
        self.per_step.append(varies)
        return Index(len(self.per_step) - 1)


def _binary(name: str, swapped: bool = False) -> Callable[[Symbol, Any], Any]:
    def operator(self: Symbol, other: Any) -> Any:
        pair = (other, self) if swapped else (self, other)
        return self.tape.apply(name, *pair)

    return operator


class Symbol:
    """Stands for an array while the equations are recorded."""

    __slots__ = ("index", "tape")
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, tape: Tape, index: Index) -> None:
        self.tape, self.index = tape, index

    __add__, __radd__ = _binary("add"), _binary("add", swapped=True)
    __sub__, __rsub__ = _binary("subtract"), _binary("subtract", swapped=True)
    __mul__, __rmul__ = _binary("multiply"), _binary("multiply", swapped=True)
    __truediv__, __rtruediv__ = _binary("divide"), _binary("divide", swapped=True)
    __mod__, __rmod__ = _binary("remainder"), _binary("remainder", swapped=True)
    __rpow__ = _binary("power", swapped=True)
    __lt__, __le__, __gt__, __ge__ = map(
        _binary, ("less", "less_equal", "greater", "greater_equal")
    )
    __eq__, __ne__ = _binary("equal"), _binary("not_equal")
    __and__, __or__ = _binary("logical_and"), _binary("logical_or")

    def __neg__(self) -> Any:
        return self.tape.apply("negative", self)

    def __abs__(self) -> Any:
        return self.tape.apply("abs", self)

    def __invert__(self) -> Any:
        return self.tape.apply("logical_not", self)

    def __pow__(self, exponent: Any) -> Any:
        if not isinstance(exponent, Symbol) and exponent in (
            2,
            3,
            4,
        ):  # products are faster than a general power
            square = self * self
            return square if exponent == 2 else square * (self if exponent == 3 else square)
        return self.tape.apply("power", self, exponent)

    def __bool__(self) -> bool:
        raise TypeError("equations cannot branch on a value: use xp.where, &, | and ~")


class _Recorder:
    """The namespace that equations see while they are recorded."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args: self._tape.apply(name, *args)


# the others see the states at the beginning of the step alone
_SEE_MOVED = {"rk4", "exponential_midpoint", "semi_implicit_euler"}


@lru_cache(maxsize=512)
def record(model: Model, integrator: Integrator, *, refractory: bool) -> Tape:
    """The step of a model by an integrator.

    refractory: whether any column has a refractory time above 0
    """
    tape = Tape()
    xp = _Recorder(tape)
    s = Values({state.name: tape.input("state", state.name) for state in model.states})
    p = Values({param.name: tape.input("param", param.name) for param in model.params})
    noise = Values({name: tape.input("noise", name) for name in model.noise})
    dt = tape.input("param", "dt")
    current = tape.input("current", "")
    step, moving = INTEGRATORS[integrator], model
    if refractory:
        held = tape.input("held", "")
        if integrator in _SEE_MOVED:
            moving = _resting(model, held)
    new = Values(step(moving, xp, s, p, current, noise, dt))  # type: ignore[arg-type]
    if refractory:
        for name in model.clamped:
            vars(new)[name] = xp.where(held > 0.0, vars(s)[name], vars(new)[name])
        tape.results["held", ""] = _index(xp.maximum(held - 1.0, 0.0))
    for state in model.states:
        tape.results["state", state.name] = _index(vars(new)[state.name])
    if model.rate is not None:
        total = tape.input("rate_sum", "") + model.rate(xp, new, p)
        tape.results["rate_sum", ""] = _index(total)
    fired = _fires(model, xp, s, new, p, noise, dt)
    if refractory and fired is not None:
        fired = (held <= 0.0) & fired
    tape.fired = _index(fired)
    tape.drop_unused()
    return tape


def _resting(model: Model, held: Symbol) -> Model:
    """The model with clamped states that rest at every stage of a step of a held column."""

    def derivatives(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
        rates = dict(model.derivatives(xp, s, p, current))  # type: ignore[misc]
        for name in model.clamped:
            rate = rates[name]
            if isinstance(rate, Relax):
                rates[name] = Relax(xp.where(held > 0.0, vars(s)[name], rate.target), rate.tau)
            else:
                rates[name] = xp.where(held > 0.0, 0.0, rate)
        return rates

    return replace(model, derivatives=derivatives)


@lru_cache(maxsize=512)
def record_reset(model: Model) -> Tape:
    """What a spike does to the states of its column."""
    tape = Tape()
    s = Values({state.name: tape.input("state", state.name) for state in model.states})
    p = Values({param.name: tape.input("param", param.name) for param in model.params})
    after = {} if model.reset is None else model.reset(_Recorder(tape), s, p)
    tape.results = {("state", name): _index(value) for name, value in after.items()}
    return tape


def _fires(
    model: Model, xp: Any, s: Values, new: Values, p: Values, noise: Values, dt: Array
) -> Any:
    rule = model.spike
    if model.hazard is not None:
        return noise.spike < -xp.expm1(-dt * model.hazard(xp, new, p))
    if isinstance(rule, Threshold):
        before, after = vars(s)[rule.state], vars(new)[rule.state]
        level = vars(p)[rule.level] if isinstance(rule.level, str) else rule.level
        if rule.direction == "up":
            return (before < level) & (after >= level)
        return (before > level) & (after <= level)
    return None if rule is None else rule(xp, new, p)


def _index(value: Any) -> Any:
    return value.index if isinstance(value, Symbol) else value
