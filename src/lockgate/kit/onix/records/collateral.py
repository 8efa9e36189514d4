"""What is said and shown about a product: texts, covers, prizes."""

from lockgate.kit.onix.records.parts import Dated, Extra, Feature, Part, Rating, Territory, Words


class TextContent(Part, frozen=True, kw_only=True):
    """List 153: 02 short description, 03 description, 04 table of contents, 06 review …"""

    type: str
    audiences: tuple[str, ...] = ()
    territory: Territory | None = None
    texts: tuple[Words, ...] = ()
    """The same text in several languages."""
    rating: Rating | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    """The corporation it is from."""
    source_titles: tuple[str, ...] = ()
    dates: tuple[Dated, ...] = ()
    """List 155: 14 not before, 15 not after …"""
    kept: tuple[Extra, ...] = ()


class CitedContent(Part, frozen=True, kw_only=True):
    type: str
    audiences: tuple[str, ...] = ()
    territory: Territory | None = None
    source_type: str | None = None
    rating: Rating | None = None
    source_titles: tuple[str, ...] = ()
    list_names: tuple[str, ...] = ()
    list_position: str | None = None
    notes: tuple[Words, ...] = ()
    links: tuple[str, ...] = ()
    dates: tuple[Dated, ...] = ()


class ResourceVersion(Part, frozen=True, kw_only=True):
    """One file: list 161 (01 linkable, 02 downloadable, 03 embeddable)."""

    form: str
    features: tuple[Feature, ...] = ()
    links: tuple[str, ...] = ()
    dates: tuple[Dated, ...] = ()


class Resource(Part, frozen=True, kw_only=True):
    """List 158: 01 front cover, 04 contributor, 15 sample …; mode list 159: 03 still image."""

    type: str
    audiences: tuple[str, ...] = ()
    territory: Territory | None = None
    mode: str
    features: tuple[Feature, ...] = ()
    versions: tuple[ResourceVersion, ...] = ()
