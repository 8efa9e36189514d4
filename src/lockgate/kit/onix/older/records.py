"""What ONIX 2.1 says otherwise than 3.0, as it says it; `older.product` puts it into the records of today."""

from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar, TypeAlias

from lockgate.kit.onix.records import (
    Contributor,
    CopyrightOwner,
    Dated,
    DiscountCode,
    Extra,
    Feature,
    Identifier,
    Outlet,
    Product,
    Stock,
    Subject,
    Website,
    Words,
)
from lockgate.kit.onix.records.parts import Part

Tell: TypeAlias = Callable[[str], None]
"""Takes down, by path, what 3.0 has no place for."""


class OldTitle(Part, frozen=True, kw_only=True):
    type: str
    text: str | None = None
    prefix: str | None = None
    without_prefix: str | None = None
    subtitle: str | None = None
    language: str | None = None


class OldNumbered(Part, frozen=True, kw_only=True):
    """Products by the numbers that once had elements of their own."""

    identifiers: tuple[Identifier, ...] = ()
    isbn: str | None = None
    ean: str | None = None
    upc: str | None = None
    own: str | None = None
    ismn: str | None = None
    doi: str | None = None


class OldPlaces(OldNumbered, frozen=True, kw_only=True):
    """Countries and regions as they are listed for rights, markets and prices; rights name products besides."""

    place: ClassVar[str] = "Product"
    """The element that names regions by a list of its own."""
    countries: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    countries_excluded: tuple[str, ...] = ()
    territories_excluded: tuple[str, ...] = ()
    old_regions: tuple[str, ...] = ()


class OldSeries(OldNumbered, frozen=True, kw_only=True):
    """A series or a set."""

    issn: str | None = None
    code: str | None = None
    title: str | None = None
    titles: tuple[OldTitle, ...] = ()
    contributors: tuple["OldContributor", ...] = ()
    number: str | None = None
    year: str | None = None


class OldContributor(Contributor, frozen=True, kw_only=True):
    position: str | None = None
    affiliation: str | None = None
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class OldText(Part, frozen=True, kw_only=True):
    type: str
    form: str | None = None
    text: Words | None = None
    author: str | None = None
    source: str | None = None
    source_title: str | None = None
    date: str | None = None
    start: str | None = None
    end: str | None = None


class OldMedia(Part, frozen=True, kw_only=True):
    type: str
    format: str | None = None
    link_type: str | None = None
    link: str | None = None
    date: str | None = None
    caption: str | None = None
    credit: str | None = None
    notice: str | None = None


class OldFirm(Part, frozen=True, kw_only=True):
    """A publisher or an imprint."""

    role: str | None = None
    code_type: str | None = None
    code_name: str | None = None
    code: str | None = None
    name: str | None = None
    websites: tuple[Website, ...] = ()


class OldCopyright(Part, frozen=True, kw_only=True):
    years: tuple[str, ...] = ()
    owners: tuple[CopyrightOwner, ...] = ()


class OldRights(OldPlaces, frozen=True, kw_only=True):
    place: ClassVar[str] = "Product/SalesRights/RightsRegion"
    type: str = "03"
    """Not for sale is a composite of its own, without a type."""
    publisher: str | None = None


class OldRestriction(Part, frozen=True, kw_only=True):
    type: str
    outlets: tuple[Outlet, ...] = ()
    notes: tuple[Words, ...] = ()


class OldRelated(OldNumbered, frozen=True, kw_only=True):
    place: ClassVar[str] = "Product/RelatedProduct"
    relation: str
    form: str | None = None
    form_details: tuple[str, ...] = ()
    book_details: tuple[str, ...] = ()
    epub_type: str | None = None
    epub_format: str | None = None


class OldItem(OldNumbered, frozen=True, kw_only=True):
    """One of several contained items."""

    place: ClassVar[str] = "Product/ContainedItem"
    form: str | None = None
    form_details: tuple[str, ...] = ()
    form_features: tuple[Feature, ...] = ()
    form_descriptions: tuple[Words, ...] = ()
    packaging: str | None = None
    book_details: tuple[str, ...] = ()
    epub_type: None = None
    epub_format: None = None
    pieces: str | None = None
    content_types: tuple[str, ...] = ()
    quantity: str | None = None


class OldPrice(OldPlaces, frozen=True, kw_only=True):
    type: str | None = None
    qualifier: str | None = None
    description: str | None = None
    per: str | None = None
    minimum_quantity: str | None = None
    discount_group: str | None = None
    discount_codes: tuple[DiscountCode, ...] = ()
    discount: Decimal | None = None
    status: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    rate1: str | None = None
    percent1: Decimal | None = None
    taxable1: Decimal | None = None
    tax1: Decimal | None = None
    rate2: str | None = None
    percent2: Decimal | None = None
    taxable2: Decimal | None = None
    tax2: Decimal | None = None
    since: str | None = None
    until: str | None = None
    kept: tuple[Extra, ...] = ()


