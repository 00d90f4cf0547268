"""NEST's integrate-and-fire models with adaptation or without a leak, and its networks' cells."""

from __future__ import annotations

from functools import partial
from math import expm1
from typing import Any

import numpy as np

from witnesses.nest import ADAPTIVE, EXACT, KEPT, bombarded, driven, spikes, trials
from witnesses.witness import Case, witness

built_in = partial(witness, builtin=True)

HILL_TONONI = ADAPTIVE + "; its gates begin where they rest at the initial potential"


@built_in("MATNeuron", "NEST mat2_psc_exp", note=EXACT)
@built_in("MATNeuron", "NEST mat2_psc_exp", note=EXACT, preset="chattering")
def mat(case: Case) -> Any:
    """nA into MOhm are pA into the capacitance of tau_m; the threshold counts from rest."""
    return _mat(case, "mat2_psc_exp")


@built_in("AMATNeuron", "NEST amat2_psc_exp", dt=0.01, note=EXACT)
@built_in("AMATNeuron", "NEST amat2_psc_exp", dt=0.01, note=EXACT, params={"beta": 0.1})
def amat(case: Case) -> Any:
    """The same with a threshold that follows the potential's rate."""
    return _mat(case, "amat2_psc_exp", beta=case.p.beta, tau_v=case.p.tau_V)


def _mat(case: Case, model: str, **more: Any) -> Any:
    p = case.p
    return spikes(
        case,
        model,
        C_m=1000 * p.tau_m / p.R,
        tau_m=p.tau_m,
        E_L=p.E_L,
        V_m=case.init["V"],
        omega=p.E_L + p.omega,
        alpha_1=p.alpha_1,
        alpha_2=p.alpha_2,
        tau_1=p.tau_1,
        tau_2=p.tau_2,
        t_ref=p.tau_R,
        I_e=1000 * case.current,
        **more,
    )


@built_in("GIFNeuron", "NEST gif_psc_exp", kind="distribution", trials=200, note=EXACT)
def gif(case: Case) -> Any:
    """Two kernels for the current and two for the threshold."""
    p = case.p
    return trials(
        case,
        "gif_psc_exp",
        C_m=p.C,
        g_L=p.g_L,
        E_L=p.E_L,
        V_m=case.init["V"],
        V_reset=p.V_r,
        V_T_star=p.V_T,
        Delta_V=p.Delta_V,
        lambda_0=p.lambda_0,
        t_ref=p.t_ref,
        tau_stc=[p.tau_eta_1, p.tau_eta_2],
        q_stc=[p.q_eta_1, p.q_eta_2],
        tau_sfa=[p.tau_gamma_1, p.tau_gamma_2],
        q_sfa=[p.q_gamma_1, p.q_gamma_2],
        I_e=case.current,
    )


@built_in(
    "PerfectIntegratorNeuron",
    "NEST iaf_psc_delta",
    note=KEPT + "; with a time constant of 10^9 ms NEST's leak is lost in rounding",
    current=0.1037,
    dt=0.01,
)
def perfect_integrator(case: Case) -> Any:
    """A leaky integrator that does not leak."""
    p = case.p
    return spikes(
        case,
        "iaf_psc_delta",
        C_m=p.C,
        tau_m=1e9,
        E_L=p.V_r,
        V_m=case.init["V"],
        V_th=p.theta,
        V_reset=p.V_r,
        t_ref=0.0,
        I_e=case.current,
    )


@built_in(
    "EPropALIFNeuron",
    "NEST eprop_iaf_adapt_bsshslm_2020",
    note="NEST's first step is without current, so that every spike comes an iteration later; its "
    "capacitance is such that a step adds the current itself",
)
def eprop(case: Case) -> Any:
    """The neuron alone; a spike takes the threshold off the potential."""
    p = case.p
    return spikes(
        case,
        "eprop_iaf_adapt_bsshslm_2020",
        C_m=p.tau_m * -expm1(-case.dt / p.tau_m),
        tau_m=p.tau_m,
        E_L=0.0,
        V_m=case.init["v"],
        V_th=p.v_th,
        adapt_beta=p.beta,
        adapt_tau=p.tau_a,
        t_ref=p.n_ref,
        I_e=case.current,
    )


@built_in(
    "SpikeResponseNeuron",
    "NEST iaf_psc_exp",
    dt=0.01,
    integrator="exponential_euler",
    note=EXACT + "; with these kernels the spike response model is the leaky integrator",
)
def spike_response(case: Case) -> Any:
    """The refractory kernel is what a reset from the threshold takes off."""
    p = case.p
    return spikes(
        case,
        "iaf_psc_exp",
        C_m=p.tau_m / p.R,
        tau_m=p.tau_m,
        E_L=0.0,
        V_m=case.init["h"],
        V_th=p.theta,
        V_reset=p.theta - p.eta_0,
        t_ref=p.Delta_abs,
        I_e=case.current,
    )


@built_in(
    "AlphaNeuron",
    "NEST iaf_psc_alpha",
    dt=0.01,
    note=EXACT + "; the current is a spike at every step, whose alpha function has its charge",
)
def alpha(case: Case) -> Any:
    """The alpha function of a spike is 1 at its peak, so that its charge is e tau_syn."""
    p = case.p
    steps = round(case.duration / case.dt)
    return bombarded(
        case,
        "iaf_psc_alpha",
        np.arange(1, steps) * case.dt,
        case.current * case.dt / (np.e * p.tau_syn),
        C_m=p.C,
        tau_m=p.tau_m,
        tau_syn_ex=p.tau_syn,
        E_L=p.E_L,
        V_m=case.init["V"],
        V_th=p.V_th,
        V_reset=p.V_r,
        t_ref=p.t_ref,
    )


@built_in("HillTononiNeuron", "NEST ht_neuron", duration=500.0, note=HILL_TONONI)
@built_in("HillTononiNeuron", "NEST ht_neuron", duration=500.0, preset="thalamic", note=HILL_TONONI)
def hill_tononi(case: Case) -> Any:
    """Its currents are conductances without a unit times mV, and so is the injected one."""
    p = case.p
    return driven(
        case,
        "ht_neuron",
        case.current,
        tau_m=p.tau_m,
        g_NaL=p.g_NaL,
        g_KL=p.g_KL,
        E_Na=p.E_Na,
        E_K=p.E_K,
        theta_eq=p.theta_eq,
        theta=case.init["theta"],
        tau_theta=p.tau_theta,
        tau_spike=p.tau_spike,
        t_ref=p.t_spike,
        g_peak_NaP=p.g_NaP,
        E_rev_NaP=p.E_NaP,
        g_peak_KNa=p.g_DK,
        E_rev_KNa=p.E_K,
        tau_D_KNa=p.tau_D,
        g_peak_T=p.g_T,
        E_rev_T=p.E_T,
        g_peak_h=p.g_h,
        E_rev_h=p.E_h,
        equilibrate=True,
        V_m=case.init["V"],
    )
