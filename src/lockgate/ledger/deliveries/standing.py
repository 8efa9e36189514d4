"""How a flow's deliveries stand, as runs ask: which need no look."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from lockgate.ledger.sql import KeyList
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


_told = KeyList("SELECT key, audit_n FROM delivery WHERE flow = {} AND key {keys}")


def last_told(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, int]:
    """Number of the last audit row that tells of each item, where there is one."""
    return {key: number for key, number in _told(c, keys, flow) if number is not None}
