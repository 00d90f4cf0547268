"""docs/studio.service starts the server as it can be started, and waits as long as it may take."""

from __future__ import annotations

import shlex

from studio.cli.serve import command
from tests.conftest import ROOT

UNIT = (ROOT / "docs" / "studio.service").read_text()
SET = dict(line.split("=", 1) for line in UNIT.splitlines() if "=" in line and line[0] != "#")


def test_the_unit_starts_the_server_with_options_that_it_has() -> None:
    _, name, *options = shlex.split(SET["ExecStart"])
    assert name == "serve"
    with command.make_context("serve", options) as context:
        assert str(context.params["data_dir"]) == "/var/lib/studio"
        assert context.params["open_page"] is False


def test_the_unit_leaves_the_workers_to_the_server_and_time_to_drain() -> None:
    assert (SET["KillMode"], SET["KillSignal"], SET["Restart"]) == (
        *("mixed", "SIGTERM", "on-failure"),
    )
    assert int(SET["TimeoutStopSec"]) > 10  # what a graceful stop may take
