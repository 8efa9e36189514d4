"""ONIX 2.1: the same book, said in the old way."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from lockgate.kit import onix
from lockgate.kit.onix import records
from lockgate.kit.onix.dialect import STYLES, Style
from lockgate.kit.onix.older import codes
from lockgate.kit.onix.schema import code_lists

from .samples import message, problems, products, read

OLD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/2.1/reference/onix-international.dtd">
<ONIXMessage>
<Header><FromSAN>9021000</FromSAN><FromCompany>Larkfield</FromCompany><SentDate>202603011200</SentDate>
<DefaultLanguageOfText>eng</DefaultLanguageOfText><DefaultCurrencyCode>EUR</DefaultCurrencyCode></Header>
<Product>
<RecordReference>larkfield.1</RecordReference><NotificationType>03</NotificationType>
<RecordSourceIdentifierType>01</RecordSourceIdentifierType><RecordSourceIdentifier>77</RecordSourceIdentifier>
<ISBN>316148410X</ISBN>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue></ProductIdentifier>
<Barcode>11</Barcode>
<ReplacesISBN>0007232837</ReplacesISBN>
<ProductForm>DG</ProductForm><EpubType>029</EpubType>
<Series><SeriesISSN>03785955</SeriesISSN><TitleOfSeries>Birds</TitleOfSeries><NumberWithinSeries>3</NumberWithinSeries></Series>
<DistinctiveTitle>Lark &amp; Field caf&eacute;</DistinctiveTitle><Subtitle>A walk</Subtitle>
<WorkIdentifier><WorkIDType>01</WorkIDType><IDTypeName>own</IDTypeName><IDValue>w1</IDValue></WorkIdentifier>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><PersonName>Ada Lark</PersonName>
<ProfessionalPosition>Ornithologist</ProfessionalPosition><CountryCode>GB</CountryCode></Contributor>
<EditionNumber>2</EditionNumber>
<OriginalLanguage>ger</OriginalLanguage>
<NumberOfPages>245</NumberOfPages><PagesRoman>xii</PagesRoman>
<BASICMainSubject>FIC022000</BASICMainSubject><BASICVersion>2.9</BASICVersion>
<AudienceCode>01</AudienceCode>
<Annotation>Short.</Annotation>
<OtherText><TextTypeCode>01</TextTypeCode><TextFormat>02</TextFormat><Text>&lt;p&gt;Long&lt;/p&gt;</Text></OtherText>
<OtherText><TextTypeCode>25</TextTypeCode><Text textformat="05"><p>For sellers</p></Text></OtherText>
<OtherText><TextTypeCode>46</TextTypeCode><Text>A licence</Text></OtherText>
<MediaFile><MediaFileTypeCode>04</MediaFileTypeCode><MediaFileLinkTypeCode>01</MediaFileLinkTypeCode>
<MediaFileLink>https://larkfield.example/c.jpg</MediaFileLink></MediaFile>
<MediaFile><MediaFileTypeCode>06</MediaFileTypeCode><MediaFileLinkTypeCode>06</MediaFileLinkTypeCode>
<MediaFileLink>c.jpg</MediaFileLink></MediaFile>
<Imprint><ImprintName>Larkfield</ImprintName></Imprint>
<Publisher><PublisherName>Larkfield Press</PublisherName></Publisher>
<PublishingStatus>04</PublishingStatus><AnnouncementDate>20251201</AnnouncementDate><PublicationDate>202601</PublicationDate>
<CopyrightYear>2026</CopyrightYear>
<SalesRights><SalesRightsType>01</SalesRightsType><RightsCountry>DE AT</RightsCountry><RightsCountry>CH</RightsCountry></SalesRights>
<NotForSale><RightsCountry>US</RightsCountry></NotForSale>
<SupplyDetail><SupplierName>Larkfield Logistics</SupplierName><SupplyToCountry>DE AT</SupplyToCountry>
<AvailabilityCode>IP</AvailabilityCode><OnSaleDate>20260201</OnSaleDate>
<Price><PriceTypeCode>02</PriceTypeCode><DiscountPercent>40</DiscountPercent><PriceAmount>19.99</PriceAmount>
<CountryCode>DE</CountryCode><TaxRateCode1>R</TaxRateCode1><TaxRatePercent1>7</TaxRatePercent1>
<PriceEffectiveFrom>20260201</PriceEffectiveFrom></Price></SupplyDetail>
</Product>
</ONIXMessage>
"""


