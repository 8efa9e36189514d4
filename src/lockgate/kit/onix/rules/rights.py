"""Sales rights: where they contradict each other, and what they leave open."""

from collections import Counter
from itertools import combinations

from lockgate.kit.onix.records import Product, Restriction, Territory
from lockgate.kit.onix.rights import FOR_SALE, NOT_FOR_SALE
from lockgate.kit.onix.rules.finding import Context, Findings, doubtful, listed, wrong
from lockgate.kit.onix.territories import countries, ground
from lockgate.model.codes import WORLD

RESTRICTED = frozenset({"07", "08"})
"""List 46: only with a restriction."""
NONE = "99"
"""List 71."""


def overlap(product: Product, _: Context) -> Findings:
    """No place may stand under two types."""
    stated = [(place, one.type, ground(one.territory)) for place, one in enumerate(product.sales_rights, 1)]
    for (first, before, here), (place, after, there) in combinations(stated, 2):
        if before != after and (both := here.places & there.places):
            said = f"sales rights {first} say {before} for {listed(both)}, sales rights {place} say {after}"
            yield wrong("rights-overlap", said, f"PublishingDetail/SalesRights[{place}]/Territory")


def territories(product: Product, _: Context) -> Findings:
    for place, one in enumerate(product.sales_rights, 1):
        yield from contradicting(one.territory, f"PublishingDetail/SalesRights[{place}]/Territory")
    for place, supply in enumerate(product.supplies, 1):
        for inner, market in enumerate(supply.markets, 1):
            yield from contradicting(market.territory, f"ProductSupply[{place}]/Market[{inner}]/Territory")


def contradicting(territory: Territory, path: str) -> Findings:
    inside, outside = (
        (*territory.countries, *territory.regions),
        (*territory.countries_excluded, *territory.regions_excluded),
    )
    if both := set(inside) & set(outside):
        yield wrong("territory-contradiction", f"{listed(both)} is included and excluded", path)
    if WORLD in territory.regions and set(territory.countries) - {WORLD}:
        said = f"the whole world is included, and {listed(territory.countries)} besides"
        yield doubtful("territory-repeated", said, path)
    if len(set(inside)) < len(inside):
        twice = [code for code, number in Counter(inside).items() if number > 1]
        yield doubtful("territory-repeated", f"{listed(twice)} is named twice", path)


def rest(product: Product, _: Context) -> Findings:
    """What holds in the rest of the world."""
    if not product.sales_rights:
        return
    grounds = [ground(one.territory) for one in product.sales_rights]
    left = (
        set()
        if any(one.rest for one in grounds)
        else countries() - frozenset().union(*(one.touched for one in grounds))
    )
    if left and product.rest_of_world in {None, "00"}:
        said = f"nothing is said of the sales rights in {listed(left)}"
        yield doubtful("rights-open", said, "PublishingDetail/SalesRights")
    if not left and product.rest_of_world is not None:
        said = "the rest of the world is spoken of, but no place is left"
        yield doubtful("rest-of-world", said, "PublishingDetail/ROWSalesRightsType")


def restrictions(product: Product, _: Context) -> Findings:
    for place, one in enumerate(product.sales_rights, 1):
        path = f"PublishingDetail/SalesRights[{place}]"
        if one.type in RESTRICTED and not one.restrictions:
            yield wrong("restriction", f"sales rights of type {one.type} state no restriction", path)
        if one.type not in RESTRICTED and any(each.type != NONE for each in one.restrictions):
            yield wrong("restriction", f"sales rights of type {one.type} have no place for a restriction", path)
        for inner, each in enumerate(one.restrictions, 1):
            yield from backwards(each, f"{path}/SalesRestriction[{inner}]")


def backwards(restriction: Restriction, path: str) -> Findings:
    if restriction.start and restriction.end and restriction.end < restriction.start:
        yield wrong("until-before-from", f"it ends on {restriction.end}, before it begins on {restriction.start}", path)


def markets(product: Product, _: Context) -> Findings:
    """Nothing is supplied where it is not for sale."""
    closed: set[str] = set()
    for right in product.sales_rights:
        if right.type in NOT_FOR_SALE:
            closed |= ground(right.territory).places
    open_ = {code for one in product.sales_rights if one.type in FOR_SALE for code in ground(one.territory).places}
    for place, supply in enumerate(product.supplies, 1):
        for inner, market in enumerate(supply.markets, 1):
            if wrongly := (ground(market.territory).places & closed) - open_:
                said = f"the market holds {listed(wrongly)}, where the product is not for sale"
                yield doubtful("market-not-for-sale", said, f"ProductSupply[{place}]/Market[{inner}]/Territory")


RULES = (overlap, territories, rest, restrictions, markets)
