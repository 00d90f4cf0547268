"""Characterize AdEx (200 ms, dt 0.1 ms) over the socket, beside plain Python.

The plain loop does the same work one run after the other: the default run, the rheobase by
bisection to 1 %, 20 currents, two runs for each of ten parameters. Rates, f-I curve and
sensitivity must be the same, the rheobase within 1 %, before any time counts.

    python benchmarks/bench_characterize.py [--rounds 7]
"""

from __future__ import annotations

import argparse
from inspect import signature
from typing import Any, NamedTuple

from measure import in_process, ms, over_socket, ratio, server, timed
from plain import adex

CONFIG: dict[str, Any] = {"name": "AdExNeuron", "current": 0.8, "duration": 200.0, "dt": 0.1}
PARAMS = {name: each.default for name, each in signature(adex).parameters.items()}
del PARAMS["current"]


class Answer(NamedTuple):
    """What every way must find."""

    rate: float
    fi_rates: list[float]
    sensitivity: dict[str, tuple[float, float]]


def plain_rate(current: float, **changes: float) -> float:
    """The firing rate of one AdEx neuron, Hz, in plain Python."""
    return adex(current, **changes) / 0.2


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
