"""Jobs over HTTP: submit, list, watch, cancel, forget; the results of those that are complete."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from studio.errors import FieldError, StudioError
from studio.jobs.job import Job
from studio.jobs.runner import Runner
from studio.operations.export import to_csv, to_npz
from studio.web.body import read_json
from studio.web.owner import EventStream, owner_of
from studio.wire import codec, jobs
from studio.wire.frames import AnyFrame, Complete, Error, Heartbeat, error_of
from studio.wire.requests import CONFIGS, parse_config

HEARTBEAT_S = 2.0
_EXPORTS = {
    "json": ("application/json", lambda op, content: content),
    "csv": ("text/csv; charset=utf-8", to_csv),
    "npz": ("application/octet-stream", to_npz),
}
_KEY_LENGTH = 255
_PIECE = 256 * 1024


def _runner(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    return runner


async def _named(request: Request) -> Job:
    return await _runner(request).find(request.path_params["job"], owner_of(request))


def _json(document: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = codec.encode_json(document)
    return Response(body, status, headers, media_type="application/json")


async def submit_job(request: Request) -> Response:
    """Accept a job; it is stored when this is answered."""
    document, owner = await read_json(request), owner_of(request)
    submission = codec.convert(document, jobs.Submission, "invalid_request")
    if submission.op not in CONFIGS:
        hint = codec.did_you_mean(submission.op, list(CONFIGS))
        detail = f"{codec.shown(submission.op)} is not an operation{hint}"
        raise StudioError("invalid_request", errors=(FieldError("/op", detail),))
    digest = hashlib.sha256(msgspec.json.encode(document, order="sorted")).digest()
    name = _idempotency_key(request)
    try:
        config = parse_config(submission.op, submission.config)
        job, is_new = await _runner(request).submit_stored(
            submission.op, config, owner, name, digest
        )
    except StudioError as error:
        raise error.below("/config") from None
    headers = {"location": f"{request.url.path}/{job}"}
    return _json(await _runner(request).view(job, owner), 202 if is_new else 200, headers)


def _idempotency_key(request: Request) -> str | None:
    """The client's name for a request that it may send again; raises StudioError."""
    key = request.headers.get("idempotency-key")
    if key is None or (0 < len(key) <= _KEY_LENGTH and key.isascii() and key.isprintable()):
        return key
    detail = f"must be 1 to {_KEY_LENGTH} printable ASCII characters, not {codec.shown(key)}"
    raise StudioError("invalid_request", errors=(FieldError("/Idempotency-Key", detail),))


async def list_jobs(request: Request) -> Response:
    """The newest jobs, by page, state and operation."""
    query = jobs.parse_query(dict(request.query_params))
    return _json(await _runner(request).page(query, owner_of(request)))


async def get_job(request: Request) -> Response:
    """One job."""
    return _json(await _runner(request).view(request.path_params["job"], owner_of(request)))


async def cancel_job(request: Request) -> Response:
    """Stop a job; one that has ended stays as it is."""
    runner, job_id, owner = _runner(request), request.path_params["job"], owner_of(request)
    runner.stop(await runner.find(job_id, owner))
    return _json(await runner.view(job_id, owner))


async def delete_job(request: Request) -> Response:
    """Forget a job that has ended."""
    await _runner(request).delete(request.path_params["job"], owner_of(request))
    return Response(status_code=204)


async def job_result(request: Request) -> Response:
    """The result of a job that is complete, as JSON, CSV or NPZ."""
    asked = jobs.parse_format(dict(request.query_params))
    job = await _named(request)
    if not job.has_ended:
        raise StudioError("not_ended", f"it is {job.state}")
    frame = await job.end()
    if isinstance(frame, Error):
        raise error_of(frame)
    media, written = _EXPORTS[asked]
    content = await anyio.to_thread.run_sync(written, job.op, bytes(frame.result))
    headers = {
        "content-disposition": f'attachment; filename="{job.id}.{asked}"',
        "content-length": str(len(content)),
    }
    return StreamingResponse(_pieces(content), 200, headers, media)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    """What is sent at once, each time the client has taken what was sent before.

    Many megabytes in one piece would be moved about in the event loop for a tenth of a second.
    """
    for begin in range(0, len(content), _PIECE):
        yield content[begin : begin + _PIECE]


async def job_events(request: Request) -> Response:
    """The job's log after Last-Event-ID, then what comes, as Server-Sent Events."""
    last = last_event_id(request)
    job = await _named(request)
    return EventStream(request, _events(job, last))


def last_event_id(request: Request) -> int:
    """The seq that a client saw last; raises StudioError."""
    last = request.headers.get("last-event-id", "0")
    if not (last.isascii() and last.isdigit() and len(last) <= 18):
        detail = f"must be a seq, not {codec.shown(last)}"
        raise StudioError("invalid_request", errors=(FieldError("/Last-Event-ID", detail),))
    return int(last)


async def _events(job: Job, after: int) -> AsyncIterator[bytes]:
    watcher, beat = job.channel.watch(after), job.beat
    while True:
        frame: AnyFrame | None = None
        with anyio.move_on_after(HEARTBEAT_S):
            try:
                frame = await watcher.next()
            except StudioError:  # the server goes down; the client comes back with its last id
                return
        if frame is not None:
            yield _event(frame)
        elif job.beat != beat:
            yield _event(Heartbeat(job=job.id))
        else:
            yield b":\n\n"  # without which a client that has gone is never noticed
        if isinstance(frame, Complete | Error):
            return
        beat = job.beat


def _event(frame: AnyFrame) -> bytes:
    mark = b"" if frame.seq is None else b"id: %d\n" % frame.seq
    return mark + b"data: " + msgspec.json.encode(frame) + b"\n\n"
