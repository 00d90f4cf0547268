"""The body of a request: bounded, and JSON."""

from __future__ import annotations

from typing import Any

from starlette.requests import ClientDisconnect, Request

from studio.errors import StudioError
from studio.wire import codec


async def read_json(request: Request) -> Any:
    """The body as plain data; raises StudioError."""
    limits = request.app.state.settings.limits
    return codec.decode_json(await read_bytes(request), limits.json_depth)


async def read_bytes(request: Request) -> bytes:
    """The body as it came; raises StudioError where it is too large."""
    limit = request.app.state.settings.limits.body_bytes
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > limit:
                raise StudioError("too_large", f"the limit is {limit} bytes")
    except ClientDisconnect:
        raise StudioError("malformed", "the client left before its request was whole") from None
    return bytes(body)
