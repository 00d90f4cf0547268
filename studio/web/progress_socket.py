"""/ws/progress: run operations and watch them, any number on one connection."""

from __future__ import annotations

import anyio
import anyio.abc
import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from studio.config import Limits
from studio.errors import StudioError
from studio.jobs.admission import admit_watch
from studio.jobs.job import Job
from studio.jobs.runner import Runner
from studio.web.owner import owner_of
from studio.wire import codec
from studio.wire.frames import AnyFrame, Complete, Error, Heartbeat, error_frame
from studio.wire.packing import SUBPROTOCOL, chosen, pack
from studio.wire.requests import Attach, Cancel, parse_config, parse_request

HEARTBEAT_S = 2.0

RequestId = str | int | None


async def progress_socket(socket: WebSocket) -> None:
    """Serve one connection until the client leaves; its jobs go on unless they say otherwise."""
    subprotocol = chosen(socket.scope["subprotocols"])
    await socket.accept(subprotocol)
    packs = subprotocol == SUBPROTOCOL
    connection = Connection(socket, socket.app.state.runner, packs=packs)
    try:
        async with anyio.create_task_group() as watching:
            await connection.receive(watching)
            watching.cancel_scope.cancel()
    except* WebSocketDisconnect:
        pass
    finally:
        connection.leave()


class Connection:
    """One client: what it asks for, and the jobs it watches."""

    def __init__(self, socket: WebSocket, runner: Runner, *, packs: bool) -> None:
        self._socket, self._runner, self._packs = socket, runner, packs
        limits: Limits = socket.app.state.settings.limits
        self._max_depth, self._most = limits.json_depth, limits.jobs_per_socket
        self._n_watched = 0
        self._owner = owner_of(socket)
        self._attached: list[Job] = []

    async def receive(self, watching: anyio.abc.TaskGroup) -> None:
        """Take messages until the client leaves."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            await self._answer(message.get("text") or message.get("bytes") or b"", watching)

    async def _answer(self, raw: str | bytes, watching: anyio.abc.TaskGroup) -> None:
        request_id: RequestId = None
        try:
            document = self._read(raw)
            request_id = _request_id(document)
            codec.check_numbers(document, self._max_depth)
            await self._act(document, watching)
        except StudioError as error:
            await self._send(error_frame(error), request_id)

    def _read(self, raw: str | bytes) -> object:
        if self._packs and isinstance(raw, bytes):
            return codec.read_msgpack(raw)
        return codec.read_json(raw)

    async def _act(self, document: object, watching: anyio.abc.TaskGroup) -> None:
        request = parse_request(document)
        if isinstance(request, Cancel):
            self._runner.stop(await self._runner.find(request.job, self._owner))
            return
        admit_watch(self._n_watched, self._most)
        if isinstance(request, Attach):
            job, after = await self._runner.find(request.job, self._owner), request.after
        else:
            try:
                config = parse_config(request.op, request.config)
                job = self._runner.submit(request.op, config, request.id, owner=self._owner)
            except StudioError as error:
                raise error.below("/config") from None
            after = 0
            if not config.detached:
                self._attached.append(job)
        self._n_watched += 1
        watching.start_soon(self._watch, job, after, request.id)

    async def _watch(self, job: Job, after: int, request_id: RequestId) -> None:
        """Tell of a job until it has ended."""
        try:
            await self._tell(job, after, request_id)
        finally:
            self._n_watched -= 1

    async def _tell(self, job: Job, after: int, request_id: RequestId) -> None:
        """Send what is told of a job, and heartbeats while nothing is but its worker moves."""
        watcher = job.channel.watch(after)
        beat = job.beat
        while True:
            frame: AnyFrame | None = None
            with anyio.move_on_after(HEARTBEAT_S):
                try:
                    frame = await watcher.next()
                except StudioError:  # the server goes down, which the close code tells
                    return
            if frame is not None:
                await self._send(frame, request_id)
                if isinstance(frame, Complete | Error):
                    return
            elif job.is_waiting:
                await self._send(job.waiting_frame(self._runner.place(job)), request_id)
            elif job.beat != beat:
                await self._send(Heartbeat(job=job.id), request_id)
            beat = job.beat

    async def _send(self, frame: AnyFrame, request_id: RequestId) -> None:
        frame = msgspec.structs.replace(frame, id=request_id)
        if self._packs:
            await self._socket.send_bytes(await anyio.to_thread.run_sync(pack, frame))
        else:
            await self._socket.send_text(codec.encode_json(frame).decode())

    def leave(self) -> None:
        """Stop the jobs that were not to outlive their connection."""
        for job in self._attached:
            self._runner.stop(job)


def _request_id(document: object) -> RequestId:
    """The id to echo even where the rest of the request is wrong."""
    request_id = document.get("id") if isinstance(document, dict) else None
    return request_id if type(request_id) in (str, int) else None
