"""Neural fields against Amari's theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import lambertw

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.model import Values
from kernels.neurons.models.fields import AMARI
from kernels.neurons.stimulus import Constant, Step

N = len(AMARI.states)
X = 0.3 * (np.arange(N) - N // 2)


def run(stimulus, *, n=1, duration=60.0, excited=None, **params):
    """The width of the excited region at the end, from an excitation of the given widths."""
    init = {}
    if excited is not None:
        width = np.broadcast_to(excited, (n,))
        init = {f"u_{i}": 0.2 - 0.4 * np.minimum(abs(X[i]) / width, 1.0) for i in range(N)}
    recording = simulate.run(
        Batch(AMARI, n, stimulus, params=params, init=init),
        duration=duration,
        dt=AMARI.dt,
        integrator=AMARI.integrator,
        engine="scalar",
        traced=range(n),
    )
    ends = {name: values[-1] for name, values in recording.trace.states.items()}
    defaults = {param.name: param.default for param in AMARI.params}
    return AMARI.rate(np, Values(ends), Values({**defaults, **params}))


def bump(h, branch):
    """Where W(a) + h = 0, with W(a) = a exp(-a)."""
    return np.real(-lambertw(h, branch))


def test_a_local_excitation_is_as_wide_as_amari_says():
    # Amari 1977: a stationary excitation of width a has W(a) + h = 0; the wide one is stable,
    # since w(a) < 0 there
    h = np.array([-0.15, -0.2, -0.25, -0.3, -0.33])
    width = run(Constant(0.0), n=5, excited=2.0, h=h)
    assert width == pytest.approx(bump(h, -1), abs=0.1)
    assert np.ptp(width) > 1.0


@pytest.mark.published("AmariNeuralField")
def test_an_input_leaves_an_excitation_as_wide_as_wojtak_s_program_finds():
    # Wojtak, neural-fields-matlab, Amari_kernel_comparison.m with this w, a spacing of 0.01 and an
    # input of 0.5 over the middle for 5 units of time, run in Octave
    h = -np.array([0.15, 0.2, 0.25, 0.3, 0.33])
    width = run(Step(amplitude=0.5, end=5.0), n=5, h=h)
    assert width == pytest.approx([2.976, 2.533, 2.151, 1.773, 1.533], abs=0.1)


def test_no_excitation_survives_where_w_cannot_reach_the_threshold():
    # Amari 1977: there is none where -h exceeds the largest W, here 1/e at a = 1
    h = np.array([-0.34, -0.39])
    survives, dies = run(Constant(0.0), n=2, excited=2.0, h=h)
    assert -h[0] < np.exp(-1.0) < -h[1]
    assert survives > 1.0
    assert dies == 0.0


def test_an_excitation_grows_or_dies_on_either_side_of_the_unstable_width():
    # Amari 1977: the narrow solution, where w(a) > 0, is unstable; half of the width given here is
    # above threshold on each side
    h = -0.3
    narrow, wide = run(Constant(0.0), n=2, excited=np.array([0.7, 1.6]) * bump(h, 0), h=h)
    assert narrow == 0.0
    assert wide == pytest.approx(bump(h, -1), abs=0.1)


def test_an_input_leaves_an_excitation_that_lasts():
    # Amari 1977: with -W_m < h < 0 the field is bistable, so a brief input is remembered
    brief = Step(amplitude=np.array([0.0, 0.1, 0.5]), onset=5.0, end=10.0)
    rest, weak, strong = run(brief, n=3)
    assert rest == 0.0
    assert weak == 0.0
    assert strong == pytest.approx(bump(-0.2, -1), abs=0.1)


def test_the_synaptic_input_is_the_sum_over_all_gaps():
    random = np.random.default_rng(1)
    u = random.normal(size=N)
    p = {param.name: param.default for param in AMARI.params}
    states = Values({f"u_{i}": u[i] for i in range(N)})
    targets = AMARI.derivatives(np, states, Values(p), 0.7)
    fine = np.linspace(0.0, N - 1.0, 20_001)
    middle = 0.5 * (fine[1:] + fine[:-1])
    above = np.interp(middle, np.arange(N), u) > 0.0
    share = np.array([above[(middle > i) & (middle < i + 1)].mean() for i in range(N - 1)])
    for i in range(N):
        far = 0.3 * abs(np.arange(N - 1) + 0.5 - i)
        expected = 0.3 * np.sum((1.0 - far) * np.exp(-far) * share) - 0.2
        expected += 0.7 if abs(i - N // 2) <= 2 else 0.0
        assert targets[f"u_{i}"].target == pytest.approx(expected, abs=2e-3)
