"""Bursters for Brian2, typed from their papers: beta-cells, ganglia, breathing, motoneurons."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import AMENDED, STAMP, excursions
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, note=STAMP)


@typed("ButeraRespiratoryNeuron", duration=4000.0)
def butera(case: Case) -> Any:
    """Butera, Rinzel and Smith 1999, model 1: persistent sodium that inactivates slowly."""
    return excursions(
        case,
        """
        m_inf = 1/(1 + exp((V - theta_m)/sigma_m)) : 1
        n_inf = 1/(1 + exp((V - theta_n)/sigma_n)) : 1
        mp_inf = 1/(1 + exp((V - theta_mp)/sigma_mp)) : 1
        h_inf = 1/(1 + exp((V - theta_h)/sigma_h)) : 1
        I_Na = (g_Na*m_inf**3*(1 - n) + g_NaP*mp_inf*h)*(V - E_Na) : 1
        I_rest = g_K*n**4*(V - E_K) + g_L*(V - E_L) + g_tonic*(V - E_syn) : 1
        dV/dt = (I_in - I_Na - I_rest)/C/ms : 1
        dn/dt = (n_inf - n)*cosh((V - theta_n)/(2*sigma_n))/tau_n_bar/ms : 1
        dh/dt = (h_inf - h)*cosh((V - theta_h)/(2*sigma_h))/tau_h_bar/ms : 1
        """,
    )


SQUID_RATES = """
    alpha_m = 1/exprel((25 - v)/10) : 1
    beta_m = 4*exp(-v/18) : 1
    alpha_h = 0.07*exp(-v/20) : 1
    beta_h = 1/(exp((30 - v)/10) + 1) : 1
    alpha_n = 0.1/exprel((10 - u)/10) : 1
    beta_n = 0.125*exp(-u/80) : 1
"""


@typed("ChayNeuron", duration=4000.0)
def chay(case: Case) -> Any:
    """Chay 1985: the squid's rates moved by 50 and 30 mV, the gates of one current at once."""
    return excursions(
        case,
        SQUID_RATES
        + """
        v = V + 50 : 1
        u = V + 30 : 1
        m_inf = alpha_m/(alpha_m + beta_m) : 1
        h_inf = alpha_h/(alpha_h + beta_h) : 1
        I_fast = g_I*m_inf**3*h_inf*(V_I - V) : 1
        I_K = (g_KV*n**4 + g_KC*C/(1 + C))*(V_K - V) : 1
        dV/dt = (I_fast + I_K + g_L*(V_L - V) + I_in)/second : 1
        dn/dt = lambda_n*(alpha_n*(1 - n) - beta_n*n)/second : 1
        dC/dt = rho*(m_inf**3*h_inf*(V_C - V) - k_C*C)/second : 1
        """,
    )


@typed(
    "ChayKeizerNeuron",
    duration=3000.0,
    note=STAMP + AMENDED + "the potential takes twice the current of one charge per calcium ion",
)
def chay_keizer(case: Case) -> Any:
    """Chay and Keizer 1983: two charges with every ion into a sphere, whose calcium is in uM."""
    return excursions(
        case,
        SQUID_RATES
        + """
        v = V + V_prime : 1
        u = V + V_star : 1
        phi = 3**((T - 6.3)/10) : 1
        I_Ca = g_Ca*m**3*h*(V - V_Ca) : 1
        I_K = (g_K*n**4 + g_KCa*Ca/(K_diss + Ca))*(V - V_K) : 1
        dV/dt = (I_in - 2*I_Ca - I_K - g_L*(V - V_L))/C_m/ms : 1
        dm/dt = phi*(alpha_m*(1 - m) - beta_m*m)/ms : 1
        dh/dt = phi*(alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = phi*(alpha_n*(1 - n) - beta_n*n)/ms : 1
        dCa/dt = f*(-3*I_Ca/r*1e4/96485 - k_Ca*Ca)/ms : 1
        """,
    )


@typed("ShermanRinzelKeizerNeuron", duration=10000.0)
def sherman_rinzel_keizer(case: Case) -> Any:
    """Sherman, Rinzel and Keizer 1988: the deterministic cell."""
    return excursions(
        case,
        """
        m_inf = 1/(1 + exp((V_m - V)/S_m)) : 1
        h_inf = 1/(1 + exp((V - V_h)/S_h)) : 1
        n_inf = 1/(1 + exp((V_n - V)/S_n)) : 1
        tau_n = c/(exp((V - V_bar)/a) + exp((V_bar - V)/b)) : 1
        I_Ca = g_Ca*m_inf*h_inf*(V - V_Ca) : 1
        I_K = (g_K*n + g_KCa*Ca/(K_d + Ca))*(V - V_K) : 1
        dV/dt = (I_in - I_Ca - I_K)/C_m/ms : 1
        dn/dt = lam*(n_inf - n)/tau_n/ms : 1
        dCa/dt = f*(-alpha*I_Ca - k_Ca*Ca)/ms : 1
        """,
    )


