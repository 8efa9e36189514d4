"""What the search inputs ask of a record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .naming import full_title
from .state import Record

Test = Callable[[Record, Any], bool]

TYPES = {
    "ELECTRONIC_AUDIO_PRODUCT": "ElectronicAudioProduct",
    "ELECTRONIC_BOOK_PRODUCT": "ElectronicBookProduct",
    "ELECTRONIC_PRODUCT": "ElectronicProduct",
    "GENERIC_PRODUCT": "GenericProduct",
    "PHYSICAL_AUDIO_PRODUCT": "PhysicalAudioProduct",
    "PHYSICAL_BOOK_PRODUCT": "PhysicalBookProduct",
    "PHYSICAL_PRODUCT": "PhysicalProduct",
}


def digits(isbn: str | None) -> str:
    return "".join(one for one in isbn or "" if one.isdigit() or one in "Xx")


def date(compare: Callable[[str, str], bool]) -> Test:
    """Against the publication date; a product without one never matches."""
    return lambda one, value: bool(one.get("publicationDate")) and compare(one["publicationDate"], value)


def contains(field: Callable[[Record], str]) -> Test:
    return lambda one, value: value.lower() in field(one).lower()


PRODUCT: Mapping[str, Test] = {
    "after": lambda one, value: one["id"] > value,
    "idEq": lambda one, value: one["id"] == value,
    "isbn13Eq": lambda one, value: digits(one.get("isbn13")) == digits(value) != "",
    "isbn13In": lambda one, value: digits(one.get("isbn13")) in {digits(isbn) for isbn in value} - {""},
    "isbn13Assigned": lambda one, value: bool(one.get("isbn13")) == value,
    "titleEq": lambda one, value: full_title(one) == value,
    "titleCont": contains(full_title),
    "titlePrefixPresent": lambda one, value: bool(one.get("titlePrefix")) == (value.lower() not in {"false", "0", ""}),
    "publicationDateEq": date(lambda have, want: have == want),
    "publicationDateGt": date(lambda have, want: have > want),
    "publicationDateLt": date(lambda have, want: have < want),
    "publicationDateGteq": date(lambda have, want: have >= want),
    "publicationDateLteq": date(lambda have, want: have <= want),
    "onix21ProductFormCodeIn": lambda one, value: one.get("onix21ProductFormCode") in value,
    "changedSince": lambda one, value: one["changed"] >= value,
    "productTypes": lambda one, value: not value or one["__typename"] in {TYPES[name] for name in value},
}
WORK: Mapping[str, Test] = {
    "after": lambda one, value: one["id"] > value,
    "idEq": lambda one, value: one["id"] == value,
    "contractIdEq": lambda one, value: one.get("contractId") == value,
    "changedSince": lambda one, value: one["changed"] >= value,
    "titleEq": lambda one, value: one["title"] == value,
    "titleCont": contains(lambda one: one["title"]),
    "subtitleEq": lambda one, value: one.get("subtitle") == value,
    "subtitleCont": contains(lambda one: one.get("subtitle") or ""),
    "subtitlePresent": lambda one, value: bool(one.get("subtitle")) == value,
    "imprintIdIn": lambda one, value: one.get("imprintId") in value,
}
PRICE: Mapping[str, Test] = {
    "amountLteq": lambda one, value: one["amount"] <= value,
    "amountGteq": lambda one, value: one["amount"] >= value,
    "currencyCodeIn": lambda one, value: one["currencyCode"] in value,
    "onixPriceTypeCodeIn": lambda one, value: one["onixPriceTypeCode"] in value,
    "onixPriceTypeQualifierCodeIn": lambda one, value: one["onixPriceTypeQualifierCode"] in value,
}
CONTACT: Mapping[str, Test] = {
    "after": lambda one, value: one["id"] > value,
    "personNameCont": contains(lambda one: one.get("personName") or ""),
}
ORGANISATION: Mapping[str, Test] = {"nameEq": lambda one, value: one["name"] == value}
CONTRACT: Mapping[str, Test] = {"idEq": lambda one, value: one["id"] == value}
TO_DO: Mapping[str, Test] = {
    "after": lambda one, value: one["id"] > value,
    "idEq": lambda one, value: one["id"] == value,
    "workIdEq": lambda one, value: one["workId"] == value,
    "nameEq": lambda one, value: one["name"].lower() == value.lower(),
    "changedSince": lambda one, value: one["changed"] >= value,
    "doneEq": lambda one, value: bool(one.get("doneDate")) == value,
}


def fits(record: Record, search: Mapping[str, Any] | None, tests: Mapping[str, Test]) -> bool:
    """Whether a record is all that a search asks; null asks nothing."""
    return all(tests[name](record, value) for name, value in (search or {}).items() if value is not None)


def filtered(records: Iterable[Record], search: Mapping[str, Any] | None, tests: Mapping[str, Test]) -> list[Record]:
    return [one for one in records if fits(one, search, tests)]
