"""Webhooks a sandbox sends: one queue a target, the vendor's retries, faults on the way, a log of attempts."""

import asyncio
import contextlib
import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Self

import aiohttp
import msgspec

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox

KEPT = 10_000
OVERTAKEN_WITHIN = 1.0  # seconds a disordered delivery waits for another one to go first


class WebhookTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where deliveries go. `events` are event types or globs of them; None is all."""

    url: str
    secret: str | None = None
    events: tuple[str, ...] | None = None

    def wants(self, type: str) -> bool:
        return self.events is None or any(fnmatchcase(type, glob) for glob in self.events)


class Delivery(msgspec.Struct, frozen=True):
    """One attempt to deliver (status 0: no answer)."""

    n: int
    type: str
    attempt: int
    status: int
    body: msgspec.Raw
    url: str
    at: str
    """When it was sent, by the sandbox's clock."""


class Pending(msgspec.Struct):
    """A delivery that waits for its instant."""

    due: float
    order: int
    type: str
    body: bytes
    attempt: int = 1
    overtakable: bool = False

    def __lt__(self, other: Self) -> bool:
        return (self.due, self.order) < (other.due, other.order)


class Webhooks:
    """Sends what the vendor's sandbox emits. Retries wait by the sandbox clock's elapsed time."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._lanes: list[Lane] = []
        self._session: aiohttp.ClientSession | None = None
        self._log: deque[Delivery] = deque(maxlen=KEPT)
        self._numbered = 0
        self._silent = False
        self.set_targets(msgspec.convert(sandbox.state.setting("webhooks") or [], list[WebhookTarget]))

    @property
    def targets(self) -> list[WebhookTarget]:
        return [lane.target for lane in self._lanes]

    def set_targets(self, targets: Sequence[WebhookTarget]) -> None:
        """Send to these from now on; what waits for other targets is dropped. Kept over resets and restarts."""
        self._sandbox.state.set_setting("webhooks", targets)
        self._stop_lanes()
        self._lanes = [Lane(target, self) for target in targets]
        self._start_lanes()

    def emit(self, type: str, body: dict[str, Any]) -> None:
        """Send one event to every target that wants it; returns at once. The body is taken as it is now."""
        wanting = [] if self._silent else [lane for lane in self._lanes if lane.target.wants(type)]
        if not wanting:
            return
        encoded = msgspec.json.encode(body)
        for lane in wanting:
            lane.take(type, encoded)

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Emit nothing within the block."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    def deliveries(self) -> list[Delivery]:
        """Every attempt there was, oldest first."""
        return list(self._log)

    def waiting(self) -> int:
        """Deliveries that are still to be sent or tried again."""
        return sum(lane.waiting() for lane in self._lanes)

    def clear(self) -> None:
        """Drop what waits and empty the log; targets stay."""
        self._log.clear()
        self._numbered = 0
        for lane in self._lanes:
            lane.clear()

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self._sandbox.webhook_timeout)
        self._session = aiohttp.ClientSession(timeout=timeout, auto_decompress=False)
        self._start_lanes()

    async def close(self) -> None:
        """Stop sending, whatever waits."""
        await asyncio.gather(*self._stop_lanes(), return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _start_lanes(self) -> None:
        if self._session:
            for lane in self._lanes:
                lane.task = asyncio.create_task(lane.run())

    def _stop_lanes(self) -> list[asyncio.Task[None]]:
        tasks = [lane.task for lane in self._lanes if lane.task]
        for task in tasks:
            task.cancel()
        return tasks

    def now(self) -> float:
        return self._sandbox.clock.elapsed()

    def fault(self, type: str) -> tuple[str, float]:
        """What is in the way of a delivery: the kind and its delay in seconds ("" for nothing)."""
        rule = self._sandbox.faults.for_webhook(type)
        return (rule.kind, rule.delay_ms / 1000) if rule else ("", 0.0)

    def pause_before(self, attempt: int) -> float | None:
        """Seconds before this attempt, by the vendor's retries; None when there is none such."""
        retries = self._sandbox.webhook_retries
        return retries[attempt - 2] if attempt - 2 < len(retries) else None

    async def post(self, target: WebhookTarget, pending: Pending) -> bool:
        """Try once and log it; True when the target took it."""
        headers = {"Content-Type": "application/json", **self._sandbox.webhook_headers(target, pending.body)}
        status, at = 0, self._sandbox.clock.now().isoformat()
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
            assert self._session is not None  # noqa: S101 (lanes run only while there is a session)
            async with self._session.post(
                target.url, data=pending.body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        self._numbered += 1
        self._log.append(
            Delivery(self._numbered, pending.type, pending.attempt, status, msgspec.Raw(pending.body), target.url, at)
        )
        return 200 <= status < 300


class Lane:
    """What waits for one target, sent one at a time in order of when it is due."""

    def __init__(self, target: WebhookTarget, hooks: Webhooks) -> None:
        self.target = target
        self.task: asyncio.Task[None] | None = None
        self._hooks = hooks
        self._waiting: list[Pending] = []
        self._order = 0
        self._sending = 0
        self._news = asyncio.Event()

    def waiting(self) -> int:
        return len(self._waiting) + self._sending

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, type: str, body: bytes) -> None:
        """Put one event in the queue, with the fault that strikes it."""
        kind, delay = self._hooks.fault(type)
        if kind == "drop":
            return
        if kind == "disorder":
            self._push(type, body, delay or OVERTAKEN_WITHIN, overtakable=True)
            return
        self._push(type, body, delay)
        if kind == "repeat":
            self._push(type, body, delay)
        self._release()

    def _release(self) -> None:
        """Whatever waited to be overtaken has been."""
        for pending in self._waiting:
            if pending.overtakable:
                self._order += 1
                pending.due, pending.order, pending.overtakable = self._hooks.now(), self._order, False
        heapq.heapify(self._waiting)

    def _push(self, type: str, body: bytes, delay: float, *, attempt: int = 1, overtakable: bool = False) -> None:
        self._order += 1
        heapq.heappush(self._waiting, Pending(self._hooks.now() + delay, self._order, type, body, attempt, overtakable))
        self._news.set()

    async def run(self) -> None:
        while True:
            pending = await self._next()
            self._sending = 1
            try:
                if not await self._hooks.post(self.target, pending):
                    self._again(pending)
            finally:
                self._sending = 0

    def _again(self, pending: Pending) -> None:
        pause = self._hooks.pause_before(pending.attempt + 1)
        if pause is not None:
            self._push(pending.type, pending.body, pause, attempt=pending.attempt + 1)

    async def _next(self) -> Pending:
        """The next delivery, once it is due. Looks again every 50 ms, because the clock can be moved."""
        while not self._waiting or self._waiting[0].due > self._hooks.now():
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.05 if self._waiting else None)
        return heapq.heappop(self._waiting)
