"""The 225-simulation heatmap: the kernel alone and end to end over the socket, beside plain Python.

The plain loop runs one column after the other, with the same equations flattened by hand into local
variables. Both must find the same spikes, cell by cell, before any time counts. Rounds alternate,
so that a machine that changes its pace changes it for all; medians and their ratios are printed.

    python benchmarks/bench_heatmap.py [--rounds 7] [--case adex|hodgkin-huxley]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1
from statistics import median
from typing import Any

from measure import in_process, ms, over_socket, ratio, server, timed

AXES = {"x_steps": 15, "y_steps": 15}
ADEX: dict[str, Any] = {
    "name": "AdExNeuron",
    "param_x": "a",
    "x_min": 0.0,
    "x_max": 8.0,
    "param_y": "b",
    "y_min": 0.0,
    "y_max": 0.16,
    "current": 0.8,
    "duration": 200.0,
    "dt": 0.1,
    "integrator": "euler",
    **AXES,
}
HODGKIN_HUXLEY: dict[str, Any] = {
    "name": "HodgkinHuxleyNeuron",
    "param_x": "current",
    "x_min": 0.0,
    "x_max": 20.0,
    "param_y": "g_Na",
    "y_min": 60.0,
    "y_max": 180.0,
    "duration": 100.0,
    "dt": 0.01,
    "integrator": "euler",
    **AXES,
}


def plain_adex(a: float, b: float) -> int:
    """Spikes of one AdEx neuron, in plain Python."""
    C, g_L, E_L, V_T, Delta_T, tau_w = 281.0, 30.0, -70.6, -50.4, 2.0, 144.0
    V_r, V_peak, current, dt = -70.6, 20.0, 0.8, 0.1
    V, w, n_spikes = E_L, 0.0, 0
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


def plain_hodgkin_huxley(current: float, g_Na: float) -> int:
    """Spikes of one Hodgkin-Huxley neuron, in plain Python."""
    g_K, g_L, E_Na, E_K, E_L, dt = 36.0, 0.3, 50.0, -77.0, -54.387, 0.01
    V, m, h, n, n_spikes = -65.0, 0.0529325, 0.5961208, 0.3176769, 0
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


@dataclass(frozen=True)
class Case:
    """A heatmap and its plain Python twin for one cell."""

    title: str
    config: dict[str, Any]
    plain: Callable[[float, float], int]


CASES = {
    "adex": Case("AdEx, 2 000 steps", ADEX, plain_adex),
    "hodgkin-huxley": Case("Hodgkin-Huxley, 10 000 steps", HODGKIN_HUXLEY, plain_hodgkin_huxley),
}


def run_kernel(case: Case, engine: str) -> list[list[int]]:
    """The sweep in this process."""
    result = in_process("heatmap", {**case.config, "engine": engine})
    counts: list[list[int]] = result.metrics["spike_count"]
    return counts


def run_plain(case: Case) -> list[list[int]]:
    """The sweep as a loop over its cells."""
    x, y = ([_point(case.config, axis, i) for i in range(15)] for axis in "xy")
    return [[case.plain(a, b) for a in x] for b in y]


def _point(config: dict[str, Any], axis: str, i: int) -> float:
    low, high, steps = (config[f"{axis}_{end}"] for end in ("min", "max", "steps"))
    return float(low + (high - low) * i / (steps - 1))


def measure(case: Case, port: int, rounds: int) -> None:
    """Check that all find the same spikes, then print medians and ratios."""
    expected = run_plain(case)
    for engine in ("numpy", "llvm"):
        assert run_kernel(case, engine) == expected, f"the {engine} kernel finds other spikes"
    cold = over_socket(port, "heatmap", case.config)
    assert cold.result["metrics"]["spike_count"] == expected, "the server finds other spikes"
    while over_socket(port, "heatmap", case.config).result["engine"] != "llvm":
        time.sleep(0.5)  # an idle worker compiles
    plain, on_numpy, compiled, answers = [], [], [], []
    for _ in range(rounds):
        plain.append(timed(run_plain, case)[1])
        on_numpy.append(timed(run_kernel, case, "numpy")[1])
        compiled.append(timed(run_kernel, case, "llvm")[1])
        answers.append(over_socket(port, "heatmap", case.config))
    last = [answer.last for answer in answers]
    over = median((end - k) * 1000 for end, k in zip(last, compiled, strict=True))
    print(f"{case.title}: 225 cells, {sum(map(sum, expected))} spikes, the same in all")
    print(f"  plain Python, cell by cell    {ms(plain)}")
    print(f"  numpy kernel, all cells       {ms(on_numpy)}   {ratio(plain, on_numpy)}")
    print(f"  compiled kernel, all cells    {ms(compiled)}   {ratio(plain, compiled)}")
    print(f"  over the socket, cold server  {ms([cold.last])}   {cold.result['engine']} engine")
    print(f"  over the socket, compiled     {ms(last)}   kernel {over:+.1f} ms")
    print(f"  over the socket, first frame  {ms([answer.first for answer in answers])}")


def main() -> None:
    """Measure the cases that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--case", choices=CASES, action="append")
    options = parser.parse_args()
    with server() as port:
        for name in options.case or CASES:
            measure(CASES[name], port, options.rounds)


if __name__ == "__main__":
    main()
