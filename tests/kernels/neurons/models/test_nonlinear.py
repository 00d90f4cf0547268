"""Nonlinear models in two dimensions against bifurcation values and published rheobases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.models import nonlinear as models
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant

Floats = NDArray[np.float64]


def run(
    model: Model,
    current: float,
    duration: float,
    *,
    dt: float | None = None,
    params: Mapping[str, Any] | None = None,
    init: Mapping[str, Any] | None = None,
    traced: Sequence[int] = (),
) -> Recording:
    return simulate.run(
        Batch(model, 1, Constant(current), params or {}, init or {}),
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=traced,
        engine="scalar",
    )


def solved(
    rates: Callable[[float, Sequence[float]], list[float]],
    fires: Callable[[float, Sequence[float]], float],
    reset: Callable[[Sequence[float]], list[float]],
    start: list[float],
    duration: float,
) -> Floats:
    """Spike times by an adaptive solver that locates each crossing."""

    def crossing(t: float, x: Sequence[float]) -> float:
        return fires(t, x)

    crossing.terminal = True  # type: ignore[attr-defined]
    crossing.direction = 1.0  # type: ignore[attr-defined]
    times, now, x = [], 0.0, start
    while True:
        part = solve_ivp(rates, (now, duration), x, events=crossing, rtol=1e-8, atol=1e-8)
        if not part.t_events[0].size:
            return np.array(times)
        now = float(part.t_events[0][0])
        times.append(now)
        x = reset(part.y_events[0][0])


# Quartic: a = 1, b = 5. Touboul 2008 gives the bifurcations of the whole class in closed form.

x_H = 0.25 ** (1.0 / 3.0)
HOPF = -3.0 * x_H - x_H**4  # F'(v) = a


def settled(current: float, b: float = 5.0) -> tuple[float, int]:
    """Peak to peak of v and spikes in the second half of a run from near the fixed point."""
    roots = np.roots([1.0, 0.0, 0.0, 2.0 - b, current])
    v = min(root.real for root in roots if abs(root.imag) < 1e-9)
    done = run(
        models.QUARTIC,
        current,
        120.0,
        dt=0.004,
        params={"b": b},
        init={"v": v + 0.02, "w": b * v},
        traced=[0],
    )
    late = done.trace.t > 60.0
    return float(np.ptp(done.trace.states["v"][late, 0])), int((done.spike_times > 60.0).sum())


def test_oscillations_below_threshold_begin_at_the_hopf_bifurcation() -> None:
    # Touboul 2008: F'(v) = a, at I = -(b - 2a) x - x⁴ with x = (a/4)^(1/3), here -2.047
    assert pytest.approx(-2.0474, abs=1e-4) == HOPF
    below, beyond = settled(HOPF - 0.1), settled(HOPF + 0.1)
    assert below == (pytest.approx(0.0, abs=2e-3), 0)
    assert beyond[0] > 0.3
    assert beyond[1] == 0


def test_sustained_oscillations_need_b_beyond_the_bautin_point() -> None:
    # Touboul 2008: the Hopf bifurcation turns from sub- to supercritical at b = 5a/2, so that
    # only beyond it there are oscillations of any small size
    def hopf(b: float) -> float:
        return -(b - 2.0) * x_H - x_H**4

    size, spikes_beyond = settled(hopf(5.0) + 0.02, 5.0)
    assert 0.05 < size < 0.4
    assert spikes_beyond == 0
    assert settled(hopf(2.2) + 0.02, 2.2)[1] > 3


def test_a_saddle_node_ends_rest_where_the_closed_form_says() -> None:
    # Touboul 2008: F'(v) = b at v = ((b - 2a)/4)^(1/3), I = 3 v⁴. With b below a it is stable and
    # a cell at rest fires as soon as it is gone; here a = 2, b = 1, v = -0.909, I = 2.047
    v = -((3.0 / 4.0) ** (1.0 / 3.0))
    I_SN = 3.0 * v**4
    params = {"a": 2.0, "b": 1.0}
    start = {"v": v - 0.1, "w": v - 0.1}
    low, high = (
        run(models.QUARTIC, I, 150.0, dt=0.004, params=params, init=start)
        for I in (I_SN - 0.02, I_SN + 0.02)  # noqa: E741 (the paper's name)
    )
    assert len(low.spike_times) == 0
    assert len(high.spike_times) > 0


def test_quartic_neuron_agrees_with_an_adaptive_solver() -> None:
    times = solved(
        lambda t, x: [x[0] ** 4 + 2.0 * x[0] - x[1] + 5.0, 5.0 * x[0] - x[1]],
        lambda t, x: x[0] - 10.0,
        lambda x: [0.0, x[1] + 1.0],
        [-1.0, -5.0],
        12.0,
    )
    done = run(models.QUARTIC, 5.0, 12.0, dt=0.0002)
    assert len(times) > 10
    assert done.spike_times[:10] == pytest.approx(times[:10], abs=0.02)


# Izhikevich 2007

PRESETS = {preset.name: preset for preset in models.IZHIKEVICH_2007.presets}


def cell(name: str, current: float | None = None, **options: Any) -> Recording:
    preset = PRESETS[name]
    driven = preset.stimulus or Constant(preset.current if current is None else current)
    if current is not None:
        driven = Constant(current)
    return simulate.run(
        Batch(models.IZHIKEVICH_2007, 1, driven, preset.params, preset.init),
        **{"duration": preset.duration, "dt": 0.02, "integrator": "rk4", **options},
        engine="scalar",
    )


def pattern(done: Recording) -> str:
    return str(patterns.classify(spikes.statistics(done), deterministic=True)[0])


def test_regular_spiking_cell_has_the_rheobase_of_the_book() -> None:
    # section 8.1: (b + k (v_t - v_r))²/(4 k) = 51.43 pA, 51.5 in the text
    late = [
        int((cell("regular_spiking", current, duration=4000.0).spike_times > 1000.0).sum())
        for current in (51.0, 52.0)
    ]
    assert late[0] == 0 < late[1]


def test_regular_spiking_cell_fires_as_in_the_figure() -> None:
    # figure 8.12: a few spikes at 70 pA, more at 85 and 100 pA, the interval growing from the first
    counts = [len(cell("regular_spiking", float(I)).spike_times) for I in (60, 70, 85, 100)]  # noqa: E741
    assert counts[1] == 3
    assert np.all(np.diff(counts) >= 0)
    assert counts[-1] > counts[0]


def test_fast_spiking_cell_begins_to_fire_at_the_current_of_the_figure() -> None:
    # figure 8.27: 73.2 pA
    late = [
        int((cell("fast_spiking", current, duration=1500.0).spike_times > 500.0).sum())
        for current in (72.0, 73.2)
    ]
    assert late[0] == 0
    assert late[1] > 20


def test_fast_spiking_cell_does_not_adapt_and_is_the_fastest() -> None:
    isi = np.diff(cell("fast_spiking", 400.0, duration=200.0, dt=0.005).spike_times)
    assert np.ptp(isi[3:]) < 0.03 * isi[-1]
    others = ("regular_spiking", "intrinsically_bursting", "low_threshold_spiking")
    assert all(isi[-1] < np.diff(cell(name, 400.0).spike_times)[-1] for name in others)


def test_bursting_cells_burst_and_the_intrinsically_bursting_one_at_the_beginning() -> None:
    # figures 8.19 and 8.23
    assert pattern(cell("chattering")) == "bursting"
    isi = np.diff(cell("intrinsically_bursting").spike_times)
    assert isi[0] < 0.25 * isi[-1]
    assert np.ptp(isi[3:]) < 0.1 * isi[-1]


def test_low_threshold_spiking_cell_adapts_and_its_spikes_shrink() -> None:
    # figure 8.25: the peak falls with u by 0.1 mV/pA; a spike lifts u to 670 pA at most
    assert pattern(cell("low_threshold_spiking")) == "adapting"
    done = cell("low_threshold_spiking", 2500.0, duration=100.0, traced=[0])
    u = done.trace.states["u"][:, 0]
    after = [np.interp(time + 0.02, done.trace.t, u) for time in done.spike_times]
    assert max(after) == pytest.approx(670.0, abs=5.0)


def test_thalamic_cells_fire_a_rebound_burst_after_hyperpolarization_only() -> None:
    # figures 8.31 and 8.32: bursts from -80 mV, tonic spikes from rest
    for name, weak in (("thalamocortical", 100.0), ("reticular_thalamic", 70.0)):
        burst = np.diff(cell(f"{name}_burst").spike_times)
        tonic = np.diff(cell(name, weak).spike_times)
        assert burst[0] < 0.35 * tonic[0]
        assert burst[0] < 0.2 * burst[-1]
        assert pattern(cell(name, weak)) == "tonic"


def test_izhikevich_2007_agrees_with_an_adaptive_solver() -> None:
    def rates(t: float, x: Sequence[float]) -> list[float]:
        v, u = x
        return [
            (1.2 * (v + 75.0) * (v + 45.0) - u + 500.0) / 150.0,
            0.01 * (5.0 * (v + 75.0) - u),
        ]

    times = solved(
        rates, lambda t, x: x[0] - 50.0, lambda x: [-56.0, x[1] + 130.0], [-75.0, 0.0], 400.0
    )
    done = cell("intrinsically_bursting", 500.0, duration=400.0, dt=0.01)
    assert len(times) > 4
    assert done.spike_times == pytest.approx(times, abs=0.3)


def test_low_threshold_spiking_cell_agrees_with_an_adaptive_solver() -> None:
    # figure 8.25: the peak is 40 - 0.1 u, the reset -53 + 0.04 u, and u at most 670
    def rates(t: float, x: Sequence[float]) -> list[float]:
        v, u = x
        return [((v + 56.0) * (v + 42.0) - u + 300.0) / 100.0, 0.03 * (8.0 * (v + 56.0) - u)]

    times = solved(
        rates,
        lambda t, x: x[0] - 40.0 + 0.1 * x[1],
        lambda x: [-53.0 + 0.04 * x[1], min(x[1] + 20.0, 670.0)],
        [-56.0, 0.0],
        200.0,
    )
    done = cell("low_threshold_spiking", 300.0, duration=200.0, dt=0.005)
    assert len(times) > 10
    assert done.spike_times == pytest.approx(times, abs=0.3)
