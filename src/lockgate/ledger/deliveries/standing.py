"""How a flow's deliveries stand, as runs ask: which need no look, how many copies are live."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lockgate.ledger.deliveries.rows import Held
from lockgate.ledger.sql import KeyList
from lockgate.ledger.tables import delivery as table
from lockgate.model.plan import Outcome


class Standing(NamedTuple):
    """The revision last settled, and how."""

    rev: str
    outcome: Outcome
    code: str


_settled = KeyList(
    "SELECT key, rev, outcome, code FROM delivery WHERE flow = {} AND outcome IN ('written', 'unchanged', 'blocked')"
    " AND key {keys}",
    "text",
)


def settled(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, Standing]:
    """Of these items those whose last look ended for good (written, unchanged or blocked), by key."""
    return {key: Standing(rev, Outcome(outcome), code) for key, rev, outcome, code in _settled(c, keys, flow)}


def count_held(c: Connection, flow: str, held: Held) -> int:
    """How many copies of this flow the target holds in this state."""
    return c.execute(select(func.count()).where(table.c.flow == flow, table.c.held == held)).scalar_one()
