"""Neurons in plain Python, flattened by hand into local variables, to hold the others against.

It imports next to nothing, since the peers are timed from the start of their process.
"""

from __future__ import annotations

from math import exp, expm1

HH_START = (-65.0, 0.0529325, 0.5961208, 0.3176769)


def adex(
    current: float,
    C: float = 281.0,
    g_L: float = 30.0,
    E_L: float = -70.6,
    V_T: float = -50.4,
    Delta_T: float = 2.0,
    tau_w: float = 144.0,
    a: float = 4.0,
    b: float = 0.0805,
    V_r: float = -70.6,
    V_peak: float = 20.0,
) -> int:
    """Spikes of one AdEx neuron in 2 000 steps of 0.1 ms."""
    V, w, n_spikes, dt = E_L, 0.0, 0, 0.1
    for _ in range(2000):
        from_rest = V - E_L
        dV = (g_L * (Delta_T * exp((V - V_T) / Delta_T) - from_rest) + 1000.0 * (current - w)) / C
        w += dt * (0.001 * a * from_rest - w) / tau_w
        V += dt * dV
        if V >= V_peak:
            V = V_r
            w += b
            n_spikes += 1
    return n_spikes


def hodgkin_huxley(current: float, g_Na: float = 120.0) -> int:
    """Spikes of one Hodgkin-Huxley neuron in 10 000 steps of 0.01 ms."""
    g_K, g_L, E_Na, E_K, E_L, dt = 36.0, 0.3, 50.0, -77.0, -54.387, 0.01
    V, m, h, n = HH_START
    n_spikes = 0
    for _ in range(10_000):
        I_Na = g_Na * m * m * m * h * (V - E_Na)
        dV = current - I_Na - g_K * n * n * n * n * (V - E_K) - g_L * (V - E_L)
        x, y = (V + 40.0) / -10.0, (V + 55.0) / -10.0
        alpha_m = x / expm1(x) if x else 1.0
        alpha_n = 0.1 * (y / expm1(y)) if y else 0.1
        alpha_h = 0.07 * exp((V + 65.0) / -20.0)
        m += dt * (alpha_m * (1.0 - m) - 4.0 * exp((V + 65.0) / -18.0) * m)
        h += dt * (alpha_h * (1.0 - h) - h / (1.0 + exp((V + 35.0) / -10.0)))
        n += dt * (alpha_n * (1.0 - n) - 0.125 * exp((V + 65.0) / -80.0) * n)
        before, V = V, V + dt * dV
        n_spikes += before < 0.0 <= V
    return n_spikes
