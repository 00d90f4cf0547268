"""The channel of a job or a campaign: a log that is never lost, and the newest state beside it.

A watcher holds no queue of its own but a place in the log, so a slow one costs nothing and misses
nothing: entries wait in the log, and of the states in between it sees only the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import anyio
import msgspec

from studio.errors import StudioError
from studio.wire.frames import Complete, Error

F = TypeVar("F", bound=msgspec.Struct)
"""A frame or an event: both have a seq once they are in a log."""

Announce = Callable[[], None]
Keep = Callable[[Any, Announce], None]


def _forgetful(frame: Any, announce: Announce) -> None:
    announce()


def ends_job(frame: msgspec.Struct) -> bool:
    """Whether a job tells nothing after this."""
    return isinstance(frame, Complete | Error)


class Channel(Generic[F]):
    """What was told about something, and who waits for more.

    log: what was told already; is_last: whether nothing comes after it, for now
    """

    def __init__(self, log: Sequence[F] = (), is_last: Callable[[F], bool] = ends_job) -> None:
        self._log, self._is_last = list(log), is_last
        self._n_told = len(self._log)
        self._state: F | None = None
        self._news = anyio.Event()
        self._closed = False
        self._n_before = 0  # entries of before it went on after an end
        self.n_waiting = 0  # watchers that have seen all there is

    def append(self, frame: F, keep: Keep = _forgetful) -> None:
        """Add a log entry, which gets the next seq; it replaces the state.

        keep: stores the entry, and then has it announced; watchers see nothing newer before
        """
        frame = msgspec.structs.replace(frame, seq=len(self._log) + 1)
        self._log.append(frame)
        self._state = None
        keep(frame, self._announce)

    def _announce(self) -> None:
        self._n_told += 1  # they are stored in their order
        self._wake()

    def update(self, frame: F) -> None:
        """Replace the state."""
        self._state = frame
        self._wake()

    def go_on(self) -> None:
        """More will come, whatever was told last."""
        self._n_before = self._n_told

    def close(self) -> None:
        """Tell nothing more for now: the server goes down, and the next one goes on."""
        self._closed = True
        self._wake()

    def revise(self, change: Callable[[F], F]) -> None:
        """Change what is told of the past, to those who come later."""
        self._log = [change(frame) for frame in self._log]

    @property
    def log(self) -> list[F]:
        """What was told, or is about to be."""
        return list(self._log)

    def is_last(self, frame: F) -> bool:
        """Whether it is the newest, and nothing comes after it for now."""
        return self.ended and self._log[-1] is frame

    def watch(self, after: int = 0) -> Watcher[F]:
        """Read the log after a seq, then what comes."""
        return Watcher(self, after)

    @property
    def is_watched(self) -> bool:
        """Whether somebody waits for news."""
        return self.n_waiting > 0

    @property
    def is_settled(self) -> bool:
        """Whether all that the log holds was announced: nothing newer may be told before."""
        return self._n_told == len(self._log)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._n_told > self._n_before and self._is_last(self._log[self._n_told - 1])

    def _wake(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    async def next(self, after: int, seen: F | None) -> F:
        """The entry after a seq, else a state other than the one seen last; waits for it.

        Raises StudioError where the channel was closed before.
        """
        while True:
            if after < self._n_told:
                return self._log[after]
            if self.ended:
                return self._log[-1]  # who has seen it all is told once more how it ended
            if self._closed:
                raise StudioError("restarting", "the job goes on with the next server")
            if self.is_settled and self._state is not None and self._state is not seen:
                return self._state
            self.n_waiting += 1
            try:
                await self._news.wait()
            finally:
                self.n_waiting -= 1


class Watcher(Generic[F]):
    """A place in a channel; `next` may be cancelled at any time without losing a frame."""

    def __init__(self, channel: Channel[F], after: int) -> None:
        self._channel, self._after = channel, after
        self._seen: F | None = None

    async def next(self) -> F:
        """The next frame, not to be called again after the last one; raises StudioError."""
        frame = await self._channel.next(self._after, self._seen)
        seq: int | None = getattr(frame, "seq", None)
        if seq is None:
            self._seen = frame
        else:
            self._after = seq
        return frame

    async def last(self) -> F:
        """The frame that nothing follows."""
        while True:
            frame = await self.next()
            if self._channel.is_last(frame):
                return frame
