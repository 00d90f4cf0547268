"""How few evaluations a campaign needs, beside BoTorch, Optuna and a Sobol sequence.

Each sampler starts from the same initial design (10 points, 12 in five dimensions) and proposes 20
batches of 5, with several seeds. What counts is the share of the largest hypervolume (0 to 1, the
mean over seeds) or, for one objective, the distance from the minimum; then the seconds that the
last proposal takes, training included. Those that are not installed are left out. With --late only
that last proposal is made, at 110 points of a Sobol design: BoTorch takes hours otherwise. Each
problem has a table of its own in docs/performance.md, so that they may be run one by one.

    make peers && .venv-peers/bin/python benchmarks/bench_campaign.py [--seeds 5] [--samplers ...]
        [--problems ...] [--late]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

from measure import write_section
from problems import PROBLEMS, Problem

PEER = Path(__file__).resolve().parent / "peers" / "campaign.py"
NAMES = {
    "studio": "Studio",
    "botorch": "BoTorch qLogNEHVI, qLogNEI",
    "optuna_gp": "Optuna, Gaussian process",
    "optuna_tpe": "Optuna, TPE",
    "sobol": "Sobol sequence",
}
NEEDS = {"botorch": "botorch", "optuna_gp": "torch", "optuna_tpe": "optuna"}
BATCHES = 20
LATE = 100


class Run(NamedTuple):
    """What one sampler reached with one seed, and the seconds of its last proposal."""

    reached: float
    seconds: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--samplers", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--problems", nargs="+", choices=PROBLEMS, default=list(PROBLEMS))
    parser.add_argument("--late", action="store_true")
    options = parser.parse_args()
    batches, sampled = (1, LATE) if options.late else (BATCHES, 0)
    samplers = [name for name in options.samplers if find_spec(NEEDS.get(name, "json"))]
    late = ["| problem | | proposal at 110 points |\n|---|---|--:|"]
    for problem in options.problems:
        table = [heading(PROBLEMS[problem], options.seeds)]
        for name in samplers:
            if name == "optuna_gp" and PROBLEMS[problem].reference:
                continue  # its peers for several objectives are the others
            runs = [run(name, problem, seed, batches, sampled) for seed in range(options.seeds)]
            table.append(row(NAMES[name], runs, maximised=bool(PROBLEMS[problem].reference)))
            print(f"{problem}: {table[-1]}", flush=True)
            late.append(f"| {problem} | {NAMES[name]} | {runs[0].seconds:.2f} s |")
        if not options.late:
            write_section(f"campaign {problem}", "\n".join(table))
    if options.late:
        write_section("campaign late", "\n".join(late))


def heading(problem: Problem, seeds: int) -> str:
    """The head of a problem's table."""
    unit = "share of the hypervolume" if problem.reference else "distance from the minimum"
    columns = f"{unit}, mean of {seeds} seeds | worst | last proposal |"
    return f"| | {columns}\n|---|--:|--:|--:|"


def row(name: str, runs: list[Run], *, maximised: bool) -> str:
    """One sampler's line."""
    reached = [each.reached for each in runs]
    worst = min(reached) if maximised else max(reached)
    style = ".4f" if maximised else ".2g"
    seconds = median(each.seconds for each in runs)
    return f"| {name} | {mean(reached):{style}} | {worst:{style}} | {seconds:.2f} s |"


def run(name: str, problem: str, seed: int, batches: int, sampled: int) -> Run:
    """One process."""
    command = [sys.executable, str(PEER), name, problem, str(seed), str(batches), str(sampled)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    line = json.loads(told.stdout.splitlines()[-1])
    return Run(line["reached"][-1], line["seconds"][-1])


if __name__ == "__main__":
    main()
