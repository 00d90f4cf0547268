"""Neurons with moving ions against their authors' numbers and an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.cortex import GOLOMB_AMITAI
from kernels.neurons.models.ions import BARRETO_CRESSMAN
from kernels.neurons.stimulus import Constant

(ERMENTROUT,) = GOLOMB_AMITAI.presets


def cell(t, y, current, gamma, rho, glia, epsilon, bath):
    """Barreto and Cressman's full model, its volumes and charges as their program has them."""
    V, n, h, K, Na = y
    an, bn = 0.01 * (V + 34) / (1 - np.exp(-0.1 * (V + 34))), 0.125 * np.exp(-(V + 44) / 80)
    am, bm = 0.1 * (V + 30) / (1 - np.exp(-0.1 * (V + 30))), 4 * np.exp(-(V + 55) / 18)
    ah, bh = 0.07 * np.exp(-(V + 44) / 20), 1 / (1 + np.exp(-0.1 * (V + 14)))
    e_k = 26.64 * np.log(K / (140 + 18 - Na))
    e_na = 26.64 * np.log((144 - 7 * (Na - 18)) / Na)
    i_na = (100 * (am / (am + bm)) ** 3 * h + 0.0175) * (V - e_na)
    i_k = (40 * n**4 + 0.05) * (V - e_k)
    i_cl = 0.05 * (V - 26.64 * np.log(6 / 130))
    pump = rho / (1 + np.exp((25 - Na) / 3)) / (1 + np.exp(5.5 - K))
    taken = glia / (1 + np.exp((18 - K) / 2.5)) + epsilon * (K - bath)
    return [
        current - i_na - i_k - i_cl,
        3 * (an * (1 - n) - bn * n),
        3 * (ah * (1 - h) - bh * h),
        (gamma * 7 * i_k - 14 * pump - taken) / 1000,
        (-gamma * i_na - 3 * pump) / 1000,
    ]


def spikes_of(rhs, y, duration, *args, level=0.0):
    def crossing(t, y, *_):
        return y[0] - level

    crossing.direction = 1
    options = {"method": "LSODA", "rtol": 1e-8, "atol": 1e-10, "max_step": 1.0}
    return solve_ivp(rhs, (0, duration), y, args=args, events=crossing, **options).t_events[0]


def test_spikes_come_when_an_adaptive_solver_says() -> None:
    rest = [state.initial for state in BARRETO_CRESSMAN.states]
    expected = spikes_of(cell, rest, 500.0, 2.0, 0.044494542, 1.25, 200 / 3, 4 / 3, 4.0)
    recording = simulate.run(
        Batch(BARRETO_CRESSMAN, 1, Constant(2.0)), duration=500.0, dt=0.02, integrator="rk4"
    )
    assert len(expected) > 20
    assert recording.spike_times == pytest.approx(expected, abs=0.05)


@pytest.mark.published("BarretoCressmanNeuron")
@pytest.mark.parametrize(
    ("name", "period", "K_o", "Na_i"),
    [
        ("type_a", 29_643.0, (6.696, 9.938), (16.336, 18.989)),
        ("type_e", 13_803.0, (6.278, 61.22), (24.534, 36.726)),
    ],
)
def test_the_bursters_repeat_with_the_period_and_the_ions_of_the_authors_program(
    name: str, period: float, K_o: tuple[float, float], Na_i: tuple[float, float]
) -> None:
    """FullModel_RK4_JBP.c of ModelDB 142630 with the parameters in its comments, over 300 s.

    Its bursts of type A are 29.643 s apart, those of type E 13.72 to 13.89 s, 13.803 s in the mean;
    it prints the ions once a millisecond.
    """
    (preset,) = (p for p in BARRETO_CRESSMAN.presets if p.name == name)
    recording = simulate.run(
        Batch(BARRETO_CRESSMAN, 1, Constant(0.0), preset.params, preset.init),
        duration=70_000.0,
        dt=0.04,
        integrator="rk4",
        engine="llvm",
        traced=[0],
    )
    times = recording.spike_times
    begins = times[1:][np.diff(times) > 1000.0]
    assert np.diff(begins).mean() == pytest.approx(period, rel=2e-3)
    assert recording.trace is not None
    late = recording.trace.t > 20_000.0
    for ion, (least, most) in (("K_o", K_o), ("Na_i", Na_i)):
        seen = recording.trace.states[ion][late, 0]
        assert (seen.min(), seen.max()) == pytest.approx((least, most), rel=0.01)


