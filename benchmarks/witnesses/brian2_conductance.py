"""Conductance models and compartments for Brian2, typed from their papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import STAMP, excursions
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, note=STAMP)


@typed("HodgkinHuxleyNeuron", integrator="rk4")
def hodgkin_huxley(case: Case) -> Any:
    """Hodgkin and Huxley 1952, depolarization v counted from rest at -65 mV."""
    return excursions(
        case,
        """
        v = V + 65 : 1
        alpha_m = 1/exprel((25 - v)/10) : 1
        beta_m = 4*exp(-v/18) : 1
        alpha_h = 0.07*exp(-v/20) : 1
        beta_h = 1/(exp((30 - v)/10) + 1) : 1
        alpha_n = 0.1/exprel((10 - v)/10) : 1
        beta_n = 0.125*exp(-v/80) : 1
        I_ion = g_Na*m**3*h*(V - E_Na) + g_K*n**4*(V - E_K) + g_L*(V - E_L) : 1
        dV/dt = (I_in - I_ion)/C_m/ms : 1
        dm/dt = (alpha_m*(1 - m) - beta_m*m)/ms : 1
        dh/dt = (alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = (alpha_n*(1 - n) - beta_n*n)/ms : 1
        """,
    )


@typed("ConnorStevensNeuron")
def connor_stevens(case: Case) -> Any:
    """Connor, Walter and McKown 1977: the axon of Hodgkin and Huxley, shifted, with A-current."""
    return excursions(
        case,
        """
        alpha_m = 1/exprel(-(V + 29.7)/10) : 1
        beta_m = 4*exp(-(V + 54.7)/18) : 1
        alpha_h = 0.07*exp(-(V + 48)/20) : 1
        beta_h = 1/(1 + exp(-(V + 18)/10)) : 1
        alpha_n = 0.1/exprel(-(V + 45.7)/10) : 1
        beta_n = 0.125*exp(-(V + 55.7)/80) : 1
        A_inf = (0.0761*exp((V + 94.22)/31.84)/(1 + exp((V + 1.17)/28.93)))**(1/3) : 1
        tau_A = 0.3632 + 1.158/(1 + exp((V + 55.96)/20.12)) : 1
        B_inf = 1/(1 + exp((V + 53.3)/14.54))**4 : 1
        tau_B = 1.24 + 2.678/(1 + exp((V + 50)/16.027)) : 1
        I_Na = g_Na*m**3*h*(V - E_Na) : 1
        I_K = g_K*n**4*(V - E_K) + g_A*A**3*B*(V - E_A) : 1
        dV/dt = (I_in - I_Na - I_K - g_L*(V - E_L))/C_m/ms : 1
        dm/dt = phi*(alpha_m*(1 - m) - beta_m*m)/ms : 1
        dh/dt = phi*(alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = phi/2*(alpha_n*(1 - n) - beta_n*n)/ms : 1
        dA/dt = (A_inf - A)/tau_A/ms : 1
        dB/dt = (B_inf - B)/tau_B/ms : 1
        """,
    )


TRAUB_MILES_RATES = """
    v = V - V_T : 1
    alpha_m = 1.28/exprel((13 - v)/4) : 1
    beta_m = 1.4/exprel((v - 40)/5) : 1
    alpha_h = 0.128*exp((17 - v)/18) : 1
    beta_h = 4/(1 + exp((40 - v)/5)) : 1
    alpha_n = 0.16/exprel((15 - v)/5) : 1
    beta_n = 0.5*exp((10 - v)/40) : 1
    dm/dt = (alpha_m*(1 - m) - beta_m*m)/ms : 1
    dh/dt = (alpha_h*(1 - h) - beta_h*h)/ms : 1
    dn/dt = (alpha_n*(1 - n) - beta_n*n)/ms : 1
"""


@typed("TraubMilesNeuron")
def traub_miles(case: Case) -> Any:
    """Traub and Miles 1991 in one compartment, as in Ermentrout and Kopell 1998."""
    return excursions(
        case,
        TRAUB_MILES_RATES
        + """
        I_ion = g_Na*m**3*h*(V - E_Na) + g_K*n**4*(V - E_K) + g_L*(V - E_L) : 1
        dV/dt = (I_in - I_ion)/C_m/ms : 1
        """,
    )


@typed("WangBuzsakiNeuron")
def wang_buzsaki(case: Case) -> Any:
    """Wang and Buzsáki 1996, with sodium activation at its steady state."""
    return excursions(
        case,
        """
        alpha_m = 1/exprel(-0.1*(V + 35)) : 1
        beta_m = 4*exp(-(V + 60)/18) : 1
        m_inf = alpha_m/(alpha_m + beta_m) : 1
        alpha_h = 0.07*exp(-(V + 58)/20) : 1
        beta_h = 1/(exp(-0.1*(V + 28)) + 1) : 1
        alpha_n = 0.1/exprel(-0.1*(V + 34)) : 1
        beta_n = 0.125*exp(-(V + 44)/80) : 1
        I_ion = g_Na*m_inf**3*h*(V - E_Na) + g_K*n**4*(V - E_K) + g_L*(V - E_L) : 1
        dV/dt = (I_in - I_ion)/C_m/ms : 1
        dh/dt = phi*(alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = phi*(alpha_n*(1 - n) - beta_n*n)/ms : 1
        """,
    )


@typed("DestexheThalamicNeuron")
def destexhe_thalamic(case: Case) -> Any:
    """Destexhe et al. 1996, the thalamocortical cell at 36 degrees.

    Temperature factors: 3^1.2 for the T-current, whose kinetics were measured at 24 degrees, none
    for the rest. A current in uA/cm2 over F and a shell in um changes mM: 0.01 uA/cm2/(2 F um).
    """
    return excursions(
        case,
        TRAUB_MILES_RATES
        + """
        E_Ca = 1000*8.31441*309.15/(2*96485.3)*log(Ca_o/Ca) : 1
        u = V + V_shift : 1
        m_T = 1/(1 + exp(-(u + 57)/6.2)) : 1
        h_T_inf = 1/(1 + exp((u + 81)/4)) : 1
        tau_T = (30.8 + (211.4 + exp((u + 113.2)/5))/(1 + exp((u + 84)/3.2)))/3**1.2 : 1
        dh_T/dt = (h_T_inf - h_T)/tau_T/ms : 1
        I_T = g_T*m_T**2*h_T*(V - E_Ca) : 1
        h_inf = 1/(1 + exp((V + 75)/5.5)) : 1
        tau_h = 20 + 1000/(exp((V + 71.5)/14.2) + exp(-(V + 89)/11.6)) : 1
        lock = k_4*P_1/P_c*O - k_4*O_L : 1
        dO/dt = ((h_inf*(1 - O - O_L) - (1 - h_inf)*O)/tau_h - lock)/ms : 1
        dO_L/dt = lock/ms : 1
        dP_1/dt = k_2*((Ca/Ca_c)**4*(1 - P_1) - P_1)/ms : 1
        I_h = g_h*(O + g_inc*O_L)*(V - E_h) : 1
        drive = clip(-10*I_T/(2*96485.3*d), 0, inf) : 1
        dCa/dt = (drive + (Ca_inf - Ca)/tau_Ca)/ms : 1
        I_leak = g_L*(V - E_L) + g_KL*(V - E_K) : 1
        I_spike = g_Na*m**3*h*(V - E_Na) + g_K*n**4*(V - E_K) : 1
        dV/dt = (I_in - I_leak - I_spike - I_T - I_h)/C_m/ms : 1
        """,
    )


@typed("PinskyRinzelNeuron")
def pinsky_rinzel(case: Case) -> Any:
    """Pinsky and Rinzel 1994, appendix, with potentials counted from the rest at -60 mV."""
    return excursions(
        case,
        """
        v = V_s + 60 : 1
        u = V_d + 60 : 1
        alpha_m = 1.28/exprel((13.1 - v)/4) : 1
        beta_m = 1.4/exprel((v - 40.1)/5) : 1
        m_inf = alpha_m/(alpha_m + beta_m) : 1
        alpha_h = 0.128*exp((17 - v)/18) : 1
        beta_h = 4/(1 + exp((40 - v)/5)) : 1
        alpha_n = 0.08/exprel((35.1 - v)/5) : 1
        beta_n = 0.25*exp(0.5 - 0.025*v) : 1
        alpha_s = 1.6/(1 + exp(-0.072*(u - 65))) : 1
        beta_s = 0.1/exprel((u - 51.1)/5) : 1
        low = int(u <= 50) : 1
        fall = 2*exp((6.5 - u)/27) : 1
        alpha_c = low*exp((u - 10)/11 - (u - 6.5)/27)/18.975 + (1 - low)*fall : 1
        beta_c = low*(fall - alpha_c) : 1
        alpha_q = clip(0.00002*Ca, 0, 0.01) : 1
        chi = clip(Ca/250, 0, 1) : 1
        I_Ca = g_Ca*s**2*(V_d - V_Ca) : 1
        I_s = g_L*(V_s - V_L) + g_Na*m_inf**2*h*(V_s - V_Na) + g_KDR*n*(V_s - V_K) : 1
        I_K = (g_KAHP*q + g_KC*c*chi)*(V_d - V_K) : 1
        dV_s/dt = (-I_s + (g_c*(V_d - V_s) + I_in)/p)/C_m/ms : 1
        dV_d/dt = (-g_L*(V_d - V_L) - I_Ca - I_K + (g_c*(V_s - V_d) + I_d)/(1 - p))/C_m/ms : 1
        dh/dt = (alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = (alpha_n*(1 - n) - beta_n*n)/ms : 1
        ds/dt = (alpha_s*(1 - s) - beta_s*s)/ms : 1
        dc/dt = (alpha_c*(1 - c) - beta_c*c)/ms : 1
        dq/dt = (alpha_q*(1 - q) - 0.001*q)/ms : 1
        dCa/dt = (-0.13*I_Ca - 0.075*Ca)/ms : 1
        """,
    )
