"""Turns what happens in the systems, and the passing of time, into hints: look at this item again.

Four things hint: webhooks, polls, due dates and parked items whose next try has come. Each commits its hints (and its
cursor) before it counts as taken in.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection

from lockgate.engine import counterparts
from lockgate.engine.alive import forever
from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy, Grip
from lockgate.engine.intake import Intake, Stored
from lockgate.engine.look import CLOSING
from lockgate.failpoints import passed
from lockgate.kit.contract import Connector, HookRequest, capabilities
from lockgate.kit.services import Clock
from lockgate.ledger import Ledger, cursors, deliveries, inbox, parked
from lockgate.ledger.deliveries.standing import live_among
from lockgate.ledger.inbox import Hint
from lockgate.model.event import Event

TICK = 0.25
"""Seconds between looks at the due dates when none is nearer."""
DUE_BATCH = 2000
POLLS = "~polls"
"""Stands for a flow where polls are kept apart; no flow can have that name."""
TAKE_OVER = 5.0
"""Seconds between looks whether the process that polls a flow is gone."""
SET_BACK = 30.0
"""Seconds by which a clock must have gone back to have been set."""
DUE = "due"
"""Reason of a hint by an item's own dates."""


def hints_of(bound: Bound, connection: str, events: Iterable[Event]) -> list[Hint]:
    """What events at this connection mean for a flow: its own items, or counterparts that parked ones wait for."""
    flow = bound.flow
    hints = []
    for event in events:
        if connection == flow.source.connection and event.kind == bound.kind:
            hints.append(Hint(flow=flow.name, key=event.id, lane="live", reason=event.type, body=event.record))
        elif flow.resolve and connection == flow.resolve.connection and event.kind == flow.resolve.kind:
            key = counterparts.key_of(event.kind, event.id)
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
    """Everything that hints, for the flows of one process. `wake` tells the live lane that there is something new,
    `offer` hands it what webhooks brought."""

    def __init__(
        self,
        ledger: Ledger,
        flows: Mapping[str, Bound],
        busy: Busy,
        clock: Clock,
        wake: Callable[[], None],
        offer: Callable[[Stored | None], None],
    ) -> None:
        self.ledger, self.flows, self.busy, self.clock, self.wake = ledger, flows, busy, clock, wake
        self.intake = Intake(ledger, offer)

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
            await self.intake.put(hints)
        return len(hints)

    # ── polls ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def poll_flow(self, bound: Bound) -> None:
        """Poll both ends of a flow for ever, each at the flow's pace. Of several processes one does it."""
        pace = bound.flow.watch.poll.total_seconds()
        async with self.busy.hold(POLLS, [bound.flow.name], pace=TAKE_OVER) as grip, asyncio.TaskGroup() as group:
            for end in ends_of(bound):
                work = partial(self.poll, bound, end)
                group.create_task(forever(pace, work, f"poll of {end.connection} for {bound.flow.name}"))
            group.create_task(self._watch_over(grip))

    async def _watch_over(self, grip: Grip) -> None:
        """End the polls when another process may do them by now. Raises LedgerError."""
        while True:
            await asyncio.sleep(TAKE_OVER)
            await grip.sure()

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
            passed("poll.stored")
            if hints:
                self.wake()

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def timers(self) -> None:
        """Hint what is due at its instant: gates that may change by themselves, parked items to try again."""
        ahead = self._ahead()
        while True:
            ahead, before = self._ahead(), ahead
            if before - ahead > SET_BACK:
                await self.ledger.write(partial(hasten, now=self.clock()))
                self.wake()
            now = self.clock()
            ripe, nearest = await self.ledger.read(partial(standing, now=now))
            number = await self.ledger.write(partial(ripen, now=now)) if ripe else 0
            if number:
                passed("timer.stored")
                self.wake()
            await asyncio.sleep(0 if number >= DUE_BATCH else self._pause(nearest))

    def _ahead(self) -> float:
        """Seconds by which our clock is ahead of one that nobody sets."""
        return self.clock().timestamp() - time.monotonic()

    def _pause(self, nearest: datetime | None) -> float:
        if nearest is None:
            return TICK
        return min(TICK, max(0.001, (nearest - self.clock()).total_seconds()))


def standing(c: Connection, now: datetime) -> tuple[bool, datetime | None]:
    """Whether something has come due, and the nearest instant at which a gate may change."""
    nearest = deliveries.next_due(c)
    return (nearest is not None and nearest <= now) or bool(parked.ready(c, now, 1)), nearest


def hasten(c: Connection, now: datetime) -> None:
    """What is put off until some instant is not put off for longer because the clock was set back."""
    inbox.hasten(c)
    parked.hasten(c, now)


def taken(c: Connection, owner: str, name: str, hints: Sequence[Hint], cursor: str, now: datetime) -> None:
    inbox.hint(c, hints)
    cursors.put(c, owner, name, cursor, at=now)


def ripen(c: Connection, now: datetime) -> int:
    """Hint everything whose instant has come, once. What may have to be withdrawn goes before all else."""
    due, again = deliveries.due(c, now, DUE_BATCH), parked.ready(c, now, DUE_BATCH)
    urgent = {*shown(c, due), *unclosed(c, again)}
    hints = [Hint(flow=flow, key=key, lane=lane_of((flow, key), urgent), reason="tried again") for flow, key in again]
    hints += [Hint(flow=flow, key=key, lane=lane_of((flow, key), urgent), reason=DUE) for flow, key in due]
    inbox.hint(c, hints)
    deliveries.due_taken(c, due, now)
    parked.tried(c, again)
    return len(hints)


Pair = tuple[str, str]
"""Flow and key."""


def lane_of(pair: Pair, urgent: set[Pair]) -> inbox.Lane:
    return "recall" if pair in urgent else "live"


def shown(c: Connection, pairs: Iterable[Pair]) -> set[Pair]:
    """Those whose copy the target shows."""
    return {(flow, key) for flow, keys in by_flow(pairs) for key in live_among(c, flow, keys)}


def unclosed(c: Connection, pairs: Iterable[Pair]) -> set[Pair]:
    """Those whose copy has to be closed and could not be yet."""
    found = (row for flow, keys in by_flow(pairs) for row in parked.get(c, flow, keys).values())
    return {(row.flow, row.key) for row in found if row.code.startswith(CLOSING)}


def by_flow(pairs: Iterable[Pair]) -> Iterable[tuple[str, list[str]]]:
    for flow, group in groupby(sorted(pairs), key=lambda pair: pair[0]):
        yield flow, [key for _, key in group]
