"""Find the counterpart of an item at the target: the product for a SKU, GTIN or family code."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from lockgate.engine.blame import alone
from lockgate.engine.bound import Bound
from lockgate.engine.look import Look, waits_for
from lockgate.engine.recipe import Resolve
from lockgate.ledger import inbox, parked
from lockgate.ledger.choices import Choice
from lockgate.ledger.parked import Parked
from lockgate.model.plan import Outcome

Found = dict[str, dict[str, list[str]]]
"""By kind of identifier and value: the ids that carry it."""

MANY = frozenset({"family"})
"""Kinds of identifier that may name several items: all of them are linked."""
ID = "id"
"""Stands for the kind of identifier where an item waits for a change of a counterpart it knows."""


async def counterparts(bound: Bound, looks: Sequence[Look], binding: bool) -> None:
    """Fill `link_to` of each look; what misses its counterpart will end parked until that is there.

    Where that is `binding`, what it waits for is committed before the counterpart is looked for once more: whichever comes
    first, the parking or the counterpart's event, the other one sees it.
    """
    rule = bound.flow.resolve
    if rule is None:
        return
    await alone(looks, partial(resolve, bound, rule))
    new = [look for look in looks if look.waits and not (look.waiting and set(look.waits) <= set(look.waiting.waits))]
    if binding and new:
        now = bound.clock()
        await bound.ledger.write(lambda c: parked.put(c, [waiter(bound.flow.name, look, now) for look in new]))
        await alone(new, partial(resolve, bound, rule))


def waiter(flow: str, look: Look, now: datetime) -> Parked:
    since = look.waiting.since if look.waiting else now
    return Parked(flow=flow, key=look.key, code=look.code, reason=look.reason, waits=look.waits, since=since)


async def resolve(bound: Bound, rule: Resolve, looks: Sequence[Look]) -> None:
    chosen = [look for look in looks if look.choice is not None and look.choice.kind == rule.kind]
    await follow(bound, rule, chosen)
    await identify(bound, rule, [look for look in looks if look not in chosen])


async def follow(bound: Bound, rule: Resolve, looks: Sequence[Look]) -> None:
    """Use the counterparts that people chose, as far as they are still there."""
    ids = {look.choice.id for look in looks if look.choice}
    there = {item.id for item in await bound.target.fetch(rule.kind, sorted(ids))} if ids else set()
    for look in looks:
        look.ending, look.code, look.reason, look.waits = None, "", "", ()
        if look.choice is None:
            continue
        if look.choice.id in there:
            look.link_to = frozenset({(rule.kind, look.choice.id, rule.field)})
        else:
            lost(rule, look, look.choice)


def lost(rule: Resolve, look: Look, choice: Choice) -> None:
    """The chosen counterpart is gone, and with it what hung at it."""
    look.link_to = frozenset()
    reason = f"{choice.who} chose {choice.label or choice.id}, which {rule.connection} has no more; choose another one"
    look.end_as(Outcome.PARKED, f"{rule.name}.missing", reason, waits_for(rule.connection, rule.kind, ID, choice.id))


async def identify(bound: Bound, rule: Resolve, looks: Sequence[Look]) -> None:
    """Find the counterparts that the items name."""
    found: Found = {}
    for by in rule.by:
        values = sorted({value for look in looks for value in stated(look, by) if value not in found.get(by, {})})
        if values:
            found[by] = await bound.target.find(rule.kind, by, values)
    for look in looks:
        look.ending, look.code, look.reason, look.waits = None, "", "", ()
        settle(rule, look, found)


def stated(look: Look, by: str) -> tuple[str, ...]:
    return look.item.identifiers.get(by, ()) if look.item else ()


def settle(rule: Resolve, look: Look, found: Found) -> None:
    """Use the first kind of identifier that leads anywhere; every value of that kind must then be found, and once."""
    asked = [(by, value) for by in rule.by for value in stated(look, by)]
    if rule.missing == "skip":
        asked = [(by, value) for by, value in asked if found.get(by, {}).get(value)]
    if not asked:
        unstated(rule, look)
        return
    by = next((by for by, value in asked if found.get(by, {}).get(value)), asked[0][0])
    ids = {value: found.get(by, {}).get(value, []) for kind, value in asked if kind == by}
    targets = frozenset((rule.kind, id, rule.field) for some in ids.values() for id in some)
    if missing := [value for value, some in ids.items() if not some]:
        unmet = [(other, value) for other, value in asked if not found.get(other, {}).get(value)]
        absent(rule, look, f"{by} {', '.join(missing)}", unmet)
    elif doubled := [value for value, some in ids.items() if len(some) > 1 and by not in MANY]:
        ambiguous(rule, look, f"{by} {', '.join(doubled)}", sorted({id for value in doubled for id in ids[value]}))
    # What cannot go on keeps the links that are still right, and gets no new ones.
    look.link_to = targets & look.linked_to() if look.ending is Outcome.PARKED else targets


def unstated(rule: Resolve, look: Look) -> None:
    look.link_to = frozenset()
    if rule.missing == "park":
        reason = f"it names no {rule.name}: none of {', '.join(rule.by)} is filled in"
        look.end_as(Outcome.PARKED, f"{rule.name}.unstated", reason)


def absent(rule: Resolve, look: Look, named: str, unmet: Sequence[tuple[str, str]]) -> None:
    reason = f"{rule.connection} has no {rule.name} with {named}; it goes on by itself once there is one"
    waits = (waits_for(rule.connection, rule.kind, by, value) for by, value in unmet)
    look.end_as(Outcome.PARKED, f"{rule.name}.missing", reason, *waits)


def ambiguous(rule: Resolve, look: Look, named: str, ids: Sequence[str]) -> None:
    reason = f"{rule.connection} has more than one {rule.name} with {named}; make it unique there"
    waits = (waits_for(rule.connection, rule.kind, ID, id) for id in ids)
    look.end_as(Outcome.PARKED, f"{rule.name}.ambiguous", reason, *waits)


def wake(c: Connection, waits: Iterable[str]) -> list[tuple[str, str]]:
    """Hint every parked item that waits for one of these names; answers which."""
    woken = parked.wake(c, sorted(waits))
    reason = "what it waited for is there"
    inbox.hint(c, [inbox.Hint(flow=flow, key=key, lane="live", reason=reason) for flow, key in woken])
    return woken
