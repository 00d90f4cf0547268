"""The composition root: the only place that knows every part."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from studio.auth import Auth
from studio.config import Settings
from studio.errors import StudioError
from studio.jobs.admission import Seats
from studio.jobs.campaigns import Campaigns
from studio.jobs.machine_code import MachineCode
from studio.jobs.runner import Runner
from studio.jobs.slots import SlotPool
from studio.jobs.warmup import record_all
from studio.store.sqlite import SqliteStore
from studio.web import problems
from studio.web.routes import routes
from studio.web.security import Guard, SecurityMiddleware


def create_app(settings: Settings) -> Starlette:
    """The server as an ASGI application; its workers live as long as its lifespan.

    Raises StoreError where its store cannot be opened.
    """
    store = SqliteStore(settings.data_dir / "jobs.sqlite" if settings.data_dir else None)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        code = MachineCode(settings.data_dir / "machine-code") if settings.data_dir else None
        recorded = asyncio.create_task(asyncio.to_thread(record_all))  # while the workers start
        slots = SlotPool(settings.workers, code, settings.worker_limits)
        try:
            async with slots as pool, anyio.create_task_group() as tasks:
                await recorded
                app.state.runner = runner = Runner(pool, tasks, settings.limits, store)
                app.state.campaigns = campaigns = Campaigns(
                    pool, tasks, store, settings.evaluators, settings.limits
                )
                await runner.take_up()
                await campaigns.take_up()
                tasks.start_soon(runner.forget, settings.retention)
                if auth is not None:
                    tasks.start_soon(auth.watch)
                yield
                tasks.cancel_scope.cancel()
        finally:
            await store.close()

    auth = None if settings.secret is None else Auth(settings.secret, settings.data_dir)
    guard = Guard([settings.host, *settings.allow_hosts], settings.port)
    app = Starlette(
        routes=routes(),
        lifespan=lifespan,
        middleware=[Middleware(SecurityMiddleware, guard=guard, auth=auth)],
        exception_handlers={
            StudioError: problems.on_studio_error,
            HTTPException: problems.on_http_error,
            Exception: problems.on_exception,
        },
    )
    app.state.settings, app.state.seats = settings, Seats(settings.limits)
    app.state.auth = auth
    return app
