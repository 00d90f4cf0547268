"""Errors over HTTP: application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from studio.errors import ERRORS, StudioError
from studio.wire.codec import encode_json
from studio.wire.problem import problem_of

log = logging.getLogger(__name__)

_REASON_BYTES = 123  # a close frame holds no more
_CODES = {kind.status: code for code, kind in reversed(ERRORS.items())}


def problem(error: StudioError) -> Response:
    """The response that tells of an error."""
    headers = {} if error.retry_s is None else {"retry-after": str(error.retry_s)}
    media_type = "application/problem+json"
    return Response(encode_json(problem_of(error)), error.kind.status, headers, media_type)


async def close(socket: WebSocket, error: StudioError) -> None:
    """Close a socket, which is accepted, with an error."""
    reason = error.message.encode()[:_REASON_BYTES].decode(errors="ignore")
    await socket.close(error.kind.close, reason)


async def on_studio_error(request: Request, error: Exception) -> Response:
    """A refusal of ours."""
    assert isinstance(error, StudioError)  # noqa: S101
    return problem(error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """A refusal of the framework's, such as an unknown path."""
    assert isinstance(error, HTTPException)  # noqa: S101
    code = _CODES.get(error.status_code, "failed")
    response = problem(StudioError(code, f"{request.method} {request.url.path}"))
    response.headers.update(error.headers or {})
    return response


async def on_exception(request: Request, error: Exception) -> Response:
    """A mistake of ours: the log has it, the answer does not."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(StudioError("failed", "see the server's log"))
