"""studio campaign validate, and the schema of what it checks."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from studio.cli.campaign import files
from studio.errors import ERRORS, FieldError, StudioError
from studio.wire.campaigns import AnyCampaign
from studio.wire.codec import encode_json

_INVALID = ERRORS["invalid_config"].exit


def validate(file: str, as_json: bool) -> None:
    """Print everything that is wrong with a file, or what it is."""
    try:
        config = checked(files.read(file))
    except StudioError as error:
        if as_json:
            told = error.errors or (FieldError("", error.detail),)
            click.echo(encode_json({"valid": False, "errors": told}))
        else:
            click.echo(f"{file} is not valid:")
            click.echo("\n".join(told_faults(error)))
        sys.exit(_INVALID)
    if as_json:
        click.echo(encode_json({"valid": True, "config": config}))
        return
    plan = config.campaign
    click.echo(
        f"{file} is valid: {len(config.parameters)} parameters, "
        f"{len(config.objectives)} objectives, {plan.initial_samples} initial samples, "
        f"{plan.max_iterations} iterations of {plan.batch_size}"
    )


def checked(document: Any) -> AnyCampaign:
    """A document as a campaign that can run here; StudioError with all that is wrong."""
    # as in a slot, before numpy is loaded: more would wait for each other, and sum in another order
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from studio import local_campaign  # numpy, which --url does without
    from studio.operations.campaign import check

    config = check(document, trusted=True)
    found = local_campaign.faults(config)
    if found:
        raise StudioError("invalid_config", errors=tuple(found))
    return config


def told_faults(error: StudioError) -> list[str]:
    """A line for everything that is wrong."""
    if not error.errors:
        return [f"  {error.detail or error.message}"]
    return [f"  {files.path_of(fault.pointer)}: {fault.detail}" for fault in error.errors]


def schema() -> None:
    """Print the JSON Schema of a configuration."""
    from studio.wire.campaigns import schema as of_config

    click.echo(encode_json(of_config()))
