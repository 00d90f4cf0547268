"""/metrics: what Prometheus asks for, read off the runner when it asks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from studio.jobs.admission import Seats
from studio.jobs.runner import Runner


class RunnerCollector(Collector):
    """The state of a runner as metrics."""

    def __init__(self, runner: Runner, seats: Seats) -> None:
        self._runner, self._seats = runner, seats

    def collect(self) -> Iterator[Metric]:
        """Every metric as it is now."""
        counts = self._runner.counts()
        under_way = GaugeMetricFamily(
            "studio_jobs", "Jobs that have not ended, by state.", labels=["state"]
        )
        for state, n in counts.under_way.items():
            under_way.add_metric([state], n)
        ended = CounterMetricFamily(
            "studio_jobs_ended", "Jobs that have ended, by operation and state.",
            labels=["op", "state"],
        )  # fmt: skip
        for (op, state), n in counts.ended.items():
            ended.add_metric([op, state], n)
        yield under_way
        yield ended
        yield GaugeMetricFamily("studio_workers", "Worker processes.", counts.n_workers)
        yield GaugeMetricFamily("studio_workers_alive", "Those that live.", counts.n_alive)
        yield GaugeMetricFamily(
            "studio_chunks_waiting", "Chunks that wait for a worker.", counts.n_waiting
        )
        yield GaugeMetricFamily(
            "studio_job_watchers", "Clients that wait for news of a job.", counts.n_watchers
        )
        yield GaugeMetricFamily(
            "studio_store_bytes", "Bytes that the store takes.", counts.n_stored_bytes
        )
        yield GaugeMetricFamily(
            "studio_sockets", "Open WebSockets and streams of events.", self._seats.n_taken
        )
        yield GaugeMetricFamily(
            "studio_ready", "Whether jobs are taken.", float(self._runner.is_ready)
        )


async def metrics(request: Request) -> Response:
    """The server in numbers."""
    registry = CollectorRegistry()
    state = request.app.state
    registry.register(RunnerCollector(state.runner, state.seats))
    told = generate_latest(registry) + generate_latest(state.runner.figures.registry)
    return Response(told, media_type=CONTENT_TYPE_LATEST)
