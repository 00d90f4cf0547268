"""A tape holds what the equations say, each operation once."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.neurons import engines
from kernels.neurons.batch import Batch
from kernels.neurons.engines import Block
from kernels.neurons.model import Model, Relax, Values
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE
from kernels.neurons.stimulus import Constant
from kernels.neurons.tape import Tape, record, record_reset

Toy = Callable[..., Model]
Final = Callable[..., dict[str, np.ndarray]]


def of(model: Model) -> Tape:
    return record(model, model.integrator, refractory=False)


def counted(tape: Tape) -> Counter[str]:
    return Counter(operation.name for operation in tape.operations.values())


def test_an_operation_that_comes_twice_is_done_once(toy: Toy) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        return {"x": xp.exp(s.x + 1.0) * s.y, "y": xp.exp(s.x + 1.0) * s.y + xp.exp(1.0 + s.x)}

    # 1 + x is another operation than x + 1, and so has an exp of its own
    assert counted(of(toy({"x": 0.0, "y": 0.0}, step=step))) == {"add": 3, "exp": 2, "multiply": 1}


def test_a_literal_is_never_taken_for_the_value_at_that_place_on_the_tape(
    toy: Toy, final_states: Final
) -> None:
    names = [f"s{i}" for i in range(12)]

    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        sums = {name: s.x + getattr(s, name) for name in names}
        literals = {f"l{i}": s.x + float(i) for i in range(40)}
        return {"x": s.x, **sums, **literals}

    start = {"x": 100.0, **dict.fromkeys(names, 1000.0), **{f"l{i}": 0.0 for i in range(40)}}
    states = final_states(toy(start, step=step))
    assert [states[name][-1] for name in names] == [1100.0] * 12
    assert [states[f"l{i}"][-1] for i in range(40)] == [100.0 + i for i in range(40)]


def test_the_same_literal_serves_in_many_places(toy: Toy, final_states: Final) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        x = (s.x + 3.0) * 3.0 - 3.0 / (s.x - 3.0)
        y = xp.where(s.y > 3.0, 3.0, s.y % 3.0) + 3.0 * s.x + (3.0 - s.y) + 3.0
        return {"x": x, "y": y, "z": 3.0}

    states = final_states(toy({"x": 1.0, "y": 2.0, "z": 0.0}, step=step))
    assert [states[name][-1] for name in "xyz"] == [13.5, 9.0, 3.0]


def test_zero_and_minus_zero_are_two_literals(toy: Toy, final_states: Final) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        return {"x": s.x / 0.0, "y": s.x / -0.0}

    states = final_states(toy({"x": 1.0, "y": 0.0}, step=step))
    assert (states["x"][-1], states["y"][-1]) == (np.inf, -np.inf)


@pytest.mark.parametrize("exponent", [2, 3, 4, 2.0])
def test_small_powers_are_products(toy: Toy, final_states: Final, exponent: float) -> None:
    model = toy({"x": 1.1}, step=lambda xp, s, p, i, noise: {"x": s.x**exponent})
    assert set(counted(of(model))) == {"multiply"}
    square = 1.1 * 1.1
    expected = {2: square, 3: square * 1.1, 4: square * square}[int(exponent)]
    assert final_states(model)["x"][-1] == expected


@pytest.mark.parametrize("exponent", [0.5, -1, 5, 0])
def test_other_powers_are_powers(toy: Toy, final_states: Final, exponent: float) -> None:
    model = toy({"x": 1.1}, step=lambda xp, s, p, i, noise: {"x": s.x**exponent})
    assert final_states(model)["x"][-1] == pytest.approx(1.1**exponent, rel=1e-15)


def test_a_number_can_be_raised_to_a_state(toy: Toy, final_states: Final) -> None:
    model = toy({"x": 3.0}, step=lambda xp, s, p, i, noise: {"x": 2.0**s.x})
    assert final_states(model)["x"][-1] == 8.0


def test_a_state_can_be_raised_to_a_parameter(toy: Toy, final_states: Final) -> None:
    model = toy({"x": 3.0}, {"k": 2.5}, step=lambda xp, s, p, i, noise: {"x": s.x**p.k})
    assert final_states(model)["x"][-1] == pytest.approx(3.0**2.5, rel=1e-15)


@pytest.mark.parametrize(
    "branch",
    [
        lambda s: 1.0 if s.x > 0.0 else s.x,
        lambda s: max(s.x, 0.0),
        lambda s: s.x or 1.0,
        lambda s: s.x if 0.0 < s.x < 1.0 else 0.0,
        lambda s: s.x if s.x == 0.0 else 0.0,
        lambda s: 1.0 if not s.x else 0.0,
    ],
    ids=["if", "max", "or", "chain", "equal", "not"],
)
def test_branching_on_a_value_is_refused_with_what_to_write_instead(
    toy: Toy, branch: Callable[[Values], Any]
) -> None:
    model = toy({"x": 0.0}, step=lambda xp, s, p, i, noise: {"x": branch(s)})
    with pytest.raises(TypeError, match=r"cannot branch on a value: use xp\.where, &, \| and ~"):
        of(model)


def test_operations_on_parameters_alone_are_set_apart_from_those_of_a_step(toy: Toy) -> None:
    def derivatives(xp: Any, s: Values, p: Values, current: Any) -> dict[str, Any]:
        return {"x": Relax(p.a * xp.exp(p.b) + current, p.tau), "y": s.y * xp.sqrt(p.a)}

    model = toy({"x": 0.0, "y": 0.0}, {"a": 1.0, "b": 2.0, "tau": 3.0}, derivatives=derivatives)
    tape = record(model, "exponential_euler", refractory=False)
    once = Counter(
        operation.name
        for index, operation in tape.operations.items()
        if not tape.per_step[index.position]
    )
    # a exp(b), sqrt(a), and exp(-dt/tau)
    assert once == {"multiply": 1, "exp": 2, "sqrt": 1, "negative": 1, "divide": 1}


def test_whatever_touches_a_state_the_current_or_noise_is_done_at_every_step(toy: Toy) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        return {"x": s.x + p.a, "y": current * p.a, "z": xp.exp(noise.z)}

    start = {"x": 0.0, "y": 0.0, "z": 0.0}
    tape = of(toy(start, {"a": 1.0}, step=step, noise={"z": "normal"}))
    assert [op.name for op in tape.operations.values()] == ["add", "multiply", "exp"]
    assert all(tape.per_step[index.position] for index in tape.operations)


def test_only_a_model_with_a_refractory_time_above_zero_pays_for_it() -> None:
    free = record(LAPICQUE, "exponential_euler", refractory=False)
    held = record(LAPICQUE, "exponential_euler", refractory=True)
    assert ("held", "") not in free.inputs
    assert set(free.results) == {("state", "V")}
    assert set(held.results) == {("state", "V"), ("held", "")}
    assert len(held.operations) > len(free.operations)


def test_a_tape_of_a_reset_names_only_the_states_that_a_spike_changes(toy: Toy) -> None:
    assert set(record_reset(ADEX).results) == {("state", "V"), ("state", "w")}
    assert set(record_reset(LAPICQUE).results) == {("state", "V")}
    assert record_reset(toy({"x": 0.0}, step=dict)).results == {}


def test_to_divide_by_what_stays_the_same_is_to_multiply_by_its_inverse(toy: Toy) -> None:
    def step(xp: Any, s: Values, p: Values, i: Any, noise: Values) -> dict[str, Any]:
        return {"x": s.x / p.k + s.x / 3.0 + s.x / s.x}

    tape = of(toy({"x": 1.0}, {"k": 2.0}, step=step))
    varying = [op for index, op in tape.operations.items() if tape.per_step[index.position]]
    assert [op.name for op in varying].count("divide") == 1
    assert counted(tape)["divide"] == 2


def test_a_missing_state_is_told_while_recording(toy: Toy) -> None:
    model = toy({"x": 0.0, "y": 0.0}, step=lambda xp, s, p, i, noise: {"x": s.u})
    with pytest.raises(AttributeError, match="no state or parameter 'u'; there are x, y"):
        of(model)


# A tree is a leaf's name, or (function, operands); every operand but the right one of an operator
# contains a leaf, since two literals would make a plain Python number.
LEAVES = st.sampled_from(["x", "y", "z", "k", "q", "i"])
LITERALS = st.floats(-8.0, 8.0, allow_nan=False).map(lambda v: round(v, 1) + 0.0)
UNARY = ["exp", "tanh", "abs", "sqrt", "negative", "square", "cube", "fourth"]
BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
COMPARED = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def larger(trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    other = trees | LITERALS
    comparison = st.tuples(st.sampled_from(list(COMPARED)), trees, other)
    condition = comparison | st.tuples(st.sampled_from(["&", "|"]), comparison, comparison)
    condition |= st.tuples(st.just("~"), comparison)
    return (
        st.tuples(st.sampled_from(UNARY), trees)
        | st.tuples(st.sampled_from(list(BINARY)), trees, other)
        | st.tuples(st.sampled_from([f"swapped {name}" for name in BINARY]), trees, other)
        | st.tuples(st.sampled_from(["maximum", "minimum"]), trees, other)
        | st.tuples(st.just("where"), condition, other, other)
    )


TREES = st.recursive(LEAVES, larger, max_leaves=10)


def power(value: Any, name: str) -> Any:
    if isinstance(value, np.ndarray | np.float64):  # numpy's own ** rounds in another way
        squared = value * value
        return {"square": squared, "cube": squared * value, "fourth": squared * squared}[name]
    return value ** {"square": 2, "cube": 3, "fourth": 4}[name]


def is_fixed(tree: Any) -> bool:
    """Whether the value stays the same from step to step: of literals and parameters alone."""
    if isinstance(tree, tuple):
        return all(is_fixed(operand) for operand in tree[1:])
    return isinstance(tree, float) or tree in ("k", "q")


def computed(tree: Any, xp: Any, leaves: dict[str, Any]) -> Any:
    if isinstance(tree, float):
        return tree
    if isinstance(tree, str):
        return leaves[tree]
    name, *operands = tree
    values = [computed(operand, xp, leaves) for operand in operands]
    if name in ("square", "cube", "fourth"):
        return power(values[0], name)
    if name == "negative":
        return -values[0]
    if name == "~":
        return ~values[0]
    if name in ("&", "|"):
        return values[0] & values[1] if name == "&" else values[0] | values[1]
    if name.startswith("swapped "):
        name, values, operands = name.removeprefix("swapped "), values[::-1], operands[::-1]
    if xp is np and name == "/" and is_fixed(operands[1]) and not is_fixed(operands[0]):
        return values[0] * (np.float64(1.0) / values[1])
    binary = BINARY.get(name) or COMPARED.get(name)
    return binary(*values) if binary else getattr(xp, name)(*values)


@settings(max_examples=300)
@given(TREES, TREES, TREES)
def test_any_expression_on_the_tape_equals_numpy(
    toy: Toy, block: Callable[..., Block], f: Any, g: Any, h: Any
) -> None:
    start = {
        "x": np.array([0.0, 1.0, -2.5, 0.3, 40.0]),
        "y": np.array([1.0, 1.0, 0.0, -7.0, 0.01]),
        "z": np.array([-1.0, 3.0, 3.0, 2.0, -0.5]),
    }
    k, q = 1.7, np.array([0.0, -1.0, 2.0, 3.0, 0.5])
    trees = dict(zip("xyz", (f, g, h), strict=True))

    def equations(xp: Any, s: Values, p: Values, i: Any, noise: Values) -> dict[str, Any]:
        leaves = {"x": s.x, "y": s.y, "z": s.z, "k": p.k, "q": p.q, "i": i}
        return {name: computed(tree, xp, leaves) for name, tree in trees.items()}

    model = toy(dict.fromkeys("xyz", 0.0), {"k": k, "q": 0.0}, step=equations)
    batch = Batch(model, 5, Constant(0.0), params={"q": q}, init=start)
    traces = engines.get("numpy")(block(batch, 3, currents=np.full((3, 5), 0.25))).traces
    now = start
    with np.errstate(all="ignore"):
        for step in range(3):
            leaves = {**now, "k": np.float64(k), "q": q, "i": np.float64(0.25)}
            now = {
                name: np.broadcast_to(computed(tree, np, leaves), (5,))
                for name, tree in trees.items()
            }
            for name, value in now.items():
                np.testing.assert_array_equal(traces[name][step], value)
