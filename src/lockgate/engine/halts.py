"""Flows that wait for a person: a system refuses us, and asking on and on would only do harm.

Such a flow is left alone, its items stay in the inbox, and it is told once, at the connection. After a pause one item is
tried; once that works, or the connection was changed, the flow goes on by itself.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.kit.contract import Connector
from lockgate.kit.errors import ContractBroken, NeedsOperator, Rejected, Transient
from lockgate.kit.services import Clock
from lockgate.kit.telling import tell
from lockgate.ledger import connections

log = structlog.get_logger("lockgate.engine")

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)


class Halt(msgspec.Struct, frozen=True):
    """Why a flow stands still, and when it is tried again."""

    sentence: str
    tries: int
    since: datetime
    until: datetime


class Halts:
    """The flows of this process that wait for a person."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._halts: dict[str, Halt] = {}

    @property
    def reasons(self) -> Mapping[str, str]:
        """By flow: what a person has to do."""
        return {flow: halt.sentence for flow, halt in self._halts.items()}

    def open(self, flow: str) -> bool:
        """Whether the flow may be worked (or tried) now."""
        halt = self._halts.get(flow)
        # Before `since` the clock was set back: nobody knows how long it has been.
        return halt is None or not halt.since <= self._clock() < halt.until

    def trying(self, flow: str) -> bool:
        """Whether it is only being tried: one item is enough."""
        return flow in self._halts

    async def stop(self, bound: Bound, error: NeedsOperator) -> None:
        """Leave the flow alone for a while; the first time a person is told."""
        flow = bound.flow.name
        known = self._halts.get(flow)
        tries = known.tries + 1 if known else 0
        pause = min(FIRST * 2 ** min(tries, 10), LONGEST)
        now = self._clock()
        self._halts[flow] = Halt(error.sentence, tries, now, now + pause)
        if known is None:
            tell(log.error, "a flow waits for a person", flow=flow, why=error.sentence)
        await self._ask_both(bound)

    async def clear(self, bound: Bound) -> None:
        """It works: nothing to wait for."""
        if self._halts.pop(bound.flow.name, None) is not None:
            tell(log.info, "a flow goes on", flow=bound.flow.name)
            await self._ask_both(bound)

    def forget(self, flow: str) -> None:
        self._halts.pop(flow, None)

    async def _ask_both(self, bound: Bound) -> None:
        """Write at each connection how it is, so that a person sees which one it is."""
        ends = {bound.flow.source.connection: bound.source, bound.flow.target.connection: bound.target}
        for name, connector in ends.items():
            with suppress(Transient, Rejected, ContractBroken):  # says nothing about what a person has to do
                problem = await problem_of(connector)
                await bound.ledger.write(partial(note, name=name, problem=problem, now=self._clock()))


async def problem_of(connector: Connector[Any]) -> str | None:
    try:
        await connector.check()
    except NeedsOperator as error:
        return error.sentence
    return None


def note(c: Connection, name: str, problem: str | None, now: datetime) -> None:
    state = "ready" if problem is None else "problem"
    connections.update(c, name, state=state, problem=problem, checked_at=now)
