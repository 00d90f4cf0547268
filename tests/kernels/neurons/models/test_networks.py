"""Neurons of network models against closed forms, what their papers say, and NEST."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.networks import COMPTE, HILL_TONONI
from kernels.neurons.stimulus import Constant, Step

BARE = {"g_NaP": 0.0, "g_DK": 0.0}
QUIET = {"nu_ext": 0.0, "g_NMDA": 0.0}


def run(model, current, *, duration, n=1, dt=None, init=None, seed=0, **params):
    stimulus = current if isinstance(current, Step) else Constant(current)
    return simulate.run(
        Batch(model, n, stimulus, params, init or {}, seed=seed),
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        engine="scalar",
        traced=range(n),
    )


def test_hill_tononi_rests_at_minus_70_mv_on_its_leaks_alone():
    # (0.2 * 30 - 1.0 * 90) / 1.2 = -70 mV, Hill and Tononi 2005
    recording = run(HILL_TONONI, 0.0, duration=300.0, init={"V": -60.0}, **BARE)
    assert recording.trace.states["V"][-1, 0] == pytest.approx(-70.0, abs=1e-3)


def test_hill_tononi_fires_from_the_current_that_lifts_the_leak_to_its_threshold():
    # (g_NaL + g_KL) (theta_eq + 70) = 1.2 * 19 = 22.8 mV
    rheobase = 1.2 * (-51.0 + 70.0)
    below = run(HILL_TONONI, rheobase - 0.1, duration=500.0, **BARE)
    above = run(HILL_TONONI, rheobase + 0.1, duration=500.0, **BARE)
    assert len(below.spike_times) == 0
    assert len(above.spike_times) > 1


def test_hill_tononi_repolarizes_towards_potassium_for_as_long_as_its_spike_lasts():
    # without leaks the potential falls from E_Na as exp(-t/tau_spike) for t_spike and then stays
    recording = run(
        HILL_TONONI,
        0.0,
        duration=5.0,
        init={"V": -50.0},
        g_NaL=0.0,
        g_KL=0.0,
        **BARE,
    )
    V, t = recording.trace.states["V"][:, 0], recording.trace.t
    assert len(recording.spike_times) == 1
    since = t - recording.spike_times[0]
    falls, stays = (since >= 0.0) & (since < 1.99), since > 2.09
    assert V[falls] == pytest.approx(-90.0 + 120.0 * np.exp(-since[falls] / 1.75), abs=1e-3)
    assert V[stays] == pytest.approx(-90.0 + 120.0 * np.exp(-2.0 / 1.75), abs=0.02)


def test_hill_tononi_threshold_falls_back_with_its_time_constant():
    recording = run(HILL_TONONI, 0.0, duration=6.0, init={"theta": 30.0}, tau_theta=2.0)
    theta, t = recording.trace.states["theta"][:, 0], recording.trace.t
    assert theta == pytest.approx(-51.0 + 81.0 * np.exp(-t / 2.0), abs=1e-5)


def test_hill_tononi_goes_silent_of_itself_by_the_potassium_current_that_depolarization_activates():
    # Hill and Tononi 2005: this current ends the up state; without it the cell fires on and on
    with_it = run(HILL_TONONI, 10.0, duration=2000.0).spike_times
    without = run(HILL_TONONI, 10.0, duration=2000.0, g_DK=0.0).spike_times
    assert np.diff(with_it).max() > 400.0
    assert np.diff(without).max() < 20.0


def test_hill_tononi_of_the_thalamus_rebounds_by_its_t_current():
    preset = next(preset for preset in HILL_TONONI.presets if preset.name == "thalamic")
    step = Step(amplitude=-40.0, onset=100.0, end=400.0)
    params = dict(preset.params)
    rebound = run(HILL_TONONI, step, duration=600.0, init=preset.init, **params)
    none = run(HILL_TONONI, step, duration=600.0, init=preset.init, **{**params, "g_T": 0.0})
    assert len(rebound.spike_times) > 0
    assert rebound.spike_times.min() > 400.0
    assert len(none.spike_times) == 0


def test_compte_fires_from_half_a_nanoampere_at_the_rates_of_the_closed_form():
    # Compte et al. 2000: 25 nS times 20 mV is 500 pA; then an interval is
    # t_ref + tau ln((I R - 10)/(I R - 20))
    assert len(run(COMPTE, 499.0, duration=500.0, **QUIET).spike_times) == 0
    for current in (510.0, 600.0, 1000.0):
        recording = run(COMPTE, current, duration=400.0, dt=0.01, **QUIET)
        lift = current / 25.0
        expected = 2.0 + 20.0 * np.log((lift - 10.0) / (lift - 20.0))
        found = spikes.statistics(recording).isi_last[0]
        assert found == pytest.approx(expected, abs=0.05)


@pytest.mark.published("CompteWMNeuron")
@pytest.mark.parametrize(
    ("current", "first", "interval", "opened"),
    [
        (510.0, (78.66, 128.65, 176.17), 46.74, (0.5280, 0.7830)),
        (600.0, (35.86, 60.73, 85.03), 24.07, (0.7171, 0.8556)),
        (1000.0, (13.89, 23.78, 33.59), 9.77, (0.8815, 0.9250)),
        (1500.0, (8.13, 14.53, 20.90), 6.36, (0.9255, 0.9470)),
    ],
)
def test_compte_fires_and_opens_its_nmda_channels_when_nest_says(current, first, interval, opened):
    # NEST 3.10, iaf_bw_2001_exact with the constants of Compte et al. 2000 and an NMDA synapse of
    # 5 nS onto itself, at steps of 0.01 ms: spikes, the last interval in 800 ms, and between which
    # shares the open channels swing
    recording = run(COMPTE, current, duration=800.0, dt=0.01, nu_ext=0.0, g_NMDA=5.0)
    assert recording.spike_times[:3] == pytest.approx(first, abs=0.1)
    assert np.diff(recording.spike_times)[-1] == pytest.approx(interval, abs=0.03)
    s = recording.trace.states["s_NMDA"][:, 0]
    late = s[len(s) // 2 :]
    assert (late.min(), late.max()) == pytest.approx(opened, abs=2e-3)


@pytest.mark.published("CompteWMNeuron")
@pytest.mark.parametrize(
    ("current", "interval"), [(499.0, None), (510.0, 67.17), (600.0, 27.06), (1000.0, 10.11)]
)
def test_compte_without_synapses_fires_at_the_intervals_of_nest(current, interval):
    # the same without the synapse
    times = run(COMPTE, current, duration=400.0, dt=0.01, **QUIET).spike_times
    found = np.diff(times)[-1] if len(times) else None
    assert found == (interval if interval is None else pytest.approx(interval, abs=0.03))


def test_compte_is_driven_by_shot_noise_of_1800_spikes_a_second():
    # Campbell's theorem: the open channels have mean nu tau = 3.6 and variance nu tau / 2 = 1.8
    n = 2000
    recording = simulate.run(
        Batch(COMPTE, n, Constant(0.0), {}, {"s_ext": 3.6}),
        duration=15.0,
        dt=0.05,
        integrator="euler_maruyama",
        traced=range(n),
    )
    s_ext = recording.trace.states["s_ext"][-1]
    assert s_ext.mean() == pytest.approx(3.6, rel=0.03)
    assert s_ext.var() == pytest.approx(1.8, rel=0.1)


def test_compte_blocks_nmda_channels_by_magnesium():
    # Jahr and Stevens's factor, as the paper has it: 0.0445 at -70 mV and 0.139 at -50 mV
    for V, unblocked in ((-70.0, 0.0445), (-50.0, 0.1386)):
        recording = run(
            COMPTE,
            0.0,
            duration=0.002,
            dt=0.001,
            init={"V": V, "s_NMDA": 1.0},
            V_th=0.0,
            nu_ext=0.0,
            g_NMDA=1.0,
            C_m=1.0,
            E_L=V,
        )
        slope = np.diff(recording.trace.states["V"][:2, 0])[0] / 0.001
        assert slope == pytest.approx(-unblocked * V, rel=0.01)


def test_compte_saturates_the_nmda_channels_that_a_fast_train_opens():
    # x jumps by 1 at a spike and decays with 2 ms, so a spike opens at most 1 - exp(-0.5 * 2) of
    # the closed channels; at 100 Hz the gate settles where opening and decay balance
    recording = run(COMPTE, 1500.0, duration=800.0, **QUIET)
    s = recording.trace.states["s_NMDA"][:, 0]
    isi = spikes.statistics(recording).isi_last[0]
    opened, kept = 1.0 - np.exp(-1.0), np.exp(-isi / 100.0)
    peak = opened / (1.0 - kept * (1.0 - opened))
    assert s[len(s) // 2 :].max() == pytest.approx(peak, rel=0.06)
