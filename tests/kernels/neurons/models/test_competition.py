"""Spiking neurons that compete, against their papers and against NEST."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.competition import LEAKY_COMPETE
from kernels.neurons.stimulus import Constant


def run(current, *, n=1, duration=300.0, dt=0.02, init=None, **params):
    """All columns traced; a long run is thinned."""
    return simulate.run(
        Batch(LEAKY_COMPETE, n, Constant(current), params=params, init=init or {}),
        duration=duration,
        dt=dt,
        integrator=LEAKY_COMPETE.integrator,
        engine="scalar",
        traced=range(n),
    )


def winners(recording, column=0):
    """Which units ever fired."""
    return set(recording.trace.states["winner"][:, column]) - {0.0}


def test_the_winner_silences_all_others_with_its_first_spike():
    # Jin and Seung 2002: once the winner has fired no other neuron does
    random = np.random.default_rng(2)
    shares = {f"r_{i}": random.uniform(0.6, 1.4, 20) for i in (1, 2, 3, 4)}
    recording = run(3.0, n=20, duration=80.0, **shares)
    strongest = 1.0 + np.argmax(list(shares.values()), axis=0)
    assert len(set(strongest)) == 4
    for column in range(20):
        assert winners(recording, column) == {strongest[column]}


def test_the_winner_fires_as_if_it_were_alone():
    # the period of a leaky integrate-and-fire neuron: tau ln((I - V_self)/(I - V_th))
    for V_self in (0.0, 0.4):
        recording = run(2.0, V_self=V_self)
        period = 10.0 * np.log((2.0 - V_self) / (2.0 - 1.0))
        assert np.diff(recording.spike_times).mean() == pytest.approx(period, abs=0.025)


@pytest.mark.published("LeakyCompeteFireNeuron")
@pytest.mark.parametrize(
    ("current", "shares", "V_I", "V_self", "counts", "times"),
    [
        (2.0, (1.0, 0.9, 0.8, 0.7), 1.0, 0.4, (20, 0, 0, 0), (6.932, 11.633, 16.334, 21.035)),
        (2.0, (1.0, 0.95, 0.9, 0.85), 0.3, 0.0, (9, 7, 5, 4), (6.932, 10.217, 13.968, 17.995)),
        (2.0, (1.0, 0.95, 0.9, 0.85), 0.6, 0.2, (11, 7, 0, 0), (6.932, 12.369, 17.348, 23.226)),
        (3.0, (1.0, 0.95, 0.9, 0.5), 0.5, 0.3, (19, 12, 6, 0), (4.055, 6.658, 9.210, 12.062)),
        (4.0, (1.0, 0.8, 0.5, 0.4), 0.7, 0.0, (30, 6, 0, 0), (2.877, 5.754, 8.631, 11.508)),
        (2.0, (1.0, 0.95, 0.0, 0.0), 0.88, 0.0, (11, 3, 0, 0), (6.932, 13.864, 20.768, 27.096)),
        (2.0, (1.0, 0.95, 0.0, 0.0), 0.92, 0.0, (14, 0, 0, 0), (6.932, 13.864, 20.796, 27.728)),
    ],
)
def test_as_many_spikes_of_each_unit_as_in_nest(current, shares, V_I, V_self, counts, times):
    # NEST 3.10, the network of Oster, Douglas and Liu 2009: four iaf_psc_delta (tau_m 10 ms, V_th 1
    # mV, V_min 0, V_reset V_self) that inhibit each other by V_I, 99 ms at steps of 0.001 ms
    r = {f"r_{i}": share for i, share in enumerate(shares, 1)}
    recording = run(current, duration=99.0, dt=0.001, V_I=V_I, V_self=V_self, **r)
    assert recording.spike_times[:4] == pytest.approx(times, abs=0.003)
    # the trace is thinned: the winner is looked up halfway to the next spike
    ends = [*recording.spike_times[1:], 99.0]
    middle = (recording.spike_times + ends) / 2.0
    winner = recording.trace.states["winner"][:, 0]
    fired = winner[np.searchsorted(recording.trace.t, middle)]
    assert [np.sum(fired == i) for i in (1, 2, 3, 4)] == list(counts)


def test_a_little_inhibition_lets_the_second_fire_too():
    # From rest the second meets the winner's spikes at intervals T with 1 - exp(-T/tau) = 1/I_1.
    # Before each it reaches at most I_2 - V_I / (I_1 - 1), which stays below 1 only where
    # V_I > (I_2 - 1)/(I_1 - 1): Oster, Douglas and Liu 2009 on strong inhibition
    critical = (1.9 - 1.0) / (2.0 - 1.0)
    V_I = critical + np.array([-0.02, 0.02])
    recording = run(2.0, n=2, duration=99.0, r_2=0.95, r_3=0.0, r_4=0.0, V_I=V_I)
    assert winners(recording, 0) == {1.0, 2.0}
    assert winners(recording, 1) == {1.0}


def test_without_inhibition_every_unit_fires_at_its_own_rate():
    shares = np.array([1.0, 0.9, 0.8, 0.7])
    recording = run(2.0, duration=3000.0, V_I=0.0)
    periods = 10.0 * np.log(2.0 * shares / (2.0 * shares - 1.0))
    assert len(recording.spike_times) == pytest.approx(np.sum(3000.0 / periods), rel=0.01)


def test_self_excitation_lets_a_weaker_neuron_stay_the_winner():
    # Jin and Seung 2002: there are several potential winners, and the initial state selects one
    head_start = {"V_2": np.array([0.0, 0.9])}
    recording = run(2.0, n=2, duration=99.0, init=head_start, V_self=0.6)
    assert winners(recording, 0) == {1.0}
    assert winners(recording, 1) == {2.0}
