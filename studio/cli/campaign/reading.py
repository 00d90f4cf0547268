"""What a campaign has found, from a log here or from a server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click

from studio.cli.campaign import files, remote
from studio.cli.views import campaign as views
from studio.cli.views.page import Page
from studio.wire.campaigns import (
    CampaignCompleted,
    CampaignError,
    CampaignResults,
    CampaignState,
    CampaignView,
    Event,
)
from studio.wire.codec import encode_json


class Found(NamedTuple):
    """Where a campaign stands and all that it evaluated."""

    view: CampaignView
    results: CampaignResults


def show(campaign: str, url: str, as_json: bool) -> None:
    """Print where a campaign stands, and its front."""
    found = _found(campaign, url)
    if as_json:
        click.echo(encode_json(found.view))
        return
    views.standing(Page(), found.view)
    views.front(Page(), found.results)


def results(campaign: str, url: str, as_json: bool) -> None:
    """Print every evaluation."""
    found = _found(campaign, url).results
    if as_json:
        click.echo(encode_json(found))
    else:
        views.evaluations(Page(), found, found.results)


def export(campaign: str, output: str, url: str) -> None:
    """Write every evaluation to a file."""
    files.write(Path(output), _found(campaign, url).results)


def _found(campaign: str, url: str) -> Found:
    if Path(campaign).is_file():
        return _in_log(Path(campaign))
    client = remote.campaigns(url)
    return Found(client.get(campaign), client.results(campaign))


def _in_log(path: Path) -> Found:
    from studio import local_campaign  # numpy, which a client of a server does not need
    from studio.operations.campaign import history, lifecycle

    is_running, log = local_campaign.is_running(path), local_campaign.read(path)
    state = lifecycle.active(log.events) if is_running else _state(log.events)
    created = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    return Found(
        history.view(log.config, log.events, id=path.name, state=state, created=created),
        history.results(log.config, log.events, state),
    )


def _state(events: list[Event]) -> CampaignState:
    """Of a log that nobody is running."""
    last = events[-1] if events else None
    if isinstance(last, CampaignCompleted | CampaignError) and last.state is not None:
        return last.state
    return "paused" if events else "created"
