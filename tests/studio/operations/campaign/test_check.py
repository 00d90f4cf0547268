"""A bad configuration is refused with one clear message for each fault, which names its path."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest

from studio import local_campaign
from studio.errors import StudioError
from studio.operations.campaign import check
from studio.operations.campaign.check import faults
from studio.wire.campaigns import schema
from studio.wire.yaml import read_yaml

MEMBRANE = """
name: ro
domain: water_membrane
parameters:
  - {name: active_layer_thickness, type: continuous, bounds: [50, 400]}
  - {name: water_permeability, type: continuous, bounds: [5, 200], log_scale: true}
objectives:
  - {name: water_flux, direction: maximize, reference: 0}
  - {name: salt_rejection, direction: maximize}
"""
NEURON = """
name: fit
domain: neuron
model: {name: AdExNeuron, duration: 100}
parameters:
  - {name: a, type: continuous, bounds: [0, 8]}
  - {name: tau_w, type: continuous, bounds: [30, 300], log_scale: true}
objectives:
  - {name: rate_hz, target: 20}
"""
MIXTURE = """
name: mixture
domain: manual
parameters:
  - {name: x, type: continuous, bounds: [0, 1]}
  - {name: y, type: continuous, bounds: [0, 1]}
  - {name: z, type: continuous, bounds: [0, 1]}
  - {name: additive, type: categorical, choices: [none, PVP]}
objectives:
  - {name: strength, direction: maximize}
"""
PYTHON = """
name: own
domain: python
evaluator: math:sqrt
parameters:
  - {name: x, type: continuous, bounds: [0, 1]}
objectives:
  - {name: y, direction: maximize}
