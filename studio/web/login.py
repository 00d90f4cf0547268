"""Signing in with a browser: a token becomes a cookie that no script can read, and the cookie a
ticket for each socket."""

from __future__ import annotations

import importlib.resources
import time
from collections.abc import Iterable
from urllib.parse import quote

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import FileResponse, Response

from studio.auth import TICKET_S, Auth
from studio.errors import StudioError
from studio.web.body import read_json
from studio.web.problems import problem
from studio.wire import codec

OPEN = frozenset(
    {
        *("/livez", "/readyz", "/login", "/logout"),
        *(
            f"/static/{name}"
            for name in ("studio.css", "login.css", "login.js", "theme.js", "dom.js")
        ),
        "/static/favicon.svg",
    }
)
"""What is answered to those who have not signed in."""

TICKET = "studio.ticket."
_TOKEN, _NAME = "studio_token", "studio_user"


class Token(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody signs in with."""

    token: str


class Ticket(msgspec.Struct):
    """What opens one socket: sent among its subprotocols, behind `studio.ticket.`"""

    ticket: str
    expires_s: float


def cookie_of(headers: Headers) -> str:
    """The token in the cookie; raises StudioError."""
    token = cookie_parser(headers.get("cookie", "")).get(_TOKEN)
    if token is None:
        raise StudioError("unauthorized", "the request has no token")
    return token


def ticket_of(subprotocols: Iterable[str]) -> str:
    """The ticket among the subprotocols that a socket offers; raises StudioError."""
    for name in subprotocols:
        if name.startswith(TICKET):
            return name.removeprefix(TICKET)
    raise StudioError("unauthorized", "the handshake has no token and no ticket")


def refusal(path: str, error: StudioError) -> Response:
    """The answer to who has not signed in: for the page, the one to sign in on."""
    if path == "/":
        page = str(importlib.resources.files("static") / "login.html")
        response: Response = FileResponse(page, 401, {"cache-control": "no-store"})
    else:
        response = problem(error)
    response.headers["www-authenticate"] = "Bearer"
    return response


async def sign_in(request: Request) -> Response:
    """Take a token, and keep it in the browser until it expires."""
    auth: Auth | None = request.app.state.auth
    document = await read_json(request)
    if auth is None:
        raise StudioError("conflict", "nobody has to sign in here")
    token = codec.convert(document, Token, "invalid_request").token.strip()
    identity = auth.verify(token)
    left = int(identity.expires - time.time())
    response = Response(status_code=204)
    secure = request.url.scheme == "https"
    response.set_cookie(_TOKEN, token, left, secure=secure, httponly=True, samesite="lax")
    # which the page reads, to say who it is and that its sockets need tickets
    response.set_cookie(_NAME, quote(identity.owner, safe=""), left, secure=secure, samesite="lax")
    return response


async def sign_out(request: Request) -> Response:
    """Have the browser forget the token."""
    response = Response(status_code=204)
    for name in (_TOKEN, _NAME):
        response.delete_cookie(name, samesite="lax")
    return response


async def ticket(request: Request) -> Response:
    """A ticket for one socket, for programs that cannot send headers with its handshake."""
    auth: Auth | None = request.app.state.auth
    if auth is None:
        raise StudioError("conflict", "nobody has to sign in here")
    made = Ticket(auth.ticket(request.scope["identity"]), TICKET_S)
    headers = {"cache-control": "no-store"}
    return Response(codec.encode_json(made), 200, headers, media_type="application/json")
