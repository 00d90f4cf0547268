"""Rate units against their papers and closed forms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import dawsn, erfcx

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.rate_units import (
    HOPFIELD,
    SIEGERT,
    SIGMOID,
    THRESHOLD_LINEAR,
    WONG_WANG,
)
from kernels.neurons.stimulus import Constant


def run(model, inputs, *, duration, dt=None, init=None, seed=0, **params):
    """All columns traced."""
    n = len(inputs)
    return simulate.run(
        Batch(model, n, Constant(np.array(inputs)), params=params, init=init or {}, seed=seed),
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=range(n),
    )


def last(recording, name):
    """The state of every column at the end."""
    return recording.trace.states[name][-1]


def test_sigmoid_unit_has_the_slope_of_wilson_and_cowan():
    # Wilson and Cowan 1972: the response is 1/2 at theta, where its slope is largest, beta/4
    inputs = 4.0 + np.array([-100.0, -0.01, 0.0, 0.01, 100.0])
    r = last(run(SIGMOID, inputs, duration=400.0, beta=1.3, theta=4.0), "r")
    assert r[[0, 2, 4]] == pytest.approx([0.0, 0.5, 1.0], abs=1e-12)
    assert (r[3] - r[1]) / 0.02 == pytest.approx(1.3 / 4.0, rel=1e-4)


def test_sigmoid_unit_relaxes_with_its_time_constant():
    recording = run(SIGMOID, [50.0], duration=10.0, init={"r": 0.0})
    assert last(recording, "r")[0] == pytest.approx(1.0 - np.exp(-1.0), rel=1e-9)


def test_threshold_linear_unit_fires_in_proportion_above_its_threshold():
    # Dayan and Abbott 2001, chapter 7: r = gain [I - theta]+
    recording = run(THRESHOLD_LINEAR, [-1.0, 0.5, 0.6, 2.5], duration=1.0, gain=40.0, theta=0.5)
    assert recording.mean_rate == pytest.approx([0.0, 0.0, 4.0, 80.0])
    assert len(recording.spike_times) == 0


def siegert(mu, sigma, theta=20.0, V_r=10.0, tau=20.0, tau_rp=2.0):
    """The rate by adaptive quadrature, in Hz."""
    low, high = (V_r - mu) / sigma, (theta - mu) / sigma
    edges = np.unique(np.clip([low, -100.0, -10.0, -1.0, 0.0, high], low, min(high, 0.0)))
    below = sum(
        quad(lambda u: erfcx(-u), a, b, epsabs=0.0, epsrel=1e-11)[0] for a, b in pairwise(edges)
    )
    a, b = max(low, 0.0), max(high, 0.0)
    above = 2.0 * (np.exp(b**2) * dawsn(b) - np.exp(a**2) * dawsn(a))
    above -= quad(erfcx, a, b, epsabs=0.0, epsrel=1e-11)[0]
    return 1000.0 / (tau_rp + tau * np.sqrt(np.pi) * (below + above))


def test_siegert_function_is_the_integral_over_all_regimes():
    # the program states a relative error below 1e-6
    inputs = np.array([-100.0, 0.0, 5.0, 10.0, 15.0, 18.0, 20.0, 21.0, 25.0, 40.0, 100.0, 500.0])
    for sigma in (0.3, 1.0, 5.0, 50.0):
        worth = [mu for mu in inputs if 20.0 - mu < 20.0 * sigma]
        rates = run(SIEGERT, worth, duration=0.1, sigma=sigma).mean_rate
        assert len(worth) > 3
        assert rates == pytest.approx([siegert(mu, sigma) for mu in worth], rel=1e-6)


def test_siegert_function_counts_with_the_constants_of_brunel_and_hakim():
    # Brunel and Hakim 1999: tau 20 ms, tau_rp 2 ms, theta 20 mV, V_r 10 mV; inputs of mean 25 and
    # amplitude 1 mV
    assert run(SIEGERT, [25.0], duration=0.1).mean_rate[0] == pytest.approx(siegert(25.0, 1.0))


def test_siegert_function_has_the_value_that_nest_tests():
    # nest-simulator, test_siegert_neuron.py: 27.1095934379 Hz at threshold
    rate = run(
        SIEGERT, [15.0], duration=0.1, theta=15.0, V_r=0.0, tau=10.0, sigma=np.sqrt(1.5)
    ).mean_rate
    assert rate[0] == pytest.approx(27.1095934379, rel=1e-6)


def test_siegert_function_without_noise_is_the_rate_of_the_leaky_integrator():
    # Brunel and Hakim 1999: theta = 20, V_r = 10 mV, tau = 20 ms, 25 mV of input
    inputs = np.array([15.0, 25.0, 30.0])
    rates = run(SIEGERT, inputs, duration=0.1, sigma=0.01).mean_rate
    noiseless = 1000.0 / (2.0 + 20.0 * np.log((inputs[1:] - 10.0) / (inputs[1:] - 20.0)))
    assert rates[0] == 0.0
    assert rates[1:] == pytest.approx(noiseless, rel=1e-4)


def test_siegert_function_is_finite_and_rises_with_the_input_whatever_the_noise():
    inputs = np.linspace(-200.0, 1000.0, 401)
    for sigma in (0.01, 0.1, 1.0, 30.0, 1000.0):
        rates = run(SIEGERT, inputs, duration=0.1, sigma=sigma).mean_rate
        assert np.isfinite(rates).all()
        assert (np.diff(rates) >= 0.0).all()
        assert 0.0 <= rates[0] < rates[-1] < 500.0


def test_siegert_function_of_a_reset_above_the_threshold_is_one_spike_per_refractory_period():
    rates = run(SIEGERT, [-50.0, 25.0, 100.0], duration=0.1, theta=20.0, V_r=60.0, sigma=30.0)
    assert rates.mean_rate == pytest.approx(1000.0 / 2.0)


def test_siegert_function_is_the_rate_of_a_simulated_neuron():
    # tau dV/dt = -V + mu + sigma sqrt(tau) xi; the threshold counts from where a discrete walk
    # on average meets it: Asmussen, Glynn and Pitman 1995, 0.5826 standard deviations of a step
    random, n, dt, n_steps = np.random.default_rng(7), 4000, 0.05, 8000
    mu, sigma, decay = 17.0, 5.0, np.exp(-0.05 / 20.0)
    kick = sigma * np.sqrt(0.5 * (1.0 - decay**2))
    theta = 20.0 - 0.5826 * kick
    V, held, count = np.full(n, 10.0), np.zeros(n), 0
    for step in range(n_steps):
        V = np.where(held > 0, V, mu + (V - mu) * decay + kick * random.standard_normal(n))
        held -= 1
        fired = V >= theta
        V[fired], held[fired] = 10.0, round(2.0 / dt)
        count += fired.sum() if step >= n_steps // 2 else 0
    simulated = 1000.0 * count / (n * n_steps / 2 * dt)
    assert run(SIEGERT, [mu], duration=0.1, sigma=sigma).mean_rate[0] == pytest.approx(
        simulated, rel=0.015
    )


def attractors(mu_0, c):
    """Where a grid of starts ends without noise, as rounded pairs (S_1, S_2)."""
    start = np.array(np.meshgrid(np.linspace(0.02, 0.72, 8), np.linspace(0.03, 0.7, 8)))
    S_1, S_2 = start.reshape(2, -1)
    recording = run(
        WONG_WANG,
        np.full(64, mu_0),
        duration=8000.0,
        dt=2.0,
        init={"S_1": S_1, "S_2": S_2},
        sigma_noise=0.0,
        c=c,
    )
    ends = np.round([last(recording, "S_1"), last(recording, "S_2")], 2)
    return sorted(map(tuple, np.unique(ends, axis=1).T.tolist()))


def test_wong_wang_rests_or_remembers_without_stimulus():
    # Wong and Wang 2006: without stimulus a spontaneous state and two memories, one a choice;
    # fixed points of the equations typed afresh
    def drift(S):
        x = 0.2609 * S - 0.0497 * S[::-1] + 0.3255
        u = 270.0 * x - 108.0
        return -S / 0.1 + (1 - S) * 0.641 * u / (1 - np.exp(-0.154 * u))

    ends = attractors(0.0, 0.0)
    assert len(ends) == 3
    assert ends == [(0.03, 0.57), (0.1, 0.1), (0.57, 0.03)]
    for fixed in ([0.1027, 0.1027], [0.5670, 0.0319]):
        assert drift(np.array(fixed)) == pytest.approx([0.0, 0.0], abs=3e-3)


def test_wong_wang_settles_where_another_program_does():
    # wong_Sgrad.m, a public program of the equations with these constants, settled in Octave from
    # the same starts: (mu_0, c), start and end
    known = [
        ((0.0, 0.0), (0.1, 0.1), (0.10265, 0.10265)),
        ((0.0, 0.0), (0.6, 0.05), (0.56699, 0.03189)),
        ((30.0, 0.0), (0.6, 0.05), (0.65869, 0.05181)),
        ((30.0, 25.6), (0.6, 0.05), (0.67491, 0.04162)),
        ((30.0, 25.6), (0.05, 0.6), (0.06660, 0.63797)),
        ((30.0, 51.2), (0.6, 0.05), (0.68839, 0.03406)),
        ((30.0, 51.2), (0.05, 0.6), (0.09224, 0.60745)),
        ((30.0, 100.0), (0.1, 0.1), (0.70928, 0.02396)),
    ]
    stimulus, start, end = np.array(known).transpose(1, 2, 0)
    recording = run(
        WONG_WANG,
        stimulus[0],
        duration=8000.0,
        dt=2.0,
        init={"S_1": start[0], "S_2": start[1]},
        sigma_noise=0.0,
        c=stimulus[1],
    )
    assert last(recording, "S_1") == pytest.approx(end[0], abs=2e-5)
    assert last(recording, "S_2") == pytest.approx(end[1], abs=2e-5)


def test_wong_wang_must_choose_under_a_stimulus_and_cannot_err_under_a_clear_one():
    # Wong and Wang 2006: at mu_0 = 30 Hz the spontaneous state is a saddle between two choices;
    # with enough coherence only the right choice is left (here beyond 68.5 %, where a saddle
    # and the wrong choice meet)
    wrong, right = attractors(30.0, 0.0)
    assert wrong == right[::-1]
    assert len(attractors(30.0, 51.2)) == 2
    assert len(attractors(30.0, 66.0)) == 2
    (only,) = attractors(30.0, 71.0)
    assert only[0] > 10.0 * only[1]


def test_wong_wang_chooses_the_better_the_more_coherent_the_motion():
    coherence, trials = np.array([0.0, 6.4, 51.2]), 100
    recording = run(
        WONG_WANG,
        np.full(3 * trials, 30.0),
        duration=1500.0,
        dt=0.5,
        seed=3,
        c=np.repeat(coherence, trials),
    )
    first = last(recording, "S_1") > last(recording, "S_2")
    chosen = first.reshape(3, trials).mean(axis=1)
    assert 0.35 < chosen[0] < 0.65
    assert chosen[0] < chosen[1] < 0.98
    assert chosen[2] > 0.98


def test_wong_wang_has_a_rate_wherever_a_spike_opens_channels_at_all():
    (gamma,) = (param for param in WONG_WANG.params if param.name == "gamma")
    rates = run(WONG_WANG, [30.0, 30.0], duration=400.0, gamma=np.array([gamma.low, gamma.high]))
    assert np.isfinite(rates.mean_rate).all()
    assert (rates.mean_rate > 0.0).all()


def test_wong_wang_meets_noise_of_the_stated_strength():
    # tau_AMPA dI/dt = -I + sigma sqrt(tau_AMPA) xi has the standard deviation sigma/sqrt(2)
    recording = run(WONG_WANG, np.zeros(150), duration=400.0, dt=0.1, seed=5)
    noise = recording.trace.states["I_noise1"][200:]
    assert noise.std() == pytest.approx(0.02 / np.sqrt(2.0), rel=0.04)
    alike = (noise[:-20] * noise[20:]).mean() / noise.var()  # after tau_AMPA = 2 ms
    assert alike == pytest.approx(np.exp(-1.0), abs=0.025)


def test_hopfield_pair_remembers_the_side_from_which_it_starts():
    # Hopfield 1984, figure 3: two stable states, near the corners (1, 1) and (-1, -1); on its way
    # to one of them the pair only ever loses energy
    def g(u):
        return 2.0 / np.pi * np.arctan(0.7 * np.pi * u)

    def energy(V):
        return -V[0] * V[1] - 4.0 / (np.pi**2 * 1.4) * np.log(np.cos(np.pi / 2 * V)).sum(axis=0)

    corner = brentq(lambda u: g(u) - u, 0.1, 2.0)
    init = {"u_1": np.array([0.3, -0.3, 1.5]), "u_2": np.array([-0.2, 0.2, -1.4])}
    recording = run(HOPFIELD, np.zeros(3), duration=60.0, init=init)
    u = np.array([recording.trace.states[name] for name in ("u_1", "u_2")])
    sides = np.array([1.0, -1.0, 1.0])
    assert u[:, -1] == pytest.approx(corner * np.array([sides, sides]), abs=1e-6)
    E = energy(g(u))
    assert (np.diff(E, axis=0) < 1e-12).all()
    assert E[-1] == pytest.approx(-0.0530, abs=1e-4)


def test_hopfield_pair_forgets_where_its_gain_is_below_one():
    recording = run(
        HOPFIELD, [0.0, 0.0], duration=400.0, init={"u_1": 1.0}, gain=np.array([0.9, 1.1])
    )
    forgets, remembers = last(recording, "u_1")
    assert abs(forgets) < 1e-4
    assert remembers > 0.1
