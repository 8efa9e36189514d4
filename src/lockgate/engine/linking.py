"""Attach our copies to their counterparts and detach them, all of a page together: several may belong to one product."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from lockgate.engine.blame import blame
from lockgate.engine.bound import Bound
from lockgate.engine.look import LinkTo, Look
from lockgate.failpoints import passed
from lockgate.kit.contract import Link, Receipt
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, NotFound
from lockgate.ledger import LedgerError
from lockgate.ledger.links import LinkRow


class Wanted(NamedTuple):
    look: Look
    to: LinkTo
    link: Link


def planned_links(bound: Bound, look: Look, now: datetime) -> Iterator[LinkRow]:
    """Rows of the links about to be made: noted before, so that they are found and taken away whatever happens next."""
    if look.opening:
        for kind, id, field in sorted(look.link_to - look.linked_to()):
            yield LinkRow(flow=bound.flow.name, key=look.key, kind=kind, id=id, field=field, ref=None, at=now)


async def link(bound: Bound, looks: Sequence[Look]) -> None:
    """Make the links of each look exactly those it should have; others at the same counterpart stay."""
    wanted = [one for look in looks for one in wanted_links(look)]
    for one, answer in await answers(bound, wanted):
        settle(one, answer)
        passed("copy.linked")


def wanted_links(look: Look) -> Iterator[Wanted]:
    for row in look.links:
        to = (row.kind, row.id, row.field)
        ref = row.ref or (look.before.ref if look.before else None)
        if to not in look.link_to and ref is not None:
            yield Wanted(look, to, Link(kind=row.kind, id=row.id, field=row.field, ref=ref, present=False))
    ref = look.ref or (look.before.ref if look.before else None)
    for to in sorted(look.link_to - look.linked_to()):
        if ref is not None:
            yield Wanted(look, to, Link(kind=to[0], id=to[1], field=to[2], ref=ref))


async def answers(bound: Bound, wanted: Sequence[Wanted]) -> list[tuple[Wanted, Receipt | ConnectorError]]:
    """Call the target; a failure of the call as a whole is every link's failure, a defect that of each link alone."""
    if not wanted:
        return []
    try:
        told = await bound.target.link([one.link for one in wanted])
    except (NeedsOperator, LedgerError):
        raise
    except ConnectorError as error:
        return [(one, error) for one in wanted]
    except Exception as error:  # noqa: BLE001 - it must not stop the other items
        if len(wanted) == 1:
            blame(wanted[0].look, error)
            return []
        return [pair for one in wanted for pair in await answers(bound, [one])]
    return list(zip(wanted, told, strict=True))


def settle(one: Wanted, answer: Receipt | ConnectorError) -> None:
    look, to, link = one
    if isinstance(answer, NotFound) and link.present:
        look.fail(Conflict(f"its counterpart went away meanwhile: {answer.sentence}", code="counterpart.gone"))
    elif isinstance(answer, ConnectorError) and not isinstance(answer, NotFound):
        look.fail(answer)
    elif link.present:
        look.link_done.add(to)
        look.linked = True
    else:
        look.unlink_done.add(to)
