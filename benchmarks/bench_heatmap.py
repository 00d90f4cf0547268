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
from statistics import median
from typing import Any

from measure import in_process, ms, over_socket, ratio, server, timed
from plain import adex, hodgkin_huxley

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


@dataclass(frozen=True)
class Case:
    """A heatmap and its plain Python twin for one cell."""

    title: str
    config: dict[str, Any]
    plain: Callable[..., int]


CASES = {
    "adex": Case("AdEx, 2 000 steps", ADEX, adex),
    "hodgkin-huxley": Case("Hodgkin-Huxley, 10 000 steps", HODGKIN_HUXLEY, hodgkin_huxley),
}


def run_kernel(case: Case, engine: str) -> list[list[int]]:
    """The sweep in this process."""
    result = in_process("heatmap", {**case.config, "engine": engine})
    counts: list[list[int]] = result.metrics["spike_count"]
    return counts


def run_plain(case: Case) -> list[list[int]]:
    """The sweep as a loop over its cells."""
    fixed = {name: case.config[name] for name in ("current",) if name in case.config}
    x, y = ([_point(case.config, axis, i) for i in range(15)] for axis in "xy")
    names = case.config["param_x"], case.config["param_y"]
    return [[case.plain(**dict(zip(names, (a, b), strict=True)), **fixed) for a in x] for b in y]


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
