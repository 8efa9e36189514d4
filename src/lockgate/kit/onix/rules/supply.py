"""Prices, availability and relations."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lockgate.kit.onix.records import Price, Product, SupplyDetail
from lockgate.kit.onix.rules.finding import Context, Findings, day_of, doubtful, wrong
from lockgate.kit.onix.territories import ground

WITH_TAX = frozenset({"02", "04", "07", "09", "12", "14", "17", "22", "24", "27", "34", "42"})
"""List 58."""
AVAILABLE = frozenset({"20", "21", "22", "23"})
"""List 65."""
GONE = frozenset({"01", "07", "08", "11", "12", "15", "17"})
"""List 64."""
FREE = "01"
"""List 57."""
FROM, UNTIL = "14", "15"
"""List 173."""
CENT = Decimal("0.02")
"""By so much rounding may be off."""


KIND = (
    "type",
    "qualifier",
    "currency",
    "conditions",
    "constraints",
    "protections",
    "minimum_quantity",
    "status",
    "discounts",
)
"""What makes two prices of one kind."""


def supplies(product: Product) -> Iterator[tuple[str, SupplyDetail]]:
    for place, supply in enumerate(product.supplies, 1):
        for inner, detail in enumerate(supply.details, 1):
            yield f"ProductSupply[{place}]/SupplyDetail[{inner}]", detail


def prices(product: Product) -> Iterator[tuple[str, Price]]:
    for path, detail in supplies(product):
        for place, price in enumerate(detail.prices, 1):
            yield f"{path}/Price[{place}]", price


def currency(product: Product, _: Context) -> Findings:
    for path, price in prices(product):
        if price.amount is not None and not price.currency:
            yield wrong(
                "price-currency", f"the price {price.amount} has no currency, and the header none for all", path
            )
        if price.amount is not None and price.amount <= 0:
            said = f"the price is {price.amount}; what is free of charge has the unpriced type {FREE}"
            yield doubtful("price-zero", said, path)


def period(product: Product, _: Context) -> Findings:
    for path, price in prices(product):
        begin, end = day_of(price.dates, FROM), day_of(price.dates, UNTIL)
        if begin and end and end < begin:
            yield wrong("until-before-from", f"the price holds until {end}, from {begin} on", f"{path}/PriceDate")


def repeated(product: Product, _: Context) -> Findings:
    """Of prices of one kind one may hold at a time and place; which would it be?"""
    for path, detail in supplies(product):
        for place, price in enumerate(detail.prices, 1):
            for before in detail.prices[: place - 1]:
                if alike(before, price) and before.amount != price.amount and together(before, price):
                    said = f"prices of {before.amount} and {price.amount} of one kind hold at the same time and place"
                    yield doubtful("price-repeated", said, f"{path}/Price[{place}]")
                    break


def alike(one: Price, other: Price) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in KIND)


def together(one: Price, other: Price) -> bool:
    if one.territory is not None and other.territory is not None:
        here, there = ground(one.territory), ground(other.territory)
        if here.touched.isdisjoint(there.touched):
            return False
    return starts(one) <= ends(other) and starts(other) <= ends(one)


def starts(price: Price) -> date:
    return day_of(price.dates, FROM) or date.min


def ends(price: Price) -> date:
    return day_of(price.dates, UNTIL) or date.max


def taxes(product: Product, _: Context) -> Findings:
    """Where the tax is in the price, taxable amount and tax are the price."""
    for path, price in prices(product):
        stated = [(one.taxable, one.amount) for one in price.taxes]
        if price.amount is None or price.type not in WITH_TAX or not stated:
            continue
        parts = [part for pair in stated for part in pair if part is not None]
        if len(parts) == 2 * len(stated) and abs(sum(parts) - price.amount) > CENT * len(stated):
            said = f"taxable amount and tax are {sum(parts)} together, the price with tax is {price.amount}"
            yield doubtful("tax-sum", said, f"{path}/Tax")


def availability(product: Product, _: Context) -> Findings:
    for path, detail in supplies(product):
        if detail.availability in AVAILABLE and product.status in GONE:
            said = (
                f"the supplier has it (availability {detail.availability}), the publisher not (status {product.status})"
            )
            yield doubtful("availability", said, f"{path}/ProductAvailability")


def relations(product: Product, _: Context) -> Findings:
    own = {(one.type, one.value) for one in product.identifiers if one.type != "01"}
    for place, related in enumerate(product.related_products, 1):
        if any((one.type, one.value) in own for one in related.identifiers):
            yield doubtful(
                "related-to-itself", "the product is related to itself", f"RelatedMaterial/RelatedProduct[{place}]"
            )


RULES = (currency, period, repeated, taxes, availability, relations)
