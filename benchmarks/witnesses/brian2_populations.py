"""Populations for Brian2, typed from their papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import trajectory
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, kind="trajectory")


@typed("WilsonCowanUnit")
def wilson_cowan(case: Case) -> Any:
    """Wilson and Cowan 1972, equations 11, 12 and 15, where k is the greatest value of S."""
    return trajectory(
        case,
        """
        k_e = 1 - 1/(1 + exp(a_e*theta_e)) : 1
        k_i = 1 - 1/(1 + exp(a_i*theta_i)) : 1
        u_e = c_1*E - c_2*I + I_in : 1
        u_i = c_3*E - c_4*I + Q : 1
        S_e = 1/(1 + exp(-a_e*(u_e - theta_e))) - 1/(1 + exp(a_e*theta_e)) : 1
        S_i = 1/(1 + exp(-a_i*(u_i - theta_i))) - 1/(1 + exp(a_i*theta_i)) : 1
        dE/dt = (-E + (k_e - r_e*E)*S_e)/tau_e/ms : 1
        dI/dt = (-I + (k_i - r_i*I)*S_i)/tau_i/ms : 1
        """,
        ("E", "I"),
    )


@typed("JansenRitUnit")
def jansen_rit(case: Case) -> Any:
    """Jansen and Rit 1995, equation 6: three potentials of second order, rates per second."""
    return trajectory(
        case,
        """
        S_y = 2*e_0/(1 + exp(r*(v_0 - (z_1 - y_2)))) : 1
        S_1 = 2*e_0/(1 + exp(r*(v_0 - C*y_0))) : 1
        S_3 = 2*e_0/(1 + exp(r*(v_0 - 0.25*C*y_0))) : 1
        dy_0/dt = y_3/second : 1
        dz_1/dt = y_4/second : 1
        dy_2/dt = y_5/second : 1
        dy_3/dt = (A*a*S_y - 2*a*y_3 - a**2*y_0)/second : 1
        dy_4/dt = (A*a*(I_in + 0.8*C*S_1) - 2*a*y_4 - a**2*z_1)/second : 1
        dy_5/dt = (B*b*0.25*C*S_3 - 2*b*y_5 - b**2*y_2)/second : 1
        y = z_1 - y_2 : 1
        """,
        ("y", "y_0"),
    )


@typed("WendlingNeuron", duration=1000.0)
@typed("WendlingNeuron", duration=1000.0, preset="type_5")
def wendling(case: Case) -> Any:
    """Wendling et al. 2002: the column of Jansen and Rit with fast inhibition of the soma."""
    case.init["z_1"] = case.init["y"] + case.init["y_2"] + case.init["y_3"]
    return trajectory(
        case,
        """
        y = z_1 - y_2 - y_3 : 1
        S_y = 2*e_0/(1 + exp(r*(v_0 - y))) : 1
        S_1 = 2*e_0/(1 + exp(r*(v_0 - C*y_0))) : 1
        S_3 = 2*e_0/(1 + exp(r*(v_0 - 0.25*C*y_0))) : 1
        S_5 = 2*e_0/(1 + exp(r*(v_0 - 0.3*C*y_0 + 0.1*C*y_4))) : 1
        dy_0/dt = y_5/second : 1
        dz_1/dt = y_6/second : 1
        dy_2/dt = y_7/second : 1
        dy_3/dt = y_8/second : 1
        dy_4/dt = y_9/second : 1
        dy_5/dt = (A*a*S_y - 2*a*y_5 - a**2*y_0)/second : 1
        dy_6/dt = (A*a*(I_in + 0.8*C*S_1) - 2*a*y_6 - a**2*z_1)/second : 1
        dy_7/dt = (B*b*0.25*C*S_3 - 2*b*y_7 - b**2*y_2)/second : 1
        dy_8/dt = (G*g*0.8*C*S_5 - 2*g*y_8 - g**2*y_3)/second : 1
        dy_9/dt = (B*b*S_3 - 2*b*y_9 - b**2*y_4)/second : 1
        """,
        ("y", "y_0", "y_3"),
    )


@typed("MontbrioPazoRoxinPopulation", duration=20.0)
def montbrio_pazo_roxin(case: Case) -> Any:
    """Montbrió, Pazó and Roxin 2015, equation 12."""
    return trajectory(
        case,
        """
        dr/dt = (Delta/(pi*tau) + 2*r*v)/tau/ms : 1
        dv/dt = (v**2 + eta + J*tau*r + I_in - (pi*tau*r)**2)/tau/ms : 1
        """,
        ("r", "v"),
    )


@typed(
    "WongWangUnit",
    duration=400.0,
    params={"sigma_noise": 0.0},
    note="both without noise, by forward Euler",
)
def wong_wang(case: Case) -> Any:
    """Wong and Wang 2006, the reduced model without recurrent AMPA."""
    return trajectory(
        case,
        """
        x_1 = J_N11*S_1 - J_N12*S_2 + I_0 + J_Aext*I_in*(1 + c/100) : 1
        x_2 = J_N11*S_2 - J_N12*S_1 + I_0 + J_Aext*I_in*(1 - c/100) : 1
        H_1 = (a*x_1 - b)/(1 - exp(-d*(a*x_1 - b))) : 1
        H_2 = (a*x_2 - b)/(1 - exp(-d*(a*x_2 - b))) : 1
        dS_1/dt = (-S_1/tau_S + (1 - S_1)*gamma*H_1/1000)/ms : 1
        dS_2/dt = (-S_2/tau_S + (1 - S_2)*gamma*H_2/1000)/ms : 1
        """,
        ("S_1", "S_2"),
        method="euler",
    )


@typed("LarterBreakspearNeuron", duration=400.0)
def larter_breakspear(case: Case) -> Any:
    """Breakspear, Terry and Friston 2003, one ensemble."""
    return trajectory(
        case,
        """
        m_Ca = 0.5*(1 + tanh((V - T_Ca)/delta_Ca)) : 1
        m_Na = 0.5*(1 + tanh((V - T_Na)/delta_Na)) : 1
        m_K = 0.5*(1 + tanh((V - T_K)/delta_K)) : 1
        Q_V = 0.5*(1 + tanh((V - V_T)/delta_V)) : 1
        Q_Z = 0.5*(1 + tanh((Z - Z_T)/delta_Z)) : 1
        I_Ca = (g_Ca + r_NMDA*a_ee*Q_V)*m_Ca*(V - V_Ca) : 1
        I_Na = (g_Na*m_Na + a_ee*Q_V)*(V - V_Na) : 1
        I_out = g_K*W*(V - V_K) + g_L*(V - V_L) : 1
        dV/dt = (-I_Ca - I_Na - I_out - a_ie*Z*Q_Z + a_ne*I_in)/ms : 1
        dW/dt = phi*(m_K - W)/tau_K/ms : 1
        dZ/dt = b*(a_ni*I_in + a_ei*V*Q_V)/ms : 1
        """,
        ("V", "W", "Z"),
    )


@typed("EpileptorUnit", duration=400.0)
def epileptor(case: Case) -> Any:
    """Jirsa et al. 2014: fast discharges, spikes and waves, and what takes them in and out."""
    return trajectory(
        case,
        """
        f_low = x_1**3 - 3*x_1**2 : 1
        f_high = (x_2 - 0.6*(z - 4)**2)*x_1 : 1
        f_1 = int(x_1 < 0)*f_low + int(x_1 >= 0)*f_high : 1
        f_2 = int(x_2 >= -0.25)*6*(x_2 + 0.25) : 1
        dx_1/dt = (y_1 - f_1 - z + I_in)/ms : 1
        dy_1/dt = (y_0 - 5*x_1**2 - y_1)/ms : 1
        dz/dt = (4*(x_1 - x_0) - z)/tau_0/ms : 1
        dx_2/dt = (-y_2 + x_2 - x_2**3 + I_rest2 + 0.002*g - 0.3*(z - 3.5))/ms : 1
        dy_2/dt = (f_2 - y_2)/tau_2/ms : 1
        dg/dt = (x_1 - gamma*g)/ms : 1
        """,
        ("x_1", "y_1", "z", "x_2", "y_2", "g"),
    )


@typed("AstrocyteModel", duration=40000.0)
def li_rinzel(case: Case) -> Any:
    """Li and Rinzel 1994: calcium and the gate that it closes; rates are per second."""
    return trajectory(
        case,
        """
        store = (c_0 - Ca)/c_1 : 1
        opening = I_in/(I_in + d_1)*Ca/(Ca + d_5)*h : 1
        J_leak = c_1*(v_1*opening**3 + v_2)*(store - Ca) : 1
        Q_2 = d_2*(I_in + d_1)/(I_in + d_3) : 1
        dCa/dt = (J_leak - v_3*Ca**2/(k_3**2 + Ca**2))/second : 1
        dh/dt = a_2*(Q_2 - (Q_2 + Ca)*h)/second : 1
        """,
        ("Ca", "h"),
    )


@typed("SigmoidRateNeuron", integrator="rk4")
def sigmoid(case: Case) -> Any:
    """One population of Wilson and Cowan 1972 with their logistic response."""
    equations = "dr/dt = (1/(1 + exp(-beta*(I_in - theta))) - r)/tau/ms : 1"
    return trajectory(case, equations, ("r",))


@typed("HopfieldPair")
def hopfield(case: Case) -> Any:
    """Hopfield 1984, two neurons of graded response, the current into the first."""
    return trajectory(
        case,
        """
        V_1 = 2/pi*arctan(pi*gain*u_1/2) : 1
        V_2 = 2/pi*arctan(pi*gain*u_2/2) : 1
        du_1/dt = (T_12*V_2 - u_1/R + I_in)/C/ms : 1
        du_2/dt = (T_21*V_1 - u_2/R)/C/ms : 1
        """,
        ("u_1", "u_2"),
    )


@typed("StuartLandauNode", duration=200.0)
def stuart_landau(case: Case) -> Any:
    """The normal form of the Hopf bifurcation, as in Deco et al. 2017."""
    return trajectory(
        case,
        """
        dx/dt = ((a - x**2 - y**2)*x - omega*y + I_in)/ms : 1
        dy/dt = ((a - x**2 - y**2)*y + omega*x)/ms : 1
        """,
        ("x", "y"),
    )
