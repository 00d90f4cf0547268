"""Which of NEST's built-in models is which of Studio's, and with what parameters."""

from __future__ import annotations

from functools import partial
from math import exp
from typing import Any

from witnesses.nest import ADAPTIVE, EXACT, driven, excursions, spikes, trials
from witnesses.witness import Case, witness

built_in = partial(witness, builtin=True)


def _lapicque(case: Case, model: str) -> Any:
    p = case.p
    return spikes(
        case,
        model,
        C_m=p.tau / p.R,
        tau_m=p.tau,
        E_L=p.V_rest,
        V_m=p.V_rest,
        V_th=p.theta,
        V_reset=p.V_r,
        t_ref=p.t_ref,
        I_e=case.current,
    )


for _model in ("iaf_psc_delta", "iaf_psc_exp", "iaf_psc_alpha"):
    _settings: dict[str, Any] = {"params": {"t_ref": 2.0}, "note": EXACT}
    built_in("LapicqueNeuron", f"NEST {_model}", **_settings)(partial(_lapicque, model=_model))


def _adex(case: Case, model: str) -> Any:
    p = case.p
    return spikes(
        case,
        model,
        C_m=p.C,
        g_L=p.g_L,
        E_L=p.E_L,
        V_th=p.V_T,
        Delta_T=p.Delta_T,
        tau_w=p.tau_w,
        a=p.a,
        b=1000 * p.b,
        V_reset=p.V_r,
        V_peak=p.V_peak,
        V_m=case.init["V"],
        w=1000 * case.init["w"],
        I_e=1000 * case.current,
        gsl_error_tol=1e-9,
    )


for _model in ("aeif_psc_delta", "aeif_psc_exp", "aeif_psc_alpha", "aeif_cond_exp"):
    _settings = {"dt": 0.01, "integrator": "rk4", "note": ADAPTIVE}
    built_in("AdExNeuron", f"NEST {_model}", **_settings)(partial(_adex, model=_model))


for _preset in ("adaptation", "initial_burst", "regular_bursting"):
    _settings = {"dt": 0.01, "integrator": "rk4", "note": ADAPTIVE, "preset": _preset}
    built_in("AdExNeuron", "NEST aeif_psc_delta", **_settings)(
        partial(_adex, model="aeif_psc_delta")
    )


@built_in("ExpIFNeuron", "NEST aeif_psc_delta", dt=0.01, note=ADAPTIVE + "; without adaptation")
def exponential(case: Case) -> Any:
    """1 uF/cm2 is 100 pF on 10^4 um2."""
    p = case.p
    return spikes(
        case,
        "aeif_psc_delta",
        C_m=100 * p.C,
        g_L=100 * p.g_L,
        E_L=p.V_L,
        V_th=p.V_T,
        Delta_T=p.Delta_T,
        a=0.0,
        b=0.0,
        V_reset=p.V_r,
        V_peak=p.V_th,
        V_m=case.init["V"],
        I_e=100 * case.current,
        t_ref=p.tau_ref,
        gsl_error_tol=1e-9,
    )


@built_in(
    "IzhikevichNeuron",
    "NEST izhikevich, consistent",
    dt=0.01,
    integrator="euler",
    note="forward Euler, as Studio's on request",
)
@built_in(
    "IzhikevichNeuron",
    "NEST izhikevich, as published",
    dt=0.001,
    note="two half steps of v, then u with the new v, as in Izhikevich's program, which steps by "
    "1 ms; both are compared at a step where that does not matter",
)
def izhikevich(case: Case) -> Any:
    """The forward Euler step that the paper's equations ask for, or its program's."""
    p = case.p
    return spikes(
        case,
        "izhikevich",
        a=p.a,
        b=p.b,
        c=p.c,
        d=p.d,
        V_m=case.init["v"],
        U_m=case.init["u"],
        I_e=case.current,
        consistent_integration=case.integrator == "euler",
    )


@built_in(
    "GLIFNeuron",
    "NEST glif_psc",
    dt=0.01,
    note=EXACT,
)
def glif(case: Case) -> Any:
    """GLIF5 is the model with every flag set."""
    p = case.p
    return driven(
        case,
        "glif_psc",
        case.current,
        C_m=p.C,
        g=1000 / p.R,
        E_L=p.E_L,
        V_m=case.init["V"],
        V_th=p.theta_inf,
        t_ref=p.delta_t,
        voltage_reset_fraction=p.f_v,
        voltage_reset_add=-p.delta_V,
        th_spike_add=p.delta_theta_s,
        th_spike_decay=p.b_s,
        th_voltage_index=p.a_v,
        th_voltage_decay=p.b_v,
        asc_init=[0.0, 0.0],
        asc_decay=[p.k_1, p.k_2],
        asc_amps=[p.delta_I_1, p.delta_I_2],
        asc_r=[p.f_1, p.f_2],
        spike_dependent_threshold=True,
        after_spike_currents=True,
        adapting_threshold=True,
    )


