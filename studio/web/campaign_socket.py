"""/ws/campaigns/{id}: what a campaign has told so far, then live."""

from __future__ import annotations

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from studio.errors import StudioError
from studio.jobs.campaigns import Campaign, Campaigns
from studio.web.campaigns import is_superseded
from studio.web.owner import owner_of
from studio.web.problems import close
from studio.web.security import SERVER_SEND
from studio.wire.packing import chosen

_DONE = 1000
_RESTARTING = 1012


async def campaign_socket(socket: WebSocket) -> None:
    """Serve one watcher until it leaves or the campaign has ended."""
    await socket.accept(chosen(socket.scope["subprotocols"]))
    campaigns: Campaigns = socket.app.state.campaigns
    try:
        campaign = await campaigns.find(socket.path_params["campaign"], owner_of(socket))
        after = _after(socket.query_params.get("after", "0"))
    except StudioError as error:
        await close(socket, error)
        return
    try:
        async with anyio.create_task_group() as serving:
            serving.start_soon(_listen, socket, serving.cancel_scope)
            code = await _tell(socket, campaign, after)
            await socket.close(code)
            serving.cancel_scope.cancel()
    except* (WebSocketDisconnect, OSError):  # an OSError where it was the server that noticed
        pass


def _after(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise StudioError("invalid_request", f"after must be a seq, not {text[:40]!r}")
    return int(text)


async def _listen(socket: WebSocket, scope: anyio.CancelScope) -> None:
    """Notice that the watcher leaves; it has nothing to say."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    scope.cancel()


async def _tell(socket: WebSocket, campaign: Campaign, after: int) -> int:
    """Send every event; the close code that says why there are no more."""
    watcher, send = campaign.channel.watch(after), socket.scope[SERVER_SEND]
    while True:
        try:
            event = await watcher.next()
        except StudioError:
            return _RESTARTING
        if not is_superseded(campaign, event):
            await send({"type": "websocket.send", "text": campaign.text(event)})
        if campaign.channel.is_last(event):
            return _DONE
