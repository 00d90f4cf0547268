"""studio models as a process."""

from __future__ import annotations

import json
import re

import pytest

from studio import local
from tests.conftest import Server
from tests.studio.cli.conftest import studio, terminal


def plain(screen: str) -> str:
    """What a terminal shows, without what controls it."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen)


def test_models_are_listed_with_name_family_and_title() -> None:
    lines = studio("models").stdout.splitlines()
    assert lines[0].split() == ["name", "family", "title"]
    assert len(lines) == 1 + len(local.models())
    (adex,) = (line for line in lines if line.startswith("AdExNeuron"))
    assert "integrate-and-fire  Adaptive exponential integrate-and-fire" in adex


def test_a_terminal_shows_the_models_by_family() -> None:
    lines = plain(terminal("models", NO_COLOR="1").screen).splitlines()
    families = {model["family"] for model in local.models()}
    assert sorted(line for line in lines if line in families) == sorted(families)
    assert f"{len(local.models())} models." in lines[-2]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["burst"], {"BertramPhantomBurster", "IzhikevichNeuron", "HindmarshRoseNeuron"}),
        (["gerstner", "2005"], {"AdExNeuron"}),
        (["adexneuron"], {"AdExNeuron"}),
        (["conductance", "HUXLEY"], {"HodgkinHuxleyNeuron"}),
    ],
)
def test_models_are_found_by_words_of_name_title_family_author_and_preset(
    words: list[str], found: set[str]
) -> None:
    told = json.loads(studio("models", *words, "--json").stdout)["models"]
    assert found <= {model["name"] for model in told}
    assert len(told) < len(local.models()) / 2


def test_a_model_is_told_whole() -> None:
    text = studio("models", "IzhikevichNeuron").stdout
    for part in ("Parameters", "States", "Equations", "Presets", "Canonical run", "Sources"):
        assert f"\n{part}\n" in text
    assert "sensitivity of recovery to the membrane potential" in text
    assert "-120 to 0" in text
    assert "a=0.1, b=0.2, c=-65, d=2" in text
    assert "step amplitude 14 onset 10" in text
    assert "https://doi.org/10.1109/TNN.2003.820440" in text


def test_what_a_rate_means_is_told() -> None:
    assert "No spikes: the rate is the mean" in studio("models", "WilsonCowanUnit").stdout


@pytest.mark.parametrize("name", [model["name"] for model in local.models()])
def test_every_model_can_be_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from studio.cli import running

    running.models(name, url=None, as_json=False)
    told = capsys.readouterr().out
    model = local.model(name)
    parts = [param["meaning"] for param in model["params"]] + model["equations"]
    parts += [part for preset in model["presets"] for part in (preset["title"], preset["source"])]
    parts += [source["authors"] for source in model["sources"]]
    assert [part for part in parts if part not in told] == []


@pytest.mark.parametrize("name", ["HayL5PyramidalNeuron", "IzhikevichNeuron", "GolombYaariNeuron"])
def test_nothing_of_a_model_is_wider_than_the_terminal(name: str) -> None:
    lines = plain(terminal("models", name, columns=72, NO_COLOR="1").screen).splitlines()
    assert [line for line in lines if len(line) > 72] == []


def test_the_catalogue_as_json_is_what_a_server_answers(server: Server) -> None:
    for arguments, path in (
        (["models"], "/models"),
        (["models", "AdExNeuron"], "/models/AdExNeuron"),
    ):
        answered = server.request("GET", f"/api/v1{path}").json()
        assert json.loads(studio(*arguments, "--json").stdout) == answered
        there = studio(*arguments, "--json", "--url", server.url)
        assert json.loads(there.stdout) == answered
