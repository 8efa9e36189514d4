"""An account filled from an ONIX message: each of its products becomes an edition, works gathered by title."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from stdnum import isbn

from lockgate.kit import onix
from lockgate.model.item import Item, pick

from . import schema
from .seeding import new_product, new_work
from .state import Record, State

FORMS = {"EA": "DG", "EB": "DG", "ED": "DG", "EC": "DH", "LB": "DO", "SA": "WW", "XL": "WX", "XN": "WX"}
"""Forms of ONIX 2.1 for those of 3.0 that have no like code; Consonance keeps the older ones."""
KINDS = {
    "AJ": "ElectronicAudioProduct",
    "A": "PhysicalAudioProduct",
    "B": "PhysicalBookProduct",
    "D": "ElectronicBookProduct",
}
"""Types of products by form, or by its first letter."""
VARIANTS = {
    "description": "MAIN_DESCRIPTION",
    "short_description": "SHORT_DESCRIPTION",
    "contents": "TABLE_OF_CONTENTS",
    "review": "REVIEW_QUOTE",
    "headline": "PROMOTIONAL_HEADLINE",
    "biography": "BIOGRAPHICAL_NOTE",
}


def take_in(state: State, message: bytes) -> dict[str, Any]:
    """Take a message in; answers the ids of the new products, and in words what could not be read."""
    works: dict[str, Record] = {}
    made: list[int] = []
    problems: list[str] = []
    for entry in onix.read(io.BytesIO(message)):
        if entry.product is None:
            problems += [one.sentence for one in entry.problems]
            continue
        item = onix.to_item(entry.product, system="feed")
        title = pick(item.title) or item.id
        if title not in works:
            works[title] = new_work(state, title)
        made.append(edition(state, works[title], item, entry.product))
    for work in works.values():
        state.touch(work["id"])
    return {"products": made, "problems": problems}


def edition(state: State, work: Record, item: Item, product: onix.Product) -> int:
    form = known("ONIX21ProductFormCode", FORMS.get(product.form or "", product.form))
    number = next(iter(item.identifiers.get("isbn", ())), None)
    told: Record = {
        "onix21ProductFormCode": form,
        "onixPublishingStatusCode": known("ONIXPublishingStatusCode", product.status),
        "publicationDate": item.fields.get("publication_date"),
        "subtitle": item.fields.get("subtitle"),
        "prices": list(prices(item.fields.get("prices") or ())),
        **territories(item),
    }
    kind = KINDS.get(form or "") or KINDS.get((form or " ")[0], "GenericProduct")
    made = new_product(state, work, kind, number if number and isbn.is_valid(number) else None, told)
    for name, text in item.texts.items():
        if name in VARIANTS and (said := pick(text)):
            add_text(state, work, made, VARIANTS[name], said)
    return int(made["id"])


def known(enum: str, code: str | None) -> str | None:
    """A code in the schema's spelling; None where the schema does not have it."""
    values: Any = getattr(schema.schema().type_map[enum], "values", {})
    return next((one for one in (code, f"_{code}") if one in values), None)


def territories(item: Item) -> Record:
    """The summary fields, from what the message permits, and what it forbids whatever the date."""
    allowed = {one for rule in (item.rights.permissions if item.rights else ()) for one in scope(rule.territories)}
    lasting = [rule for rule in (item.rights.prohibitions if item.rights else ()) if rule.period.until is None]
    closed = {one for rule in lasting for one in scope(rule.territories)}
    return {
        "isForSaleWorldwide": "WORLD" in allowed,
        "forSaleCountryCodes": sorted(allowed - {"WORLD"}),
        "notForSaleCountryCodes": sorted(closed - {"WORLD"}),
    }


def scope(territories: Any) -> Iterable[str]:
    return territories if isinstance(territories, frozenset) else ()


def prices(found: Iterable[dict[str, Any]]) -> Iterator[Record]:
    """Those in a currency that the schema has."""
    currencies: Any = getattr(schema.schema().type_map["CurrencyCode"], "values", {})
    for number, one in enumerate(found, start=1):
        if one.get("currency") in currencies and one.get("amount") is not None:
            type = known("ONIXPriceTypeCode", one.get("type")) or "_02"
            codes = {"onixPriceTypeCode": type, "onixPriceTypeQualifierCode": "_00"}
            yield {"id": number, "amount": float(one["amount"]), "currencyCode": one["currency"], **codes}


def add_text(state: State, work: Record, product: Record, variant: str, text: str) -> None:
    told: Record = {"workId": work["id"], "productIds": [product["id"]], "variant": variant}
    told |= {"approvalStatus": "APPROVED", "externalTextMarkdown": text, "onixContentAudienceCodes": ["_00"]}
    state.make("MarketingText", told)
