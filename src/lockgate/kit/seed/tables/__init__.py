"""Product tables: CSV, XLSX and JSON, whatever system wrote them."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import msgspec

from lockgate.kit.seed.quiet import quiet
from lockgate.kit.seed.tables import documents, fixture, guessing, reading
from lockgate.kit.seed.tables.building import Tally, build
from lockgate.kit.seed.tables.columns import Columns, NoProducts, recognise
from lockgate.kit.seed.tables.reading import BrokenTable, Row
from lockgate.kit.seed.types import Mapping, Problem, SeedProduct

SUFFIXES = {".csv", ".tsv", ".xlsx", ".json"}
SAMPLE = 200
HEAD = 5


class Found(msgspec.Struct):
    """What a file of tables held."""

    products: list[SeedProduct] = []
    problems: list[Problem] = []


def read(path: Path, name: str, mapping: Mapping | None = None) -> Found:
    """The products of a file; `name` stands for it in sources and problems. A table without products is reported with why."""
    found = Found()
    try:
        with quiet():
            for source, rows in tables(path, name):
                one(found, source, rows, mapping)
    except (BrokenTable, NoProducts) as problem:
        found.problems.append(Problem(path=name, sentence=f"{problem}; left out"))
    return found


def tables(path: Path, name: str) -> Iterator[tuple[str, "Iterator[Row] | Fixture"]]:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        for number, (title, rows) in enumerate(reading.sheets(path)):
            yield f"{name}#{title}" if number else name, rows
    elif suffix == ".json":
        records = documents.records(reading.document(path))
        yield name, Fixture(records) if fixture.is_fixture(records) else documents.rows(records)
    else:
        yield name, reading.delimited(path)


class Fixture(msgspec.Struct):
    records: list[documents.Record]


def one(found: Found, source: str, rows: "Iterator[Row] | Fixture", mapping: Mapping | None) -> None:
    """Take one table into what was found."""
    try:
        products, tally = (
            fixture.products(rows.records, source) if isinstance(rows, Fixture) else plain(rows, source, mapping)
        )
    except NoProducts as reason:
        found.problems.append(Problem(path=source, sentence=f"{reason}; left out"))
        return
    found.products += products
    found.problems += [Problem(path=source, sentence=sentence) for sentence in tally.sentences()]


def plain(rows: Iterator[Row], source: str, mapping: Mapping | None) -> tuple[list[SeedProduct], Tally]:
    head = list(islice(rows, HEAD))
    if not any(any(row) for row in head):
        raise NoProducts("is empty")
    columns, skipped = understood(head, rows, mapping)
    builder = build(chain(head[skipped:], rows), columns, source, skipped + 1)
    return builder.finished(), builder.tally


def understood(head: list[Row], rows: Iterator[Row], mapping: Mapping | None) -> tuple[Columns, int]:
    """The columns, and how many rows are no products: the header, which may follow a line with the table's name.

    Without a header, more rows are taken to `head` for a look at what stands in them.
    """
    reasons = []
    for number, row in enumerate(head):
        try:
            return recognise(row, mapping), number + 1
        except NoProducts as reason:
            reasons += [reason] if any(row) else []
    if not guessing.looks_like_data(next(row for row in head if any(row))):
        raise reasons[0]
    head += islice(rows, SAMPLE)
    return guessing.guess(head), 0
