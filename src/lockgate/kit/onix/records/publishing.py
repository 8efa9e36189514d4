"""Who publishes a product, since when, and where it may be sold."""

from lockgate.kit.onix.records.parts import Extra, Identifier, Part, Territory, Website, Words


class Imprint(Part, frozen=True, kw_only=True):
    identifiers: tuple[Identifier, ...] = ()
    name: str | None = None


class Publisher(Part, frozen=True, kw_only=True):
    """List 45: 01 publisher, 02 co-publisher …"""

    role: str
    identifiers: tuple[Identifier, ...] = ()
    name: str | None = None
    websites: tuple[Website, ...] = ()
    kept: tuple[Extra, ...] = ()


class CopyrightOwner(Part, frozen=True, kw_only=True):
    identifiers: tuple[Identifier, ...] = ()
    person: str | None = None
    corporate: str | None = None


class Copyright(Part, frozen=True, kw_only=True):
    type: str | None = None
    years: tuple[str, ...] = ()
    owners: tuple[CopyrightOwner, ...] = ()


class Outlet(Part, frozen=True, kw_only=True):
    identifiers: tuple[Identifier, ...] = ()
    name: str | None = None


class Restriction(Part, frozen=True, kw_only=True):
    """List 71: 01 unspecified, 04 exclusive to the retailer …; dates are YYYYMMDD."""

    type: str
    outlets: tuple[Outlet, ...] = ()
    notes: tuple[Words, ...] = ()
    start: str | None = None
    end: str | None = None


class SalesRights(Part, frozen=True, kw_only=True):
    """List 46: 01 for sale exclusively, 02 not exclusively, 03 not for sale, 07 and 08 restricted …"""

    type: str
    territory: Territory
    restrictions: tuple[Restriction, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    publisher: str | None = None


class RelatedWork(Part, frozen=True, kw_only=True):
    relation: str
    """List 164."""
    identifiers: tuple[Identifier, ...] = ()


class RelatedProduct(Part, frozen=True, kw_only=True):
    relations: tuple[str, ...] = ()
    """List 51: 03 replaces, 05 replaced by, 06 alternative format …"""
    identifiers: tuple[Identifier, ...] = ()
    form: str | None = None
    form_details: tuple[str, ...] = ()
