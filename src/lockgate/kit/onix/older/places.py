"""Where something of 2.1 holds: countries, territories and regions of three lists, as the territory of 3.0."""

from lockgate.kit.onix.older import codes
from lockgate.kit.onix.older.records import OldPlaces, Tell
from lockgate.kit.onix.records import Territory


def territory(old: OldPlaces, tell: Tell) -> Territory:
    """Territories of 2.1 may be countries as well as regions."""
    inside = (*old.countries, *(one for one in old.territories if is_country(one)))
    outside = (*old.countries_excluded, *(one for one in old.territories_excluded if is_country(one)))
    for code in old.old_regions:
        if code not in codes.REGIONS:
            tell(f"{old.place}[{code!r}]")
    return Territory(
        countries=inside,
        regions=(
            *(one for one in old.territories if not is_country(one)),
            *(codes.REGIONS[code] for code in old.old_regions if code in codes.REGIONS),
        ),
        countries_excluded=outside,
        regions_excluded=tuple(one for one in old.territories_excluded if not is_country(one)),
    )


def is_country(code: str) -> bool:
    return len(code) == 2
