"""studio models"""

from __future__ import annotations

import click

from studio.cli import COMMANDS, options


def _models(words: tuple[str, ...], url: str | None, as_json: bool) -> None:
    from studio.cli import running  # what it needs is not needed for --help

    running.models(" ".join(words), url=url, as_json=as_json)


command = click.Command(
    "models",
    callback=_models,
    params=[click.Argument(["words"], nargs=-1, metavar="[NAME or words]"), *options.BACKEND],
    help=COMMANDS["models"],
    epilog="Examples: studio models AdExNeuron, studio models burst, studio models rinzel 1985",
)
