"""Units of deep networks against the published iterations, typed afresh."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.models import iterated as models
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Recorded, Stimulus

INPUT = np.random.default_rng(5).uniform(-0.4, 1.4, 300)


def run(
    model: Model,
    stimulus: Stimulus,
    n_steps: int,
    *,
    init: dict[str, float] | None = None,
    params: dict[str, float] | None = None,
    traced: Sequence[int] = (0,),
) -> Recording:
    batch = Batch(model, 1, stimulus, params or {}, init or {})
    return simulate.run(
        batch, duration=float(n_steps), dt=1.0, integrator="map", traced=traced, engine="scalar"
    )


def played() -> Recorded:
    return Recorded(values=tuple(INPUT.tolist()), dt=1.0)


def test_two_compartments_iterate_as_published() -> None:
    # Zhang et al. 2024 and the authors' code: a spike is taken off before beta_1 acts
    u_s = u_d = fired = 0.0
    expected = []
    for t, x in enumerate(INPUT):
        before = u_s - fired  # what the spike of the step before took off
        u_d = u_d - 0.5 * fired - 0.5 * before + x
        u_s = before + 0.5 * u_d
        fired = float(u_s >= 1.0)
        if fired:
            expected.append(t + 1.0)
    assert len(expected) > 50
    assert run(models.TWO_COMPARTMENT, played(), 300).spike_times.tolist() == expected


@pytest.mark.published("TwoCompartmentLIFNeuron")
@pytest.mark.parametrize(
    ("decay_factor", "gamma", "current", "fired", "u_s", "u_d"),
    [
        ((0.0, 0.0), 0.5, 0.1, [], 0.3977, 0.1075),
        ((0.0, 0.0), 0.5, 0.3, [4, 8, 12, 17, 23, 29], 0.2003, 0.0875),
        ((0.0, 0.0), 0.7, 0.3, [4, 9, 15, 21, 27], 0.2911, 0.3849),
        ((-1.0, 2.0), 0.5, 0.3, [3, 5, 8, 11, 14, 17, 20, 23, 26, 29], 0.2318, 0.1976),
        ((-2.0, 1.0), 0.6, 0.2, [4, 7, 12, 15, 20, 24, 28], 0.3407, 0.2253),
    ],
)
def test_two_compartments_fire_in_the_iterations_of_the_program_of_their_authors(
    decay_factor: tuple[float, float],
    gamma: float,
    current: float,
    fired: list[float],
    u_s: float,
    u_d: float,
) -> None:
    # github.com/ZhangShimin1/TC-LIF (1d24704): MNIST/spiking_neuron/TCLIF.py,
    # TCLIFNode(decay_factor, gamma) for 30 inputs, its v2 and v1 after them
    minus_beta_1, beta_2 = (1.0 / (1.0 + math.exp(-value)) for value in decay_factor)
    params = {"beta_1": -minus_beta_1, "beta_2": beta_2, "gamma": gamma}
    done = run(models.TWO_COMPARTMENT, Constant(current), 30, params=params)
    assert done.spike_times.tolist() == fired
    assert done.trace.states["u_s"][-1, 0] == pytest.approx(u_s, abs=1e-4)
    assert done.trace.states["u_d"][-1, 0] == pytest.approx(u_d, abs=1e-4)


def test_between_spikes_two_compartments_forget_nothing() -> None:
    # Zhang et al. 2024: no leak. The matrix of the iteration turns by arccos(1 + beta_1 beta_2/2)
    # with determinant 1, so beta_2 u_d² - beta_1 u_s² + beta_1 beta_2 u_s u_d does not change
    done = run(models.TWO_COMPARTMENT, Constant(0.0), 400, init={"u_d": 0.3}, params={"V_th": 50.0})
    u_s, u_d = (done.trace.states[name][:, 0] for name in ("u_s", "u_d"))
    kept = 0.5 * u_d**2 + 0.5 * u_s**2 - 0.25 * u_s * u_d
    assert kept == pytest.approx(kept[0], rel=1e-9)
    period = 2.0 * math.pi / math.acos(1.0 - 0.25 / 2.0)
    crossings = np.flatnonzero((u_s[:-1] < 0.0) & (u_s[1:] >= 0.0))
    assert np.diff(crossings).mean() == pytest.approx(period, rel=0.01)


def test_inhibited_unit_iterates_as_published() -> None:
    # Sun et al. 2025, the unit of the authors' code: tau = 2, threshold 1, share 0.03
    u = i = m = x_before = fired = 0.0
    expected, potential = [], [0.0]
    for t, x in enumerate(INPUT):
        i = 0.03 * (i + x_before * fired)
        u = u * 0.5 + x - max(i, 0.0)
        x_before, fired = x, float(u >= 1.0)
        if fired:
            expected.append(t + 1.0)
            u -= 1.0
            m += u
            u -= 1.0 / (1.0 + math.exp(-m))
        potential.append(u)
    done = run(models.INHIBITORY, played(), 300)
    assert len(expected) > 30
    assert done.spike_times.tolist() == expected
    assert done.trace.states["u"][:, 0] == pytest.approx(potential)


@pytest.mark.published("InhibitoryLIFNeuron")
@pytest.mark.parametrize(
    ("tau", "current", "fired", "u", "m"),
    [
        (2.0, 0.6, range(3, 28, 4), 0.9755, 0.6040),
        (2.0, 0.8, range(2, 31, 2), -0.6677, 0.7985),
        (4.0, 0.8, [2, 4, 6, 8, 10, 13, 15, 17, 20, 22, 25, 27, 30], -0.4802, 3.5232),
        (
            2.0,
            1.2,
            [1, 3, 4, 6, 7, 9, 11, 12, 14, 16, 17, 19, 21, 23, 24, 26, 28, 30],
            -0.3024,
            8.1068,
        ),
    ],
)
def test_inhibited_unit_fires_in_the_iterations_of_the_program_of_its_authors(
    tau: float, current: float, fired: Sequence[float], u: float, m: float
) -> None:
    # github.com/KaiSUN1/ILIF (e0fde15) on SpikingJelly 0.0.0.0.12: modules/neuron.py,
    # InhibitoryLIFNeuron(tau) for 30 inputs, its v and inhibitory_memory after them
    done = run(models.INHIBITORY, Constant(current), 30, params={"tau": tau})
    assert done.spike_times.tolist() == list(fired)
    assert done.trace.states["u"][-1, 0] == pytest.approx(u, abs=1e-4)
    assert done.trace.states["m"][-1, 0] == pytest.approx(m, abs=1e-4)


def test_inhibition_lowers_the_rate_of_the_unit() -> None:
    # Sun et al. 2025: fewer spikes than the leaky unit without inhibition (overactivation)
    u, plain = 0.0, 0
    for x in INPUT:
        u = 0.5 * u + x
        if u >= 1.0:
            plain, u = plain + 1, u - 1.0
    inhibited = len(run(models.INHIBITORY, played(), 300).spike_times)
    assert 0 < inhibited < 0.9 * plain
