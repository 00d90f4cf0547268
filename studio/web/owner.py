"""Whose a request is, how many connections its owner keeps open, and for how long."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import anyio
from starlette.requests import HTTPConnection, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState

from studio.auth import Auth, Identity
from studio.errors import ERRORS, StudioError
from studio.jobs.admission import Seats
from studio.web.problems import close
from studio.wire.packing import chosen

Serve = Callable[[WebSocket], Awaitable[None]]


def owner_of(connection: HTTPConnection) -> str:
    """Who asks; nobody in particular where there is no login."""
    owner: str = connection.scope.get("owner", "")
    return owner


class EventStream(StreamingResponse):
    """Server-Sent Events, which take a seat of their reader's as a socket does."""

    def __init__(self, request: Request, events: AsyncIterator[bytes]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(events, 200, headers, "text/event-stream")
        self._seats: Seats = request.app.state.seats
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them while the reader is signed in; raises StudioError where it has too many."""
        with self._seats.take(owner_of(self._request)), signed_in(self._request):
            await super().__call__(scope, receive, send)


def seated(serve: Serve) -> Serve:
    """The same for owners who have not too many sockets open, as long as they are signed in."""

    async def endpoint(socket: WebSocket) -> None:
        seats: Seats = socket.app.state.seats
        with contextlib.ExitStack() as seat:
            try:
                seat.enter_context(seats.take(owner_of(socket)))
            except StudioError as error:
                await socket.accept(chosen(socket.scope["subprotocols"]))
                await close(socket, error)
                return
            with signed_in(socket) as scope:
                await serve(socket)
        if scope.cancelled_caught and socket.application_state is WebSocketState.CONNECTED:
            await socket.close(ERRORS["unauthorized"].close, "the token has expired or was revoked")

    return endpoint


@contextlib.contextmanager
def signed_in(connection: HTTPConnection) -> Iterator[anyio.CancelScope]:
    """A scope that ends once the one who asks is signed in no longer."""
    auth: Auth | None = connection.app.state.auth
    identity: Identity | None = connection.scope.get("identity")
    if auth is None or identity is None:
        with anyio.CancelScope() as scope:
            yield scope
    else:
        with auth.holding(identity) as scope:
            yield scope