@pytest.fixture(scope="module")
def book() -> records.Product:
    [product] = products(OLD)
    return product


def test_the_old_message_is_valid_but_for_what_its_doctype_alone_says() -> None:
    assert {one.code for one in problems(OLD)} == {"release", "namespace", "rights-open"}


def test_what_it_is(book: records.Product) -> None:
    assert [(one.type, one.value) for one in book.identifiers] == [("02", "316148410X"), ("15", "9783161484100")]
    assert book.barcodes == (records.Barcode(type="03", position="01"),)
    assert (book.composition, book.form, book.form_details) == ("00", "EA", ("E101",))
    assert (book.title, book.titles[0].elements[0].subtitle) == ("Lark & Field café", "A walk")
    assert book.collections[0].titles[0].elements[0] == records.TitleElement(level="02", text="Birds", part_number="3")
    assert book.contributors[0].affiliations == (records.Affiliation(positions=("Ornithologist",)),)
    assert [(one.role, one.code) for one in book.languages] == [("02", "ger"), ("01", "eng")]
    assert [(one.type, one.value or one.roman) for one in book.extents] == [("00", "245"), ("03", "xii")]
    assert book.subjects == (records.Subject(scheme="10", code="FIC022000", main=True, version="2.9"),)
    assert [one.relation for one in book.related_works] == ["01"]
    assert [one.relations for one in book.related_products] == [("03",)]


def test_what_is_said_of_it(book: records.Product) -> None:
    told = [(one.type, one.audiences, one.texts[0].text, one.texts[0].format) for one in book.texts]
    assert told == [
        ("02", ("00",), "Short.", None),
        ("03", ("00",), "<p>Long</p>", "02"),
        ("03", ("02",), "<p>For sellers</p>", "05"),
    ]
    [cover] = book.resources
    assert (cover.type, cover.mode, cover.versions[0].links) == ("01", "03", ("https://larkfield.example/c.jpg",))


def test_where_it_is_sold(book: records.Product) -> None:
    assert [(one.role, one.value, one.format) for one in book.dates] == [
        ("01", "202601", "01"),
        ("09", "20251201", None),
    ]
    assert [(one.type, one.territory.countries) for one in book.sales_rights] == [
        ("01", ("DE", "AT", "CH")),
        ("03", ("US",)),
    ]
    [supply] = book.supplies
    assert supply.markets[0].territory.countries == ("DE", "AT")
    [detail] = supply.details
    assert (detail.availability, detail.dates[0].role, detail.dates[0].day) == ("20", "02", date(2026, 2, 1))
    [price] = detail.prices
    assert (price.amount, price.currency, price.discounts[0].percent) == (Decimal("19.99"), "EUR", Decimal(40))
    assert price.territory == records.Territory(countries=("DE",))
    assert price.taxes == (records.Tax(rate="R", percent=Decimal(7)),)


def test_the_header_is_carried_over() -> None:
    reader = onix.Reader()
    list(onix.read_with(reader, io.BytesIO(OLD)))
    assert reader.header is not None
    assert (reader.header.sender.name, reader.header.sent) == ("Larkfield", "20260301T1200")
    assert reader.header.sender.identifiers == (records.Identifier(type="07", value="9021000"),)


def test_converted_it_is_a_valid_message_of_today() -> None:
    target = io.BytesIO()
    [told, entry] = list(onix.convert(io.BytesIO(OLD), target))
    assert (told.message, entry.left_out) == (True, ("Product/OtherText['46']", "Product/MediaFile['06']"))
    assert not entry.problems
    assert not [one for one in problems(target.getvalue()) if one.code in {"xsd", "code", "xml"}]
    assert products(target.getvalue()) == products(OLD)


def test_short_tags_say_the_same() -> None:
    short = '<ONIXmessage release="2.1"><header><m174>L</m174><m182>20260301</m182></header><product><a001>1</a001><a002>03</a002>'
    short += "<b004>316148410X</b004><b012>BC</b012><b028>Lark</b028><b081>Larkfield</b081></product></ONIXmessage>"
    [product] = products(short.encode())
    assert (product.title, product.form, product.publishers[0].name) == ("Lark", "BC", "Larkfield")


