"""The prefrontal pyramidal cell against its authors' program and what dopamine does to it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.model import Relax, Values
from kernels.neurons.models.prefrontal import DURSTEWITZ
from kernels.neurons.stimulus import Constant

DOPAMINE = dict(DURSTEWITZ.presets[0].params)


def run(
    current, *, duration, dt=DURSTEWITZ.dt, integrator=DURSTEWITZ.integrator, init=None, **params
):
    return simulate.run(
        Batch(DURSTEWITZ, 1, Constant(current), params, init or {}),
        duration=duration,
        dt=dt,
        integrator=integrator,
        engine="scalar",
        traced=[0],
    )


def vtrap(x, k):
    """x / (1 - exp(-x/k))."""
    return k if abs(x) < 1e-9 else x / (1.0 - np.exp(-x / k))


def test_durstewitz_spikes_when_an_adaptive_solver_says():
    # PC2cpm_NMDA.m and IB.tem, ModelDB 82784: total conductances in uS, nF, nA, MOhm
    L, D = (28.618, 650.0), (21.84, 6.5)
    A = [math.pi * length * d for length, d in zip(L, D, strict=True)]
    Ra = sum(1.5 * 4 * length / (math.pi * d**2) for length, d in zip(L, D, strict=True)) / 2
    C = (1.2e-5 * A[0], 2.304e-5 * A[1])
    R = (0.3e7 / A[0], 0.15625e7 / A[1])
    G = [
        [g * 1e-5 * area for g in densities]  # mS/cm2 to uS
        for densities, area in zip(
            ((117, 50, 1.8, 0.08, 0.4, 2.1), (20, 14, 0.8, 0.08, 0.8, 2.1)), A, strict=True
        )
    ]

    def part(k, y):
        V, m, h, p, l_, n, a, b, u, v, c, ca, ko = y
        EK, ECa = 25 * math.log(ko / 140), 12.5 * math.log(2 / ca)
        na, dr, nap, ks, hva, kc = G[k]
        IK = (dr * n**4 + ks * a * b + kc * c**2) * (V - EK)
        ICa = hva * u**2 * v * (V - ECa)
        out = (V + 70) / R[k] + (na * m**3 * h + nap * p * l_) * (V - 55) + IK + ICa
        x = V + 40 * math.log10(1000 * ca)
        ac, bc = 0.0064 * vtrap(x + 18, 12), 1.7 * math.exp(-(x + 152) / 30)
        pairs = (
            (m, 0.2816 * vtrap(V + 28, 9.3), 0.2464 * vtrap(-V - 1, 6)),
            (h, 0.098 * math.exp(-(V + 43.1) / 20), 1.4 / (1 + math.exp(-(V + 13.1) / 10))),
            (p, 0.2816 * vtrap(V + 12, 9.3), 0.2464 * vtrap(15 - V, 6)),
            (
                l_,
                2.8e-5 * math.exp(-(V + 42.8477) / 4.0248),
                0.02 / (1 + math.exp(-(V - 413.9284) / 148.2589)),
            ),
            (n, 0.018 * vtrap(V - 13, 25), 0.0054 * vtrap(23 - V, 12)),
        )
        slow = (
            (a, 1 / (1 + math.exp(-(V + 34) / 6.5)), 6),
            (b, 1 / (1 + math.exp((V + 65) / 6.6)), 200 + 220 / (1 + math.exp(-(V + 71.6) / 6.85))),
            (u, 1 / (1 + math.exp(-(V + 24.6) / 11.3)), 1.25 / math.cosh(0.031 * (V + 37.1))),
            (v, 1 / (1 + math.exp((V + 12.6) / 18.9)), 140),
            (c, ac / (ac + bc), max(1 / (ac + bc), 1.1)),
        )
        per_area = 1e5 / A[k] * 1e-3  # mA/cm2 per nA
        return (
            out,
            [alpha * (1 - g) - beta * g for g, alpha, beta in pairs]
            + [(target - g) / tau for g, target, tau in slow]
            + [
                -1e4 * 600e-9 * ICa * per_area / (96485 * 2e-4) + (5e-5 - ca) / (250, 120)[k],
                1e4 * 2 * IK * per_area / (96485 * 70e-3) + (3.82 - ko) / 7,
            ],
        )

    def rhs(t, y):
        (i_s, soma), (i_d, dendrite) = part(0, y[:13]), part(1, y[13:])
        axial = (y[13] - y[0]) / Ra
        return [(0.2 + axial - i_s) / C[0], *soma, (-axial - i_d) / C[1], *dendrite]

    # every rate, wherever the cell may be
    rng = np.random.default_rng(1)
    params = Values({param.name: param.default for param in DURSTEWITZ.params})
    for _ in range(20):
        y = rng.uniform(0.0, 1.0, 26)
        y[[0, 13]] = rng.uniform(-95.0, 40.0, 2)
        y[[11, 24]] = 5e-5 * rng.uniform(1.0, 20.0, 2)
        y[[12, 25]] = rng.uniform(3.0, 8.0, 2)
        states = {state.name: value for state, value in zip(DURSTEWITZ.states, y, strict=True)}
        assert DURSTEWITZ.derivatives is not None
        rates = DURSTEWITZ.derivatives(np, Values(states), params, 0.2)
        for state, expected in zip(DURSTEWITZ.states, rhs(0.0, y), strict=True):
            rate = rates[state.name]
            if isinstance(rate, Relax):
                rate = (rate.target - states[state.name]) / rate.tau
            assert rate == pytest.approx(expected, rel=1e-3, abs=1e-9), state.name

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    y0 = [state.initial for state in DURSTEWITZ.states]
    solution = solve_ivp(
        rhs, (0.0, 130.0), y0, "LSODA", events=crossing, rtol=1e-7, atol=1e-10, max_step=0.5
    )
    found = run(0.2, duration=130.0, dt=0.01, integrator="rk4").spike_times
    assert len(found) == len(solution.t_events[0]) > 2
    assert found == pytest.approx(solution.t_events[0], abs=0.03)


def begun_at(potential, params):
    """The states with which the authors' program begins: gates at rest at a potential."""
    defaults = {param.name: param.default for param in DURSTEWITZ.params}
    ions = {"Ca_s": 5e-5, "Ca_d": 5e-5, "K_o_s": 3.82, "K_o_d": 3.82}
    states = {state.name: state.initial for state in DURSTEWITZ.states}
    states |= ions | {"V_s": potential, "V_d": potential}
    assert DURSTEWITZ.derivatives is not None
    rates = DURSTEWITZ.derivatives(np, Values(states), Values(defaults | params), 0.0)
    gates = {name: float(rate.target) for name, rate in rates.items() if isinstance(rate, Relax)}
    return states | gates


