"""Beta cells against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.endocrine import (
    CHAY,
    CHAY_KEIZER,
    PERNAROWSKI,
    PHANTOM,
    SHERMAN_RINZEL_KEIZER,
)
from kernels.neurons.stimulus import Constant


def run(model, *, duration, dt=None, integrator="rk4", current=0.0, init=None, **params):
    return simulate.run(
        Batch(model, 1, Constant(current), params=params, init=init or {}),
        duration=duration,
        dt=model.dt if dt is None else dt,
        integrator=integrator,
        engine="scalar",
        traced=[0],
    )


def preset(model, name, **options):
    chosen = next(preset for preset in model.presets if preset.name == name)
    options = {"duration": chosen.duration or model.duration, **options}
    return run(model, init=dict(chosen.init), **options, **chosen.params)


def bursts(times, pause):
    """Times of the first spike of each burst."""
    return times[np.diff(times, prepend=-np.inf) > pause]


def solved(rhs, model, duration, level, rtol=1e-8):
    def crossing(t, y):
        return y[0] - level

    crossing.direction = 1.0
    y0 = [state.initial for state in model.states]
    return solve_ivp(
        rhs, (0.0, duration), y0, "LSODA", events=crossing, rtol=rtol, atol=1e-10
    ).t_events[0]


def vtrap(x, k):
    """x / (exp(x/k) - 1)."""
    return k if abs(x) < 1e-9 else x / (np.exp(x / k) - 1.0)


def test_chay_keizer_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, m, h, n, ca = y
        v, w, phi = V + 50, V + 30, 3**1.37
        am, bm = 0.1 * vtrap(25 - v, 10), 4 * np.exp(-v / 18)
        ah, bh = 0.07 * np.exp(-v / 20), 1 / (np.exp((30 - v) / 10) + 1)
        an, bn = 0.01 * vtrap(10 - w, 10), 0.125 * np.exp(-w / 80)
        ica = 6.5 * m**3 * h * (100 - V)
        ik = (12 * n**4 + 0.09 * ca / (ca + 1)) * (-75 - V)
        return [
            2 * ica + ik + 0.04 * (-40 - V),
            *(phi * (am * (1 - m) - bm * m), phi * (ah * (1 - h) - bh * h)),
            phi * (an * (1 - n) - bn * n),
            0.004 * (3 / (8.9e-4 * 96487) * ica - 0.04 * ca),
        ]

    expected = solved(rhs, CHAY_KEIZER, 600.0, -35.0)
    times = run(CHAY_KEIZER, duration=600.0).spike_times
    assert len(times) > 10
    assert times == pytest.approx(expected, abs=0.2)


def test_chay_keizer_bursts_with_the_period_of_its_program():
    # ck.ode of Sherman's collection, run in XPP: bursts are 11 979 ms apart and have 224 spikes,
    # through -35 mV; calcium goes between 0.3064 and 1.1046 uM
    recording = run(CHAY_KEIZER, duration=38000.0, dt=0.05)
    starts = bursts(recording.spike_times, 1000.0)
    period = starts[-1] - starts[-2]
    assert period == pytest.approx(11_979.0, abs=15.0)
    times = recording.spike_times
    assert ((times >= starts[-2]) & (times < starts[-1])).sum() == pytest.approx(224, abs=1)
    Ca = recording.trace.states["Ca"][recording.trace.t > 15_000.0, 0]
    assert (Ca.min(), Ca.max()) == pytest.approx((0.3064, 1.1046), rel=2e-3)


def test_chay_keizer_fires_more_of_the_time_and_then_always_as_glucose_removes_calcium():
    # Chay and Keizer 1983: k_Ca stands for glucose; the plateaus lengthen until spikes never stop
    def fraction(k_Ca):
        times = run(
            CHAY_KEIZER, duration=26000.0, dt=0.1, integrator="exponential_euler", k_Ca=k_Ca
        ).spike_times
        starts = bursts(times, 1000.0)
        if len(starts) < 2:
            return 1.0
        first = times[(times >= starts[0]) & (times < starts[1])]
        return (first[-1] - first[0]) / (starts[1] - starts[0])

    little, more, always = (fraction(k_Ca) for k_Ca in (0.03, 0.05, 0.07))
    assert 0.1 < little < more - 0.1
    assert more < 0.6
    assert always == 1.0


def test_sherman_rinzel_keizer_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, n, ca = y
        ica = 1400 / (1 + np.exp((4 - V) / 14)) / (1 + np.exp((V + 10) / 10)) * (V - 110)
        ik = (2500 * n + 30000 * ca / (100 + ca)) * (V + 75)
        tau = 60 / (np.exp((V + 75) / 65) + np.exp(-(V + 75) / 20))
        return [
            -(ica + ik) / 5309.3,
            1.6 * (1 / (1 + np.exp((-15 - V) / 5.6)) - n) / tau,
            0.001 * (-4.506e-6 * ica - 0.03 * ca),
        ]

    y0 = [-50.0, 0.001, 0.5]

    def crossing(t, y):
        return y[0] + 35.0

    crossing.direction = 1.0
    expected = solve_ivp(
        rhs, (0.0, 4000.0), y0, "LSODA", events=crossing, rtol=1e-9, atol=1e-11
    ).t_events[0]
    init = dict(zip(("V", "n", "Ca"), y0, strict=True))
    times = run(SHERMAN_RINZEL_KEIZER, duration=4000.0, init=init).spike_times
    assert len(times) > 10
    assert times == pytest.approx(expected, abs=0.5)


def test_sherman_rinzel_keizer_bursts_with_the_period_of_its_authors_program():
    # srk.ode of Sherman's collection, for figure 5, run in XPP: bursts are 14 254 ms apart and have
    # 22 spikes, through -35 mV; calcium goes between 0.5320 and 0.6112 uM
    recording = run(SHERMAN_RINZEL_KEIZER, duration=46000.0, dt=0.2)
    starts = bursts(recording.spike_times, 1000.0)
    assert starts[-1] - starts[-2] == pytest.approx(14_254.0, abs=15.0)
    times = recording.spike_times
    assert ((times >= starts[-2]) & (times < starts[-1])).sum() == 22
    Ca = recording.trace.states["Ca"][recording.trace.t > 16_000.0, 0]
    assert (Ca.min(), Ca.max()) == pytest.approx((0.5320, 0.6112), rel=1e-3)


def test_sherman_rinzel_keizer_wakes_at_the_knee_of_its_fast_subsystem():
    # Sherman, Rinzel and Keizer 1988: calcium is slow, and a silence ends where the lower branch of
    # the equilibria of V and n does, a minimum of the calcium at which no current flows
    V = np.linspace(-62.0, -45.0, 3401)
    I_Ca = 1400 / (1 + np.exp((4 - V) / 14)) / (1 + np.exp((V + 10) / 10)) * (V - 110)
    I_K = 2500 / (1 + np.exp((-15 - V) / 5.6)) * (V + 75)
    share = -(I_Ca + I_K) / (30000 * (V + 75))
    knee = (100 * share / (1 - share)).min()
    recording = run(SHERMAN_RINZEL_KEIZER, duration=34000.0, dt=0.5)
    assert len(bursts(recording.spike_times, 1000.0)) == 3
    Ca = recording.trace.states["Ca"][recording.trace.t > 16000.0, 0]
    assert Ca.min() == pytest.approx(knee, rel=0.01)
    assert Ca.min() < knee


@pytest.mark.parametrize(("g_s1", "low", "high"), [(20.0, 1.0, 5.0), (7.0, 10.0, 60.0)])
def test_phantom_bursts_last_seconds_or_tens_of_seconds(g_s1, low, high):
    # Bertram et al. 2000, abstract: a few seconds or minutes in single cells, 10 to 60 s in islets,
    # from time constants of 1 to 5 s and 1 to 2 min; figures 2 and 3 have g_s1 = 20 and 7 pS
    s2 = {20.0: 0.434, 7.0: 0.6}[g_s1]
    recording = run(PHANTOM, duration=10.0 * 1e3 * low, dt=1.0, init={"s2": s2}, g_s1=g_s1)
    periods = np.diff(bursts(recording.spike_times, 900.0 + 110.0 * low)) / 1e3
    assert len(periods) >= 4
    assert low < periods[-1] < high
    assert np.ptp(periods[1:]) < 0.1 * periods[-1]


def test_phantom_bursts_last_minutes_when_the_slow_current_is_too_weak():
    # Bertram et al. 2000, figure 4: g_s1 = 3 pS
    recording = preset(PHANTOM, "slow", duration=170000.0, dt=1.0)
    periods = np.diff(bursts(recording.spike_times, 2000.0)) / 1e3
    assert len(periods) == 2
    assert periods[-1] > 60.0
    s1 = recording.trace.ranges["s1"]
    assert (s1[0, 0], s1[1, 0]) == pytest.approx((0.0, 1.0), abs=1e-3)  # it is used up


def test_phantom_fast_bursts_leave_the_very_slow_current_where_it_is():
    # Bertram et al. 2000, figure 2; the authors' program begins at s2 = 0.434
    s2 = run(PHANTOM, duration=20000.0).trace.ranges["s2"]
    assert (s2[0, 0], s2[1, 0]) == pytest.approx((0.434, 0.434), abs=0.006)


@pytest.mark.parametrize(("g_KC", "period"), [(10.0, 1), (10.7, 2), (10.75, 4)])
def test_chay_doubles_its_period_as_the_conductance_grows(g_KC, period):
    # Chay 1985: beating at g_KC = 10, period doubling on the way to chaos, which is there at 11
    times = run(CHAY, duration=60000.0, dt=0.5, g_KC=g_KC).spike_times
    isi = np.diff(times)[-16:]
    assert isi[period:] == pytest.approx(isi[:-period], rel=2e-3)
    for shorter in range(1, period):
        assert np.abs(isi[shorter:] - isi[:-shorter]).max() > 20.0


def test_chay_is_chaotic_at_eleven():
    # Chay 1985: in chaos no number of intervals makes a period
    isi = np.diff(preset(CHAY, "chaos", duration=80000.0, dt=0.5).spike_times)[20:]
    assert len(isi) > 40
    for period in range(1, 16):
        assert np.abs(isi[period:] - isi[:-period]).max() > 500.0


def test_chay_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):  # t in s, as in the paper
        V, n, C = y
        am, bm = 0.1 * vtrap(-(25 + V), 10), 4 * np.exp(-(V + 50) / 18)
        ah, bh = 0.07 * np.exp(-0.05 * V - 2.5), 1 / (1 + np.exp(-0.1 * V - 2))
        an, bn = 0.01 * vtrap(-(20 + V), 10), 0.125 * np.exp(-(V + 30) / 80)
        i = (am / (am + bm)) ** 3 * ah / (ah + bh)
        k = 1700 * n**4 + 10 * C / (1 + C)
        return [
            1800 * i * (100 - V) + k * (-75 - V) + 7 * (-40 - V),
            (an / (an + bn) - n) * 230 * (an + bn),
            0.27 * (i * (100 - V) - 3.3 / 18 * C),
        ]

    expected = 1e3 * solved(rhs, CHAY, 8.0, -35.0)
    times = run(CHAY, duration=8000.0).spike_times
    assert len(times) > 8
    assert times == pytest.approx(expected, abs=0.5)


def test_pernarowski_falls_silent_and_wakes_where_its_fast_subsystem_says():
    # Pernarowski 1994: equilibria of the fast subsystem lie on c = 3 (u + 1) - u³, whose left knee
    # is (u, c) = (-1, 1); it loses stability where the friction F vanishes, u = u_hat - eta = 0.75
    recording = run(PERNAROWSKI, duration=700.0)
    t, u, c = (recording.trace.t, *(recording.trace.states[k][:, 0] for k in ("u", "c")))
    times = recording.spike_times
    ends = times[:-1][np.diff(times) > 50.0]
    for end in ends[1:3]:
        silent = (t > end + 20.0) & (t < end + 60.0)
        assert c[silent] == pytest.approx(3.0 * (u[silent] + 1.0) - u[silent] ** 3, abs=0.02)
        assert u[silent].max() < -1.0
    woken = c[(t > 200.0)].min()
    assert 0.95 < woken < 1.0  # past the knee, by the delay of a slow passage
    assert times[1] - times[0] < 5.0
    assert np.diff(times).max() > 100.0


def test_pernarowski_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        u, w, c = y  # the equivalent planar form: u' = f(u) - w - c, w' = g(u) - w
        k = 0.25 * (1.5**2 - 0.75**2)
        f = -0.25 / 3 * u**3 + 0.375 * u**2 + (1 - k) * u
        g = (1 - 0.25 / 3) * u**3 + 0.375 * u**2 - (2 + k) * u - 3
        return [f - w - c, g - w, 0.0025 * (4 * (u + 0.954) - c)]

    k = 0.25 * (1.5**2 - 0.75**2)
    f = 0.25 / 3 + 0.375 - (1 - k)  # at u = -1, where v = f - w - c = 0

    def crossing(t, y):
        return y[0] - 1.0

    crossing.direction = 1.0
    expected = solve_ivp(
        rhs, (0.0, 200.0), [-1.0, f - 1.0, 1.0], "DOP853", events=crossing, rtol=1e-10, atol=1e-12
    ).t_events[0]
    times = run(PERNAROWSKI, duration=200.0).spike_times
    assert len(times) > 10
    assert times == pytest.approx(expected, abs=0.05)
