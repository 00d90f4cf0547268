"""The compiled engine's own functions, and what it keeps of its machine code."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kernels.neurons import engines, simulate
from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import get
from kernels.neurons.engines import llvm
from kernels.neurons.engines.llvm import compiler
from kernels.neurons.model import Array, Model, Param, Source, State
from kernels.neurons.program import program, usual
from kernels.neurons.stimulus import Constant

SPECIAL = np.array([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1e308, -1e308])


def computed(function: Callable[[Any, Array, Array], Array], x: Array, y: float = 1.0) -> Array:
    """The function of x and y as the compiled engine has it."""
    model = Model(
        name="Function",
        family="test",
        title="A function of the current",
        states=(State("z", 0.0, "1", "its value"),),
        params=(Param("y", 1.0, "1", 0.0, 2.0, "second argument"),),
        equations=(),
        sources=(Source("nobody", 2000, "", ""),),
        output="z",
        current_unit="1",
        current=0.0,
        duration=1.0,
        dt=1.0,
        integrator="map",
        time_unit="iteration",
        step=lambda xp, s, p, current, noise: {"z": function(xp, current, p.y)},
    )
    batch = Batch(model, len(x), Constant(x), {"y": y})
    options: dict[str, Any] = {"duration": 1.0, "dt": 1.0, "integrator": "map"}
    recording = simulate.run(batch, **options, engine="llvm", traced=range(len(x)))
    return recording.trace.states["z"][-1]


def ulps(found: Array, expected: Array) -> float:
    """The largest distance in units of the last place."""
    return float(np.max(np.abs(found - expected) / np.spacing(np.abs(expected))))


# argument range, and how far the value may be off in its last place
PRECISION = {
    "exp": (-700.0, 700.0, 1.5),
    "expm1": (-40.0, 40.0, 2.5),
    "tanh": (-20.0, 20.0, 3.0),
    "cosh": (-700.0, 700.0, 3.0),
    "log": (1e-300, 1e3, 1.5),
    "arctan": (-1e3, 1e3, 1.5),
    "sin": (-1e8, 1e8, 1.5),
    "cos": (-1e8, 1e8, 1.5),
}


@pytest.mark.parametrize("name", PRECISION)
def test_an_elementary_function_is_right_to_the_last_places(name: str) -> None:
    low, high, bound = PRECISION[name]
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.uniform(low, high, 20_000), rng.uniform(max(low, -2.0), 2.0, 20_000)])
    x = np.abs(x) if name == "log" else x
    expected = getattr(np, name)(x.astype(np.longdouble)).astype(np.float64)
    assert ulps(computed(lambda xp, x, y: getattr(xp, name)(x), x), expected) <= bound


@pytest.mark.parametrize(
    "name",
    [
        *PRECISION,
        *("log1p", "sqrt", "tan", "sinh", "abs", "floor", "sign"),
        *("isnan", "isfinite"),
    ],
)
def test_a_function_treats_infinity_nan_and_the_smallest_numbers_as_numpy_does(name: str) -> None:
    x = np.concatenate([SPECIAL, [1.0, -1.0, 0.5, 710.0, -710.0, -746.0, 1e-310, 30.0, 3e8]])
    with np.errstate(all="ignore"):
        expected = np.asarray(getattr(np, name)(x), np.float64)
    found = computed(lambda xp, x, y: getattr(xp, name)(x) * 1.0, x)
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    assert np.array_equal(np.signbit(found), np.signbit(expected)) or np.isnan(expected).any()
    tiny = 1e-307 if name == "exp" else 5e-324  # exp goes to 0 a little early
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=tiny)


@pytest.mark.parametrize("name", ["maximum", "minimum", "remainder", "power", "less", "not_equal"])
@pytest.mark.parametrize("y", [2.5, -2.5, 0.0, math.nan])
def test_a_function_of_two_numbers_is_numpys(name: str, y: float) -> None:
    x = np.concatenate([SPECIAL, np.linspace(-7.0, 7.0, 29)])
    function = getattr(np, name)
    with np.errstate(all="ignore"):
        expected = np.asarray(function(x, y), np.float64)
    found = computed(lambda xp, x, y: getattr(xp, name)(x, y) * 1.0, x, y)
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=0.0)


@pytest.mark.parametrize("n_columns", [1, 15, 16, 17, 31, 33])
@pytest.mark.parametrize("traced", [(), (0,), (0, 12)])
def test_the_number_of_columns_need_not_fill_the_tiles(
    n_columns: int, traced: tuple[int, ...]
) -> None:
    traced = tuple(column for column in traced if column < n_columns)
    batch = Batch(get("AdExNeuron"), n_columns, Constant(np.linspace(1.2, 0.4, n_columns)))
    options: dict[str, Any] = {"duration": 100.0, "dt": 0.1, "integrator": "euler"}
    reference = simulate.run(batch, **options, traced=traced)
    found = simulate.run(batch, **options, traced=traced, engine="llvm", block_steps=100)
    assert np.array_equal(found.spike_columns, reference.spike_columns)
    assert np.array_equal(found.spike_times, reference.spike_times)
    for name, trace in reference.trace.states.items():
        assert found.trace.states[name] == pytest.approx(trace, rel=1e-9, abs=1e-9)


@pytest.fixture
def store() -> Any:
    kept: dict[str, bytes] = {}
    llvm.keep_code_in(kept)
    llvm.load.cache_clear()
    yield kept
    llvm.keep_code_in({})
    llvm.load.cache_clear()


def test_a_program_is_compiled_once_for_all_numbers_of_columns_and_steps(
    store: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = usual(get("LapicqueNeuron"), "euler")
    assert made.digest not in llvm.ready()
    assert not engines.is_ready(made.digest)
    llvm.load(made)
    assert llvm.ready() == {made.digest}
    assert engines.is_ready(made.digest)
    llvm.load.cache_clear()  # as a process that starts later
    monkeypatch.setattr(llvm, "compiled", None)
    for n_columns, duration in ((1, 5.0), (40, 20.0)):
        batch = Batch(get("LapicqueNeuron"), n_columns, Constant(3.0))
        recording = simulate.run(
            batch, duration=duration, dt=0.1, integrator="euler", engine="llvm"
        )
        assert len(store) == 1
        assert recording.n_columns == n_columns


def test_machine_code_for_another_processor_is_not_ready(store: dict[str, bytes]) -> None:
    store["0" * 12 + "-" + "1" * 32] = b""
    assert llvm.ready() == frozenset()


def test_programs_that_differ_have_different_digests() -> None:
    adex, hh = get("AdExNeuron"), get("HodgkinHuxleyNeuron")
    programs = [usual(adex, "euler"), usual(adex, "rk4"), usual(hh, "euler")]
    programs.append(program(get("LapicqueNeuron"), "euler", refractory=True))
    programs.append(program(get("LapicqueNeuron"), "euler", refractory=False))
    assert len({made.digest for made in programs}) == len(programs)
    program.cache_clear()
    assert usual(adex, "euler").digest == programs[0].digest


def test_machine_code_names_its_processor() -> None:
    assert len(compiler.machine()) == 12
