"""Where a product may be sold, from its four summary fields; the breakdown behind them narrows, and never widens.

A country in neither list is not cleared. A prohibition beats a permission, also under `isForSaleWorldwide`.
"""

from collections.abc import Iterable
from typing import Any

from lockgate.connectors.consonance.mapping.common import Record, day, plain
from lockgate.model.codes import WORLD, territory
from lockgate.model.rights import UNKNOWN, Period, Rights, Rule, Scope

RESTRICTED = frozenset({"00", "07", "08"})
"""Types of sales rights (ONIX List 46) under which a sale is not simply allowed: unknown, or with restrictions."""
FORBIDDEN = frozenset({"03", "04", "05", "06"})
SOURCE = "Consonance sales rights"
SELL = "sell"
"""ODRL's word for what sales rights are about; ONIX feeds are read in the same word."""


def rights_of(product: Record, zone: str, *, contract_ends: bool) -> Rights:
    """The rights of a product; without a permission where none is stated."""
    allowed = permitted(product)
    period = until_terminated(product, zone) if contract_ends else Period()
    forbidden = prohibited(product)
    return Rights(
        permissions=(Rule(action=SELL, territories=allowed, period=period, source=SOURCE),) if allowed else (),
        prohibitions=(Rule(action=SELL, territories=forbidden, source=SOURCE),) if forbidden else (),
        statement=str(product.get("salesRightsDescription") or ""),
    )


def permitted(product: Record) -> Scope:
    """Countries it is for sale in; those only sold with restrictions are left out."""
    limited = of_types(product, RESTRICTED)
    if product.get("isForSaleWorldwide") is True:
        return frozenset() if WORLD in limited else frozenset({WORLD})
    stated = {known for code in product.get("forSaleCountryCodes") or () if (known := territory(str(code)))}
    return frozenset() if WORLD in limited else frozenset(stated - limited)


def prohibited(product: Record) -> Scope:
    """Countries it is not for sale in; a code nobody knows may be anywhere."""
    stated = [territory(str(code)) for code in product.get("notForSaleCountryCodes") or ()]
    if any(one is None for one in stated):
        return UNKNOWN
    limited = of_types(product, RESTRICTED) - {WORLD} if product.get("isForSaleWorldwide") is True else set()
    return frozenset({one for one in stated if one} | of_types(product, FORBIDDEN) - {WORLD} | limited)


def of_types(product: Record, types: frozenset[str]) -> set[str]:
    """The countries and regions that the breakdown lists under these types; one with exclusions names no region as a whole."""
    found: set[str] = set()
    for one in product.get("salesRights") or ():
        if plain((one.get("onixSalesRightsType") or {}).get("code")) in types:
            excluded = set(one.get("countriesExcluded") or ()) | set(one.get("regionsExcluded") or ())
            regions = () if excluded else one.get("regionsIncluded") or ()
            found |= known(one.get("countriesIncluded") or ()) | known(regions)
    return found


def known(codes: Iterable[Any]) -> set[str]:
    return {found for code in codes if (found := territory(str(code)))}


def until_terminated(product: Record, zone: str) -> Period:
    """A terminated contract ends the right with the day named."""
    contract = (product.get("work") or {}).get("contract") or {}
    return Period.of_days(None, day(contract.get("terminatedDate")), zone)
