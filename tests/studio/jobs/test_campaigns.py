"""The server's campaigns beside their requests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import anyio
import msgspec
import pytest

from studio.errors import StudioError
from studio.jobs.campaigns import Campaign, Campaigns
from studio.operations.campaign import check
from studio.store.sqlite import SqliteStore
from studio.wire.campaigns import CandidatesProposed, Report
from tests.conftest import DEADLINE_S

LAB = {
    "name": "lab",
    "domain": "manual",
    "parameters": [{"name": "heat", "type": "continuous", "bounds": [0, 1]}],
    "objectives": [{"name": "yield", "direction": "maximize"}],
}
WAITING = CandidatesProposed(
    seq=1,
    iteration=0,
    candidates=[
        {"id": f"c000{n}", "parameters": {"heat": n / 4}, "predicted": None, "acquisition": None}
        for n in (1, 2)
    ],
)
NO_POOL: Any = None  # nothing of this is computed


def stored(store: SqliteStore, state: Any) -> None:
    """A campaign that an earlier server left, whose two candidates wait."""
    store.keep_campaign(Campaign("c_1", check(LAB), state, created=1.0).record())
    store.append_event("c_1", 1, msgspec.json.encode(WAITING), lambda: None)


@contextlib.asynccontextmanager
async def taken_up(state: str) -> AsyncIterator[Campaigns]:
    """The campaigns of a server that finds that one."""
    store = SqliteStore(None)
    stored(store, state)
    async with anyio.create_task_group() as tasks:
        campaigns = Campaigns(NO_POOL, tasks, store)
        await campaigns.take_up()
        yield campaigns
    await store.close()


async def test_who_first_ask_for_a_campaign_at_once_get_the_same_one() -> None:
    async with taken_up("paused") as campaigns:
        found = await asyncio.gather(*(campaigns.find("c_1", "") for _ in range(4)))
    assert len({id(campaign) for campaign in found}) == 1


async def test_a_campaign_that_two_delete_at_once_is_deleted_once_and_stays_so() -> None:
    async with taken_up("cancelled") as campaigns:

        async def delete() -> str:
            try:
                await campaigns.delete(await campaigns.find("c_1", ""))
            except StudioError as error:
                return error.code
            return "deleted"

        assert sorted(await asyncio.gather(delete(), delete())) == ["deleted", "not_found"]
        assert campaigns.views("") == []


async def test_who_watches_a_campaign_that_is_deleted_is_let_go() -> None:
    async with taken_up("created") as campaigns:
        campaign = await campaigns.find("c_1", "")
        watching = asyncio.create_task(campaign.channel.watch(after=1).next())
        await anyio.wait_all_tasks_blocked()
        await campaigns.delete(campaign)
        with pytest.raises(StudioError):
            await asyncio.wait_for(watching, DEADLINE_S)


async def test_a_campaign_that_waits_does_so_on_the_next_server_and_tells_it() -> None:
    async with taken_up("waiting") as campaigns:
        campaign = await campaigns.find("c_1", "")
        await anyio.wait_all_tasks_blocked()
        told = await campaign.channel.watch(after=1).next()
        assert (campaign.state, told.state, told.seq) == ("waiting", "waiting", None)
        campaigns.cancel(campaign)


async def test_a_cancel_comes_through_although_results_have_just_come() -> None:
    async with taken_up("waiting") as campaigns:
        campaign = await campaigns.find("c_1", "")
        await anyio.wait_all_tasks_blocked()
        bringing = asyncio.create_task(
            campaigns.bring(campaign, [Report(id="c0001", objectives={"yield": 3.0})])
        )
        await asyncio.sleep(0)
        campaigns.cancel(campaign)
        await bringing
    assert campaign.state == "cancelled"


class Dying(SqliteStore):
    """A store whose process is killed after the write that holds a campaign's end."""

    def append_event(self, *args: Any) -> None:
        """The last write."""
        super().append_event(*args)
        self.keep_campaign = lambda record: None  # type: ignore[method-assign]


async def test_an_end_is_stored_in_one_write_so_that_no_next_server_goes_beyond_it() -> None:
    store = Dying(None)
    store.keep_campaign(Campaign("c_1", check(LAB), "paused", created=1.0).record())
    async with anyio.create_task_group() as tasks:
        campaigns = Campaigns(NO_POOL, tasks, store)
        await campaigns.take_up()
        campaigns.cancel(await campaigns.find("c_1", ""))
    (record,) = await store.campaigns()
    await store.close()
    assert record.state == "cancelled"
    assert record.ended is not None
