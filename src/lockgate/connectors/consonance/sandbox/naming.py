"""Names and numbers that Consonance makes out of others."""

from datetime import date
from typing import Any

from stdnum import isbn

from .state import Record

SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "INR": "₹"}
MM_IN = {"MM": 1.0, "CM": 10.0, "IN": 25.4}


def full_title(product: Record) -> str:
    return " ".join(part for part in (product.get("titlePrefix"), product.get("titleWithoutPrefix")) if part)


def isbn_object(isbn13: str | None) -> dict[str, Any]:
    """An ISBN in its four spellings; all null where none is assigned."""
    if not isbn13:
        return {"isbn10": None, "isbn13": None, "isbnWithDashes": None, "isbnWithSpaces": None}
    dashes = str(isbn.format(isbn13))
    ten = str(isbn.to_isbn10(isbn13)) if isbn13.startswith("978") and isbn.is_valid(isbn13) else None
    return {
        "isbn10": ten,
        "isbn13": isbn13,
        "isbnWithDashes": dashes,
        "isbnWithSpaces": dashes.replace("-", " "),
    }


def formatted(day: str | None, directives: str) -> str | None:
    """A date as `strftime` writes it, as the vendor's own server would."""
    return date.fromisoformat(day).strftime(directives) if day else None


def price_object(price: Record) -> dict[str, Any]:
    code, amount = price["currencyCode"], f"{price['amount']:.2f}"
    symbol = SYMBOLS.get(code, code)
    return {
        **price,
        "amountWithCurrencyCode": f"{amount} {code}",
        "amountWithCurrencySymbol": f"{symbol}{amount}",
        "currency": {"code": code, "symbol": symbol},
        "label": f"{code} {price['onixPriceTypeCode'].lstrip('_')} {price['onixPriceTypeQualifierCode'].lstrip('_')}",
    }


def length(millimetres: float | None, unit: str) -> float | None:
    return None if millimetres is None else round(millimetres / MM_IN[unit], 4)
