"""An item by whatever a person knows of it: a number, a part of a number, its id, its copy's id, words of its title."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, literal, or_, select, text, tuple_

from lockgate.ledger.deliveries.rows import COPY
from lockgate.ledger.sql import is_sqlite
from lockgate.ledger.tables import delivery as table
from lockgate.ledger.tables import item_identifier, item_title
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
    spelled = at.value.in_(spellings(query)) & (at.kind != COPY)
    found = c.execute(select(at.flow, at.key).where(spelled).distinct().limit(limit))
    return [(flow, key) for flow, key in found]


def spellings(query: str) -> set[str]:
    forms = {query, query.strip(), *(identifier(kind, query) for kind in IDENTIFIERS)}
    return {form for form in forms if form}


def by_key(c: Connection, query: str, flows: Sequence[str]) -> list[Place]:
    found = c.execute(select(table.c.flow, table.c.key).where(table.c.flow.in_(flows), table.c.key == query.strip()))
    return [(flow, key) for flow, key in found]


def by_ref(c: Connection, ref: str, limit: int) -> list[Place]:
    """Items whose copy has this id at the target."""
    at = item_identifier.c
    found = c.execute(select(at.flow, at.key).where(at.value == ref.strip(), at.kind == COPY).limit(limit))
    return [(flow, key) for flow, key in found]


def beginning(c: Connection, query: str, flows: Sequence[str], limit: int) -> list[Place]:
    """Items with an identifier or a key that begins like this."""
    if len(query.strip()) < SHORTEST:
        return []
    at, place = item_identifier.c, table.c
    found: dict[Place, None] = {}
    # A range at a time: several in one statement are not looked up by the index, but found by reading it whole.
    for start in sorted(beginnings(query)):
        numbers = select(at.flow, at.key).where(at.value >= start, at.value < start + LAST).limit(limit)
        found |= {(row.flow, row.key): None for row in c.execute(numbers)}
        for flow in flows:
            keys = select(place.key).where(place.flow == flow, place.key >= start, place.key < start + LAST)
            found |= {(flow, key): None for key in c.execute(keys.limit(limit)).scalars()}
    return list(found)[:limit]


def beginnings(query: str) -> set[str]:
    """In which forms a number may begin: a SKU in other letters, a GTIN or ISBN with and without its separators."""
    begun = query.strip()
    compact = SEPARATORS.sub("", begun)
    digits = {compact, "0" + compact} if compact.isdigit() else set()
    return {begun, begun.upper(), begun.lower(), *digits}


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


# CROSS JOIN: read the index of words first, whatever the planner guesses of it, and each row by its number.
_ON_SQLITE = """
SELECT t.flow, t.key FROM item_words w CROSS JOIN item_title t ON t.id = w.rowid
WHERE w.words MATCH :words AND (:flow IS NULL OR t.flow = :flow) LIMIT :limit
"""
_ON_POSTGRES = """
SELECT flow, key FROM item_title
WHERE to_tsvector('simple', words) @@ to_tsquery('simple', :words) AND (CAST(:flow AS text) IS NULL OR flow = :flow)
LIMIT :limit
"""


def _titled(c: Connection, asked: Sequence[str], limit: int, flow: str | None, *, whole: bool) -> list[Place]:
    """Titles with all these words, or with words that begin like them."""
    if is_sqlite(c):
        statement, query = _ON_SQLITE, " AND ".join(f'"{word}"' if whole else f'"{word}" *' for word in asked)
    else:
        statement, query = _ON_POSTGRES, " & ".join(f"'{word}'" if whole else f"'{word}':*" for word in asked)
    found = c.execute(text(statement), {"words": query, "flow": flow, "limit": limit})
    return [(flow, key) for flow, key in found]


def named(c: Connection, query: str, flows: Sequence[str]) -> list[Place]:
    """Items of these flows that this text names by a number or an id, whole or by its beginning; `FEW` of each kind."""
    found = [*by_key(c, query, flows), *by_number(c, query, FEW), *beginning(c, query, flows, FEW)]
    return [place for place in dict.fromkeys(found) if place[0] in flows]


def fitting(c: Connection, query: str, flows: Sequence[str]) -> set[Place] | None:
    """The items of these flows that fit a text; None where so many do that a list is better walked with `fits`."""
    titled = by_words(c, query, FEW, flows[0] if len(flows) == 1 else None)
    return {*(place for place in titled if place[0] in flows), *named(c, query, flows)} if len(titled) < FEW else None


def fits(
    c: Connection, query: str, flows: Sequence[str], flow: ColumnElement[str], key: ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether the item at this flow and key fits a text, said so that each is looked at by itself."""
    padded = literal(" ") + item_title.c.words
    told = and_(*(padded.contains(f" {word}", autoescape=True) for word in words(query)))
    mine = (item_title.c.flow == flow) & (item_title.c.key == key)
    titled = select(item_title.c.id).where(mine, told).exists()
    numbers = named(c, query, flows)
    return or_(titled, tuple_(flow, key).in_(numbers)) if numbers else titled
