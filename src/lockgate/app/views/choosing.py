"""Counterparts to choose from, for an item that does not find its own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.shape import View
from lockgate.engine.bound import Bound
from lockgate.engine.recipe import Flow
from lockgate.engine.recipe.flow import Resolve
from lockgate.kit.contract import capabilities
from lockgate.ledger import deliveries, links
from lockgate.ledger.choices import Choice
from lockgate.ledger.deliveries import finding
from lockgate.model.codes import identifier
from lockgate.model.item import Item, pick

MOST = 20
"""Candidates that are shown."""
ENDINGS = ("missing", "unstated", "ambiguous")


class ChoiceView(View):
    """The counterpart that a person chose for an item."""

    kind: str
    id: str
    label: str
    by: str
    at: datetime


class CandidateView(View):
    """An object of the target that may be the item's counterpart."""

    kind: str
    id: str
    title: str
    identifiers: dict[str, list[str]]
    url: str | None = None
    found_by: str
    """By what it was found, in words."""


def choice_view(row: Choice) -> ChoiceView:
    return ChoiceView(kind=row.kind, id=row.id, label=row.label, by=row.who, at=row.at)


def choosable(code: str, name: str) -> bool:
    """Whether choosing a counterpart helps an item that is parked for this reason; `name` is the recipe's of the counterpart."""
    first, _, last = code.partition(".")
    return first == name and last in ENDINGS


def rule_of(flow: Flow) -> Resolve:
    if flow.resolve is None:
        raise Refused(f"items of flow {flow.name!r} have no counterpart at the target: there is nothing to choose")
    return flow.resolve


def label(item: Item) -> str:
    """Its name for people: the title and the first number."""
    number = next((value for values in item.identifiers.values() for value in values), item.id)
    title = pick(item.title)
    return f"{title} ({number})" if title else number


async def candidates(app: Lockgate, flow: str, key: str, text: str = "") -> list[CandidateView]:
    """Objects of the target that fit a number or id, or hang at items of the flow that fit the text.

    Without a text those that the item itself names. Raises Refused, and ConnectorError when the target does not answer.
    """
    await app.flows.row(flow)
    bound = (app.engine.flows.get(flow) if app.engine else None) or await app.flows.bound(flow)
    rule = rule_of(bound.flow)
    found = await by_numbers(
        bound, rule, [(by, text.strip()) for by in rule.by] if text.strip() else await own(app, flow, key)
    )
    if text.strip():
        found |= {text.strip(): "its id"}
        near = await app.ledger.read(lambda c: neighbours(c, flow, rule.kind, text))
        found = {**dict.fromkeys(near, "other items that fit hang there"), **found}
    items = (
        await bound.target.fetch(rule.kind, sorted(found)[: MOST * 2]) if "fetch" in capabilities(bound.target) else []
    )
    shown = [candidate(item, found[item.id]) for item in items if item.id in found]
    return sorted(shown, key=lambda one: (one.title.casefold(), one.id))[:MOST]


async def own(app: Lockgate, flow: str, key: str) -> list[tuple[str, str]]:
    """What the item names, as it was last seen. Raises Refused when the flow never looked at it."""
    row = (await app.ledger.read(lambda c: deliveries.get(c, flow, [key]))).get(key)
    if row is None:
        raise Refused(f"flow {flow!r} has not looked at an item {key!r}", missing=True)
    return [(kind, value) for kind, values in row.identifiers.items() for value in values]


async def by_numbers(bound: Bound, rule: Resolve, numbers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Ids of the objects that carry one of these numbers, with how each was found."""
    found: dict[str, str] = {}
    for by in rule.by:
        values = sorted({form for kind, value in numbers if kind == by for form in forms(by, value)})
        there = await bound.target.find(rule.kind, by, values) if values else {}
        found |= {id: f"{by} {value}" for value, ids in there.items() for id in ids}
    return found


def forms(kind: str, value: str) -> Iterator[str]:
    """The number as it is compared; of one that has letters also in large and in small ones."""
    for form in (value, value.upper(), value.lower()):
        known = identifier(kind, form)
        if known is not None:
            yield known


def neighbours(c: Connection, flow: str, kind: str, text: str) -> list[str]:
    """Objects at which items of this flow hang that fit the text."""
    places = [*finding.by_words(c, text, MOST, flow), *finding.beginning(c, text, [flow], MOST)]
    known = links.get(c, flow, [key for one, key in places if one == flow])
    return list(dict.fromkeys(ids(kind, known.values())))[:MOST]


def ids(kind: str, rows: Iterable[Sequence[links.LinkRow]]) -> Iterator[str]:
    return (one.id for some in rows for one in some if one.kind == kind)


def candidate(item: Item, found_by: str) -> CandidateView:
    return CandidateView(
        kind=item.kind,
        id=item.id,
        title=pick(item.title) or item.id,
        identifiers={kind: list(values) for kind, values in item.identifiers.items()},
        url=item.url,
        found_by=found_by,
    )