TABLES: dict[str, tuple[dict[str, Any], str, str]] = {
    "forms": (codes.FORMS, "7", "150"),
    "e-books": (codes.EPUBS, "10", "175"),
    "texts": (codes.TEXTS, "33", "153"),
    "availability": (codes.AVAILABILITIES, "54", "65"),
    "bindings": (codes.BOOK_DETAILS, "8", "175"),
    "formats of e-books": (codes.EPUB_FORMATS, "11", "175"),
    "covers": (codes.IMAGES, "36", "178"),
    "files": (codes.FILES, "39", "178"),
    "barcodes": ({old: new for old, (new, _) in codes.BARCODES.items()}, "6", "141"),
    "media": ({old: new for old, (new, _) in codes.MEDIA.items()}, "38", "158"),
}


@pytest.mark.parametrize("what", TABLES)
def test_old_and_new_codes_are_those_of_the_lists(what: str) -> None:
    table, old, new = TABLES[what]
    assert set(table) <= set(code_lists("2.1")[old].labels)
    assert set(table.values()) <= set(code_lists("3.0")[new].labels)


def test_forms_that_mean_another_thing_today_are_all_translated() -> None:
    old, new = code_lists("2.1")["7"].labels, code_lists("3.0")["150"].labels
    assert set(old) - set(new) <= set(codes.FORMS)


@pytest.mark.realdata
def test_both_releases_of_one_message_tell_the_same(real: Path) -> None:
    old, new = (
        [
            entry.product
            for entry in read((real / f"macmillan-au-21-products-onix{release}-ref.xml").read_bytes())
            if entry.product
        ]
        for release in ("21", "30")
    )
    assert len(old) == len(new) == 21
    for one, other in zip(old, new, strict=True):
        for name in SAME:
            assert getattr(one, name) == getattr(other, name), f"{one.reference}: {name}"
        assert {place for right in one.sales_rights for place in right.territory.countries} == {
            place for right in other.sales_rights for place in right.territory.countries
        }


SAME = (
    "reference",
    "notification",
    "identifiers",
    "form",
    "title",
    "contributor_statements",
    "status",
    "cities",
    "languages",
)


def test_records_of_the_old_release_are_records_like_any(book: records.Product) -> None:
    assert products(message(replace(book, reference="again"))) == [replace(book, reference="again")]


FLAT = b"""<ONIXMessage xmlns="http://www.editeur.org/onix/2.1/reference">
<Header><FromCompany>Larkfield</FromCompany><SentDate>20260301</SentDate><DefaultPriceTypeCode>02</DefaultPriceTypeCode>
<DefaultCurrencyCode>EUR</DefaultCurrencyCode><DefaultLinearUnit>mm</DefaultLinearUnit></Header>
<Product>
<RecordReference>larkfield.2</RecordReference><NotificationType>03</NotificationType>
<ISBN>316148410X</ISBN>
<ProductForm>BB</ProductForm><BookFormDetail>06</BookFormDetail>
<EpubType>002</EpubType><EpubTypeVersion>1.4</EpubTypeVersion><EpubTypeDescription>Fixed pages</EpubTypeDescription>
<Series><PublisherSeriesCode>BRD</PublisherSeriesCode><Title><TitleType>01</TitleType><TitleText>Birds</TitleText></Title>
<NumberWithinSeries>3</NumberWithinSeries></Series>
<Set><ISBNOfSet>0007232837</ISBNOfSet><EAN13OfSet>9780007232833</EAN13OfSet><TitleOfSet>The aviary</TitleOfSet>
<ItemNumberWithinSet>2</ItemNumberWithinSet></Set>
<DistinctiveTitle>Lark</DistinctiveTitle><TranslationOfTitle>Lerche</TranslationOfTitle>
<Contributor><ContributorRole>A01</ContributorRole><PersonNameInverted>Lark, Ada</PersonNameInverted></Contributor>
<CorporateBodyAsSubject>Society of Larks</CorporateBodyAsSubject>
<CoverImageFormatCode>03</CoverImageFormatCode><CoverImageLinkTypeCode>01</CoverImageLinkTypeCode>
<CoverImageLink>https://larkfield.example/c.jpg</CoverImageLink>
<ProductWebsite><ProductWebsiteLink>https://larkfield.example/lark</ProductWebsiteLink></ProductWebsite>
<PublisherName>Larkfield</PublisherName><CopublisherName>Fieldlark</CopublisherName>
<SalesRights><SalesRightsType>01</SalesRightsType><RightsCountry>DE AT</RightsCountry></SalesRights>
<SalesRights><SalesRightsType>02</SalesRightsType><RightsRegion>001</RightsRegion></SalesRights>
<Height>210</Height><Width>130</Width><Weight>400</Weight>
<SupplyDetail><SupplierName>Larkfield Logistics</SupplierName><SupplyToCountry>DE</SupplyToCountry>
<ProductAvailability>20</ProductAvailability>
<Stock><OnHand>5</OnHand><OnOrderDetail><OnOrder>9</OnOrder><ExpectedDate>20260401</ExpectedDate></OnOrderDetail></Stock>
<PriceAmount>19.99</PriceAmount></SupplyDetail>
<MarketRepresentation><AgentName>Finch &amp; Co</AgentName><MarketCountry>DE</MarketCountry>
<MarketPublishingStatus>04</MarketPublishingStatus>
<MarketDate><MarketDateRole>02</MarketDateRole><Date>20260501</Date></MarketDate></MarketRepresentation>
<InitialPrintRun>5000 copies</InitialPrintRun>
</Product>
</ONIXMessage>
"""


