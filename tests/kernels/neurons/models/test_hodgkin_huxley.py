"""The squid giant axon behaves as four decades of analysis say."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from kernels.neurons.batch import Batch
from kernels.neurons.model import Values
from kernels.neurons.models.conductance import HODGKIN_HUXLEY
from kernels.neurons.simulate import Recording, run
from kernels.neurons.stimulus import Constant, Step

REST = [-65.0, 0.0529325, 0.5961208, 0.3176769]


def hodgkin_huxley(t: float, y: Any, current: float) -> list[float]:
    """Hodgkin and Huxley 1952, in today's sign convention, apart from the code under test."""
    V, m, h, n = y
    a_m = 0.1 * (V + 40) / (1 - math.exp(-(V + 40) / 10))
    b_m = 4 * math.exp(-(V + 65) / 18)
    a_h = 0.07 * math.exp(-(V + 65) / 20)
    b_h = 1 / (1 + math.exp(-(V + 35) / 10))
    a_n = 0.01 * (V + 55) / (1 - math.exp(-(V + 55) / 10))
    b_n = 0.125 * math.exp(-(V + 65) / 80)
    ionic = 120 * m**3 * h * (V - 50) + 36 * n**4 * (V + 77) + 0.3 * (V + 54.387)
    return [
        current - ionic,
        a_m * (1 - m) - b_m * m,
        a_h * (1 - h) - b_h * h,
        a_n * (1 - n) - b_n * n,
    ]


@cache
def solved(current: float, duration: float) -> np.ndarray:
    """Spike times of an adaptive solver, from rest."""

    def rises_through_zero(t: float, y: Any, current: float) -> float:
        return y[0]

    rises_through_zero.direction = 1.0
    solution = solve_ivp(
        hodgkin_huxley,
        (0.0, duration),
        REST,
        method="LSODA",
        args=(current,),
        rtol=1e-9,
        atol=1e-10,
        events=rises_through_zero,
    )
    return solution.t_events[0]


def simulated(
    current: Any, duration: float, dt: float, n_columns: int = 1, **options: Any
) -> Recording:
    batch = Batch(HODGKIN_HUXLEY, n_columns, Constant(current), **options.pop("batch", {}))
    return run(batch, duration=duration, dt=dt, **{"integrator": "rk4", **options})


def test_spike_times_agree_with_an_adaptive_solver() -> None:
    times, exact = simulated(10.0, 100.0, 0.01).spike_times, solved(10.0, 100.0)
    assert len(times) == len(exact) == 7
    # a spike is dated at the end of the step in which it falls
    assert np.abs(times - exact).max() < 0.02


@pytest.mark.parametrize(
    ("current", "published"),
    [
        (10.0, [1.94, 16.91, 31.60, 46.29, 60.97, 75.65, 90.34]),
        (35.0, [0.95, 11.36, 21.11, 30.80, 40.48, 50.15, 59.83, 69.50, 79.18, 88.86, 98.53]),
    ],
)
def test_its_spikes_come_at_the_printed_times(current: float, published: list[float]) -> None:
    # Hodgkin-Huxley tutorial of OpenWorm and NeuroML (openworm/hodgkin_huxley_tutorial), which has
    # these constants: the spike times of its test, from the onset of the step. Its intervals are
    # up to 0.5 % longer than those of an adaptive solver.
    batch = Batch(HODGKIN_HUXLEY, 1, Step(amplitude=current, onset=100.0, end=200.0))
    times = run(batch, duration=200.0, dt=0.01, integrator="rk4").spike_times - 100.0
    assert len(times) == len(published)
    assert times == pytest.approx(published, rel=0.007, abs=0.05)


def test_the_rate_at_10_uA_per_cm2_is_68_Hz() -> None:
    # 68.3 Hz is what an adaptive solver says; the tutorial above prints 68.1 Hz (every 14.68 ms)
    times = solved(10.0, 300.0)
    assert 1000.0 / np.diff(times)[-5:].mean() == pytest.approx(68.3, abs=0.05)
    mine = simulated(10.0, 300.0, 0.05).spike_times
    assert 1000.0 / np.diff(mine)[-5:].mean() == pytest.approx(68.3, abs=0.15)


@pytest.mark.parametrize("integrator", ["euler", "exponential_euler"])
def test_first_order_integrators_come_close_at_the_default_step(integrator: str) -> None:
    model = HODGKIN_HUXLEY
    times = simulated(10.0, 60.0, model.dt, integrator=integrator).spike_times
    exact = solved(10.0, 100.0)[: len(times)]
    assert len(times) == 4
    assert np.abs(times - exact).max() < 0.5


def test_without_a_current_it_settles_at_minus_65_mV() -> None:
    for kick in (-75.0, -60.0):
        options = {"batch": {"init": {"V": kick}}, "traced": [0]}
        done = simulated(0.0, 150.0, 0.05, **options)
        assert done.trace.states["V"][-1] == pytest.approx(-65.0, abs=0.05)
        assert len(done.spike_times) == 0


def test_its_gates_start_at_their_steady_state_at_rest() -> None:
    states = Batch(HODGKIN_HUXLEY, 1, Constant(0.0)).initial_states()
    rates = hodgkin_huxley(0.0, [states[name].item() for name in "Vmhn"], 0.0)
    assert max(map(abs, rates[1:])) < 1e-6


