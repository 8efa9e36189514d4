"""Identifiers: in which form two are compared, and which texts are none. Territories are in `model.territories`, offered here too.

Check digits by python-stdnum (GS1 General Specifications, ISO 2108).
"""

import re

from stdnum import ean, isbn

from lockgate.model.territories import GROUPS, WORLD, contains, known, overlaps, parts, territory

__all__ = [
    "GROUPS",
    "IDENTIFIERS",
    "WORLD",
    "contains",
    "gtin",
    "identifier",
    "isbn13",
    "known",
    "overlaps",
    "parts",
    "sku",
    "territory",
]

SEPARATORS = re.compile(r"[\s\-\u2010-\u2013]+")
"""Blanks and hyphens of any kind, as they come with a copied number."""


def sku(text: str) -> str | None:
    """A SKU as compared: surrounding blanks removed, letter case kept. None when nothing is left."""
    return text.strip() or None


def gtin(text: str) -> str | None:
    """A GTIN-8, -12, -13 or -14 as 14 digits, or None when it is none (length or check digit wrong, or zeros only)."""
    digits = SEPARATORS.sub("", text)
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", digits) or not digits.strip("0"):
        return None
    padded = digits.zfill(14)
    return padded if ean.calc_check_digit(padded[:-1]) == padded[-1] else None


def isbn13(text: str) -> str | None:
    """An ISBN as 13 digits (an ISBN-10 is converted), or None when it is none: check digit wrong, zeros only, or printed music."""
    compact = SEPARATORS.sub("", text).upper()
    # 979-0 is the ISMN's (ISO 10957): a valid EAN, but no book.
    if compact.startswith("9790") or not compact.strip("0") or not isbn.is_valid(compact):
        return None
    return str(isbn.to_isbn13(compact))


IDENTIFIERS = {"sku": sku, "gtin": gtin, "isbn": isbn13}
"""How each kind of identifier is brought to the form in which two are compared; kinds not listed are compared as trimmed text."""


def identifier(kind: str, text: str) -> str | None:
    """The comparable form of an identifier of this kind, or None when `text` is not one."""
    return IDENTIFIERS.get(kind, sku)(text)
