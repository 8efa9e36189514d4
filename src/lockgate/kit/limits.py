"""How fast, how many at once and how patiently a connection is called: the one home of vendor rate limits."""

import asyncio
from types import TracebackType

import msgspec

from lockgate.kit.errors import RateLimited


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection may ask of its system. `rate` is requests per second, None for no limit."""

    concurrency: int = 16
    """Calls under way at once; open file streams are counted apart, with the same limit."""
    rate: float | None = None
    burst: int = 1
    """How many calls may follow each other at once after a quiet time, when there is a rate."""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long a call may take and how often it is repeated, in seconds. Minutes to days are the engine's business."""

    attempts: int = 4
    total: float = 30.0
    """No attempt begins later than this after the first."""
    first_wait: float = 0.2
    """Before the second attempt; doubled each time, plus jitter of up to the same."""
    longest_wait: float = 5.0
    retry_after: float = 20.0
    """A longer pause asked for by the vendor is not waited for but reported as RateLimited."""
    connect: float = 10.0
    read: float = 60.0
    """The longest silence of the other side."""


class Limiter:
    """Lets calls of one connection through: so many at once, so many a second, none while the vendor wants a pause.

    Fair: who came first goes first.
    """

    def __init__(self, limits: Limits, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._calls = asyncio.Semaphore(limits.concurrency)
        self._files = asyncio.Semaphore(limits.concurrency)
        self._interval = 1 / limits.rate if limits.rate else 0.0
        self._lead = self._interval * (max(limits.burst, 1) - 1)
        self._line = asyncio.Lock()
        self._next = 0.0
        self._opens = 0.0
        self._refusals = 0

    def call(self) -> "Room":
        """Room for one call. Raises RateLimited at once when the vendor's pause is longer than our patience."""
        return Room(self, self._calls)

    def file(self) -> "Room":
        """Room for one open file; apart from calls, so that a copy within one connection cannot wait for itself."""
        return Room(self, self._files)

    async def turn(self) -> None:
        """Wait until the next call may be made. Raises RateLimited."""
        if not self._interval and asyncio.get_running_loop().time() >= self._opens and not self._line.locked():
            return
        async with self._line:
            # Asked again after each sleep: a refusal meanwhile moves the instant, and no event tells of time.
            while (wait := self._wait()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
            now = asyncio.get_running_loop().time()
            self._next = max(self._next, now - self._lead) + self._interval

    def _wait(self) -> float:
        now = asyncio.get_running_loop().time()
        closed = self._opens - now
        if closed > self.patience.retry_after:
            raise RateLimited(f"The system asked for a pause of another {closed:.0f} seconds.", retry_after=closed)
        return max(closed, self._next - now)

    def refused(self, retry_after: float | None) -> float:
        """The vendor answered 429: all callers pause, as long as it said, else longer each time. Returns the pause."""
        now = asyncio.get_running_loop().time()
        if retry_after is None:
            if self._opens > now:
                return self._opens - now
            retry_after = min(self.patience.first_wait * 2**self._refusals, self.patience.longest_wait)
            self._refusals += 1
        self._opens = max(self._opens, now + retry_after)
        return retry_after

    def served(self) -> None:
        """The vendor answered: the next refusal without a stated pause starts small again."""
        self._refusals = 0


class Room:
    """One of the places there are, as an async context manager; by hand, since every call goes through one."""

    __slots__ = ("_limiter", "_places")

    def __init__(self, limiter: Limiter, places: asyncio.Semaphore) -> None:
        self._limiter, self._places = limiter, places

    async def __aenter__(self) -> None:
        await self._places.acquire()
        try:
            await self._limiter.turn()
        except BaseException:
            self._places.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.release()
