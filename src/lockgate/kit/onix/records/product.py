"""One product of a message, and the head of the message."""

from lockgate.kit.onix.records.collateral import CitedContent, Resource, TextContent
from lockgate.kit.onix.records.description import (
    Ancillary,
    Audience,
    AudienceRange,
    Barcode,
    Classification,
    Collection,
    Complexity,
    Component,
    Contributor,
    Extent,
    Language,
    Licence,
    NamedSubject,
    Subject,
    Title,
    UsageConstraint,
)
from lockgate.kit.onix.records.parts import Dated, Extra, Feature, Identifier, Measure, Part, Prize, Words
from lockgate.kit.onix.records.publishing import (
    Copyright,
    Imprint,
    Publisher,
    RelatedProduct,
    RelatedWork,
    Restriction,
    SalesRights,
)
from lockgate.kit.onix.records.supply import Supply


class Party(Part, frozen=True, kw_only=True):
    """Who sends or is to receive a message."""

    identifiers: tuple[Identifier, ...] = ()
    name: str | None = None
    contact: str | None = None
    telephone: str | None = None
    email: str | None = None


class Header(Part, frozen=True, kw_only=True):
    """The head of a message. Its defaults hold for all products in it."""

    sender: Party = Party()
    addressees: tuple[Party, ...] = ()
    number: str | None = None
    repeat: str | None = None
    sent: str = ""
    """YYYYMMDD, with the time as `T1115Z` or `T111500-0400` behind it."""
    notes: tuple[Words, ...] = ()
    language: str | None = None
    price_type: str | None = None
    currency: str | None = None
    linear_unit: str | None = None
    """Of sizes that 2.1 states without a unit of their own; 3.0 has no such thing."""
    weight_unit: str | None = None


class Product(Part, frozen=True, kw_only=True):
    """All that this library knows of one product record, whatever release it came in."""

    reference: str
    """RecordReference: what the sender calls this record, for ever."""
    notification: str
    """List 1: 01 early, 02 advance, 03 confirmed, 04 update, 05 delete …"""
    deletion_texts: tuple[Words, ...] = ()
    source_type: str | None = None
    source_identifiers: tuple[Identifier, ...] = ()
    source_name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    barcodes: tuple[Barcode, ...] = ()

    composition: str | None = None
    """List 2: 00 single, 10 several items …"""
    form: str | None = None
    """List 150: BB hardback, BC paperback, EA e-book …"""
    form_details: tuple[str, ...] = ()
    form_features: tuple[Feature, ...] = ()
    packaging: str | None = None
    form_descriptions: tuple[Words, ...] = ()
    trade_category: str | None = None
    primary_content_type: str | None = None
    content_types: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    country_of_manufacture: str | None = None
    protections: tuple[str, ...] = ()
    usage: tuple[UsageConstraint, ...] = ()
    licence: Licence | None = None
    map_scales: tuple[str, ...] = ()
    classifications: tuple[Classification, ...] = ()
    components: tuple[Component, ...] = ()
    collections: tuple[Collection, ...] = ()
    no_collection: bool = False
    titles: tuple[Title, ...] = ()
    thesis_type: str | None = None
    thesis_presented_to: str | None = None
    thesis_year: str | None = None
    contributors: tuple[Contributor, ...] = ()
    contributor_statements: tuple[Words, ...] = ()
    no_contributor: bool = False
    edition_types: tuple[str, ...] = ()
    edition_number: str | None = None
    edition_version: str | None = None
    edition_statements: tuple[Words, ...] = ()
    no_edition: bool = False
    languages: tuple[Language, ...] = ()
    extents: tuple[Extent, ...] = ()
    illustrated: str | None = None
    illustrations: str | None = None
    illustration_notes: tuple[Words, ...] = ()
    ancillaries: tuple[Ancillary, ...] = ()
    subjects: tuple[Subject, ...] = ()
    named_subjects: tuple[NamedSubject, ...] = ()
    audience_codes: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    audience_ranges: tuple[AudienceRange, ...] = ()
    audience_descriptions: tuple[Words, ...] = ()
    complexities: tuple[Complexity, ...] = ()

    texts: tuple[TextContent, ...] = ()
    citations: tuple[CitedContent, ...] = ()
    resources: tuple[Resource, ...] = ()
    prizes: tuple[Prize, ...] = ()

    imprints: tuple[Imprint, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    cities: tuple[str, ...] = ()
    country: str | None = None
    status: str | None = None
    """List 64: 01 cancelled, 02 forthcoming, 04 active, 07 out of print …"""
    status_notes: tuple[Words, ...] = ()
    dates: tuple[Dated, ...] = ()
    """List 163: 01 publication, 02 embargo, 09 announcement …"""
    reprint: str | None = None
    copyrights: tuple[Copyright, ...] = ()
    sales_rights: tuple[SalesRights, ...] = ()
    rest_of_world: str | None = None
    """ROWSalesRightsType: what holds where no sales rights are stated."""
    restrictions: tuple[Restriction, ...] = ()

    related_works: tuple[RelatedWork, ...] = ()
    related_products: tuple[RelatedProduct, ...] = ()

    supplies: tuple[Supply, ...] = ()

    kept: tuple[Extra, ...] = ()
    """Conferences, content items, promotion and production details …: whatever nothing here reads."""

    def identifier(self, type: str) -> str | None:
        """The first identifier of this type (list 5: 15 ISBN-13, 03 GTIN-13, 01 proprietary)."""
        return next((one.value for one in self.identifiers if one.type == type), None)

    @property
    def title(self) -> str | None:
        """The distinctive title at product level, else whatever title stands first; without subtitle."""
        for title in sorted(self.titles, key=lambda one: one.type != "01"):
            for element in sorted(title.elements, key=lambda one: one.level != "01"):
                if element.whole:
                    return element.whole
        return None
