"""What clients ask for: one seeded generator of operations, and the configurations they run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]

_X: Plain = {"param_x": "a", "x_min": 0.0, "x_max": 8.0}
_Y: Plain = {"param_y": "b", "y_min": 0.0, "y_max": 0.16}
_NOISE: Plain = {"kind": "noise", "mean": 0.6, "std": 0.4, "tau": 5.0}
MEMBRANE: Plain = {
    "name": "membrane",
    "domain": "water_membrane",
    "parameters": [
        {"name": "active_layer_thickness", "type": "continuous", "bounds": [50, 400]},
        {"name": "water_permeability", "type": "continuous", "bounds": [5, 200], "log_scale": True},
    ],
    "objectives": [
        {"name": "water_flux", "direction": "maximize", "reference": 0},
        {"name": "salt_rejection", "direction": "maximize", "reference": 50},
    ],
}


@dataclass(frozen=True)
class Operation:
    """One thing that a client does, `pause` seconds after the one before.

    how: socket (run and watch), submit (a named request, then Server-Sent Events), post (one HTTP
        request that waits for the result), attach (watch another's job), campaign
    act: what the client does `after` seconds later: cancel, break (lose the connection, and come
        back), leave (for good; its job is not to go on without it), or nothing
    """

    n: int
    client: int
    pause: float
    how: str
    op: str = ""
    config: Plain = field(default_factory=dict)
    act: str = ""
    after: float = 0.0


def operations(rng: random.Random, n_clients: int, mean_pause: float) -> Iterator[Operation]:
    """Operations without end, each for one of the clients."""
    n = 0
    while True:
        how = _one(rng, {"socket": 10, "submit": 5, "post": 2, "attach": 2, "campaign": 1})
        act = ""
        if how == "campaign":
            op, config = "campaign", campaign(rng)
            act = _one(rng, {"": 5, "cancel": 1})
        elif how == "attach":
            op, config = "", {}
        else:
            op, config = work(rng)
            if how == "socket":
                act = _one(rng, {"": 5, "cancel": 3, "break": 3, "leave": 1})
            elif how == "submit":
                act = _one(rng, {"": 4, "cancel": 1})
            config = {**config, "detached": act != "leave"}
        pause, after = rng.expovariate(1 / mean_pause), max(0.0, rng.uniform(-0.3, 1.5))
        yield Operation(n, n % n_clients, min(pause, 3.0), how, op, config, act, after)
        n += 1


def _one(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def work(rng: random.Random) -> tuple[str, Plain]:
    """An operation and its configuration, of some thirty; engines are named, so that equal requests
    have equal answers to the last bit."""
    op = _one(rng, {"heatmap": 6, "simulate": 6, "characterize": 3, "scan": 1})
    config: Plain = {"fresh": rng.random() < 0.8, "seed": rng.randrange(3)}
    if op == "heatmap":
        engine, duration, side = rng.choice(
            [("scalar", 400, 6), ("scalar", 400, 20), ("numpy", 2000, 30), ("llvm", 2000, 60)]
        )
        config |= {"name": "AdExNeuron", "current": 0.8, "duration": duration, "engine": engine}
        config |= {**_X, **_Y, "x_steps": side, "y_steps": side}
    elif op == "simulate":
        config |= rng.choice(
            [
                {"name": "LapicqueNeuron", "duration": 200_000, "dt": 1.0, "engine": "scalar"},
                {"name": "HodgkinHuxleyNeuron", "duration": 2_000, "engine": "llvm"},
                {"name": "AdExNeuron", "duration": 500, "stimulus": _NOISE, "trials": 20}
                | {"engine": "numpy"},
            ]
        )
    elif op == "characterize":
        config |= {"name": "AdExNeuron", "current": 0.8, "engine": rng.choice(["scalar", "llvm"])}
    else:
        config |= {"duration": 5, "engine": "scalar", "seed": 0}
    return op, config


def campaign(rng: random.Random) -> Plain:
    """A small campaign, of a few."""
    plan = {"max_iterations": 2, "batch_size": 2, "initial_samples": 4, "seed": rng.randrange(3)}
    return {**MEMBRANE, "campaign": {**plan, "convergence": {"patience": 0}}}


def hog(rng: random.Random) -> tuple[str, Plain]:
    """A request that is taken in, and then needs more memory than a worker may have."""
    config: Plain = {"name": "LapicqueNeuron", "current": 100.0, "trials": 1000, "fresh": True}
    config |= {"duration": 200_000, "dt": 1.0, "engine": rng.choice(["numpy", "llvm"])}
    return "simulate", config
