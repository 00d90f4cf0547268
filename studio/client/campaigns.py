"""Campaigns without I/O: what to ask, and how to follow one over any number of connections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from studio.client.core import Ask, Patience
from studio.errors import StudioError
from studio.wire import codec, table
from studio.wire.campaigns import CampaignResults, CampaignView, Event

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


class Results(CampaignResults, kw_only=True):
    """Every evaluation of a campaign, with what was predicted of it."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The columns of an export as numpy arrays, (n_evaluations,); nan where there is no number.

        By the name of each parameter and objective, and id, iteration, OBJECTIVE_predicted,
        OBJECTIVE_std, acquisition, status, feasible, on_front, reason, duration_s
        """
        return {name: _array(values) for name, values in table.columns(self).items()}


def _array(values: Sequence[Any]) -> NDArray[Any]:
    import numpy as np  # which the SDK does without until somebody wants arrays

    if any(isinstance(value, str) for value in values):
        return np.array(values, dtype=np.object_ if None in values else None)
    return np.array([np.nan if value is None else value for value in values])


def results(document: Any) -> Results:
    """What was answered of its results."""
    return msgspec.convert(document, Results)


class Follow:
    """Events of a campaign over however many connections it takes, each once and in order.

    On each connection to `address`: say that it has `opened`, give `receive` what comes; when it
    ends, `lost` tells how long to wait before the next one. Times are in seconds of any clock.
    """

    opening = None

    def __init__(self, campaign: str, after: int = 0) -> None:
        self._campaign, self._seq = campaign, after
        self._patience = Patience()
        self.is_over = False

    @property
    def address(self) -> str:
        """Where to go on, below the base of the sockets."""
        return f"/ws/campaigns/{quote(self._campaign, safe='')}?after={self._seq}"

    def opened(self, now: float) -> None:
        """There is a connection."""
        self._patience.opened(now)

    def receive(self, message: str | bytes) -> Event | None:
        """The event in a message, unless it is known from the connection before."""
        try:
            event: Event = _events.decode(message)
        except msgspec.DecodeError as error:
            raise StudioError("malformed", f"the server sent what is no event: {error}") from None
        self._patience.renew()
        if event.seq is not None:
            if event.seq <= self._seq:
                return None
            self._seq = event.seq
        return event

    def lost(self, now: float, close_code: int | None = None) -> float:
        """Seconds to wait before connecting again; raises StudioError where that is of no use."""
        if close_code == _DONE:
            self.is_over = True
            return 0.0
        return self._patience.lost(now, close_code, f"campaign {self._campaign}")
