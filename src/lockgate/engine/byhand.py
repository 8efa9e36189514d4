"""What people do with items: recall and lift, retry what is parked. Jobs on the ledger; the live lane does the rest."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from lockgate.ledger import audit, choices, deliveries, holds, inbox, parked
from lockgate.ledger.audit import Entry
from lockgate.ledger.choices import Choice
from lockgate.ledger.deliveries.standing import last_told
from lockgate.ledger.holds import Hold
from lockgate.ledger.inbox import Hint

CHOICE = "counterpart chosen by hand"
RECALL = "recalled by hand"
LIFT = "recall lifted"


def recall(c: Connection, flow: str, keys: Sequence[str], reason: str, by: str, now: datetime) -> None:
    """Put the holds, their audit and the hints into one commit: once it is answered, nothing can lose it."""
    holds.put(c, [Hold(flow=flow, key=key, reason=reason, who=by, at=now) for key in keys])
    tell(c, flow, keys, "recalled", {"by": by, "reason": reason}, now)
    inbox.hint(c, [Hint(flow=flow, key=key, lane="recall", reason=RECALL) for key in keys])


def lift(c: Connection, flow: str, keys: Sequence[str], by: str, now: datetime) -> list[str]:
    held = sorted(holds.get(c, flow, keys))
    if held:
        holds.remove(c, flow, held)
        tell(c, flow, held, "recall lifted", {"by": by}, now)
        inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason=LIFT) for key in held])
    return held


def choose(c: Connection, choice: Choice) -> None:
    """Keep a choice with its audit, and have the item looked at."""
    choices.put(c, choice)
    detail = {"by": choice.who, "kind": choice.kind, "id": choice.id, "label": choice.label}
    tell(c, choice.flow, [choice.key], "counterpart chosen", detail, choice.at)
    inbox.hint(c, [Hint(flow=choice.flow, key=choice.key, lane="live", reason=CHOICE)])


def unchoose(c: Connection, flow: str, key: str, by: str, now: datetime) -> bool:
    """Leave it to the item again which counterpart it has; answers whether one had been chosen."""
    known = choices.get(c, flow, [key]).get(key)
    if known is None:
        return False
    choices.remove(c, flow, [key])
    tell(c, flow, [key], "choice taken back", {"by": by, "id": known.id, "label": known.label}, now)
    inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason=CHOICE)])
    return True


def tell(c: Connection, flow: str, keys: Sequence[str], act: str, detail: dict[str, str], now: datetime) -> None:
    """Audit a person's act, as part of each item's timeline."""
    last = last_told(c, flow, keys)
    number = audit.append(
        c, now, flow, "", [Entry(act=act, key=key, prev=last.get(key), detail=detail) for key in keys]
    )
    for key in keys:
        deliveries.told(c, flow, key, number)


def retry(c: Connection, flow: str, code: str | None, keys: Sequence[str] | None) -> int:
    """Hint parked items: all, those with this reason, or these. Answers how many."""
    chosen = list(keys) if keys is not None else list(waiting(c, flow, code))
    inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason="by hand") for key in chosen])
    return len(chosen)


def waiting(c: Connection, flow: str, code: str | None) -> Iterator[str]:
    """Keys of the parked items of a flow, all or those with this reason."""
    page = parked.page(c, flow=flow, code=code, limit=1000)
    while True:
        yield from (row.key for row in page.rows)
        if page.next is None:
            return
        page = parked.page(c, flow=flow, code=code, after=page.next, limit=1000)
