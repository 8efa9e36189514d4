"""What a flow has put where, confirmed: one row per flow and item."""

from lockgate.ledger.deliveries.lists import by_identifier, by_ref, counts, flows, page
from lockgate.ledger.deliveries.rows import Delivery, Held
from lockgate.ledger.deliveries.store import (
    Mark,
    drop_flow,
    due,
    due_taken,
    get,
    keys_after,
    next_due,
    put,
    remove,
    revisions,
    told,
    touch_unchanged,
)

__all__ = [
    "Delivery",
    "Held",
    "Mark",
    "by_identifier",
    "by_ref",
    "counts",
    "drop_flow",
    "due",
    "due_taken",
    "flows",
    "get",
    "keys_after",
    "next_due",
    "page",
    "put",
    "remove",
    "revisions",
    "told",
    "touch_unchanged",
]
