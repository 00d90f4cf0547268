"""The body of a request: bounded, and JSON."""

from __future__ import annotations

from typing import Any

from starlette.requests import ClientDisconnect, Request

from studio.errors import StudioError
from studio.wire import codec


async def read_json(request: Request) -> Any:
    """The body as plain data; raises StudioError."""
    limits = request.app.state.settings.limits
    return codec.decode_json(await _body(request, limits.body_bytes), limits.json_depth)


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > limit:
                raise StudioError("too_large", f"the limit is {limit} bytes")
    except ClientDisconnect:
        raise StudioError("malformed", "the client left before its request was whole") from None
    return bytes(body)
