"""studio token create | revoke"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from studio import auth
from studio.cli import COMMANDS
from studio.cli.data_dir import data_dir_option
from studio.cli.secret import read_secret, secret_option
from studio.cli.server import TOKEN

_DAY_S = 86_400.0


@click.group(help=COMMANDS["token"])
def command() -> None:
    """The commands about tokens."""


@command.command()
@click.argument("name")
@click.option(
    "--days",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0, 36_500, min_open=True),
    help="How long it holds.",
)
@secret_option
def create(name: str, days: float, secret_file: Path | None) -> None:
    """Print a token that speaks for NAME."""
    secret = read_secret(secret_file)
    if secret is None:
        raise click.UsageError("give the server's secret with --secret-file or STUDIO_SECRET")
    try:
        token = auth.issue(secret, name, days * _DAY_S)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    expires = datetime.fromtimestamp(auth.Auth(secret, None).verify(token).expires, UTC)
    click.echo(
        f"{name}'s until {expires:%Y-%m-%d %H:%M} UTC, or `studio token revoke "
        f"{auth.token_id(token)}`. Programs take it from {TOKEN}, the page asks for it.",
        err=True,
    )
    click.echo(token)


@command.command()
@click.argument("token")
@data_dir_option("Of the server that is to refuse it.")
def revoke(token: str, data_dir: Path) -> None:
    """Have the server refuse TOKEN from now on, given as its id, or - to read it from stdin."""
    given = sys.stdin.read().strip() if token == "-" else token  # noqa: S105
    found = auth.token_id(given) if given.count(".") == 2 else given
    if len(found) != len(auth.token_id("")) or not set(found) <= set("0123456789abcdef"):
        raise click.UsageError("that is neither a token nor the id of one")
    try:
        auth.revoke(data_dir, found)
    except OSError as error:
        raise click.ClickException(f"--data-dir {data_dir}: {error.strerror}") from None
    click.echo(f"{found} is refused from now on")
