"""Characterize AdEx (200 ms, dt 0.1 ms) over the socket, beside plain Python.

The plain loop does the same work one run after the other: the default run, the rheobase by
bisection to 1 %, 20 currents, two runs for each of ten parameters. Rates, f-I curve and
sensitivity must be the same, the rheobase within 1 %, before any time counts.

    python benchmarks/bench_characterize.py [--rounds 7]
"""

from __future__ import annotations

import argparse
from math import exp
from typing import Any, NamedTuple

from measure import in_process, ms, over_socket, ratio, server, timed

CONFIG: dict[str, Any] = {"name": "AdExNeuron", "current": 0.8, "duration": 200.0, "dt": 0.1}
PARAMS = {
    "C": 281.0,
    "g_L": 30.0,
    "E_L": -70.6,
    "V_T": -50.4,
    "Delta_T": 2.0,
    "tau_w": 144.0,
    "a": 4.0,
    "b": 0.0805,
    "V_r": -70.6,
    "V_peak": 20.0,
}


class Answer(NamedTuple):
    """What every way must find."""

    rate: float
    fi_rates: list[float]
    sensitivity: dict[str, tuple[float, float]]


def plain_rate(current: float, **changes: float) -> float:
    """The firing rate of one AdEx neuron, Hz, in plain Python."""
    p = {**PARAMS, **changes}
    C, g_L, E_L, V_T, Delta_T = p["C"], p["g_L"], p["E_L"], p["V_T"], p["Delta_T"]
    tau_w, a, b, V_r, V_peak = p["tau_w"], p["a"], p["b"], p["V_r"], p["V_peak"]
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
    return n_spikes / 0.2


def plain_rheobase() -> float:
    """The smallest current that fires, to 1 %, by bisection."""
    low, high = 0.0, 0.8
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if plain_rate(middle) else (middle, high)
    return high


def run_plain(fi_max: float) -> tuple[float, Answer]:
    """All of it, one run after the other."""
    rheobase = plain_rheobase()
    rates = [plain_rate(fi_max * i / 19) for i in range(20)]
    sensitivity = {}
    for name, value in PARAMS.items():
        change = abs(value) * 0.1
        ends = (value - change, value + change)
        sensitivity[name] = tuple(plain_rate(0.8, **{name: end}) for end in ends)
    return rheobase, Answer(plain_rate(0.8), rates, sensitivity)


def answer_of(result: dict[str, Any]) -> Answer:
    """The same of a result."""
    rows = {row["param"]: (row["rate_low"], row["rate_high"]) for row in result["sensitivity"]}
    return Answer(result["pattern"]["rate_hz"], result["fi_curve"]["rates"], rows)


def main() -> None:
    """Check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with server() as port:
        result = over_socket(port, "characterize", CONFIG).result
        fi_max = result["fi_curve"]["currents"][-1]
        rheobase, expected = run_plain(fi_max)
        assert answer_of(result) == expected, "the server finds other rates"
        assert abs(result["threshold_current"] / rheobase - 1) < 0.011, "another rheobase"
        plain, kernel, answers = [], [], []
        for _ in range(rounds):
            plain.append(timed(run_plain, fi_max)[1])
            kernel.append(timed(in_process, "characterize", CONFIG)[1])
            answers.append(over_socket(port, "characterize", CONFIG))
    last = [answer.last for answer in answers]
    rheobase, engine = result["threshold_current"], result["engine"]
    print(f"Characterize AdEx: rheobase {rheobase:.4f} nA, the same rates in all")
    print(f"  plain Python, run by run      {ms(plain)}")
    print(f"  kernels, {engine} engine        {ms(kernel)}   {ratio(plain, kernel)}")
    print(f"  over the socket, last frame   {ms(last)}   {ratio(plain, last)}")
    print(f"  over the socket, first frame  {ms([answer.first for answer in answers])}")


if __name__ == "__main__":
    main()
