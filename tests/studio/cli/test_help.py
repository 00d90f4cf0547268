"""--help, which answers at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studio.cli import COMMANDS
from tests.conftest import ROOT
from tests.studio.cli.conftest import studio

HEAVY = ("numpy", "rich", "starlette", "websockets")
COMPUTING = ("models", "simulate", "characterize", "heatmap", "scan")
LOADED = f"""
import atexit, sys
from studio.cli import main
atexit.register(lambda: print("loaded:", *[m for m in {HEAVY} if m in sys.modules]))
main()
"""


@pytest.mark.parametrize("arguments", [[], *([command] for command in COMPUTING)])
def test_help_loads_nothing_that_it_does_not_need(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1].split() == ["loaded:"]


def test_help_names_every_command_and_its_options_with_their_units() -> None:
    text = studio("--help").stdout
    assert all(f"  {name} " in text for name in COMMANDS)
    options = studio("heatmap", "--help").stdout
    for name in ("--param", "--init", "--preset", "--current", "--x", "--url", "--json"):
        assert name in options
    assert "in ms" in options


def test_an_unknown_command_or_option_is_a_usage_error() -> None:
    assert studio("simulat").returncode == 2
    assert studio("simulate", "--colour", "red").returncode == 2
