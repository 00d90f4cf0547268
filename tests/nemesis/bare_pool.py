"""Studio with a plain ProcessPoolExecutor(n) in the place of its slots, as a server to start.

    python -m tests.nemesis.bare_pool serve

It shows what the slots are for, and that the nemesis sees it when they are not there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from kernels.neurons.simulate import to_the_end
from studio import app
from studio.cli import main
from studio.config import WorkerLimits
from studio.jobs import slots, worker
from studio.jobs.figures import Figures
from studio.jobs.turns import SERVER, Asker, Line
from studio.operations.stage import Chunk


class BareSlot:
    """What a job holds while its chunk is computed."""

    beat = 0
    is_alive = True


class BarePool:
    """The interface of studio.jobs.slots.SlotPool over an executor as it comes."""

    def __init__(
        self, n_slots: int, code: object = None, limits: WorkerLimits | None = None
    ) -> None:
        self.n_slots, self.line, self.figures = n_slots, Line(n_slots), Figures()
        self.slots = [BareSlot()] * n_slots
        self.is_alive = True

    async def __aenter__(self) -> BarePool:
        self._executor = ProcessPoolExecutor(self.n_slots, mp_context=slots._context())
        warm = [self._executor.submit(worker.pid) for _ in range(self.n_slots)]
        await asyncio.gather(*map(asyncio.wrap_future, warm))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def run(
        self,
        chunk: Chunk,
        on_advance: object,
        on_slot: Callable[[Any], None],
        on_death: object = None,
        asker: Asker = SERVER,
    ) -> Any:
        """Run a chunk; whatever happens to the executor happens to it."""
        on_slot(BareSlot())
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, compute, chunk)

    async def until_idle(self) -> None:
        """Nothing is compiled ahead here."""
        await asyncio.Event().wait()


def compute(chunk: Chunk) -> Any:
    """A whole chunk."""
    return to_the_end(chunk.function)(*chunk.args)


if __name__ == "__main__":
    app.SlotPool = BarePool  # type: ignore[assignment, attr-defined]
    with contextlib.suppress(KeyboardInterrupt):
        main()
