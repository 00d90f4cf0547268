"""studio models"""

from __future__ import annotations

import click

from studio.cli import COMMANDS, options


def _models(name: str | None, url: str | None, as_json: bool) -> None:
    from studio.cli import running  # what it needs is not needed for --help

    running.models(name, url=url, as_json=as_json)


command = click.Command(
    "models",
    callback=_models,
    params=[click.Argument(["name"], required=False), *options.BACKEND],
    help=COMMANDS["models"],
)
