"""The small parts that many others are made of. Codes are those of the ONIX code lists, as text."""

import re
from datetime import date

import msgspec

DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*)?")


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """What all parts of a record have in common: they never change, are equal by content, and leave out what is not stated."""


class Identifier(Part, frozen=True, kw_only=True):
    """A number with its scheme: of a product (list 5), work (16), name (44), collection (13), supplier (92) …"""

    type: str
    value: str
    name: str | None = None
    """Name of a proprietary scheme (type 01)."""


class Words(Part, frozen=True, kw_only=True):
    """A text with what is said about it."""

    text: str
    """With format 05 (XHTML) the markup, without namespace; in any other format the characters as they are."""
    language: str | None = None
    """ISO 639-2/B (list 74)."""
    format: str | None = None
    """List 34: 05 XHTML, 02 HTML, 03 XML, 06 plain (default), 07 basic ASCII."""
    audience: str | None = None


class Extra(Part, frozen=True, kw_only=True):
    """An element that is kept as it stands."""

    tag: str
    content: str
    """XML by reference names, without namespace, the element itself included."""


class Dated(Part, frozen=True, kw_only=True):
    """A date in a role; the role's list depends on where it stands (163 publishing, 166 supply, 173 price …)."""

    role: str
    value: str
    format: str | None = None
    """List 55; None means YYYYMMDD."""

    @property
    def day(self) -> date | None:
        """The calendar day, where the format tells one (00, or a point in time 13, 14)."""
        found = DAY.fullmatch(self.value) if self.format in {None, "00", "13", "14"} else None
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None


class Territory(Part, frozen=True, kw_only=True):
    """Countries (list 91) and regions (list 49: `WORLD`, `ROW`, `ECZ`, `GB-SCT`), in and out."""

    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries_excluded: tuple[str, ...] = ()
    regions_excluded: tuple[str, ...] = ()


class Website(Part, frozen=True, kw_only=True):
    role: str | None = None
    descriptions: tuple[Words, ...] = ()
    links: tuple[str, ...] = ()


class Feature(Part, frozen=True, kw_only=True):
    """Of a form (list 79), a resource (160) or a version of it (162)."""

    type: str
    value: str | None = None
    notes: tuple[Words, ...] = ()


class Measure(Part, frozen=True, kw_only=True):
    """List 48, 50. Height 01, width 02, thickness 03, weight 08."""

    type: str
    value: str
    unit: str


class Prize(Part, frozen=True, kw_only=True):
    names: tuple[str, ...] = ()
    year: str | None = None
    country: str | None = None
    region: str | None = None
    code: str | None = None
    statements: tuple[Words, ...] = ()
    juries: tuple[Words, ...] = ()


class Rating(Part, frozen=True, kw_only=True):
    """Of a review: 4 of 5 stars."""

    value: str
    limit: str | None = None
    units: tuple[str, ...] = ()
