"""The pieces that an operation is cut into."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from studio.errors import StudioError

Y = TypeVar("Y")


@dataclass(frozen=True, slots=True)
class Advance:
    """Work of a chunk that is done, in column-steps, and what is known so far, made on demand."""

    done: float
    so_far: Callable[[], dict[str, Any]] | None = None


ChunkFunction = Callable[..., Generator[Advance, None, Any]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Work for one worker: a module-level generator function whose return value is the part.

    work: what its Advance counts up to; seconds: about how long it takes
    """

    function: ChunkFunction
    args: tuple[Any, ...]
    work: float
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Chunks that may run at the same time, and how their progress is told.

    step: its name on the wire; title: the text shown, followed by "n/N" where there are items
    n_items: the N; n is the part of the work that is done, or, where every chunk is an item of its
        own (by_chunk), the chunks that are
    labels: what is shown after the count: the n-th item, or the chunk that was done last
    share: where the stage begins and ends in the whole operation, 0 to 1
    finished: what a part tells before the whole is complete
    lost: the part of a chunk, by its index, that no worker came through with, told why; None where
        all fails then
    """

    step: str
    chunks: list[Chunk]
    title: str
    n_items: int = 0
    labels: Sequence[str] = ()
    by_chunk: bool = False
    share: tuple[float, float] = (0.0, 1.0)
    finished: Callable[[Any], dict[str, Any]] | None = None
    lost: Callable[[int, str], Any] | None = None

    def without(self, index: int, error: StudioError) -> Any:
        """The part of a chunk that failed; raises the error where everything fails with it."""
        crashed = error.cause is not None and error.cause.signal is not None
        if self.lost is None or (error.code == "no_engine" and not crashed):  # as any chunk would
            raise error
        return self.lost(index, error.message)

    def message(self, n: int, last: int) -> str:
        """The text shown when n items are done, last the index of the latest."""
        if not self.n_items:
            return self.title
        label = f": {self.labels[last]}" if n and self.labels else ""
        return f"{self.title} {n}/{self.n_items}{label}"


def resume(running: Generator[Y, Any, Any], sent: Any = None) -> tuple[Y | None, Any]:
    """The next that a generator yields, or None and what it returns."""
    try:
        return running.send(sent), None
    except StopIteration as end:
        return None, end.value
