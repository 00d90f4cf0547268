"""Epileptic populations against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.populations import JANSEN_RIT
from kernels.neurons.models.seizures import EPILEPTOR, LARTER_BREAKSPEAR, WENDLING
from kernels.neurons.stimulus import Constant, Fluctuating


def run(model, stimulus, *, n=1, duration, dt=None, init=None, seed=0, **params):
    """All columns traced."""
    return simulate.run(
        Batch(model, n, stimulus, params=params, init=init or {}, seed=seed),
        duration=duration,
        dt=dt or model.dt,
        integrator="rk4",
        engine="scalar",
        traced=range(n),
    )


def preset(name):
    """A published parameter set of the neural mass of Wendling."""
    return dict(next(p for p in WENDLING.presets if p.name == name).params)


def rises(t, values, level):
    """Times at which the values rise through a level."""
    return t[1:][(values[:-1] < level) & (values[1:] >= level)]


def peaks(values):
    """Heights of the local maxima."""
    return values[1:-1][(values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])]


def test_wendling_moves_as_an_adaptive_solver_says():
    # Wendling et al. 2002, in seconds
    def S(v):
        return 5.0 / (1.0 + np.exp(0.56 * (6.0 - v)))

    def rhs(t, y):
        A, B, G, a, b, g, C = 5.0, 25.0, 15.0, 100.0, 50.0, 500.0, 135.0
        drives = (
            A * a * S(y[1] - y[2] - y[3]),
            A * a * (90.0 + 0.8 * C * S(C * y[0])),
            B * b * 0.25 * C * S(0.25 * C * y[0]),
            G * g * 0.8 * C * S(0.3 * C * y[0] - 0.1 * C * y[4]),
            B * b * S(0.25 * C * y[0]),
        )
        k = (a, a, b, g, b)
        return [
            *y[5:],
            *(drives[i] - 2 * k[i] * y[5 + i] - k[i] ** 2 * y[i] for i in range(5)),
        ]

    end = solve_ivp(rhs, (0.0, 0.4), np.zeros(10), "DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    zero = {state.name: 0.0 for state in WENDLING.states}
    states = run(WENDLING, Constant(90.0), duration=400.0, init=zero).trace.states
    last = {name: values[-1, 0] for name, values in states.items()}
    last["y_1"] = last["y"] + last["y_2"] + last["y_3"]
    moved = [last[f"y_{i}"] for i in range(10)]
    assert np.abs(end[:5]).max() > 1.0
    assert moved == pytest.approx(end, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize(
    ("B", "G", "p", "least", "greatest", "frequency"),
    [
        (25.0, 15.0, 90.0, -5.439, 13.365, 4.4837),
        (25.0, 15.0, 150.0, -4.054, 15.074, 5.7353),
        (15.0, 0.0, 90.0, 3.060, 13.360, 11.028),
        (10.0, 15.0, 90.0, 9.0166, 9.0166, None),
        (5.0, 25.0, 90.0, 10.8697, 10.8697, None),
    ],
)
def test_wendling_swings_as_its_authors_program_does(B, G, p, least, greatest, frequency):
    # EEGmodel.c and fonctionsC.c of ModelDB 97983 with A = 5, b = 50, g = 500 and no noise, in
    # double precision, by Euler's method at 80 kHz: the EEG from 2.5 to 4 s. At 20 kHz its extremes
    # differ by up to 0.05 mV and its frequencies by up to 0.02 Hz.
    zero = {state.name: 0.0 for state in WENDLING.states}
    trace = run(WENDLING, Constant(p), duration=4000.0, dt=1.0, init=zero, A=5.0, B=B, G=G).trace
    t, y = trace.t[trace.t > 2500.0], trace.states["y"][trace.t > 2500.0, 0]
    assert (y.min(), y.max()) == pytest.approx((least, greatest), abs=0.05)
    if frequency is None:
        assert np.ptp(y) < 1e-3
    else:
        times = rises(t, y, (least + greatest) / 2)
        cycles = len(times) - 1
        assert 1000.0 * cycles / np.ptp(times) == pytest.approx(frequency, abs=0.03)


def test_wendling_without_fast_inhibition_is_the_column_of_jansen_and_rit():
    # Wendling et al. 2002 add the loop of fast inhibition to the model of Jansen and Rit 1995
    zero = {state.name: 0.0 for state in WENDLING.states}
    column = run(JANSEN_RIT, Constant(220.0), duration=500.0, dt=0.25).trace.states["y"]
    without = run(
        WENDLING, Constant(220.0), duration=500.0, init=zero, A=3.25, B=22.0, G=0.0
    ).trace.states["y"]
    assert np.ptp(column) > 5.0
    assert without == pytest.approx(column, abs=1e-9)


def test_wendling_spikes_the_more_the_less_slow_inhibition_there_is():
    # Wendling et al. 2002: with A = 5 mV and G = 15 mV background activity at B = 50 mV, sporadic
    # spikes at 40 and a sustained discharge at 25; p is noise of mean 90 and deviation 30
    B = np.array([preset(f"type_{k}")["B"] for k in (1, 2, 3)])
    noise = Fluctuating(mean=90.0, std=30.0)
    recording = run(WENDLING, noise, n=3, duration=10_000.0, dt=2.0, seed=1, B=B, A=5.0, G=15.0)
    t, y = recording.trace.t, recording.trace.states["y"]
    background, sporadic, sustained = (len(rises(t, y[:, k], 8.0)) for k in range(3))
    assert background == 0
    assert 0 < sporadic < sustained / 2
    assert 30 < sustained < 60


def test_wendling_is_fast_and_low_where_fast_inhibition_prevails():
    # Wendling et al. 2002: type 5 (B = 5, G = 25) is of low voltage and fast, type 6 (B = 15,
    # G = 0) slow and all but a sine wave, type 3 of high voltage
    kinds = [preset(f"type_{k}") for k in (3, 5, 6)]
    params = {name: np.array([kind[name] for kind in kinds]) for name in ("A", "B", "G")}
    noise = Fluctuating(mean=90.0, std=30.0)
    recording = run(WENDLING, noise, n=3, duration=9000.0, dt=2.0, seed=2, **params)
    y = recording.trace.states["y"][500:]
    spectra = np.abs(np.fft.rfft(y - y.mean(axis=0), axis=0)) ** 2
    frequency = np.fft.rfftfreq(len(y), 0.002)
    spiking, fast, slow = frequency[spectra.argmax(axis=0)]
    assert fast > slow + 2.0
    assert slow > spiking + 2.0
    assert np.std(y[:, 1]) < 0.25 * np.std(y[:, 0])
    near = np.abs(frequency - slow) < 2.0
    assert spectra[near, 2].sum() > 0.8 * spectra[:, 2].sum()


def larter_breakspear(t, y, dV=0.57):
    V, W, Z = y
    m = [0.5 + 0.5 * np.tanh((V - T) / d) for T, d in ((-0.01, 0.15), (0.3, 0.15), (0.0, 0.3))]
    QV, QZ = 0.5 + 0.5 * np.tanh(V / dV), 0.5 + 0.5 * np.tanh(Z / 0.7)
    return [
        -(1.0 + 0.25 * 0.4 * QV) * m[0] * (V - 1.0)
        - (6.7 * m[1] + 0.4 * QV) * (V - 0.53)
        - 2.0 * W * (V + 0.7)
        - 0.5 * (V + 0.5)
        + 0.3
        - 2.0 * Z * QZ,
        0.7 * (m[2] - W),
        0.1 * (0.4 * 0.3 + 2.0 * V * QV),
    ]


def test_larter_breakspear_moves_as_an_adaptive_solver_says():
    start = {"V": 0.2, "W": 0.1, "Z": 0.1}
    end = solve_ivp(
        larter_breakspear, (0.0, 60.0), list(start.values()), "DOP853", rtol=1e-10, atol=1e-12
    ).y[:, -1]
    states = run(LARTER_BREAKSPEAR, Constant(0.3), duration=60.0, init=start).trace.states
    assert [states[name][-1, 0] for name in start] == pytest.approx(end, abs=1e-5)


def test_larter_breakspear_rests_oscillates_or_is_chaotic_as_its_thresholds_spread():
    # Breakspear, Terry and Friston 2003: a fixed point for delta_V < 0.55, limit cycles for
    # 0.55 < delta_V < 0.59 and chaos for delta_V > 0.59
    delta_V = np.repeat([0.54, 0.58, 0.65], 2)
    init = {"V": -0.16 + np.tile([0.0, 1e-7], 3)}
    recording = run(
        LARTER_BREAKSPEAR, Constant(0.3), n=6, duration=2400.0, delta_V=delta_V, init=init
    )
    V = recording.trace.states["V"][-2000:]
    apart = np.abs(V[:, 1::2] - V[:, ::2]).max(axis=0)
    assert np.ptp(V[:, 0]) < 1e-3
    assert np.ptp(V[:, 2]) > 0.05
    assert np.ptp(peaks(V[:, 2])) < 2e-3
    assert np.ptp(peaks(V[:, 4])) > 0.1
    assert apart[0] < 1e-6
    assert apart[1] < 1e-5
    assert apart[2] > 0.1


def epileptor(t, y):
    x1, y1, z, x2, y2, g = y
    f1 = x1**3 - 3 * x1**2 if x1 < 0 else (x2 - 0.6 * (z - 4) ** 2) * x1
    f2 = 0.0 if x2 < -0.25 else 6 * (x2 + 0.25)
    return [
        y1 - f1 - z + 3.1,
        1 - 5 * x1**2 - y1,
        (4 * (x1 + 1.6) - z) / 2857,
        -y2 + x2 - x2**3 + 0.45 + 0.002 * g - 0.3 * (z - 3.5),
        (f2 - y2) / 10,
        x1 - 0.01 * g,
    ]


def test_epileptor_moves_as_an_adaptive_solver_says():
    # Jirsa et al. 2014, through the onset of a seizure
    start = [state.initial for state in EPILEPTOR.states]
    solution = solve_ivp(epileptor, (0.0, 450.0), start, "LSODA", rtol=1e-9, atol=1e-11)
    trace = run(EPILEPTOR, Constant(3.1), duration=450.0).trace
    x_1 = trace.states["x_1"][:, 0]
    crossings = [rises(*wave, 0.0) for wave in ((trace.t, x_1), (solution.t, solution.y[0]))]
    assert len(crossings[0]) > 5
    assert crossings[0] == pytest.approx(crossings[1], abs=0.2)
    assert trace.states["z"][-1, 0] == pytest.approx(solution.y[2, -1], abs=1e-3)
    assert trace.states["x_2"][-1, 0] == pytest.approx(solution.y[3, -1], abs=1e-2)


def test_epileptor_seizes_by_itself_above_the_critical_epileptogenicity():
    # Jirsa et al. 2014: x_0 decides. The interictal state is lost where the fold of the fast
    # equations, x_1 = -4/3, meets z = 4 (x_1 - x_0): x_0 = -4/3 - (4.1 + x_1² (-2 - x_1)) / 4
    fold = -4.0 / 3.0
    critical = fold - (4.1 - fold**3 - 2.0 * fold**2) / 4.0
    assert critical == pytest.approx(-2.062, abs=1e-3)
    x_0 = critical + np.array([-0.02, 0.02])
    recording = run(EPILEPTOR, Constant(3.1), n=2, duration=6000.0, x_0=x_0)
    healthy, epileptic = recording.mean_rate
    assert healthy == 0.0
    assert epileptic > 0.1


def test_epileptor_has_seizures_that_slow_down_before_they_end():
    # Jirsa et al. 2014: seizures end at a homoclinic bifurcation, where the intervals between
    # discharges grow without bound; and they come again and again
    trace = run(EPILEPTOR, Constant(3.1), duration=5000.0).trace
    seizure = trace.states["x_1"][:, 0] > -4.0 / 3.0
    starts = trace.t[1:][~seizure[:-1] & seizure[1:]]
    onsets = starts[np.diff(starts, prepend=-1e3) > 300.0]
    assert len(onsets) > 1
    discharges = rises(trace.t, trace.states["x_1"][:, 0], 0.0)
    first = discharges[(discharges >= onsets[0]) & (discharges < onsets[1])]
    gaps = np.diff(first)
    assert len(gaps) > 50
    assert gaps[-15:].max() > 3.0 * gaps[:30].max()