@pytest.mark.published("DurstewitzDopamineNeuron")
@pytest.mark.parametrize(
    ("current", "params", "expected", "count"),
    [
        # at the strong current doublets, for which the program calls the cell intrinsically
        # bursting; with dopamine more spikes, as in Durstewitz, Seamans and Sejnowski 2000
        pytest.param(0.2, {}, (36.27, 53.69, 75.90, 105.53, 139.85), 18, id="control"),
        pytest.param(0.3, {}, (22.82, 36.92, 39.40, 53.78, 56.28), 26, id="control, strong"),
        pytest.param(0.2, DOPAMINE, (37.64, 57.04, 79.77, 107.51, 139.10), 19, id="dopamine"),
        pytest.param(0.3, DOPAMINE, (23.32, 38.58, 41.08, 55.60, 58.12), 29, id="dopamine, strong"),
    ],
)
def test_durstewitz_spikes_when_the_authors_program_says(current, params, expected, count):
    # IB.tem and IB_DA.tem of ModelDB 82784, run in NEURON from -65 mV at steps of 0.001 ms: spikes
    # of the soma through -20 mV in 700 ms
    init = begun_at(-65.0, params)
    times = run(current, duration=700.0, dt=0.01, integrator="rk4", init=init, **params).spike_times
    assert len(times) == count
    assert times[:5] == pytest.approx(expected, abs=0.05)


@pytest.mark.published("DurstewitzDopamineNeuron")
@pytest.mark.parametrize(
    ("params", "soma", "dendrite"), [({}, -65.9084, -65.9568), (DOPAMINE, -66.0877, -66.1387)]
)
def test_durstewitz_rests_where_the_authors_program_does(params, soma, dendrite):
    # the same programs without current, 700 ms after -65 mV
    init = begun_at(-65.0, params)
    states = run(0.0, duration=700.0, integrator="rk4", init=init, **params).trace.states
    assert states["V_s"][-1, 0] == pytest.approx(soma, abs=1e-3)
    assert states["V_d"][-1, 0] == pytest.approx(dendrite, abs=1e-3)


def test_dopamine_slows_the_inactivation_of_persistent_sodium_and_weakens_slow_potassium():
    # IB_DA.tem and NapDA.mod, ModelDB 82784: half the rates, 0.4 of slow potassium, 0.85 of the
    # dendrite's calcium
    params = {param.name: param.default for param in DURSTEWITZ.params}
    assert DOPAMINE["f_l"] == 2.0 * params["f_l"]
    assert DOPAMINE["g_KS_s"] == pytest.approx(0.4 * params["g_KS_s"])
    assert DOPAMINE["g_KS_d"] == pytest.approx(0.4 * params["g_KS_d"])
    assert DOPAMINE["g_HVA_d"] == pytest.approx(0.85 * params["g_HVA_d"])


def test_constant_nmda_drives_the_cell_through_its_dendrite():
    # Durstewitz and Gabriel 2007: a dendritic NMDA conductance of 0.05 to 0.25 mS/cm2 drives it
    driven = run(0.0, duration=600.0, dt=0.05, g_NMDA=0.2).spike_times
    assert len(driven) > 3
    assert len(run(0.0, duration=300.0, dt=0.05).spike_times) == 0
