"""What a store of campaigns can do, as in studio.store.interface: their records and their logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from studio.store.interface import Stored


class CampaignRecord(NamedTuple):
    """A campaign as it is stored.

    config, view: JSON, of what was asked and of what is listed; created, ended: seconds since 1970
    """

    id: str
    config: bytes
    state: str
    created: float
    ended: float | None
    view: bytes
    owner: str


class CampaignStore(Protocol):
    """Campaigns and their events; on_stored is called in the event loop once a write is safe."""

    def keep_campaign(self, record: CampaignRecord) -> None:
        """A new campaign, or what it is by now."""

    def append_event(
        self,
        campaign: str,
        seq: int,
        event: bytes,
        on_stored: Stored,
        record: CampaignRecord | None = None,
    ) -> None:
        """An event of a campaign's log, as JSON; record: what it is by then, stored in one go."""

    async def campaigns(self) -> Sequence[CampaignRecord]:
        """All campaigns, the oldest first."""

    async def events(self, campaign: str) -> Sequence[bytes]:
        """A campaign's log."""

    async def delete_campaign(self, campaign: str) -> None:
        """Delete a campaign with its log."""

    async def flush(self) -> None:
        """Wait until all that was written is safe."""
