"""Maps: neurons in discrete time, one iteration a step."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Threshold, Values


def _rulkov(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    y = s.y + p.beta_e * current
    spike = xp.where(s.x < p.alpha + y, p.alpha + y, -1.0)
    return {
        # 1 - x > 0 wherever the first branch is chosen, and the other one does not look at it
        "x": xp.where(s.x <= 0.0, p.alpha / (1.0 - xp.minimum(s.x, 0.0)) + y, spike),
        "y": s.y - p.mu * (s.x + 1.0) + p.mu * (p.sigma + p.sigma_e * current),
    }


# Bursts for alpha above 4 or so, and single spikes below (alpha = 4, sigma = 0.01).
RULKOV = Model(
    name="RulkovMapNeuron",
    family="map",
    title="Spiking-bursting map",
    # rest without current: x = sigma - 1
    states=(
        State("x", -1.5, "1", "fast variable, the membrane potential"),
        State("y", -3.9, "1", "slow variable"),
    ),
    params=(
        Param("alpha", 6.0, "1", 0.0, 20.0, "height of the fast map"),
        Param("sigma", -0.5, "1", -10.0, 10.0, "excitability: rest lies at sigma - 1"),
        Param("mu", 0.001, "1", 0.0, 1.0, "rate of the slow variable"),
        Param("beta_e", 1.0, "1", -10.0, 10.0, "weight of the current in the fast variable"),
        Param("sigma_e", 1.0, "1", -10.0, 10.0, "weight of the current in the slow variable"),
    ),
    equations=(
        "x' = f(x, y + beta_e I)",
        "f(x, y) = alpha/(1 - x) + y for x <= 0, alpha + y for 0 < x < alpha + y, -1 beyond",
        "y' = y - mu (x + 1) + mu (sigma + sigma_e I)",
        "x rises through 0: spike",
    ),
    sources=(
        Source(
            "Rulkov NF",
            2002,
            "Modeling of spiking-bursting neural behavior using two-dimensional map",
            "Phys Rev E 65:041922",
            "10.1103/PhysRevE.65.041922",
            "equations 1 and 2, with inputs beta_n = beta_e I_n and sigma_n = sigma + sigma_e I_n",
        ),
    ),
    step=_rulkov,
    presets=(
        Preset(
            name="spiking",
            title="Tonic spikes",
            params={"alpha": 4.0, "sigma": 0.01},
            current=0.0,
            source="Rulkov 2002, alpha = 4 and sigma = 0.01",
        ),
        Preset(
            name="bursting",
            title="Bursts without current",
            params={"alpha": 6.0, "sigma": -0.1},
            current=0.0,
            source="Rulkov 2002, alpha = 6 and sigma = -0.1",
        ),
    ),
    spike=Threshold("x", 0.0),
    output="x",
    current_unit="1",
    current=0.4,
    duration=3000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _chialvo(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    return {
        "x": s.x**2 * xp.exp(s.y - s.x) + p.k + current,
        "y": p.a * s.y - p.b * s.x + p.c,
    }


# Chaotic at b = 0.18 and k + I = 0.03; at the defaults, with I = 0.01, it oscillates.
CHIALVO = Model(
    name="ChialvoMapNeuron",
    family="map",
    title="Excitable map",
    # rest without current
    states=(
        State("x", 0.0287569, "1", "activation"),
        State("y", 2.3885987, "1", "recovery"),
    ),
    params=(
        Param("a", 0.89, "1", 0.0, 1.0, "what the recovery keeps of itself"),
        Param("b", 0.6, "1", 0.0, 10.0, "dependence of the recovery on the activation"),
        Param("c", 0.28, "1", -10.0, 10.0, "offset of the recovery"),
        Param("k", 0.02, "1", -1.0, 1.0, "constant bias"),
    ),
    equations=(
        "x' = x² exp(y - x) + k + I",
        "y' = a y - b x + c",
        "x rises through 1: spike",
    ),
    sources=(
        Source(
            "Chialvo DR",
            1995,
            "Generic excitable dynamics on a two-dimensional map",
            "Chaos Solitons Fractals 5:461-479",
            "10.1016/0960-0779(93)E0056-H",
            "the map and its regimes",
        ),
    ),
    step=_chialvo,
    presets=(
        Preset(
            name="oscillating",
            title="Periodic spikes without current",
            params={"b": 0.6, "k": 0.03},
            current=0.0,
            source="Chialvo 1995, a = 0.89, b = 0.6, c = 0.28 and k = 0.03",
        ),
        Preset(
            name="chaotic",
            title="Aperiodic bursts",
            params={"b": 0.18, "k": 0.03},
            current=0.0,
            source="Chialvo 1995, a = 0.89, b = 0.18, c = 0.28 and k = 0.03",
        ),
    ),
    spike=Threshold("x", 1.0),
    output="x",
    current_unit="1",
    current=0.01,
    duration=1000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _rulkov_chaotic(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    return {
        "x": p.alpha / (1.0 + s.x**2) + s.y + current,
        "y": s.y - p.sigma * (s.x - current) - p.beta,
    }


# The paper's cell is alone or hears the mean field of others in x. A constant current in x alone
# would be undone by y, so it acts on both, as in Rulkov's map of 2002.
RULKOV_CHAOTIC = Model(
    name="RulkovChaoticMapNeuron",
    family="map",
    title="Chaotic spiking-bursting map",
    # no rest without current: near the unstable fixed point (-beta/sigma, -beta/sigma - alpha/2)
    states=(
        State("x", -1.0, "1", "fast variable, the membrane potential"),
        State("y", -3.0, "1", "slow variable"),
    ),
    params=(
        Param("alpha", 4.1, "1", 0.0, 20.0, "height of the fast map"),
        Param("sigma", 0.001, "1", 0.0, 1.0, "rate of the slow variable"),
        Param("beta", 0.001, "1", -1.0, 1.0, "drift of the slow variable"),
    ),
    equations=(
        "x' = alpha/(1 + x²) + y + I",
        "y' = y - sigma (x - I) - beta",
        "x rises through 0: spike",
    ),
    sources=(
        Source(
            "Rulkov NF",
            2001,
            "Regularization of synchronized chaotic bursts",
            "Phys Rev Lett 86:183-186",
            "10.1103/PhysRevLett.86.183",
            "the map of a single cell",
        ),
    ),
    step=_rulkov_chaotic,
    spike=Threshold("x", 0.0),
    output="x",
    current_unit="1",
    current=0.0,
    duration=4000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
    without_input="bursts, chaotically",
)


def _shilnikov_rulkov(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    y = s.y + p.beta_e * current
    low = -1.0 - p.alpha / 2.0
    # the parabola is level at its left end, and stays there
    x = xp.maximum(s.x, low)
    spike = xp.where(s.x < 1.0 + y, 1.0 + y, -1.0)
    return {
        "x": xp.where(s.x <= 0.0, p.alpha * x + (x + 1.0) ** 2 + y, spike),
        "y": s.y - p.mu * (s.x + 1.0 - p.sigma - p.sigma_e * current),
    }


IBARZ_TANAKA = Model(
    name="IbarzTanakaMapNeuron",
    family="map",
    title="Map with subthreshold oscillations",
    # rest without current: x = sigma - 1
    states=(
        State("x", -1.0, "1", "fast variable, the membrane potential"),
        State("y", -0.01, "1", "slow variable"),
    ),
    params=(
        Param("alpha", 0.99, "1", 0.0, 10.0, "slope of the fast map where x = -1"),
        Param("sigma", 0.0, "1", -10.0, 10.0, "excitability: rest lies at sigma - 1"),
        Param("mu", 0.001, "1", 0.0, 1.0, "rate of the slow variable"),
        Param("beta_e", 1.0, "1", -10.0, 10.0, "weight of the current in the fast variable"),
        Param("sigma_e", 1.0, "1", -10.0, 10.0, "weight of the current in the slow variable"),
    ),
    equations=(
        "x' = f(x, y + beta_e I)",
        "f(x, y) = -alpha²/4 - alpha + y for x < -1 - alpha/2, alpha x + (x + 1)² + y up to x = 0, "
        "1 + y for 0 < x < 1 + y, -1 beyond",
        "y' = y - mu (x + 1 - sigma - sigma_e I)",
        "x rises through 0: spike",
    ),
    sources=(
        Source(
            "Shilnikov AL, Rulkov NF",
            2004,
            "Subthreshold oscillations in a map-based neuron model",
            "Phys Lett A 328:177-184",
            "10.1016/j.physleta.2004.05.062",
            "the map",
        ),
        Source(
            "Ibarz B, Tanaka G, Sanjuán MAF, Aihara K",
            2007,
            "Sensitivity versus resonance in two-dimensional spiking-bursting neuron models",
            "Phys Rev E 75:041902",
            "10.1103/PhysRevE.75.041902",
            "its analysis",
        ),
    ),
    step=_shilnikov_rulkov,
    aliases=("ShilnikovRulkovMapNeuron",),
    spike=Threshold("x", 0.0),
    output="x",
    current_unit="1",
    current=0.05,
    duration=2000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _courbage_nekorkin(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    J_min = p.a * p.m_1 / (p.m_0 + p.m_1)
    J_max = (p.m_0 + p.a * p.m_1) / (p.m_0 + p.m_1)
    outer = xp.where(s.x <= J_min, -p.m_0 * s.x, -p.m_0 * (s.x - 1.0))
    F = xp.where((s.x > J_min) & (s.x < J_max), p.m_1 * (s.x - p.a), outer)
    H = xp.where(s.x >= p.d, 1.0, 0.0)
    return {
        "x": s.x + F - s.y - p.beta * H,
        "y": s.y + p.epsilon * (s.x - p.J - current),
    }


# The figure has J = 0.13. Here it is 0.1, below the firing threshold J_min = 0.1238, and the
# current adds the rest.
COURBAGE_NEKORKIN = Model(
    name="CourbageNekorkinMapNeuron",
    family="map",
    title="Chaotic spiking-bursting map of straight pieces",
    # rest without current: (J, F(J))
    states=(
        State("x", 0.1, "1", "fast variable, the membrane potential"),
        State("y", -0.04, "1", "slow variable, the recovery"),
    ),
    params=(
        Param("m_0", 0.4, "1", 0.001, 0.999, "slope of the outer pieces"),
        Param("m_1", 0.65, "1", 0.001, 10.0, "slope of the middle piece"),
        Param("a", 0.2, "1", 0.0, 1.0, "zero of the middle piece"),
        Param("d", 0.3, "1", 0.0, 1.0, "where the spike's downstroke begins"),
        Param("beta", 0.25, "1", 0.0, 10.0, "height of the downstroke"),
        Param("J", 0.1, "1", -1.0, 1.0, "constant stimulus, and where x rests"),
        Param("epsilon", 0.002, "1", 0.0, 1.0, "rate of the slow variable"),
    ),
    equations=(
        "x' = x + F(x) - y - beta H(x - d)",
        "y' = y + epsilon (x - J - I)",
        "F(x) = -m_0 x for x <= J_min, m_1 (x - a) for J_min < x < J_max, -m_0 (x - 1) beyond",
        "J_min = a m_1/(m_0 + m_1), J_max = (m_0 + a m_1)/(m_0 + m_1)",
        "x rises through d: spike",
    ),
    sources=(
        Source(
            "Courbage M, Nekorkin VI, Vdovin LV",
            2007,
            "Chaotic oscillations in a map-based model of neural activity",
            "Chaos 17:043109",
            "10.1063/1.2795435",
            "equations 3 to 5, figure 4",
        ),
    ),
    step=_courbage_nekorkin,
    aliases=("CourageNekorkinMapNeuron",),
    spike=Threshold("x", "d"),
    output="x",
    current_unit="1",
    current=0.03,
    duration=5000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _cazelles(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    x = xp.maximum(s.x, 0.0)
    rising = xp.where(x < p.x_1, p.a_1 + p.b_1 * x, p.a_2 + p.b_2 * x)
    falling = xp.where(x < p.x_3, p.a_3 + p.b_3 * x, p.a_4 + p.b_4 * x)
    return {"x": xp.where(x < p.x_2, rising, falling) + p.alpha * x**2 + current}


# The paper looks at the times of bursts; here the jumps within them are spikes. It has no current,
# and its map begins at x = 0; where a negative current drives x below, the map is level.
CAZELLES = Model(
    name="CazellesMapNeuron",
    family="map",
    title="Bursting map of four straight pieces",
    # no rest: x grows slowly from here, as in figure 1
    states=(State("x", 0.1, "1", "membrane potential"),),
    params=(
        Param("x_1", 0.4, "1", 0.0, 1.0, "end of the slow piece"),
        Param("x_2", 0.6, "1", 0.0, 1.0, "end of the piece that jumps up"),
        Param("x_3", 0.7, "1", 0.0, 1.0, "end of the piece that ends the burst"),
        Param("a_1", 0.0, "1", -10.0, 10.0, "offset of the slow piece"),
        Param("a_2", 1.5, "1", -10.0, 10.0, "offset of the piece that jumps up"),
        Param("a_3", -0.9, "1", -10.0, 10.0, "offset of the piece that ends the burst"),
        Param("a_4", 1.4, "1", -10.0, 10.0, "offset of the piece that jumps down"),
        Param("b_1", 1.05, "1", -10.0, 10.0, "slope of the slow piece"),
        Param("b_2", -1.25, "1", -10.0, 10.0, "slope of the piece that jumps up"),
        Param("b_3", 1.5, "1", -10.0, 10.0, "slope of the piece that ends the burst"),
        Param("b_4", -1.0, "1", -10.0, 10.0, "slope of the piece that jumps down"),
        Param("alpha", 0.0, "1", 0.0, 1.0, "what bends the pieces"),
    ),
    equations=(
        "x' = a_i + b_i x + alpha x² + I",
        "i = 1 for x < x_1, 2 for x < x_2, 3 for x < x_3, 4 beyond; x < 0 counts as 0",
        "x rises through x_3: spike",
    ),
    sources=(
        Source(
            "Cazelles B, Courbage M, Rabinovich M",
            2001,
            "Anti-phase regularization of coupled chaotic maps modelling bursting neurons",
            "Europhys Lett 56:504-509",
            "10.1209/epl/i2001-00548-y",
            "equation 1, figure 1",
        ),
    ),
    step=_cazelles,
    spike=Threshold("x", "x_3"),
    output="x",
    current_unit="1",
    current=0.0,
    duration=2000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
    without_input="bursts, chaotically",
)


def _ktz(xp: Any, s: Values, p: Values, u: Array) -> dict[str, Array]:
    return {"x": u, "y": s.x, "z": (1.0 - p.delta) * s.z - p.lam * (s.x - p.x_R)}


def _ktz_tanh(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    return _ktz(xp, s, p, xp.tanh((s.x - p.K * s.y + s.z + p.H + current) / p.T))


def _ktz_logistic(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    u = (s.x - p.K * s.y + s.z + p.H + current) / p.T
    return _ktz(xp, s, p, u / (1.0 + xp.abs(u)))


_KTZ_2017 = Source(
    "Girardi-Schappo M, Bortolotto GS, Stenzinger RV, Gonsalves JJ, Tragtenberg MHR",
    2017,
    "Phase diagrams and dynamics of a computationally efficient map-based neuron model",
    "PLoS ONE 12(3):e0174621",
    "10.1371/journal.pone.0174621",
    "parameters from the program that goes with it, PerformanceMapNeuron",
)

# Excitable at the defaults.
KTZ = Model(
    name="KTzMapNeuron",
    family="map",
    title="Map of a perceptron with memory and a slow current",
    # rest without current
    states=(
        State("x", -0.6717116617084296, "1", "membrane potential"),
        State("y", -0.6717116617084296, "1", "membrane potential one iteration ago"),
        State("z", -0.0161647647380404, "1", "slow current"),
    ),
    params=(
        Param("K", 0.6, "1", 0.0, 10.0, "weight of the past potential"),
        Param("T", 0.35, "1", 0.001, 10.0, "inverse gain"),
        Param("delta", 0.007, "1", 0.0, 1.0, "decay of the slow current"),
        Param("lam", 0.004, "1", 0.0, 1.0, "growth of the slow current, the paper's lambda"),
        Param("x_R", -0.7, "1", -2.0, 2.0, "potential at which the slow current reverses"),
        Param("H", 0.0, "1", -10.0, 10.0, "constant bias"),
    ),
    equations=(
        "x' = tanh((x - K y + z + H + I)/T)",
        "y' = x",
        "z' = (1 - delta) z - lambda (x - x_R)",
        "x rises through 0: spike",
    ),
    sources=(
        Source(
            "Kuva SM, Lima GF, Kinouchi O, Tragtenberg MHR, Roque AC",
            2001,
            "A minimal model for excitable and bursting elements",
            "Neurocomputing 38-40:255-261",
            "10.1016/S0925-2312(01)00376-9",
            "the map",
        ),
        _KTZ_2017,
    ),
    step=_ktz_tanh,
    presets=(
        Preset(
            name="bursting",
            title="Bursts without current",
            params={"delta": 0.001, "lam": 0.001, "x_R": -0.5},
            init={"x": 0.0, "y": 0.0, "z": 0.0},
            current=0.0,
            duration=4000.0,
            source="Program of Girardi-Schappo et al. 2017, bursting",
        ),
    ),
    spike=Threshold("x", 0.0),
    output="x",
    current_unit="1",
    current=0.06,
    duration=2000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)

KTZ_LOGISTIC = Model(
    name="KTzLogisticMapNeuron",
    family="map",
    title="Map of a perceptron with memory, without transcendental functions",
    # rest without current
    states=(
        State("x", -0.3458236433584459, "1", "membrane potential"),
        State("y", -0.3458236433584459, "1", "membrane potential one iteration ago"),
        State("z", -0.0308352713283108, "1", "slow current"),
    ),
    params=(
        Param("K", 0.6, "1", 0.0, 10.0, "weight of the past potential"),
        Param("T", 0.32, "1", 0.001, 10.0, "inverse gain"),
        Param("delta", 0.05, "1", 0.0, 1.0, "decay of the slow current"),
        Param("lam", 0.01, "1", 0.0, 1.0, "growth of the slow current, the paper's lambda"),
        Param("x_R", -0.5, "1", -2.0, 2.0, "potential at which the slow current reverses"),
        Param("H", 0.0, "1", -10.0, 10.0, "constant bias"),
    ),
    equations=(
        "x' = f((x - K y + z + H + I)/T), f(u) = u/(1 + |u|)",
        "y' = x",
        "z' = (1 - delta) z - lambda (x - x_R)",
        "x rises through 0: spike",
    ),
    sources=(_KTZ_2017,),
    step=_ktz_logistic,
    presets=(
        Preset(
            name="bursting",
            title="Bursts without current",
            params={"T": 0.3, "delta": 0.001, "lam": 0.003, "x_R": -0.3, "H": 0.2},
            init={"x": -0.2, "y": -0.2, "z": -0.2},
            current=0.0,
            duration=4000.0,
            source="Program of Girardi-Schappo et al. 2017, bursting",
        ),
    ),
    spike=Threshold("x", 0.0),
    output="x",
    current_unit="1",
    current=0.1,
    duration=500.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
