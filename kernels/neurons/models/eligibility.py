"""Neurons with eligibility traces: what each of their synapses has to know to learn online."""

from __future__ import annotations

import math
from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values

# The current is what one synapse of weight 1 delivers, and the traces are those of that synapse.


def _eprop(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    alpha, rho = xp.exp(-1.0 / p.tau_m), xp.exp(-1.0 / p.tau_a)
    r = xp.maximum(s.r - 1.0, 0.0)
    v = alpha * s.v + current - s.z * p.v_th
    a = rho * s.a + s.z
    eps_v = alpha * s.eps_v + current
    eps_a = s.psi * s.eps_v + (rho - s.psi * p.beta) * s.eps_a
    distance = xp.abs(v - p.v_th - p.beta * a) / p.v_th
    psi = xp.where(r > 0.0, 0.0, p.gamma_pd / p.v_th * xp.maximum(0.0, 1.0 - distance))
    return {
        "v": v,
        "a": a,
        "z": 0.0,  # a spike of this iteration sets it
        "r": r,
        "psi": psi,
        "eps_v": eps_v,
        "eps_a": eps_a,
        "e": psi * (eps_v - p.beta * eps_a),
    }


_TAU_M, _TAU_A = 20.0, 2000.0
# as the authors' program chooses it for this task
_BETA = 1.7 * (1.0 - math.exp(-1.0 / _TAU_A)) / (1.0 - math.exp(-1.0 / _TAU_M))

EPROP = Model(
    name="EPropALIFNeuron",
    family="learning",
    title="Adaptive leaky integrate-and-fire with e-prop's eligibility trace",
    # rest without current
    states=(
        State("v", 0.0, "1", "membrane potential"),
        State("a", 0.0, "1", "threshold adaptation"),
        State("z", 0.0, "1", "1 in the iteration after a spike begins"),
        State("r", 0.0, "iteration", "what is left of the refractory period"),
        State("psi", 0.0, "1", "pseudo-derivative of the spike by the potential"),
        State("eps_v", 0.0, "1", "eligibility of the potential: the filtered input"),
        State("eps_a", 0.0, "1", "eligibility of the adaptation"),
        State("e", 0.0, "1", "eligibility trace"),
    ),
    # iterations of 1 ms
    params=(
        Param("tau_m", _TAU_M, "iteration", 1.0, 10_000.0, "membrane time constant"),
        Param("tau_a", _TAU_A, "iteration", 1.0, 1e6, "time constant of adaptation"),
        Param("v_th", 0.6, "1", 0.001, 1000.0, "threshold at rest, and what a spike takes"),
        Param("beta", _BETA, "1", 0.0, 100.0, "what adaptation adds to the threshold"),
        Param("n_ref", 5.0, "iteration", 0.0, 1000.0, "shortest interval between spikes"),
        Param("gamma_pd", 0.3, "1", 0.0, 10.0, "height of the pseudo-derivative"),
    ),
    equations=(
        "v' = alpha v + I - z v_th, alpha = exp(-1/tau_m)",
        "a' = rho a + z, rho = exp(-1/tau_a)",
        "v' > A' = v_th + beta a': spike, z' = 1, else 0; none for n_ref from the last one",
        "psi = gamma_pd / v_th max(0, 1 - |v - A|/v_th), 0 while refractory",
        "eps_v' = alpha eps_v + I, eps_a' = psi eps_v + (rho - psi beta) eps_a",
        "e = psi (eps_v - beta eps_a)",
    ),
    sources=(
        Source(
            "Bellec G, Scherr F, Subramoney A, Hajek E, Salaj D, Legenstein R, Maass W",
            2020,
            "A solution to the learning dilemma for recurrent networks of spiking neurons",
            "Nat Commun 11:3625",
            "10.1038/s41467-020-17236-y",
            "Methods: the neurons and their eligibility traces; values of the task of evidence "
            "accumulation in the authors' program",
        ),
    ),
    step=_eprop,
    spike=lambda xp, s, p: (s.v > p.v_th + p.beta * s.a) & (s.r <= 0.0),
    reset=lambda xp, s, p: {"z": 1.0, "r": p.n_ref},
    output="v",
    current_unit="1",
    current=0.1,
    duration=2000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _super_spike(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    surrogate = 1.0 / (1.0 + p.beta * xp.abs(s.U - p.theta)) ** 2
    return {
        "U": Relax(p.U_rest + s.I_syn, p.tau_mem),
        "I_syn": Relax(current, p.tau_syn),
        "psp": Relax(s.I_syn, p.tau_mem),
        "h": Relax(surrogate * s.psp, p.tau_rise),
        "e": Relax(s.h, p.tau_decay),
    }


# The paper scales its kernels to a peak of 1 and lets the learning rate absorb the rest; here they
# have an area of 1.
SUPER_SPIKE = Model(
    name="SuperSpikeNeuron",
    family="learning",
    title="Leaky integrate-and-fire with SuperSpike's eligibility trace",
    # rest without current
    states=(
        State("U", "U_rest", "mV", "membrane potential"),
        State("I_syn", 0.0, "mV", "synaptic current, times the membrane resistance"),
        State("psp", 0.0, "mV", "potential that the synapse alone would cause"),
        State("h", 0.0, "mV", "eligibility, filtered once"),
        State("e", 0.0, "mV", "eligibility trace, filtered twice"),
    ),
    params=(
        Param("tau_mem", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("tau_syn", 5.0, "ms", 0.1, 1000.0, "synaptic time constant"),
        Param("U_rest", -60.0, "mV", -120.0, 0.0, "potential at rest and after a spike"),
        Param("theta", -50.0, "mV", -100.0, 50.0, "threshold"),
        Param("t_ref", 5.0, "ms", 0.0, 100.0, "refractory period"),
        Param("beta", 1.0, "1/mV", 0.0, 100.0, "steepness of the surrogate"),
        Param("tau_rise", 5.0, "ms", 0.1, 1000.0, "rise time constant of the trace"),
        Param("tau_decay", 10.0, "ms", 0.1, 1000.0, "decay time constant of the trace"),
    ),
    equations=(
        "tau_mem dU/dt = U_rest - U + I_syn, tau_syn dI_syn/dt = I - I_syn",
        "U >= theta: spike, U <- U_rest, held for t_ref",
        "tau_mem dpsp/dt = I_syn - psp",
        "sigma'(U) = (1 + beta |U - theta|)^-2, the surrogate derivative of the spike",
        "tau_rise dh/dt = sigma'(U) psp - h, tau_decay de/dt = h - e",
    ),
    sources=(
        Source(
            "Zenke F, Ganguli S",
            2018,
            "SuperSpike: supervised learning in multilayer spiking neural networks",
            "Neural Comput 30:1514-1541",
            "10.1162/neco_a_01086",
            "the neuron model, the surrogate and the eligibility trace",
        ),
        Source(
            "Zenke F",
            2018,
            "pub2018superspike",
            "github.com/fzenke/pub2018superspike",
            where="the authors' program: SuperSpikeConnection and Auryn's IafPscExpGroup",
        ),
    ),
    derivatives=_super_spike,
    spike=lambda xp, s, p: s.U >= p.theta,
    reset=lambda xp, s, p: {"U": p.U_rest},
    refractory="t_ref",
    clamped=("U",),
    output="U",
    current_unit="mV",
    current=15.0,
    duration=500.0,
    dt=0.01,
    integrator="exponential_euler",
)
