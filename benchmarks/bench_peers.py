"""Studio's engines beside C, compilers of arrays and other simulators, in one run.

Two models, 225 columns, spikes recorded: AdEx (200 ms, forward Euler of 0.1 ms) and Hodgkin and
Huxley's (100 ms, 0.01 ms). Each simulator runs in processes of its own, in turns; the least time of
all its turns counts. Those with forward Euler must find the same spikes; NEST and NEURON, which
have other solvers, as many to within 2 %. Writes docs/performance.md with its plot.

    make peers && .venv-peers/bin/python benchmarks/bench_peers.py [--turns 3] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from importlib import metadata
from math import log10
from pathlib import Path
from typing import NamedTuple

from measure import write_section

HERE = Path(__file__).resolve().parent

MODELS = {"adex": "AdEx", "hodgkin_huxley": "Hodgkin-Huxley"}
NAMES = {
    "llvm": "Studio, compiled",
    "c": "C, vectorized by hand",
    "numpy": "Studio, numpy",
    "scalar": "Studio, scalar",
    "jax": "jax, 64 bits",
    "numba": "numba",
    "brian2_standalone": "Brian2, C++ program",
    "brian2_cython": "Brian2, Cython",
    "nest": "NEST",
    "neuron": "NEURON",
    "python": "plain Python",
}
OTHER_SOLVERS = ("nest", "neuron")


class Timed(NamedTuple):
    """Seconds of a warm run and from a cold start to the first result, MB, spikes by column."""

    warm: float
    cold: float
    memory: float
    counts: list[int]


def main() -> None:
    """Check, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    tables = {model: measured(model, options.turns, options.rounds) for model in MODELS}
    text = "\n".join(table(model, peers) for model, peers in tables.items())
    print(text)
    (HERE.parent / "docs/performance.svg").write_text(plot(tables))
    write_section("peers", f"{text}\n{versions()}")


def measured(model: str, turns: int, rounds: int) -> dict[str, Timed]:
    """Every peer that has the model, after its spikes are right."""
    found: dict[str, Timed] = {}
    for _ in range(turns):
        for peer in NAMES:
            if (model, peer) == ("adex", "neuron"):
                continue  # it has no such model built in
            once = timed(peer, model, rounds)
            before = found.get(peer, once)
            warm, cold = min(once.warm, before.warm), min(once.cold, before.cold)
            found[peer] = Timed(warm, cold, max(once.memory, before.memory), once.counts)
            print(f"{model} {peer}: {once.warm * 1e3:.1f} ms", file=sys.stderr, flush=True)
    expected = found["python"].counts
    for peer, told in found.items():
        apart = abs(sum(told.counts) - sum(expected))
        if peer in OTHER_SOLVERS:
            assert apart <= 0.02 * sum(expected), f"{peer} counts {sum(told.counts)} spikes"
        elif peer == "c":  # it returns the sum alone
            assert told.counts == [sum(expected)], f"{peer} counts {told.counts} spikes"
        else:
            assert told.counts == expected, f"{peer} finds other spikes"
    return found


def timed(peer: str, model: str, rounds: int) -> Timed:
    """One process."""
    command = [sys.executable, HERE / "peers" / "speed.py", peer, model, str(rounds)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    line = json.loads(told.stdout.splitlines()[-1])
    return Timed(min(line["warm"]), line["cold"], line["memory"], line["counts"])


def table(model: str, peers: dict[str, Timed]) -> str:
    """One model's table, the fastest first."""
    ours = peers["llvm"].warm
    lines = [
        f"**{MODELS[model]}**, {sum(peers['python'].counts)} spikes\n",
        "| | warm run | times Studio's | first result | memory |",
        "|---|--:|--:|--:|--:|",
    ]
    for peer, told in sorted(peers.items(), key=lambda item: item[1].warm):
        lines.append(
            f"| {NAMES[peer]} | {told.warm * 1e3:.1f} ms | {told.warm / ours:.2f} "
            f"| {told.cold:.2f} s | {told.memory:.0f} MB |"
        )
    return "\n".join([*lines, ""])


def versions() -> str:
    """What ran."""
    known = ("llvmlite", "numpy", "jax", "numba", "brian2", "nest-simulator", "neuron")
    told = ", ".join(f"{name} {metadata.version(name)}" for name in known)
    return f"Python {platform.python_version()}, {told}."


def plot(tables: dict[str, dict[str, Timed]]) -> str:
    """Bars of warm times on a logarithmic axis, from 0.1 ms to 10 s."""
    bar, gap, left, decade = 16, 34, 190, 100
    lines, y = [], 10
    for model, peers in tables.items():
        lines.append(f'<text x="{left}" y="{y + 14}" class="head">{MODELS[model]}</text>')
        y += 22
        for peer, told in sorted(peers.items(), key=lambda item: item[1].warm):
            width = decade * max(0.0, _decades(told.warm))
            kind = "ours" if NAMES[peer].startswith("Studio") else "peer"
            lines += [
                f'<text x="{left - 8}" y="{y + 12}" class="name">{NAMES[peer]}</text>',
                f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{bar - 3}" class="{kind}"/>',
                f'<text x="{left + width + 5:.1f}" y="{y + 12}">{told.warm * 1e3:.3g} ms</text>',
            ]
            y += bar
        y += gap - bar
    style = (
        "text{font:12px sans-serif;fill:#777}.name{text-anchor:end}.head{font-weight:bold}"
        ".ours{fill:#1f77b4}.peer{fill:#bbb}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + 5 * decade + 90} {y}">'
    return "\n".join([head, f"<style>{style}</style>", *lines, "</svg>\n"])


def _decades(seconds: float) -> float:
    return log10(seconds / 1e-4)


if __name__ == "__main__":
    main()
