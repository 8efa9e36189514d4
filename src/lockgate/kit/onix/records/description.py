"""What a product is: titles, contributors, form, subjects, audiences."""

from lockgate.kit.onix.records.parts import Dated, Extra, Feature, Identifier, Measure, Part, Prize, Website, Words


class TitleElement(Part, frozen=True, kw_only=True):
    """One level of a title. The title is `text`, or prefix and the rest apart."""

    level: str | None = None
    """List 149: 01 product, 02 collection, 03 sub-collection …"""
    sequence: str | None = None
    part_number: str | None = None
    year_of_annual: str | None = None
    text: str | None = None
    prefix: str | None = None
    no_prefix: bool = False
    without_prefix: str | None = None
    subtitle: str | None = None
    language: str | None = None
    """ISO 639-2/B, as the title's text states it."""

    @property
    def whole(self) -> str | None:
        """Without the subtitle."""
        if self.text is not None or self.without_prefix is None:
            return self.text
        return f"{self.prefix} {self.without_prefix}" if self.prefix else self.without_prefix


class Title(Part, frozen=True, kw_only=True):
    """List 15: 01 distinctive title, 03 in the original language …"""

    type: str
    elements: tuple[TitleElement, ...] = ()
    statement: str | None = None


class Name(Part, frozen=True, kw_only=True):
    """A person's or a corporation's name, in whichever ways it is given."""

    type: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    person: str | None = None
    inverted: str | None = None
    titles_before: str | None = None
    before_key: str | None = None
    prefix_to_key: str | None = None
    key: str | None = None
    after_key: str | None = None
    suffix_to_key: str | None = None
    letters_after: str | None = None
    titles_after: str | None = None
    gender: str | None = None
    corporate: str | None = None
    corporate_inverted: str | None = None

    @property
    def shown(self) -> str | None:
        """As one would print it."""
        parts = (self.titles_before, self.before_key, self.prefix_to_key, self.key, self.after_key, self.suffix_to_key)
        return (
            self.person or self.corporate or " ".join(filter(None, parts)) or self.inverted or self.corporate_inverted
        )


class Affiliation(Part, frozen=True, kw_only=True):
    positions: tuple[str, ...] = ()
    name: str | None = None


class Place(Part, frozen=True, kw_only=True):
    """List 151: 08 citizen of, 01 born in …"""

    relation: str
    country: str | None = None
    region: str | None = None
    names: tuple[str, ...] = ()


class Contributor(Name, frozen=True, kw_only=True):
    """List 17: A01 written by, A12 illustrated by, B06 translated by …"""

    sequence: str | None = None
    roles: tuple[str, ...] = ()
    from_languages: tuple[str, ...] = ()
    to_languages: tuple[str, ...] = ()
    unnamed: str | None = None
    alternatives: tuple[Name, ...] = ()
    dates: tuple[Dated, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    prizes: tuple[Prize, ...] = ()
    biographies: tuple[Words, ...] = ()
    websites: tuple[Website, ...] = ()
    descriptions: tuple[Words, ...] = ()
    places: tuple[Place, ...] = ()


class CollectionSequence(Part, frozen=True, kw_only=True):
    type: str
    number: str
    name: str | None = None


class Collection(Part, frozen=True, kw_only=True):
    """List 148: 10 publisher's series, 20 ascribed."""

    type: str
    source: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    sequences: tuple[CollectionSequence, ...] = ()
    titles: tuple[Title, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    statements: tuple[Words, ...] = ()
    kept: tuple[Extra, ...] = ()


class Language(Part, frozen=True, kw_only=True):
    """List 22: 01 of the text, 02 of the original."""

    role: str
    code: str
    country: str | None = None
    region: str | None = None
    script: str | None = None


class Extent(Part, frozen=True, kw_only=True):
    """List 23, 24: pages, minutes, bytes."""

    type: str
    value: str | None = None
    roman: str | None = None
    unit: str


class Ancillary(Part, frozen=True, kw_only=True):
    """List 25: illustrations, maps, indexes."""

    type: str
    descriptions: tuple[Words, ...] = ()
    number: str | None = None


class Subject(Part, frozen=True, kw_only=True):
    """List 27: 93 Thema, 10 BISAC, 12 BIC, 20 keywords …"""

    scheme: str
    code: str | None = None
    headings: tuple[Words, ...] = ()
    main: bool = False
    scheme_name: str | None = None
    version: str | None = None


class NamedSubject(Name, frozen=True, kw_only=True):
    """A person or corporation that the product is about."""

    alternatives: tuple[Name, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    kept: tuple[Extra, ...] = ()


class Audience(Part, frozen=True, kw_only=True):
    """List 29."""

    type: str
    value: str | None = None
    name: str | None = None
    headings: tuple[str, ...] = ()


class AudienceRange(Part, frozen=True, kw_only=True):
    """List 30; each bound is precision (list 31: 01 exact, 03 from, 04 to) and value."""

    qualifier: str
    bounds: tuple[tuple[str, str], ...] = ()


class Complexity(Part, frozen=True, kw_only=True):
    scheme: str
    code: str


class UsageLimit(Part, frozen=True, kw_only=True):
    quantity: str
    unit: str


class UsageConstraint(Part, frozen=True, kw_only=True):
    """List 145, 146: what a reader of an e-book may do."""

    type: str
    status: str
    limits: tuple[UsageLimit, ...] = ()


class LicenceExpression(Part, frozen=True, kw_only=True):
    type: str
    link: str
    name: str | None = None


class Licence(Part, frozen=True, kw_only=True):
    names: tuple[Words, ...] = ()
    expressions: tuple[LicenceExpression, ...] = ()


class Classification(Part, frozen=True, kw_only=True):
    """Customs and similar tariffs (list 9)."""

    type: str
    code: str
    name: str | None = None
    percent: str | None = None


class Component(Part, frozen=True, kw_only=True):
    """One item of a product that has several."""

    primary: bool = False
    identifiers: tuple[Identifier, ...] = ()
    form: str | None = None
    form_details: tuple[str, ...] = ()
    form_features: tuple[Feature, ...] = ()
    packaging: str | None = None
    form_descriptions: tuple[Words, ...] = ()
    content_types: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    items: str | None = None
    copies: str | None = None
    country: str | None = None


class Barcode(Part, frozen=True, kw_only=True):
    type: str
    position: str | None = None
