"""Models are found by name, by alias and by words."""

from __future__ import annotations

import pytest

from kernels.neurons import catalogue
from kernels.neurons.catalogue import (
    CATALOGUE,
    UNPUBLISHED,
    UnknownModelError,
    UnpublishedModelError,
)
from kernels.neurons.model import Model


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_a_model_is_found_by_its_name_and_each_alias(model: Model) -> None:
    assert all(catalogue.get(name) is model for name in (model.name, *model.aliases))


def test_no_two_models_share_a_name() -> None:
    names = [name for model in CATALOGUE for name in (model.name, *model.aliases)]
    assert len(names) == len({name.casefold() for name in names})


@pytest.mark.parametrize("name", ["AdexNeuron", "adex neuron", "AdExNeurons"])
def test_an_unknown_name_raises_and_tells_the_nearest(name: str) -> None:
    with pytest.raises(UnknownModelError, match=name) as raised:
        catalogue.get(name)
    assert raised.value.nearest[0] == "AdExNeuron"


def test_a_name_like_no_other_has_no_nearest() -> None:
    with pytest.raises(UnknownModelError) as raised:
        catalogue.get("??")
    assert raised.value.nearest == []


@pytest.mark.parametrize("name", UNPUBLISHED)
def test_an_unpublished_name_is_told_apart_and_tells_the_nearest_published_model(name: str) -> None:
    with pytest.raises(UnpublishedModelError, match=name) as raised:
        catalogue.get(name)
    (nearest,) = raised.value.nearest
    assert catalogue.get(nearest).name == nearest
    assert raised.value.reason in str(raised.value)


def test_a_paper_that_exists_is_named_where_its_constants_could_not_be_found() -> None:
    reasons = {name: stand.reason for name, stand in UNPUBLISHED.items()}
    assert "Av-Ron, Parnas and Segel 1993" in reasons["AvRonCardiacNeuron"]
    assert reasons["ArcaneNeuron"] == "no publication of it was found"
    unfound = {name for name, reason in reasons.items() if reason == reasons["ArcaneNeuron"]}
    assert unfound.isdisjoint({"AvRonCardiacNeuron", "DeSchutterPurkinjeNeuron"})


def test_no_model_goes_by_an_unpublished_name() -> None:
    names = {name for model in CATALOGUE for name in (model.name, *model.aliases)}
    assert names.isdisjoint(UNPUBLISHED)


def test_whoever_handles_unknown_names_handles_unpublished_ones() -> None:
    with pytest.raises(UnknownModelError):
        catalogue.get("ArcaneNeuron")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("squid giant", "HodgkinHuxleyNeuron"),
        ("HUXLEY conductance", "HodgkinHuxleyNeuron"),
        ("brette gerstner", "AdExNeuron"),
        ("adexneuron", "AdExNeuron"),
        ("leaky integrate-and-fire", "LapicqueNeuron"),
    ],
)
def test_search_finds_a_model_by_its_name_title_family_and_authors(text: str, found: str) -> None:
    assert found in [model.name for model in catalogue.search(text)]


def test_search_finds_only_models_that_contain_every_word() -> None:
    assert catalogue.search("squid brette") == []
    assert catalogue.search("huxley nonesuch") == []


def test_search_keeps_the_order_of_the_catalogue() -> None:
    found = catalogue.search("neuron")
    assert found == [model for model in CATALOGUE if model in found]
    assert len(found) > 1


def test_a_search_for_nothing_lists_everything_in_order() -> None:
    assert catalogue.search(" ") == list(CATALOGUE)


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_every_model_says_where_it_comes_from_and_what_its_numbers_mean(model: Model) -> None:
    assert model.sources
    assert model.equations
    assert all(part.unit and part.meaning for part in (*model.states, *model.params))
