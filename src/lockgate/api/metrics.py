"""What monitoring asks for, in the form of Prometheus: counted here as it happens, or read from the ledger when asked."""

import time
from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import Connection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lockgate.app.lockgate import Lockgate
from lockgate.engine.bound import Bound
from lockgate.engine.reconcile import Page
from lockgate.ledger import deliveries, flows, inbox, parked, runs
from lockgate.model.plan import Outcome

QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5)
"""Bounds of the buckets for webhooks, in seconds: they are acknowledged within a commit."""


class Metrics:
    """The metrics of one application, in a registry of their own."""

    def __init__(self, app: Lockgate) -> None:
        self.app = app
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Histogram(
            "lockgate_http_request_duration_seconds",
            "How long requests took, by route.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.hooks = Histogram(
            "lockgate_hook_acknowledgement_duration_seconds",
            "How long webhooks took to be answered; 202 means that they are stored.",
            ("status",),
            buckets=QUICK,
            registry=self.registry,
        )
        self._acknowledged: dict[int, Histogram] = {}
        self.looks = Counter(
            "lockgate_items_looked_at",
            "Items looked at, by what came of it.",
            ("flow", "outcome"),
            registry=self.registry,
        )
        self.sent = Counter("lockgate_files_sent_bytes", "Bytes of files carried.", ("flow",), registry=self.registry)
        self.dropped = Counter(
            "lockgate_events_dropped", "Events left out because a listener was too slow.", registry=self.registry
        )
        if app.engine is not None:
            app.engine.listen(self._told)

    def acknowledged(self, status: int, seconds: float) -> None:
        """A webhook was answered like this, after so many seconds."""
        timed = self._acknowledged.get(status)
        if timed is None:
            timed = self._acknowledged[status] = self.hooks.labels(status)
        timed.observe(seconds)

    def _told(self, bound: Bound, page: Page) -> None:
        name = bound.flow.name
        self.sent.labels(name).inc(page.account.bytes)
        for outcome in Outcome:
            if number := getattr(page.account, outcome.value):
                self.looks.labels(name, outcome.value).inc(number)

    async def text(self) -> bytes:
        """All metrics as Prometheus reads them. Raises LedgerError."""
        found = await self.app.ledger.read(lambda c: list(from_ledger(c)))
        found.append(self._flows())
        standing = CollectorRegistry()
        standing.register(Given(found))
        return bytes(generate_latest(standing) + generate_latest(self.registry))

    def _flows(self) -> Metric:
        working = GaugeMetricFamily("lockgate_flow_working", "Whether this process works the flow.", labels=("flow",))
        names = set(self.app.engine.flows) if self.app.engine else set()
        for name in sorted(names | set(self.app.problems or {})):
            working.add_metric((name,), float(name in names))
        return working


class Given:
    """A collector of metrics that are there already."""

    def __init__(self, found: list[Metric]) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        yield from self.found


def from_ledger(c: Connection) -> Iterator[Metric]:
    """How everything stands at this instant."""
    items = GaugeMetricFamily("lockgate_items", "Items by how they stand.", labels=("flow", "outcome"))
    waiting = GaugeMetricFamily("lockgate_inbox_items", "Items that wait to be looked at.", labels=("flow", "lane"))
    held = GaugeMetricFamily("lockgate_parked_items", "Parked items by reason.", labels=("flow", "code"))
    begun = GaugeMetricFamily("lockgate_runs", "Runs by kind and state.", labels=("flow", "kind", "state"))
    lanes = inbox.counts(c)
    for row in flows.all(c):
        for outcome, codes in deliveries.counts(c, row.name).items():
            items.add_metric((row.name, outcome), sum(codes.values()))
        for lane in inbox.LANES:
            waiting.add_metric((row.name, lane), lanes.get(row.name, {}).get(lane, 0))
        for code, number in parked.counts(c, row.name).items():
            held.add_metric((row.name, code), number)
    for (flow, kind, state), number in runs.counts(c).items():
        begun.add_metric((flow, kind, state), number)
    yield from (items, waiting, held, begun)


class Timed:
    """Times every request to the application below it."""

    def __init__(self, inner: ASGIApp, metrics: Metrics) -> None:
        self.inner, self.metrics = inner, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.inner(scope, receive, noted)
        finally:
            # By route, not by path: ids in labels would make as many series as there are items.
            route = getattr(scope.get("route"), "path", "")
            self.metrics.requests.labels(scope["method"], route, status).observe(time.perf_counter() - begun)