"""
REMOVED = object()

BAD: list[tuple[str, str, Any, str, str]] = [
    # configuration, where to put, what, the pointer told, words of the message
    (MEMBRANE, "/domain", "water_membran", "/domain", "did you mean water_membrane?"),
    (MEMBRANE, "/domain", REMOVED, "/domain", "is required"),
    (MEMBRANE, "/name", REMOVED, "/name", "is required"),
    (MEMBRANE, "/name", "", "/name", "length >= 1"),
    (MEMBRANE, "/parametres", [], "/parametres", "did you mean parameters?"),
    (MEMBRANE, "/components", [], "/components", "another word for parameters"),
    (MEMBRANE, "/parameters", [], "/parameters", "a list of length >= 1"),
    (MEMBRANE, "/parameters/0/type", "continuos", "/parameters/0/type", "mean continuous?"),
    (MEMBRANE, "/parameters/0/type", REMOVED, "/parameters/0/type", "is required"),
    (MEMBRANE, "/parameters/0/bound", [1, 2], "/parameters/0/bound", "did you mean bounds?"),
    (MEMBRANE, "/parameters/0/bounds", [400, 50], "/parameters/0/bounds", "mean [50, 400]?"),
    (MEMBRANE, "/parameters/0/bounds", [50, 50], "/parameters/0/bounds", "must be below"),
    (MEMBRANE, "/parameters/0/bounds", [50], "/parameters/0/bounds", "length 2"),
    (MEMBRANE, "/parameters/0/bounds/1", "1e-3x", "/parameters/0/bounds/1", "a number"),
    (MEMBRANE, "/parameters/0/bounds/1", float("inf"), "/parameters/0/bounds/1", "finite"),
    (MEMBRANE, "/parameters/0/bounds", [5, 400], "/parameters/0/bounds", "50 to 400 nm, not 5"),
    (MEMBRANE, "/parameters/0/name", "crosslinker_ratio", "/parameters/0/name", "there are active"),
    (MIXTURE, "/parameters/0/name", "y", "/parameters/1/name", "there twice"),
    (MIXTURE, "/parameters/0/name", "status", "/parameters/0/name", "its own 'status'"),
    (MIXTURE, "/objectives/0/name", "reason", "/objectives/0/name", "its own 'reason'"),
    (MIXTURE, "/objectives/0/name", "x", "/objectives/0/name", "is a parameter too"),
    (MEMBRANE, "/fixed", {"pressur": 5}, "/fixed/pressur", "did you mean pressure?"),
    (MEMBRANE, "/fixed", {"pressure": 500}, "/fixed/pressure", "5 to 80 bar, not 500"),
    (MEMBRANE, "/fixed", {"water_permeability": 9}, "/fixed/water_permeability", "leave it out"),
    (MEMBRANE, "/objectives", [], "/objectives", "length >= 1"),
    (MEMBRANE, "/objectives/0/name", "flux", "/objectives/0/name", "did you mean water_flux?"),
    (MEMBRANE, "/objectives/0/direction", "max", "/objectives/0/direction", "maximize, minimize"),
    (MEMBRANE, "/objectives/0/direction", REMOVED, "/objectives/0/direction", "is required"),
    (MEMBRANE, "/objectives/1/name", "water_flux", "/objectives/1/name", "there twice"),
    (MEMBRANE, "/objectives/1/reference", 100, "/objectives/1/reference", "below 100, not 100"),
    (MEMBRANE, "/objectives/1/target", 95, "/objectives/1/direction", "distance to a target"),
    (MEMBRANE, "/objectives/1/target", "high", "/objectives/1/target", "high"),
    (MEMBRANE, "/outcome_constraints", [{"objective": "salt_rejecton", "at_least": 9}],
     "/outcome_constraints/0/objective", "did you mean salt_rejection?"),
    (MEMBRANE, "/outcome_constraints", [{"objective": "salt_rejection"}],
     "/outcome_constraints/0", "needs at_least or at_most"),
    (MEMBRANE, "/outcome_constraints", [{"objective": "salt_rejection", "at_least": 101}],
     "/outcome_constraints/0/at_least", "100 at most: never 101"),
    (MEMBRANE, "/outcome_constraints",
     [{"objective": "salt_rejection", "at_least": 99, "at_most": 90}],
     "/outcome_constraints/0/at_least", "not be above at_most"),
    (MEMBRANE, "/campaign", {"batch_size": 0}, "/campaign/batch_size", ">= 1, not 0"),
    (MEMBRANE, "/campaign", {"max_iterations": 2.5}, "/campaign/max_iterations", "an integer"),
    (MEMBRANE, "/campaign", {"initial_samples": 1}, "/campaign/initial_samples", ">= 2"),
    (MEMBRANE, "/campaign", {"seed": -1}, "/campaign/seed", ">= 0"),
    (MEMBRANE, "/campaign", {"surrogate": {"type": "gpp"}}, "/campaign/surrogate/type", "gp,"),
    (MEMBRANE, "/campaign", {"surrogate": {"noise": "auot"}}, "/campaign/surrogate/noise", "auto"),
    (MEMBRANE, "/campaign", {"surrogate": {"type": "mlp", "noise": 0.1}},
     "/campaign/surrogate/noise", "only gp"),
    (MEMBRANE, "/campaign", {"acquisition": {"type": "ei"}}, "/campaign/acquisition/type", "ehvi"),
    (MEMBRANE, "/campaign", {"acquisition": {"type": "expected_improvement"}},
     "/campaign/acquisition/type", "is for one objective"),
    (MEMBRANE, "/campaign", {"convergence": {"target": {"flux": 1}}},
     "/campaign/convergence/target/flux", "did you mean water_flux?"),
    (MEMBRANE, "/campaign", {"convergence": {"target": {"salt_rejection": 120}}},
     "/campaign/convergence/target/salt_rejection", "0 to 100, not 120"),
    (MEMBRANE, "/campaign", {"convergence": {"patience": -1}},
     "/campaign/convergence/patience", ">= 0"),
    (MEMBRANE, "/data", "earlier.csv", "/data", "read by the command line"),
    (MEMBRANE, "/data", [], "/data", "one row at least"),
    (MEMBRANE, "/data", [{"water_permeability": 9, "water_flux": 1, "salt_rejection": 99}],
     "/data", "no column active_layer_thickness"),
    (MEMBRANE, "/data",
     [{"active_layer_thickness": 9, "water_permeability": 9, "water_flux": 1,
       "salt_rejection": 99}], "/data/0/active_layer_thickness", "50 to 400, not 9"),
    (NEURON, "/model/name", "AdEx", "/model/name", "did you mean"),
    (NEURON, "/model", REMOVED, "/model", "is required"),
    (NEURON, "/model/durations", 5, "/model/durations", "did you mean duration?"),
    (NEURON, "/model/duration", 0, "/model/duration", "> 0"),
    (NEURON, "/model/params", {"a": 4}, "/model/params/a", "leave it out here"),
    (NEURON, "/model/seed", 3, "/model/seed", "campaign.seed drives it all"),
    (NEURON, "/parameters/0/name", "A", "/parameters/0/name", "nor a parameter of AdExNeuron"),
    (NEURON, "/parameters/0/bounds", [0, 1e9], "/parameters/0/bounds", "must be in -200 to 500"),
    (NEURON, "/parameters/0", {"name": "a", "type": "categorical", "choices": ["x", "y"]},
     "/parameters/0/type", "is a number here"),
    (MIXTURE, "/parameters/0/log_scale", True, "/parameters/0/bounds", "above 0 on a log scale"),
    (NEURON, "/objectives/0/name", "rate", "/objectives/0/name", "did you mean rate_hz?"),
    (NEURON, "/objectives/0/target", -5, "/objectives/0/target", "0 and above, not -5"),
    (NEURON, "/objectives/0/reference", 0, "/objectives/0/reference", "above 0, not 0"),
    (NEURON, "/objectives/0/feature", "fi_curve", "/objectives/0/target", "recorded data"),
    (NEURON, "/objectives/0", {"name": "fi_curve", "target": {"currents": [1, 2], "rates": [3]}},
     "/objectives/0/target/rates", "as many as currents"),
    (NEURON, "/objectives/0", {"name": "trace", "target":
               {"t": [0, 1], "values": [0, 1], "spike_times": [3]}},
     "/objectives/0/target/spike_times", "takes t and values"),
    (NEURON, "/campaign", {"acquisition": {"type": "ehvi"}}, "/campaign/acquisition/type", "two"),
    (MIXTURE, "/parameters/3/choices", ["none"], "/parameters/3/choices", "two at least"),
    (MIXTURE, "/parameters/3/choices", ["a", "b", "a"], "/parameters/3/choices", "'a' is there"),
    (MIXTURE, "/parameters/3/choices", ["a", 2], "/parameters/3/choices/1", "a string, not 2"),
    (MIXTURE, "/parameters/0", {"name": "x", "type": "discrete", "bounds": [0, 1], "step": 0.3},
     "/parameters/0/step", "the last level is 0.9"),
    (MIXTURE, "/parameters/0", {"name": "x", "type": "discrete", "bounds": [0, 1], "step": 2},
     "/parameters/0/step", "at most 1"),
    (MIXTURE, "/parameters/0", {"name": "x", "type": "discrete", "bounds": [0, 1]},
     "/parameters/0/step", "is required"),
    (MIXTURE, "/parameters/0", {"name": "x", "type": "integer", "bounds": [0, 1.5]},
     "/parameters/0/bounds/1", "an integer, not 1.5"),
    (MIXTURE, "/constraints", [{"type": "sum_equal", "components": ["x", "y"], "value": 1}],
     "/constraints/0/type", "did you mean sum_equals?"),
    (MIXTURE, "/constraints", [{"type": "sum_equals", "components": ["x", "w"], "value": 1}],
     "/constraints/0/components/1", "not a parameter"),
    (MIXTURE, "/constraints", [{"type": "sum_equals", "components": ["x", "x"], "value": 1}],
     "/constraints/0/components/1", "there twice"),
    (MIXTURE, "/constraints",
     [{"type": "sum_equals", "components": ["x", "additive"], "value": 1}],
     "/constraints/0/components/1", "a choice, not a number"),
    (MIXTURE, "/constraints", [{"type": "sum_equals", "components": ["x", "y"], "value": 3}],
     "/constraints/0", "the bounds leave 0 to 2"),
    (MIXTURE, "/constraints", [{"type": "linear", "expression": "x + 2*y >= 4"}],
     "/constraints/0", "cannot be"),
    (MIXTURE, "/constraints", [{"type": "linear", "expression": "x * y <= 1"}],
     "/constraints/0/expression", "not linear"),
    (MIXTURE, "/constraints", [{"type": "linear", "expression": "x + y"}],
     "/constraints/0/expression", "must compare"),
    (MIXTURE, "/constraints", [{"type": "linear", "expression": "__import__('os') <= 1"}],
     "/constraints/0/expression", "not linear"),
    (MIXTURE, "/constraints", [{"type": "linear", "expression": "x <="}],
     "/constraints/0/expression", "cannot be read"),
    (MIXTURE, "/constraints",
     [{"type": "ratio_between", "numerator": "x", "denominator": "y", "bounds": [2, 1]}],
     "/constraints/0/bounds", "did you mean [1, 2]?"),
    (PYTHON, "/evaluator", "nothing_of_the_kind", "/evaluator", "studio.evaluators"),
    (PYTHON, "/evaluator", "module:not a name", "/evaluator", "must be module:function"),
    (PYTHON, "/evaluator", "/nowhere/file.py:f", "/evaluator", "there is no file"),
    (PYTHON, "/fixed", {"x": 1}, "/fixed/x", "leave it out here"),
]  # fmt: skip


def put(text: str, where: str, what: Any) -> Any:
    """A configuration with one thing changed."""
    document = read_yaml(text)
    *path, last = where.strip("/").split("/")
    place: Any = document
    for key in path:
        place = place[int(key) if isinstance(place, list) else key]
    if what is REMOVED:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = copy.deepcopy(what)
    return document


@pytest.mark.parametrize("text", [MEMBRANE, NEURON, MIXTURE, PYTHON])
def test_what_the_bad_ones_are_made_of_is_good(text: str) -> None:
    check(read_yaml(text), trusted=True)


@pytest.mark.parametrize(("text", "where", "what", "pointer", "words"), BAD)
def test_a_fault_is_told_with_its_path_and_nothing_besides(
    text: str, where: str, what: Any, pointer: str, words: str
) -> None:
    found = list(faults(put(text, where, what), trusted=True))
    assert [fault.pointer for fault in found] == [pointer]
    assert words in found[0].detail


def test_all_that_is_wrong_is_told_at_once_with_the_places_in_the_whole_document() -> None:
    document = put(MEMBRANE, "/parameters/0/type", "continuos")
    document["parameters"][1]["bounds"] = [200, 5]
    document["objectives"][0]["name"] = "flux"
    document["campaign"] = {"batch_size": 0, "acquisition": {"type": "expected_improvement"}}
    document["extra"] = 1
    with pytest.raises(StudioError) as raised:
        check(document)
    assert {error.pointer for error in raised.value.errors} == {
        *("/extra", "/parameters/0/type", "/parameters/1/bounds", "/objectives/0/name"),
        *("/campaign/batch_size", "/campaign/acquisition/type"),
    }


def test_what_is_beside_a_misspelt_key_or_in_a_misspelt_domain_is_checked_all_the_same() -> None:
    document = put(MEMBRANE, "/domain", "water_membran")
    document["parameters"][0]["bounds"] = [400, 50]
    document["campaign"] = {"batch_sze": 3, "convergence": {"target": {"flux": 1}}}
    assert [fault.pointer for fault in faults(document)] == [
        *("/domain", "/campaign/batch_sze", "/parameters/0/bounds"),
        "/campaign/convergence/target/flux",
    ]


def test_constraints_that_only_together_cannot_be_are_found_by_a_linear_program() -> None:
    document = read_yaml(MIXTURE)
    document["constraints"] = [
        {"type": "sum_equals", "components": ["x", "y"], "value": 1.5},
        {"type": "linear", "expression": "x - y >= 0.9"},
    ]
    (found,) = local_campaign.faults(check(document))
    assert (found.pointer, found.detail) == (
        "/constraints",
        "nothing satisfies all of them together",
    )


@pytest.mark.parametrize(("name", "words"), [("math:pi", "no function"), ("nomodule:f", "nomod")])
def test_an_evaluator_that_cannot_be_called_is_refused(name: str, words: str) -> None:
    config = check(put(PYTHON, "/evaluator", name), trusted=True)
    (found,) = local_campaign.faults(config)
    assert found.pointer == "/evaluator"
    assert words in found.detail


def test_what_came_over_the_network_may_not_name_code() -> None:
    (found,) = faults(read_yaml(PYTHON))
    assert (found.pointer, "never from a request" in found.detail) == ("/domain", True)


def test_components_are_parameters() -> None:
    document = read_yaml(MIXTURE)
    document["components"] = document.pop("parameters")
    assert check(document).parameters == check(read_yaml(MIXTURE)).parameters


@pytest.mark.parametrize("text", [MEMBRANE, NEURON, MIXTURE, PYTHON])
def test_a_configuration_made_whole_stays_as_it_is(text: str) -> None:
    whole = check(read_yaml(text), trusted=True)
    again = check(msgspec.json.decode(msgspec.json.encode(whole)), trusted=True)
    assert again == whole


def test_the_schema_describes_every_domain() -> None:
    told = schema()
    assert {"neuron", "water_membrane", "python", "manual"} == set(told["discriminator"]["mapping"])
    for kind in (told["$defs"][f"{name}Campaign"] for name in ("Neuron", "Membrane", "Python")):
        assert kind["properties"]["components"] == kind["properties"]["parameters"]
        assert {"required": ["components"]} in kind["oneOf"]
