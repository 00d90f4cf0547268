"""The generalized linear integrate-and-fire model against its closed forms and twenty patterns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.mihalas_niebur import MIHALAS_NIEBUR as MODEL
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant

PRESETS = {preset.name: preset for preset in MODEL.presets}


def shown(name: str, **options: Any) -> Recording:
    preset = PRESETS[name]
    stimulus = preset.stimulus or Constant(preset.current)
    return simulate.run(
        Batch(MODEL, 1, stimulus, preset.params, preset.init),
        **{
            "duration": preset.duration,
            "dt": MODEL.dt,
            "integrator": MODEL.integrator,
            "engine": "scalar",
            **options,
        },
    )


def test_there_are_the_twenty_patterns_of_table_1() -> None:
    panels = [preset.source.split("figure 1")[1][0] for preset in MODEL.presets]
    assert "".join(panels) == "ABCDEFGHIJKLMNOPQRST"


def test_tonic_spiking_has_the_interval_of_the_leaky_integrator() -> None:
    # V tends to E_L + I/G = -40 mV: log((I/G)/(I/G - 20 mV))/G = 20 log 3 = 21.97 ms
    isi = np.diff(shown("tonic_spiking").spike_times)
    assert isi == pytest.approx(20.0 * math.log(3.0), abs=0.06)


def test_class_1_fires_at_any_low_rate_just_above_its_rheobase() -> None:
    # (1 + 1e-6) V/s: the first interval is log(1e6 + 1)/G = 276.3 ms; nothing fires at 1 V/s
    assert shown("class_1").spike_times == pytest.approx([20.0 * math.log(1e6 + 1.0)], abs=0.06)
    batch = Batch(MODEL, 1, Constant(1.0))
    done = simulate.run(batch, duration=2000.0, dt=0.05, integrator="rk4", engine="scalar")
    assert len(done.spike_times) == 0


def test_a_settled_cell_with_coupling_fires_from_twice_the_current_of_class_1_on() -> None:
    # theta tends to theta_inf + (a/b)(V - E_L) with a/b = 1/2, which V reaches 40 mV above E_L
    settled = {"V": -30.4, "theta": -30.0}
    counts = []
    for current in (1.99, 2.02):
        batch = Batch(MODEL, 1, Constant(current), {"a": 0.005}, settled)
        done = simulate.run(batch, duration=1000.0, dt=0.05, integrator="rk4", engine="scalar")
        counts.append(len(done.spike_times))
    assert counts[0] == 0
    assert counts[1] > 4


EXPECTED: dict[str, tuple[str, str]] = {
    "tonic_spiking": ("tonic", ""),
    "class_1": ("single_spike", ""),
    "spike_frequency_adaptation": ("adapting", ""),
    "phasic_spiking": ("adapting", "phasic"),
    "threshold_variability": ("single_spike", ""),
    "rebound_spike": ("single_spike", ""),
    "integrator": ("single_spike", ""),
    "hyperpolarization_induced_spiking": ("tonic", ""),
    "hyperpolarization_induced_bursting": ("bursting", "delayed"),
    "tonic_bursting": ("bursting", ""),
    "phasic_bursting": ("bursting", "phasic"),
    "rebound_burst": ("bursting", "phasic"),
    "mixed_mode": ("adapting", ""),
    "afterpotentials": ("single_spike", ""),
    "spike_latency": ("single_spike", ""),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_pattern_that_spike_times_decide_is_named(name: str) -> None:
    stimulus = PRESETS[name].stimulus
    onset = 0.0 if stimulus is None else float(stimulus.onset)
    for dt in (0.05, 0.01):
        stats = spikes.statistics(shown(name, dt=dt), onset=onset)
        found = patterns.classify(stats, deterministic=True)[0], patterns.detail(stats)[0]
        assert tuple(map(str, found)) == EXPECTED[name]


def test_accommodation_answers_the_sudden_step_and_not_the_slow_staircase() -> None:
    assert np.all(shown("accommodation").spike_times < 100.0)
    assert len(shown("accommodation").spike_times) == 3


def test_inhibition_lowers_the_threshold_for_the_pulse_that_follows() -> None:
    assert 250.0 < shown("threshold_variability").spike_times[0] < 275.0


def test_rebounds_follow_the_end_of_hyperpolarization() -> None:
    assert shown("rebound_spike").spike_times[0] > 806.0
    assert shown("rebound_burst").spike_times[0] > 600.0


def test_class_2_begins_to_fire_at_a_rate_of_its_own() -> None:
    isi = np.diff(shown("class_2").spike_times)
    assert len(isi) > 4
    assert isi.max() < 60.0


def test_integrator_answers_the_closer_doublet_only() -> None:
    times = shown("integrator").spike_times
    assert len(times) == 1
    assert times[0] < 60.0


def test_the_same_input_has_two_answers() -> None:
    # 1J: 1.7 V/s keeps a cell that fires firing, and leaves one that rests at rest
    times = shown("input_bistability").spike_times
    assert ((times > 100.0) & (times < 500.0)).sum() > 8
    assert (times > 600.0).sum() == 0


def test_a_spike_leaves_first_a_depolarization_and_then_a_hyperpolarization() -> None:
    # 1Q, afterpotentials, around the rest at -70 mV
    done = shown("afterpotentials", traced=[0])
    t, V = done.trace.t, done.trace.states["V"][:, 0]
    assert V[(t > 20.0) & (t < 60.0)].max() > -60.0
    assert V[t > 60.0].min() < -70.5


def test_pulses_switch_firing_on_and_off_at_rest() -> None:
    times = shown("basal_bistability").spike_times
    assert ((times > 20.0) & (times < 100.0)).sum() > 10
    assert (times > 150.0).sum() == 0


def test_a_second_pulse_is_answered_at_the_preferred_interval_only() -> None:
    # 1S: pulses 10 ms apart, and 50 ms apart
    times = shown("preferred_frequency").spike_times
    assert [int(time // 100.0) for time in times] == [0, 4, 4]


def test_a_spike_lifts_a_threshold_that_hyperpolarization_has_lowered() -> None:
    # equation 2.2: theta <- max(theta_r, theta), theta_r = -60 mV; 1K
    done = shown("hyperpolarization_induced_spiking", traced=[0])
    k = int(np.searchsorted(done.trace.t, done.spike_times[0] - 1e-6))
    theta = done.trace.states["theta"][:, 0]
    assert theta[k - 1] < -75.0
    assert theta[k] == pytest.approx(-60.0, abs=0.01)


def test_a_brief_pulse_is_answered_late() -> None:
    times = shown("spike_latency").spike_times
    assert len(times) == 1
    assert times[0] > 10.0
