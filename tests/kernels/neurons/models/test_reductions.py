"""Two-variable reductions against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.reductions import AV_RON
from kernels.neurons.stimulus import Constant, Pulses, Step


def run(stimulus, *, duration, init=None, dt=0.02):
    return simulate.run(
        Batch(AV_RON, 1, stimulus, init=init or {}),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=[0],
    )


def test_av_ron_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, W = y
        m = 1 / (1 + np.exp(-0.11 * (V + 33)))
        rate = 0.2 * np.exp(0.045 * (V + 55)) + 0.2 * np.exp(-0.045 * (V + 55))
        dV = 15 - 120 * m**3 * (1 - W) * (V - 55) - 36 * (W / 1.3) ** 4 * (V + 72)
        return [dV - 0.3 * (V + 49.4), (1 / (1 + np.exp(-0.09 * (V + 55))) - W) * rate]

    def crossing(t, y):
        return y[0]

    crossing.direction = 1.0
    expected = solve_ivp(
        rhs, (0.0, 100.0), [-59.4, 0.40215], "DOP853", events=crossing, rtol=1e-9, atol=1e-11
    ).t_events[0]
    times = run(Constant(15.0), duration=100.0).spike_times
    assert len(times) > 15
    assert times == pytest.approx(expected, abs=0.1)


@pytest.mark.published("AvRonNeuron")
def test_av_ron_rests_near_minus_60_mv():
    # Av-Ron et al. 1991, excitable set: rest at -59.4 mV, where W is 0.40215
    trace = run(Constant(0.0), duration=100.0, init={"V": -65.0, "W": 0.3}).trace
    assert trace.states["V"][-1, 0] == pytest.approx(-59.4, abs=0.05)
    assert trace.states["W"][-1, 0] == pytest.approx(0.40215, abs=5e-4)


def test_av_ron_answers_a_pulse_with_one_spike_and_a_current_with_many():
    # Av-Ron et al. 1991: excitable without current, oscillatory with enough of it
    assert len(run(Step(amplitude=15.0, end=1.0), duration=60.0).spike_times) == 1
    assert len(run(Step(amplitude=5.0, end=1.0), duration=60.0).spike_times) == 0
    isi = np.diff(run(Constant(15.0), duration=100.0).spike_times)
    assert len(isi) > 10
    assert np.ptp(isi[5:]) < 0.1


def test_av_ron_is_refractory_after_a_spike():
    # two pulses of the same size: the second finds W up
    pulses = {"amplitude": 15.0, "width": 1.0, "count": 2.0}
    assert len(run(Pulses(period=2.5, **pulses), duration=60.0).spike_times) == 1
    assert len(run(Pulses(period=20.0, **pulses), duration=60.0).spike_times) == 2
