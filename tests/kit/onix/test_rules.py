"""Each rule of the trade: a good book with one thing wrong is told by that rule alone, at its line."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from lockgate.kit.onix import records
from lockgate.kit.onix.problems import Severity

from .samples import BOOK, message, price, problems, rights, supply, title


def ids(*pairs: tuple[str, str], name: str | None = None) -> tuple[records.Identifier, ...]:
    return tuple(
        records.Identifier(type=kind, value=value, name=name if kind == "01" else None) for kind, value in pairs
    )


def dates(*pairs: tuple[str, str], format: str | None = None) -> tuple[records.Dated, ...]:
    return tuple(records.Dated(role=role, value=value, format=format) for role, value in pairs)


def text(words: str, *, audiences: tuple[str, ...] = ("00",), **more: Any) -> records.TextContent:
    return records.TextContent(type="03", audiences=audiences, texts=(records.Words(text=words),), **more)


def cover(link: str) -> records.Resource:
    version = records.ResourceVersion(form="02", links=(link,))
    return records.Resource(type="01", audiences=("00",), mode="03", versions=(version,))


def tax(taxable: str, amount: str) -> records.Tax:
    return records.Tax(type="01", percent=Decimal(7), taxable=Decimal(taxable), amount=Decimal(amount))


def world(type: str, **more: Any) -> records.SalesRights:
    return records.SalesRights(type=type, territory=records.Territory(regions=("WORLD",), **more))


HOME, AWAY = records.Territory(countries=("DE",)), records.Territory(countries=("AT",))
ESCAPED = records.Words(text="&lt;p&gt;Rain&lt;/p&gt;", format="05")
OWN = records.Identifier(type="01", value="4711", name="Larkfield number")
ISBN = "9783161484100"
PERSON = BOOK.contributors[0]
PART = records.Component(form="BC", copies="1")
CONTRADICTION = records.Territory(countries=("IE",), regions=("GB-SCT",), regions_excluded=("GB-SCT",))
RESTRICTED = (records.Restriction(type="04", start="20260201", end="20260101"),)
SUPPLY, SALES = "Product/ProductSupply/SupplyDetail", "Product/PublishingDetail/SalesRights"

CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a check digit": ({"identifiers": ids(("15", "9783161484101"))}, "digit", "Product/ProductIdentifier/IDValue"),
    "hyphens": ({"identifiers": ids(("15", "978-3-16-148410-0"))}, "digit", "Product/ProductIdentifier/IDValue"),
    "printed music as a book": (
        {"identifiers": ids(("15", "9790260000438"))},
        "digit",
        "Product/ProductIdentifier/IDValue",
    ),
    "an ISNI": (
        {"contributors": (replace(PERSON, identifiers=ids(("16", "0000000121479136"))),)},
        "digit",
        "Product/DescriptiveDetail/Contributor/NameIdentifier/IDValue",
    ),
    "two numbers": (
        {"identifiers": ids(("15", ISBN), ("03", "9780007232833"))},
        "numbers-differ",
        "Product/ProductIdentifier[2]",
    ),
    "another ISBN-10": (
        {"identifiers": ids(("15", ISBN), ("02", "0007232837"))},
        "numbers-differ",
        "Product/ProductIdentifier[2]",
    ),
    "ISBN-10 alone": ({"identifiers": ids(("02", "316148410X"))}, "isbn-10-alone", "Product/ProductIdentifier"),
    "own numbers only": ({"identifiers": (OWN,)}, "no-standard-number", "Product/ProductIdentifier"),
    "a number twice": (
        {"identifiers": ids(("15", ISBN), ("06", "10.1000/1"), ("06", "10.1000/2"))},
        "number-repeated",
        "Product/ProductIdentifier[3]",
    ),
    "a scheme without name": (
        {"identifiers": ids(("15", ISBN), ("01", "7"))},
        "scheme-unnamed",
        "Product/ProductIdentifier[2]",
    ),
    "a deletion that describes": ({"notification": "05"}, "deletion-with-content", "Product/NotificationType"),
    "a test record": ({"notification": "89"}, "test-record", "Product/NotificationType"),
    "no title": (
        {"titles": (records.Title(type="01", elements=(records.TitleElement(level="01", part_number="1"),)),)},
        "no-title",
        "Product/NotificationType",
    ),
    "no parts": ({"composition": "10"}, "no-parts", "Product/DescriptiveDetail/ProductComposition"),
    "parts of one": ({"components": (PART,)}, "parts-of-one", "Product/DescriptiveDetail/ProductPart"),
    "two first authors": (
        {"contributors": (PERSON, PERSON)},
        "sequence-repeated",
        "Product/DescriptiveDetail/Contributor/SequenceNumber",
    ),
    "two main subjects": (
        {"subjects": (BOOK.subjects[0], replace(BOOK.subjects[0], code="FYT"))},
        "main-subject",
        "Product/DescriptiveDetail/Subject[2]",
    ),
    "hidden markup": (
        {"texts": (text("<p>Rain</p>"),)},
        "hidden-markup",
        "Product/CollateralDetail/TextContent/Text",
    ),
    "escaped markup": (
        {"texts": (records.TextContent(type="03", audiences=("00",), texts=(ESCAPED,)),)},
        "hidden-markup",
        "Product/CollateralDetail/TextContent/Text",
    ),
    "everybody and others": (
        {"texts": (text("Rain", audiences=("00", "02")),)},
        "audience",
        "Product/CollateralDetail/TextContent/ContentAudience",
    ),
    "a text that ends before it begins": (
        {"texts": (text("Rain", dates=dates(("14", "20260301"), ("15", "20260201"))),)},
        "until-before-from",
        "Product/CollateralDetail/TextContent/ContentDate",
    ),
    "a link that is none": (
        {"resources": (cover("covers/4711.jpg"),)},
        "link",
        "Product/CollateralDetail/SupportingResource/ResourceVersion/ResourceLink",
    ),
    "a day that is none": (
        {"dates": dates(("01", "20260230"))},
        "date",
        "Product/PublishingDetail/PublishingDate/Date",
    ),
    "a date of another format": (
        {"dates": dates(("01", "202601"), format="00")},
        "date",
        "Product/PublishingDetail/PublishingDate/Date",
    ),
    "a long embargo": (
        {"dates": dates(("01", "20260115"), ("02", "20260120"))},
        "embargo",
        "Product/PublishingDetail/PublishingDate",
    ),
    "an early supplier": (
        {
            "dates": dates(("01", "20260115"), ("02", "20260115")),
            "supplies": (supply(price("1"), dates=dates(("02", "20260101"))),),
        },
        "embargo",
        f"{SUPPLY}/SupplyDate",
    ),
    "a late announcement": (
        {"dates": dates(("01", "20260115"), ("09", "20260120"))},
        "announcement",
        "Product/PublishingDetail/PublishingDate",
    ),
    "no publication date": ({"dates": ()}, "no-publication-date", "Product/PublishingDetail/PublishingStatus"),
    "forthcoming, but out": ({"status": "02"}, "status-date", "Product/PublishingDetail/PublishingStatus"),
    "active, but to come": (
        {"dates": dates(("01", "20270101"))},
        "status-date",
        "Product/PublishingDetail/PublishingStatus",
    ),
    "an unlikely year": (
        {"copyrights": (records.Copyright(years=("0",)),)},
        "copyright-year",
        "Product/PublishingDetail/CopyrightStatement/CopyrightYear",
    ),
    "rights that overlap": (
        {"sales_rights": (rights("01", "DE", "AT"), rights("03", "AT", "US"))},
        "rights-overlap",
        f"{SALES}[2]/Territory",
    ),
    "in and out": (
        {"sales_rights": (records.SalesRights(type="01", territory=CONTRADICTION),)},
        "territory-contradiction",
        f"{SALES}/Territory",
    ),
    "a country twice": ({"sales_rights": (rights("01", "DE", "DE"),)}, "territory-repeated", f"{SALES}/Territory"),
    "nothing said of the rest": ({"rest_of_world": None}, "rights-open", SALES),
    "no rest": ({"sales_rights": (world("01"),)}, "rest-of-world", "Product/PublishingDetail/ROWSalesRightsType"),
    "no restriction": ({"sales_rights": (rights("07", "DE"),)}, "restriction", SALES),
    "a restriction too many": (
        {"sales_rights": (rights("01", "DE", restrictions=(records.Restriction(type="04"),)),)},
        "restriction",
        SALES,
    ),
    "a restriction that ends before it begins": (
        {"sales_rights": (rights("07", "DE", restrictions=RESTRICTED),)},
        "until-before-from",
        f"{SALES}/SalesRestriction",
    ),
    "a market without rights": (
        {"supplies": (supply(price("1"), countries=("US",)),)},
        "market-not-for-sale",
        "Product/ProductSupply/Market/Territory",
    ),
    "no currency": ({"supplies": (supply(price("1", currency=None)),)}, "price-currency", f"{SUPPLY}/Price"),
    "nothing to pay": ({"supplies": (supply(price("0.00")),)}, "price-zero", f"{SUPPLY}/Price"),
    "a price that ends before it begins": (
        {"supplies": (supply(price("1", dates=dates(("14", "20260301"), ("15", "20260201")))),)},
        "until-before-from",
        f"{SUPPLY}/Price/PriceDate",
    ),
    "two prices at once": ({"supplies": (supply(price("1"), price("2")),)}, "price-repeated", f"{SUPPLY}/Price[2]"),
    "tax that does not add up": (
        {"supplies": (supply(price("19.99", taxes=(tax("10.00", "0.70"),))),)},
        "tax-sum",
        f"{SUPPLY}/Price/Tax",
    ),
    "sold, but recalled": ({"status": "15"}, "availability", f"{SUPPLY}/ProductAvailability"),
    "itself": (
        {"related_products": (records.RelatedProduct(relations=("06",), identifiers=ids(("15", ISBN))),)},
        "related-to-itself",
        "Product/RelatedMaterial/RelatedProduct",
    ),
}


def test_the_good_book_has_no_fault() -> None:
    assert not problems(message(BOOK))


@pytest.mark.parametrize("style", ["reference", "short"])
@pytest.mark.parametrize("what", CASES)
def test_one_thing_wrong_is_told_by_one_rule(what: str, style: Any) -> None:
    changes, code, element = CASES[what]
    data = message(BOOK, replace(BOOK, reference="wrong", **changes), style=style)
    found = {(one.code, one.element, one.reference) for one in problems(data) if one.code not in {"xsd", "code"}}
    assert found == {(code, element, "wrong")}


@pytest.mark.parametrize("what", CASES)
def test_the_line_is_that_of_the_element(what: str) -> None:
    changes, _, element = CASES[what]
    data = message(BOOK, replace(BOOK, reference="wrong", **changes))
    [problem] = [one for one in problems(data) if one.code not in {"xsd", "code"}]
    last = element.rpartition("/")[2].partition("[")[0].encode()
    line = data.splitlines()[(problem.line or 0) - 1].strip()
    assert line.startswith(b"<" + last)
    assert (problem.line or 0) > data.count(b"\n", 0, data.index(b"<RecordReference>wrong"))


def test_what_is_no_fault_is_not_told() -> None:
    good = (
        replace(
            BOOK, notification="05", identifiers=ids(("15", ISBN)), **dict.fromkeys(CONTENT, ()), form=None, status=None
        ),
        replace(
            BOOK,
            supplies=(
                supply(price("1", territory=HOME), price("2", territory=AWAY)),
                supply(price("3")),
            ),
        ),
        replace(
            BOOK,
            supplies=(
                supply(price("1", dates=dates(("15", "20260201"))), price("2", dates=dates(("14", "20260202")))),
            ),
        ),
        replace(BOOK, sales_rights=(world("01", countries_excluded=("US",)), rights("03", "US")), rest_of_world=None),
        replace(BOOK, sales_rights=(rights("07", "DE", restrictions=(records.Restriction(type="04"),)),)),
        replace(BOOK, dates=dates(("01", "2026"), format="05")),
        replace(BOOK, identifiers=ids(("15", ISBN), ("02", "316148410X"))),
        replace(BOOK, titles=(title("One"), records.Title(type="03", elements=BOOK.titles[0].elements))),
    )
    for number, product in enumerate(good):
        found = problems(message(replace(product, reference=f"good.{number}")))
        assert [one for one in found if one.code not in {"xsd", "code"}] == []


CONTENT = ("titles", "texts", "supplies", "sales_rights", "dates", "contributors", "subjects")


def test_warnings_make_no_product_invalid() -> None:
    [problem] = problems(message(replace(BOOK, status="02")))
    assert problem.severity is Severity.WARNING
