"""The reference engine does what the equations say, step by step and spike by spike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kernels.neurons import engines
from kernels.neurons.batch import Batch
from kernels.neurons.engines import Advanced, Block
from kernels.neurons.integrators import INTEGRATORS
from kernels.neurons.model import Model, Threshold, Values
from kernels.neurons.models.conductance import HODGKIN_HUXLEY
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE
from kernels.neurons.stimulus import Constant

Toy = Callable[..., Model]
Advance = Callable[..., Advanced]
THREE = (LAPICQUE, ADEX, HODGKIN_HUXLEY)


@pytest.fixture(scope="module")
def advanced(block: Callable[..., Block]) -> Callable[..., Advanced]:
    """Every column of a batch of the model after some steps, each one traced."""

    def _advanced(
        model: Model,
        n_steps: int,
        *,
        n_columns: int = 1,
        params: dict[str, Any] | None = None,
        init: dict[str, Any] | None = None,
        **options: Any,
    ) -> Advanced:
        batch = Batch(model, n_columns, Constant(0.0), params=params or {}, init=init or {})
        return engines.get("numpy")(block(batch, n_steps, **options))

    return _advanced


def firing(spikes: Advanced) -> list[tuple[int, int]]:
    return list(zip(spikes.spike_steps.tolist(), spikes.spike_columns.tolist(), strict=True))


def counting(toy: Toy, **parts: Any) -> Model:
    """V counts the steps; unless told otherwise it spikes from 3 on."""
    rules = {"spike": lambda xp, s, p: s.V >= 3.0, **parts}
    return toy({"V": 0.0}, derivatives=lambda xp, s, p, current: {"V": 1.0}, **rules)


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="abacus"):
        engines.get("abacus")


@pytest.mark.parametrize("model", THREE, ids=lambda model: model.name)
def test_a_step_equals_the_integrator_played_on_numpy(
    block: Callable[..., Block], model: Model
) -> None:
    rng = np.random.default_rng(5)
    n, dt = 9, 0.01
    params = {x.name: x.default * rng.uniform(0.9, 1.1, n) for x in model.params}
    batch = Batch(model, n, Constant(0.0), params=params)
    states = batch.initial_states()
    start = {name: value * rng.uniform(0.9, 1.1, n) for name, value in states.items()}
    currents = rng.uniform(0.0, 0.5 * model.current, (3, n))
    for integrator in model.integrators:
        steps = block(batch, 3, dt, integrator=integrator, states=start, currents=currents)
        done, expected = engines.get("numpy")(steps), start
        for current in currents:
            s, p = Values(dict(expected)), Values(dict(params))
            expected = INTEGRATORS[integrator](model, np, s, p, current, Values({}), dt)
        assert len(done.spike_steps) == 0
        for name, value in expected.items():
            np.testing.assert_allclose(done.states[name], value, rtol=1e-12)


@pytest.mark.parametrize("n_steps", [1, 2, 5, 6])
def test_the_states_left_are_those_after_the_last_step(
    toy: Toy, advanced: Advance, n_steps: int
) -> None:
    done = advanced(counting(toy, spike=None), n_steps)
    assert done.states["V"].tolist() == [n_steps]
    assert done.traces["V"][:, 0].tolist() == list(range(1, n_steps + 1))


def test_a_block_leaves_the_states_it_was_given_untouched(toy: Toy, advanced: Advance) -> None:
    start = np.zeros(2)
    advanced(counting(toy), 5, n_columns=2, init={"V": start})
    assert start.tolist() == [0.0, 0.0]


def test_a_spike_is_dated_at_the_end_of_its_step_and_told_in_order_of_time(
    toy: Toy, advanced: Advance
) -> None:
    model = counting(toy, reset=lambda xp, s, p: {"V": 0.0})
    done = advanced(model, 7, n_columns=3, init={"V": np.array([0.0, 2.0, 1.0])})
    assert firing(done) == [(1, 1), (2, 2), (3, 0), (4, 1), (5, 2), (6, 0), (7, 1)]


def test_a_trace_shows_the_states_after_the_reset(toy: Toy, advanced: Advance) -> None:
    done = advanced(counting(toy, reset=lambda xp, s, p: {"V": -1.0}), 4)
    assert done.traces["V"][:, 0].tolist() == [1.0, 2.0, -1.0, 0.0]


def test_only_the_traced_columns_are_traced_in_their_order(toy: Toy, advanced: Advance) -> None:
    start = np.array([0.0, 10.0, 20.0])
    model = counting(toy, spike=None)
    done = advanced(model, 2, n_columns=3, init={"V": start}, traced=np.array([2, 0]))
    assert done.traces["V"].tolist() == [[21.0, 1.0], [22.0, 2.0]]


def test_what_stands_for_a_rate_is_summed_over_the_steps(toy: Toy, advanced: Advance) -> None:
    model = counting(toy, spike=None, rate=lambda xp, s, p: 10.0 * s.V)
    done = advanced(model, 3, n_columns=2, init={"V": np.array([0.0, 5.0])})
    assert done.rate_sum.tolist() == [60.0, 210.0]
    more = advanced(model, 1, n_columns=2, init=done.states, rate_sum=done.rate_sum)
    assert more.rate_sum.tolist() == [100.0, 300.0]


def test_a_reset_changes_only_who_fired_and_only_what_it_names(toy: Toy, advanced: Advance) -> None:
    model = toy(
        {"V": 0.0, "w": 5.0},
        derivatives=lambda xp, s, p, current: {"V": 1.0, "w": 1.0},
        spike=lambda xp, s, p: s.V >= 2.0,
        reset=lambda xp, s, p: {"V": 0.0},
    )
    done = advanced(model, 2, n_columns=2, init={"V": np.array([0.0, -5.0])})
    assert done.states["V"].tolist() == [0.0, -3.0]
    assert done.states["w"].tolist() == [7.0, 7.0]


def test_a_reset_can_swap_two_states(toy: Toy, advanced: Advance) -> None:
    model = toy(
        {"x": 1.0, "y": 2.0},
        derivatives=lambda xp, s, p, current: {"x": 0.0, "y": 0.0},
        spike=lambda xp, s, p: s.x < 10.0,
        reset=lambda xp, s, p: {"x": s.y, "y": s.x},
    )
    done = advanced(model, 3)
    assert done.traces["x"][:, 0].tolist() == [2.0, 1.0, 2.0]
    assert done.traces["y"][:, 0].tolist() == [1.0, 2.0, 1.0]


def test_a_reset_can_pass_three_states_round(toy: Toy, advanced: Advance) -> None:
    model = toy(
        {"x": 1.0, "y": 2.0, "z": 3.0},
        derivatives=lambda xp, s, p, current: dict.fromkeys("xyz", 0.0),
        spike=lambda xp, s, p: s.x < 10.0,
        reset=lambda xp, s, p: {"x": s.y, "y": s.z, "z": s.x},
    )
    done = advanced(model, 1)
    assert [done.states[name].item() for name in "xyz"] == [2.0, 3.0, 1.0]


def test_the_values_of_a_reset_can_share_a_subexpression(toy: Toy, advanced: Advance) -> None:
    def reset(xp: Any, s: Values, p: Values) -> dict[str, Any]:
        total = s.x + s.y
        return {"x": total, "y": total * total, "z": total * total - s.x + s.z, "u": total}

    model = toy(
        {"x": 1.0, "y": 2.0, "z": 7.0, "u": 0.0},
        derivatives=lambda xp, s, p, current: dict.fromkeys("xyzu", 0.0),
        spike=lambda xp, s, p: s.x < 3.0,
        reset=reset,
    )
    done = advanced(model, 2)
    assert [done.states[name].item() for name in "xyzu"] == [3.0, 9.0, 15.0, 3.0]


def test_a_reset_reads_parameters_of_its_own_column(toy: Toy, advanced: Advance) -> None:
    model = toy(
        {"V": 0.0},
        {"jump": 0.0},
        derivatives=lambda xp, s, p, current: {"V": 1.0},
        spike=lambda xp, s, p: s.V >= 1.0,
        reset=lambda xp, s, p: {"V": s.V - 2.0 * p.jump},
    )
    done = advanced(model, 1, n_columns=2, params={"jump": np.array([1.0, 3.0])})
    assert done.states["V"].tolist() == [-1.0, -5.0]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_map_computes_its_new_states_from_the_old_ones_in_any_order(
    toy: Toy, advanced: Advance, reverse: bool
) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        new = {"x": s.x * s.x + s.y, "y": s.x - s.y, "z": s.z + s.x * s.x}
        return dict(reversed(new.items())) if reverse else new

    done = advanced(toy({"x": 2.0, "y": 3.0, "z": 10.0}, step=step), 2)
    assert [done.states[name].item() for name in "xyz"] == [48.0, 8.0, 63.0]


def test_a_new_state_can_be_simply_the_old_value_of_another(toy: Toy, advanced: Advance) -> None:
    model = toy(
        {"x": 1.0, "y": 2.0, "z": 3.0},
        step=lambda xp, s, p, current, noise: {"x": s.y, "y": s.z, "z": s.x},
    )
    done = advanced(model, 4)
    assert done.traces["x"][:, 0].tolist() == [2.0, 3.0, 1.0, 2.0]
    assert done.traces["z"][:, 0].tolist() == [1.0, 2.0, 3.0, 1.0]


def test_two_new_states_can_be_one_and_the_same_value(toy: Toy, advanced: Advance) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        total = s.x + s.y
        return {"x": total, "y": total, "z": s.z}

    done = advanced(toy({"x": 1.0, "y": 2.0, "z": 9.0}, step=step), 3)
    assert [done.states[name].item() for name in "xyz"] == [12.0, 12.0, 9.0]


def test_a_new_state_can_be_a_parameter_the_current_or_a_literal(
    toy: Toy, advanced: Advance
) -> None:
    model = toy(
        {"x": 1.0, "y": 2.0, "z": 3.0},
        {"k": 7.0},
        step=lambda xp, s, p, current, noise: {"x": p.k, "y": current, "z": 0.5},
    )
    done = advanced(model, 2, currents=np.array([[4.0], [5.0]]))
    assert done.traces["y"][:, 0].tolist() == [4.0, 5.0]
    assert [done.states[name].item() for name in "xyz"] == [7.0, 5.0, 0.5]


def test_a_state_can_hold_who_fired(toy: Toy, advanced: Advance) -> None:
    def step(xp: Any, s: Values, p: Values, current: Any, noise: Values) -> dict[str, Any]:
        V = s.V + 1.0
        return {"V": V, "out": V >= 3.0}

    for rule in (lambda xp, s, p: s.V >= 3.0, lambda xp, s, p: s.out):
        model = toy(
            {"V": 0.0, "out": 0.0}, step=step, spike=rule, reset=lambda xp, s, p: {"V": 0.0}
        )
        done = advanced(model, 4)
        assert done.spike_steps.tolist() == [3]
        assert done.traces["out"][:, 0].tolist() == [0.0, 0.0, 1.0, 0.0]


def test_a_threshold_counts_a_crossing_once_and_not_the_time_above(
    toy: Toy, advanced: Advance
) -> None:
    wave = np.array([0.0, 2.0, 3.0, 1.0, 0.0, 1.0])[:, np.newaxis]
    for direction, steps in (("up", [2, 6]), ("down", [4])):
        model = toy(
            {"V": 0.0},
            {"level": 1.0},
            step=lambda xp, s, p, current, noise: {"V": current},
            spike=Threshold("V", "level", direction),
        )
        assert advanced(model, 6, currents=wave).spike_steps.tolist() == steps


def test_a_crossing_between_two_blocks_is_counted_once(toy: Toy, advanced: Advance) -> None:
    model = toy(
        {"V": 0.0},
        step=lambda xp, s, p, current, noise: {"V": current},
        spike=Threshold("V", 1.0),
    )
    wave = np.array([0.0, 2.0, 2.0, 2.0])[:, np.newaxis]
    before = advanced(model, 2, currents=wave[:2])
    after = advanced(model, 2, currents=wave[2:], init=before.states)
    assert before.spike_steps.tolist() == [2]
    assert after.spike_steps.tolist() == []


def test_a_model_without_a_spike_rule_never_fires(toy: Toy, advanced: Advance) -> None:
    assert firing(advanced(counting(toy, spike=None), 10)) == []


def refractory(toy: Toy) -> Model:
    """V counts the steps and spikes at 2, u counts on meanwhile."""
    return toy(
        {"V": 0.0, "u": 0.0},
        {"t_ref": 0.0},
        derivatives=lambda xp, s, p, current: {"V": 1.0, "u": 1.0},
        spike=lambda xp, s, p: s.V >= 2.0,
        reset=lambda xp, s, p: {"V": 0.0},
        refractory="t_ref",
        clamped=("V",),
    )


def test_a_refractory_column_rests_for_its_time_while_other_states_go_on(
    toy: Toy, advanced: Advance
) -> None:
    done = advanced(refractory(toy), 7, params={"t_ref": 3.0})
    assert done.traces["V"][:, 0].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    assert done.traces["u"][:, 0].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_each_column_has_its_own_refractory_time_rounded_to_steps(
    toy: Toy, advanced: Advance
) -> None:
    t_ref = np.array([0.0, 1.0, 1.4, 1.6])
    done = advanced(refractory(toy), 8, n_columns=4, params={"t_ref": t_ref})
    steps = [done.spike_steps[done.spike_columns == c].tolist() for c in range(4)]
    assert steps == [[2, 4, 6, 8], [2, 5, 8], [2, 5, 8], [2, 6]]


def test_a_refractory_time_goes_on_in_the_next_block(toy: Toy, advanced: Advance) -> None:
    model, params = refractory(toy), {"t_ref": 3.0}
    first = advanced(model, 3, params=params)
    second = advanced(model, 4, params=params, init=first.states, held=first.held)
    whole = advanced(model, 7, params=params)
    assert first.held.tolist() == [2.0]
    assert np.concatenate([first.traces["V"], second.traces["V"]]).tolist() == (
        whole.traces["V"].tolist()
    )
    assert [*first.spike_steps, *(second.spike_steps + 3)] == whole.spike_steps.tolist()


def test_a_refractory_column_does_not_spike_even_above_its_threshold(
    toy: Toy, advanced: Advance
) -> None:
    model = counting(toy, params={"t_ref": 2.0}, refractory="t_ref")  # V is neither reset nor held
    assert advanced(model, 9).spike_steps.tolist() == [3, 6, 9]


def test_the_current_of_each_step_and_column_is_the_one_given(toy: Toy, advanced: Advance) -> None:
    model = toy({"x": 0.0}, derivatives=lambda xp, s, p, current: {"x": current})
    currents = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
    done = advanced(model, 3, n_columns=2, currents=currents)
    assert done.traces["x"].tolist() == [[1.0, 10.0], [3.0, 30.0], [6.0, 60.0]]


def test_a_current_that_repeats_one_row_is_felt_at_every_step(toy: Toy, advanced: Advance) -> None:
    model = toy({"x": 0.0}, derivatives=lambda xp, s, p, current: {"x": current})
    repeated = np.broadcast_to(np.array([1.0, 2.0]), (3, 2))
    done = advanced(model, 3, n_columns=2, currents=repeated)
    assert done.states["x"].tolist() == [3.0, 6.0]


def test_diffusion_adds_the_given_numbers_times_the_root_of_the_step(
    toy: Toy, advanced: Advance
) -> None:
    model = toy(
        {"x": 0.0, "y": 0.0},
        {"sigma": 3.0},
        derivatives=lambda xp, s, p, current: {"x": 1.0, "y": 1.0},
        diffusion=lambda xp, s, p: {"x": p.sigma},
        noise={"x": "normal"},
    )
    normal = np.array([[1.0], [-2.0]])
    done = advanced(model, 2, dt=0.25, noise={"x": normal})
    assert done.traces["x"][:, 0].tolist() == [0.25 + 1.5, 0.5 - 1.5]
    assert done.traces["y"][:, 0].tolist() == [0.25, 0.5]


def test_a_hazard_fires_where_the_uniform_number_is_below_its_probability(
    toy: Toy, advanced: Advance
) -> None:
    model = toy(
        {"x": 0.0},
        {"rate": 2.0},
        derivatives=lambda xp, s, p, current: {"x": 0.0},
        hazard=lambda xp, s, p: p.rate,
        noise={"spike": "uniform"},
    )
    probability = -np.expm1(-0.1 * 2.0)
    uniform = np.array([[0.0], [probability - 1e-9], [probability + 1e-9], [0.99]])
    assert advanced(model, 4, dt=0.1, noise={"spike": uniform}).spike_steps.tolist() == [1, 2]


def test_a_state_that_overflows_does_so_without_a_warning_and_alone(
    toy: Toy, advanced: Advance
) -> None:
    model = toy({"x": 0.0}, step=lambda xp, s, p, current, noise: {"x": s.x * s.x - s.x})
    done = advanced(model, 12, n_columns=2, init={"x": np.array([10.0, 2.0])})
    assert not np.isfinite(done.states["x"][0])
    assert done.states["x"][1] == 2.0
