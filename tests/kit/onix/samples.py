"""Messages and records for tests: one book in every dialect, and records made at random."""

import io
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from msgspec.structs import replace

from lockgate.kit import onix
from lockgate.kit.onix import records, shapes
from lockgate.kit.onix.dialect import Style
from lockgate.kit.onix.fields import Block, Bound, BoundValue, Codes, Field, Flag, Inner, Number, Shape, Told
from lockgate.kit.onix.kept import Kept
from lockgate.kit.onix.schema import folder

HEADER = onix.Header(sender=onix.Party(name="Larkfield Press", email="data@larkfield.example"), sent="20260301T1200Z")
SHIPPED = folder().parent / "data"
"""Messages that come with the checker, good and bad."""


def title(text: str, **more: Any) -> records.Title:
    return records.Title(type="01", elements=(records.TitleElement(level="01", text=text, **more),))


def price(amount: str, **more: Any) -> records.Price:
    return records.Price(**{"type": "02", "amount": Decimal(amount), "currency": "EUR", **more})


def supply(*prices: records.Price, countries: tuple[str, ...] = ("DE", "AT"), **more: Any) -> records.Supply:
    supplier = records.Supplier(role="01", name="Larkfield Logistics")
    detail = records.SupplyDetail(**{"supplier": supplier, "availability": "20", "prices": prices, **more})
    market = records.Market(territory=records.Territory(countries=countries))
    return records.Supply(markets=(market,), details=(detail,))


def rights(type: str, *countries: str, **more: Any) -> records.SalesRights:
    return records.SalesRights(type=type, territory=records.Territory(countries=countries), **more)


BOOK = records.Product(
    reference="example.larkfield.4711",
    notification="03",
    source_type="01",
    source_name="Larkfield Press",
    identifiers=(
        records.Identifier(type="01", name="Larkfield number", value="4711"),
        records.Identifier(type="03", value="9783161484100"),
        records.Identifier(type="15", value="9783161484100"),
    ),
    composition="00",
    form="BC",
    form_details=("B104",),
    measures=(records.Measure(type="01", value="210", unit="mm"),),
    titles=(title("Lark & Field", subtitle="A walk <in> the morning", language="eng"),),
    contributors=(
        records.Contributor(
            sequence="1",
            roles=("A01",),
            identifiers=(records.Identifier(type="16", value="0000000121479135"),),
            person="Ada Lark",
            inverted="Lark, Ada",
            before_key="Ada",
            key="Lark",
            biographies=(records.Words(text="<p>Ada Lark was born in <em>Field</em>.</p>", format="05"),),
        ),
    ),
    edition_number="2",
    languages=(records.Language(role="01", code="eng"),),
    extents=(records.Extent(type="00", value="245", unit="03"),),
    subjects=(
        records.Subject(scheme="93", code="FFP", main=True, version="1.3"),
        records.Subject(scheme="20", headings=(records.Words(text="larks; fields; mornings"),)),
    ),
    audiences=(records.Audience(type="01", value="01"),),
    texts=(
        records.TextContent(
            type="03", audiences=("00",), texts=(records.Words(text="<p>Rain &amp; sun.</p>", format="05"),)
        ),
        records.TextContent(type="02", audiences=("02",), texts=(records.Words(text="For the trade."),)),
    ),
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
    country="DE",
    status="04",
    dates=(records.Dated(role="01", value="20260115", format="00"),),
    copyrights=(records.Copyright(years=("2026",), owners=(records.CopyrightOwner(person="Ada Lark"),)),),
    sales_rights=(rights("01", "DE", "AT", "CH"), rights("03", "US", "CA")),
    rest_of_world="02",
    related_products=(
        records.RelatedProduct(relations=("06",), identifiers=(records.Identifier(type="15", value="9780007232833"),)),
    ),
    supplies=(
        supply(
            price(
                "19.99",
                taxes=(
                    records.Tax(
                        type="01", rate="R", percent=Decimal(7), taxable=Decimal("18.68"), amount=Decimal("1.31")
                    ),
                ),
            )
        ),
    ),
)
"""A book without fault."""