def slice_cell(t, y, current):
    V, h, n, b, z = y

    def g(theta, sigma):
        return 1 / (1 + np.exp(-(V - theta) / sigma))

    sodium = 24 * g(-30, 9.5) ** 3 * h + 0.07 * g(-40, 5)
    potassium = 3 * n**4 + 1.4 * g(-50, 20) ** 3 * b + z
    return [
        current - 0.02 * (V + 70) - sodium * (V - 55) - potassium * (V + 90),
        2.7 * (g(-53, -7) - h) / (1 + 7.5 * g(-40.5, -6)),
        2.7 * (g(-30, 10) - n) / (1 + 5 * g(-27, -15)),
        (g(-80, -6) - b) / 15,
        (g(-39, 5) - z) / 75,
    ]


@pytest.mark.parametrize("current", [1.0, 2.0])
def test_the_cell_of_the_slice_spikes_and_adapts_when_an_adaptive_solver_says(
    current: float,
) -> None:
    rest = [state.initial for state in GOLOMB_AMITAI.states]
    expected = spikes_of(slice_cell, rest, 300.0, current, level=-20.0)
    recording = simulate.run(
        Batch(GOLOMB_AMITAI, 1, Constant(current)), duration=300.0, dt=0.02, integrator="rk4"
    )
    assert recording.spike_times == pytest.approx(expected, abs=0.06)
    intervals = np.diff(expected)
    assert intervals[-1] > 1.5 * intervals[0]


def run_slice(
    current: float, init: dict[str, float], params: dict[str, float], dt: float = 0.02
) -> simulate.Recording:
    return simulate.run(
        Batch(GOLOMB_AMITAI, 1, Constant(current), params, init),
        duration=1000.0,
        dt=dt,
        integrator="rk4",
        engine="llvm",
        traced=[0],
    )


@pytest.mark.published("GolombAmitaiNeuron")
@pytest.mark.parametrize(
    ("current", "first", "interval"),
    [
        (1.0, (28.5785, 76.4307, 171.1773, 265.3039), 94.175),
        (2.0, (14.5562, 29.6613, 52.7168, 90.6175, 136.4669), 46.370),
    ],
)
def test_the_cell_of_the_slice_spikes_when_golombs_program_says(
    current: float, first: tuple[float, ...], interval: float
) -> None:
    """The excitatory cell of Golomb's program in C, ModelDB 57905, with the paper's constants.

    Runge-Kutta 4, dt 0.01, without synapses. Spikes through -20 mV from V = -74, h = 0.9,
    n = 0.02, b = 0.25, z = 0, and the interval of the last two in 1000 ms.
    """
    init = {"V": -74.0, "h": 0.9, "n": 0.02, "b": 0.25, "z": 0.0}
    times = run_slice(current, init, {}).spike_times
    assert times[: len(first)] == pytest.approx(first, abs=0.03)
    assert np.diff(times)[-3:].mean() == pytest.approx(interval, abs=0.02)


@pytest.mark.published("GolombAmitaiNeuron")
def test_the_cell_of_the_slice_rests_where_golombs_program_does() -> None:
    """The same without current, after 3000 ms."""
    rest = {"V": -73.86554, "h": 0.951699, "n": 0.0122906, "b": 0.264558, "z": 0.00093586}
    trace = run_slice(0.0, {"V": -72.0}, {}).trace
    assert trace is not None
    assert {name: trace.states[name][-1, 0] for name in rest} == pytest.approx(rest, rel=1e-4)


@pytest.mark.published("GolombAmitaiNeuron")
@pytest.mark.parametrize(
    ("current", "first", "interval"),
    [(0.5, (27.364, 53.024, 80.908, 110.589), 32.986), (2.0, (9.012, 19.227, 29.343), 11.7225)],
)
def test_its_preset_spikes_when_ermentrouts_program_says(
    current: float, first: tuple[float, ...], interval: float
) -> None:
    """Ermentrout's program of the model, run in XPP without its synapse (gsyn = 0).

    Spikes through -20 mV from V = -68, h = 0.9, n = 0.02, z = 0, and the interval of the last two
    in 1000 ms.
    """
    init = {"V": -68.0, "h": 0.9, "n": 0.02, "z": 0.0}
    times = run_slice(current, init, ERMENTROUT.params).spike_times
    assert times[: len(first)] == pytest.approx(first, abs=0.03)
    assert np.diff(times)[-10:].mean() == pytest.approx(interval, abs=0.01)


@pytest.mark.published("GolombAmitaiNeuron")
def test_its_preset_rests_where_ermentrouts_program_does() -> None:
    """The same without current, after 1000 ms."""
    rest = {"V": -67.9606, "h": 0.894469, "n": 0.0219658, "z": 0.0030423}
    trace = run_slice(0.0, {"V": -66.0}, ERMENTROUT.params, dt=0.05).trace
    assert trace is not None
    assert {name: trace.states[name][-1, 0] for name in rest} == pytest.approx(rest, rel=1e-3)
    assert ERMENTROUT.init == pytest.approx(rest, rel=1e-4)
