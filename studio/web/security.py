"""Who may talk to this server: Host and Origin are checked on every request and handshake, and who
asks where people sign in.

Without the first, any page open in the browser could drive a server on the same machine, by itself
or by a name of its own that it lets point here (DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from studio.auth import Auth, Identity
from studio.errors import StudioError
from studio.web import login
from studio.web.problems import close, problem
from studio.wire.packing import chosen

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>\d{1,5}))?")

SERVER_SEND = "studio.send"
"""Of a scope: what sends past every layer, each of which takes a microsecond for every client."""

_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Authority(NamedTuple):
    """A host and the port that it names, if any."""

    host: str
    port: int | None


def parse_authority(text: str) -> Authority | None:
    """`host[:port]` in lower case, or None where it is nothing of that form."""
    found = _AUTHORITY.fullmatch(text.lower())
    if not found:
        return None
    return Authority(found["host"], int(found["port"]) if found["port"] else None)


def bracketed(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


class Guard:
    """Decides on Host and Origin; hosts are allowed besides the loopback ones.

    A host may come with the port under which browsers see it, where a proxy stands between.
    """

    def __init__(self, hosts: Iterable[str], port: int) -> None:
        named = [
            parse_authority(host) or Authority(bracketed(host).lower(), None) for host in hosts
        ]
        self._hosts = {*LOOPBACK, *(host for host, _ in named)}
        own = {Authority(host, port) for host in self._hosts}
        self._pages = own | {authority for authority in named if authority.port is not None}

    def check(self, hosts: list[str], origins: list[str]) -> None:
        """Raise StudioError where a request with these headers is not to be answered."""
        authority = parse_authority(hosts[0]) if len(hosts) == 1 else None
        if authority is None or authority.host not in self._hosts:
            raise StudioError("forbidden_host", _advice(", ".join(hosts) or "none"))
        if origins and not (len(origins) == 1 and self._is_ours(origins[0])):
            raise StudioError("forbidden_origin", _advice(", ".join(origins)))

    def _is_ours(self, origin: str) -> bool:
        scheme, _, rest = origin.partition("://")
        authority = parse_authority(rest)
        if authority is None or scheme.lower() not in ("http", "https"):
            return False
        port = authority.port or (443 if scheme.lower() == "https" else 80)
        return Authority(authority.host, port) in self._pages


def _advice(got: str) -> str:
    return f"{got[:200]} (start the server with --allow-host to allow a host name)"


class SecurityMiddleware:
    """Asks the guard, and who it is, before anything else sees a request, and sets the headers of
    every answer; auth is None where nobody signs in."""

    def __init__(self, app: ASGIApp, guard: Guard, auth: Auth | None = None) -> None:
        self._app, self._guard, self._auth = app, guard, auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers, scope[SERVER_SEND] = Headers(scope=scope), send
        send = _with_headers(send)
        try:
            self._guard.check(headers.getlist("host"), headers.getlist("origin"))
        except StudioError as error:
            if scope["type"] == "websocket":
                await WebSocket(scope, receive, send).send_denial_response(problem(error))
            else:
                await problem(error)(scope, receive, send)
            return
        try:
            if self._auth is not None and scope["path"] not in login.OPEN:
                identity = _identity(self._auth, scope, headers)
                scope["identity"], scope["owner"] = identity, identity.owner
        except StudioError as error:
            if scope["type"] == "websocket":
                socket = WebSocket(scope, receive, send)
                await socket.accept(chosen(scope["subprotocols"]))
                await close(socket, error)
            else:
                await login.refusal(scope["path"], error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _identity(auth: Auth, scope: Scope, headers: Headers) -> Identity:
    """Who asks, by a token in a header or the cookie, or for a socket by a ticket; raises
    StudioError."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return auth.verify(token.strip())
    if scope["type"] == "websocket":
        return auth.redeem(login.ticket_of(scope["subprotocols"]))
    return auth.verify(login.cookie_of(headers))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            extra = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            message["headers"] = [*message.get("headers", []), *extra]
        await send(message)

    return sending
