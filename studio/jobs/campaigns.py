"""Campaigns on the server: each runs its operation over the slots, stores what it tells before it
tells it, and goes on from there after whatever stopped it."""

from __future__ import annotations

import functools
import logging
import math
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.abc
import msgspec

from studio.bus.channel import Announce, Channel
from studio.config import Limits
from studio.errors import StudioError
from studio.jobs.admission import admit_campaign, require_owner
from studio.jobs.slots import SlotPool
from studio.jobs.turns import Asker
from studio.operations.campaign import Awaiting, Summary, check, history, lifecycle, run
from studio.operations.campaign.check import feasibility
from studio.operations.campaign.lifecycle import FINAL, Happening, TransitionError
from studio.operations.engine import EngineInUse
from studio.operations.stage import Chunk, Stage, resume
from studio.store.campaigns import CampaignRecord, CampaignStore
from studio.wire.campaigns import (
    AnyCampaign,
    CampaignCompleted,
    CampaignError,
    CampaignResults,
    CampaignState,
    CampaignView,
    CandidatesEvaluated,
    Event,
    IterationCompleted,
    IterationStarted,
    Report,
)

log = logging.getLogger(__name__)

_UNDER_WAY = ("sampling", "running", "waiting")
_CLIENT = Asker(is_watched=lambda: True)  # who waits to hear what is wrong
_EVENTS = msgspec.json.Decoder(Event)
_CONFIGS = msgspec.json.Decoder(AnyCampaign)
_VIEWS = msgspec.json.Decoder(CampaignView)
_MILESTONES = CandidatesEvaluated | IterationCompleted | CampaignCompleted | CampaignError


def _is_last(event: Event) -> bool:
    return isinstance(event, CampaignCompleted | CampaignError)


class Campaign:
    """One campaign: where it stands, its log, and the channel on which it is told."""

    def __init__(
        self,
        campaign_id: str,
        config: AnyCampaign,
        state: CampaignState,
        created: float,
        ended: float | None = None,
        events: Sequence[Event] = (),
        owner: str = "",
    ) -> None:
        self.id, self.config, self.state, self.owner = campaign_id, config, state, owner
        self.created, self.ended = created, ended
        self.channel: Channel[Event] = Channel(events, _is_last)
        self.scope = anyio.CancelScope()
        # training and proposing take seconds: as of other long chunks, a slot stays free of them
        self.asker = Asker(campaign_id, owner, created=created, estimate=math.inf, is_long=True)
        self.is_driven = self.pauses = self.begins_anew = False
        self._texts: list[str] = []
        self._begun = time.monotonic()
        if state in lifecycle.HALTED:  # those who come are told, also after a restart
            self.channel.update(lifecycle.told(events, state))

    @property
    def log(self) -> list[Event]:
        """What was told."""
        return self.channel.log

    def begin(self) -> None:
        """Its clock goes on from where the log ends."""
        elapsed = [event.elapsed_s for event in self.log if event.elapsed_s is not None]
        self._begun = time.monotonic() - (elapsed[-1] if elapsed else 0.0)
        self.pauses = self.begins_anew = False
        self.channel.go_on()
        self.scope = anyio.CancelScope()

    def stop(self) -> None:
        """Leave off now, also where results that have just come would have it begin anew."""
        self.begins_anew = False
        self.scope.cancel()

    def stamped(self, event: Event) -> Event:
        """The event as it is stored."""
        elapsed, now = time.monotonic() - self._begun, datetime.now(UTC)
        return lifecycle.stamped(self.config, self.log, event, now, elapsed)

    def text(self, event: Event) -> str:
        """The event as it is sent, encoded once for all who watch."""
        if event.seq is None:
            return msgspec.json.encode(event).decode()
        while len(self._texts) < event.seq:
            told = self.log[len(self._texts)]
            self._texts.append(msgspec.json.encode(told).decode())
        return self._texts[event.seq - 1]

    def view(self) -> CampaignView:
        """What is listed of it."""
        return history.view(
            self.config,
            self.log,
            id=self.id,
            state=self.state,
            created=datetime.fromtimestamp(self.created, UTC),
            ended=None if self.ended is None else datetime.fromtimestamp(self.ended, UTC),
        )

    def named(self) -> dict[str, str]:
        """What a line of the log says of it."""
        return {"job": self.id, "owner": self.owner}

    def record(self) -> CampaignRecord:
        """The same for the store."""
        config, view = msgspec.json.encode(self.config), msgspec.json.encode(self.view())
        return CampaignRecord(
            self.id, config, self.state, self.created, self.ended, view, self.owner
        )


