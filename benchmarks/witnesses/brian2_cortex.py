"""Cells of cortex and thalamus for Brian2, typed from their papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import AMENDED, STAMP, excursions
from witnesses.brian2_conductance import TRAUB_MILES_RATES
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, note=STAMP)


@typed("PospischilNeuron")
@typed("PospischilNeuron", preset="fast_spiking")
@typed("PospischilNeuron", preset="repetitively_bursting", duration=1000.0)
@typed("PospischilNeuron", preset="low_threshold_spiking")
def pospischil(case: Case) -> Any:
    """Pospischil et al. 2008; the T-current as in the thalamus, all of tau_u over 3^1.2."""
    return excursions(
        case,
        TRAUB_MILES_RATES
        + """
        p_inf = 1/(1 + exp(-(V + 35)/10)) : 1
        tau_p = tau_max/(3.3*exp((V + 35)/20) + exp(-(V + 35)/20)) : 1
        dp/dt = (p_inf - p)/tau_p/ms : 1
        alpha_q = 0.209/exprel((-27 - V)/3.8) : 1
        beta_q = 0.94*exp((-75 - V)/17) : 1
        dq/dt = (alpha_q*(1 - q) - beta_q*q)/ms : 1
        alpha_r = 0.000457*exp((-13 - V)/50) : 1
        beta_r = 0.0065/(exp((-15 - V)/28) + 1) : 1
        dr/dt = (alpha_r*(1 - r) - beta_r*r)/ms : 1
        y = V + V_x : 1
        s_inf = 1/(1 + exp(-(y + 57)/6.2)) : 1
        u_inf = 1/(1 + exp((y + 81)/4)) : 1
        tau_u = (30.8 + (211.4 + exp((y + 113.2)/5))/(1 + exp((y + 84)/3.2)))/3**1.2 : 1
        du/dt = (u_inf - u)/tau_u/ms : 1
        I_spike = g_Na*m**3*h*(V - E_Na) + g_Kd*n**4*(V - E_K) : 1
        I_slow = g_M*p*(V - E_K) + (g_L*q**2*r + g_T*s_inf**2*u)*(V - E_Ca) : 1
        dV/dt = (I_in - g_leak*(V - E_leak) - I_spike - I_slow)/C_m/ms : 1
        """,
    )


@typed(
    "DestexheReticularNeuron",
    note=STAMP + AMENDED + "Q10 of 2.5, not 5 and 3 as in earlier programs",
)
def destexhe_reticular(case: Case) -> Any:
    """Destexhe et al. 1996, the T-current of the reticular nucleus, 12 degrees warmer."""
    return excursions(
        case,
        TRAUB_MILES_RATES
        + """
        E_Ca = 1000*8.31441*309.15/(2*96485.3)*log(Ca_o/Ca) : 1
        u = V + V_shift : 1
        m_inf = 1/(1 + exp(-(u + 50)/7.4)) : 1
        h_inf = 1/(1 + exp((u + 78)/5)) : 1
        tau_m = (3 + 1/(exp((u + 25)/10) + exp(-(u + 100)/15)))/2.5**1.2 : 1
        tau_h = (85 + 1/(exp((u + 46)/4) + exp(-(u + 405)/50)))/2.5**1.2 : 1
        dm_T/dt = (m_inf - m_T)/tau_m/ms : 1
        dh_T/dt = (h_inf - h_T)/tau_h/ms : 1
        I_T = g_Ts*m_T**2*h_T*(V - E_Ca) : 1
        drive = clip(-10*I_T/(2*96485.3*d), 0, inf) : 1
        dCa/dt = (drive + (Ca_inf - Ca)/tau_Ca)/ms : 1
        I_spike = g_Na*m**3*h*(V - E_Na) + g_K*n**4*(V - E_K) : 1
        dV/dt = (I_in - g_L*(V - E_L) - I_spike - I_T)/C_m/ms : 1
        """,
    )


@typed("GolombFSNeuron")
def golomb(case: Case) -> Any:
    """Golomb et al. 2007: a slowly inactivating potassium current delays the first spike."""
    return excursions(
        case,
        """
        m_inf = 1/(1 + exp(-(V - theta_m)/sigma_m)) : 1
        h_inf = 1/(1 + exp((V + 58.3)/6.7)) : 1
        tau_h = 0.5 + 14/(1 + exp((V + 60)/12)) : 1
        n_inf = 1/(1 + exp(-(V + 12.4)/6.8)) : 1
        rise = 0.087 + 11.4/(1 + exp((V + 14.6)/8.6)) : 1
        fall = 0.087 + 11.4/(1 + exp(-(V - 1.3)/18.7)) : 1
        a_inf = 1/(1 + exp(-(V + 50)/20)) : 1
        b_inf = 1/(1 + exp((V + 70)/6)) : 1
        I_Na = g_Na*m_inf**3*h*(V - V_Na) : 1
        I_K = (g_Kdr*n**2 + g_d*a**3*b)*(V - V_K) : 1
        dV/dt = (I_in - I_Na - I_K - g_L*(V - V_L))/C/ms : 1
        dh/dt = (h_inf - h)/tau_h/ms : 1
        dn/dt = (n_inf - n)/(rise*fall)/ms : 1
        da/dt = (a_inf - a)/tau_a/ms : 1
        db/dt = (b_inf - b)/tau_b/ms : 1
        """,
    )


@typed("ErisirNeuron")
def erisir(case: Case) -> Any:
    """Erisir et al. 1999 in the form of Börgers 2017, chapter 5."""
    return excursions(
        case,
        """
        alpha_m = 540/exprel((75.5 - V)/13.5) : 1
        beta_m = 1.2262*exp(-V/42.248) : 1
        m_inf = alpha_m/(alpha_m + beta_m) : 1
        alpha_h = 0.0035*exp(-V/24.186) : 1
        beta_h = 0.0884/exprel(-(V + 51.25)/5.2) : 1
        alpha_n = 11.8/exprel((95 - V)/11.8) : 1
        beta_n = 0.025*exp(-V/22.222) : 1
        I_ion = g_Na*m_inf**3*h*(V - E_Na) + g_K*n**2*(V - E_K) + g_L*(V - E_L) : 1
        dV/dt = (I_in - I_ion)/C_m/ms : 1
        dh/dt = (alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = (alpha_n*(1 - n) - beta_n*n)/ms : 1
        """,
    )


@typed("HuberBraunNeuron")
@typed("HuberBraunNeuron", params={"temperature": 15.0})
def huber_braun(case: Case) -> Any:
    """Braun et al. 1998: a fast and a slow pair of currents, scaled from 25 degrees."""
    return excursions(
        case,
        """
        rho = A_1**((temperature - 25)/10) : 1
        phi = A_2**((temperature - 25)/10) : 1
        a_d = 1/(1 + exp(-s_d*(V - V_0d))) : 1
        r_inf = 1/(1 + exp(-s_r*(V - V_0r))) : 1
        sd_inf = 1/(1 + exp(-s_sd*(V - V_0sd))) : 1
        I_sd = rho*g_sd*a_sd*(V - V_sd) : 1
        I_fast = rho*(g_d*a_d*(V - V_d) + g_r*a_r*(V - V_r)) : 1
        I_sr = rho*g_sr*a_sr*(V - V_sr) : 1
        dV/dt = (I_in - g_l*(V - V_l) - I_fast - I_sd - I_sr)/C_M/ms : 1
        da_r/dt = phi*(r_inf - a_r)/tau_r/ms : 1
        da_sd/dt = phi*(sd_inf - a_sd)/tau_sd/ms : 1
        da_sr/dt = phi*(-eta*I_sd - theta*a_sr)/tau_sr/ms : 1
        """,
    )


@typed("PersistentSodiumPotassiumNeuron")
def persistent_sodium(case: Case) -> Any:
    """Izhikevich 2007, chapter 4."""
    return excursions(
        case,
        """
        m_inf = 1/(1 + exp((m_half - V)/k_m)) : 1
        n_inf = 1/(1 + exp((n_half - V)/k_n)) : 1
        I_ion = g_L*(V - E_L) + g_Na*m_inf*(V - E_Na) + g_K*n*(V - E_K) : 1
        dV/dt = (I_in - I_ion)/C/ms : 1
        dn/dt = (n_inf - n)/tau/ms : 1
        """,
    )


@typed("PrescottNeuron")
@typed("PrescottNeuron", preset="class_2")
@typed("PrescottNeuron", preset="class_3")
def prescott(case: Case) -> Any:
    """Prescott, De Koninck and Sejnowski 2008, the two-dimensional model."""
    return excursions(
        case,
        """
        m_inf = 0.5*(1 + tanh((V - beta_m)/gamma_m)) : 1
        w_inf = 0.5*(1 + tanh((V - beta_w)/gamma_w)) : 1
        rate = phi_w*cosh((V - beta_w)/(2*gamma_w)) : 1
        I_fast = g_fast*m_inf*(V - E_Na) : 1
        I_slow = g_slow*w*(V - E_K) : 1
        dV/dt = (I_in - I_fast - I_slow - g_leak*(V - E_leak))/C/ms : 1
        dw/dt = rate*(w_inf - w)/ms : 1
        """,
    )


@typed("WilsonHRNeuron")
@typed("WilsonHRNeuron", preset="fast_spiking")
@typed("WilsonHRNeuron", preset="bursting")
def wilson(case: Case) -> Any:
    """Wilson 1999, J Theor Biol: polynomials for all currents, V in 100 mV."""
    return excursions(
        case,
        """
        m_inf = 17.8 + 47.6*V + 33.8*V**2 : 1
        R_inf = 1.24 + 3.7*V + 3.2*V**2 : 1
        T_inf = 4.205 + 11.6*V + 8*V**2 : 1
        I_K = (g_R*R + g_H*H)*(V - E_K) : 1
        dV/dt = (I_in - m_inf*(V - E_Na) - I_K - g_T*T*(V - E_T))/C/ms : 1
        dR/dt = (R_inf - R)/tau_R/ms : 1
        dT/dt = (T_inf - T)/tau_T/ms : 1
        dH/dt = (3*T - H)/tau_H/ms : 1
        """,
    )
