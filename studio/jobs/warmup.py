"""Machine code made ahead: what jobs wanted and did not find compiled, for the next ones."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import anyio

from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.model import Integrator
from kernels.neurons.program import usual
from studio.errors import StudioError
from studio.jobs import worker
from studio.jobs.slots import SlotPool
from studio.operations.engine import Batches
from studio.operations.stage import Chunk

log = logging.getLogger(__name__)


def record_all() -> None:
    """Record every model's step, so that the event loop need not when a scan first asks."""
    for model in CATALOGUE:
        usual(model, model.integrator).digest  # noqa: B018


class WarmUp:
    """Compiles in slots that have nothing else to do; `ready` holds the digests of what is done."""

    def __init__(self, pool: SlotPool) -> None:
        self._pool = pool
        self.ready: frozenset[str] = frozenset()
        self._wanted: dict[str, tuple[str, Integrator]] = {}
        self._some = anyio.Event()

    def want(self, planned: Iterable[Batches]) -> None:
        """Have what a job runs compiled, as soon as nobody needs the slots."""
        for model, integrator, *_ in planned:
            digest = usual(model, integrator).digest
            if digest not in self.ready:
                self._wanted[digest] = (model.name, integrator)
                self._some.set()

    async def run(self) -> None:
        """Find out what earlier servers have compiled, then serve wishes until cancelled.

        Returns where nothing can be compiled at all.
        """
        can_compile = await self._run(Chunk(worker.ready, (), 0.0))
        while can_compile:
            await self._some.wait()
            self._some = anyio.Event()
            while self._wanted:
                await self._pool.until_idle()
                digest = next(iter(self._wanted))
                await self._run(Chunk(worker.compile_step, self._wanted[digest], 0.0))
                self._wanted.pop(digest)

    async def _run(self, chunk: Chunk) -> bool:
        """Whether the engine was there."""
        try:
            self.ready = await self._pool.run(chunk, lambda *_: None, lambda _: None)
        except StudioError as error:  # jobs go on without
            log.warning("machine code cannot be made ahead: %s", error.detail)
            return error.code != "no_engine"
        return True
