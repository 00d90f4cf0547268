"""Motoneurons against their paper and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.motoneurons import BOOTH_RINZEL
from kernels.neurons.stimulus import Constant, Recorded

SEROTONIN = dict(BOOTH_RINZEL.presets[0].params)


def run(stimulus, *, duration, params=None, integrator="rk4", init=None, dt=BOOTH_RINZEL.dt):
    return simulate.run(
        Batch(BOOTH_RINZEL, 1, stimulus, params=params or {}, init=init or {}),
        duration=duration,
        dt=dt,
        integrator=integrator,
        engine="scalar",
        traced=[0],
    )


def test_booth_rinzel_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        vs, vd, h, n, ms, hs, md, hd, ml, cs, cd = y

        def s(v, theta, k):
            return 1 / (1 + np.exp((v - theta) / k))

        th = 30 / (np.exp((vs + 50) / 15) + np.exp(-(vs + 50) / 16))
        tn = 7 / (np.exp((vs + 40) / 40) + np.exp(-(vs + 40) / 50))
        ica = 14 * ms**2 * hs * (vs - 80)
        icd = (0.03 * md**2 * hd + 0.33 * ml) * (vd - 80)
        soma = 120 * s(vs, -35, -7.8) ** 3 * h * (vs - 55) + 0.51 * (vs + 60) + ica
        soma += (100 * n**4 + 3.136 * cs / (cs + 0.2)) * (vs + 80)
        dendrite = 0.69 * cd / (cd + 0.2) * (vd + 80) + 0.51 * (vd + 60) + icd
        return [
            20 - soma - 0.1 / 0.1 * (vs - vd),
            -dendrite - 0.1 / 0.9 * (vd - vs),
            *((s(vs, -55, 7) - h) / th, (s(vs, -28, -15) - n) / tn),
            *((s(vs, -30, -5) - ms) / 4, (s(vs, -45, 5) - hs) / 40),
            *((s(vd, -30, -5) - md) / 4, (s(vd, -45, 5) - hd) / 40),
            (s(vd, -40, -7) - ml) / 40,
            *(0.01 * (-0.009 * ica - 2 * cs), 0.01 * (-0.009 * icd - 2 * cd)),
        ]

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    y0 = [state.initial for state in BOOTH_RINZEL.states]
    expected = solve_ivp(
        rhs, (0.0, 300.0), y0, "LSODA", events=crossing, rtol=1e-9, atol=1e-11
    ).t_events[0]
    times = run(Constant(20.0), duration=300.0, params=SEROTONIN).spike_times
    assert len(times) > 15
    assert times == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(
    ("current", "count", "soma", "dendrite", "at"),
    [
        # the program that names them, then the potentials of the last row of its recordings
        (0.0, 0, -56.564, -55.673, 100.0),
        (5.0, 2, None, None, None),
        (10.0, 4, -55.5156, -54.8082, 99.99),
        (15.0, 5, None, None, None),
        (20.0, 6, None, None, None),
        (25.0, 7, None, None, None),
        (30.0, 8, -50.4706, -53.3872, 99.99),
    ],
)
def test_booth_rinzel_fires_as_often_as_printed(current, count, soma, dendrite, at):
    # simEngine's tests of its program of the model without serotonin (joshuaecook/simengine,
    # brk_TEST1.dcl: rest and spikes in 100 ms; BRK_I10_exp.mat and BRK_I30_exp.mat), from its
    # initial states, at its step of 0.01 ms
    init = dict.fromkeys(("n", "m_NS", "m_ND", "m_L", "Ca_S", "Ca_D"), 0.0)
    init |= dict.fromkeys(("h", "h_NS", "h_ND"), 0.9) | {"V_S": -60.0, "V_D": -60.0}
    recording = run(Constant(current), duration=100.0, init=init, dt=0.01)
    assert len(recording.spike_times) == count
    if at is not None:
        trace = recording.trace
        seen = [np.interp(at, trace.t, trace.states[name][:, 0]) for name in ("V_S", "V_D")]
        assert seen == pytest.approx([soma, dendrite], abs=0.01)


def test_booth_rinzel_fires_faster_on_the_way_down_only_with_serotonin():
    # Booth et al. 1997: where serotonin weakens the potassium current that calcium opens, a slow
    # ramp up sets off the plateau of the dendrite, and the f-I curve has a second branch on the way
    # down, which outlasts the current at which firing began; without serotonin there is no plateau
    half = 1500.0
    stimulus = Recorded(values=(0.0, 25.0, 0.0), dt=half)

    def ramps(params):
        recording = run(stimulus, duration=2 * half, params=params, integrator="exponential_euler")
        times = recording.spike_times
        I = 25.0 * np.minimum(times, 2 * half - times) / half  # noqa: E741
        up = times < half
        near = np.abs(I - 10.0) < 3.0
        return (near & up).sum(), (near & ~up).sum(), I[up].min(), I[~up].min()

    up, down, starts, ends = ramps({})
    assert abs(up - down) <= 3
    assert ends > starts
    up, down, starts, ends = ramps(SEROTONIN)
    assert down > 1.4 * up
    assert ends < starts - 1.0


def test_booth_rinzel_holds_a_plateau_without_spikes_of_the_soma():
    # Booth et al. 1997: without sodium current and delayed rectifier the plateau of the dendrite
    # remains, a second stable potential
    params = {**SEROTONIN, "g_Na": 0.0, "g_Kdr": 0.0, "g_CaN_S": 0.0}
    pulse = Recorded(values=(5.0, 5.0, 60.0, 60.0, 5.0, 5.0, 5.0), dt=300.0)
    trace = run(pulse, duration=1800.0, params=params).trace
    V_D = trace.states["V_D"][:, 0]
    before, after = V_D[np.searchsorted(trace.t, 290.0)], V_D[-1]
    assert before < -40.0
    assert after > before + 10.0


def test_booth_rinzel_rests_without_current_and_adapts_with_it():
    assert len(run(Constant(0.0), duration=300.0).spike_times) == 0
    isi = np.diff(run(Constant(20.0), duration=500.0).spike_times)
    assert len(isi) > 15
    assert isi[-1] > 1.2 * isi[0]
