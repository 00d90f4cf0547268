"""The page offers the examples that its server has, and every way of installing it has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from setuptools import Distribution

from studio.operations.campaign import check
from studio.web.examples import examples
from studio.wire.yaml import read_yaml
from tests.conftest import ROOT, Server

FILES = {path.name for path in (ROOT / "examples").glob("*.yaml")}


def test_a_server_lists_what_it_can_run_with_titles_and_the_cheapest_first(server: Server) -> None:
    listed = server.request("GET", "/api/v1/examples").json()["examples"]
    assert {f"{each['name']}.yaml" for each in listed} == FILES - {"alloy_simplex.yaml"}
    assert listed[0]["title"] == "Reverse osmosis: flux against salt rejection"
    assert all(0 < len(each["title"]) < 60 for each in listed)


def test_what_it_lists_can_be_started_as_it_stands() -> None:
    for each in examples():
        check(read_yaml(each.text.encode()))


def test_a_wheel_holds_the_examples_beside_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    wheel = Distribution()
    wheel.parse_config_files(["setup.cfg"])
    build = wheel.get_command_obj("build_py")
    build.ensure_finalized()
    files = {package: names for package, _, _, names in build.data_files}
    assert {Path(name).name for name in files["examples"]} == FILES
    assert "index.html" in files["static"]
