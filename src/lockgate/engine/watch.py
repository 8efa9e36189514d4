"""Turns what happens in the systems, and the passing of time, into hints: look at this item again.

Four things hint: webhooks, polls, due dates and parked items whose next try has come. Each commits its hints (and its
cursor) before it counts as taken in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.live import COUNTERPART, DUE
from lockgate.kit.contract import Connector, HookRequest, capabilities
from lockgate.kit.errors import ConnectorError
from lockgate.kit.services import Clock
from lockgate.ledger import Ledger, cursors, deliveries, inbox, parked
from lockgate.ledger.inbox import Hint
from lockgate.model.event import Event

log = structlog.get_logger("lockgate.watch")

TICK = 0.25
"""Seconds between looks at the due dates when none is nearer."""
DUE_BATCH = 2000


def hints_of(bound: Bound, connection: str, events: Iterable[Event]) -> list[Hint]:
    """What events at this connection mean for a flow: its own items, or counterparts that parked ones wait for."""
    flow = bound.flow
    hints = []
    for event in events:
        if connection == flow.source.connection and event.kind == bound.kind:
            hints.append(Hint(flow=flow.name, key=event.id, lane="live", reason=event.type))
        elif flow.resolve and connection == flow.resolve.connection and event.kind == flow.resolve.kind:
            key = f"{COUNTERPART}{event.kind}|{event.id}"
            hints.append(Hint(flow=flow.name, key=key, lane="live", reason=event.type))
    return hints


class End(msgspec.Struct, frozen=True):
    """One end of a flow that is polled."""

    connection: str
    connector: Connector[Any]
    kind: str

    @property
    def name(self) -> str:
        """Name of its cursor."""
        return f"{self.connection}|{self.kind}"


def ends_of(bound: Bound) -> list[End]:
    """Where a flow's items and their counterparts change, as far as the connectors can tell."""
    flow = bound.flow
    ends = [End(flow.source.connection, bound.source, bound.kind)]
    if flow.resolve is not None:
        ends.append(End(flow.resolve.connection, bound.target, flow.resolve.kind))
    return [end for end in ends if "changes" in capabilities(end.connector)]


class Watch:
    """Everything that hints, for the flows of one process. `wake` tells the live lane that there is something new."""

    def __init__(self, ledger: Ledger, flows: Mapping[str, Bound], clock: Clock, wake: Callable[[], None]) -> None:
        self.ledger, self.flows, self.clock, self.wake = ledger, flows, clock, wake

    # ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def hook(self, connection: str, connector: Connector[Any], request: HookRequest) -> int:
        """Take a webhook in: verified, stored, then acknowledged. Answers the number of hints.

        Raises Rejected when signature or form is wrong.
        """
        events = connector.receive(request)
        return await self.events(connection, events)

    async def events(self, connection: str, events: Sequence[Event]) -> int:
        hints = [hint for bound in self.flows.values() for hint in hints_of(bound, connection, events)]
        if hints:
            await self.ledger.write(lambda c: inbox.hint(c, hints))
            self.wake()
        return len(hints)

    # ── polls ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def poll_flow(self, bound: Bound) -> None:
        """Poll both ends of a flow for ever, each at the flow's pace."""
        pace = bound.flow.watch.poll.total_seconds()
        ends = ends_of(bound)
        await asyncio.gather(
            *(forever(pace, partial(self.poll, bound, end), f"poll of {end.connection}") for end in ends)
        )

    async def mark(self, bound: Bound) -> None:
        """Make sure that each end has a cursor before everything is read: what changes meanwhile is found by the next poll."""
        for end in ends_of(bound):
            if await self.ledger.read(partial(cursors.get, owner=bound.flow.name, name=end.name)) is None:
                await self.poll(bound, end)

    async def poll(self, bound: Bound, end: End) -> None:
        """Read the changes since the cursor; hints and the cursor after them share a commit."""
        owner, name, connection = bound.flow.name, end.name, end.connection
        after = await self.ledger.read(lambda c: cursors.get(c, owner, name))
        async for page in end.connector.changes(end.kind, after):
            hints = hints_of(bound, connection, page.records)
            if not hints and page.cursor == after:
                continue
            after = page.cursor
            await self.ledger.write(
                partial(taken, owner=owner, name=name, hints=hints, cursor=page.cursor, now=self.clock())
            )
            if hints:
                self.wake()

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def timers(self) -> None:
        """Hint what is due at its instant: gates that may change by themselves, parked items to try again."""
        while True:
            now = self.clock()
            number = await self.ledger.write(partial(ripen, now=now)) if await self._ripe(now) else 0
            if number:
                self.wake()
            await asyncio.sleep(0 if number >= DUE_BATCH else await self._pause())

    async def _ripe(self, now: datetime) -> bool:
        def job(c: Connection) -> bool:
            return bool(deliveries.due(c, now, 1) or parked.ready(c, now, 1))

        return await self.ledger.read(job)

    async def _pause(self) -> float:
        nearest = await self.ledger.read(deliveries.next_due)
        if nearest is None:
            return TICK
        return min(TICK, max(0.001, (nearest - self.clock()).total_seconds()))


def taken(c: Connection, owner: str, name: str, hints: Sequence[Hint], cursor: str, now: datetime) -> None:
    inbox.hint(c, hints)
    cursors.put(c, owner, name, cursor, at=now)


def ripen(c: Connection, now: datetime) -> int:
    """Hint everything whose instant has come, once. What may have to be withdrawn goes before all else."""
    due, again = deliveries.due(c, now, DUE_BATCH), parked.ready(c, now, DUE_BATCH)
    hints = [Hint(flow=flow, key=key, lane="live", reason="tried again") for flow, key in again]
    hints += [Hint(flow=flow, key=key, lane="recall", reason=DUE) for flow, key in due]
    inbox.hint(c, hints)
    deliveries.due_taken(c, due, now)
    parked.tried(c, again)
    return len(hints)


async def forever(pace: float, work: Callable[[], Awaitable[None]], what: str) -> None:
    """Do the work, wait, again; a system that does not answer is tried again with growing pauses."""
    faults = 0
    while True:
        try:
            await work()
            faults = 0
        except ConnectorError as error:
            faults += 1
            log.warning("did not work, tried again later", what=what, why=error.sentence, times=faults)
        await asyncio.sleep(pace if not faults else min(pace * 2**faults, timedelta(hours=1).total_seconds()))
