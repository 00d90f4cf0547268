"""Published firing patterns: every preset shows what its figure shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model, Preset
from kernels.neurons.models.integrate_and_fire import ADEX, IZHIKEVICH
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Pulses, Stimulus

Floats = NDArray[np.float64]


def preset_of(model: Model, name: str) -> Preset:
    return next(preset for preset in model.presets if preset.name == name)


def driven(preset: Preset, model: Model) -> Stimulus:
    return preset.stimulus or Constant(model.current if preset.current is None else preset.current)


def shown(model: Model, name: str, **options: Any) -> Recording:
    preset = preset_of(model, name)
    stimulus = options.pop("stimulus", driven(preset, model))
    params = {**preset.params, **options.pop("params", {})}
    return simulate.run(
        Batch(model, 1, stimulus, params, preset.init),
        **{
            "duration": preset.duration or model.duration,
            "dt": preset.dt or model.dt,
            "integrator": preset.integrator or model.integrator,
            "engine": "scalar",
            **options,
        },
    )


def intervals(done: Recording) -> Floats:
    return np.diff(done.spike_times)


def named(done: Recording, onset: float = 0.0) -> tuple[str, str]:
    stats = spikes.statistics(done, onset=onset)
    pattern = patterns.classify(stats, deterministic=True)[0]
    return str(pattern), str(patterns.detail(stats)[0])


# Izhikevich 2004, figure 1: the panels in their order


EXACT: dict[str, Any] = {"dt": IZHIKEVICH.dt, "integrator": IZHIKEVICH.integrator}

# What the panels show, in the names that spike times decide; the rest is in the tests below
PANELS = {
    "tonic_spiking": ("tonic", ""),
    "phasic_spiking": ("single_spike", ""),
    "tonic_bursting": ("bursting", ""),
    "phasic_bursting": ("bursting", "phasic"),
    "mixed_mode": ("adapting", "mixed_mode"),
    "spike_frequency_adaptation": ("adapting", ""),
    "class_1": ("tonic", "delayed_accelerating"),
    "class_2": ("tonic", "delayed_accelerating"),
    "spike_latency": ("single_spike", ""),
    "subthreshold_oscillations": ("single_spike", ""),
    "resonator": ("single_spike", ""),
    "integrator": ("single_spike", ""),
    "rebound_spike": ("single_spike", ""),
    "rebound_burst": ("bursting", "phasic"),
    "threshold_variability": ("single_spike", ""),
    "bistability": ("tonic", "phasic"),
    "depolarizing_after_potential": ("single_spike", ""),
    "accommodation": ("single_spike", ""),
    "inhibition_induced_spiking": ("tonic", ""),
    "inhibition_induced_bursting": ("bursting", "delayed"),
}
# The panel shows 100 ms, four intervals of 3.5, 12.9, 27 and 27 ms: called tonic for what comes
# after the first two, adapting by all of them.
OTHERWISE = {"tonic_spiking": ("adapting", "")}


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_of_the_figure_gets_its_name(name: str) -> None:
    preset = preset_of(IZHIKEVICH, name)
    found = named(simple(name), onset=float(driven(preset, IZHIKEVICH).onset))
    assert found == OTHERWISE.get(name, PANELS[name])


def simple(name: str, **options: Any) -> Recording:
    return shown(IZHIKEVICH, name, **options)


def test_there_are_the_twenty_patterns_of_the_figure() -> None:
    panels = [p.source.split()[3][1] for p in IZHIKEVICH.presets if "2004" in p.source]
    assert "".join(panels) == "ABCDEFGHIJKLMNOPQRST"


def test_tonic_spiking_goes_on_with_the_step() -> None:
    times = simple("tonic_spiking").spike_times
    assert times[0] > 10.0
    assert intervals(simple("tonic_spiking", duration=400.0))[3:] == pytest.approx(26.8, abs=0.2)


def test_phasic_spiking_is_one_spike_at_the_onset_of_a_lasting_step() -> None:
    assert named(simple("phasic_spiking", duration=1000.0), 20.0)[0] == "single_spike"


def test_tonic_bursting_repeats_its_bursts() -> None:
    assert named(simple("tonic_bursting"), 22.0)[0] == "bursting"


def test_phasic_bursting_is_one_burst_at_the_onset_of_a_lasting_step() -> None:
    done = simple("phasic_bursting", duration=1000.0)
    assert named(done, 20.0)[1] == "phasic"
    assert len(done.spike_times) > 4
    assert intervals(done).max() < 15.0


def test_mixed_mode_begins_with_a_burst_and_goes_on_with_spikes() -> None:
    isi = intervals(simple("mixed_mode"))
    assert np.all(isi[:2] < 5.0)
    assert np.all(isi[2:] > 25.0)


def test_spike_frequency_adaptation_lengthens_every_interval() -> None:
    done = simple("spike_frequency_adaptation", duration=60.0)
    assert named(done, 8.5)[0] == "adapting"
    assert np.all(np.diff(intervals(done)) > 0.0)


def test_class_1_begins_to_fire_at_any_low_rate_and_class_2_does_not() -> None:
    # a constant current just above the one at which firing begins
    lowest = {}
    for name, begins in (
        ("class_1", np.arange(0.0, 8.0, 0.02)),
        ("class_2", np.arange(-0.5, 1.0, 0.01)),
    ):
        preset = preset_of(IZHIKEVICH, name)
        batch = Batch(IZHIKEVICH, len(begins), Constant(begins), preset.params, preset.init)
        done = simulate.run(batch, duration=1500.0, dt=0.1, integrator="rk4")
        late = done.spike_times > 750.0
        count = np.bincount(done.spike_columns[late], minlength=len(begins))
        lowest[name] = count[count > 0].min() / 0.75
    assert lowest["class_1"] < 6.0
    assert lowest["class_2"] > 20.0


def test_a_ramp_raises_the_rate_of_class_1_more_than_that_of_class_2() -> None:
    ratio = {
        name: (lambda isi: isi[0] / isi[-1])(intervals(simple(name)))
        for name in ("class_1", "class_2")
    }
    assert ratio["class_1"] > ratio["class_2"] > 1.0


def test_spike_latency_is_longer_than_the_pulse() -> None:
    done = simple("spike_latency")
    assert len(done.spike_times) == 1
    # the pulse is over at 13 ms
    assert done.spike_times[0] > 16.0


def test_subthreshold_oscillations_follow_the_spike() -> None:
    done = simple("subthreshold_oscillations", traced=[0])
    assert len(done.spike_times) == 1
    v = np.interp(np.arange(60.0, 200.0, 0.1), done.trace.t, done.trace.states["v"][:, 0])
    turns = np.flatnonzero((np.diff(v)[:-1] > 0.0) & (np.diff(v)[1:] <= 0.0))
    assert len(turns) >= 3
    assert np.ptp(v) < 15.0


def test_resonator_answers_the_doublet_of_its_own_period_only() -> None:
    # pulses 20 ms apart at 40 ms, and 40 ms apart at 280 ms
    times = simple("resonator").spike_times
    assert len(times) == 1
    assert times[0] > 320.0


def test_integrator_answers_the_closer_doublet_only() -> None:
    # pulses 5 ms apart at 9 ms, and 10 ms apart at 70 ms
    times = simple("integrator").spike_times
    assert len(times) == 1
    assert times[0] < 25.0


def test_rebound_spike_follows_inhibition() -> None:
    times = simple("rebound_spike").spike_times
    assert len(times) == 1
    assert times[0] > 25.0


def test_rebound_burst_follows_inhibition() -> None:
    done = simple("rebound_burst")
    assert done.spike_times[0] > 25.0
    assert len(done.spike_times) > 4
    assert named(done, 20.0)[1] == "phasic"


def test_inhibition_lowers_the_threshold_for_the_same_pulse() -> None:
    # the pulse of 10 ms gives none, and that of 80 ms, 5 ms after an inhibitory one, a spike
    times = simple("threshold_variability").spike_times
    assert len(times) == 1
    assert times[0] > 80.0


def test_bistability_is_switched_on_and_off_by_the_same_pulse() -> None:
    times = simple("bistability").spike_times
    assert len(times) == 5
    assert np.all((times > 37.5) & (times < 216.0))
    assert times == pytest.approx(scripted("bistability", 0.25)[0], abs=0.25)
    # neither rest nor firing ends without a pulse
    once = Pulses(onset=37.5, width=5.0, period=1e6, amplitude=1.24, baseline=0.24)
    assert simple("bistability", stimulus=once, duration=1000.0).spike_times[-1] > 950.0
    assert len(simple("bistability", stimulus=Constant(0.24), duration=1000.0).spike_times) == 0


def scripted(name: str, tau: float) -> tuple[Floats, Floats]:
    """Spike times and v of figure1.m: Euler steps, u after v, the overshoot of v left in u."""
    preset = preset_of(IZHIKEVICH, name)
    a, b, c, d = (preset.params[key] for key in "abcd")
    stimulus = driven(preset, IZHIKEVICH)
    v, u = preset.init["v"], preset.init["u"]
    times, trace = [], []
    t = np.arange(0.0, (preset.duration or 0.0) + tau / 2.0, tau)
    currents = np.ravel(np.broadcast_to(stimulus.at(t[:, np.newaxis] - 1e-9), (len(t), 1)))
    for now, current in zip(t, currents, strict=True):
        v = v + tau * (0.04 * v * v + 5.0 * v + 140.0 - u + current)
        u = u + tau * a * (b * v - u)
        if v > 30.0:
            times.append(now)
            v, u = c, u + d
        trace.append(v)
    return np.array(times), np.array(trace)


def test_a_depolarization_follows_the_spike_of_the_script_and_makes_the_exact_cell_fire_on() -> (
    None
):
    # figure 1Q: after the reset to -60 mV the potential rises above its rest of -70 mV
    times, v = scripted("depolarizing_after_potential", 0.1)
    assert len(times) == 1
    after = v[round(times[0] / 0.1) + 1 :]
    assert after.max() > -60.0
    assert after[-1] == pytest.approx(-70.0, abs=0.5)
    assert simple("depolarizing_after_potential").spike_times == pytest.approx(times, abs=0.1)
    # without the error of the script's step the after-potential reaches threshold again
    assert len(simple("depolarizing_after_potential", **EXACT).spike_times) > 1
    assert len(scripted("depolarizing_after_potential", 0.01)[0]) > 1


def test_accommodation_ignores_the_slow_ramp_and_answers_the_lower_fast_one() -> None:
    times = simple("accommodation").spike_times
    assert len(times) == 1
    assert 300.0 < times[0] < 315.0


def test_inhibition_induced_spiking_lasts_as_long_as_the_inhibition() -> None:
    times = simple("inhibition_induced_spiking").spike_times
    assert len(times) >= 3
    assert np.all((times > 50.0) & (times < 260.0))


def test_inhibition_induced_bursting_lasts_as_long_as_the_inhibition_in_the_script() -> None:
    # figure 1T: bursts, which only the script's step of 0.5 ms ends
    times, _ = scripted("inhibition_induced_bursting", 0.5)
    isi = np.diff(times)
    assert np.all((times > 50.0) & (times < 260.0))
    assert (isi > 50.0).sum() >= 1
    assert (isi < 8.0).sum() >= 6
    assert simple("inhibition_induced_bursting").spike_times == pytest.approx(times, abs=0.5)
    exact = simple("inhibition_induced_bursting", **EXACT).spike_times
    assert exact[0] > 50.0
    assert np.diff(exact)[:10].max() < 2.0


@pytest.mark.parametrize(
    "name",
    [
        preset.name
        for preset in IZHIKEVICH.presets
        if "2004" in preset.source
        and preset.name not in ("accommodation", "bistability", "class_1", "integrator")
        and preset.name not in ("depolarizing_after_potential", "inhibition_induced_bursting")
    ],
)
def test_a_preset_fires_when_the_script_does_but_for_the_script_s_error(name: str) -> None:
    times, _ = scripted(name, 0.02)
    exact = simple(name).spike_times
    assert abs(len(exact) - len(times)) <= 2
    assert exact[:3] == pytest.approx(times[:3], rel=0.03)


# Naud et al. 2008, figure 4: the columns of table 1


def adex(name: str, **options: Any) -> Recording:
    return shown(ADEX, name, **options)


def test_there_are_the_eight_patterns_of_the_table() -> None:
    assert len(ADEX.presets) == 8
    assert all("Naud" in preset.source for preset in ADEX.presets)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tonic_spiking", ("tonic", "")),
        ("adaptation", ("adapting", "")),
        ("initial_burst", ("adapting", "mixed_mode")),
        ("regular_bursting", ("bursting", "")),
        ("delayed_accelerating", ("tonic", "delayed_accelerating")),
        ("delayed_regular_bursting", ("bursting", "delayed")),
        ("transient_spiking", ("single_spike", "")),
        ("irregular_spiking", ("chaotic", "")),
    ],
)
def test_an_adex_pattern_is_named_at_fine_and_coarse_steps(
    name: str, expected: tuple[str, str]
) -> None:
    assert named(adex(name)) == expected
    assert named(adex(name, dt=0.02)) == expected


def test_adex_tonic_spiking_does_not_adapt() -> None:
    isi = intervals(adex("tonic_spiking", dt=0.02))
    assert np.ptp(isi) < 0.08 * isi.mean()


def test_adex_initial_burst_is_followed_by_regular_spikes() -> None:
    isi = intervals(adex("initial_burst"))
    assert np.all(isi[:2] < 0.25 * isi[-1])
    assert isi[3:] == pytest.approx(isi[-1], rel=0.01)


def test_adex_regular_bursting_repeats_the_same_burst() -> None:
    isi = intervals(adex("regular_bursting", duration=1500.0, dt=0.02))
    long = isi[isi > 50.0]
    assert long[1:] == pytest.approx(long[-1], rel=0.02)


def test_adex_delayed_accelerating_begins_late_and_intervals_shrink() -> None:
    done = adex("delayed_accelerating")
    isi = intervals(done)
    assert done.spike_times[0] > 1.3 * isi[0]
    assert np.all(np.diff(isi)[:10] < 0.0)


def test_the_values_in_copies_of_the_table_do_not_show_two_of_the_patterns() -> None:
    silent = {"C": 200.0, "g_L": 12.0, "E_L": -70.0, "a": -6.0, "tau_w": 300.0, "b": 0.0}
    silent["V_r"] = -58.0
    assert len(adex("delayed_regular_bursting", params=silent).spike_times) == 0
    tonic = adex("transient_spiking", params={"a": -10.0, "b": 0.03}, stimulus=Constant(0.35))
    assert np.ptp(intervals(tonic)[-50:]) < 0.3


def test_adex_transient_spiking_ends_while_the_current_lasts() -> None:
    assert len(adex("transient_spiking", duration=2000.0).spike_times) == 1


def test_adex_irregular_spiking_repeats_no_sequence_and_forgets_where_it_began() -> None:
    preset = preset_of(ADEX, "irregular_spiking")
    init = {"V": -60.0 + np.array([0.0, 1e-7])}
    batch = Batch(ADEX, 2, driven(preset, ADEX), preset.params, init)
    done = simulate.run(batch, duration=3000.0, dt=0.02, integrator="euler")
    one, other = (done.spike_times[done.spike_columns == column] for column in (0, 1))
    isi = np.diff(one)[20:]
    assert all(np.abs(isi[p:] - isi[:-p]).max() > 0.5 for p in range(1, 20))
    assert one[:5] == pytest.approx(other[:5], abs=0.03)
    n = min(len(one), len(other))
    assert np.abs(one[:n] - other[:n])[n // 2 :].max() > 1.0
