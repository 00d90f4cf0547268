"""studio campaign"""

from __future__ import annotations

import importlib
from typing import Any

import click

from studio.cli import COMMANDS, options

_FILE = click.Argument(["file"], type=click.Path(exists=True, dir_okay=False))
_WHICH = click.Argument(["campaign"], metavar="ID|LOG")
_ID = click.Argument(["campaign"], metavar="ID")
_URL = options.option("--url", metavar="URL", default="http://127.0.0.1:8000", show_default=True)
_JSON = options.option("--json", "as_json", is_flag=True, help="Print JSON, nothing else.")


def _late(module: str, function: str) -> Any:
    """A function whose module is loaded when it is called: --help does without."""

    def callback(**given: Any) -> None:
        getattr(importlib.import_module(f"studio.cli.campaign.{module}"), function)(**given)

    return callback


def _command(
    name: str, module: str, told: str, *params: click.Parameter, **more: Any
) -> click.Command:
    callback = _late(module, name.replace("-", "_"))
    return click.Command(name, callback=callback, params=[*params], help=told, **more)


command = click.Group(
    "campaign",
    help=COMMANDS["campaign"],
    commands=[
        _command(
            "run",
            "running",
            "Run a campaign here, or on a server; Ctrl-C ends after the iteration.",
            options.option(
                *("-c", "--config", "file"),
                required=True,
                type=click.Path(exists=True, dir_okay=False),
                help="YAML or JSON, see `studio campaign schema`.",
            ),
            options.option("--resume", is_flag=True, help="Go on from the log of an earlier run."),
            options.option(
                "--log", type=click.Path(dir_okay=False), help="The log; else beside the file."
            ),
            options.option(
                "--results",
                type=click.Path(exists=True, dir_okay=False),
                help="CSV of what a laboratory found: id and objectives, or parameters and both.",
            ),
            *options.BACKEND,
            epilog="Example: studio campaign run --config examples/ro_membrane.yaml",
        ),
        _command("validate", "checking", "Say all that is wrong with a file.", _FILE, _JSON),
        _command("schema", "checking", "Print the JSON Schema of a file."),
        _command("list", "remote", "List the campaigns of a server.", _URL, _JSON),
        _command("show", "reading", "Say where a campaign stands.", _WHICH, _URL, _JSON),
        _command("watch", "remote", "Follow a campaign on a server.", _ID, _URL, _JSON),
        _command("results", "reading", "Print every evaluation.", _WHICH, _URL, _JSON),
        _command(
            "export",
            "reading",
            "Write every evaluation to a file, CSV or JSON by its name.",
            _WHICH,
            click.Argument(["output"], type=click.Path(dir_okay=False)),
            _URL,
        ),
        _command("pause", "remote", "Have a campaign rest.", _ID, _URL),
        _command("resume", "remote", "Have a campaign go on.", _ID, _URL),
        _command("cancel", "remote", "End a campaign.", _ID, _URL),
        _command(
            "extend",
            "remote",
            "Give a campaign that has ended more iterations.",
            _ID,
            options.option("--iterations", type=click.IntRange(1), required=True),
            _URL,
        ),
    ],
)
