"""ONIX messages, made and gone through in one process: `python -m bench.messages WAY FILE NUMBER`. Prints what it cost.

The ways of others are beside ours: lxml alone, and `onixcheck`, which both hold the whole message in memory when they validate.
"""

import os
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pycountry
from lxml import etree
from msgspec.structs import replace

from bench.machine import cost
from lockgate.kit import onix
from lockgate.kit.onix import records, schema

HEADER = onix.Header(sender=onix.Party(name="Larkfield Press"), sent="20260301T1200Z")
PLACES = tuple(str(one.alpha_2) for one in pycountry.countries)
SENTENCE = "The morning was grey, and the lark that nobody had asked rose from the field beyond the river & sang. "


def words(kind: str, sentences: int) -> records.TextContent:
    text = f"<p>{SENTENCE.replace('&', '&amp;') * sentences}</p>"
    return records.TextContent(type=kind, audiences=("00",), texts=(records.Words(text=text, format="05"),))


def contributor(number: int) -> records.Contributor:
    life = records.Words(text=SENTENCE * 6)
    name: dict[str, Any] = {"person": "Ada Lark", "inverted": "Lark, Ada", "before_key": "Ada", "key": "Lark"}
    return records.Contributor(sequence=str(number), roles=("A01",), biographies=(life,), **name)


def supply(country: str, currency: str) -> records.Supply:
    tax = records.Tax(type="01", rate="R", percent=Decimal(7), taxable=Decimal("18.68"), amount=Decimal("1.31"))
    price = records.Price(type="02", amount=Decimal("19.99"), currency=currency, taxes=(tax,))
    supplier = records.Supplier(role="01", name="Larkfield Logistics", telephones=("+49 30 123456",))
    detail = records.SupplyDetail(supplier=supplier, availability="20", prices=(price,))
    return records.Supply(
        markets=(records.Market(territory=records.Territory(countries=(country,))),), details=(detail,)
    )


def rights(kind: str, places: tuple[str, ...]) -> records.SalesRights:
    return records.SalesRights(type=kind, territory=records.Territory(countries=places))


BOOK = records.Product(
    reference="0",
    notification="03",
    source_type="01",
    source_name="Larkfield Press",
    identifiers=tuple(records.Identifier(type=kind, value="9783161484100") for kind in ("03", "15")),
    composition="00",
    form="BC",
    form_details=("B104",),
    measures=tuple(records.Measure(type=kind, value="210", unit="mm") for kind in ("01", "02", "03")),
    titles=(
        records.Title(type="01", elements=(records.TitleElement(level="01", text="Lark & Field", subtitle="A walk"),)),
    ),
    contributors=(contributor(1), contributor(2)),
    languages=(records.Language(role="01", code="eng"),),
    extents=(records.Extent(type="00", value="245", unit="03"),),
    subjects=tuple(records.Subject(scheme="93", code=code, version="1.3") for code in ("FFP", "FYT", "1DNS")),
    audiences=(records.Audience(type="01", value="01"),),
    texts=(words("02", 2), words("03", 20), words("06", 4)),
    resources=(
        records.Resource(
            type="01",
            audiences=("00",),
            mode="03",
            versions=(records.ResourceVersion(form="02", links=("https://larkfield.example/covers/4711.jpg",)),),
        ),
    ),
    imprints=(records.Imprint(name="Larkfield"),),
    publishers=(records.Publisher(role="01", name="Larkfield Press"),),
    status="04",
    dates=(records.Dated(role="01", value="20260115", format="00"),),
    sales_rights=(rights("01", PLACES[:60]), rights("02", PLACES[60:90]), rights("03", PLACES[90:])),
    supplies=(supply(PLACES[0], "EUR"), supply(PLACES[1], "GBP")),
)
"""About eleven kilobytes, as trade records are, with every country in some list."""


def books(number: int) -> Iterator[records.Product]:
    return (replace(BOOK, reference=f"example.larkfield.{count}") for count in range(number))


def make(file: Path, number: int) -> None:
    with file.open("wb") as stream:
        onix.write(stream, books(number), HEADER)


def read(file: Path, number: int, *, check: bool = False) -> None:
    with file.open("rb") as stream:
        if sum(entry.valid and entry.product is not None for entry in onix.read(stream, check=check)) != number:
            raise RuntimeError("not every product was read")


def checked(file: Path, number: int) -> None:
    read(file, number, check=True)


def parsed(file: Path, number: int) -> None:
    """lxml alone, element by element, thrown away at once."""
    found = 0
    for _, element in etree.iterparse(str(file), tag="{*}Product"):
        found += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    if found != number:
        raise RuntimeError("not every product was read")


def by_lxml(file: Path, _: int) -> None:
    """lxml alone: the whole message as one tree against the schema."""
    if not schema.validator("3.0", "reference").validate(etree.parse(str(file))):
        raise RuntimeError("the message is not valid")


def by_onixcheck(file: Path, _: int) -> None:
    checker: Any = import_module("onixcheck")
    if checker.validate(str(file)):
        raise RuntimeError("the message is not valid")


WAYS: dict[str, Callable[[Path, int], None]] = {
    "make": make, "read": read, "checked": checked, "parsed": parsed, "lxml": by_lxml, "onixcheck": by_onixcheck,
}  # fmt: skip


def main(way: str, file: Path, number: int) -> None:
    before = cost(os.getpid())
    WAYS[way](file, number)
    after = cost(os.getpid())
    told = {"cpu": after.cpu - before.cpu, "peak_mb": after.peak_mb, "bytes": file.stat().st_size}
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
