"""More integrate-and-fire models for Brian2, mostly with adaptation, typed from their papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import CUT, STAMP, refractory, spikes, trials
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, note=STAMP)


@typed("MATNeuron", integrator="rk4")
@typed("MATNeuron", integrator="rk4", preset="chattering")
def mat(case: Case) -> Any:
    """Kobayashi, Tsubo and Shinomoto 2009: spikes move the threshold and not the potential."""
    return spikes(
        case,
        """
        dV/dt = (E_L - V + R*I_in)/tau_m/ms : 1
        dH_1/dt = -H_1/tau_1/ms : 1
        dH_2/dt = -H_2/tau_2/ms : 1
        """,
        threshold="V >= E_L + omega + H_1 + H_2",
        reset="H_1 += alpha_1; H_2 += alpha_2",
        refractory=refractory(case, case.p.tau_R),
    )


@typed("AMATNeuron", params={"beta": 0.1})
def amat(case: Case) -> Any:
    """Yamauchi, Kim and Shinomoto 2011: beta times dV/dt through the kernel s exp(-s/tau_V)."""
    return spikes(
        case,
        """
        slope = (E_L - V + R*I_in)/tau_m : 1
        dV/dt = slope/ms : 1
        dH_1/dt = -H_1/tau_1/ms : 1
        dH_2/dt = -H_2/tau_2/ms : 1
        dy/dt = (beta*slope - y/tau_V)/ms : 1
        dtheta_V/dt = (y - theta_V/tau_V)/ms : 1
        """,
        threshold="V >= E_L + omega + H_1 + H_2 + theta_V",
        reset="H_1 += alpha_1; H_2 += alpha_2",
        refractory=refractory(case, case.p.tau_R),
    )


@typed("GIFNeuron", kind="distribution", trials=200)
def gif(case: Case) -> Any:
    """Mensi et al. 2012: currents and a threshold that spikes set off, and an intensity."""
    return trials(
        case,
        """
        dV/dt = (g_L*(E_L - V) - eta_1 - eta_2 + I_in)/C/ms : 1 (unless refractory)
        deta_1/dt = -eta_1/tau_eta_1/ms : 1
        deta_2/dt = -eta_2/tau_eta_2/ms : 1
        dgamma_1/dt = -gamma_1/tau_gamma_1/ms : 1
        dgamma_2/dt = -gamma_2/tau_gamma_2/ms : 1
        intensity = lambda_0*exp((V - V_T - gamma_1 - gamma_2)/Delta_V)*Hz : Hz
        """,
        threshold="rand() < 1 - exp(-intensity*dt)",
        reset="""
        V = V_r
        eta_1 += q_eta_1
        eta_2 += q_eta_2
        gamma_1 += q_gamma_1
        gamma_2 += q_gamma_2
        """,
        refractory=refractory(case, case.p.t_ref),
    )


@typed("MihalasNieburNeuron")
@typed("MihalasNieburNeuron", preset="spike_frequency_adaptation")
@typed("MihalasNieburNeuron", preset="hyperpolarization_induced_bursting")
@typed("MihalasNieburNeuron", preset="tonic_bursting")
@typed("MihalasNieburNeuron", preset="mixed_mode")
def mihalas_niebur(case: Case) -> Any:
    """Mihalas and Niebur 2009, equations 2.1 and 2.2, with C = 1."""
    return spikes(
        case,
        """
        dV/dt = (I_in + I_1 + I_2 - G*(V - E_L))/ms : 1
        dtheta/dt = (a*(V - E_L) - b*(theta - theta_inf))/ms : 1
        dI_1/dt = -k_1*I_1/ms : 1
        dI_2/dt = -k_2*I_2/ms : 1
        """,
        threshold="V >= theta",
        reset="""
        I_1 = R_1*I_1 + A_1
        I_2 = R_2*I_2 + A_2
        V = V_r
        theta = clip(theta, theta_r, inf)
        """,
    )


@typed("NonlinearLIFNeuron", note=CUT, duration=10.0)
def quartic(case: Case) -> Any:
    """Touboul 2008: F(v) = v^4 + 2 a v."""
    return spikes(
        case,
        """
        z = clip(v, -inf, v_cut) : 1
        dv/dt = (z**4 + 2*a*z - w + I_in)/ms : 1
        dw/dt = a*(b*z - w)/ms : 1
        """,
        threshold="v >= v_cut",
        reset="v = v_r; w += d",
    )


@typed("Izhikevich2007Neuron", note=CUT)
@typed("Izhikevich2007Neuron", note=CUT, preset="intrinsically_bursting")
@typed("Izhikevich2007Neuron", note=CUT, preset="chattering")
def izhikevich_2007(case: Case) -> Any:
    """Izhikevich 2007, equations 8.5 and 8.6."""
    return _izhikevich_2007(case, "a*(b*(z - v_r) - u)", "v_peak", "v = c; u += d")


@typed("Izhikevich2007Neuron", note=CUT, preset="low_threshold_spiking")
def low_threshold_spiking(case: Case) -> Any:
    """Izhikevich 2007, the caption of figure 8.25: recovery moves the peak and the reset."""
    reset = "v = -53 + 0.04*u; u = clip(u + 20, -inf, 670)"
    return _izhikevich_2007(case, "0.03*(8*(z + 56) - u)", "40 - 0.1*u", reset)


@typed("Izhikevich2007Neuron", note=CUT, preset="fast_spiking")
def fast_spiking(case: Case) -> Any:
    """Izhikevich 2007, figure 8.27: recovery follows a cubic above -55 mV."""
    recovery = "0.2*(0.025*clip(z + 55, 0, inf)**3 - u)"
    return _izhikevich_2007(case, recovery, "25", "v = -45")


@typed("Izhikevich2007Neuron", note=CUT, preset="thalamocortical")
def thalamocortical(case: Case) -> Any:
    """Izhikevich 2007, figure 8.31: recovery has b = 15 below -65 mV only."""
    recovery = "0.01*(int(z <= -65)*15*(z + 65) - u)"
    return _izhikevich_2007(case, recovery, "35 + 0.1*u", "v = -60 - 0.1*u; u += 10")


def _izhikevich_2007(case: Case, recovery: str, peak: str, reset: str) -> Any:
    return spikes(
        case,
        f"""
        z = clip(v, -inf, {peak}) : 1
        dv/dt = (k*(z - v_r)*(z - v_t) - u + I_in)/C/ms : 1
        du/dt = ({recovery})/ms : 1
        """,
        threshold=f"v >= {peak}",
        reset=reset,
    )


@typed(
    "PerfectIntegratorNeuron",
    dt=0.01,
    current=0.1037,
    note=f"{STAMP}; what a step brings above the threshold is lost here, and kept in Studio",
)
def perfect_integrator(case: Case) -> Any:
    """Knight 1972: integration without forgetting."""
    return spikes(
        case, "dV/dt = I_in/C/ms : 1", threshold="V >= theta", reset="V = V_r", method="euler"
    )


@typed("StochasticIFNeuron", kind="distribution", trials=200)
def stochastic(case: Case) -> Any:
    """Brunel and Hakim 1999: a leaky integrator in white noise."""
    return trials(
        case,
        "dV/dt = (I_in - V)/tau/ms + sigma*xi/sqrt(tau*ms) : 1 (unless refractory)",
        threshold="V >= theta",
        reset="V = V_r",
        refractory=refractory(case, case.p.tau_rp),
        method="euler",
    )


@typed("COBALIFNeuron", kind="distribution", trials=100)
def point_conductance(case: Case) -> Any:
    """Destexhe et al. 2001: two conductances, each a process of Ornstein and Uhlenbeck."""
    return trials(
        case,
        """
        I_syn = g_e*(V - E_e) + g_i*(V - E_i) : 1
        dV/dt = (g_L*(E_L - V) - I_syn + I_in)/C/ms : 1 (unless refractory)
        dg_e/dt = (g_e0 - g_e)/tau_e/ms + sigma_e*sqrt(2/(tau_e*ms))*xi_e : 1
        dg_i/dt = (g_i0 - g_i)/tau_i/ms + sigma_i*sqrt(2/(tau_i*ms))*xi_i : 1
        """,
        threshold="V >= V_th",
        reset="V = V_r",
        refractory=refractory(case, case.p.t_ref),
        method="euler",
    )


@typed("SFANeuron")
def afterhyperpolarization(case: Case) -> Any:
    """Liu and Wang 2001: calcium that each spike lets in opens a potassium conductance."""
    return spikes(
        case,
        """
        I_AHP = g_AHP*Ca*(V - V_K) : 1
        dV/dt = (g_L*(V_L - V) - I_AHP + I_in)/C/ms : 1 (unless refractory)
        dCa/dt = -Ca/tau_Ca/ms : 1
        """,
        threshold="V >= V_th",
        reset="V = V_r; Ca += alpha",
        refractory=refractory(case, case.p.t_ref),
    )


@typed("EnergyLIFNeuron")
def energy(case: Case) -> Any:
    """Fardet and Levina 2020, the eLIF: energy sets the rest, and a spike takes some of it."""
    return spikes(
        case,
        """
        E_rest = E_0 + (E_u - E_0)*(1 - epsilon/epsilon_0) : 1
        supply = (1 - epsilon/(alpha*epsilon_0))**3 : 1
        dV/dt = (g_L*(E_rest - V) + I_in)/C/ms : 1
        depsilon/dt = (supply - (V - E_f)/(E_d - E_f))/tau_e/ms : 1
        """,
        threshold="V > V_th and epsilon > epsilon_c",
        reset="V = V_r; epsilon -= delta",
    )
