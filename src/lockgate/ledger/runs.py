"""Runs with their account: what was read and what came of it, added up page by page, each page once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.paging import Page, cut, position
from lockgate.ledger.sql import Row, driver, is_sqlite
from lockgate.ledger.tables import run as table
from lockgate.ledger.tables import run_page
from lockgate.model.plan import Account

State = Literal["queued", "running", "done", "failed", "waiting", "cancelled"]


class Run(msgspec.Struct, kw_only=True):
    """One run of a flow: a full sync, a page of the live lane, an applied plan …"""

    id: str
    flow: str
    kind: str
    state: State = "running"
    started: datetime
    finished: datetime | None = None
    account: Account = msgspec.field(default_factory=Account)
    total: int | None = None
    """How many items it expects, when the source says."""
    note: str = ""
    params: dict[str, Any] = {}


class RunPage(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded page of a run; `cursor` is where the next one starts."""

    page: int
    cursor: str | None
    account: Account
    at: datetime


_COLUMNS = [table.c[name] for name in Run.__struct_fields__]
_encode = msgspec.msgpack.Encoder().encode
_account = msgspec.msgpack.Decoder(Account).decode
_keys = msgspec.msgpack.Decoder(list[str]).decode
_params = msgspec.msgpack.Decoder(dict[str, Any]).decode


def create(c: Connection, row: Run) -> None:
    """Record a run that begins; its id must be new."""
    c.execute(sa.insert(table).values(_stored(msgspec.structs.asdict(row))))


def update(c: Connection, id: str, **changes: Any) -> bool:
    """Change some fields of a run, named as in `Run`; False when there is no such run."""
    return c.execute(sa.update(table).where(table.c.id == id).values(_stored(changes))).rowcount == 1


def get(c: Connection, id: str) -> Run | None:
    row = c.execute(sa.select(*_COLUMNS).where(table.c.id == id)).one_or_none()
    return _run(tuple(row)) if row is not None else None


def page(
    c: Connection,
    *,
    flow: str | None = None,
    state: State | None = None,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Run]:
    """Runs, the newest first; `after` is the `next` of the page before."""
    order = (table.c.started, table.c.id)
    statement = sa.select(*_COLUMNS).order_by(*(column.desc() for column in order)).limit(limit + 1)
    for column, value in ((table.c.flow, flow), (table.c.state, state), (table.c.kind, kind)):
        if value is not None:
            statement = statement.where(column == value)
    if after:
        statement = statement.where(sa.tuple_(*order) < sa.tuple_(*position(after, 2)))
    rows = [_run(tuple(row)) for row in c.execute(statement)]
    return cut(rows, limit, lambda last: (micros(last.started), last.id))


def add_page(
    c: Connection,
    run: str,
    page: int,
    cursor: str | None,
    account: Account,
    *,
    keys: Sequence[str] = (),
    at: datetime | None = None,
) -> bool:
    """Record a page and add its account to the run's; False, and nothing is added, when that page was recorded before.

    `keys` are the items it accounts for, see `covered`.
    """
    values = (run, page, cursor, _encode(account), micros(at or datetime.now(UTC)), _encode(keys) if keys else None)
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO run_page (run, page, cursor, account, at, covers) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    added = driver(c).execute(statement if is_sqlite(c) else statement.replace("?", "%s"), values).rowcount
    if added == 0:
        return False
    stored = c.execute(sa.select(table.c.account).where(table.c.id == run).with_for_update()).scalar_one()
    total = _account(stored)
    total.add(account)
    c.execute(sa.update(table).where(table.c.id == run).values(account=_encode(total)))
    return True


def pages(c: Connection, run: str) -> list[RunPage]:
    """The recorded pages of a run, in order."""
    at = run_page.c
    found = c.execute(sa.select(at.page, at.cursor, at.account, at.at).where(at.run == run).order_by(at.page))
    return [
        RunPage(page=number, cursor=cursor, account=_account(account), at=instant(moment))
        for number, cursor, account, moment in found
    ]


def covered(c: Connection, run: str, first: int, last: int) -> tuple[set[str], int]:
    """The items accounted for in the pages of this range (both ends in it), and the number of the next page there.

    So a run that is taken up again leaves out what it has done, however its source has changed meanwhile.
    """
    at = run_page.c
    found = c.execute(sa.select(at.page, at.covers).where(at.run == run, at.page.between(first, last))).all()
    done = {key for _, keys in found if keys is not None for key in _keys(keys)}
    return done, max((page for page, _ in found), default=first - 1) + 1


def forget_covers(c: Connection, run: str) -> None:
    """The run has ended: which page accounts for which item is no longer asked."""
    c.execute(sa.update(run_page).where(run_page.c.run == run).values(covers=None))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """Field values of a Run as its columns keep them."""
    stored = dict(values)
    for name in {"account", "params"} & stored.keys():
        stored[name] = _encode(stored[name])
    for name in {"started", "finished"} & stored.keys():
        stored[name] = micros(stored[name])
    return stored


def _run(row: Row) -> Run:
    id, flow, kind, state, started, finished, account, total, note, params = row
    return Run(
        id=id,
        flow=flow,
        kind=kind,
        state=state,
        started=instant(started),
        finished=instant(finished),
        account=_account(account),
        total=total,
        note=note,
        params=_params(params),
    )


def has_page(c: Connection, run: str, page: int) -> bool:
    """Whether this page of the run is recorded."""
    return (
        c.execute(sa.select(run_page.c.page).where(run_page.c.run == run, run_page.c.page == page)).first() is not None
    )


def counts(c: Connection) -> dict[tuple[str, str, str], int]:
    """How many runs there are, by flow, kind and state."""
    by = (table.c.flow, table.c.kind, table.c.state)
    found = c.execute(sa.select(*by, sa.func.count()).group_by(*by))
    return {(flow, kind, state): number for flow, kind, state, number in found}
