"""studio serve"""

from __future__ import annotations

import dataclasses
import errno
import gc
import ipaddress
import math
import os
import signal
import socket
import sys
import webbrowser
from importlib import util
from pathlib import Path
from types import FrameType
from typing import Any

import anyio
import click
import uvicorn

from studio.app import create_app
from studio.cli.data_dir import data_dir_option
from studio.cli.logs import log_to
from studio.cli.secret import read_secret, secret_option
from studio.config import Limits, Settings, WorkerLimits
from studio.jobs.campaigns import Campaigns
from studio.jobs.runner import Runner
from studio.store.sqlite import StoreError
from studio.web.keepalive import PING_S, PONG_S, KeepAlive
from studio.web.security import bracketed, parse_authority
from studio.wire.codec import did_you_mean

LIMITS = {
    name: type(value)
    for name, value in dataclasses.asdict(Limits()).items()
    if name != "wall_seconds"
}
_NOTICE_S = 0.5  # in which /readyz says 503 to who sends it work, before nobody answers
_FILES = 65_536


class LimitType(click.ParamType[Any]):
    """NAME=NUMBER."""

    name = "limit"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, float]:
        """The name of a limit, and what it is to be."""
        name, _, text = str(value).partition("=")
        if name not in LIMITS:
            self.fail(f"{name!r} is no limit{did_you_mean(name, list(LIMITS))}", param, ctx)
        try:
            number = LIMITS[name](text)
        except ValueError:
            number = 0
        if not (number > 0 and math.isfinite(number)):
            kind = "a whole number" if LIMITS[name] is int else "a number"
            self.fail(f"{name} must be {kind} above 0, not {text!r}", param, ctx)
        return name, number


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers",
    default=Settings().workers,
    show_default="one per core",
    type=click.IntRange(1, 1024),
    help="Worker processes.",
)
@data_dir_option("Where the server keeps its files; jobs, results, log and machine code.")
@click.option(
    "--worker-memory",
    type=click.IntRange(256),
    metavar="MIB",
    show_default="its share of this machine's",
    help="Memory that one worker may hold.",
)
@click.option(
    "--job-hours",
    default=Limits().wall_seconds / 3600,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Time after which a job is ended.",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    type=LimitType(),
    metavar="NAME=NUMBER",
    help=f"What one user or request may ask for; {', '.join(LIMITS)}.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="HOST[:PORT]",
    help="A further host name to answer to; with the port of a proxy that browsers go through.",
)
@secret_option
@click.option(
    "--allow-evaluator",
    multiple=True,
    metavar="MODULE:FUNCTION",
    help="A function of yours that campaigns sent to the server may run.",
)
@click.option("--open/--no-open", "open_page", default=True, help="Open the page in a browser.")
def command(
    host: str,
    port: int,
    workers: int,
    data_dir: Path,
    worker_memory: int | None,
    job_hours: float,
    limits: tuple[tuple[str, Any], ...],
    allow_host: tuple[str, ...],
    allow_evaluator: tuple[str, ...],
    secret_file: Path | None,
    open_page: bool,
) -> None:
    """Start the server and open its page."""
    _check_kernels()
    secret = read_secret(secret_file)
    _check_host(host, signs_in=secret is not None)
    _check_allowed(allow_host)
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    _log_to(data_dir)
    allowed = dataclasses.replace(Limits(wall_seconds=3600 * job_hours), **dict(limits))
    worker_limits = WorkerLimits(worker_memory and worker_memory * 2**20)
    settings = Settings(
        host,
        port,
        workers,
        allow_host,
        data_dir,
        allowed,
        worker_limits,
        evaluators=allow_evaluator,
        secret=secret,
    )
    try:
        server = _Server(settings, open_page=open_page)
    except StoreError as error:
        raise click.ClickException(f"{error} (--data-dir takes another one)") from None
    _raise_file_limit()
    for ending in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises them again once it is done
        signal.signal(ending, lambda *_: None)
    anyio.run(server.serve, [listener])
    if not server.started:
        sys.exit(1)


class _Server(uvicorn.Server):
    """uvicorn's server, which says where it is once it is ready."""

    def __init__(self, settings: Settings, *, open_page: bool) -> None:
        self._address = f"http://{bracketed(settings.host)}:{settings.port}"
        self._open_page = open_page
        self._app = create_app(settings)
        super().__init__(
            uvicorn.Config(
                self._app,
                ws=KeepAlive,
                ws_ping_interval=PING_S,
                ws_ping_timeout=PONG_S,
                ws_max_size=settings.limits.message_bytes,
                ws_per_message_deflate=False,
                log_level="warning",
                timeout_graceful_shutdown=5,
                server_header=False,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop once all is in order, and at a second signal at once."""
        self.force_exit = self.should_exit
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of all who wait, so that nobody keeps the server, then stop."""
        runner: Runner = self._app.state.runner
        runner.drain()
        campaigns: Campaigns = self._app.state.campaigns
        campaigns.close()
        await anyio.sleep(_NOTICE_S)
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # modules and recorded models stay: no collection looks through them again
        if self.started:
            click.echo(f"Studio is ready at {self._address} (Ctrl-C stops it)")
            if self._open_page and _has_desktop():
                webbrowser.open(self._address)


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        # asyncio sends without delay only on a socket that says it is TCP
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()  # from here on the port is taken, also for a server that starts with us
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise click.ClickException(
                f"port {port} on {host} is in use: give another one with --port"
            ) from None
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return listener


def _raise_file_limit() -> None:
    """Every socket is a file, and shells allow 1 024 of them unless they are asked for more."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def _log_to(data_dir: Path) -> None:
    try:
        log_to(data_dir)
    except OSError as error:
        raise click.ClickException(
            f"--data-dir {data_dir} cannot be written: {error.strerror}"
        ) from None


def _check_allowed(hosts: tuple[str, ...]) -> None:
    for host in hosts:
        if parse_authority(bracketed(host) if host.count(":") > 1 else host) is None:
            raise click.BadParameter(f"{host!r} is no HOST or HOST:PORT", param_hint="--allow-host")


def _check_host(host: str, *, signs_in: bool) -> None:
    """Where nobody signs in, only this machine may connect."""
    if signs_in:
        return
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise click.ClickException(
            f"--host {host} is not a loopback address, so people have to sign in: give a secret "
            "with --secret-file or STUDIO_SECRET, and make tokens of it with `studio token create`"
        )


def _check_kernels() -> None:
    """Another distribution may have installed a package called kernels over ours."""
    ours = Path(__file__).resolve().parents[2] / "kernels"
    spec = util.find_spec("kernels")
    if spec is None or spec.origin is None or Path(spec.origin).resolve().parent != ours:
        found = "none" if spec is None else spec.origin
        raise click.ClickException(
            f"the package `kernels` that Python finds is not Studio's ({found}): install Studio "
            "into an environment of its own"
        )


def _has_desktop() -> bool:
    return sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
