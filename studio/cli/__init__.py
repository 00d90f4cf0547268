"""The command line: one file per command, loaded when it is used."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from studio.errors import StudioError
from studio.version import VERSION

COMMANDS = {
    "serve": "Start the server and open its page.",
    "models": "List or search the models, or describe one.",
    "simulate": "Run a model once.",
    "characterize": "Run a model from all sides.",
    "heatmap": "Sweep two parameters of a model.",
    "scan": "Run every model and name its firing pattern.",
    "token": "Make and revoke the tokens that people sign in with.",
    "campaign": "Search a design space for the best trade-offs.",
}
_INTERRUPTED = 130


class LazyGroup(click.Group):
    """Loads a command's module only when it is called, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"studio.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever ends it early is one line on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except StudioError as error:
            click.echo(f"Error: {error.message}", err=True)
            ctx.exit(error.kind.exit)
        except KeyboardInterrupt:
            click.echo("Interrupted", err=True)
            sys.stdout.flush()
            # where the signal fell into an import, Python would end with it in spite of us
            os._exit(_INTERRUPTED)


@click.group(cls=LazyGroup)
@click.version_option(VERSION, prog_name="studio")
def main() -> None:
    """Run neuron models and optimisation campaigns, and watch them live."""
