"""How many items left runs how, by flow and hour: what charts are drawn from."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import Upsert
from lockgate.ledger.tables import tally as table
from lockgate.model.plan import Account, Outcome

_add = Upsert(
    table,
    ("flow", "hour", "outcome", "code", "n"),
    key=("flow", "hour", "outcome", "code"),
    update={"n": "tally.n + excluded.n"},
)

HOUR = timedelta(hours=1)
SIDES = ("linked", "withdrawn", "bytes")
"""Counted within the outcomes, told beside them."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """So many in the hour that begins at `hour`. `outcome` may also be `reason` (with its code), `linked`, `withdrawn`, `bytes`."""

    hour: datetime
    outcome: str
    code: str
    n: int


def add(c: Connection, flow: str, at: datetime, account: Account) -> None:
    """Add an account to the hour of `at`: its outcomes, and its reasons by code under `reason`."""
    hour = micros(at) - micros(at) % micros_per_hour
    rows = [(flow, hour, name, "", getattr(account, name)) for name in (*(one.value for one in Outcome), *SIDES)]
    rows += [(flow, hour, "reason", code, number) for code, number in account.reasons.items()]
    _add(c, [row for row in rows if row[4]])


micros_per_hour = HOUR // timedelta(microseconds=1)


def series(c: Connection, flow: str, since: datetime) -> list[Tally]:
    """The tallies of a flow from the hour of `since` on, oldest first."""
    first = micros(since) - micros(since) % micros_per_hour
    statement = select(table.c.hour, table.c.outcome, table.c.code, table.c.n)
    statement = statement.where(table.c.flow == flow, table.c.hour >= first)
    found = c.execute(statement.order_by(table.c.hour, table.c.outcome, table.c.code))
    return [Tally(hour=instant(hour), outcome=outcome, code=code, n=n) for hour, outcome, code, n in found]
