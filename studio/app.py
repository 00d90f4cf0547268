"""The composition root: the only place that knows every part."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from studio.config import Settings
from studio.errors import StudioError
from studio.jobs.machine_code import MachineCode
from studio.jobs.runner import Runner
from studio.jobs.slots import SlotPool
from studio.jobs.warmup import record_all
from studio.web import problems
from studio.web.routes import routes
from studio.web.security import Guard, SecurityMiddleware


def create_app(settings: Settings) -> Starlette:
    """The server as an ASGI application; its workers live as long as its lifespan."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        code = MachineCode(settings.data_dir / "machine-code") if settings.data_dir else None
        recorded = asyncio.create_task(asyncio.to_thread(record_all))  # while the workers start
        slots = SlotPool(settings.workers, code, settings.worker_limits)
        async with slots as pool, anyio.create_task_group() as tasks:
            await recorded
            app.state.runner = Runner(pool, tasks, settings.limits)
            yield
            tasks.cancel_scope.cancel()

    guard = Guard([settings.host, *settings.allow_hosts], settings.port)
    app = Starlette(
        routes=routes(),
        lifespan=lifespan,
        middleware=[Middleware(SecurityMiddleware, guard=guard)],
        exception_handlers={
            StudioError: problems.on_studio_error,
            HTTPException: problems.on_http_error,
            Exception: problems.on_exception,
        },
    )
    app.state.settings = settings
    return app
