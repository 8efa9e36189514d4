"""What slipped between two looks at a work: notices for whoever planned by its dates. Consonance sends none itself."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from lockgate.connectors.consonance.mapping.common import day
from lockgate.model.item import Item, pick

Kind = Literal["publication_date_moved", "postponed_indefinitely", "milestone_slipped", "delivery_slipped", "cancelled"]
POSTPONED, CANCELLED = "03", "01"


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """One notice about one product. The same change gives the same `notice_id` again."""

    kind: Kind
    notice_id: str
    work_id: str
    product_id: str
    isbn: str | None
    title: str
    previous: date | None = None
    current: date | None = None
    days: int | None = None
    """By how many; None where there is no new date."""
    cause: str | None = None
    """The milestone or delivery that slipped."""
    detected_at: datetime


def delays(before: Item, after: Item, now: datetime) -> list[Delay]:
    """Notices by product; `before` and `after` are the same work, `now` is aware."""
    previous = {str(one["id"]): one for one in before.fields.get("editions") or ()}
    causes = list(slipped(before, after, now.date()))
    found: list[Delay] = []
    for one in after.fields.get("editions") or ():
        about = {
            "work_id": after.id,
            "product_id": str(one["id"]),
            "isbn": one.get("isbn"),
            "title": pick(after.title) or "",
            "detected_at": now,
        }
        moved = list(of_edition(previous.get(str(one["id"]), {}), one))
        cause = next((name for _, name, *_ in causes), None)
        found += [notice(about, kind, then, then_now, cause) for kind, then, then_now in moved]
        found += [notice(about, kind, then, then_now, name) for kind, name, then, then_now in causes]
    return found


def of_edition(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[Kind, date | None, date | None]]:
    """What happened to an edition's own date and state; one that is new was not delayed."""
    if not before:
        return
    then, now = day(before.get("publication_date")), day(after.get("publication_date"))
    state, was = after.get("publishing_status"), before.get("publishing_status")
    if state == CANCELLED and was != CANCELLED:
        yield "cancelled", then, None
    elif (then is not None and now is None) or (state == POSTPONED and was != POSTPONED):
        yield "postponed_indefinitely", then, None
    elif then is not None and now is not None and now > then:
        yield "publication_date_moved", then, now


def slipped(before: Item, after: Item, today: date) -> Iterator[tuple[Kind, str, date | None, date | None]]:
    """To-dos past their day or put off, and deliveries put off, with their names."""
    todos = {one["id"]: one for one in before.fields.get("milestones") or ()}
    for one in after.fields.get("milestones") or ():
        due, then = day(one.get("due")), day(todos.get(one["id"], {}).get("due"))
        if one.get("done") or due is None:
            continue
        if then is not None and due > then:
            yield "milestone_slipped", str(one.get("name")), then, due
        elif due < today:
            yield "milestone_slipped", str(one.get("name")), due, today
    runs = {(one["kind"], one["id"]): one for one in before.fields.get("deliveries") or ()}
    for one in after.fields.get("deliveries") or ():
        due, then = day(one.get("due")), day(runs.get((one["kind"], one["id"]), {}).get("due"))
        if due is not None and then is not None and due > then:
            yield "delivery_slipped", str(one.get("of")), then, due


def notice(
    about: Mapping[str, Any], kind: Kind, previous: date | None, current: date | None, cause: str | None
) -> Delay:
    days = (current - previous).days if previous is not None and current is not None else None
    id = "-".join(
        map(str, ("dly", about["product_id"], kind, previous, current, *([cause] if "slipped" in kind else [])))
    )
    return Delay(**about, kind=kind, notice_id=id, previous=previous, current=current, days=days, cause=cause)
