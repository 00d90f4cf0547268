"""Campaigns on a server, by the SDK."""

from __future__ import annotations

import sys
from typing import Any

import click

from studio.cli.campaign.display import shown
from studio.cli.server import client
from studio.cli.views import campaign as views
from studio.cli.views.page import Page
from studio.client.sync import Campaigns
from studio.wire.campaigns import CampaignCompleted, CampaignError
from studio.wire.codec import encode_json


def campaigns(url: str) -> Campaigns:
    """The campaigns of the server there."""
    return client(url).campaigns


def create(document: dict[str, Any], url: str) -> str:
    """A new campaign there; its id."""
    return campaigns(url).create(document).id


def run(campaign: str, url: str, as_json: bool) -> None:
    """Run a campaign there and follow it to its end; Ctrl-C leaves it running."""
    campaigns(url).start(campaign)
    click.echo(f"Campaign {campaign}", err=True)
    _follow(campaign, url, as_json)


def watch(campaign: str, url: str, as_json: bool) -> None:
    """Follow a campaign from its beginning to its end."""
    _follow(campaign, url, as_json)


def _follow(campaign: str, url: str, as_json: bool) -> None:
    there = campaigns(url)
    view, last = there.get(campaign), None
    try:
        with shown(view.objectives, view.max_iterations, as_json) as display:
            for event in there.stream(campaign):
                display.event(event)
                last = event
                if isinstance(event, CampaignCompleted | CampaignError):
                    break
    except KeyboardInterrupt:
        click.echo(f"It goes on there: studio campaign watch {campaign} --url {url}", err=True)
        raise
    if not as_json:
        view = there.get(campaign)
        click.echo(f"{view.state.capitalize()}: {view.reason}")
        views.front(Page(), there.results(campaign))
    if isinstance(last, CampaignError):
        sys.exit(1)


def list(url: str, as_json: bool) -> None:  # noqa: A001 (the command is called so)
    """Print the campaigns there."""
    found = campaigns(url).list()
    if as_json:
        click.echo(encode_json({"campaigns": found}))
    else:
        views.listed(Page(), found)


def pause(campaign: str, url: str) -> None:
    """Have a campaign rest."""
    _told(campaigns(url).pause(campaign))


def resume(campaign: str, url: str) -> None:
    """Have a campaign go on."""
    _told(campaigns(url).resume(campaign))


def cancel(campaign: str, url: str) -> None:
    """End a campaign."""
    _told(campaigns(url).cancel(campaign))


def extend(campaign: str, iterations: int, url: str) -> None:
    """Give a campaign more iterations."""
    _told(campaigns(url).extend(campaign, iterations))


def _told(view: Any) -> None:
    click.echo(f"{view.id} is {view.state}")