def message(*products: records.Product, style: Style = "reference", header: onix.Header = HEADER) -> bytes:
    stream = io.BytesIO()
    onix.write(stream, products, header, style=style)
    return stream.getvalue()


def books(number: int) -> list[records.Product]:
    """Several books, each with a reference of its own."""
    return [replace(BOOK, reference=f"example.larkfield.{count}") for count in range(number)]


def read(data: bytes, *, check: bool = False) -> list[onix.Entry]:
    return list(onix.read(io.BytesIO(data), check=check))


def products(data: bytes) -> list[records.Product]:
    return [entry.product for entry in read(data) if entry.product is not None]


def problems(data: bytes) -> list[onix.Problem]:
    return list(onix.validate(io.BytesIO(data)))


def codes(data: bytes) -> set[str]:
    return {problem.code for problem in problems(data)}


ALPHABET = "aZ09&<>\"'éß語😀  \n\t]-;\u2028\u00a0\r"


CODES = ("01", "02", "03", "07", "08", "09", "13", "14", "15", "16", "20", "42", "93")
ODD = (
    "9" * 5000,
    "²",
    "٣",
    "20260230",
    "99991231",
    "00000000",
    "00010101",
    "0",
    "-1",
    "1e999",
    "NaN",
    "9783161484100",
    "14",
)
"""Texts that look like numbers, days or codes."""


def text(random: Random) -> str:
    """Any text that XML can carry, without blanks around it."""
    if random.random() < 0.6:
        return random.choice(ODD)
    inner = "".join(random.choice(ALPHABET) for _ in range(random.randrange(12)))
    return f"x{inner}x"


def made(shape: Shape, random: Random, depth: int = 0) -> Any:
    """A record of any content, with every field now and then."""
    return shape.kind(**values(shape, random, depth))


def values(shape: Shape, random: Random, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in shape.fields:
        if isinstance(field, Block):
            found |= values(field.shape, random, depth)
        elif isinstance(field, BoundValue) or not field.written:
            continue
        elif isinstance(field, Kept):
            if random.random() < 0.3:
                found["kept"] = (*found.get("kept", ()), kept(field.tag, random))
        elif field.name in shape.required or random.random() < (0.5 if depth else 0.35):
            found[field.name] = value(field, random, depth)
    if shape.kind is records.Dated:
        found["format"] = random.choice((None, "00", "12"))
    if shape.kind is records.TitleElement:
        spoken = "text" in found or "without_prefix" in found
        found["language"] = random.choice((None, "eng")) if spoken else None
    return found


def kept(tag: str, random: Random) -> records.Extra:
    inner = random.choice(("", "one &amp; two", "<ContentItem/>" if tag == "ContentDetail" else "é"))
    return records.Extra(tag=tag, content=f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>")


def value(field: Field, random: Random, depth: int) -> Any:
    if isinstance(field, Codes):
        return tuple(random.sample(("DE", "AT", "GB-SCT", "WORLD"), random.randrange(1, 4)))
    if isinstance(field, Bound):
        return tuple((text(random), text(random)) for _ in range(random.randrange(1, 3)))
    if isinstance(field, Inner):
        return made_many(field, lambda: made(field.shape, random, depth + 1), random)
    kinds: dict[type[Field], Callable[[], Any]] = {
        Flag: lambda: True,
        Number: lambda: Decimal(random.randrange(10**6)) / 100,
        Told: lambda: words(random),
    }
    return made_many(field, kinds.get(type(field), lambda: text(random)), random)


def made_many(field: Field, one: Callable[[], Any], random: Random) -> Any:
    return tuple(one() for _ in range(random.randrange(1, 3))) if field.many else one()


def words(random: Random) -> records.Words:
    if random.random() < 0.3:
        return records.Words(
            text="<p>One &amp; <em>two</em><br/>é</p>", format="05", language=random.choice((None, "fre"))
        )
    return records.Words(text=text(random), format=random.choice((None, "06")), language=random.choice((None, "ger")))


def any_product(seed: int) -> records.Product:
    product: records.Product = made(shapes.PRODUCT, Random(seed))  # noqa: S311 - a test's own dice
    return product
