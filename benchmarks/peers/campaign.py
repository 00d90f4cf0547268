"""One sampler on one problem: how much hypervolume (or regret) its proposals reach, and how fast.

A process of its own for each, so that nobody's memory and threads count for another.

    python benchmarks/peers/campaign.py SAMPLER PROBLEM SEED BATCHES SAMPLED     prints JSON

SAMPLED points more than the usual design come first, for a look at late proposals alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

# one thread for each, as in a slot; to be said before numpy is imported
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402
from problems import PROBLEMS, Floats, Problem  # noqa: E402

from kernels.optimise.design import initial_design, sobol  # noqa: E402
from kernels.optimise.pareto import hypervolume  # noqa: E402
from kernels.optimise.propose import Task, propose  # noqa: E402
from kernels.optimise.space import Space, continuous  # noqa: E402
from kernels.optimise.surrogate import train  # noqa: E402

Q = 5
Sampler = Callable[[Floats, Floats, int], Floats]
"""Rows and values so far and the iteration, to the next rows."""


def studio(problem: Problem, seed: int) -> Sampler:
    """Gaussian processes, exact (E)HVI, kriging believer."""
    space = cube(problem)

    def following(rows: Floats, values: Floats, iteration: int) -> Floats:
        rng = np.random.default_rng([seed, iteration])
        m = values.shape[1]
        surrogates = [train(space, rows, values[:, k], rng) for k in range(m)]
        task = Task(m, np.array(problem.reference or [0.0]), np.full(m, np.inf))
        return propose(space, surrogates, task, rows, Q, rng).rows

    return following


def random(problem: Problem, seed: int) -> Sampler:
    """A Sobol sequence, whatever was seen."""
    everything = sobol(1024, problem.width, np.random.default_rng([seed, 1]))
    return lambda rows, values, iteration: everything[Q * (iteration - 1) : Q * iteration]


def botorch(problem: Problem, seed: int) -> Sampler:
    """qLogNEHVI, or qLogNEI for one objective, as BoTorch's own tutorials set it up."""
    import torch
    from botorch.acquisition.logei import qLogNoisyExpectedImprovement
    from botorch.acquisition.multi_objective.logei import (
        qLogNoisyExpectedHypervolumeImprovement,
    )
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import ModelListGP, SingleTaskGP
    from botorch.models.transforms import Standardize
    from botorch.optim import optimize_acqf
    from botorch.sampling import SobolQMCNormalSampler
    from gpytorch.mlls import SumMarginalLogLikelihood

    torch.set_num_threads(1)
    bounds = torch.tensor([[0.0] * problem.width, [1.0] * problem.width], dtype=torch.double)

    def following(rows: Floats, values: Floats, iteration: int) -> Floats:
        torch.manual_seed(1000 * seed + iteration)
        x, y = torch.tensor(rows), torch.tensor(-values)
        each = [
            SingleTaskGP(x, y[:, k : k + 1], outcome_transform=Standardize(1))
            for k in range(y.shape[1])
        ]
        model = ModelListGP(*each) if len(each) > 1 else each[0]
        if len(each) > 1:
            fit_gpytorch_mll(SumMarginalLogLikelihood(model.likelihood, model))
        else:
            from gpytorch.mlls import ExactMarginalLogLikelihood

            fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        sampler = SobolQMCNormalSampler(sample_shape=torch.Size([128]))
        acquisition: Any
        if len(each) > 1:
            acquisition = qLogNoisyExpectedHypervolumeImprovement(
                model=model,
                ref_point=[-value for value in problem.reference],
                X_baseline=x,
                prune_baseline=True,
                sampler=sampler,
            )
        else:
            acquisition = qLogNoisyExpectedImprovement(
                model=model, X_baseline=x, prune_baseline=True, sampler=sampler
            )
        found, _ = optimize_acqf(
            acq_function=acquisition,
            bounds=bounds,
            q=Q,
            num_restarts=10,
            raw_samples=512,
            options={"batch_limit": 5, "maxiter": 200},
            sequential=True,
        )
        return np.asarray(found.detach().numpy())

    return following


def optuna_of(kind: str) -> Callable[[Problem, int], Sampler]:
    """Optuna's TPE or Gaussian process sampler, told all that was seen, asked for a batch."""

    def make(problem: Problem, seed: int) -> Sampler:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        names = [f"x{k}" for k in range(problem.width)]
        uniform = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in names}
        sampler = (
            optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
            if kind == "tpe"
            else optuna.samplers.GPSampler(seed=seed, n_startup_trials=problem.n_initial)
        )
        study = optuna.create_study(
            directions=["minimize"] * max(len(problem.reference), 1), sampler=sampler
        )
        told = 0

        def following(rows: Floats, values: Floats, iteration: int) -> Floats:
            nonlocal told
            for row, value in zip(rows[told:].tolist(), values[told:].tolist(), strict=True):
                study.add_trial(
                    optuna.trial.create_trial(
                        params=dict(zip(names, row, strict=True)),
                        distributions=uniform,
                        values=value,
                    )
                )
            told = len(rows)
            asked = [study.ask(uniform) for _ in range(Q)]
            found = np.array([[trial.params[name] for name in names] for trial in asked])
            for trial in asked:  # it comes back as a trial that was told
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            return found

        return following

    return make


SAMPLERS: dict[str, Callable[[Problem, int], Sampler]] = {
    "studio": studio,
    "botorch": botorch,
    "optuna_gp": optuna_of("gp"),
    "optuna_tpe": optuna_of("tpe"),
    "sobol": random,
}


def cube(problem: Problem) -> Space:
    """The unit cube as a design space."""
    return Space([continuous(f"x{k}", 0.0, 1.0) for k in range(problem.width)])


def quality(problem: Problem, values: Floats) -> float:
    """Share of the largest hypervolume, or regret."""
    if not problem.reference:
        return float(values.min()) - problem.best
    return hypervolume(values, np.array(problem.reference)) / problem.best


def main() -> None:
    """Run once and print."""
    name, which = sys.argv[1:3]
    seed, batches, sampled = map(int, sys.argv[3:6])
    problem = PROBLEMS[which]
    # the same initial design for all
    rng = np.random.default_rng([seed, 0])
    rows = initial_design(cube(problem), problem.n_initial + sampled, rng)
    values = problem.function(rows)
    sampler = SAMPLERS[name](problem, seed)
    reached, seconds = [], []
    for iteration in range(1, batches + 1):
        begun = time.perf_counter()
        following = sampler(rows, values, iteration)
        seconds.append(time.perf_counter() - begun)
        rows = np.vstack([rows, following])
        values = np.vstack([values, problem.function(following)])
        reached.append(quality(problem, values))
    print(json.dumps({"reached": reached, "seconds": seconds}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
