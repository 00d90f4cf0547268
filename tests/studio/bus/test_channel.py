"""A job's channel: log entries reach everybody, of states the newest."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.bus.channel import Announce, Channel
from studio.errors import StudioError
from studio.wire.frames import AnyFrame, Complete, Progress


def progress(pct: float) -> Progress:
    return Progress(pct=pct, step="sweep", msg="")


def complete() -> Complete:
    return Complete(pct=100, result=msgspec.Raw(b"{}"))


async def test_a_watcher_waits_for_what_comes() -> None:
    channel: Channel[AnyFrame] = Channel()
    waiting = asyncio.create_task(channel.watch().last())
    await asyncio.sleep(0)
    assert not waiting.done()
    channel.append(progress(0))
    channel.append(complete())
    assert (await waiting).seq == 2


async def test_a_slow_watcher_sees_every_entry_and_only_the_newest_state() -> None:
    channel: Channel[AnyFrame] = Channel()
    channel.append(progress(0))
    for pct in range(1, 90):
        channel.update(progress(pct))
    watcher = channel.watch()
    assert [(await watcher.next()).seq, (await watcher.next()).pct] == [1, 89]  # type: ignore[union-attr]


async def test_a_watcher_goes_on_after_the_entry_it_names() -> None:
    channel: Channel[AnyFrame] = Channel()
    for pct in range(5):
        channel.append(progress(pct))
    assert (await channel.watch(after=3).next()).seq == 4


async def test_nothing_is_shown_before_it_is_stored_nor_what_is_newer_than_that() -> None:
    channel: Channel[AnyFrame] = Channel()
    announcements: list[Announce] = []
    channel.append(progress(1), lambda _, announce: announcements.append(announce))
    channel.update(progress(2))
    watcher = channel.watch()
    waiting = asyncio.create_task(watcher.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    announcements[0]()
    assert (await waiting).seq == 1
    assert (await watcher.next()).pct == 2  # type: ignore[union-attr]


async def test_a_job_has_not_ended_before_its_end_is_stored() -> None:
    channel: Channel[AnyFrame] = Channel()
    announcements: list[Announce] = []
    channel.append(complete(), lambda _, announce: announcements.append(announce))
    assert not channel.ended
    announcements[0]()
    assert channel.ended


async def test_a_channel_goes_on_where_an_earlier_log_ends() -> None:
    channel: Channel[AnyFrame] = Channel(
        [msgspec.structs.replace(progress(n), seq=n) for n in (1, 2)]
    )
    channel.append(progress(3))
    watcher = channel.watch()
    assert [(await watcher.next()).seq for _ in range(3)] == [1, 2, 3]


async def test_a_closed_channel_tells_what_there_is_and_then_that_nothing_comes_for_now() -> None:
    channel: Channel[AnyFrame] = Channel()
    channel.append(progress(1))
    watcher = channel.watch()
    channel.close()
    assert (await watcher.next()).seq == 1
    with pytest.raises(StudioError) as error:
        await watcher.next()
    assert error.value.code == "restarting"


async def test_waiting_can_be_broken_off_without_losing_a_frame() -> None:
    channel: Channel[AnyFrame] = Channel()
    watcher = channel.watch()
    waiting = asyncio.create_task(watcher.next())
    await asyncio.sleep(0)
    waiting.cancel()
    channel.append(progress(0))
    assert (await watcher.next()).seq == 1


@given(st.lists(st.sampled_from(["append", "update", "read"]), max_size=40))
def test_entries_come_in_order_without_gaps_and_pct_never_falls(actions: list[str]) -> None:
    async def follow() -> None:
        channel: Channel[AnyFrame] = Channel()
        pct = 0.0
        watcher = channel.watch()
        seen: list[Progress | Complete] = []
        for action in actions:
            pct += 1
            if action == "append":
                channel.append(progress(pct))
            elif action == "update":
                channel.update(progress(pct))
            else:
                try:
                    async with asyncio.timeout(0):
                        seen.append(await watcher.next())  # type: ignore[arg-type]
                except TimeoutError:
                    pass
        channel.append(complete())
        while not seen or seen[-1].pct != 100:
            seen.append(await watcher.next())  # type: ignore[arg-type]
        seqs = [frame.seq for frame in seen if frame.seq is not None]
        assert seqs == list(range(1, actions.count("append") + 2))
        assert [frame.pct for frame in seen] == sorted(frame.pct for frame in seen)

    asyncio.run(follow())


async def test_what_goes_on_after_its_end_has_not_ended_until_it_ends_again() -> None:
    channel: Channel[AnyFrame] = Channel()
    channel.append(complete())
    channel.go_on()
    waiting = asyncio.create_task(channel.watch(after=1).next())
    await asyncio.sleep(0)
    assert not channel.ended
    assert not waiting.done()
    channel.append(complete())
    assert (await waiting).seq == 2
    assert channel.ended
