"""Minimal models against the bifurcations that their sources print."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import get
from kernels.neurons.model import Relax, Values
from kernels.neurons.models.excitability import PERSISTENT_SODIUM, PRESCOTT
from kernels.neurons.stimulus import Constant, Step

CLASSES = {preset.name: dict(preset.params) for preset in PRESCOTT.presets}


def run(model, currents, *, duration, dt=0.02, stimulus=None, init=None, **params):
    currents = np.atleast_1d(np.asarray(currents, float))
    batch = Batch(model, len(currents), stimulus or Constant(currents), params, init or {})
    return simulate.run(batch, duration=duration, dt=dt, integrator="rk4", engine="scalar")


def rates(recording):
    return np.nan_to_num(1000.0 / spikes.statistics(recording).isi_last)


def steady_current(model, V, slow, **changed):
    """The current that holds the potential with the slow state at its steady state."""
    params = Values({param.name: param.default for param in model.params} | changed)
    moving = model.derivatives(np, Values({"V": V, slow: 0.0}), params, 0.0)[slow]
    assert isinstance(moving, Relax)
    rest = model.derivatives(np, Values({"V": V, slow: moving.target}), params, 0.0)
    return -params.C * rest["V"]


def test_prescott_is_of_class_1_where_the_steady_current_has_a_fold_and_starts_there():
    # Prescott et al. 2008: class 1 is a saddle-node on an invariant circle, which needs a
    # steady-state I-V curve that is not monotonic; classes 2 and 3 have a monotonic one
    V = np.linspace(-80.0, 20.0, 100_001)
    curve = {name: steady_current(PRESCOTT, V, "w", **p) for name, p in CLASSES.items()}
    assert (np.diff(curve["class_1"]) < 0).any()
    assert (np.diff(curve["class_2"]) > 0).all()
    assert (np.diff(curve["class_3"]) > 0).all()
    fold = curve["class_1"][V < -30.0].max()
    below, above = rates(run(PRESCOTT, [fold - 0.05, fold + 0.05], duration=1500.0, beta_w=0.0))
    assert below == 0.0
    assert 0.0 < above < 15.0


@pytest.mark.parametrize(
    ("name", "current", "expected", "rate"),
    [
        ("class_1", 37.0, (37.674, 78.735, 119.796), 24.354),
        ("class_1", 40.0, (9.840, 23.070, 36.299), 75.590),
        ("class_2", 45.0, (6.539, 18.567, 30.593), 83.152),
        ("class_2", 60.0, (3.013, 10.446, 17.874), 134.63),
    ],
)
def test_prescott_spikes_when_the_authors_program_says(name, current, expected, rate):
    # 2d-ML.ode of ModelDB 116123 with these beta_w and i_dc, run in XPP by Runge and Kutta's method
    # at steps of 0.01 ms
    init = {"V": -70.0, "w": 0.000025}
    found = run(PRESCOTT, current, duration=300.0, init=init, **CLASSES[name]).spike_times
    assert found[:3] == pytest.approx(expected, abs=0.03)
    assert 1000.0 / np.diff(found)[-3:].mean() == pytest.approx(rate, rel=2e-3)


@pytest.mark.parametrize(("current", "time"), [(60.0, 3.540), (80.0, 2.004)])
def test_prescott_of_class_3_fires_once_when_the_authors_program_says(current, time):
    # the same program with beta_w = -21 mV
    init = {"V": -70.0, "w": 0.000025}
    recording = run(PRESCOTT, current, duration=300.0, init=init, **CLASSES["class_3"])
    assert recording.spike_times == pytest.approx([time], abs=0.03)


def test_prescott_of_class_2_fires_at_no_rate_below_a_minimum():
    f = rates(run(PRESCOTT, np.linspace(41.0, 49.0, 9), duration=300.0, **CLASSES["class_2"]))
    assert f[0] == 0.0
    assert f[-1] > 100.0
    assert f[f > 0.0].min() > 50.0


def test_prescott_of_class_3_fires_once_where_the_others_fire_on_and_on():
    # Prescott et al. 2008: class 3 fires at the onset of a current and not again
    found = {
        name: run(PRESCOTT, [60.0, 80.0], duration=200.0, **params)
        for name, params in CLASSES.items()
    }
    assert sorted(found["class_3"].spike_columns) == [0, 1]
    assert found["class_3"].spike_times.max() < 5.0
    for name in ("class_1", "class_2"):
        assert np.bincount(found[name].spike_columns).min() > 20


def test_persistent_sodium_starts_at_the_saddle_node_of_izhikevich():
    # Izhikevich 2007, chapter 4: the saddle-node bifurcation is at I = 4.51, near V = -61 mV
    V = np.linspace(-70.0, -50.0, 200_001)
    curve = steady_current(PERSISTENT_SODIUM, V, "n")
    assert curve.max() == pytest.approx(4.51, abs=0.005)
    assert V[curve.argmax()] == pytest.approx(-61.0, abs=0.1)
    below, above = rates(run(PERSISTENT_SODIUM, [4.49, 4.53], duration=400.0))
    assert below == 0.0
    assert 0.0 < above < 20.0


def test_persistent_sodium_of_low_threshold_starts_at_the_hopf_bifurcation_of_izhikevich():
    # Izhikevich 2007, chapter 6: with E_L = -78 and n_half = -45 mV, at I = 14.66
    low = {"E_L": -78.0, "n_half": -45.0}
    params = Values({param.name: param.default for param in PERSISTENT_SODIUM.params} | low)

    def trace(current):
        V = brentq(
            lambda V: steady_current(PERSISTENT_SODIUM, V, "n", **low) - current, -80.0, -20.0
        )
        n = 1.0 / (1.0 + np.exp((low["n_half"] - V) / 5.0))
        slope = [
            PERSISTENT_SODIUM.derivatives(np, Values({"V": V + e, "n": n}), params, current)["V"]
            for e in (-1e-4, 1e-4)
        ]
        return (slope[1] - slope[0]) / 2e-4 - 1.0 / params.tau

    assert brentq(trace, 5.0, 30.0) == pytest.approx(14.66, abs=0.005)


def test_persistent_sodium_is_bistable_where_potassium_is_fast():
    # Izhikevich 2007, chapter 4: with tau = 0.152 ms the cell goes on firing below the saddle-node
    # at 4.51 once it has fired, and rests there if it has not
    fast = {"tau": 0.152}
    kicked = run(
        PERSISTENT_SODIUM,
        0.0,
        duration=60.0,
        dt=0.005,
        stimulus=Step(amplitude=10.0, onset=0.0, end=10.0, baseline=4.0),
        **fast,
    )
    quiet = run(PERSISTENT_SODIUM, 4.0, duration=60.0, dt=0.005, **fast)
    assert len(kicked.spike_times[kicked.spike_times > 40.0]) > 5
    assert len(quiet.spike_times) == 0


def test_the_name_of_those_who_did_not_publish_it_leads_to_the_model():
    assert get("GutkinErmentroutNeuron") is PERSISTENT_SODIUM