@pytest.fixture(scope="module")
def flat() -> records.Product:
    [product] = products(FLAT)
    return product


def test_flat_elements_are_those_of_the_old_schema() -> None:
    assert not {one.code for one in problems(FLAT)} & {"xsd", "code", "xml"}


def test_flat_sizes_have_the_unit_of_the_header_or_are_told(flat: records.Product) -> None:
    assert [(one.type, one.value, one.unit) for one in flat.measures] == [("01", "210", "mm"), ("02", "130", "mm")]
    [entry] = [one for one in read(FLAT) if one.product]
    assert entry.left_out == ("Product/EpubTypeVersion", "Product/Weight")


def test_series_and_sets_are_collections_with_their_numbers(flat: records.Product) -> None:
    birds, aviary = flat.collections
    assert birds.identifiers == (records.Identifier(type="01", value="BRD", name="Publisher series code"),)
    assert birds.titles[0].elements[0] == records.TitleElement(level="02", text="Birds", part_number="3")
    assert aviary.identifiers == (records.Identifier(type="15", value="9780007232833"),)
    [related] = flat.related_products
    assert (related.relations, [one.value for one in related.identifiers]) == (("02",), ["0007232837", "9780007232833"])


def test_flat_names_titles_and_codes_find_their_place(flat: records.Product) -> None:
    assert flat.form_details == ("B501", "E107")
    assert [one.text for one in flat.form_descriptions] == ["Fixed pages"]
    assert [(one.type, one.elements[0].text) for one in flat.titles] == [("01", "Lark"), ("06", "Lerche")]
    assert [one.corporate for one in flat.named_subjects] == ["Society of Larks"]
    assert [(one.role, one.name) for one in flat.publishers] == [("01", "Larkfield"), ("02", "Fieldlark")]
    assert flat.publishers[0].websites[0].links == ("https://larkfield.example/lark",)
    assert flat.resources[0].versions[0].features == (records.Feature(type="01", value="D502"),)


def test_the_rest_of_the_world_is_no_territory_any_more(flat: records.Product) -> None:
    assert [(one.type, one.territory.countries) for one in flat.sales_rights] == [("01", ("DE", "AT"))]
    assert flat.rest_of_world == "02"


def test_a_market_is_joined_with_its_supply(flat: records.Product) -> None:
    [supply] = flat.supplies
    [price] = supply.details[0].prices
    assert (price.amount, price.type, price.currency) == (Decimal("19.99"), "02", "EUR")
    assert supply.publishing is not None
    assert [(one.role, one.day) for one in supply.publishing.dates] == [("02", date(2026, 5, 1))]
    assert [one.tag for one in supply.publishing.kept] == ["PublisherRepresentative", "InitialPrintRun"]
    item = onix.to_item(flat, system="feed")
    assert item.rights is not None
    assert [one.source for one in item.rights.prohibitions] == ["ONIX sales embargo until 20260501"]


@pytest.mark.parametrize("style", STYLES)
def test_flat_elements_become_a_valid_message_of_today(style: Style) -> None:
    target = io.BytesIO()
    [told, entry] = [*onix.convert(io.BytesIO(FLAT), target, style=style)]
    assert (told.message, entry.problems) == (True, ())
    assert not {one.code for one in problems(target.getvalue())} & {"xsd", "code", "xml"}
    assert products(target.getvalue()) == products(FLAT)


def test_a_market_without_supply_is_kept_and_told() -> None:
    alone = FLAT.replace(b"<MarketCountry>DE", b"<MarketCountry>CH")
    [entry] = [one for one in onix.convert(io.BytesIO(alone), io.BytesIO()) if one.product]
    assert [one.code for one in entry.problems] == ["not-3.0"]
    assert entry.problems[0].element == "Product/ProductSupply"