class Campaigns:
    """All campaigns of a server, run inside a task group of its caller's.

    evaluators: what `python` campaigns may name that come over the network
    """

    def __init__(
        self,
        pool: SlotPool,
        tasks: anyio.abc.TaskGroup,
        store: CampaignStore,
        evaluators: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> None:
        self._pool, self._tasks, self._store = pool, tasks, store
        self._evaluators, self._limits = evaluators, limits or Limits()
        self._live: dict[str, Campaign] = {}
        self._stored: dict[str, CampaignRecord] = {}

    async def take_up(self) -> None:
        """Go on with the campaigns that an earlier server left."""
        for record in await self._store.campaigns():
            self._stored[record.id] = record
            if record.state in _UNDER_WAY:
                campaign = await self.find(record.id, record.owner)
                campaign.state = lifecycle.active(campaign.log)  # if it waits, it will tell so
                self._drive_soon(campaign)

    def close(self) -> None:
        """Let go of who watches; the next server goes on."""
        for campaign in self._live.values():
            campaign.channel.close()

    async def find(self, campaign_id: str, owner: str) -> Campaign:
        """An owner's campaign by its id; raises StudioError."""
        record = self._record(campaign_id)
        require_owner(record.owner, owner)
        if campaign_id not in self._live:
            events = [_EVENTS.decode(event) for event in await self._store.events(campaign_id)]
            self._record(campaign_id)  # it may have been deleted meanwhile
            found = Campaign(
                record.id,
                _CONFIGS.decode(record.config),
                msgspec.convert(record.state, CampaignState),
                record.created,
                record.ended,
                events,
                record.owner,
            )
            self._live.setdefault(campaign_id, found)  # somebody else may have been faster
        return self._live[campaign_id]

    def _record(self, campaign_id: str) -> CampaignRecord:
        try:
            return self._stored[campaign_id]
        except KeyError:
            raise StudioError("not_found", f"no campaign is called {campaign_id!r}") from None

    def views(self, owner: str) -> list[CampaignView]:
        """The campaigns of an owner, or of everybody's for none, the newest first."""
        return [
            self._live[name].view() if name in self._live else _VIEWS.decode(record.view)
            for name, record in reversed(self._stored.items())
            if not owner or record.owner == owner
        ]

    async def create(self, document: Any, owner: str) -> Campaign:
        """A new campaign, once it is stored; raises StudioError with all that is wrong."""
        named = document.get("evaluator") if isinstance(document, dict) else None
        config = check(document, trusted=named in self._evaluators)
        if errors := await self._part(_CLIENT, feasibility(config)):
            raise StudioError("invalid_config", errors=tuple(errors))
        campaign = Campaign(
            f"c_{secrets.token_hex(6)}", config, "created", time.time(), owner=owner
        )
        self._live[campaign.id] = campaign
        self._keep(campaign)
        await self._store.flush()
        log.info("campaign accepted", extra=campaign.named())
        return campaign

    def start(self, campaign: Campaign) -> None:
        """Begin, or go on after a pause; raises StudioError."""
        self._admit(campaign, Happening.START)
        self._happen(campaign, Happening.START)
        self._drive_soon(campaign)

    def pause(self, campaign: Campaign) -> None:
        """Halt after the iteration under way, or now where it only waits."""
        if campaign.state == "waiting":
            campaign.stop()
            self._happen(campaign, Happening.PAUSE)
        else:
            self._require(campaign, Happening.PAUSE)
            campaign.pauses = True

    def resume(self, campaign: Campaign) -> None:
        """Go on after a pause; one that is yet to come is called off."""
        if campaign.pauses:
            campaign.pauses = False
            return
        if campaign.state != "paused":
            raise StudioError("conflict", f"the campaign is {campaign.state}, not paused")
        self._admit(campaign, Happening.GO_ON)
        self._go_on(campaign)
        self._drive_soon(campaign)

    def cancel(self, campaign: Campaign) -> None:
        """End it now; what it found is kept."""
        self._require(campaign, Happening.CANCEL)
        campaign.stop()
        self._end(campaign, "cancelled", lifecycle.cancelled(campaign.log))

    def extend(self, campaign: Campaign, iterations: int) -> None:
        """Add iterations to one that has ended, and go on."""
        self._admit(campaign, Happening.EXTEND)
        campaign.config = lifecycle.extended(campaign.config, campaign.log, iterations)
        campaign.ended = None
        self._happen(campaign, Happening.EXTEND)
        self._drive_soon(campaign)

    async def delete(self, campaign: Campaign) -> None:
        """Forget one that has ended, or that never began."""
        if campaign.state not in FINAL and campaign.state != "created":
            raise StudioError("not_ended", "cancel it first")
        del self._live[campaign.id], self._stored[campaign.id]
        campaign.channel.close()  # who comes back is told that there is none
        await self._store.delete_campaign(campaign.id)

    async def bring(self, campaign: Campaign, reports: Sequence[Report]) -> None:
        """Add what a laboratory found, or earlier evaluations; raises StudioError."""
        if campaign.state in ("sampling", "running") or campaign.state in FINAL:
            wanted = "results are taken while it waits, is paused or has not begun"
            raise StudioError("conflict", f"the campaign is {campaign.state}: {wanted}")
        results = history.results_of(campaign.config, campaign.log, reports)
        iteration = lifecycle.iteration(campaign.log)
        self._tell(campaign, CandidatesEvaluated(results=results, iteration=iteration))
        if campaign.state == "waiting":
            campaign.begins_anew = True  # from the log, which has them now
            campaign.scope.cancel()
        await self._store.flush()

    async def flush(self) -> None:
        """Wait until what became of the campaigns is safe, which nobody is told before."""
        await self._store.flush()

    def results(self, campaign: Campaign) -> CampaignResults:
        """Everything, without loss."""
        return history.results(campaign.config, campaign.log, campaign.state)

    def _admit(self, campaign: Campaign, happening: Happening) -> None:
        """Raise StudioError where a campaign cannot begin, or not beside so many others."""
        self._require(campaign, happening)
        theirs = [other for other in self._live.values() if other.owner == campaign.owner]
        admit_campaign(sum(other.state in _UNDER_WAY for other in theirs), self._limits)

    def _require(self, campaign: Campaign, happening: Happening) -> CampaignState:
        """The state that something would lead to; raises StudioError where it cannot happen."""
        try:
            return lifecycle.after(campaign.state, happening)
        except TransitionError as error:
            raise StudioError("conflict", f"the campaign is {campaign.state}") from error

    def _happen(self, campaign: Campaign, happening: Happening) -> None:
        campaign.state = self._require(campaign, happening)
        self._keep(campaign)
        if happening in (Happening.PAUSE, Happening.WAIT, Happening.GO_ON):
            campaign.channel.update(lifecycle.told(campaign.log, campaign.state))

    def _go_on(self, campaign: Campaign) -> None:
        self._happen(campaign, Happening.GO_ON)
        campaign.state = lifecycle.active(campaign.log)

    def _keep(self, campaign: Campaign) -> None:
        self._stored[campaign.id] = record = campaign.record()
        self._store.keep_campaign(record)

    def _tell(self, campaign: Campaign, event: Event) -> None:
        """Store an event, and what the campaign is by then where it tells of that; announce it."""

        def keep(event: Event, announce: Announce) -> None:
            text, record = msgspec.json.encode(event), None
            if isinstance(event, _MILESTONES):
                record = self._stored[campaign.id] = campaign.record()
            self._store.append_event(campaign.id, event.seq or 0, text, announce, record)

        campaign.channel.append(campaign.stamped(event), keep)

    def _end(self, campaign: Campaign, state: CampaignState, event: Event) -> None:
        campaign.state, campaign.ended = state, time.time()
        log.info("campaign ended", extra=campaign.named() | {"state": state})
        self._tell(campaign, event)

    def _drive_soon(self, campaign: Campaign) -> None:
        campaign.begin()
        self._tasks.start_soon(self._drive, campaign)

    async def _drive(self, campaign: Campaign) -> None:
        """Run it until it ends or halts; how it fails is told like everything else."""
        try:
            with campaign.scope:
                await self._run(campaign)
        except* StudioError as group:
            self._fail(campaign, _first(group).message)
        except* Exception as group:
            log.exception("campaign failed", extra={"job": campaign.id})
            self._fail(campaign, str(_first(group)))
        if campaign.begins_anew:
            self._go_on(campaign)
            self._drive_soon(campaign)

    def _fail(self, campaign: Campaign, why: str) -> None:
        if campaign.state not in FINAL:
            self._end(campaign, "failed", lifecycle.failed(campaign.log, why))

    async def _run(self, campaign: Campaign) -> None:
        running, sent = run(campaign.config, campaign.log), None
        while True:
            step, summary = resume(running, sent)
            match step:
                case None:
                    assert isinstance(summary, Summary)  # noqa: S101 (what it returns)
                    return
                case Stage():
                    sent = await self._parts(campaign, step)
                case Awaiting():
                    self._happen(campaign, Happening.WAIT)
                    await anyio.sleep_forever()  # `bring` begins anew
                case _:
                    sent = None
                    if self._told(campaign, step):
                        running.close()
                        return

    def _told(self, campaign: Campaign, event: Event) -> bool:
        """Tell an event; whether the campaign halts after it."""
        if isinstance(event, CampaignCompleted | CampaignError):
            self._end(campaign, event.state or "completed", event)
            return False
        if isinstance(event, IterationStarted) and campaign.state == "sampling":
            campaign.state = lifecycle.after(campaign.state, Happening.ITERATE)
        self._tell(campaign, event)
        if isinstance(event, IterationCompleted) and campaign.pauses:
            campaign.pauses = False
            self._happen(campaign, Happening.PAUSE)
            return True
        return False

    async def _parts(self, campaign: Campaign, stage: Stage) -> list[Any]:
        parts: list[Any] = [None] * len(stage.chunks)

        async def one(index: int, chunk: Chunk) -> None:
            try:
                parts[index] = await self._part(campaign.asker, chunk)
            except StudioError as error:
                parts[index] = stage.without(index, error)

        async with anyio.create_task_group() as chunks:
            for index, chunk in enumerate(stage.chunks):
                chunks.start_soon(one, index, chunk)
        return parts

    async def _part(self, asker: Asker, chunk: Chunk) -> Any:
        run = functools.partial(
            self._pool.run, on_advance=lambda *_: None, on_slot=lambda _: None, asker=asker
        )
        try:
            return await run(chunk)
        except StudioError as error:  # hours of search are worth more than the engine asked for
            return await run(EngineInUse("").instead(chunk, error))


def _first(group: BaseExceptionGroup[Any]) -> Any:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