class OldSupply(OldPlaces, frozen=True, kw_only=True):
    """Its identifiers are the supplier's."""

    place: ClassVar[str] = "Product/SupplyDetail/SupplyToRegion"

    san: str | None = None
    gln: str | None = None
    name: str | None = None
    telephones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[Website, ...] = ()
    role: str | None = None
    returns_type: str | None = None
    returns_code: str | None = None
    last_return: str | None = None
    availability_code: str | None = None
    availability: str | None = None
    expected: str | None = None
    expected_format: str | None = None
    on_sale: str | None = None
    order_time: str | None = None
    stocks: tuple[Stock, ...] = ()
    pack_quantity: str | None = None
    unpriced: str | None = None
    prices: tuple[OldPrice, ...] = ()
    amount: Decimal | None = None
    """A price without anything around it: kind and currency are those of the header."""
    kept: tuple[Extra, ...] = ()


class OldMarket(OldPlaces, frozen=True, kw_only=True):
    """Who represents the publisher in a market, and since when the product is to be had there."""

    agent: tuple[Extra, ...] = ()
    role: tuple[Extra, ...] = ()
    restriction: str | None = None
    status: str | None = None
    dates: tuple[Dated, ...] = ()


class OldProduct(Product, frozen=True, kw_only=True):
    """What is the same in 3.0 is read into the fields of `Product`; the rest follows here."""

    place: ClassVar[str] = "Product"
    source_id_type: str | None = None
    source_id: str | None = None
    isbn: str | None = None
    ean: str | None = None
    upc: str | None = None
    own: str | None = None
    ismn: str | None = None
    doi: str | None = None
    old_barcodes: tuple[str, ...] = ()
    book_details: tuple[str, ...] = ()
    epub_type: str | None = None
    epub_format: str | None = None
    height: str | None = None
    width: str | None = None
    thickness: str | None = None
    weight: str | None = None
    items: tuple[OldItem, ...] = ()
    series: tuple[OldSeries, ...] = ()
    sets: tuple[OldSeries, ...] = ()
    distinctive: str | None = None
    prefix: str | None = None
    without_prefix: str | None = None
    subtitle: str | None = None
    former_titles: tuple[str, ...] = ()
    translated_titles: tuple[str, ...] = ()
    corporate_subjects: tuple[str, ...] = ()
    old_titles: tuple[OldTitle, ...] = ()
    works: tuple[Identifier, ...] = ()
    old_contributors: tuple[OldContributor, ...] = ()
    text_languages: tuple[str, ...] = ()
    original_language: str | None = None
    pages: str | None = None
    pages_roman: str | None = None
    pages_arabic: str | None = None
    bisac: str | None = None
    bisac_version: str | None = None
    bic: str | None = None
    bic_version: str | None = None
    main_subjects: tuple[Subject, ...] = ()
    annotation: Words | None = None
    description: Words | None = None
    old_texts: tuple[OldText, ...] = ()
    review_quotes: tuple[Words, ...] = ()
    cover_format: str | None = None
    cover_link_type: str | None = None
    cover_link: str | None = None
    media: tuple[OldMedia, ...] = ()
    prizes_description: str | None = None
    imprint_name: str | None = None
    old_imprints: tuple[OldFirm, ...] = ()
    publisher_name: str | None = None
    old_publishers: tuple[OldFirm, ...] = ()
    copublishers: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    original_publishers: tuple[str, ...] = ()
    websites: tuple[Website, ...] = ()
    old_markets: tuple[OldMarket, ...] = ()
    promotions: tuple[Extra, ...] = ()
    announced: str | None = None
    trade_announced: str | None = None
    published: str | None = None
    out_of_print: str | None = None
    first_published: str | None = None
    copyright_year: str | None = None
    old_copyrights: tuple[OldCopyright, ...] = ()
    old_rights: tuple[OldRights, ...] = ()
    old_not_for_sale: tuple[OldRights, ...] = ()
    old_restrictions: tuple[OldRestriction, ...] = ()
    old_related: tuple[OldRelated, ...] = ()
    old_supplies: tuple[OldSupply, ...] = ()
    replaces_isbn: str | None = None
    replaces_ean: str | None = None
    replaced_by_isbn: str | None = None
    replaced_by_ean: str | None = None
    other_format_isbn: str | None = None
    other_format_ean: str | None = None
    other_product_isbn: str | None = None
    other_product_ean: str | None = None


class OldHeader(Part, frozen=True, kw_only=True):
    from_ean: str | None = None
    from_san: str | None = None
    sender_identifiers: tuple[Identifier, ...] = ()
    from_company: str | None = None
    from_person: str | None = None
    from_email: str | None = None
    to_ean: str | None = None
    to_san: str | None = None
    addressee_identifiers: tuple[Identifier, ...] = ()
    to_company: str | None = None
    to_person: str | None = None
    number: str | None = None
    repeat: str | None = None
    sent: str = ""
    note: Words | None = None
    language: str | None = None
    price_type: str | None = None
    currency: str | None = None
    linear_unit: str | None = None
    weight_unit: str | None = None