@typed("BertramPhantomBurster", duration=15000.0)
def phantom(case: Case) -> Any:
    """Bertram et al. 2000: two slow currents."""
    return excursions(
        case,
        """
        m_inf = 1/(1 + exp((V_m - V)/s_m)) : 1
        n_inf = 1/(1 + exp((V_n - V)/s_n)) : 1
        s1_inf = 1/(1 + exp((V_s1 - V)/s_s1)) : 1
        s2_inf = 1/(1 + exp((V_s2 - V)/s_s2)) : 1
        tau_n = tau_n_bar/(1 + exp((V - V_n)/s_n)) : 1
        I_K = (g_K*n + g_s1*s1 + g_s2*s2)*(V - V_K) : 1
        dV/dt = (I_in - g_Ca*m_inf*(V - V_Ca) - I_K - g_L*(V - V_L))/C_m/ms : 1
        dn/dt = lam*(n_inf - n)/tau_n/ms : 1
        ds1/dt = (s1_inf - s1)/tau_s1/ms : 1
        ds2/dt = (s2_inf - s2)/tau_s2/ms : 1
        """,
    )


@typed("PlantR15Neuron")
@typed("PlantR15Neuron", preset="parabolic")
def plant(case: Case) -> Any:
    """Plant 1981 as in Rinzel and Lee 1987: the squid's rates of (127 V + 8265)/105."""
    return excursions(
        case,
        SQUID_RATES
        + """
        v = (127*V + 8265)/105 - 25 : 1
        u = v - 20 : 1
        m_inf = alpha_m/(alpha_m + beta_m) : 1
        x_inf = 1/(1 + exp(a_x*(V_x - V))) : 1
        I_I = (g_I*m_inf**3*h + g_T*x)*(V - V_I) : 1
        I_K = (g_K*n**4 + g_KCa*Ca/(0.5 + Ca))*(V - V_K) : 1
        dV/dt = (I_in - I_I - I_K - g_L*(V - V_L))/C_m/ms : 1
        dh/dt = lam*(alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = lam*(alpha_n*(1 - n) - beta_n*n)/ms : 1
        dx/dt = (x_inf - x)/tau_x/ms : 1
        dCa/dt = rho*(K_c*x*(V_Ca - V) - Ca)/ms : 1
        """,
    )


@typed("PernarowskiNeuron", duration=400.0, note=STAMP + AMENDED + "-epsilon H in v'")
def pernarowski(case: Case) -> Any:
    """Pernarowski 1994: u'' + F(u) u' + G(u, c) = -epsilon H(u, c), where c' = epsilon H."""
    return excursions(
        case,
        """
        F = a*((u - u_hat)**2 - eta**2) : 1
        du/dt = v/ms : 1
        H = beta*(u - u_bar) - c : 1
        dv/dt = (-F*v - c - u**3 + 3*(u + 1) - epsilon*H)/ms : 1
        dc/dt = epsilon*H/ms : 1
        """,
    )


