"""Identifiers and territories: check digits, country groups, what contains what.

Check digits by python-stdnum (GS1 General Specifications, ISO 2108), countries and subdivisions by pycountry (ISO 3166-1, 3166-2).
"""

from functools import cache

import pycountry
from stdnum import ean, isbn

WORLD = "WORLD"

GROUPS: dict[str, frozenset[str]] = {
    # https://european-union.europa.eu/principles-countries-history/eu-countries_en
    "EU": frozenset(
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
    ),
    "DACH": frozenset({"DE", "AT", "CH"}),
    "BENELUX": frozenset({"BE", "NL", "LU"}),
    "NORDICS": frozenset({"DK", "FI", "IS", "NO", "SE"}),
}
GROUPS["EEA"] = GROUPS["EU"] | {"IS", "LI", "NO"}


def sku(text: str) -> str | None:
    """A SKU as compared: surrounding blanks removed, letter case kept. None when nothing is left."""
    return text.strip() or None


def gtin(text: str) -> str | None:
    """A GTIN-8, -12, -13 or -14 as 14 digits, or None when it is none (length or check digit wrong)."""
    digits = text.replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {8, 12, 13, 14}:
        return None
    padded = digits.zfill(14)
    return padded if ean.calc_check_digit(padded[:-1]) == padded[-1] else None


def isbn13(text: str) -> str | None:
    """An ISBN as 13 digits (an ISBN-10 is converted), or None when its check digit is wrong."""
    compact = isbn.compact(text)
    if not isbn.is_valid(compact):
        return None
    return str(isbn.to_isbn13(compact))


IDENTIFIERS = {"sku": sku, "gtin": gtin, "isbn": isbn13}
"""How each kind of identifier is brought to the form in which two are compared; kinds not listed are compared as trimmed text."""


def identifier(kind: str, text: str) -> str | None:
    """The comparable form of an identifier of this kind, or None when `text` is not one."""
    return IDENTIFIERS.get(kind, sku)(text)


@cache
def territory(text: str) -> str | None:
    """A territory code from what a person wrote: ISO 3166-1 alpha-2 or alpha-3, 3166-2, a group, WORLD or an English country name.

    None when it is none of these: an unknown territory must never be taken for a known one.
    """
    word = text.strip()
    upper = word.upper()
    if upper in {WORLD, "WORLDWIDE", "GLOBAL", "ROW"}:
        # ONIX calls the whole world WORLD; "rest of world" is not the world, so it is unknown.
        return None if upper == "ROW" else WORLD
    if upper in GROUPS:
        return upper
    if pycountry.subdivisions.get(code=upper):  # type: ignore[no-untyped-call]
        return upper
    country = pycountry.countries.get(alpha_2=upper) or pycountry.countries.get(alpha_3=upper)
    if country is None and len(word) > 3:
        country = pycountry.countries.get(name=word) or pycountry.countries.get(common_name=word)
    return str(country.alpha_2) if country else None


def contains(outer: str, inner: str) -> bool:
    """Whether territory `outer` covers all of `inner`; both as given by `territory`."""
    if outer in {WORLD, inner}:
        return True
    members = parts(outer)
    wanted = parts(inner)
    return all(any(one == member or one.startswith(member + "-") for member in members) for one in wanted)


def overlaps(one: str, other: str) -> bool:
    """Whether two territories share any place: what a prohibition needs to bite."""
    if WORLD in {one, other}:
        return True
    return any(a == b or a.startswith(b + "-") or b.startswith(a + "-") for a in parts(one) for b in parts(other))


def parts(code: str) -> frozenset[str]:
    """The countries or subdivisions a code stands for. WORLD stands for itself."""
    return GROUPS.get(code, frozenset({code}))
