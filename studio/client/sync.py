"""The SDK's shell for programs that wait."""

from __future__ import annotations

import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from studio.client import campaigns, core, jobs
from studio.client.campaigns import Follow, Results
from studio.errors import StudioError
from studio.wire.campaigns import CampaignView, Event
from studio.wire.frames import Progress

OnProgress = Callable[[Progress], None]
Plain = dict[str, Any]
T = TypeVar("T")

_OPEN_S = 10.0
_CLOSE_S = 1.0


class Client:
    """A server's operations as calls.

    base_url: the server's address, with or without its /api/v1; token: who is asking
    Each call raises StudioError. It goes over a WebSocket and on with its job where the connection
    is lost; where none can be opened, it goes over HTTP, without progress.
    """

    def __init__(
        self, base_url: str = "http://127.0.0.1:8000/api/v1", token: str | None = None
    ) -> None:
        self._addresses = core.addresses(base_url)
        self._headers = core.authorization(token)
        self.jobs, self.campaigns = Jobs(self), Campaigns(self)

    def characterize(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """A model from all sides."""
        return self.run("characterize", config, on_progress)

    def heatmap(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """A sweep over two parameters."""
        return self.run("heatmap", config, on_progress)

    def scan(self, config: Plain | None = None, on_progress: OnProgress | None = None) -> Plain:
        """Every model of the catalogue by its firing pattern."""
        return self.run("scan", config or {}, on_progress)

    def simulate(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """One run."""
        return self.run("simulate", config, on_progress)

    def models(self) -> list[Plain]:
        """Every model of the catalogue, described."""
        listed: list[Plain] = self._ask("/models")["models"]
        return listed

    def model(self, name: str) -> Plain:
        """One model, described; raises StudioError not_found or no_published_source."""
        described: Plain = self._ask(f"/models/{quote(name, safe='')}")
        return described

    def run(self, op: str, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """Run an operation and return its result; on_progress is told of it meanwhile."""
        call = core.Call(op, config)
        try:
            return self._watch(call, on_progress)
        except core.SocketUnusableError:
            result: Plain = self._ask(f"/{op}", call.body(), timeout=None)
            return result

    def _watch(self, call: core.Call, on_progress: OnProgress | None) -> Plain:
        while call.result is None:
            try:
                with self._socket() as socket:
                    _follow(call, socket, on_progress)
            except _LostError as lost:
                time.sleep(call.lost(lost.close_code))
        return call.result

    @contextlib.contextmanager
    def _socket(self, path: str = core.SOCKET) -> Iterator[ClientConnection]:
        with contextlib.ExitStack() as stack:
            try:
                opening = connect(
                    self._addresses.sockets + path,
                    additional_headers=self._headers,
                    max_size=None,
                    compression=None,
                    open_timeout=_OPEN_S,
                    close_timeout=_CLOSE_S,
                )
                socket = stack.enter_context(opening)
            except (OSError, WebSocketException) as error:
                raise _LostError from error
            yield socket

    def _ask(self, path: str, body: bytes | None = None, timeout: float | None = _OPEN_S) -> Any:
        method = "GET" if body is None else "POST"
        return self.ask(core.Ask(method, path, body), timeout)

    def ask(self, asked: core.Ask, timeout: float | None = _OPEN_S) -> Any:
        """What the server answers to a request over HTTP; raises StudioError."""
        return answered(self._addresses.http, asked, self._headers, timeout)

    def follow(self, following: core.Following[T]) -> Iterator[T]:
        """What is told of a job or a campaign, on however many connections."""
        while not following.is_over:
            try:
                with self._socket(following.address) as socket:
                    following.opened(time.monotonic())
                    if following.opening is not None:
                        _send(socket, following.opening)
                    while not following.is_over:
                        told = following.receive(_receive(socket))
                        if told is not None:
                            yield told
            except _LostError as lost:
                time.sleep(following.lost(time.monotonic(), lost.close_code))


def answered(base: str, asked: core.Ask, headers: dict[str, str], timeout: float | None) -> Any:
    """What a server answers; raises StudioError."""
    address = base + asked.path
    content = {"content-type": asked.kind} if asked.body is not None else {}
    request = urllib.request.Request(  # noqa: S310
        address, asked.body, {**headers, **content, **asked.headers}, method=asked.method
    )
    try:
        with _opened(request, timeout) as answer:
            status, body = answer.status, answer.read()
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise StudioError("unreachable", f"{address}: {reason}") from error
    return core.answer(status, body)


def _opened(request: urllib.request.Request, timeout: float | None) -> Any:
    """The answer, also where it tells of an error; either may end before it is whole."""
    try:
        return urllib.request.urlopen(request, timeout=timeout)  # noqa: S310
    except urllib.error.HTTPError as error:
        return error


class Jobs:
    """Jobs of a server, which go on whoever leaves; each call raises StudioError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def submit(self, op: str, config: Plain, key: str | None = None) -> jobs.Job:
        """A new job; sent again under the same key, it is still one."""
        return jobs.view(self._client.ask(jobs.submit(op, config, key)))

    def list(
        self,
        state: str | None = None,
        op: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> jobs.Page:
        """Jobs, the newest first; before: the `next` of an earlier page."""
        asked = jobs.listed(state=state, op=op, before=before, limit=limit)
        return jobs.page(self._client.ask(asked))

    def get(self, job: str) -> jobs.Job:
        """One job."""
        return jobs.view(self._client.ask(core.Ask("GET", jobs.path(job))))

    def cancel(self, job: str) -> jobs.Job:
        """Stop it; one that has ended stays as it is."""
        return jobs.view(self._client.ask(core.Ask("POST", jobs.path(job, then="cancel"))))

    def result(self, job: str) -> Plain:
        """The result of one that is complete."""
        result: Plain = self._client.ask(core.Ask("GET", jobs.path(job, then="result")), None)
        return result

    def delete(self, job: str) -> None:
        """Forget one that has ended."""
        self._client.ask(core.Ask("DELETE", jobs.path(job)))

    def stream(self, job: str, after: int = 0) -> Iterator[jobs.Frame]:
        """What it has told so far, or after a seq, then what comes; the last is its end.

        It goes on where a connection is lost, and tells no entry of the log twice.
        """
        return self._client.follow(jobs.Watch(job, after))


class Campaigns:
    """Campaigns of a server; each call raises StudioError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, config: campaigns.Config) -> CampaignView:
        """A new campaign, from plain data or from text in YAML or JSON; `start` lets it begin."""
        return campaigns.view(self._client.ask(campaigns.create(config), None))

    def list(self) -> list[CampaignView]:
        """All campaigns, the newest first."""
        listed = self._client.ask(core.Ask("GET", "/campaigns"))["campaigns"]
        return [campaigns.view(one) for one in listed]

    def get(self, campaign: str) -> CampaignView:
        """One campaign."""
        return campaigns.view(self._client.ask(core.Ask("GET", campaigns.path(campaign))))

    def start(self, campaign: str) -> CampaignView:
        """Begin."""
        return self._post(campaign, "start")

    def pause(self, campaign: str) -> CampaignView:
        """Halt after the iteration under way."""
        return self._post(campaign, "pause")

    def resume(self, campaign: str) -> CampaignView:
        """Go on after a pause."""
        return self._post(campaign, "resume")

    def cancel(self, campaign: str) -> CampaignView:
        """End it now; what it found is kept."""
        return self._post(campaign, "cancel")

    def extend(self, campaign: str, iterations: int) -> CampaignView:
        """Add iterations to one that has ended."""
        return self._post(campaign, "extend", {"iterations": iterations})

    def evaluations(self, campaign: str, reports: Sequence[Plain]) -> CampaignView:
        """Hand in what a laboratory found: {"id": .., "objectives": {name: value}} for each."""
        return self._post(campaign, "evaluations", {"results": list(reports)})

    def results(self, campaign: str) -> Results:
        """Every evaluation, with what was predicted of it; `arrays` has them as numpy arrays."""
        asked = core.Ask("GET", campaigns.path(campaign, then="results"))
        return campaigns.results(self._client.ask(asked))

    def delete(self, campaign: str) -> None:
        """Forget one that has ended."""
        self._client.ask(core.Ask("DELETE", campaigns.path(campaign)))

    def stream(self, campaign: str, after: int = 0) -> Iterator[Event]:
        """Every event so far, or after a seq, then what comes, until the campaign has ended.

        It goes on where a connection is lost, and tells nothing twice.
        """
        return self._client.follow(Follow(campaign, after))

    def _post(self, campaign: str, what: str, body: object = None) -> CampaignView:
        return campaigns.view(self._client.ask(campaigns.post(campaign, what, body)))


class _LostError(Exception):
    """The connection ended, or could not be opened."""

    def __init__(self, close_code: int | None = None) -> None:
        self.close_code = close_code


def _follow(call: core.Call, socket: ClientConnection, on_progress: OnProgress | None) -> None:
    """Receive until there is a result; who interrupts it stops the job."""
    try:
        _send(socket, call.opening())
        while call.result is None:
            progress = call.receive(_receive(socket))
            if progress is not None and on_progress is not None:
                on_progress(progress)
    except KeyboardInterrupt:
        cancel = call.cancel()
        if cancel is not None:
            with contextlib.suppress(_LostError):
                _send(socket, cancel)
        raise


def _send(socket: ClientConnection, message: str) -> None:
    try:
        socket.send(message)
    except ConnectionClosed as closed:
        raise _lost(closed) from closed


def _receive(socket: ClientConnection) -> str | bytes:
    try:
        return socket.recv()
    except ConnectionClosed as closed:
        raise _lost(closed) from closed


def _lost(closed: ConnectionClosed) -> _LostError:
    return _LostError(closed.rcvd.code if closed.rcvd is not None else None)