@typed("MarderSTGNeuron", duration=1500.0)
def stomatogastric(case: Case) -> Any:
    """Prinz, Billimoria and Marder 2003, table 1: kinetics of Liu et al. 1998 at half the speed."""
    return excursions(
        case,
        """
        E_Ca = 1000*8.31441*283.15/(2*96485.3)*log(Ca_out/Ca) : 1
        dm_Na/dt = (1/(1 + exp(-(V + 25.5)/5.29)) - m_Na)/tau_mNa/ms : 1
        tau_mNa = 2.64 - 2.52/(1 + exp(-(V + 120)/25)) : 1
        dh_Na/dt = (1/(1 + exp((V + 48.9)/5.18)) - h_Na)/tau_hNa/ms : 1
        tau_hNa = 1.34/(1 + exp(-(V + 62.9)/10))*(1.5 + 1/(1 + exp((V + 34.9)/3.6))) : 1
        dm_CaT/dt = (1/(1 + exp(-(V + 27.1)/7.2)) - m_CaT)/tau_mCaT/ms : 1
        tau_mCaT = 43.4 - 42.6/(1 + exp(-(V + 68.1)/20.5)) : 1
        dh_CaT/dt = (1/(1 + exp((V + 32.1)/5.5)) - h_CaT)/tau_hCaT/ms : 1
        tau_hCaT = 210 - 179.6/(1 + exp(-(V + 55)/16.9)) : 1
        dm_CaS/dt = (1/(1 + exp(-(V + 33)/8.1)) - m_CaS)/tau_mCaS/ms : 1
        tau_mCaS = 2.8 + 14/(exp((V + 27)/10) + exp(-(V + 70)/13)) : 1
        dh_CaS/dt = (1/(1 + exp((V + 60)/6.2)) - h_CaS)/tau_hCaS/ms : 1
        tau_hCaS = 120 + 300/(exp((V + 55)/9) + exp(-(V + 65)/16)) : 1
        dm_A/dt = (1/(1 + exp(-(V + 27.2)/8.7)) - m_A)/tau_mA/ms : 1
        tau_mA = 23.2 - 20.8/(1 + exp(-(V + 32.9)/15.2)) : 1
        dh_A/dt = (1/(1 + exp((V + 56.9)/4.9)) - h_A)/tau_hA/ms : 1
        tau_hA = 77.2 - 58.4/(1 + exp(-(V + 38.9)/26.5)) : 1
        dm_KCa/dt = (Ca/(Ca + 3)/(1 + exp(-(V + 28.3)/12.6)) - m_KCa)/tau_mKCa/ms : 1
        tau_mKCa = 180.6 - 150.2/(1 + exp(-(V + 46)/22.7)) : 1
        dm_Kd/dt = (1/(1 + exp(-(V + 12.3)/11.8)) - m_Kd)/tau_mKd/ms : 1
        tau_mKd = 14.4 - 12.8/(1 + exp(-(V + 28.3)/19.2)) : 1
        dm_H/dt = (1/(1 + exp((V + 75)/5.5)) - m_H)/tau_mH/ms : 1
        tau_mH = 2/(exp(-(V + 169.7)/11.6) + exp((V - 26.7)/14.3)) : 1
        I_Ca = (g_CaT*m_CaT**3*h_CaT + g_CaS*m_CaS**3*h_CaS)*(V - E_Ca) : 1
        I_K = (g_A*m_A**3*h_A + g_KCa*m_KCa**4 + g_Kd*m_Kd**4)*(V - E_K) : 1
        I_rest = g_H*m_H*(V - E_H) + g_L*(V - E_L) : 1
        dV/dt = (I_in - g_Na*m_Na**3*h_Na*(V - E_Na) - I_Ca - I_K - I_rest)/C_m/ms : 1
        dCa/dt = (-f*1000*A*I_Ca - Ca + Ca_0)/tau_Ca/ms : 1
        """,
    )


@typed("BoothRinzelNeuron", duration=500.0)
def booth_rinzel(case: Case) -> Any:
    """Booth, Rinzel and Kiehn 1997: a motoneuron of soma and dendrite."""
    return excursions(
        case,
        """
        m_inf = 1/(1 + exp(-(V_S + 35)/7.8)) : 1
        h_inf = 1/(1 + exp((V_S + 55)/7)) : 1
        tau_h = 30/(exp((V_S + 50)/15) + exp(-(V_S + 50)/16)) : 1
        n_inf = 1/(1 + exp(-(V_S + 28)/15)) : 1
        tau_n = 7/(exp((V_S + 40)/40) + exp(-(V_S + 40)/50)) : 1
        dh/dt = (h_inf - h)/tau_h/ms : 1
        dn/dt = (n_inf - n)/tau_n/ms : 1
        dm_NS/dt = (1/(1 + exp(-(V_S + 30)/5)) - m_NS)/(4*ms) : 1
        dh_NS/dt = (1/(1 + exp((V_S + 45)/5)) - h_NS)/(40*ms) : 1
        dm_ND/dt = (1/(1 + exp(-(V_D + 30)/5)) - m_ND)/(4*ms) : 1
        dh_ND/dt = (1/(1 + exp((V_D + 45)/5)) - h_ND)/(40*ms) : 1
        dm_L/dt = (1/(1 + exp(-(V_D + 40)/7)) - m_L)/(40*ms) : 1
        I_CaS = g_CaN_S*m_NS**2*h_NS*(V_S - V_Ca) : 1
        I_CaD = (g_CaN_D*m_ND**2*h_ND + g_CaL*m_L)*(V_D - V_Ca) : 1
        I_KS = (g_Kdr*n**4 + g_KCa_S*Ca_S/(Ca_S + K_d))*(V_S - V_K) : 1
        I_KD = g_KCa_D*Ca_D/(Ca_D + K_d)*(V_D - V_K) : 1
        I_Na = g_Na*m_inf**3*h*(V_S - V_Na) : 1
        I_SD = g_c*(V_S - V_D) : 1
        dV_S/dt = (I_in - I_Na - I_CaS - I_KS - g_L*(V_S - V_L) - I_SD/p)/C_m/ms : 1
        dV_D/dt = (I_D - I_CaD - I_KD - g_L*(V_D - V_L) + I_SD/(1 - p))/C_m/ms : 1
        dCa_S/dt = f*(-alpha*I_CaS - k_Ca*Ca_S)/ms : 1
        dCa_D/dt = f*(-alpha*I_CaD - k_Ca*Ca_D)/ms : 1
        """,
    )
