"""One search for everything: items by any number, id or word of their titles, flows, connections and runs by their names."""

from collections.abc import Iterator, Sequence
from typing import Literal

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.flowfile import installed
from lockgate.app.views.shape import View
from lockgate.engine.recipe import Flow
from lockgate.ledger import deliveries, links, runs
from lockgate.ledger.connections import ConnectionRow
from lockgate.ledger.deliveries import Delivery, Held, finding
from lockgate.ledger.words import words
from lockgate.model.plan import Outcome

FoundBy = Literal["name", "key", "identifier", "copy", "counterpart", "beginning", "title"]
LEDGER_WAYS: tuple[FoundBy, ...] = ("key", "identifier", "copy", "counterpart", "beginning", "title")
"""In this order: what names one thing before what many have in common."""
TOLD: dict[FoundBy, str] = {
    "name": "by its name",
    "key": "its id at the source",
    "identifier": "its number",
    "copy": "the id of its copy",
    "counterpart": "linked to this",
    "beginning": "its number or id begins like this",
    "title": "words of its title",
}


class HitView(View):
    """Something that was found, and where it is shown: `kind` says which of the names below lead to it."""

    kind: Literal["item", "flow", "connection", "run"]
    title: str
    detail: str
    """What it is, and by what it was found, in words."""
    found_by: FoundBy
    flow: str | None = None
    key: str | None = None
    connection: str | None = None
    run: str | None = None
    outcome: Outcome | None = None
    held: Held | None = None


class SearchView(View):
    query: str
    hits: list[HitView]
    more: bool
    """Whether there is more than is shown; ask more narrowly."""


async def search(app: Lockgate, text: str, limit: int = 20) -> SearchView:
    """The best hits first. Raises Refused where nothing is asked for."""
    query = text.strip()
    if not query:
        raise Refused("say what to look for: a SKU, GTIN, ISBN, id, word of a title, flow or connection")
    flows = {row.name: await installed(row) for row in await app.flows.all()}
    titles = {name: found.recipe.title if isinstance(found, Flow) else name for name, found in flows.items()}
    systems = await app.connections.all()
    items = await app.ledger.read(lambda c: [*run_hits(c, query), *item_hits(c, query, sorted(titles), limit + 1)])
    hits = [*flow_hits(query, titles), *connection_hits(query, systems), *items]
    return SearchView(query=query, hits=hits[:limit], more=len(hits) > limit)


def flow_hits(query: str, titles: dict[str, str]) -> Iterator[HitView]:
    for name, title in sorted(titles.items()):
        if named(query, name, title):
            yield HitView(kind="flow", title=name, detail=f"flow: {title}", found_by="name", flow=name)


def connection_hits(query: str, systems: Sequence[ConnectionRow]) -> Iterator[HitView]:
    for row in systems:
        if named(query, row.name, row.connector):
            detail = f"connection to {row.connector}"
            yield HitView(kind="connection", title=row.name, detail=detail, found_by="name", connection=row.name)


def named(query: str, *names: str) -> bool:
    """Whether each word of the query begins a word of these names."""
    there = words(" ".join(names))
    asked = words(query)
    return bool(asked) and all(any(word.startswith(one) for word in there) for one in asked)


def run_hits(c: Connection, query: str) -> Iterator[HitView]:
    run = runs.get(c, query)
    if run is not None:
        detail = f"{run.kind} run of {run.flow}: {run.state}"
        yield HitView(kind="run", title=run.id, detail=detail, found_by="name", run=run.id, flow=run.flow)


def item_hits(c: Connection, query: str, flows: Sequence[str], limit: int) -> Iterator[HitView]:
    """Items, each once, by the first way that finds it; further ways are tried until there are enough."""
    found: dict[finding.Place, FoundBy] = {}
    for way in LEDGER_WAYS:
        if len(found) < limit:
            for place in places(c, way, query, flows, limit):
                found.setdefault(place, way)
    wanted = [place for place in found if place[0] in flows][:limit]
    rows = {(row.flow, row.key): row for row in deliveries.opened(c, wanted)}
    for place in wanted:
        if place in rows:
            yield item_hit(rows[place], found[place])


def places(c: Connection, way: FoundBy, query: str, flows: Sequence[str], limit: int) -> list[finding.Place]:
    match way:
        case "key":
            return finding.by_key(c, query, flows)
        case "identifier":
            return finding.by_number(c, query, limit)
        case "copy":
            return finding.by_ref(c, query, limit)
        case "counterpart":
            return [(one.flow, one.key) for one in links.used_by_id(c, query, limit)]
        case "beginning":
            return finding.beginning(c, query, flows, limit)
        case _:
            return finding.by_words(c, query, limit)


def item_hit(row: Delivery, found_by: FoundBy) -> HitView:
    numbers = ", ".join(f"{kind} {value}" for kind, values in row.identifiers.items() for value in values)
    return HitView(
        kind="item",
        title=row.title or row.key,
        detail=" · ".join(part for part in (row.flow, numbers, TOLD[found_by]) if part),
        found_by=found_by,
        flow=row.flow,
        key=row.key,
        outcome=row.outcome,
        held=row.held,
    )
