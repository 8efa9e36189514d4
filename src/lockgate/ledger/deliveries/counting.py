"""How many items stand how, kept as they change: a count reads a few rows, however many items there are."""

from collections import Counter
from collections.abc import Iterable
from typing import get_args

from sqlalchemy import Connection, delete, select

from lockgate.ledger.deliveries.rows import Held
from lockgate.ledger.sql import Upsert
from lockgate.ledger.tables import delivery_count as table

State = tuple[str, str, str]
"""Outcome, code, and what the target holds."""

_add = Upsert(
    table,
    ("flow", "outcome", "code", "held", "n"),
    key=("flow", "outcome", "code", "held"),
    update={"n": "delivery_count.n + excluded.n"},
)


def moved(c: Connection, flow: str, before: Iterable[State], after: Iterable[State]) -> None:
    """So many items of a flow stood like this before, and stand like that now."""
    change = Counter(after)
    change.subtract(before)
    _add(c, [(flow, *state, number) for state, number in change.items() if number])


def drop_flow(c: Connection, flow: str) -> None:
    c.execute(delete(table).where(table.c.flow == flow))


def states(c: Connection, flow: str) -> dict[State, int]:
    """How many items of a flow stand at each outcome, code and copy, in the order in which lists show them."""
    at = table.c
    statement = select(at.outcome, at.code, at.held, at.n).where(at.flow == flow, at.n > 0)
    found = c.execute(statement.order_by(at.outcome, at.code, at.held))
    return {(outcome, code, held): number for outcome, code, held, number in found}


def counts(c: Connection, flow: str) -> dict[str, dict[str, int]]:
    """How many items of a flow stand at each outcome and code."""
    found: dict[str, dict[str, int]] = {}
    for (outcome, code, _), number in states(c, flow).items():
        codes = found.setdefault(outcome, {})
        codes[code] = codes.get(code, 0) + number
    return found


def held_counts(c: Connection, flow: str) -> dict[str, int]:
    """Of how many items of a flow the target holds nothing (`none`), a visible copy (`live`), a hidden one (`hidden`)."""
    found = dict.fromkeys(get_args(Held), 0)
    for (_, _, held), number in states(c, flow).items():
        found[held] += number
    return found


def count_held(c: Connection, flow: str, held: Held) -> int:
    """How many copies of this flow the target holds in this state."""
    return held_counts(c, flow)[held]
