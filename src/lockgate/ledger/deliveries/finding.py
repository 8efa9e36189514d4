"""An item by whatever a person knows of it: a number, a part of a number, its id, its copy's id, words of its title."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, func, literal, literal_column, or_, select, text

from lockgate.ledger.sql import is_sqlite
from lockgate.ledger.tables import delivery as table
from lockgate.ledger.tables import delivery_detail as wide
from lockgate.ledger.tables import item_identifier
from lockgate.ledger.words import words
from lockgate.model.codes import IDENTIFIERS, SEPARATORS, identifier

Place = tuple[str, str]
"""Flow and key."""

FEW = 2_000
"""So many items that fit a text are gathered; where there are more, a list is walked and each title in it looked at."""
SHORTEST = 3
"""Letters of the beginning of a number or id that are looked for; fewer fit too much."""
LAST = "\U0010ffff"


def by_number(c: Connection, query: str, limit: int) -> list[Place]:
    """Items that carry this text as identifier of any kind, in any spelling of it we know."""
    at = item_identifier.c
    found = c.execute(select(at.flow, at.key).where(at.value.in_(spellings(query))).distinct().limit(limit))
    return [(flow, key) for flow, key in found]


def spellings(query: str) -> set[str]:
    forms = {query, query.strip(), *(identifier(kind, query) for kind in IDENTIFIERS)}
    return {form for form in forms if form}


def by_key(c: Connection, query: str, flows: Sequence[str]) -> list[Place]:
    found = c.execute(select(table.c.flow, table.c.key).where(table.c.flow.in_(flows), table.c.key == query.strip()))
    return [(flow, key) for flow, key in found]


def by_ref(c: Connection, ref: str, limit: int) -> list[Place]:
    """Items whose copy has this id at the target."""
    found = c.execute(select(table.c.flow, table.c.key).where(table.c.ref == ref.strip()).limit(limit))
    return [(flow, key) for flow, key in found]


def beginning(c: Connection, query: str, flows: Sequence[str], limit: int) -> list[Place]:
    """Items with an identifier or a key that begins like this."""
    if len(query.strip()) < SHORTEST:
        return []
    at = item_identifier.c
    found = c.execute(select(at.flow, at.key).where(_begins(at.value, beginnings(query))).limit(limit))
    places: dict[Place, None] = {(row.flow, row.key): None for row in found}
    for flow in flows:
        keys = select(table.c.key).where(table.c.flow == flow, _begins(table.c.key, beginnings(query)))
        places |= {(flow, key): None for key in c.execute(keys.limit(limit)).scalars()}
    return list(places)[:limit]


def beginnings(query: str) -> set[str]:
    """In which forms a number may begin: a SKU in other letters, a GTIN or ISBN with and without its separators."""
    begun = query.strip()
    compact = SEPARATORS.sub("", begun)
    digits = {compact, "0" + compact} if compact.isdigit() else set()
    return {begun, begun.upper(), begun.lower(), *digits}


def _begins(column: Column[Any], starts: set[str]) -> ColumnElement[bool]:
    return or_(*(and_(column >= start, column < start + LAST) for start in sorted(starts)))


def by_words(c: Connection, query: str, limit: int, flow: str | None = None) -> list[Place]:
    """Items whose title has a word for each of these that begins like it; those that hold the very words come first.

    A word alone is found at once however many titles hold it; of a beginning all titles must be gathered first.
    """
    asked = words(query)
    if not asked:
        return []
    found = dict.fromkeys(_titled(c, asked, limit, flow, whole=True))
    if len(found) < limit:
        found |= dict.fromkeys(_titled(c, asked, limit, flow, whole=False))
    return list(found)[:limit]


def _titled(c: Connection, asked: Sequence[str], limit: int, flow: str | None, *, whole: bool) -> Iterator[Place]:
    statement = select(wide.c.flow, wide.c.key).where(matching(asked, whole=whole, sqlite=is_sqlite(c))).limit(limit)
    if flow is not None:
        statement = statement.where(wide.c.flow == flow)
    for row in c.execute(statement):
        yield (row.flow, row.key)


def matching(asked: Sequence[str], *, whole: bool, sqlite: bool) -> ColumnElement[bool]:
    """Titles with all these words, by the index of words."""
    if sqlite:
        query = " AND ".join(f'"{word}"' if whole else f'"{word}" *' for word in asked)
        hits: Select[Any] = select(literal_column("rowid")).select_from(text("delivery_words"))
        return wide.c.id.in_(hits.where(text("delivery_words MATCH :words").bindparams(words=query)))
    query = " & ".join(f"'{word}'" if whole else f"'{word}':*" for word in asked)
    return func.to_tsvector(literal_column("'simple'"), wide.c.search).op("@@")(
        func.to_tsquery(literal_column("'simple'"), query)
    )


def named(c: Connection, query: str, flows: Sequence[str]) -> list[Place]:
    """Items of these flows that this text names by a number or an id, whole or by its beginning; `FEW` of each kind."""
    found = [*by_key(c, query, flows), *by_number(c, query, FEW), *beginning(c, query, flows, FEW)]
    return [place for place in dict.fromkeys(found) if place[0] in flows]


def fitting(c: Connection, query: str, flow: str) -> set[str] | None:
    """Keys of the items of a flow that fit a text; None where so many do that a list is better walked with `fits`."""
    titled = by_words(c, query, FEW, flow)
    return {key for _, key in (*titled, *named(c, query, [flow]))} if len(titled) < FEW else None


def fits(c: Connection, query: str, flow: str) -> ColumnElement[bool]:
    """Rows of the wide table that fit a text, said so that each is looked at by itself."""
    padded = literal(" ") + wide.c.search
    titled: ColumnElement[bool] = and_(*(padded.contains(f" {word}", autoescape=True) for word in words(query)))
    numbers = [key for _, key in named(c, query, [flow])]
    return or_(titled, wide.c.key.in_(numbers)) if numbers else titled
