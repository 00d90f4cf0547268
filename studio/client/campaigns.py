"""Campaigns without I/O: what to ask, and how to follow one over any number of connections."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from studio.client.core import REFUSALS, WAITS_S, Ask
from studio.errors import StudioError
from studio.wire import codec
from studio.wire.campaigns import CampaignResults, CampaignView, Event

Config = dict[str, Any] | str
"""A configuration as plain data, or as YAML or JSON text."""

_DONE = 1000
_events = msgspec.json.Decoder(Event)


def path(campaign: str, *, then: str = "") -> str:
    """The address of a campaign, or of something below it."""
    return f"/campaigns/{quote(campaign, safe='')}{then and '/'}{then}"


def create(config: Config) -> Ask:
    """A new campaign."""
    if isinstance(config, str):
        return Ask("POST", "/campaigns", config.encode(), "application/yaml")
    return Ask("POST", "/campaigns", codec.encode_json(config))


def post(campaign: str, what: str, body: object = None) -> Ask:
    """Something to do with a campaign."""
    return Ask("POST", path(campaign, then=what), codec.encode_json({} if body is None else body))


def view(document: Any) -> CampaignView:
    """What was answered of a campaign."""
    return msgspec.convert(document, CampaignView)


def results(document: Any) -> CampaignResults:
    """What was answered of its results."""
    return msgspec.convert(document, CampaignResults)


class Follow:
    """Events of a campaign over however many connections it takes, each once and in order.

    On each connection to `address`: give `receive` what comes; when it ends, `lost` tells how long
    to wait before the next one.
    """

    opening = None

    def __init__(self, campaign: str, after: int = 0) -> None:
        self._campaign, self._seq, self._n_lost = campaign, after, 0
        self.is_over = False

    @property
    def address(self) -> str:
        """Where to go on, below the base of the sockets."""
        return f"/ws/campaigns/{quote(self._campaign, safe='')}?after={self._seq}"

    def receive(self, message: str | bytes) -> Event | None:
        """The event in a message, unless it is known from the connection before."""
        try:
            event: Event = _events.decode(message)
        except msgspec.DecodeError as error:
            raise StudioError("malformed", f"the server sent what is no event: {error}") from None
        self._n_lost = 0
        if event.seq is not None:
            if event.seq <= self._seq:
                return None
            self._seq = event.seq
        return event

    def lost(self, close_code: int | None = None) -> float:
        """Seconds to wait before connecting again; raises StudioError where that is of no use."""
        if close_code == _DONE:
            self.is_over = True
            return 0.0
        if close_code in REFUSALS:
            raise StudioError(REFUSALS[close_code], f"campaign {self._campaign}")
        self._n_lost += 1
        if self._n_lost > len(WAITS_S):
            raise StudioError("unreachable", f"lost while following campaign {self._campaign}")
        return WAITS_S[self._n_lost - 1]
