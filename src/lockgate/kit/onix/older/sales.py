"""Where a 2.1 product may be sold, since when, from whom and for how much."""

from collections.abc import Iterator

from lockgate.kit.onix.older import codes
from lockgate.kit.onix.older.places import territory
from lockgate.kit.onix.older.records import OldPrice, OldProduct, OldRights, OldSupply, Tell
from lockgate.kit.onix.records import (
    Copyright,
    Dated,
    Discount,
    DiscountCode,
    Identifier,
    Market,
    Price,
    Restriction,
    Returns,
    SalesRights,
    Supplier,
    Supply,
    SupplyDetail,
    Tax,
    Territory,
    Words,
)


def dates(old: OldProduct) -> Iterator[Dated]:
    """List 163."""
    stated = (("01", old.published), ("09", old.announced), ("10", old.trade_announced), ("13", old.out_of_print))
    for role, value in stated:
        if value:
            yield dated(role, value)
    if old.first_published:
        yield Dated(role="11", value=old.first_published, format="05")


def dated(role: str, value: str) -> Dated:
    """In 2.1 the number of digits says how exact a date is: YYYY, YYYYMM or YYYYMMDD."""
    return Dated(role=role, value=value, format={4: "05", 6: "01"}.get(len(value)))


def copyrights(old: OldProduct) -> Iterator[Copyright]:
    if old.copyright_year:
        yield Copyright(years=(old.copyright_year,))
    for one in old.old_copyrights:
        yield Copyright(years=one.years, owners=one.owners)


REST = Territory(regions=("ROW",))
"""The world but for what is said elsewhere: in 3.0 no territory, but an element of its own."""


def sales_rights(old: OldProduct, tell: Tell) -> dict[str, object]:
    stated = [
        SalesRights(
            type=one.type, territory=territory(one, tell), identifiers=tuple(others(one)), publisher=one.publisher
        )
        for one in (*old.old_rights, *old.old_not_for_sale)
    ]
    rest = [one for one in stated if one == SalesRights(type=one.type, territory=REST)]
    if len(rest) != 1:
        return {"sales_rights": tuple(stated)}
    return {"sales_rights": tuple(one for one in stated if one is not rest[0]), "rest_of_world": rest[0].type}


def others(old: OldRights) -> Iterator[Identifier]:
    """What is sold instead, where this is not."""
    own = (("02", old.isbn), ("03", old.ean))
    yield from (Identifier(type=kind, value=value) for kind, value in own if value)
    yield from old.identifiers


def restrictions(old: OldProduct) -> tuple[Restriction, ...]:
    return tuple(Restriction(type=one.type, outlets=one.outlets, notes=one.notes) for one in old.old_restrictions)


def supplies(old: OldProduct, tell: Tell) -> Iterator[Supply]:
    """Each supply detail of 2.1 names its market; in 3.0 the market stands around it."""
    for one in old.old_supplies:
        found = territory(one, tell)
        yield Supply(markets=(Market(territory=found),) if found != Territory() else (), details=(detail(one, tell),))


def detail(old: OldSupply, tell: Tell) -> SupplyDetail:
    stated = old.availability or codes.AVAILABILITIES.get(old.availability_code or "")
    returns = (Returns(type=old.returns_type, code=old.returns_code),) if old.returns_type and old.returns_code else ()
    return SupplyDetail(
        supplier=supplier(old),
        returns=returns,
        availability=stated,
        dates=tuple(supply_dates(old)),
        order_time=old.order_time,
        stocks=old.stocks,
        pack_quantity=old.pack_quantity,
        unpriced=old.unpriced,
        prices=(
            *((Price(amount=old.amount),) if old.amount is not None else ()),
            *(price(one, tell) for one in old.prices),
        ),
        kept=old.kept,
    )


def supplier(old: OldSupply) -> Supplier:
    own = (("06", old.gln), ("07", old.san))
    return Supplier(
        role=old.role or "00",
        identifiers=(*(Identifier(type=kind, value=value) for kind, value in own if value), *old.identifiers),
        name=old.name,
        telephones=old.telephones,
        faxes=old.faxes,
        emails=old.emails,
        websites=old.websites,
    )


def supply_dates(old: OldSupply) -> Iterator[Dated]:
    """List 166; an on-sale date of 2.1 is the end of an embargo."""
    if old.on_sale:
        yield dated("02", old.on_sale)
    if old.expected:
        form = old.expected_format
        yield (
            Dated(role="08", value=old.expected, format=None if form == "00" else form)
            if form
            else dated("08", old.expected)
        )
    if old.last_return:
        yield dated("18", old.last_return)


def price(old: OldPrice, tell: Tell) -> Price:
    found = territory(old, tell)
    group = (DiscountCode(type="01", code=old.discount_group),) if old.discount_group else ()
    periods = (("14", old.since), ("15", old.until))
    return Price(
        type=old.type,
        qualifier=old.qualifier,
        descriptions=(Words(text=old.description),) if old.description else (),
        per=old.per,
        minimum_quantity=old.minimum_quantity,
        discount_codes=(*group, *old.discount_codes),
        discounts=(Discount(percent=old.discount),) if old.discount is not None else (),
        status=old.status,
        amount=old.amount,
        taxes=tuple(taxes(old, tell)),
        currency=old.currency,
        territory=found if found != Territory() else None,
        dates=tuple(Dated(role=role, value=value) for role, value in periods if value),
        kept=old.kept,
    )


def taxes(old: OldPrice, tell: Tell) -> Iterator[Tax]:
    """A rate without percentage or amount says too little for 3.0."""
    both = (
        (old.rate1, old.percent1, old.taxable1, old.tax1),
        (old.rate2, old.percent2, old.taxable2, old.tax2),
    )
    for number, (rate, percent, taxable, amount) in enumerate(both, 1):
        if percent is not None or amount is not None:
            yield Tax(rate=rate, percent=percent, taxable=taxable, amount=amount)
        elif rate is not None:
            tell(f"Product/SupplyDetail/Price/TaxRateCode{number}")
