"""Lists of items by outcome and reason, a page at a time.

`delivery_count` says which outcomes, codes and copies there are; each of them is a range of one index, in order of the keys.
So a page costs the same for any filter, wherever it lies, and however many items there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from lockgate.ledger.deliveries import finding
from lockgate.ledger.deliveries.counting import State, states
from lockgate.ledger.deliveries.rows import NARROW, Delivery, Held, delivery
from lockgate.ledger.deliveries.store import get
from lockgate.ledger.paging import Page, cut, position
from lockgate.ledger.sql import KeyList
from lockgate.ledger.tables import delivery as table
from lockgate.ledger.tables import delivery_detail as wide
from lockgate.model.plan import Outcome

_SELECTED = [*(table.c[name] for name in NARROW[:-1]), wide.c.title, wide.c.detail]
_JOINED = table.join(wide, (wide.c.flow == table.c.flow) & (wide.c.key == table.c.key))
_states = KeyList("SELECT key, outcome, code, held FROM delivery WHERE flow = {} AND key {keys}")


class Filter(NamedTuple):
    """What of a flow is listed; None lets everything pass."""

    outcome: str | None
    code: str | None
    held: str | None

    def fits(self, state: State) -> bool:
        return all(wanted is None or wanted == found for wanted, found in zip(self, state, strict=True))


class Place(NamedTuple):
    """Where a row stands in lists."""

    flow: str
    outcome: str
    code: str
    held: str
    key: str

    @property
    def state(self) -> State:
        return self.outcome, self.code, self.held


def page(
    c: Connection,
    *,
    flow: str | None = None,
    outcome: Outcome | str | None = None,
    code: str | None = None,
    held: Held | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Delivery]:
    """Deliveries that match all that is given, by flow, outcome, code, copy and key; `after` is the `next` of the page before.

    `text` is looked for in titles (each of its words as the beginning of one there), keys and identifiers (as their
    beginning, or whole in any spelling). Of a text that begins thousands of numbers only the first of them are found.
    """
    start = Place(*position(after, 5)) if after else None
    wanted = Filter(outcome and str(outcome), code, held)
    there = [flow] if flow is not None else list(flows(c, start.flow if start else ""))
    rows = _listed(c, there, wanted, text, start, limit + 1)
    return cut(rows, limit, lambda last: (last.flow, last.outcome.value, last.code, last.held, last.key))


def _listed(
    c: Connection, there: Sequence[str], wanted: Filter, text: str | None, start: Place | None, limit: int
) -> list[Delivery]:
    fits = None
    if text is not None and text.strip():
        places = finding.fitting(c, text, there)
        if places is not None:
            return _sorted(c, wanted, start, limit, places)
        fits = finding.fits(c, text, there, table.c.flow, table.c.key)
    rows: list[Delivery] = []
    for flow in there:
        if len(rows) < limit:
            begin = start if start is not None and start.flow == flow else None
            rows += _walk(c, flow, wanted, begin, limit - len(rows), fits)
    return rows


def _walk(
    c: Connection, flow: str, wanted: Filter, start: Place | None, limit: int, fits: ColumnElement[bool] | None
) -> Iterator[Delivery]:
    """Rows in the order of the index, from behind `start` on, one range of it after the other."""
    for state in states(c, flow):
        if limit <= 0:
            return
        if not wanted.fits(state) or (start is not None and state < start.state):
            continue
        outcome, code, held = state
        at = table.c
        rows = select(*_SELECTED).select_from(_JOINED).order_by(at.key).limit(limit)
        rows = rows.where(at.flow == flow, at.outcome == outcome, at.code == code, at.held == held)
        if start is not None and state == start.state:
            rows = rows.where(at.key > start.key)
        if fits is not None:
            rows = rows.where(fits)
        found = [delivery(tuple(row)) for row in c.execute(rows)]
        limit -= len(found)
        yield from found


def _sorted(
    c: Connection, wanted: Filter, start: Place | None, limit: int, found: Iterable[finding.Place]
) -> list[Delivery]:
    """Those of these items that are wanted, in the order of lists, from behind `start` on."""
    keys: dict[str, list[str]] = {}
    for flow, key in found:
        keys.setdefault(flow, []).append(key)
    places = [
        Place(flow, outcome, code, held, key)
        for flow, some in keys.items()
        for key, outcome, code, held in _states(c, some, flow)
    ]
    behind = sorted(one for one in places if wanted.fits(one.state) and (start is None or one > start))[:limit]
    rows = {(row.flow, row.key): row for row in opened(c, [(one.flow, one.key) for one in behind])}
    return [rows[one.flow, one.key] for one in behind]


def flows(c: Connection, first: str = "") -> Iterator[str]:
    """The flows that have deliveries, in order from `first` on, by one step in the index for each."""
    flow = c.execute(select(func.min(table.c.flow)).where(table.c.flow >= first)).scalar()
    while flow is not None:
        yield flow
        flow = c.execute(select(func.min(table.c.flow)).where(table.c.flow > flow)).scalar()


def by_identifier(c: Connection, text: str) -> list[Delivery]:
    """Deliveries of items that carry this text as key or as identifier of any kind, in any spelling of it we know."""
    return opened(c, [*finding.by_key(c, text, list(flows(c))), *finding.by_number(c, text, finding.FEW)])


def by_ref(c: Connection, ref: str, limit: int) -> list[Delivery]:
    """Deliveries whose copy has this id at the target."""
    return opened(c, finding.by_ref(c, ref, limit))


def by_title(c: Connection, text: str, limit: int) -> list[Delivery]:
    """Deliveries with words in their titles that begin like the words of this text."""
    return opened(c, finding.by_words(c, text, limit))


def opened(c: Connection, places: Sequence[finding.Place]) -> list[Delivery]:
    """The deliveries at these places, by flow and key."""
    wanted: dict[str, set[str]] = {}
    for flow, key in places:
        wanted.setdefault(flow, set()).add(key)
    return [one for flow in sorted(wanted) for _, one in sorted(get(c, flow, wanted[flow]).items())]
