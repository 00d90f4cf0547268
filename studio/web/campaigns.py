"""Campaigns over HTTP: begin, list, steer, watch, export; and results that people bring."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import anyio
import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from studio.config import Limits
from studio.errors import FieldError, StudioError
from studio.jobs.campaigns import Campaign, Campaigns
from studio.web.body import read_bytes, read_json
from studio.web.jobs import HEARTBEAT_S, last_event_id
from studio.web.owner import EventStream, owner_of
from studio.wire import codec, yaml
from studio.wire.campaigns import (
    CampaignCompleted,
    CampaignPage,
    Event,
    Extension,
    Reports,
)
from studio.wire.table import as_csv

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def _campaigns(request: Request) -> Campaigns:
    campaigns: Campaigns = request.app.state.campaigns
    return campaigns


async def _named(request: Request) -> Campaign:
    return await _campaigns(request).find(request.path_params["campaign"], owner_of(request))


def _json(document: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = codec.encode_json(document)
    return Response(body, status, headers, media_type="application/json")


def _view(campaign: Campaign, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    shown = msgspec.to_builtins(campaign.view())
    return _json({**shown, "config": campaign.config}, status, headers)


async def create_campaign(request: Request) -> Response:
    """Accept a configuration in YAML or JSON; it is stored when this is answered."""
    raw = await read_bytes(request)
    is_yaml = "yaml" in request.headers.get("content-type", "")
    limits: Limits = request.app.state.settings.limits
    document = await _read_yaml(raw, limits) if is_yaml else codec.read_json(raw)
    codec.check_numbers(document, limits.json_depth)
    campaign = await _campaigns(request).create(document, owner_of(request))
    return _view(campaign, 201, {"location": f"{request.url.path}/{campaign.id}"})


async def _read_yaml(raw: bytes, limits: Limits) -> Any:
    """YAML takes a second for a millisecond of JSON: it is to be shorter, and waits in a thread."""
    if len(raw) > limits.message_bytes:
        detail = f"the limit is {limits.message_bytes} bytes for YAML; JSON may have more"
        raise StudioError("too_large", detail)
    return await anyio.to_thread.run_sync(yaml.read_yaml, raw, limits.json_depth)


async def list_campaigns(request: Request) -> Response:
    """All campaigns, the newest first."""
    return _json(CampaignPage(campaigns=_campaigns(request).views(owner_of(request))))


async def get_campaign(request: Request) -> Response:
    """One campaign with its configuration."""
    return _view(await _named(request))


def steer(how: str) -> Endpoint:
    """POST of start, pause, resume or cancel."""

    async def endpoint(request: Request) -> Response:
        """Begin, halt, go on with or end a campaign."""
        campaign = await _named(request)
        getattr(_campaigns(request), how)(campaign)
        await _campaigns(request).flush()
        return _view(campaign)

    return endpoint


async def extend_campaign(request: Request) -> Response:
    """Add iterations to a campaign that has ended."""
    asked = codec.convert(await read_json(request), Extension, "invalid_request")
    campaign = await _named(request)  # once all has come: it may be deleted until then
    _campaigns(request).extend(campaign, asked.iterations)
    await _campaigns(request).flush()
    return _view(campaign)


async def delete_campaign(request: Request) -> Response:
    """Forget a campaign that has ended."""
    await _campaigns(request).delete(await _named(request))
    return Response(status_code=204)


async def bring_evaluations(request: Request) -> Response:
    """Results from a laboratory, or earlier ones."""
    brought = codec.convert(await read_json(request), Reports, "invalid_request")
    campaign = await _named(request)  # as above
    await _campaigns(request).bring(campaign, brought.results)
    return _view(campaign)


async def campaign_results(request: Request) -> Response:
    """Everything that a campaign knows, as JSON or CSV."""
    campaign = await _named(request)
    asked = request.query_params.get("format", "json")
    if asked not in ("json", "csv"):
        detail = f"must be json or csv, not {codec.shown(asked)}"
        raise StudioError("invalid_request", errors=(FieldError("/format", detail),))
    results = _campaigns(request).results(campaign)
    name = f'attachment; filename="{campaign.id}.{asked}"'
    headers = {"content-disposition": name}
    if asked == "json":
        return _json(results, headers=headers)
    return Response(as_csv(results), 200, headers, media_type="text/csv; charset=utf-8")


async def campaign_events(request: Request) -> Response:
    """The campaign's log after Last-Event-ID, then what comes, as Server-Sent Events."""
    campaign, after = await _named(request), last_event_id(request)
    return EventStream(request, _events(campaign, after))


async def _events(campaign: Campaign, after: int) -> AsyncIterator[bytes]:
    watcher = campaign.channel.watch(after)
    while True:
        event: Event | None = None
        with anyio.move_on_after(HEARTBEAT_S):
            try:
                event = await watcher.next()
            except StudioError:  # the server goes down; the client comes back with its last id
                return
        if event is None:
            yield b":\n\n"  # without which a client that has gone is never noticed
            continue
        if not is_superseded(campaign, event):
            mark = "" if event.seq is None else f"id: {event.seq}\n"
            yield f"{mark}data: {campaign.text(event)}\n\n".encode()
        if campaign.channel.is_last(event):
            return


def is_superseded(campaign: Campaign, event: Event) -> bool:
    """Whether it is an end that was followed by an extension, which a replay leaves out."""
    return isinstance(event, CampaignCompleted) and event.seq != len(campaign.log)
