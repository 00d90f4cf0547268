"""Oscillators against their papers, their closed forms and an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.oscillators import (
    FITZHUGH_NAGUMO,
    FITZHUGH_RINZEL,
    HINDMARSH_ROSE,
    MCKEAN,
    MORRIS_LECAR,
    TERMAN_WANG,
)
from kernels.neurons.stimulus import Constant

CLASS_2 = {"g_Ca": 4.4, "V_3": 2.0, "V_4": 30.0, "phi": 0.04}


def run(model, currents, *, duration, dt=0.1, init=None, **params):
    """All columns traced."""
    n = len(currents)
    return simulate.run(
        Batch(model, n, Constant(np.array(currents)), params=params, init=init or {}),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=range(n),
    )


def solved(rhs, y0, duration, level):
    """Times at which the first variable rises through a level, and the end."""

    def crossing(t, y):
        return y[0] - level

    crossing.direction = 1.0
    solution = solve_ivp(rhs, (0.0, duration), y0, "DOP853", events=crossing, rtol=1e-9, atol=1e-11)
    return solution.t_events[0], solution.y[:, -1]


def initial(model):
    return [state.initial for state in model.states]


def test_morris_lecar_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, w = y
        m = 1 / (1 + np.exp(-2 * (V + 1.2) / 18))
        w_inf = 1 / (1 + np.exp(-2 * (V - 12) / 17.4))
        tau = 1 / np.cosh((V - 12) / 34.8)
        dV = (60 - 4 * m * (V - 120) - 8 * w * (V + 84) - 2 * (V + 60)) / 20
        return [dV, (w_inf - w) / tau / 15]

    expected, _ = solved(rhs, initial(MORRIS_LECAR), 300.0, 0.0)
    assert run(MORRIS_LECAR, [60.0], duration=300.0).spike_times == pytest.approx(expected, abs=0.2)


def test_morris_lecar_rests_where_rinzel_and_ermentrout_say():
    # Rinzel and Ermentrout, oscillations emerging with zero frequency: rest (V, w) =
    # (-41.84, 0.002) at the bias of figure 4, 30 uA/cm2
    trace = run(MORRIS_LECAR, [30.0], duration=500.0).trace.states
    assert trace["V"][-1, 0] == pytest.approx(-41.84, abs=0.01)
    assert trace["w"][-1, 0] == pytest.approx(0.002, abs=1e-4)


def test_morris_lecar_of_class_1_starts_firing_at_zero_rate():
    # The saddle-node of the equations lies at 39.96 uA/cm2
    recording = run(MORRIS_LECAR, [39.5, 40.2, 40.4, 45.0], duration=2000.0, dt=0.2)
    f = 1000.0 / spikes.statistics(recording).isi_last
    assert spikes.statistics(recording).spike_count[0] == 0
    slope, intercept = np.polyfit([40.2, 40.4], f[1:3] ** 2, 1)
    assert f[1] < 0.6 * f[3]
    assert -intercept / slope == pytest.approx(39.96, abs=0.1)


def test_morris_lecar_of_class_2_loses_its_rest_in_hopf_bifurcations():
    # Rinzel and Ermentrout: the rest is unstable between about 94 and 212 uA/cm2; the trace of
    # the Jacobian vanishes at 93.86 and 212.02
    currents = np.array([92.5, 95.2, 210.0, 214.0])

    def steady(V, current):
        m, w = 0.5 * (1 + np.tanh((V + 1.2) / 18)), 0.5 * (1 + np.tanh((V - 2) / 30))
        return current - 4.4 * m * (V - 120) - 8 * w * (V + 84) - 2 * (V + 60)

    V = np.array([brentq(steady, -70, 40, args=(current,)) for current in currents])
    w = 0.5 * (1 + np.tanh((V - 2) / 30))
    init = {"V": V + 0.01, "w": w}
    away = np.abs(
        run(MORRIS_LECAR, currents, duration=600.0, init=init, **CLASS_2).trace.states["V"] - V
    )
    assert list(away[-600:].max(axis=0) > 0.01) == [False, True, True, False]


def test_morris_lecar_of_class_2_rests_or_fires_at_the_same_current():
    # Rinzel and Ermentrout: bistable below the Hopf bifurcation, at 90 uA/cm2
    init = {"V": np.array([-26.6, 10.0]), "w": np.array([0.129, 0.1])}
    recording = run(MORRIS_LECAR, [90.0, 90.0], duration=1000.0, init=init, **CLASS_2)
    late = recording.spike_columns[recording.spike_times > 800.0]
    assert set(late) == {1}


def test_fitzhugh_nagumo_is_fitzhughs_equations_in_another_sign():
    # FitzHugh 1961, equations 1 and 2, with c = 3 and z = -0.4, which makes a train of impulses
    def rhs(t, y):
        x, y_ = y
        return [3.0 * (y_ + x - x**3 / 3.0 - 0.4), -(x - 0.7 + 0.8 * y_) / 3.0]

    v, w = initial(FITZHUGH_NAGUMO)
    duration = 90.0
    _, (x, y) = solved(rhs, [-v, w], duration / 3.0, 0.0)
    recording = run(FITZHUGH_NAGUMO, [0.4], duration=duration, dt=0.05, epsilon=1.0 / 9.0)
    assert recording.trace.states["v"][-1, 0] == pytest.approx(-x, abs=1e-4)
    assert recording.trace.states["w"][-1, 0] == pytest.approx(y, abs=1e-4)
    assert len(recording.spike_times) == 3


def test_fitzhugh_nagumo_rests_where_the_cubic_has_its_root():
    # FitzHugh 1961: the resting point is (1.20, -0.625) in his signs
    trace = run(FITZHUGH_NAGUMO, [0.0], duration=100.0, init={"v": -1.0}).trace.states
    assert trace["v"][-1, 0] == pytest.approx(-1.20, abs=1e-3)
    assert trace["w"][-1, 0] == pytest.approx(-0.625, abs=1e-3)


def test_fitzhugh_nagumo_fires_between_its_hopf_bifurcations():
    # 1 - v² = epsilon b gives v = -0.96747 and 0.96747, hence I = 0.3313 and 1.4187
    a, b, epsilon = 0.7, 0.8, 0.08
    v = np.sqrt(1 - epsilon * b) * np.array([-1.0, 1.0])
    low, high = (v + a) / b - v + v**3 / 3
    assert (low, high) == pytest.approx((0.3313, 1.4187), abs=1e-4)
    currents = np.array([low - 0.01, low + 0.01, high - 0.01, high + 0.01])
    rest = np.array(
        [brentq(lambda v, i=i: v - v**3 / 3 - (v + a) / b + i, -2, 2) for i in currents]
    )
    init = {"v": rest + 1e-3, "w": (rest + a) / b}
    away = np.abs(
        run(FITZHUGH_NAGUMO, currents, duration=400.0, init=init).trace.states["v"] - rest
    )
    assert list(away[-400:].max(axis=0) > 1e-3) == [False, True, True, False]


def test_hindmarsh_rose_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        x, y_, z = y
        return [y_ + x * x * (3 - x) + 2 - z, 1 - 5 * x * x - y_, 0.001 * (4 * (x + 1.6) - z)]

    expected, end = solved(rhs, initial(HINDMARSH_ROSE), 300.0, 1.0)
    recording = run(HINDMARSH_ROSE, [2.0], duration=300.0, dt=0.05)
    assert recording.spike_times == pytest.approx(expected, abs=0.1)
    assert recording.trace.states["z"][-1, 0] == pytest.approx(end[2], abs=1e-5)


def test_hindmarsh_rose_without_adaptation_has_the_equilibria_of_the_paper():
    # x³ + 2 x² - 1 = 0: -(1 + sqrt 5)/2, -1 and (sqrt 5 - 1)/2
    x = np.array([-(1 + np.sqrt(5)) / 2, -1.0, (np.sqrt(5) - 1) / 2])
    init = {"x": x, "y": 1 - 5 * x**2, "z": 0.0}
    trace = run(HINDMARSH_ROSE, [0.0] * 3, duration=1.0, init=init, r=0.0).trace.states
    assert trace["x"][-1] == pytest.approx(x, abs=1e-12)


def test_hindmarsh_rose_bursts_once_or_again_or_spikes_on_as_in_figure_6():
    # Hindmarsh and Rose 1984, figure 6: I = 0.4, 2 and 4
    recording = run(HINDMARSH_ROSE, [0.4, 2.0, 4.0], duration=2100.0)
    once, again, on = (recording.spike_times[recording.spike_columns == k] for k in range(3))
    assert len(once) > 3
    assert once[-1] < 300.0
    pauses = np.diff(again) > 200.0
    assert pauses.sum() >= 3
    assert np.diff(on).max() < 30.0
    assert on[-1] > 2070.0


def test_hindmarsh_rose_is_chaotic_in_its_random_bursts_and_not_in_its_periodic_ones():
    # Hindmarsh and Rose 1984: random bursts at r = 0.005 and I = 3.25; at I = 2 bursts repeat.
    # A push of 1e-9 grows to the size of the attractor in the one and not in the other.
    init = {"y": HINDMARSH_ROSE.states[1].initial + np.array([0.0, 1e-9])}
    apart = []
    chaotic = {preset.name: preset for preset in HINDMARSH_ROSE.presets}["chaotic"]
    for current in (chaotic.current, 2.0):
        currents = [current] * 2
        recording = run(HINDMARSH_ROSE, currents, duration=4000.0, init=init, **chaotic.params)
        x = recording.trace.states["x"]
        apart.append(np.abs(x[-1000:, 0] - x[-1000:, 1]).max())
    assert apart[0] > 1.0
    assert apart[1] < 1e-4


def test_fitzhugh_rinzel_bursts_when_an_adaptive_solver_says():
    def rhs(t, s):
        v, w, y = s
        return [
            v - v**3 / 3 - w + y + 0.3125,
            0.08 * (0.7 + v - 0.8 * w),
            1e-3 * (-0.775 - v - y),
        ]

    expected, end = solved(rhs, initial(FITZHUGH_RINZEL), 1000.0, 0.0)
    recording = run(FITZHUGH_RINZEL, [0.3125], duration=1000.0, mu=1e-3)
    assert np.diff(expected).max() > 3 * np.diff(expected).min()
    assert recording.spike_times == pytest.approx(expected, abs=0.2)
    assert recording.trace.states["y"][-1, 0] == pytest.approx(end[2], abs=1e-4)


def test_fitzhugh_rinzel_is_an_elliptic_burster():
    # Rinzel 1987: with the slow current held, rest gives way in a subcritical Hopf bifurcation,
    # which for these fast equations lies at y + I = 0.3313, and spikes go on below it
    held = np.array([0.31, 0.328, 0.34])
    rest = np.array(
        [brentq(lambda v, z=z: v - v**3 / 3 - (v + 0.7) / 0.8 + z, -2, 2) for z in held]
    )
    init = {
        "v": np.concatenate([rest + 1e-3, np.full(3, 1.5)]),
        "w": np.concatenate([(rest + 0.7) / 0.8, np.full(3, -0.5)]),
        "y": np.tile(held, 2),
    }
    recording = run(FITZHUGH_RINZEL, [0.0] * 6, duration=1500.0, dt=0.2, init=init, mu=0.0)
    late = set(recording.spike_columns[recording.spike_times > 1000.0])
    assert late == {4, 2, 5}  # from rest only above the bifurcation, from a spike on both sides


def test_fitzhugh_rinzel_oscillates_below_threshold_between_its_bursts():
    # the mark of the elliptic burster: oscillations shrink after a burst and grow before the next
    recording = run(FITZHUGH_RINZEL, [0.3125], duration=8500.0, dt=0.2)
    t, v = recording.trace.t, recording.trace.states["v"][:, 0]
    spikes_at = recording.spike_times
    gap = int(np.argmax(np.diff(spikes_at)))
    between = (t > spikes_at[gap] + 100.0) & (t < spikes_at[gap + 1] - 20.0)
    span = [np.ptp(part) for part in np.array_split(v[between], 12)]
    assert spikes_at[gap + 1] - spikes_at[gap] > 400.0
    assert max(v[between]) < 0.0
    assert min(span) < 0.6 * min(span[0], span[-1])


def test_mckean_oscillates_between_the_corners_of_its_cubic():
    # the rest lies at a corner for I = (1 + 1/gamma) a/2 = 0.375 and
    # I = (1 + a)/(2 gamma) - (1 - a)/2 = 0.875; between them it is unstable
    a, gamma = 0.25, 0.5
    low, high = (1 + 1 / gamma) * a / 2, (1 + a) / (2 * gamma) - (1 - a) / 2
    assert (low, high) == (0.375, 0.875)
    currents = [low - 0.005, low + 0.005, high - 0.005, high + 0.005]
    recording = run(MCKEAN, currents, duration=2500.0)
    assert set(recording.spike_columns[recording.spike_times > 1500.0]) == {1, 2}


def test_mckean_spends_the_times_of_its_straight_branches():
    # On a branch the recovery relaxes at epsilon (1 + gamma), so that for small epsilon
    # the period is the sum of two logarithms
    a, gamma, current, epsilon = 0.25, 0.5, 0.5, 1e-3
    top, bottom = (1 - a) / 2 + current, -a / 2 + current
    left, right = current / (1 + gamma), (1 + current) / (1 + gamma)
    period = np.log((top - left) / (bottom - left)) + np.log((right - bottom) / (right - top))
    period /= epsilon * (1 + gamma)
    recording = run(MCKEAN, [current], duration=4 * period, dt=0.2, epsilon=epsilon)
    assert np.diff(recording.spike_times)[1:] == pytest.approx(period, rel=0.01)


def test_mckean_has_a_threshold_at_the_middle_zero():
    # McKean 1970: f(a) = 0; a push short of a decays, one beyond it makes a whole spike
    recording = run(MCKEAN, [0.0, 0.0], duration=200.0, init={"v": np.array([0.24, 0.27])})
    assert list(recording.spike_columns) == [1]


def test_terman_wang_jumps_when_an_adaptive_solver_says():
    # Wang and Terman 1995: gamma = 6, beta = 0.1, epsilon = 0.02, I = 0.2
    def rhs(t, s):
        x, y = s
        return [3 * x - x**3 + 2 - y + 0.2, 0.02 * (6 * (1 + np.tanh(x / 0.1)) - y)]

    expected, _ = solved(rhs, initial(TERMAN_WANG), 600.0, 1.0)
    assert len(expected) == 4
    assert run(TERMAN_WANG, [0.2], duration=600.0, dt=0.05).spike_times == pytest.approx(
        expected, abs=0.1
    )


def test_terman_wang_oscillates_with_current_and_is_excitable_without():
    # Terman and Wang 1995: oscillatory for I > 0; for I < 0 a rest lies on the silent branch
    currents = [-0.2, -0.02, 0.02, 0.2]
    recording = run(TERMAN_WANG, currents, duration=2000.0, dt=0.05, init={"x": -1.5})
    assert set(recording.spike_columns[recording.spike_times > 1000.0]) == {2, 3}
    pushed = run(TERMAN_WANG, [-0.2], duration=300.0, dt=0.05, init={"x": 0.5})
    assert pushed.trace.states["x"].max() > 1.5


@pytest.mark.parametrize("gamma", [6.0, 12.0])
def test_terman_wang_stays_silent_and_active_as_long_as_its_singular_orbit(gamma):
    # Terman and Wang 1995: y falls from 4 + I to I while silent and rises back towards 2 gamma
    # while active, so that a greater gamma shortens the active phase alone
    epsilon, current = 1e-3, 0.2
    silent = np.log((4 + current) / current) / epsilon
    active = np.log((2 * gamma - current) / (2 * gamma - 4 - current)) / epsilon
    recording = run(
        TERMAN_WANG, [current], duration=3 * (silent + active), epsilon=epsilon, gamma=gamma
    )
    assert np.diff(recording.spike_times) == pytest.approx(silent + active, rel=0.03)
    x = recording.trace.states["x"][:, 0]
    assert np.mean(x > 0) == pytest.approx(active / (silent + active), rel=0.08)