def test_it_fires_without_end_only_above_the_saddle_node_of_limit_cycles() -> None:
    # The stable and the unstable limit cycle are born together at I = 6.2649 uA/cm2 (Balti, Lanza
    # and Aziz-Alaoui 2018, Math Biosci Eng 15:807, figure 6; first seen by Rinzel and Miller 1980,
    # Math Biosci 49:27). The step of current from rest is the kick into their reach; below, some
    # spikes come while the trajectory lingers where the cycles will be.
    duration = 600.0
    done = simulated(np.array([6.2, 6.25, 6.28, 6.3]), duration, 0.05, n_columns=4)
    last = [done.spike_times[done.spike_columns == c].max() for c in range(4)]
    period = 1000.0 / 50.0
    assert [time > duration - 1.5 * period for time in last] == [False, False, True, True]


def linearised(current: float) -> float:
    """The largest real part (1/ms) among the eigenvalues at the resting state."""
    p = Values({param.name: param.default for param in HODGKIN_HUXLEY.params})

    def gates(V: float) -> dict[str, float]:
        s = Values({"V": np.float64(V), "m": 0.0, "h": 0.0, "n": 0.0})
        rates = HODGKIN_HUXLEY.derivatives(np, s, p, current)
        return {name: rates[name].target for name in "mhn"}

    def rates(y: np.ndarray) -> np.ndarray:
        now = dict(zip("Vmhn", y, strict=True))
        relax = HODGKIN_HUXLEY.derivatives(np, Values(now), p, current)
        slopes = [(relax[name].target - now[name]) / relax[name].tau for name in "mhn"]
        return np.array([relax["V"], *slopes])

    V = brentq(lambda V: rates(np.array([V, *gates(V).values()]))[0], -80.0, -20.0, xtol=1e-13)
    rest = np.array([V, *gates(V).values()])
    steps = 1e-5 * np.eye(4)
    jacobian = np.column_stack([(rates(rest + d) - rates(rest - d)) / 2e-5 for d in steps])
    return np.linalg.eigvals(jacobian).real.max()


def test_rest_loses_its_stability_in_the_published_hopf_bifurcations() -> None:
    # I = 9.78 and 154.5 uA/cm2 (Rinzel and Miller 1980; Guckenheimer and Labouriau 1993)
    assert brentq(linearised, 8.0, 12.0) == pytest.approx(9.78, abs=0.01)
    assert brentq(linearised, 120.0, 180.0) == pytest.approx(154.5, abs=0.2)


def test_it_can_rest_or_fire_at_one_current_depending_on_where_it_starts() -> None:
    V = np.array([-60.0, -20.0])
    resting = {"m": 0.0935, "h": 0.4150, "n": 0.3955}  # near the steady state at 8 uA/cm2
    batch = {"init": {"V": V, **resting}}
    done = simulated(8.0, 200.0, 0.05, n_columns=2, batch=batch)
    late = done.spike_columns[done.spike_times > 150.0]
    assert set(late) == {1}


@given(st.floats(-200.0, 100.0) | st.sampled_from([-40.0, -55.0]))
def test_its_rates_are_finite_and_its_gates_between_0_and_1_at_any_potential(V: float) -> None:
    p = Values({param.name: param.default for param in HODGKIN_HUXLEY.params})
    s = Values({"V": np.float64(V), "m": 0.5, "h": 0.5, "n": 0.5})
    rates = HODGKIN_HUXLEY.derivatives(np, s, p, 0.0)
    assert np.isfinite(rates["V"])
    for name in "mhn":
        assert 0.0 <= rates[name].target <= 1.0
        assert 0.0 < rates[name].tau < 1000.0


@given(st.sampled_from([-40.0, -55.0]), st.floats(-1e-6, 1e-6))
def test_its_rates_are_continuous_across_their_removable_singularities(
    V: float, offset: float
) -> None:
    p = Values({param.name: param.default for param in HODGKIN_HUXLEY.params})

    def at(V: float) -> list[float]:
        s = Values({"V": np.float64(V), "m": 0.5, "h": 0.5, "n": 0.5})
        rates = HODGKIN_HUXLEY.derivatives(np, s, p, 0.0)
        return [x for name in "mhn" for x in rates[name]]

    np.testing.assert_allclose(at(V + offset), at(V), rtol=1e-6)


@given(st.floats(-120.0, 60.0).filter(lambda V: min(abs(V + 40), abs(V + 55)) > 1e-3))
def test_its_rates_are_those_of_the_paper(V: float) -> None:
    p = Values({param.name: param.default for param in HODGKIN_HUXLEY.params})
    y = {"V": np.float64(V), "m": 0.2, "h": 0.3, "n": 0.6}
    rates = HODGKIN_HUXLEY.derivatives(np, Values(y), p, 3.0)
    slopes = [(rates[name].target - y[name]) / rates[name].tau for name in "mhn"]
    expected = hodgkin_huxley(0.0, list(y.values()), 3.0)
    np.testing.assert_allclose([rates["V"], *slopes], expected, rtol=1e-9, atol=1e-9)
