"""The secret that signs tokens: from a file, or from the environment."""

from __future__ import annotations

import os
from pathlib import Path

import click

from studio.auth import check_secret

_VARIABLE = "STUDIO_SECRET"

secret_option = click.option(
    "--secret-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Holds the secret that signs tokens, 32 bytes or more; or set {_VARIABLE}.",
)


def read_secret(file: Path | None) -> bytes | None:
    """The secret, or None where there is none; raises click.ClickException.

    It leaves the environment, which everything that is started from here would inherit.
    """
    kept = os.environ.pop(_VARIABLE, None)
    try:
        if file is not None:
            return check_secret(file.read_text(), str(file))
        return None if kept is None else check_secret(kept, _VARIABLE)
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"--secret-file {file} cannot be read: {error}") from None
    except ValueError as error:
        raise click.ClickException(str(error)) from None
