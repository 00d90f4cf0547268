"""Integrate-and-fire models against closed forms, published numbers and an adaptive solver."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model, Relax, Values
from kernels.neurons.models import integrate_and_fire as models
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Source, Stimulus

Floats = NDArray[np.float64]
Point = Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Course(Stimulus):
    """A current that follows a function of time, the same in every column."""

    course: Callable[[Floats], Floats]

    def source(self, dt: float, columns: NDArray[np.int64], seed: int) -> Source:
        def currents(first_step: int, n_steps: int) -> Floats:
            middle = (first_step + np.arange(n_steps) + 0.5) * dt
            return np.repeat(self.course(middle)[:, np.newaxis], len(columns), axis=1)

        return currents


def run(
    model: Model,
    current: Any = None,
    *,
    duration: float | None = None,
    dt: float | None = None,
    stimulus: Stimulus | None = None,
    params: Mapping[str, Any] | None = None,
    init: Mapping[str, Any] | None = None,
    traced: Sequence[int] = (),
) -> Recording:
    current = model.current if current is None else current
    n_columns = max([np.size(current), *(np.size(value) for value in (params or {}).values())])
    return simulate.run(
        Batch(model, n_columns, stimulus or Constant(current), params or {}, init or {}),
        duration=duration or model.duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=traced,
    )


def last_isi(recording: Recording) -> Floats:
    return spikes.statistics(recording).isi_last


def pattern(recording: Recording) -> list[str]:
    stats = spikes.statistics(recording)
    return [str(name) for name in patterns.classify(stats, deterministic=True)]


def solved(
    rates: Callable[[float, Point], Point],
    fires: Callable[[float, Point], float],
    reset: Callable[[Point], Point],
    start: Point,
    duration: float,
    held: float = 0.0,
) -> Floats:
    """Spike times of a model with reset by an adaptive solver that locates each crossing."""

    def crossing(t: float, x: Point) -> float:
        return fires(t, x)

    crossing.terminal = True  # type: ignore[attr-defined]
    crossing.direction = 1.0  # type: ignore[attr-defined]
    times, now, x = [], 0.0, start
    while now < duration:
        part = solve_ivp(
            rates, (now, duration), x, "LSODA", events=crossing, rtol=1e-9, atol=1e-9, max_step=1.0
        )
        if not part.t_events[0].size:
            break
        times.append(float(part.t_events[0][0]))
        now, x = times[-1] + held, reset(part.y_events[0][0])
    return np.array(times)


def assert_same_times(recording: Recording, times: Floats, dt: float) -> None:
    """A spike is dated at the end of its step, so each interval may be up to one step longer."""
    assert len(times) > 3
    assert len(recording.spike_times) == len(times)
    late = recording.spike_times - times
    assert np.all(late > -1e-6)
    assert np.all(late <= 1.01 * dt * np.arange(1, len(times) + 1))


NEW = [
    models.QUADRATIC,
    models.EXPONENTIAL,
    models.IZHIKEVICH,
    models.RESONATE,
    models.ADAPTIVE_THRESHOLD,
    models.GLIF,
]


@pytest.mark.parametrize("model", NEW, ids=lambda model: model.name)
def test_rates_are_numbers_wherever_the_potential_may_go(model: Model) -> None:
    potential = np.linspace(-200.0, 100.0, 3001)
    states = {
        state.name: potential
        if state.name == model.output
        else model.params[0].default * 0.0
        + (state.initial if isinstance(state.initial, float) else 0.0)
        for state in model.states
    }
    params = {param.name: param.default for param in model.params}
    assert model.derivatives is not None
    rates = model.derivatives(np, Values(states), Values(params), model.current)
    for rate in rates.values():
        parts = rate if isinstance(rate, Relax) else (rate,)
        assert all(np.all(np.isfinite(part)) for part in parts)


@pytest.mark.parametrize("model", NEW, ids=lambda model: model.name)
def test_half_the_step_gives_as_many_spikes_at_the_canonical_stimulus(model: Model) -> None:
    whole, half = run(model), run(model, dt=model.dt / 2)
    assert len(whole.spike_times) == len(half.spike_times) > 1


@pytest.mark.parametrize("model", [models.ADEX, *NEW], ids=lambda model: model.name)
def test_every_integrator_gives_the_same_spikes_but_for_its_error(model: Model) -> None:
    # rk4 evaluates the upstroke beyond the peak, where nothing may get out of hand
    count = {
        integrator: len(run(dataclasses.replace(model, integrator=integrator)).spike_times)
        for integrator in model.integrators
    }
    assert max(count.values()) - min(count.values()) <= 1


# Quadratic: Latham et al. 2000 print parameters and no rate, so what others print stands in.


def test_quadratic_neuron_spikes_in_the_printed_milliseconds() -> None:
    # SC-NeuroCore's record of the model with the constants of Latham et al. 2000 (apex +20 mV,
    # repolarization -80 mV, tau 10 ms, steps of 1 ms), docs of its QuadraticIFNeuron: at eta = 4,
    # which is R I = 18.75 mV, ten events in 240 ms, at the steps 18, 42, ..., 234 from 0.
    # There every reset waits for the end of its step; here the first interval begins at none.
    times = run(models.QUADRATIC, 18.75, duration=240.0, dt=0.01).spike_times
    assert len(times) == 10
    assert math.ceil(times[0]) - 1 == 18
    assert set(np.ceil(np.diff(times))) == {42 - 18}


def test_quadratic_neuron_begins_to_fire_at_a_quarter_of_the_way_to_threshold() -> None:
    # the saddle-node: RI = (V_t - V_r) / 4 = 3.75 mV
    recording = run(models.QUADRATIC, np.array([3.74, 3.76]), duration=1500.0, dt=0.5)
    assert spikes.statistics(recording).spike_count.tolist() == [0, 1]


def test_quadratic_neuron_has_the_period_of_its_closed_form() -> None:
    current = np.array([4.0, 6.0, 20.0])
    k = np.sqrt(15.0 * current - 15.0**2 / 4)
    period = 10.0 * 15.0 / k * (np.arctan(77.5 / k) - np.arctan(-22.5 / k))
    assert last_isi(run(models.QUADRATIC, current, dt=0.01)) == pytest.approx(period, abs=0.02)


def test_quadratic_neuron_agrees_with_an_adaptive_solver() -> None:
    times = solved(
        lambda t, x: [((x[0] + 65.0) * (x[0] + 50.0) / 15.0 + 6.0) / 10.0],
        lambda t, x: x[0] - 20.0,
        lambda x: [-80.0],
        [-65.0],
        500.0,
    )
    assert_same_times(run(models.QUADRATIC), times, models.QUADRATIC.dt)


# Exponential


def test_exponential_neuron_begins_to_fire_at_the_published_threshold_current() -> None:
    # Fourcaud-Trocmé et al. 2003: I_T = g_L (V_T - V_L - Delta_T), here 0.162 uA/cm2
    I_T = 0.1 * (-59.9 + 65.0 - 3.48)
    recording = run(
        models.EXPONENTIAL, np.array([I_T - 0.001, I_T + 0.001]), duration=2000.0, dt=0.1
    )
    assert spikes.statistics(recording).spike_count.tolist() == [0, 2]


def test_exponential_neuron_fires_at_the_rate_of_the_integral_over_its_potential() -> None:
    def slowness(V: float, current: float) -> float:
        return 1.0 / (0.1 * 3.48 * math.exp((V + 59.9) / 3.48) - 0.1 * (V + 65.0) + current)

    current = np.array([0.25, 0.5, 2.0])
    # to infinity, where the spike is: what is beyond -30 mV takes 0.002 ms
    period = [1.7 + quad(slowness, -68.0, 200.0, (amplitude,))[0] for amplitude in current]
    assert last_isi(run(models.EXPONENTIAL, current, dt=0.01)) == pytest.approx(period, abs=0.02)


def test_exponential_neuron_agrees_with_an_adaptive_solver() -> None:
    times = solved(
        lambda t, x: [0.348 * math.exp((x[0] + 59.9) / 3.48) - 0.1 * (x[0] + 65.0) + 0.5],
        lambda t, x: x[0] + 30.0,
        lambda x: [-68.0],
        [-65.0],
        500.0,
        held=1.7,
    )
    assert_same_times(run(models.EXPONENTIAL), times, models.EXPONENTIAL.dt)


# Izhikevich: the parameter sets of figure 2 of the paper, each with its step of 10

CELLS = {
    "RS": (0.02, 0.2, -65.0, 8.0),
    "IB": (0.02, 0.2, -55.0, 4.0),
    "CH": (0.02, 0.2, -50.0, 2.0),
    "FS": (0.1, 0.2, -65.0, 2.0),
    "LTS": (0.02, 0.25, -65.0, 2.0),
}


def cell(name: str, **kwargs: Any) -> Recording:
    return run(models.IZHIKEVICH, params=dict(zip("abcd", CELLS[name], strict=True)), **kwargs)


def intervals(recording: Recording) -> Floats:
    return np.diff(recording.spike_times)


def test_izhikevich_neuron_rests_at_the_published_potential() -> None:
    # Izhikevich 2003: between -70 and -60 mV, depending on b. 0.04 v² + (5 - b) v + 140 = 0 at -70
    recording = run(models.IZHIKEVICH, 0.0, init={"v": -60.0, "u": -12.0}, traced=[0])
    assert recording.trace.states["v"][-1, 0] == pytest.approx(-70.0, abs=0.01)
    assert len(recording.spike_times) == 0


def test_izhikevich_regular_spiking_cell_adapts() -> None:
    # figure 2, RS: a few spikes with short intervals, then longer ones
    recording = cell("RS")
    assert pattern(recording) == ["adapting"]
    isi = intervals(recording)
    assert isi[0] < 0.5 * isi[-1]


def test_izhikevich_intrinsically_bursting_cell_bursts_once_and_then_spikes() -> None:
    # figure 2, IB: a stereotypical burst, then repetitive single spikes
    isi = intervals(cell("IB"))
    assert np.all(isi[:2] < 5.0)
    assert np.all(isi[3:] > 25.0)
    assert np.ptp(isi[3:]) < 0.2


def test_izhikevich_chattering_cell_repeats_bursts_at_no_more_than_the_published_rate() -> None:
    # figure 2 and text, CH: stereotypical bursts, up to 40 of them a second
    recording = cell("CH")
    assert pattern(recording) == ["bursting"]
    onsets = recording.spike_times[1:][intervals(recording) > 20.0]
    per_second = 1000.0 / np.diff(onsets)
    assert np.all(per_second > 10.0)
    assert np.all(per_second < 40.0)


def test_izhikevich_fast_spiking_cell_fires_fast_and_hardly_adapts() -> None:
    # figure 2, FS: high frequency, practically no adaptation; LTS: adaptation is noticeable
    fast, low_threshold = intervals(cell("FS")), intervals(cell("LTS"))
    assert 1000.0 / fast[-1] > 100.0
    assert np.ptp(fast[5:]) < 0.2
    assert low_threshold[-1] > 3.0 * low_threshold[0]


def test_izhikevich_neuron_agrees_with_an_adaptive_solver() -> None:
    for name in ("RS", "CH"):
        a, b, c, d = CELLS[name]
        times = solved(
            lambda t, x, a=a, b=b: [  # type: ignore[misc]
                0.04 * x[0] * x[0] + 5.0 * x[0] + 140.0 - x[1] + 10.0,
                a * (b * x[0] - x[1]),
            ],
            lambda t, x: x[0] - 30.0,
            lambda x, c=c, d=d: [c, x[1] + d],  # type: ignore[misc]
            [-70.0, -14.0],
            200.0,
        )
        recording = cell(name, duration=200.0, dt=0.005)
        assert len(recording.spike_times) == len(times)
        # an overshoot past 30 mV lowers the next v, raises u, and so delays what follows
        assert recording.spike_times == pytest.approx(times, abs=0.5)


# Resonate-and-fire

ROTATION = complex(-1.0, 10.0)
PERIOD = 2.0 * math.pi / 10.0


def pulses(strength: float, *at: float) -> Course:
    """Currents of one step each, which move z along the real axis by `strength`."""
    dt = models.RESONATE.dt

    def course(t: Floats) -> Floats:
        return sum((strength / dt) * (np.abs(t - start - dt / 2) < dt / 2) for start in at)

    return Course(course=course)


@pytest.mark.parametrize(
    ("apart", "fires"), [(PERIOD / 2, False), (PERIOD, True), (1.5 * PERIOD, False)]
)
def test_resonate_and_fire_neuron_answers_a_doublet_at_its_own_period_only(
    apart: float, fires: bool
) -> None:
    # Izhikevich 2001: a pulse that alone is too weak works again after a whole period. Each
    # moves y by up to 0.86 of it; 0.53 of the first are left when the second comes.
    apart = round(apart / models.RESONATE.dt) * models.RESONATE.dt
    recording = run(models.RESONATE, stimulus=pulses(0.9, 1.0, 1.0 + apart), duration=5.0)
    assert (len(recording.spike_times) > 0) is fires


def test_resonate_and_fire_neuron_fires_on_rebound_from_inhibition() -> None:
    # Izhikevich 2001: an inhibitory pulse makes it fire, half a period later than an excitatory
    excited = run(models.RESONATE, stimulus=pulses(2.0, 1.0), duration=3.0)
    inhibited = run(models.RESONATE, stimulus=pulses(-2.0, 1.0), duration=3.0)
    assert len(excited.spike_times) == len(inhibited.spike_times) == 1
    assert inhibited.spike_times[0] > 1.0 + PERIOD / 2 > excited.spike_times[0]


def test_resonate_and_fire_neuron_answers_a_step_from_the_closed_form_on() -> None:
    # the first swing reaches (1 + exp(b pi / omega)) omega I / (b² + omega²)
    rheobase = 101.0 / 10.0 / (1.0 + math.exp(-math.pi / 10.0))
    recording = run(models.RESONATE, rheobase * np.array([0.999, 1.001]))
    assert spikes.statistics(recording).spike_count.tolist() == [0, 1]


def test_resonate_and_fire_neuron_has_the_period_of_its_closed_form() -> None:
    def y(t: float, amplitude: float) -> float:
        rest = -amplitude / ROTATION
        return (rest + (1j - rest) * np.exp(ROTATION * t)).imag

    current = np.array([9.5, 10.0, 10.5])
    period = [brentq(lambda t, at=amplitude: y(t, at) - 1.0, 0.1, 0.55) for amplitude in current]
    isi = last_isi(run(models.RESONATE, current, duration=5.0, dt=0.001))
    assert isi == pytest.approx(period, abs=0.002)


def test_resonate_and_fire_neuron_agrees_with_an_adaptive_solver() -> None:
    times = solved(
        lambda t, x: [-x[0] - 10.0 * x[1] + 10.0, 10.0 * x[0] - x[1]],
        lambda t, x: x[1] - 1.0,
        lambda x: [0.0, 1.0 - 1e-12],
        [0.0, 0.0],
        20.0,
    )
    assert_same_times(run(models.RESONATE), times, models.RESONATE.dt)


# Adaptive threshold


def settled_threshold(potential: Floats) -> Floats:
    """The threshold after 100 ms at a potential too low to fire or with a threshold too high."""
    params = {"V_T": -55.0, "E_L": potential}
    recording = run(
        models.ADAPTIVE_THRESHOLD,
        0.0,
        duration=100.0,
        params=params,
        init={"V": potential, "theta": 0.0},
        traced=range(len(potential)),
    )
    assert len(recording.spike_times) == 0
    return recording.trace.states["theta"][-1]


def test_threshold_follows_the_potential_above_half_inactivation_only() -> None:
    # Platkiewicz and Brette 2010: theta is V_T far below V_i, and rises by k_a / k_i above it
    low, middle, high, higher = settled_threshold(np.array([-110.0, -63.0, -40.0, -38.0]))
    assert low == pytest.approx(-55.0, abs=0.01)
    assert middle == pytest.approx(-55.0 + 5.0 * math.log(2.0), abs=1e-6)
    assert (higher - high) / 2.0 == pytest.approx(5.0 / 6.0, abs=0.02)


def test_threshold_is_lower_for_steeper_depolarizations_as_published() -> None:
    # Platkiewicz and Brette 2011: the threshold of a ramp of slope s, for theta_inf piecewise
    # linear, which theta_inf exceeds by k_a log 2 at most, and by less after the filter
    a, V_i, V_T, tau = 5.0 / 6.0, -63.0, -55.0, 5.0
    found = []
    for s in (1.0, 2.0, 4.0):
        published = brentq(
            lambda theta, s=s: (
                a * s * tau * math.exp((V_i - theta) / (s * tau))
                - theta * (1.0 - a)
                - a * (s * tau + V_i)
                + V_T
            ),
            -60.0,
            0.0,
        )
        recording = run(
            models.ADAPTIVE_THRESHOLD,
            stimulus=Course(course=lambda t, s=s: s * (t + tau) - 20.0),
            init={"V": -90.0, "theta": -55.0},
            duration=60.0,
            dt=0.01,
            traced=[0],
        )
        t = recording.spike_times[0]
        found.append(-90.0 + s * t)
        assert published < found[-1] < published + 5.0 * math.log(2.0)
    assert found[0] > found[1] + 1.0 > found[2] + 2.0


def test_adaptive_threshold_neuron_accommodates_to_a_slow_current() -> None:
    # V settles at -35 mV with its threshold at -31.6 mV: a step fires, a slow ramp never
    step = run(models.ADAPTIVE_THRESHOLD)
    ramp = run(
        models.ADAPTIVE_THRESHOLD,
        stimulus=Course(course=lambda t: np.minimum(35.0, t / 10)),
        dt=0.05,
        duration=500.0,
    )
    assert len(step.spike_times) > 3
    assert len(ramp.spike_times) == 0


def test_adaptive_threshold_neuron_agrees_with_an_adaptive_solver() -> None:
    # theta relaxes on while V is held at E_L, so the solver is told how the hold ends
    target = -55.0 + 5.0 * math.log(1.0 + math.exp(-7.0 / 6.0))
    times = solved(
        lambda t, x: [
            (-70.0 - x[0] + 35.0) / 5.0,
            (-55.0 + 5.0 * math.log(1.0 + math.exp((x[0] + 63.0) / 6.0)) - x[1]) / 5.0,
        ],
        lambda t, x: x[0] - x[1],
        lambda x: [-70.0, target + (x[1] - target) * math.exp(-1.0)],
        [-70.0, target],
        200.0,
        held=5.0,
    )
    recording = run(models.ADAPTIVE_THRESHOLD, dt=0.005)
    assert len(recording.spike_times) == len(times) > 3
    assert recording.spike_times == pytest.approx(times, abs=0.005 * 3 * len(times))


# GLIF: the paper prints no response of this cell; the test of another simulator does.


def test_glif_neuron_spikes_at_the_printed_times() -> None:
    # NEST, test_glif_psc.py, LIF_R_ASC_A, whose defaults are this cell: 300 pA from 600 ms on, with
    # pulses of 20 and -20 pA from two synapses (tau 2 ms), and a spike at 395.44 ms in the past
    def course(t: Floats) -> Floats:
        def synapse(since: float) -> Floats:
            s = np.maximum(t - since, 0.0) / 2.0
            pulse: Floats = 20.0 * s * np.exp(1.0 - s)
            return pulse

        current: Floats = 300.0 * (t >= 1.0) + synapse(101.0) - synapse(201.0)
        return current

    since = 600.0 - 395.44 - 3.75
    slow = -9.18 * math.exp(-0.003 * since)
    rest = -78.85 + 0.10604 * slow
    recording = run(
        models.GLIF,
        stimulus=Course(course=course),
        duration=300.0,
        dt=0.01,
        init={
            "V": rest,
            "I_1": slow,
            "theta_s": 0.37 * math.exp(-0.009 * since),
            "theta_v": 0.005 / 0.09 * (rest + 78.85),
        },
    )
    published = [615.27, 653.77, 701.42, 768.22, 859.82]
    assert 600.0 + recording.spike_times == pytest.approx(published, abs=0.2)


def test_glif_neuron_begins_to_fire_where_its_equations_say() -> None:
    # R I (1 - a_v / b_v) = theta_inf - E_L: 271.3 pA, in steady state; the onset adds under 1 %
    rheobase = 1000.0 * (-51.68 + 78.85) / 106.04 / (1.0 - 0.005 / 0.09)
    recording = run(models.GLIF, rheobase * np.array([0.99, 1.001]), duration=300.0)
    assert spikes.statistics(recording).spike_count.tolist() == [0, 1]


def test_glif_neuron_resets_as_published() -> None:
    # Teeter et al. 2018, equations 5-7: from -50 mV, after currents of 10 and 20 pA
    recording = run(
        models.GLIF,
        0.0,
        duration=0.001,
        dt=0.001,
        init={"V": -50.0, "I_1": 10.0, "I_2": 20.0, "theta_s": 1.0, "theta_v": 0.25},
        traced=[0],
    )
    assert len(recording.spike_times) == 1
    after = {name: float(value[-1, 0]) for name, value in recording.trace.states.items()}
    assert after["V"] == pytest.approx(-78.85 + 0.2 * 28.85 + 18.51, abs=0.01)
    assert after["I_1"] == pytest.approx(10.0 * math.exp(-0.003 * 3.75) - 9.18, abs=0.01)
    assert after["I_2"] == pytest.approx(20.0 * math.exp(-0.1 * 3.75) - 198.94, abs=0.01)
    assert after["theta_s"] == pytest.approx(math.exp(-0.009 * 3.75) + 0.37, abs=0.01)
    assert after["theta_v"] == pytest.approx(0.25, abs=0.01)


def test_glif_neuron_agrees_with_an_adaptive_solver() -> None:
    E_L = -78.85

    def rates(t: float, x: Point) -> Point:
        V, I_1, I_2, theta_s, theta_v = x
        return [
            (400.0 + I_1 + I_2 - (V - E_L) / 0.10604) / 58.72,
            -0.003 * I_1,
            -0.1 * I_2,
            -0.009 * theta_s,
            0.005 * (V - E_L) - 0.09 * theta_v,
        ]

    def reset(x: Point) -> Point:
        V, I_1, I_2, theta_s, theta_v = x
        return [
            E_L + 0.2 * (V - E_L) + 18.51,
            I_1 * math.exp(-0.003 * 3.75) - 9.18,
            I_2 * math.exp(-0.1 * 3.75) - 198.94,
            theta_s * math.exp(-0.009 * 3.75) + 0.37,
            theta_v,
        ]

    times = solved(
        rates,
        lambda t, x: x[0] - (-51.68 + x[3] + x[4]),
        reset,
        [E_L, 0.0, 0.0, 0.0, 0.0],
        300.0,
        held=3.75,
    )
    recording = run(models.GLIF, duration=300.0, dt=0.005)
    assert len(recording.spike_times) == len(times) > 3
    assert recording.spike_times == pytest.approx(times, abs=0.005 * 2 * len(times))


def test_glif_neuron_adapts_at_its_canonical_stimulus() -> None:
    assert pattern(run(models.GLIF)) == ["adapting"]


def test_glif_neuron_does_not_fire_while_its_spike_is_cut_out() -> None:
    # with delta_V this low it is reset above its threshold: it fires once per delta_t, no more
    recording = run(models.GLIF, params={"delta_V": -40.0}, duration=50.0)
    assert len(recording.spike_times) > 3
    assert np.diff(recording.spike_times).min() >= 3.75
