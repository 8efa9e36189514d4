"""Territories of ONIX (lists 91 and 49) in the codes of `model.territories`."""

from functools import cache, lru_cache
from typing import NamedTuple

import pycountry

from lockgate.kit.onix.records import Territory
from lockgate.model.codes import WORLD, territory

REST = "ROW"
"""List 49: the rest of the world, except where something else is said."""


@cache
def countries() -> frozenset[str]:
    """All countries of ISO 3166-1."""
    return frozenset(str(one.alpha_2) for one in pycountry.countries)


class Ground(NamedTuple):
    """What a territory covers."""

    places: frozenset[str] = frozenset()
    """Countries and subdivisions that are covered whole."""
    partly: frozenset[str] = frozenset()
    """Countries of which some subdivision is left out."""
    strange: frozenset[str] = frozenset()
    """Codes that nobody can place."""
    world: bool = False
    """The whole world, without exception."""
    rest: bool = False
    """Wherever nothing else is said."""
    touched: frozenset[str] = frozenset()
    """All countries of which any part is covered; of a code that cannot be placed, the country it begins with."""


@lru_cache(maxsize=4096)
def ground(stated: Territory) -> Ground:
    """What is covered, codes that nobody knows aside."""
    inside = {code: place(code) for code in (*stated.countries, *stated.regions)}
    outside = {code: place(code) for code in (*stated.countries_excluded, *stated.regions_excluded)}
    world = WORLD in inside
    covered = set(countries()) if world else set()
    covered |= {one for one in inside.values() if one is not None and one != WORLD}
    out = {one for one in outside.values() if one is not None}
    # A region that cannot be placed takes its whole country with it: better too little than too much.
    lost = {code.partition("-")[0] for code, one in outside.items() if one is None}
    partly = {one.partition("-")[0] for one in out if "-" in one} | lost
    places = frozenset(one for one in covered if one not in out and one not in partly)
    strange = frozenset(code for code, one in inside.items() if one is None and code != REST)
    named = {code.partition("-")[0] for code in (*places, *(partly & covered), *strange)}
    whole, rest = world and not outside, REST in inside
    return Ground(places, frozenset(partly & covered), strange, whole, rest, frozenset(named) & countries())


@lru_cache(maxsize=4096)
def place(code: str) -> str | None:
    return WORLD if code == WORLD else territory(code)
