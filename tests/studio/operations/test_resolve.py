"""Names are resolved to models, or refused with what would have been right."""

from __future__ import annotations

from typing import Any

import pytest

from studio.config import Limits
from studio.errors import StudioError
from studio.operations import OPERATIONS, models
from studio.wire.requests import parse_config

SWEEP = {"param_x": "tau", "x_min": 1, "x_max": 2, "x_steps": 2}
SWEEP |= {"param_y": "current", "y_min": 1, "y_max": 2, "y_steps": 2}

of_one_model = pytest.mark.parametrize(
    ("op", "more"), [("simulate", {}), ("characterize", {}), ("heatmap", SWEEP)]
)


def refusal(op: str, **config: Any) -> StudioError:
    with pytest.raises(StudioError) as raised:
        OPERATIONS[op].resolve(parse_config(op, config), Limits())
    return raised.value


@of_one_model
def test_an_unpublished_model_is_refused_and_the_nearest_published_one_is_named(
    op: str, more: dict[str, Any]
) -> None:
    error = refusal(op, name="MetaPlasticNeuron", **more)
    assert (error.code, error.kind.status) == ("no_published_source", 404)
    (field,) = error.errors
    assert field.pointer == "/name"
    assert field.detail == (
        '"MetaPlasticNeuron": no publication of it was found; the nearest model is LapicqueNeuron'
    )


@of_one_model
def test_a_misspelt_model_is_a_fault_of_the_configuration(op: str, more: dict[str, Any]) -> None:
    error = refusal(op, name="LapiqueNeuron", **more)
    assert (error.code, error.errors[0].pointer) == ("invalid_config", "/name")
    assert "did you mean LapicqueNeuron" in error.errors[0].detail


def test_asking_for_an_unpublished_model_tells_the_nearest_published_one() -> None:
    with pytest.raises(StudioError, match="LapicqueNeuron") as raised:
        models.get_model("MetaPlasticNeuron")
    assert (raised.value.code, raised.value.errors) == ("no_published_source", ())


def test_asking_for_an_unknown_model_finds_nothing() -> None:
    with pytest.raises(StudioError, match="did you mean LapicqueNeuron") as raised:
        models.get_model("LapiqueNeuron")
    assert (raised.value.code, raised.value.errors) == ("not_found", ())
