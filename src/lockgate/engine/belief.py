"""What the ledger believes the target to hold, put right by what the target was seen to hold.

It is asked when a crash or a failure left doubt, in sweeps (somebody may have changed or removed our copy), and at the first
look at an item: an earlier installation of the flow may have left a copy there.
"""

from collections.abc import Sequence
from functools import partial

import msgspec
from sqlalchemy import Connection

from lockgate.engine.blame import alone, minding, together
from lockgate.engine.bound import Bound
from lockgate.engine.look import Look
from lockgate.kit.contract import Held
from lockgate.ledger import deliveries, flows
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.intents import Intent
from lockgate.ledger.links import LinkRow
from lockgate.model.plan import Action, Outcome

TAKEN = "copy.taken"
FILE_ACTIONS = frozenset({Action.CREATE, Action.REPLACE_FILE})


async def ask_target(bound: Bound, looks: Sequence[Look], *, verify: bool) -> None:
    """Correct what is believed of the looks in doubt and of first looks, with `verify` of all that should have a copy."""
    doubtful = [look for look in looks if look.doubt is not None or first(look) or (verify and look.held)]
    asked = [look for look in doubtful if look.outcome is None]
    await alone(asked, partial(compare, bound))


def first(look: Look) -> bool:
    """Whether nothing is known of a copy, and one may be written: it is the first look, or no earlier one has led to any."""
    return look.before is None or (look.before.ref is None and look.opening)


async def compare(bound: Bound, looks: Sequence[Look]) -> None:
    found = await bound.target.held(bound.as_kind, [bound.key_at_target(look.key) for look in looks])
    theirs = await of_others(
        bound, [look.key for look in looks if first(look) and bound.key_at_target(look.key) in found]
    )
    for look in looks:
        held = found.get(bound.key_at_target(look.key))
        if held is not None and (owner := theirs.get((look.key, held.ref))):
            leave(look, owner)
            continue
        look.before = missing(look) if held is None else corrected(bound, look, held)
        look.withdrawn = was_withdrawn(look, held)
        look.asked = True


def leave(look: Look, owner: str) -> None:
    """The copy is another flow's: it is neither changed nor taken away here."""
    look.asked = True
    if look.opening:
        look.park(TAKEN, f"flow {owner} carries it there already: one flow does, so leave it out of one of the two")


async def of_others(bound: Bound, keys: Sequence[str]) -> dict[tuple[str, str | None], str]:
    """Copies of these items that another flow of this installation has put somewhere: by key and the vendor's id, the flow."""

    def job(c: Connection) -> dict[tuple[str, str | None], str]:
        others = [row.name for row in flows.all(c) if row.name != bound.flow.name]
        return {
            (key, row.ref): name for name in others for key, row in deliveries.get(c, name, keys).items() if row.ref
        }

    return await bound.ledger.read(job) if keys else {}


def was_withdrawn(look: Look, held: Held | None) -> bool:
    """Whether a withdrawal that was begun and never confirmed is seen to have been done."""
    begun = look.doubt is not None and Action.WITHDRAW in look.doubt.action.split()
    return begun and look.closing and (held is None or held.hidden)


def missing(look: Look) -> Delivery | None:
    """The target holds nothing of ours: neither copy nor links."""
    look.lost_links, look.links = (*look.lost_links, *look.links), ()
    return without_copy(look.before) if look.before else None


def without_copy(row: Delivery) -> Delivery:
    return msgspec.structs.replace(row, ref=None, held="none", file_version="", file_digest=None, fields_digest="")


def corrected(bound: Bound, look: Look, held: Held) -> Delivery:
    """The row of a copy as the target holds it; what may differ from our last word is to be written again."""
    base = look.before or unheard(bound, look)
    # Also of a copy that was never recorded: links may have been begun for it, and would be taken for made.
    look.lost_links = (*look.lost_links, *(link for link in look.links if link.id not in held.links))
    if look.before is None:
        look.links = found_links(bound, look, held)
    row = msgspec.structs.replace(base, ref=held.ref, held="hidden" if held.hidden else "live")
    kept = (link for link in look.links if link.id in held.links)
    look.links = tuple(msgspec.structs.replace(link, ref=held.ref) for link in kept)
    look.length = held.length
    look.recheck = look.before is None or (look.doubt is not None and bool(file_actions(look.doubt)))
    if look.recheck:
        row = msgspec.structs.replace(row, file_version="")
    if look.doubt is not None or differs(bound, row, held):
        row = msgspec.structs.replace(row, fields_digest="")
    return row


def found_links(bound: Bound, look: Look, held: Held) -> tuple[LinkRow, ...]:
    """A copy under our key that the ledger does not know: it is this flow's, and so are its links."""
    rule, now = bound.flow.resolve, bound.clock()
    if rule is None:
        return ()
    return tuple(
        LinkRow(flow=bound.flow.name, key=look.key, kind=rule.kind, id=id, field=rule.field, ref=held.ref, at=now)
        for id in held.links
    )


def file_actions(intent: Intent) -> frozenset[str]:
    """Those of its actions that send a file."""
    return FILE_ACTIONS & frozenset(intent.action.split())


def differs(bound: Bound, row: Delivery, held: Held) -> bool:
    """Whether fields of ours were changed since they were written."""
    written = bound.target.as_held(bound.as_kind, row.extras.get("fields", {}))
    return any(held.fields.get(name) != value for name, value in written.items() if name in held.fields)


def unheard(bound: Bound, look: Look) -> Delivery:
    """The row of an item that this flow never recorded."""
    now = bound.clock()
    return Delivery(flow=bound.flow.name, key=look.key, outcome=Outcome.FAILED, at=now, since=now)


async def spare_resending(bound: Bound, looks: Sequence[Look]) -> None:
    """A file of which nobody knows whether it arrived is read back, and sent again only where the bytes differ."""
    asked = [
        look for look in looks if look.outcome is None and unknown_file(look) and Action.REPLACE_FILE in look.actions
    ]
    await together(*(minding(look, spare(bound, look)) for look in asked))


def unknown_file(look: Look) -> bool:
    """Whether its sending is in doubt, or was when the copy was closed: then no version was recorded."""
    return look.recheck or (look.before is not None and look.before.ref is not None and not look.before.file_version)


async def spare(bound: Bound, look: Look) -> None:
    if look.before is not None and look.before.ref and await holds_file(bound, look, look.before.ref):
        look.actions.discard(Action.REPLACE_FILE)


async def holds_file(bound: Bound, look: Look, ref: str) -> bool:
    """Whether the target's file has the bytes of the rendition: by length, then by digest where the source states one."""
    wanted = look.rendition
    if wanted is None or wanted.digest is None or other_length(look):
        return False
    algorithm, _, digest = wanted.digest.partition(":")
    return await bound.target.file_digest(bound.as_kind, ref, algorithm) == digest


def other_length(look: Look) -> bool:
    """Whether the file there is seen to be another one by its length."""
    stated = look.rendition.length if look.rendition else None
    return look.length is not None and stated is not None and look.length != stated
