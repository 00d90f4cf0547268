"""The SDK's shell for programs on asyncio: the same calls as studio.client.sync, awaited."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from studio.client import campaigns, core, jobs
from studio.client.campaigns import Follow, Results
from studio.client.sync import answered
from studio.wire.campaigns import CampaignView, Event
from studio.wire.frames import Progress

OnProgress = Callable[[Progress], None]
Plain = dict[str, Any]
T = TypeVar("T")

_OPEN_S = 10.0
_CLOSE_S = 1.0


class AsyncClient:
    """A server's operations as coroutines; arguments and errors as of studio.Client."""

    def __init__(
        self, base_url: str = "http://127.0.0.1:8000/api/v1", token: str | None = None
    ) -> None:
        self._addresses = core.addresses(base_url)
        self._headers = core.authorization(token)
        self.jobs, self.campaigns = AsyncJobs(self), AsyncCampaigns(self)

    async def characterize(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """A model from all sides."""
        return await self.run("characterize", config, on_progress)

    async def heatmap(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """A sweep over two parameters."""
        return await self.run("heatmap", config, on_progress)

    async def scan(
        self, config: Plain | None = None, on_progress: OnProgress | None = None
    ) -> Plain:
        """Every model of the catalogue by its firing pattern."""
        return await self.run("scan", config or {}, on_progress)

    async def simulate(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """One run."""
        return await self.run("simulate", config, on_progress)

    async def models(self) -> list[Plain]:
        """Every model of the catalogue, described."""
        listed: list[Plain] = (await self.ask(core.Ask("GET", "/models")))["models"]
        return listed

    async def model(self, name: str) -> Plain:
        """One model, described."""
        described: Plain = await self.ask(core.Ask("GET", f"/models/{quote(name, safe='')}"))
        return described

    async def run(self, op: str, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """Run an operation and return its result; who cancels this stops the job."""
        call = core.Call(op, config)
        try:
            while call.result is None:
                try:
                    async with self._socket(core.SOCKET) as socket:
                        await _follow(call, socket, on_progress)
                except _LostError as lost:
                    await asyncio.sleep(call.lost(lost.close_code))
        except core.SocketUnusableError:
            result: Plain = await self.ask(core.Ask("POST", f"/{op}", call.body()), None)
            return result
        return call.result

    async def ask(self, asked: core.Ask, timeout: float | None = _OPEN_S) -> Any:
        """What the server answers to a request over HTTP; raises StudioError."""
        # the standard library has no HTTP client for asyncio; a thread waits in its place
        return await asyncio.to_thread(
            answered, self._addresses.http, asked, self._headers, timeout
        )

    async def follow(self, following: core.Following[T]) -> AsyncIterator[T]:
        """What is told of a job or a campaign, on however many connections."""
        while not following.is_over:
            try:
                async with self._socket(following.address) as socket:
                    following.opened(time.monotonic())
                    if following.opening is not None:
                        await _send(socket, following.opening)
                    while not following.is_over:
                        told = following.receive(await _receive(socket))
                        if told is not None:
                            yield told
            except _LostError as lost:
                await asyncio.sleep(following.lost(time.monotonic(), lost.close_code))

    @contextlib.asynccontextmanager
    async def _socket(self, path: str) -> AsyncIterator[ClientConnection]:
        async with contextlib.AsyncExitStack() as stack:
            try:
                opening = connect(
                    self._addresses.sockets + path,
                    additional_headers=self._headers,
                    max_size=None,
                    compression=None,
                    open_timeout=_OPEN_S,
                    close_timeout=_CLOSE_S,
                )
                socket = await stack.enter_async_context(opening)
            except (OSError, WebSocketException) as error:
                raise _LostError from error
            yield socket


class AsyncJobs:
    """Jobs of a server, as of studio.client.sync.Jobs."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def submit(self, op: str, config: Plain, key: str | None = None) -> jobs.Job:
        """A new job; sent again under the same key, it is still one."""
        return jobs.view(await self._client.ask(jobs.submit(op, config, key)))

    async def list(
        self,
        state: str | None = None,
        op: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> jobs.Page:
        """Jobs, the newest first; before: the `next` of an earlier page."""
        asked = jobs.listed(state=state, op=op, before=before, limit=limit)
        return jobs.page(await self._client.ask(asked))

    async def get(self, job: str) -> jobs.Job:
        """One job."""
        return jobs.view(await self._client.ask(core.Ask("GET", jobs.path(job))))

    async def cancel(self, job: str) -> jobs.Job:
        """Stop it; one that has ended stays as it is."""
        return jobs.view(await self._client.ask(core.Ask("POST", jobs.path(job, then="cancel"))))

    async def result(self, job: str) -> Plain:
        """The result of one that is complete."""
        asked = core.Ask("GET", jobs.path(job, then="result"))
        result: Plain = await self._client.ask(asked, None)
        return result

    async def delete(self, job: str) -> None:
        """Forget one that has ended."""
        await self._client.ask(core.Ask("DELETE", jobs.path(job)))

    def stream(self, job: str, after: int = 0) -> AsyncIterator[jobs.Frame]:
        """What it has told so far, or after a seq, then what comes; the last is its end."""
        return self._client.follow(jobs.Watch(job, after))


class AsyncCampaigns:
    """Campaigns of a server, as of studio.client.sync.Campaigns."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(self, config: campaigns.Config) -> CampaignView:
        """A new campaign, from plain data or from text in YAML or JSON."""
        return campaigns.view(await self._client.ask(campaigns.create(config), None))

    async def list(self) -> list[CampaignView]:
        """All campaigns, the newest first."""
        listed = (await self._client.ask(core.Ask("GET", "/campaigns")))["campaigns"]
        return [campaigns.view(one) for one in listed]

    async def get(self, campaign: str) -> CampaignView:
        """One campaign."""
        return campaigns.view(await self._client.ask(core.Ask("GET", campaigns.path(campaign))))

    async def start(self, campaign: str) -> CampaignView:
        """Begin."""
        return await self._post(campaign, "start")

    async def pause(self, campaign: str) -> CampaignView:
        """Halt after the iteration under way."""
        return await self._post(campaign, "pause")

    async def resume(self, campaign: str) -> CampaignView:
        """Go on after a pause."""
        return await self._post(campaign, "resume")

    async def cancel(self, campaign: str) -> CampaignView:
        """End it now; what it found is kept."""
        return await self._post(campaign, "cancel")

    async def extend(self, campaign: str, iterations: int) -> CampaignView:
        """Add iterations to one that has ended."""
        return await self._post(campaign, "extend", {"iterations": iterations})

    async def evaluations(self, campaign: str, reports: Sequence[Plain]) -> CampaignView:
        """Hand in what a laboratory found."""
        return await self._post(campaign, "evaluations", {"results": [*reports]})

    async def results(self, campaign: str) -> Results:
        """Every evaluation, with what was predicted of it; `arrays` has them as numpy arrays."""
        asked = core.Ask("GET", campaigns.path(campaign, then="results"))
        return campaigns.results(await self._client.ask(asked))

    async def delete(self, campaign: str) -> None:
        """Forget one that has ended."""
        await self._client.ask(core.Ask("DELETE", campaigns.path(campaign)))

    def stream(self, campaign: str, after: int = 0) -> AsyncIterator[Event]:
        """Every event so far, or after a seq, then what comes, until the campaign has ended."""
        return self._client.follow(Follow(campaign, after))

    async def _post(self, campaign: str, what: str, body: object = None) -> CampaignView:
        return campaigns.view(await self._client.ask(campaigns.post(campaign, what, body)))


class _LostError(Exception):
    """The connection ended, or could not be opened."""

    def __init__(self, close_code: int | None = None) -> None:
        self.close_code = close_code


async def _follow(
    call: core.Call, socket: ClientConnection, on_progress: OnProgress | None
) -> None:
    """Receive until there is a result; who cancels it stops the job."""
    try:
        await _send(socket, call.opening())
        while call.result is None:
            progress = call.receive(await _receive(socket))
            if progress is not None and on_progress is not None:
                on_progress(progress)
    except asyncio.CancelledError:
        cancel = call.cancel()
        if cancel is not None:
            with contextlib.suppress(_LostError):
                await _send(socket, cancel)
        raise


async def _send(socket: ClientConnection, message: str) -> None:
    try:
        await socket.send(message)
    except ConnectionClosed as closed:
        raise _lost(closed) from closed


async def _receive(socket: ClientConnection) -> str | bytes:
    try:
        return await socket.recv()
    except ConnectionClosed as closed:
        raise _lost(closed) from closed


def _lost(closed: ConnectionClosed) -> _LostError:
    return _LostError(closed.rcvd.code if closed.rcvd is not None else None)
