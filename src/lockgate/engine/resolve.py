"""Find the counterpart of an item at the target: the product for a SKU, GTIN or family code."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.look import Look, waits_for
from lockgate.engine.recipe import Resolve
from lockgate.ledger import inbox, parked
from lockgate.model.plan import Outcome

Found = dict[str, dict[str, list[str]]]
"""By kind of identifier and value: the ids that carry it."""

MANY = frozenset({"family"})
"""Kinds of identifier that may name several items: all of them are linked."""


async def counterparts(bound: Bound, looks: Sequence[Look]) -> None:
    """Fill `link_to` of each look, or park it until its counterpart is there."""
    rule = bound.flow.resolve
    if rule is None or not looks:
        return
    found: Found = {}
    for by in rule.by:
        values = sorted({value for look in looks for value in stated(look, by) if value not in found.get(by, {})})
        if values:
            found[by] = await bound.target.find(rule.kind, by, values)
    for look in looks:
        settle(rule, look, found)


def stated(look: Look, by: str) -> tuple[str, ...]:
    return look.item.identifiers.get(by, ()) if look.item else ()


def settle(rule: Resolve, look: Look, found: Found) -> None:
    """Use the first kind of identifier that leads anywhere; every value of that kind must then be found, and once."""
    asked = [(by, value) for by in rule.by for value in stated(look, by)]
    if rule.missing == "skip":
        asked = [(by, value) for by, value in asked if len(found.get(by, {}).get(value, ())) >= 1]
    if not asked:
        if rule.missing == "park":
            look.park(f"{rule.name}.unstated", f"it names no {rule.name}: none of {', '.join(rule.by)} is filled in")
        return
    by = next((by for by, value in asked if found.get(by, {}).get(value)), asked[0][0])
    values = [value for kind, value in asked if kind == by]
    missing = [value for value in values if not found.get(by, {}).get(value)]
    if missing:
        sentence = f"{rule.connection} has no {rule.name} with {by} {', '.join(missing)}; it goes on by itself once there is one"
        unmet = [(other, value) for other, value in asked if not found.get(other, {}).get(value)]
        look.park(f"{rule.name}.missing", sentence, *(waits_for(rule.connection, rule.kind, *one) for one in unmet))
        return
    doubled = [value for value in values if len(found[by][value]) > 1 and by not in MANY]
    if doubled:
        sentence = (
            f"{rule.connection} has more than one {rule.name} with {by} {', '.join(doubled)}; make it unique there"
        )
        look.park(f"{rule.name}.ambiguous", sentence)
        return
    targets = {id for value in values for id in found[by][value]}
    look.link_to = frozenset((rule.kind, id, rule.field) for id in targets)


async def close_race(bound: Bound, looks: Sequence[Look]) -> None:
    """Look once more for counterparts that came between the search and the parking: their event found nobody waiting."""
    rule = bound.flow.resolve
    new = [look for look in looks if look.outcome is Outcome.PARKED and look.waits and rule is not None]
    if rule is None or not new:
        return
    waits: set[str] = set()
    for by in rule.by:
        values = sorted({value for look in new for value in stated(look, by)})
        found = await bound.target.find(rule.kind, by, values) if values else {}
        waits |= {waits_for(rule.connection, rule.kind, by, value) for value, ids in found.items() if ids}
    if waits:
        await bound.ledger.write(lambda c: wake(c, waits))


def wake(c: Connection, waits: Iterable[str]) -> list[tuple[str, str]]:
    """Hint every parked item that waits for one of these names; answers which."""
    woken = parked.wake(c, sorted(waits))
    inbox.hint(
        c, [inbox.Hint(flow=flow, key=key, lane="live", reason="what it waited for is there") for flow, key in woken]
    )
    return woken
