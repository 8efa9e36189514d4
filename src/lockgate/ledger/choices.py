"""Counterparts that people chose by hand: to which object of the target an item belongs, whatever it says of itself."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import KeyList, Upsert
from lockgate.ledger.tables import choice as table


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """This person said which counterpart this item of this flow belongs to."""

    flow: str
    key: str
    kind: str
    id: str
    """The target's id of the counterpart."""
    label: str
    """Its name for people, as it was when it was chosen."""
    who: str
    at: datetime


_put = Upsert(table, Choice.__struct_fields__, key=("flow", "key"))
_get = KeyList("SELECT flow, key, kind, id, label, who, at FROM choice WHERE flow = {} AND key {keys}")
_remove = KeyList("DELETE FROM choice WHERE flow = {} AND key {keys}")


def put(c: Connection, row: Choice) -> None:
    """Keep a choice; an earlier one for the item is replaced."""
    _put(c, [(row.flow, row.key, row.kind, row.id, row.label, row.who, micros(row.at))])


def get(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, Choice]:
    """The choices among these items, by key."""
    return {
        key: Choice(flow=flow, key=key, kind=kind, id=id, label=label, who=who, at=instant(at))
        for flow, key, kind, id, label, who, at in _get(c, keys, flow)
    }


def remove(c: Connection, flow: str, keys: Iterable[str]) -> None:
    """Take choices back."""
    _remove(c, keys, flow)


def drop_flow(c: Connection, flow: str) -> None:
    """Forget all choices of a flow."""
    c.execute(delete(table).where(table.c.flow == flow))
