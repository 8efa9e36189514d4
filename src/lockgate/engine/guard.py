"""The mass-withdraw guard: closing many copies at once is more often a mistake than a wish, so it asks first.

What was withdrawn and what a person agreed to stands in the ledger: it holds over restarts and for all processes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.consult import expected
from lockgate.engine.look import Look
from lockgate.ledger import cursors
from lockgate.ledger.deliveries import count_held
from lockgate.model.plan import Action

WINDOW = timedelta(hours=1)
"""Over which time the live lane adds up withdrawals."""
GUARD = "guard"
"""Reason of what is held back, and name of the cursor that keeps the count."""


class GuardTripped(Exception):
    """A run stopped before it withdrew more than its share."""

    def __init__(self, sentence: str, wanted: int, limit: int) -> None:
        super().__init__(sentence)
        self.sentence, self.wanted, self.limit = sentence, wanted, limit


class Count(msgspec.Struct):
    """How many copies were closed without having been expected to, by minute; and a person's word on it."""

    minutes: dict[int, int] = {}
    agreed: int = 0
    """So many may be closed in all …"""
    until: datetime | None = None
    """… up to this instant."""

    def add(self, number: int, now: datetime, window: timedelta | None) -> None:
        self.minutes = {minute: count for minute, count in self.minutes.items() if fresh(minute, now, window)}
        self.minutes[minute_of(now)] = self.minutes.get(minute_of(now), 0) + number

    def total(self, now: datetime, window: timedelta | None) -> int:
        return sum(count for minute, count in self.minutes.items() if fresh(minute, now, window))

    def allowed(self, now: datetime) -> int:
        return self.agreed if self.until is not None and now < self.until else 0


def minute_of(instant: datetime) -> int:
    return int(instant.timestamp()) // 60


def fresh(minute: int, now: datetime, window: timedelta | None) -> bool:
    return window is None or minute > minute_of(now - window)


def read(c: Connection, owner: str) -> Count:
    stored = cursors.get(c, owner, GUARD)
    return msgspec.json.decode(stored, type=Count) if stored else Count()


def write(c: Connection, owner: str, count: Count) -> None:
    cursors.put(c, owner, GUARD, msgspec.json.encode(count).decode())


@dataclass(slots=True)
class Watchman:
    """Counts the withdrawals of one run, or those of a flow's live lane over the last hour.

    Closings that were to be expected (an expiry at its instant, a recall by a person) are not counted.
    """

    bound: Bound
    owner: str
    """Under which the count is kept: the run's id, or the flow's name."""
    window: timedelta | None = None
    """None counts over the whole run."""
    confirmed: int = 0
    """How many withdrawals a person has agreed to beforehand."""
    asks: bool = True
    """True stops with GuardTripped; False holds back only what would be withdrawn, parked for a person."""
    flying: int = field(default=0, init=False)
    """Withdrawals of pages that are being worked."""
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @asynccontextmanager
    async def watching(self, looks: Sequence[Look]) -> AsyncIterator[None]:
        """Let these withdrawals through, counted while they are under way, or stop them."""
        counted = [look for look in looks if Action.WITHDRAW in look.actions and not expected(look)]
        if counted:
            async with self._one_by_one:
                counted = await self._passed(counted)
                self.flying += len(counted)
        try:
            yield
        finally:
            self.flying -= len(counted)

    async def _passed(self, looks: list[Look]) -> list[Look]:
        try:
            await self._check(len(looks))
        except GuardTripped as tripped:
            if self.asks:
                raise
            for look in looks:
                hold_back(look, tripped, self.bound.flow.name)
            return []
        return looks

    async def _check(self, number: int) -> None:
        now, guard, flying = self.bound.clock(), self.bound.flow.guard, self.flying
        count = await self.bound.ledger.read(lambda c: read(c, self.owner))
        done = count.total(now, self.window)
        wanted = number + flying + done
        limit = max(guard.least, self.confirmed, count.allowed(now))
        if wanted <= limit:
            return
        live = done + await self.bound.ledger.read(lambda c: count_held(c, self.bound.flow.name, "live"))
        limit = max(limit, int(guard.share * live))
        if wanted > limit:
            sentence = f"{wanted} of {live} live copies would be withdrawn; more than {limit} need a person's word"
            raise GuardTripped(sentence, wanted, limit)

    def note(self, c: Connection, looks: Sequence[Look]) -> None:
        """Within the commit that records them: count the copies that were closed."""
        number = sum(look.withdrawn and not expected(look) for look in looks)
        if number:
            now, count = self.bound.clock(), read(c, self.owner)
            count.add(number, now, self.window)
            write(c, self.owner, count)


def hold_back(look: Look, tripped: GuardTripped, flow: str) -> None:
    look.actions = set()
    look.park(GUARD, f"{tripped.sentence}: `lockgate parked retry {flow} --reason guard --confirm` lets them go")


def agree(c: Connection, flow: str, number: int, now: datetime) -> None:
    """A person lets the live lane of a flow close this many more copies, within the window."""
    count = read(c, flow)
    count.agreed, count.until = number + count.total(now, WINDOW), now + WINDOW
    write(c, flow, count)
