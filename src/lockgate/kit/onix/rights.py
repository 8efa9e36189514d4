"""Sales rights, market restrictions and embargoes as `model.rights`: what may be sold where, and from when.

The action is `sell`: a publisher's sales rights say where a product may be sold, not who may use its cover.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from lockgate.kit.onix.records import Dated, Product, Restriction, SalesRights, Territory
from lockgate.kit.onix.territories import Ground, countries, ground
from lockgate.model.codes import WORLD
from lockgate.model.rights import ALWAYS, ANY, UNKNOWN, Period, Rights, Rule, Scope

SELL = "sell"
FOR_SALE = frozenset({"01", "02", "07", "08"})
"""List 46."""
NOT_FOR_SALE = frozenset({"03", "04", "05", "06"})
SALES_EMBARGO = "02"
"""Lists 163 and 166."""
NO_RESTRICTION = "99"
"""List 71."""


def rights_of(product: Product, zone: str = "UTC") -> Rights | None:
    """What is stated about selling a product; None where nothing is. Days are those of a time zone, as ONIX names none."""
    if not product.sales_rights and product.rest_of_world is None:
        return None
    grounds = [(one, ground(one.territory)) for one in product.sales_rights]
    rest = countries() - frozenset().union(*(found.touched for _, found in grounds))
    permissions = [
        rule
        for one, found in grounds
        if one.type in FOR_SALE
        for rule in permitted(one.type, permitted_places(found, rest), (*one.restrictions, *product.restrictions), zone)
    ]
    if product.rest_of_world in FOR_SALE:
        permissions += permitted(f"{product.rest_of_world}, rest of world", rest, product.restrictions, zone)
    prohibitions = [refused(one, found) for one, found in grounds if one.type in NOT_FOR_SALE and not only_rest(found)]
    return Rights(permissions=tuple(permissions), prohibitions=(*prohibitions, *embargoes(product, zone)))


def only_rest(found: Ground) -> bool:
    """Not for sale where nothing else is said: nothing is permitted there anyway."""
    return found.rest and not found.places and not found.strange


def permitted_places(found: Ground, rest: frozenset[str]) -> frozenset[str]:
    if found.world:
        return frozenset({WORLD})
    return found.places | rest if found.rest else found.places


def permitted(stated: str, places: frozenset[str], restrictions: Iterable[Restriction], zone: str) -> Iterator[Rule]:
    """A permission. Where sale is restricted it is for channels that nobody here can name, which opens nothing."""
    source = f"ONIX sales rights {stated}"
    territories: Scope = places or UNKNOWN
    found = [one for one in restrictions if one.type != NO_RESTRICTION]
    if not found:
        yield Rule(action=SELL, territories=territories, source=source)
        return
    yield Rule(action=SELL, territories=territories, channels=UNKNOWN, source=f"{source}, restricted")
    ends = [day(one.end) for one in found]
    last = max(filter(None, ends), default=date.max) if all(ends) else date.max
    if last < date.max:
        after = Period.of_days(last + timedelta(days=1), None, zone)
        yield Rule(action=SELL, territories=territories, period=after, source=f"{source}, restriction over")


def refused(stated: SalesRights, found: Ground) -> Rule:
    """A prohibition reaches every country that it touches; one that nobody can place may be anywhere."""
    named = frozenset({WORLD}) if found.world else found.places | found.touched
    return Rule(action=SELL, territories=named or UNKNOWN, source=f"ONIX sales rights {stated.type}")


def embargoes(product: Product, zone: str) -> Iterator[Rule]:
    """Not to be sold before a day: everywhere, or in the markets of a supply."""
    for dated in product.dates:
        if dated.role == SALES_EMBARGO:
            yield embargo(dated, ANY, zone)
    for supply in product.supplies:
        markets = [one.territory for one in supply.markets]
        dates = [
            *(supply.publishing.dates if supply.publishing else ()),
            *(d for one in supply.details for d in one.dates),
        ]
        for dated in dates:
            if dated.role == SALES_EMBARGO:
                yield embargo(dated, reach(markets), zone)


def embargo(dated: Dated, territories: Scope, zone: str) -> Rule:
    """A day that cannot be read may be any: then it holds for good."""
    first = dated.day
    period = ALWAYS if first is None else Period(None, Period.of_days(first, None, zone).from_)
    return Rule(action=SELL, territories=territories, period=period, source=f"ONIX sales embargo until {dated.value}")


def reach(markets: Iterable[Territory]) -> Scope:
    found = [ground(one) for one in markets]
    if not found or any(one.world or one.rest for one in found):
        return ANY
    return frozenset().union(*(one.places | one.touched for one in found)) or UNKNOWN


def day(text: str | None) -> date | None:
    return Dated(role="", value=text).day if text else None
