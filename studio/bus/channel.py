"""One job's channel: a log that is never lost, and the newest state beside it.

A watcher holds no queue of its own but a place in the log, so a slow one costs nothing and misses
nothing: entries wait in the log, and of the states in between it sees only the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio
import msgspec

from studio.errors import StudioError
from studio.wire.frames import AnyFrame, Complete, Error, Progress

Announce = Callable[[], None]
Keep = Callable[[AnyFrame, Announce], None]


def _forgetful(frame: AnyFrame, announce: Announce) -> None:
    announce()


class Channel:
    """What was told about a job, and who waits for more; log: what was told already."""

    def __init__(self, log: Sequence[AnyFrame] = ()) -> None:
        self._log = list(log)
        self._n_told = len(self._log)
        self._state: AnyFrame | None = None
        self._news = anyio.Event()
        self._closed = False

    def append(self, frame: AnyFrame, keep: Keep = _forgetful) -> None:
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

    def update(self, frame: AnyFrame) -> None:
        """Replace the state."""
        self._state = frame
        self._wake()

    def close(self) -> None:
        """Tell nothing more for now: the server goes down, and the next one goes on."""
        self._closed = True
        self._wake()

    def drop_partials(self) -> None:
        """Forget the results so far of a job whose result is there."""
        if self.ended:
            self._log = [
                msgspec.structs.replace(frame, partial=None)
                if isinstance(frame, Progress)
                else frame
                for frame in self._log
            ]

    def watch(self, after: int = 0) -> Watcher:
        """Read the log after a seq, then what comes."""
        return Watcher(self, after)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._n_told > 0 and isinstance(self._log[self._n_told - 1], Complete | Error)

    def _wake(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    async def next(self, after: int, seen: AnyFrame | None) -> AnyFrame:
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
            is_newest = self._n_told == len(self._log)
            if is_newest and self._state is not None and self._state is not seen:
                return self._state
            await self._news.wait()


class Watcher:
    """A place in a channel; `next` may be cancelled at any time without losing a frame."""

    def __init__(self, channel: Channel, after: int) -> None:
        self._channel, self._after = channel, after
        self._seen: AnyFrame | None = None

    async def next(self) -> AnyFrame:
        """The next frame, not to be called again after the last one; raises StudioError."""
        frame = await self._channel.next(self._after, self._seen)
        if frame.seq is None:
            self._seen = frame
        else:
            self._after = frame.seq
        return frame

    async def last(self) -> Complete | Error:
        """The frame that ends the job."""
        while True:
            frame = await self.next()
            if isinstance(frame, Complete | Error):
                return frame
