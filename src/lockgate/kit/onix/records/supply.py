"""Where, from whom and for how much a product is to be had."""

from decimal import Decimal

from lockgate.kit.onix.records.description import UsageConstraint
from lockgate.kit.onix.records.parts import Dated, Extra, Identifier, Part, Territory, Website, Words
from lockgate.kit.onix.records.publishing import Restriction


class Market(Part, frozen=True, kw_only=True):
    territory: Territory
    restrictions: tuple[Restriction, ...] = ()


class MarketPublishing(Part, frozen=True, kw_only=True):
    """List 68, 163."""

    status: str
    notes: tuple[Words, ...] = ()
    dates: tuple[Dated, ...] = ()
    kept: tuple[Extra, ...] = ()


class Supplier(Part, frozen=True, kw_only=True):
    """List 93: 01 publisher to retailers, 02 exclusive distributor …"""

    role: str
    identifiers: tuple[Identifier, ...] = ()
    name: str | None = None
    telephones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[Website, ...] = ()


class Returns(Part, frozen=True, kw_only=True):
    type: str
    code: str
    name: str | None = None
    notes: tuple[Words, ...] = ()


class Stock(Part, frozen=True, kw_only=True):
    locations: tuple[Identifier, ...] = ()
    names: tuple[str, ...] = ()
    on_hand: str | None = None
    reserved: str | None = None
    on_order: str | None = None
    back_orders: str | None = None
    kept: tuple[Extra, ...] = ()


class Condition(Part, frozen=True, kw_only=True):
    type: str
    quantities: tuple["Quantity", ...] = ()
    identifiers: tuple[Identifier, ...] = ()


class Quantity(Part, frozen=True, kw_only=True):
    type: str
    quantity: str
    unit: str


class DiscountCode(Part, frozen=True, kw_only=True):
    type: str
    code: str
    name: str | None = None


class Discount(Part, frozen=True, kw_only=True):
    type: str | None = None
    quantity: str | None = None
    to_quantity: str | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None


class Tax(Part, frozen=True, kw_only=True):
    type: str | None = None
    rate: str | None = None
    """List 62: S standard, Z zero …"""
    percent: Decimal | None = None
    taxable: Decimal | None = None
    amount: Decimal | None = None
    kept: tuple[Extra, ...] = ()


class Price(Part, frozen=True, kw_only=True):
    """List 58: 01 recommended without tax, 02 with tax, 04 fixed with tax … Either an amount or an unpriced type (list 57)."""

    identifiers: tuple[Identifier, ...] = ()
    type: str | None = None
    qualifier: str | None = None
    protections: tuple[str, ...] = ()
    constraints: tuple[UsageConstraint, ...] = ()
    descriptions: tuple[Words, ...] = ()
    per: str | None = None
    conditions: tuple[Condition, ...] = ()
    minimum_quantity: str | None = None
    discount_codes: tuple[DiscountCode, ...] = ()
    discounts: tuple[Discount, ...] = ()
    status: str | None = None
    amount: Decimal | None = None
    taxes: tuple[Tax, ...] = ()
    tax_exempt: bool = False
    unpriced: str | None = None
    currency: str | None = None
    territory: Territory | None = None
    zone: str | None = None
    dates: tuple[Dated, ...] = ()
    """List 173: 14 from, 15 until (the last day), 24 from and until."""
    kept: tuple[Extra, ...] = ()


class SupplyDetail(Part, frozen=True, kw_only=True):
    supplier: Supplier | None = None
    returns: tuple[Returns, ...] = ()
    availability: str | None = None
    """List 65: 10 not yet, 20 available, 40 not available …"""
    dates: tuple[Dated, ...] = ()
    """List 166: 02 embargo, 08 expected …"""
    order_time: str | None = None
    stocks: tuple[Stock, ...] = ()
    pack_quantity: str | None = None
    unpriced: str | None = None
    prices: tuple[Price, ...] = ()
    kept: tuple[Extra, ...] = ()


class Supply(Part, frozen=True, kw_only=True):
    """One or more markets with what holds there."""

    markets: tuple[Market, ...] = ()
    publishing: MarketPublishing | None = None
    details: tuple[SupplyDetail, ...] = ()
