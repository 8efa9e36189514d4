"""Plans: what a run would change, kept so that people can look at it and apply exactly that."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.paging import Page, cut, position
from lockgate.ledger.sql import Row, Upsert
from lockgate.ledger.tables import plan as table
from lockgate.ledger.tables import plan_change
from lockgate.model.plan import Account, Action, Change

State = Literal["building", "ready", "applied", "failed"]


class Plan(msgspec.Struct, kw_only=True):
    """One plan of a flow; `run` is the run that applied it."""

    id: str
    flow: str
    state: State = "building"
    created: datetime
    account: Account = msgspec.field(default_factory=Account)
    note: str = ""
    run: str | None = None


_COLUMNS = [table.c[name] for name in Plan.__struct_fields__]
_encode = msgspec.json.Encoder().encode
_account = msgspec.json.Decoder(Account).decode
_change = msgspec.json.Decoder(Change).decode
_add = Upsert(plan_change, ("plan", "key", "actions", "change"), key=("plan", "key"))


def create(c: Connection, row: Plan) -> None:
    """Record a plan that is being made; its id must be new."""
    c.execute(sa.insert(table).values(_stored(msgspec.structs.asdict(row))))


def update(c: Connection, id: str, **changes: Any) -> bool:
    """Change some fields of a plan, named as in `Plan`; False when there is no such plan."""
    return c.execute(sa.update(table).where(table.c.id == id).values(_stored(changes))).rowcount == 1


def get(c: Connection, id: str) -> Plan | None:
    row = c.execute(sa.select(*_COLUMNS).where(table.c.id == id)).one_or_none()
    return _plan(tuple(row)) if row is not None else None


def page(c: Connection, *, flow: str | None = None, after: str | None = None, limit: int = 50) -> Page[Plan]:
    """Plans, the newest first."""
    order = (table.c.created, table.c.id)
    statement = sa.select(*_COLUMNS).order_by(*(column.desc() for column in order)).limit(limit + 1)
    if flow is not None:
        statement = statement.where(table.c.flow == flow)
    if after:
        statement = statement.where(sa.tuple_(*order) < sa.tuple_(*position(after, 2)))
    rows = [_plan(tuple(row)) for row in c.execute(statement)]
    return cut(rows, limit, lambda last: (micros(last.created), last.id))


def drop(c: Connection, id: str) -> None:
    """Forget a plan and its changes."""
    c.execute(sa.delete(plan_change).where(plan_change.c.plan == id))
    c.execute(sa.delete(table).where(table.c.id == id))


def drop_flow(c: Connection, flow: str) -> None:
    """Forget all plans of a flow."""
    mine = sa.select(table.c.id).where(table.c.flow == flow)
    c.execute(sa.delete(plan_change).where(plan_change.c.plan.in_(mine)))
    c.execute(sa.delete(table).where(table.c.flow == flow))


def add_changes(c: Connection, plan: str, changes: Iterable[Change]) -> None:
    """Add changes to a plan; a change of an item that is in it already replaces the earlier one."""
    _add(c, ((plan, one.key, " ".join(one.actions), _encode(one)) for one in changes))


def changes(
    c: Connection, plan: str, *, action: Action | None = None, after: str | None = None, limit: int = 50
) -> Page[Change]:
    """The changes of a plan by key; with `action` only those that hold that action."""
    at = plan_change.c
    statement = sa.select(at.change).where(at.plan == plan).order_by(at.key).limit(limit + 1)
    if action is not None:
        statement = statement.where((" " + at.actions + " ").contains(f" {action} ", autoescape=True))
    if after:
        statement = statement.where(at.key > position(after, 1)[0])
    rows = [_change(blob) for blob in c.execute(statement).scalars()]
    return cut(rows, limit, lambda last: (last.key,))


def summary(c: Connection, plan: str) -> dict[Action, int]:
    """In how many changes each action stands."""
    at = plan_change.c
    found: dict[Action, int] = {}
    for actions, number in c.execute(
        sa.select(at.actions, sa.func.count()).where(at.plan == plan).group_by(at.actions)
    ):
        for action in map(Action, actions.split()):
            found[action] = found.get(action, 0) + number
    return found


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "account" in stored:
        stored["account"] = _encode(stored["account"])
    if "created" in stored:
        stored["created"] = micros(stored["created"])
    return stored


def _plan(row: Row) -> Plan:
    id, flow, state, created, account, note, run = row
    return Plan(id=id, flow=flow, state=state, created=instant(created), account=_account(account), note=note, run=run)
