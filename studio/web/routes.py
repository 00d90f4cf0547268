"""Every address of the server, in one table."""

from __future__ import annotations

import importlib.resources
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from studio.errors import StudioError
from studio.jobs.job import Job
from studio.jobs.runner import Runner
from studio.operations import models
from studio.web import campaigns, documents, jobs, login
from studio.web.body import read_json
from studio.web.campaign_socket import campaign_socket
from studio.web.examples import list_examples
from studio.web.metrics import metrics
from studio.web.owner import owner_of, seated
from studio.web.problems import problem
from studio.web.progress_socket import progress_socket
from studio.wire import codec
from studio.wire.frames import Complete, error_of
from studio.wire.requests import CONFIGS, parse_config

API = "/api/v1"

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def routes() -> list[BaseRoute]:
    """The table."""
    return [
        Route("/", index),
        Route("/login", login.sign_in, methods=["POST"]),
        Route("/logout", login.sign_out, methods=["POST"]),
        Route("/vendor/plotly.min.js", plotly),
        Mount("/static", _Static(directory=str(importlib.resources.files("static")))),
        *(Route(f"{API}/{op}", run_operation(op), methods=["POST"]) for op in CONFIGS),
        Route(f"{API}/jobs", jobs.submit_job, methods=["POST"]),
        Route(f"{API}/jobs", jobs.list_jobs),
        Route(f"{API}/jobs/{{job}}", jobs.delete_job, methods=["DELETE"]),
        Route(f"{API}/jobs/{{job}}", jobs.get_job),
        Route(f"{API}/jobs/{{job}}/cancel", jobs.cancel_job, methods=["POST"]),
        Route(f"{API}/jobs/{{job}}/events", jobs.job_events),
        Route(f"{API}/jobs/{{job}}/result", jobs.job_result),
        Route(f"{API}/campaigns", campaigns.create_campaign, methods=["POST"]),
        Route(f"{API}/campaigns", campaigns.list_campaigns),
        Route(f"{API}/campaigns/{{campaign}}", campaigns.delete_campaign, methods=["DELETE"]),
        Route(f"{API}/campaigns/{{campaign}}", campaigns.get_campaign),
        *(
            Route(f"{API}/campaigns/{{campaign}}/{how}", campaigns.steer(how), methods=["POST"])
            for how in ("start", "pause", "resume", "cancel")
        ),
        Route(f"{API}/campaigns/{{campaign}}/extend", campaigns.extend_campaign, methods=["POST"]),
        Route(
            f"{API}/campaigns/{{campaign}}/evaluations",
            campaigns.bring_evaluations,
            methods=["POST"],
        ),
        Route(f"{API}/campaigns/{{campaign}}/results", campaigns.campaign_results),
        Route(f"{API}/campaigns/{{campaign}}/events", campaigns.campaign_events),
        Route(f"{API}/ticket", login.ticket, methods=["POST"]),
        Route(f"{API}/examples", list_examples),
        Route(f"{API}/models", list_models),
        Route(f"{API}/models/{{name}}", get_model),
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/openapi.json", documents.openapi_json),
        Route("/asyncapi.json", documents.asyncapi_json),
        WebSocketRoute("/ws/progress", seated(progress_socket)),
        WebSocketRoute("/ws/campaigns/{campaign}", seated(campaign_socket)),
    ]


class _Static(StaticFiles):
    """The page's files, asked for again each time, so that an upgrade shows at once."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return ("", None) if path.endswith(".py") else super().lookup_path(path)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


async def index(request: Request) -> Response:
    """The page."""
    path = str(importlib.resources.files("static") / "index.html")
    return FileResponse(path, headers={"cache-control": "no-cache"})


async def plotly(request: Request) -> Response:
    """The plotting library, from its installed package."""
    path = Path(str(importlib.resources.files("plotly"))) / "package_data" / "plotly.min.js"
    return FileResponse(path, media_type="text/javascript")


def run_operation(op: str) -> Endpoint:
    """POST of a configuration: run it and answer with the result."""

    async def endpoint(request: Request) -> Response:
        """Run an operation and answer with its result."""
        runner: Runner = request.app.state.runner
        config = parse_config(op, await read_json(request))
        job = runner.submit(op, config, owner=owner_of(request))
        async with anyio.create_task_group() as watching:
            if not config.detached:
                watching.start_soon(_stop_with_client, request, runner, job)
            answer = await _end_of(job)
            watching.cancel_scope.cancel()
        return answer

    return endpoint


async def _end_of(job: Job) -> Response:
    try:
        frame = await job.end()
    except StudioError as error:  # the server goes down
        return problem(error)
    if isinstance(frame, Complete):
        where = {"content-location": f"{API}/jobs/{job.id}/result"}
        return Response(bytes(frame.result), 200, where, "application/json")
    return problem(error_of(frame))


async def _stop_with_client(request: Request, runner: Runner, job: Job) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    runner.stop(job)


async def list_models(request: Request) -> Response:
    """The catalogue."""
    return _json({"models": models.list_models()})


async def get_model(request: Request) -> Response:
    """One model of the catalogue."""
    return _json(models.get_model(request.path_params["name"]))


def _json(document: Any) -> Response:
    return Response(codec.encode_json(document), media_type="application/json")


async def livez(request: Request) -> Response:
    """Whether the process answers."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """Whether it takes work: a worker lives, and the server does not go down."""
    runner: Runner = request.app.state.runner
    if not runner.is_ready:
        return problem(StudioError("not_ready", "ask again", retry_s=1))
    return PlainTextResponse("ready")
