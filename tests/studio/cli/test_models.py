"""studio models as a process."""

from __future__ import annotations

import json

import pytest

from studio import local
from tests.conftest import Server
from tests.studio.cli.conftest import studio


def test_models_are_listed_with_name_family_and_title() -> None:
    lines = studio("models").stdout.splitlines()
    assert lines[0].split() == ["name", "family", "title"]
    assert len(lines) == 1 + len(local.models())
    (adex,) = (line for line in lines if line.startswith("AdExNeuron"))
    assert "integrate-and-fire  Adaptive exponential integrate-and-fire" in adex


def test_a_model_is_told_whole() -> None:
    text = studio("models", "IzhikevichNeuron").stdout
    for part in ("Parameters", "States", "Equations", "Presets", "Canonical run", "Sources"):
        assert f"\n{part}\n" in text
    assert "sensitivity of recovery to the membrane potential" in text
    assert "-120 to 0" in text
    assert "a=0.1, b=0.2, c=-65, d=2" in text
    assert "10.1109/TNN.2003.820440" in text


@pytest.mark.parametrize("name", [model["name"] for model in local.models()])
def test_every_model_can_be_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from studio.cli import running

    running.models(name, url=None, as_json=False)
    told = capsys.readouterr().out
    for param in local.model(name)["params"]:
        assert param["meaning"] in told


def test_the_catalogue_as_json_is_what_a_server_answers(server: Server) -> None:
    for arguments, path in (
        (["models"], "/models"),
        (["models", "AdExNeuron"], "/models/AdExNeuron"),
    ):
        answered = server.request("GET", f"/api/v1{path}").json()
        assert json.loads(studio(*arguments, "--json").stdout) == answered
        there = studio(*arguments, "--json", "--url", server.url)
        assert json.loads(there.stdout) == answered
