"""Territories: what a person's word for a place means, what contains what, what overlaps.

Countries are those of ISO 3166-1, subdivisions those of ISO 3166-2 (pycountry), groups the table below. Where ISO lists a
place twice, as a country and as a subdivision of another (Puerto Rico: PR and US-PR), the country code is used, and the two
countries are taken neither for apart nor for one inside the other: a permission for US does not reach PR, a prohibition does.
"""

import re
import unicodedata
from functools import cache, lru_cache

import pycountry

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

HOMES = {
    **dict.fromkeys(("AS", "GU", "MP", "PR", "UM", "VI"), "US"),
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"), "FR"),
    **dict.fromkeys(("AW", "BQ", "CW", "SX"), "NL"),
    **dict.fromkeys(("HK", "MO", "TW"), "CN"),
    "AX": "FI",
    "SJ": "NO",
}
"""Countries of ISO 3166-1 that ISO 3166-2 also lists as parts of another."""

TWINS = {
    **{f"{home}-{code}": code for code, home in HOMES.items()},
    "FR-971": "GP",
    "FR-972": "MQ",
    "FR-973": "GF",
    "FR-974": "RE",
    "FR-976": "YT",
    "FI-01": "AX",
}
"""Subdivisions that are a country of their own, under the code of that country."""

INSIDE = {"NL-BQ1": "BQ", "NL-BQ2": "BQ", "NL-BQ3": "BQ", "NO-21": "SJ", "NO-22": "SJ"}
"""Subdivisions that lie in a country which has a code of its own."""

ALIASES = {
    **dict.fromkeys(("world", "worldwide", "global", "all countries", "all territories", "whole world"), WORLD),
    "european union": "EU",
    "european economic area": "EEA",
    "d a ch": "DACH",
    "nordic countries": "NORDICS",
    **dict.fromkeys(("usa", "u s a", "u s", "united states of america"), "US"),
    **dict.fromkeys(("uk", "u k", "great britain", "britain"), "GB"),
    "england": "GB-ENG",
    "scotland": "GB-SCT",
    "wales": "GB-WLS",
    "northern ireland": "GB-NIR",
    "uae": "AE",
    "bosnia": "BA",
    "brunei": "BN",
    "burma": "MM",
    "cape verde": "CV",
    "czech republic": "CZ",
    "democratic republic of the congo": "CD",
    "east timor": "TL",
    "falkland islands": "FK",
    "ivory coast": "CI",
    "macau": "MO",
    "macedonia": "MK",
    "micronesia": "FM",
    "palestine": "PS",
    "republic of ireland": "IE",
    "russia": "RU",
    "swaziland": "SZ",
    "turkey": "TR",
    "vatican": "VA",
    "vatican city": "VA",
    "british virgin islands": "VG",
    "us virgin islands": "VI",
}
"""Usual English names that ISO does not carry. `Rest of world` and `Europe` are left out: nobody can say what they hold."""


@lru_cache(maxsize=4096)
def territory(text: str) -> str | None:
    """A territory code from what a person wrote: ISO 3166-1 alpha-2 or alpha-3, 3166-2, a group, WORLD or an English country name.

    None when it is none of these: an unknown territory must never be taken for a known one. Codes count in capitals only, as ISO
    writes them: `no`, `and` and `in` are words more often than Norway, Andorra and India.
    """
    word = text.strip()
    if re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", word):
        return TWINS.get(word) or (word if pycountry.subdivisions.get(code=word) else None)  # type: ignore[no-untyped-call]
    if re.fullmatch(r"[A-Z]{2,3}", word) and (code := country(word)):
        return code
    if word.upper() in GROUPS:
        return word.upper()
    return english().get(folded(word))


def country(word: str) -> str | None:
    found = pycountry.countries.get(alpha_2=word) or pycountry.countries.get(alpha_3=word)
    # EL and UK are what the European Union writes for Greece and the United Kingdom; ISO reserves both.
    return str(found.alpha_2) if found else {"EL": "GR", "UK": "GB"}.get(word)


@cache
def english() -> dict[str, str]:
    """Country codes by folded English name: ISO's own, the common and the official one, then the usual ones."""
    fields = ("official_name", "common_name", "name")
    names = {
        folded(name): str(one.alpha_2)
        for field in fields
        for one in pycountry.countries
        if (name := getattr(one, field, None))
    }
    return names | ALIASES


def folded(name: str) -> str:
    """Letters and digits only, small, without accents or a leading article: `The Côte d'Ivoire` → `cote d ivoire`."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = re.sub(r"[^a-z0-9]+", " ", plain.casefold().replace("&", " and ")).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


@lru_cache(maxsize=65536)
def contains(outer: str, inner: str) -> bool:
    """Whether territory `outer` surely covers all of `inner`; both as given by `territory`, anything else covers nothing.

    WORLD is covered by WORLD alone: no list of countries is known to be the whole of it.
    """
    if not known(inner) or not known(outer):
        return False
    members = parts(outer)
    return WORLD in members or all(not members.isdisjoint(within(one)) for one in parts(inner))


@lru_cache(maxsize=65536)
def overlaps(one: str, other: str) -> bool:
    """Whether two territories may share any place: what a prohibition needs to bite. An unknown one may be anywhere."""
    if WORLD in {one, other} or not (known(one) and known(other)):
        return True
    return any(a in near(b) or b in near(a) for a in parts(one) for b in parts(other))


def parts(code: str) -> frozenset[str]:
    """The countries or subdivisions a code stands for. WORLD stands for itself."""
    return GROUPS.get(code) or frozenset({code})


@lru_cache(maxsize=16384)
def known(code: str) -> bool:
    """Whether this is a code as `territory` gives it."""
    return code == WORLD or code in GROUPS or territory(code) == code


@lru_cache(maxsize=16384)
def within(place: str) -> frozenset[str]:
    """A country or subdivision and all that it surely lies in."""
    if place in INSIDE:
        return frozenset({place, INSIDE[place]})
    found = {place, place.partition("-")[0]}
    while (above := parent(place)) is not None and above not in found:
        found.add(above)
        place = above
    return frozenset(found)


def near(place: str) -> frozenset[str]:
    """… and what it may lie in, depending on whom one asks."""
    sure = within(place)
    return sure | {HOMES[one] for one in sure if one in HOMES}


def parent(place: str) -> str | None:
    found = pycountry.subdivisions.get(code=place) if "-" in place else None  # type: ignore[no-untyped-call]
    return found.parent_code if found else None
