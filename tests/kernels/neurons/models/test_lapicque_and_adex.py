"""Integrate-and-fire models fire when their equations say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.neurons.batch import Batch
from kernels.neurons.model import Values
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE
from kernels.neurons.simulate import Recording, run
from kernels.neurons.stimulus import Constant


def lapicque(
    current: Any,
    duration: float,
    dt: float,
    n_columns: int = 1,
    init: dict[str, float] | None = None,
    **params: Any,
) -> Recording:
    batch = Batch(LAPICQUE, n_columns, Constant(current), params=params, init=init or {})
    return run(batch, duration=duration, dt=dt, integrator="exponential_euler")


def period(current: float, p: dict[str, float]) -> float:
    """The interspike interval under a constant current (Gerstner et al. 2014, equation 1.15)."""
    drive = p["R"] * current + p["V_rest"]
    return p["tau"] * math.log((drive - p["V_r"]) / (drive - p["theta"])) + p["t_ref"]


@settings(max_examples=40)
@given(
    tau=st.floats(2.0, 40.0),
    R=st.floats(0.5, 3.0),
    V_rest=st.floats(-0.5, 0.5),
    V_r=st.floats(-1.0, 0.5),
    t_ref=st.floats(0.0, 5.0),
    over=st.floats(0.1, 4.0),
)
def test_lapicque_intervals_are_those_of_the_formula_to_one_step(over: float, **p: float) -> None:
    dt, p = 0.05, {**p, "theta": 1.0}
    current = (p["theta"] + over - p["V_rest"]) / p["R"]
    expected = period(current, p)
    duration, reset = 5.5 * expected + 50.0 * dt, {"V": p["V_r"]}
    times = lapicque(current, duration, dt, init=reset, **p).spike_times
    assert len(times) >= 5
    # each interval ends at the first step past the crossing, and t_ref is rounded to a step
    late = np.diff(times) - expected
    assert late.min() >= -0.5 * dt - 1e-9
    assert late.max() <= 1.5 * dt + 1e-9


@pytest.mark.parametrize("current", [1.05, 2.0, 10.0])
def test_lapicque_rate_is_the_inverse_of_the_formulas_interval(current: float) -> None:
    dt, duration = 0.01, 500.0
    defaults = {param.name: param.default for param in LAPICQUE.params}
    expected = period(current, {**defaults, "t_ref": 2.0})
    count = len(lapicque(current, duration, dt, t_ref=2.0).spike_times)
    # every interval is late by at most a step, and the first one comes without refractory time
    assert math.floor((duration + 2.0) / (expected + dt)) <= count
    assert count <= math.floor((duration + 2.0) / expected)


def test_lapicque_spikes_at_the_printed_times() -> None:
    # Stimberg, Brette and Goodman, Introduction to Brian part 1: tau = 10 ms, threshold 0.8, drive
    # 1: spikes at 16, 32.1 and 48.2 ms, which Brian dates at the beginning of their steps
    times = lapicque(1.0, 50.0, 0.1, tau=10.0, theta=0.8).spike_times
    assert times - 0.1 == pytest.approx([16.0, 32.1, 48.2], abs=1e-9)


@pytest.mark.parametrize("share", [-1.0, 0.0, 0.5, 0.999])
def test_lapicque_never_fires_below_its_rheobase(share: float) -> None:
    rheobase = (1.0 - 0.2) / 2.0
    assert len(lapicque(share * rheobase, 500.0, 0.1, V_rest=0.2, R=2.0).spike_times) == 0


def test_lapicque_fires_just_above_its_rheobase() -> None:
    # tau ln((R I - V_r)/(R I - theta)) = 138 ms at a thousandth above it
    assert len(lapicque(1.001, 150.0, 0.1).spike_times) == 1


@pytest.mark.parametrize("t_ref", [0.1, 2.0, 2.04, 2.06])
def test_a_refractory_time_lengthens_lapicque_intervals_by_itself_rounded_to_steps(
    t_ref: float,
) -> None:
    dt = 0.1
    done = lapicque(2.0, 300.0, dt, n_columns=2, t_ref=np.array([0.0, t_ref]))
    free, held = (np.rint(done.spike_times[done.spike_columns == c] / dt) for c in (0, 1))
    assert free[0] == held[0]
    assert set(np.diff(free)) == {139.0}  # 20 ln 2 = 13.863 ms
    assert set(np.diff(held)) == {139.0 + round(t_ref / dt)}


def test_lapicque_rests_at_its_reset_potential_while_refractory() -> None:
    batch = Batch(LAPICQUE, 1, Constant(2.0), params={"t_ref": 1.0, "V_r": -0.5})
    done = run(batch, duration=20.0, dt=0.1, integrator="exponential_euler", traced=[0])
    trace = done.trace.states["V"][:, 0]
    first = round(done.spike_times[0] / 0.1)
    assert trace[first : first + 11].tolist() == [-0.5] * 11
    assert trace[first + 11] > -0.5


def test_lapicque_starts_at_rest_and_stays_there_without_a_current() -> None:
    batch = Batch(LAPICQUE, 1, Constant(0.0), params={"V_rest": 0.3})
    done = run(batch, duration=50.0, dt=0.1, integrator="exponential_euler", traced=[0])
    np.testing.assert_allclose(done.trace.states["V"], 0.3, rtol=1e-14)


def adex(duration: float, current: Any, traced: bool = False, **options: Any) -> Recording:
    batch = Batch(ADEX, options.pop("n_columns", 1), Constant(current), **options)
    return run(batch, duration=duration, dt=0.1, integrator="euler", traced=[0] if traced else [])


@given(
    V=st.floats(-90.0, -20.0),
    w=st.floats(-1.0, 1.0),
    current=st.floats(-1.0, 2.0),
    p=st.fixed_dictionaries(
        {
            "C": st.floats(50.0, 500.0),
            "g_L": st.floats(1.0, 50.0),
            "E_L": st.floats(-80.0, -50.0),
            "V_T": st.floats(-60.0, -40.0),
            "Delta_T": st.floats(0.5, 5.0),
            "tau_w": st.floats(10.0, 500.0),
            "a": st.floats(-20.0, 20.0),
        }
    ),
)
def test_adex_moves_as_the_equations_of_the_paper_say(
    V: float, w: float, current: float, p: dict[str, float]
) -> None:
    s = Values({"V": np.float64(V), "w": np.float64(w)})
    rates = ADEX.derivatives(np, s, Values({"V_peak": 20.0, **p}), current)
    # equations 2 and 3 in mV, ms, nS and pF, with currents in pA
    spike_current = p["g_L"] * p["Delta_T"] * math.exp((V - p["V_T"]) / p["Delta_T"])
    into_V = -p["g_L"] * (V - p["E_L"]) + spike_current - 1000.0 * w + 1000.0 * current
    into_w = p["a"] * (V - p["E_L"]) - 1000.0 * w
    assert rates["V"] == pytest.approx(into_V / p["C"], rel=1e-9, abs=1e-9)
    assert rates["w"] == pytest.approx(into_w / p["tau_w"] / 1000.0, rel=1e-9, abs=1e-9)


def test_adex_rests_at_its_leak_potential_without_a_current() -> None:
    trace = adex(300.0, 0.0, traced=True).trace
    # the exponential current at rest, 30 * 2 * exp(-10.1) pA, lifts V by about 0.07 uV
    np.testing.assert_allclose(trace.states["V"][-1], -70.6, atol=1e-3)
    np.testing.assert_allclose(trace.states["w"][-1], 0.0, atol=1e-5)


def test_adex_jumps_by_b_and_returns_to_its_reset_potential_at_a_spike() -> None:
    done = adex(30.0, 1.5, traced=True)
    V, w = (done.trace.states[name][:, 0] for name in ("V", "w"))
    k = round(done.spike_times[0] / 0.1)
    assert V[k] == -70.6
    before = w[k - 1] + 0.1 * (0.001 * 4.0 * (V[k - 1] + 70.6) - w[k - 1]) / 144.0
    assert w[k] == pytest.approx(before + 0.0805, rel=1e-12)


def test_adex_spikes_at_the_printed_times() -> None:
    # PyNN, test_EIF_cond_alpha_isfa_ista: the constants of Brette and Gerstner at 1 nA from -65 mV,
    # with a peak of -40 mV and 2 ms of refractoriness, as Brian, NEST and NEURON have it. The model
    # here has no refractory time: between two spikes, w decays for 2 ms and the run begins again.
    found, t, V, w = [], 0.0, -65.0, 0.0
    for _ in range(8):
        batch = Batch(ADEX, 1, Constant(1.0), {"V_peak": -40.0}, {"V": V, "w": w})
        done = run(batch, duration=35.0, dt=0.01, integrator="rk4", traced=[0])
        interval = done.spike_times[0]
        found.append(t + interval)
        after = done.trace.states["w"][round(interval / 0.01), 0]
        t, V, w = found[-1] + 2.0, -70.6, after * math.exp(-2.0 / 144.0)
    published = [10.015, 25.515, 43.168, 63.41, 86.649, 113.112, 142.663, 174.76]
    assert found == pytest.approx(published, abs=0.05)


def test_adex_intervals_grow_while_it_adapts() -> None:
    intervals = np.diff(adex(500.0, 1.0).spike_times)
    assert len(intervals) > 5
    assert intervals[-1] > 1.5 * intervals[0]
    assert (np.diff(intervals) >= -0.1 - 1e-9).all()


def test_adex_without_adaptation_fires_regularly() -> None:
    intervals = np.diff(adex(300.0, 1.0, params={"a": 0.0, "b": 0.0}).spike_times)
    assert np.ptp(intervals) <= 0.1 + 1e-9


def test_adex_fires_without_end_only_above_its_rheobase() -> None:
    # With a/g_L = 0.13 above tau_m/tau_w = 0.065, rest is lost in a Hopf bifurcation
    # (Naud et al. 2008, Biol Cybern 99:335, section 3.1), where the trace of the Jacobian is 0.
    tau_m = 281.0 / 30.0
    V = -50.4 + 2.0 * math.log(1.0 + tau_m / 144.0)
    exponential = 30.0 * 2.0 * (1.0 + tau_m / 144.0)
    rheobase = ((30.0 + 4.0) * (V + 70.6) - exponential) / 1000.0
    near_rest = {"V": V - 1.0, "w": 0.004 * (V - 1.0 + 70.6)}
    done = adex(3000.0, np.array([0.995, 1.005]) * rheobase, n_columns=2, init=near_rest)
    below, above = (done.spike_times[done.spike_columns == c] for c in (0, 1))
    assert len(below) == 0
    assert len(above) > 3
    assert above[-1] > 2000.0
