"""Spike response: kernels that every spike leaves in the potential, current and threshold."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values


def _spike_response(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"h": Relax(p.R * current, p.tau_m), "eta": Relax(0.0 * s.eta, p.tau_eta)}


# With eta_0 = theta - u_r and tau_eta = tau_m, as here, it is the leaky integrate-and-fire neuron.
SPIKE_RESPONSE = Model(
    name="SpikeResponseNeuron",
    family="integrate-and-fire",
    title="Spike response model",
    states=(
        State("h", 0.0, "1", "input potential: the current through the kernel kappa"),
        State("eta", 0.0, "1", "refractory potential: the sum of eta over all spikes"),
    ),
    params=(
        Param("tau_m", 20.0, "ms", 0.1, 1000.0, "time constant of the kernel kappa"),
        Param("R", 1.0, "1", 0.0, 1000.0, "membrane resistance"),
        Param("theta", 1.0, "1", -100.0, 100.0, "threshold, above rest"),
        Param("eta_0", 1.0, "1", 0.0, 100.0, "size of the refractory kernel"),
        Param("tau_eta", 20.0, "ms", 0.1, 1000.0, "time constant of the refractory kernel"),
        Param("Delta_abs", 0.0, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "u(t) = sum_f eta(t - t_f) + int_0^inf kappa(s) I(t - s) ds",
        "eta(s) = -eta_0 exp(-s/tau_eta), kappa(s) = (R/tau_m) exp(-s/tau_m)",
        "u >= theta: spike at t_f, no other one for Delta_abs",
    ),
    sources=(
        Source(
            "Gerstner W",
            1995,
            "Time structure of the activity in neural network models",
            "Phys Rev E 51:738-758",
            "10.1103/PhysRevE.51.738",
            "the spike response model",
        ),
        Source(
            "Gerstner W, Kistler WM",
            2002,
            "Spiking neuron models: single neurons, populations, plasticity",
            "Cambridge University Press",
            "10.1017/CBO9780511815706",
            where="section 4.2: the kernels of the integrate-and-fire neuron",
        ),
    ),
    derivatives=_spike_response,
    spike=lambda xp, s, p: s.h + s.eta >= p.theta,
    reset=lambda xp, s, p: {"eta": s.eta - p.eta_0},
    refractory="Delta_abs",
    output="h",
    current_unit="1",
    current=2.0,
    duration=200.0,
    dt=0.05,
    integrator="exponential_euler",
)


def _gif(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    zero = 0.0 * s.V
    return {
        "V": Relax(p.E_L + (current - s.eta_1 - s.eta_2) / p.g_L, p.C / p.g_L),
        "eta_1": Relax(zero, p.tau_eta_1),
        "eta_2": Relax(zero, p.tau_eta_2),
        "gamma_1": Relax(zero, p.tau_gamma_1),
        "gamma_2": Relax(zero, p.tau_gamma_2),
    }


def _intensity(xp: Any, s: Values, p: Values) -> Array:
    """Spikes per ms; beyond exp(50) a spike is certain."""
    over = (s.V - p.V_T - s.gamma_1 - s.gamma_2) / p.Delta_V
    return 0.001 * p.lambda_0 * xp.exp(xp.minimum(over, 50.0))


GIF = Model(
    name="GIFNeuron",
    family="stochastic",
    title="Generalized integrate-and-fire with escape noise",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("eta_1", 0.0, "pA", "fast spike-triggered current"),
        State("eta_2", 0.0, "pA", "slow spike-triggered current"),
        State("gamma_1", 0.0, "mV", "fast movement of the threshold"),
        State("gamma_2", 0.0, "mV", "slow movement of the threshold"),
    ),
    params=(
        Param("C", 83.1, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("g_L", 3.7, "nS", 0.01, 1000.0, "leak conductance"),
        Param("E_L", -67.0, "mV", -120.0, 0.0, "resting potential"),
        Param("V_r", -36.7, "mV", -120.0, 50.0, "potential after a spike"),
        Param("t_ref", 4.0, "ms", 0.0, 100.0, "absolute refractory period"),
        Param("V_T", -39.6, "mV", -100.0, 50.0, "threshold without spikes"),
        Param("Delta_V", 1.4, "mV", 0.05, 50.0, "sharpness of the threshold"),
        Param("lambda_0", 1.0, "Hz", 0.0, 100_000.0, "intensity at the threshold"),
        Param("q_eta_1", 56.7, "pA", -10_000.0, 10_000.0, "what a spike adds to eta_1"),
        Param("tau_eta_1", 57.8, "ms", 0.1, 10_000.0, "decay time of eta_1"),
        Param("q_eta_2", -6.9, "pA", -10_000.0, 10_000.0, "what a spike adds to eta_2"),
        Param("tau_eta_2", 218.2, "ms", 0.1, 10_000.0, "decay time of eta_2"),
        Param("q_gamma_1", 11.7, "mV", -100.0, 1000.0, "what a spike adds to gamma_1"),
        Param("tau_gamma_1", 53.8, "ms", 0.1, 10_000.0, "decay time of gamma_1"),
        Param("q_gamma_2", 1.8, "mV", -100.0, 1000.0, "what a spike adds to gamma_2"),
        Param("tau_gamma_2", 640.0, "ms", 0.1, 10_000.0, "decay time of gamma_2"),
    ),
    equations=(
        "C dV/dt = -g_L (V - E_L) - eta_1 - eta_2 + I, deta_j/dt = -eta_j/tau_eta_j",
        "lambda = lambda_0 exp((V - V_T - gamma_1 - gamma_2)/Delta_V)",
        "dgamma_j/dt = -gamma_j/tau_gamma_j",
        "spike with probability 1 - exp(-lambda dt): V <- V_r, held for t_ref,",
        "eta_j <- eta_j + q_eta_j, gamma_j <- gamma_j + q_gamma_j",
    ),
    sources=(
        Source(
            "Mensi S, Naud R, Pozzorini C, Avermann M, Petersen CCH, Gerstner W",
            2012,
            "Parameter extraction and classification of three cortical neuron types reveals two "
            "distinct adaptation mechanisms",
            "J Neurophysiol 107:1756-1775",
            "10.1152/jn.00408.2011",
            "the model; constants that NEST's example gif_population takes from it",
        ),
        Source(
            "Pozzorini C, Mensi S, Hagens O, Naud R, Koch C, Gerstner W",
            2015,
            "Automated high-throughput characterization of single neurons by means of simplified "
            "spiking models",
            "PLoS Comput Biol 11:e1004275",
            "10.1371/journal.pcbi.1004275",
            "the model, fitted to recordings",
        ),
    ),
    derivatives=_gif,
    hazard=_intensity,
    reset=lambda xp, s, p: {
        "V": p.V_r,
        "eta_1": s.eta_1 + p.q_eta_1,
        "eta_2": s.eta_2 + p.q_eta_2,
        "gamma_1": s.gamma_1 + p.q_gamma_1,
        "gamma_2": s.gamma_2 + p.q_gamma_2,
    },
    refractory="t_ref",
    clamped=("V",),
    noise={"spike": "uniform"},
    aliases=("GIFPopulationNeuron",),
    output="V",
    current_unit="pA",
    current=150.0,
    duration=2000.0,
    dt=0.1,
    integrator="exponential_euler",
)
