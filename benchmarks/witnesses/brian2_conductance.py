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


@typed("McCormickHuguenardNeuron", current=0.8)
@typed(
    "McCormickHuguenardNeuron",
    current=0.0,
    duration=100.0,
    init={"V": -85.0, "h_T": 0.56, "h_A": 0.76},
)
def mccormick_huguenard(case: Case) -> Any:
    """McCormick and Huguenard 1992 as in the tutorial of ModelDB 3808, at 35 degrees.

    Temperature factors from 23.5 degrees: 3, but for the T-current 3.55 and 2.8. A permeability in
    pl/s times a charge density in mC/cm3 is a current in pA; the T-current brings no calcium. The
    0.37 ms of the A-current's activation is added to its fraction, as in Ermentrout's program of
    the channels of Huguenard and McCormick 1992; in ModelDB's it stands in the denominator.
    """
    return excursions(
        case,
        """
        u = V*96480/(8.314*308.16*1000) : 1
        one = 96.48/exprel(u) : 1
        two = 192.96/exprel(2*u) : 1
        E_Na = 1000*8.31446*308.15/96485.3*log(Na_o/Na_i) : 1
        E_K = 1000*8.31446*308.15/96485.3*log(K_o/K_i) : 1
        q = 3**1.15 : 1
        alpha_m = 0.455/exprel(-(V + 38)/5) : 1
        beta_m = 0.31/exprel((V + 38)/5) : 1
        alpha_h = 0.016*exp(-(V + 55)/15) : 1
        beta_h = 2.07/(1 + exp((17 - V)/21)) : 1
        alpha_n = 0.05/exprel(-(V + 45)/5) : 1
        beta_n = 0.17*exp(-(V + 50)/40) : 1
        dm/dt = q*(alpha_m*(1 - m) - beta_m*m)/ms : 1
        dh/dt = q*(alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = q*(alpha_n*(1 - n) - beta_n*n)/ms : 1
        m_T_inf = 1/(1 + exp(-(V + 60.5)/6.2)) : 1
        h_T_inf = 1/(1 + exp((V + 84)/4.03)) : 1
        tau_m_T = 1/(exp(-(V + 131.6)/16.7) + exp((V + 16.8)/18.2)) + 0.612 : 1
        cold = int(V < -80) : 1
        tau_h_T = cold*exp((V + 467)/66.6) + (1 - cold)*(exp(-(V + 21.88)/10.52) + 28) : 1
        dm_T/dt = 3.55**1.15*(m_T_inf - m_T)/tau_m_T/ms : 1
        dh_T/dt = 2.8**1.15*(h_T_inf - h_T)/tau_h_T/ms : 1
        m_A_inf = 1/(1 + exp(-(V + 60)/8.5)) : 1
        h_A_inf = 1/(1 + exp((V + 78)/6)) : 1
        tau_m_A = 1/(exp((V + 35.82)/19.69) + exp(-(V + 79.69)/12.7)) + 0.37 : 1
        below = int(V < -63) : 1
        fast = 1/(exp((V + 46.05)/5) + exp(-(V + 238.4)/37.45)) : 1
        dm_A/dt = q*(m_A_inf - m_A)/tau_m_A/ms : 1
        dh_A/dt = q*(h_A_inf - h_A)/(below*fast + (1 - below)*19)/ms : 1
        rate_L = 1.6/(1 + exp(-0.072*(V - 5))) + 0.1072/exprel((V - 1.31)/5.36) : 1
        dm_L/dt = q*rate_L*(1/(1 + exp(-(V + 10)/10)) - m_L)/ms : 1
        dm_C/dt = q*(250*Ca*exp(V/24)*(1 - m_C) - 0.1*exp(-V/24)*m_C)/ms : 1
        I_leak = -0.001*one*(P_Na*(Na_o - Na_i*exp(u)) + P_K*(K_o - K_i*exp(u))) : 1
        ghk = -0.001*two*(Ca_o - Ca*exp(2*u)) : 1
        I_T = P_T*m_T**2*h_T*ghk : 1
        I_L = P_L*m_L**2*ghk : 1
        I_K = (g_K*n**4 + g_A*m_A**4*h_A + g_C*m_C)*(V - E_K) : 1
        dCa/dt = (clip(-1e6*I_L/(2*96489*d*A), 0, inf) + (Ca_inf - Ca)/tau_Ca)/ms : 1
        dV/dt = (I_in - I_leak - I_T - I_L - g_Na*m**3*h*(V - E_Na) - I_K)/C/ms : 1
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
