"""What a flow has put where, confirmed: one row per flow and item."""

from lockgate.ledger.deliveries.counting import count_held, counts, held_counts, states
from lockgate.ledger.deliveries.lists import by_identifier, by_ref, by_title, flows, opened, page
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
    "by_title",
    "count_held",
    "counts",
    "drop_flow",
    "due",
    "due_taken",
    "flows",
    "get",
    "held_counts",
    "keys_after",
    "next_due",
    "opened",
    "page",
    "put",
    "remove",
    "revisions",
    "states",
    "told",
    "touch_unchanged",
]