PEAK = "; NEST's own spike is the peak: the crossing of 0 mV is read off its potential"


@built_in("HodgkinHuxleyNeuron", "NEST hh_psc_alpha", integrator="rk4", note=ADAPTIVE + PEAK)
def hodgkin_huxley(case: Case) -> Any:
    """On 10^4 um2."""
    p = case.p
    return excursions(
        case,
        "hh_psc_alpha",
        C_m=100 * p.C_m,
        g_Na=100 * p.g_Na,
        g_K=100 * p.g_K,
        g_L=100 * p.g_L,
        E_Na=p.E_Na,
        E_K=p.E_K,
        E_L=p.E_L,
        V_m=case.init["V"],
        Act_m=case.init["m"],
        Inact_h=case.init["h"],
        Act_n=case.init["n"],
        I_e=100 * case.current,
    )


def _traub_miles(case: Case, model: str) -> Any:
    p = case.p
    return excursions(
        case,
        model,
        C_m=100 * p.C_m,
        g_Na=100 * p.g_Na,
        g_K=100 * p.g_K,
        g_L=100 * p.g_L,
        E_Na=p.E_Na,
        E_K=p.E_K,
        E_L=p.E_L,
        V_T=p.V_T,
        V_m=case.init["V"],
        Act_m=case.init["m"],
        Inact_h=case.init["h"],
        Act_n=case.init["n"],
        I_e=100 * case.current,
    )


for _model in ("hh_cond_exp_traub", "hh_cond_beta_gap_traub"):
    built_in("TraubMilesNeuron", f"NEST {_model}", note=ADAPTIVE + PEAK)(
        partial(_traub_miles, model=_model)
    )


@built_in("EscapeRateNeuron", "NEST gif_psc_exp", kind="distribution", trials=200, note=EXACT)
def escape_rate(case: Case) -> Any:
    """Without adaptation; the potential is held at the reset for t_ref."""
    p = case.p
    return trials(
        case,
        "gif_psc_exp",
        C_m=1000 * p.tau_m / p.R,
        g_L=1000 / p.R,
        E_L=p.u_rest,
        V_m=case.init["u"],
        V_reset=p.u_r,
        V_T_star=p.theta,
        Delta_V=1 / p.beta,
        lambda_0=1000 / p.tau_0,
        t_ref=p.Delta_abs,
        I_e=1000 * case.current,
    )


@built_in(
    "EscapeRateNeuron",
    "NEST pp_psc_delta",
    kind="distribution",
    trials=200,
    params={"Delta_abs": 0.0},
    note=EXACT + "; its potential goes on in the dead time: both are compared without one",
)
def point_process(case: Case) -> Any:
    """The potential counts from rest: the hazard is c_2 exp(c_3 V) per second."""
    p = case.p
    return trials(
        case,
        "pp_psc_delta",
        C_m=1000 * p.tau_m / p.R,
        tau_m=p.tau_m,
        V_m=case.init["u"] - p.u_rest,
        c_1=0.0,
        c_2=1000 / p.tau_0 * exp(p.beta * (p.u_rest - p.theta)),
        c_3=p.beta,
        dead_time=p.Delta_abs,
        with_reset=True,
        I_e=1000 * case.current,
    )


@built_in("PoissonNeuron", "NEST poisson_generator", kind="distribution", trials=200)
def poisson(case: Case) -> Any:
    """The rate is the current above r_0."""
    return trials(case, "poisson_generator", rate=case.p.r_0 + case.current)


@built_in("GammaRenewalNeuron", "NEST gamma_sup_generator", kind="distribution", trials=200)
def gamma(case: Case) -> Any:
    """One process, not a superposition."""
    rate = case.p.r_0 + case.current
    return trials(case, "gamma_sup_generator", rate=rate, gamma_shape=round(case.p.k), n_proc=1)


@built_in("DeadTimePoissonNeuron", "NEST ppd_sup_generator", kind="distribution", trials=200)
def dead_time(case: Case) -> Any:
    """NEST takes the rate with the dead time, and not the hazard after it."""
    hazard = (case.p.r_0 + case.current) / 1000
    rate = 1000 / (case.p.d + 1 / hazard)
    return trials(case, "ppd_sup_generator", rate=rate, dead_time=case.p.d, n_proc=1)
