"""Continuous-time neurons of machine learning whose input sets their time constant."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values
from kernels.neurons.models.learning import sigmoid

# All weights are learned. Those here are no result of training: ones without bias, and a head of
# the closed form turned around where two equal ones would hide the gate between them.


def _gate(xp: Any, s: Values, p: Values, current: Array) -> Array:
    return sigmoid(xp, p.gamma_r * s.x + p.gamma * current + p.mu)


def _ltc(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    f = _gate(xp, s, p, current)
    tau_sys = p.tau / (1.0 + p.tau * f)
    return {"x": Relax(f * p.A * tau_sys, tau_sys)}


LIQUID_TIME_CONSTANT = Model(
    name="LiquidTimeConstantNeuron",
    family="learning",
    title="Liquid time-constant neuron",
    states=(State("x", 0.0, "1", "hidden state"),),
    params=(
        Param("tau", 1.0, "1", 0.001, 1000.0, "time constant without input"),
        Param("A", 1.0, "1", -100.0, 100.0, "value that the input draws x to"),
        Param("gamma_r", 1.0, "1", -100.0, 100.0, "recurrent weight"),
        Param("gamma", 1.0, "1", -100.0, 100.0, "input weight"),
        Param("mu", 0.0, "1", -100.0, 100.0, "bias"),
    ),
    equations=(
        "dx/dt = -(1/tau + f) x + f A",
        "f = sigma(gamma_r x + gamma I + mu), sigma(z) = 1 / (1 + exp(-z))",
        "that is a time constant tau_sys = tau / (1 + tau f)",
    ),
    sources=(
        Source(
            "Hasani R, Lechner M, Amini A, Rus D, Grosu R",
            2021,
            "Liquid time-constant networks",
            "Proc AAAI Conf Artif Intell 35:7657-7666",
            "10.1609/aaai.v35i9.16936",
            "equation 1 for a single neuron, with a sigmoidal network of one layer for f",
        ),
    ),
    derivatives=_ltc,
    rate=lambda xp, s, p: s.x,
    rate_unit="1",
    output="x",
    current_unit="1",
    current=1.0,
    duration=20.0,
    dt=0.01,
    integrator="rk4",
    time_unit="1",
    without_input="settles at what its bias gives; it starts at 0",
)


def _cfc(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    f = p.f_x * s.x + p.f_I * current + p.f_b
    g = xp.tanh(p.g_x * s.x + p.g_I * current + p.g_b)
    h = xp.tanh(p.h_x * s.x + p.h_I * current + p.h_b)
    gate = sigmoid(xp, -f * p.t)
    return {"x": gate * g + (1.0 - gate) * h}


CLOSED_FORM = Model(
    name="ClosedFormContinuousNeuron",
    family="learning",
    title="Closed-form continuous-time neuron",
    states=(State("x", 0.0, "1", "hidden state"),),
    params=(
        Param("t", 1.0, "1", 0.0, 1000.0, "time between two inputs"),
        Param("f_x", 1.0, "1", -100.0, 100.0, "recurrent weight of the time constant"),
        Param("f_I", 1.0, "1", -100.0, 100.0, "input weight of the time constant"),
        Param("f_b", 0.0, "1", -100.0, 100.0, "bias of the time constant"),
        Param("g_x", -1.0, "1", -100.0, 100.0, "recurrent weight of the beginning"),
        Param("g_I", -1.0, "1", -100.0, 100.0, "input weight of the beginning"),
        Param("g_b", 0.0, "1", -100.0, 100.0, "bias of the beginning"),
        Param("h_x", 1.0, "1", -100.0, 100.0, "recurrent weight of the end"),
        Param("h_I", 1.0, "1", -100.0, 100.0, "input weight of the end"),
        Param("h_b", 0.0, "1", -100.0, 100.0, "bias of the end"),
    ),
    equations=(
        "x' = sigma(-f t) g + (1 - sigma(-f t)) h, sigma(z) = 1 / (1 + exp(-z))",
        "f = f_x x + f_I I + f_b",
        "g = tanh(g_x x + g_I I + g_b), h = tanh(h_x x + h_I I + h_b)",
    ),
    sources=(
        Source(
            "Hasani R, Lechner M, Amini A, Liebenwein L, Ray A, Tschaikowski M, Teschl G, Rus D",
            2022,
            "Closed-form continuous-time neural networks",
            "Nat Mach Intell 4:992-1003",
            "10.1038/s42256-022-00556-7",
            "the gated closed form, with networks of one layer for f, g and h",
        ),
    ),
    step=_cfc,
    rate=lambda xp, s, p: s.x,
    rate_unit="1",
    output="x",
    current_unit="1",
    current=1.0,
    duration=100.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
