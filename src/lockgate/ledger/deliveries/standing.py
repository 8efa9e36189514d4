"""How a flow's deliveries stand, as runs ask: which need no look."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import lt

from sqlalchemy import Connection, select

from lockgate.ledger.clock import micros
from lockgate.ledger.holds import RECALLED
from lockgate.ledger.sql import KeyList, Row, Statement
from lockgate.ledger.tables import delivery, hold, intent
from lockgate.model.plan import Outcome

_SETTLED = (
    "SELECT key, rev, outcome, code FROM delivery WHERE flow = {} AND outcome NOT IN ('parked', 'failed')"
    " AND (due IS NULL OR due > {}) AND key "
)
_settled = KeyList(_SETTLED + "{keys}")
_settled_between = Statement(_SETTLED + "BETWEEN {} AND {} LIMIT {}")
_begun = KeyList("SELECT key FROM intent WHERE flow = {} AND key {keys}")
_recalled = KeyList(
    "SELECT h.key FROM hold h JOIN delivery d ON d.flow = h.flow AND d.key = h.key"
    " WHERE h.flow = {} AND d.code <> {} AND h.key {keys}"
)


def settled(c: Connection, flow: str, keys: Sequence[str], now: datetime) -> dict[tuple[str, str], tuple[str, str]]:
    """Of these items those whose last look ended for good (written, unchanged or blocked): by key and revision, outcome and code.

    Not those that are due, those with something begun and not confirmed, nor those recalled since.
    """
    known = {(key, rev): (outcome, code) for key, rev, outcome, code in _standing_at(c, flow, keys, micros(now))}
    doubtful = set[str]()
    if c.execute(select(intent.c.key).where(intent.c.flow == flow).limit(1)).first() is not None:
        doubtful |= {key for (key,) in _begun(c, keys, flow)}
    if c.execute(select(hold.c.key).where(hold.c.flow == flow).limit(1)).first() is not None:
        doubtful |= {key for (key,) in _recalled(c, keys, flow, RECALLED)}
    return {place: how for place, how in known.items() if place[0] not in doubtful} if doubtful else known


_live = KeyList("SELECT key FROM delivery WHERE flow = {} AND held = 'live' AND key {keys}")


def live_among(c: Connection, flow: str, keys: Iterable[str]) -> set[str]:
    """Those of these items whose copy the target shows."""
    return {key for (key,) in _live(c, keys, flow)}


_named = KeyList(
    "SELECT DISTINCT i.key FROM item_identifier i JOIN delivery d ON d.flow = i.flow AND d.key = i.key"
    " WHERE i.flow = {} AND i.kind = {} AND (d.held = 'live' OR d.outcome = 'parked') AND i.value {keys}"
)


def concerned(c: Connection, flow: str, kind: str, values: Iterable[str]) -> set[str]:
    """Items that carry one of these identifiers and are shown or parked: to whom a counterpart of that name matters."""
    return {key for (key,) in _named(c, values, flow, kind)}


_standing = KeyList("SELECT key FROM delivery WHERE flow = {} AND (held = 'live' OR code <> {}) AND key {keys}")


def unless_closed(c: Connection, flow: str, keys: Iterable[str], code: str) -> set[str]:
    """Those of these items that do not stand closed with this code."""
    return {key for (key,) in _standing(c, keys, flow, code)}


def _standing_at(c: Connection, flow: str, keys: Sequence[str], now: int) -> list[Row]:
    """Rows of these keys, and perhaps of others. Keys in order are read as one range, where not much else lies between them."""
    if all(map(lt, keys, keys[1:])):
        most = 2 * len(keys)
        rows = _settled_between(c, flow, now, keys[0], keys[-1], most)
        if len(rows) < most:
            return rows
    return _settled(c, keys, flow, now)


def closed_as(c: Connection, flow: str, code: str) -> list[str]:
    """The items of a flow that stand closed with this code."""
    statement = select(delivery.c.key).where(delivery.c.flow == flow, delivery.c.outcome == Outcome.BLOCKED.value)
    return list(c.execute(statement.where(delivery.c.code == code, delivery.c.held != "live")).scalars())


def hidden_as(c: Connection, flow: str, code: str) -> list[str]:
    """Those of them whose copy is there, hidden."""
    statement = select(delivery.c.key).where(delivery.c.flow == flow, delivery.c.outcome == Outcome.BLOCKED.value)
    return list(c.execute(statement.where(delivery.c.code == code, delivery.c.held == "hidden")).scalars())


_told = KeyList("SELECT key, audit_n FROM delivery WHERE flow = {} AND key {keys}")


def last_told(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, int]:
    """Number of the last audit row that tells of each item, where there is one."""
    return {key: number for key, number in _told(c, keys, flow) if number is not None}
