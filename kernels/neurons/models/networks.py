"""Integrate-and-fire neurons of well-known network models, with the currents that these need."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Relax, Source, State, Values


def _hill_tononi(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    m_NaP = 1.0 / (1.0 + xp.exp((V + 55.7) / -7.7))
    m_DK = 1.0 / (1.0 + (p.d_half / s.D) ** 3.5)
    D_influx = p.D_peak / (1.0 + xp.exp((V - p.D_theta) / -p.sigma_D))
    I_leak = p.g_NaL * (V - p.E_Na) + p.g_KL * (V - p.E_K)
    I_NaP = p.g_NaP * m_NaP**3 * (V - p.E_NaP)
    I_DK = p.g_DK * m_DK * (V - p.E_K)
    I_T = p.g_T * s.m_T**2 * s.h_T * (V - p.E_T)
    I_h = p.g_h * s.m_h * (V - p.E_h)
    # The potassium current that follows a spike flows while t_K is above 0. At 0, where one step of
    # rk4 ends and the next begins, it counts half for both, so that it flows for t_spike in all.
    flows = xp.where(s.t_K > 1e-9, 1.0, xp.where(s.t_K > -1e-9, 0.5, 0.0))
    I_spike = flows * (V - p.E_K) / p.tau_spike
    m_T_inf = 1.0 / (1.0 + xp.exp((V + 59.0) / -6.2))
    h_T_inf = 1.0 / (1.0 + xp.exp((V + 83.0) / 4.0))
    m_h_inf = 1.0 / (1.0 + xp.exp((V + 75.0) / 5.5))
    tau_m_T = 0.13 + 0.22 / (xp.exp((V + 132.0) / -16.7) + xp.exp((V + 16.8) / 18.2))
    tau_h_T = 8.2 + (56.6 + 0.27 * xp.exp((V + 115.2) / 5.0)) / (1.0 + xp.exp((V + 86.0) / 3.2))
    tau_m_h = 1.0 / (xp.exp(-14.59 - 0.086 * V) + xp.exp(-1.87 + 0.0701 * V))
    return {
        "V": (current - I_leak - I_NaP - I_DK - I_T - I_h) / p.tau_m - I_spike,
        "theta": Relax(p.theta_eq, p.tau_theta),
        "D": Relax(p.D_eq + p.tau_D * D_influx, p.tau_D),
        "m_T": Relax(m_T_inf, tau_m_T),
        "h_T": Relax(h_T_inf, tau_h_T),
        "m_h": Relax(m_h_inf, tau_m_h),
        "t_K": xp.where(s.t_K > -1.0, -1.0, 0.0),
    }


_THALAMIC = {
    "theta_eq": -53.0,
    "tau_theta": 0.75,
    "tau_spike": 0.75,
    "t_spike": 1.0,
    "tau_m": 8.0,
    "g_T": 1.0,
    "g_h": 1.0,
    "g_DK": 0.0,
}

HILL_TONONI = Model(
    name="HillTononiNeuron",
    family="integrate-and-fire",
    title="Hill and Tononi's cell of cortex and thalamus, asleep or awake",
    # rest without current
    states=(
        State("V", -69.77949, "mV", "membrane potential"),
        State("theta", "theta_eq", "mV", "threshold"),
        State("D", 0.001201, "1", "depolarization that the potassium current remembers"),
        State("m_T", 0.1494873, "1", "activation of the T-current"),
        State("h_T", 0.03539573, "1", "inactivation of the T-current"),
        State("m_h", 0.2789611, "1", "activation of the h-current"),
        State("t_K", -1.0, "ms", "how long the potassium current of the spike will still flow"),
    ),
    params=(
        Param("tau_m", 16.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("g_NaL", 0.2, "1", 0.0, 10.0, "sodium leak"),
        Param("g_KL", 1.0, "1", 0.0, 10.0, "potassium leak, which rises from waking to sleep"),
        Param("E_Na", 30.0, "mV", 0.0, 120.0, "sodium reversal potential, the top of a spike"),
        Param("E_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("theta_eq", -51.0, "mV", -100.0, 0.0, "threshold at rest"),
        Param("tau_theta", 2.0, "ms", 0.1, 100.0, "time constant of the threshold"),
        Param("tau_spike", 1.75, "ms", 0.1, 100.0, "time constant of the spike's repolarization"),
        Param("t_spike", 2.0, "ms", 0.1, 100.0, "duration of the spike's repolarization"),
        Param("g_NaP", 1.0, "1", 0.0, 10.0, "persistent sodium"),
        Param("E_NaP", 30.0, "mV", 0.0, 120.0, "reversal potential of persistent sodium"),
        Param("g_DK", 1.0, "1", 0.0, 10.0, "potassium current that depolarization activates"),
        Param("d_half", 0.25, "1", 0.001, 10.0, "D that activates half of this current"),
        Param("D_eq", 0.001, "1", 1e-6, 1.0, "D without depolarization"),
        Param("D_peak", 0.025, "1/ms", 0.0, 1.0, "fastest rise of D"),
        Param("D_theta", -10.0, "mV", -80.0, 40.0, "potential of half the fastest rise"),
        Param("sigma_D", 5.0, "mV", 0.5, 50.0, "slope of the rise"),
        Param("tau_D", 1250.0, "ms", 1.0, 100_000.0, "time constant of D"),
        Param("g_T", 0.0, "1", 0.0, 10.0, "T-current"),
        Param("E_T", 0.0, "mV", -60.0, 150.0, "reversal potential of the T-current"),
        Param("g_h", 0.0, "1", 0.0, 10.0, "h-current"),
        Param("E_h", -40.0, "mV", -80.0, 20.0, "reversal potential of the h-current"),
    ),
    equations=(
        "dV/dt = (I - g_NaL (V - E_Na) - g_KL (V - E_K) - I_NaP - I_DK - I_T - I_h)/tau_m"
        " - g_spike (V - E_K)/tau_spike",
        "dtheta/dt = -(theta - theta_eq)/tau_theta",
        "V >= theta: spike, V <- E_Na, theta <- E_Na; then g_spike = 1 for t_spike, else 0",
        "I_NaP = g_NaP m_NaP³ (V - E_NaP), m_NaP = 1 / (1 + exp(-(V + 55.7)/7.7))",
        "I_DK = g_DK / (1 + (d_half/D)^3.5) (V - E_K)",
        "dD/dt = D_peak / (1 + exp(-(V - D_theta)/sigma_D)) - (D - D_eq)/tau_D",
        "I_T = g_T m_T² h_T (V - E_T), I_h = g_h m_h (V - E_h)",
        "dx/dt = (x_inf - x)/tau_x, for x = m_T, h_T, m_h",
        "m_T_inf = 1 / (1 + exp(-(V + 59)/6.2)), "
        "tau_m_T = 0.13 + 0.22 / (exp(-(V + 132)/16.7) + exp((V + 16.8)/18.2))",
        "h_T_inf = 1 / (1 + exp((V + 83)/4)), "
        "tau_h_T = 8.2 + (56.6 + 0.27 exp((V + 115.2)/5)) / (1 + exp((V + 86)/3.2))",
        "m_h_inf = 1 / (1 + exp((V + 75)/5.5)), "
        "tau_m_h = 1 / (exp(-14.59 - 0.086 V) + exp(-1.87 + 0.0701 V))",
    ),
    sources=(
        Source(
            "Hill S, Tononi G",
            2005,
            "Modeling sleep and wakefulness in the thalamocortical system",
            "J Neurophysiol 93:1671-1698",
            "10.1152/jn.00915.2004",
            "cells of cortex and thalamus; where a printed equation cannot be meant, the reading "
            "of the NEST simulator's documentation, checked against the authors' program; peak "
            "conductances as there",
        ),
    ),
    derivatives=_hill_tononi,
    spike=lambda xp, s, p: s.V >= s.theta,
    reset=lambda xp, s, p: {"V": p.E_Na, "theta": p.E_Na, "t_K": p.t_spike},
    refractory="t_spike",
    output="V",
    current_unit="mV",
    current=10.0,
    duration=2000.0,
    dt=0.05,
    integrator="rk4",
    presets=(
        Preset(
            name="cortical_inhibitory",
            title="Inhibitory cell of the cortex",
            params={
                "theta_eq": -53.0,
                "tau_theta": 1.0,
                "tau_spike": 0.5,
                "t_spike": 1.0,
                "tau_m": 8.0,
            },
            source="Hill and Tononi 2005",
        ),
        Preset(
            name="thalamic",
            title="Cell of the thalamus, with T- and h-current",
            params=_THALAMIC,
            init={
                "V": -65.79497,
                "D": 0.001444,
                "m_T": 0.2504972,
                "h_T": 0.01337031,
                "m_h": 0.1579391,
            },
            source="Hill and Tononi 2005",
        ),
    ),
)


def _compte(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    B = 1.0 / (1.0 + p.Mg * xp.exp(-0.062 * V) / 3.57)
    # conductances are in nS and potentials in mV, so currents are in pA
    g_total = p.g_L + p.g_ext * s.s_ext + p.g_NMDA * s.s_NMDA * B + p.g_GABA
    driven = (
        p.g_L * p.E_L
        + (p.g_ext * s.s_ext + p.g_NMDA * s.s_NMDA * B) * p.V_E
        + p.g_GABA * p.V_I
        + current
    )
    return {
        "V": (driven - g_total * V) / p.C_m,
        "s_ext": p.nu_ext - s.s_ext / p.tau_AMPA,
        "x": -s.x / p.tau_x,
        "s_NMDA": p.alpha_s * s.x * (1.0 - s.s_NMDA) - s.s_NMDA / p.tau_NMDA,
    }


COMPTE = Model(
    name="CompteWMNeuron",
    family="integrate-and-fire",
    title="Pyramidal cell of the network of spatial working memory",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("s_ext", 0.0, "1", "open AMPA channels of the input from outside the network"),
        State("x", 0.0, "1", "transmitter that its own spikes release"),
        State("s_NMDA", 0.0, "1", "NMDA channels that it opens"),
    ),
    params=(
        Param("C_m", 500.0, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("g_L", 25.0, "nS", 0.1, 1000.0, "leak conductance"),
        Param("E_L", -70.0, "mV", -120.0, -20.0, "leak reversal potential"),
        Param("V_th", -50.0, "mV", -100.0, 0.0, "threshold"),
        Param("V_res", -60.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("t_ref", 2.0, "ms", 0.0, 100.0, "absolute refractory period"),
        Param("g_ext", 3.1, "nS", 0.0, 100.0, "conductance of one synapse from outside"),
        Param("nu_ext", 1.8, "1/ms", 0.0, 100.0, "rate of all spikes from outside"),
        Param("tau_AMPA", 2.0, "ms", 0.1, 100.0, "time constant of AMPA channels"),
        Param("V_E", 0.0, "mV", -40.0, 40.0, "reversal potential of excitation"),
        Param("g_NMDA", 0.381, "nS", 0.0, 1000.0, "conductance of one recurrent synapse"),
        Param("tau_NMDA", 100.0, "ms", 1.0, 1000.0, "time constant of NMDA channels"),
        Param("tau_x", 2.0, "ms", 0.1, 100.0, "time constant of the transmitter"),
        Param("alpha_s", 0.5, "1/ms", 0.0, 10.0, "rate at which transmitter opens NMDA channels"),
        Param("Mg", 1.0, "mM", 0.0, 10.0, "magnesium outside, which blocks NMDA channels"),
        Param("g_GABA", 0.0, "nS", 0.0, 1000.0, "inhibition by the network, held constant"),
        Param("V_I", -70.0, "mV", -120.0, -20.0, "reversal potential of inhibition"),
    ),
    equations=(
        "C_m dV/dt = I - g_L (V - E_L) - g_ext s_ext (V - V_E) - g_NMDA s_NMDA B (V - V_E)"
        " - g_GABA (V - V_I)",
        "B = 1 / (1 + Mg exp(-0.062 V) / 3.57)",
        "ds_ext/dt = nu_ext - s_ext/tau_AMPA + sqrt(nu_ext) xi(t)",
        "ds_NMDA/dt = alpha_s x (1 - s_NMDA) - s_NMDA/tau_NMDA, dx/dt = -x/tau_x",
        "V >= V_th: spike, V <- V_res, x <- x + 1, V held for t_ref",
    ),
    sources=(
        Source(
            "Compte A, Brunel N, Goldman-Rakic PS, Wang XJ",
            2000,
            "Synaptic mechanisms and network dynamics underlying spatial working memory in a "
            "cortical network model",
            "Cereb Cortex 10:910-923",
            "10.1093/cercor/10.9.910",
            "pyramidal cell; of the network it keeps the synapse onto itself and a constant "
            "inhibition, and the many spikes from outside are a Gaussian input",
        ),
    ),
    derivatives=_compte,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_res, "x": s.x + 1.0},
    refractory="t_ref",
    clamped=("V",),
    diffusion=lambda xp, s, p: {"s_ext": xp.sqrt(p.nu_ext)},
    noise={"s_ext": "normal"},
    output="V",
    current_unit="pA",
    current=0.0,
    duration=2000.0,
    dt=0.05,
    integrator="euler_maruyama",
    without_input="fires by the random input of its background",
)
