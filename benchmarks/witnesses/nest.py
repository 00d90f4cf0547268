"""How a case runs in NEST: nodes of one built-in model under their own constant current."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np

from witnesses.witness import Case, crossings

with contextlib.redirect_stdout(io.StringIO()):  # a banner
    import nest

nest.verbosity = nest.VerbosityLevel.ERROR

EXACT = "NEST integrates it exactly; a spike is stamped with the end of its step, as Studio's"
KEPT = "what a step brings above the threshold is lost in a reset there, and kept in Studio"
ADAPTIVE = "NEST integrates with an adaptive step of GSL inside each step"


def _create(case: Case, model: str, params: dict[str, Any]) -> Any:
    nest.ResetKernel()
    nest.resolution = case.dt
    nest.rng_seed = 1
    if model.startswith("eprop"):  # it would put the neurons back to rest now and then
        nest.eprop_reset_neurons_on_update = False
    return nest.Create(model, case.trials, params=params)


def _run(case: Case) -> None:
    nest.Simulate(np.ceil(case.duration / case.dt) * case.dt)


def trials(case: Case, model: str, **params: Any) -> list[np.ndarray]:
    """The spike times of every node; what a device sends arrives at parrots a step later."""
    nodes = _create(case, model, params)
    recorder, shift = nest.Create("spike_recorder"), 0.0
    if nodes[0].element_type == "stimulator":
        parrots = nest.Create("parrot_neuron", case.trials)
        nest.Connect(nodes, parrots, "one_to_one", {"delay": case.dt})
        nodes, shift = parrots, case.dt
    nest.Connect(nodes, recorder, syn_spec={"delay": case.dt})
    _run(case)
    events = recorder.events
    ids, times = np.asarray(events["senders"]), np.asarray(events["times"]) - shift
    return [np.sort(times[ids == node]) for node in nodes.tolist()]


def spikes(case: Case, model: str, **params: Any) -> np.ndarray:
    """The spike times of one node."""
    return trials(case, model, **params)[0]


def bombarded(
    case: Case, model: str, times: np.ndarray, weight: float, **params: Any
) -> np.ndarray:
    """The spike times of one node that other spikes drive, each a step after its time."""
    node, recorder = _create(case, model, params), nest.Create("spike_recorder")
    generator = nest.Create("spike_generator", params={"spike_times": times})
    nest.Connect(generator, node, syn_spec={"delay": case.dt, "weight": weight})
    nest.Connect(node, recorder, syn_spec={"delay": case.dt})
    _run(case)
    return np.asarray(recorder.events["times"]) - case.dt


def driven(case: Case, model: str, current: float, **params: Any) -> np.ndarray:
    """The spike times of one node whose current comes from a generator, a step late."""
    node, recorder = _create(case, model, params), nest.Create("spike_recorder")
    generator = nest.Create("dc_generator", params={"amplitude": current})
    nest.Connect(generator, node, syn_spec={"delay": case.dt})
    nest.Connect(node, recorder, syn_spec={"delay": case.dt})
    _run(case)
    return np.asarray(recorder.events["times"]) - case.dt


def trajectory(
    case: Case, model: str, names: dict[str, str], **params: Any
) -> dict[str, np.ndarray]:
    """States under Studio's names at the beginning and after every step."""
    node = _create(case, model, params)
    first = {name: node.get(theirs) for name, theirs in names.items()}
    meter = nest.Create("multimeter", {"record_from": [*names.values()], "interval": case.dt})
    nest.Connect(meter, node, syn_spec={"delay": case.dt})
    nest.Simulate(np.ceil(case.duration / case.dt + 2) * case.dt)
    events = meter.events
    return {name: np.append(first[name], events[theirs]) for name, theirs in names.items()}


def excursions(case: Case, model: str, **params: Any) -> np.ndarray:
    """When the potential of one node comes above the level that is a spike in Studio."""
    v = trajectory(case, model, {"V": "V_m"}, **params)["V"]
    return crossings(np.arange(len(v)) * case.dt, v, case.level)
