"""A product record as the canonical item, in words that recipes use."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec
import pycountry

from lockgate.kit.onix.records import Dated, Product, Resource, ResourceVersion, Subject, Title
from lockgate.kit.onix.rights import rights_of
from lockgate.kit.onix.schema import label
from lockgate.model import codes
from lockgate.model.item import PRODUCT, UND, Item, Relation, Rendition, Text
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period

IDENTIFIERS = {"15": "isbn", "02": "isbn", "03": "gtin", "14": "gtin", "04": "gtin", "01": "sku", "06": "doi"}
"""List 5; an ISBN-13 is a GTIN as well."""
STATUSES = {
    **dict.fromkeys(("02", "04", "13", "18"), Status.APPROVED),
    **dict.fromkeys(("01", "03", "11", "12", "15", "16", "17"), Status.REJECTED),
    **dict.fromkeys(("05", "06", "07", "08", "10"), Status.ARCHIVED),
}
"""List 64. Unspecified and unknown (00, 09) are not here: they open nothing."""
EARLY, PARTIAL, DELETED = "01", frozenset({"04", "08", "09", "88"}), "05"
"""List 1."""
TEXTS = {
    "02": "short_description",
    "03": "description",
    "04": "contents",
    "06": "review",
    "10": "headline",
    "12": "biography",
}
"""List 153."""
SUBJECTS = {
    **dict.fromkeys(("93", "94", "95", "96", "97", "98", "99"), "thema"),
    "10": "bisac",
    "12": "bic",
    "20": "subject",
}
"""List 27. Scheme 20 is keywords, many of them in one text."""
RELATIONS = {
    "03": "replaces",
    "05": "replaced_by",
    "06": "alternative_format",
    "13": "based_on",
    "27": "electronic_version",
}
"""List 51; others are called `related_` and their code."""
RESOURCES = {"01": "front_cover", "02": "back_cover", "04": "contributor", "07": "product", "15": "sample"}
"""List 158; others are called `resource_` and their code."""
EVERYBODY = frozenset({"00", "03"})
"""List 154: without restriction, and end customers."""
LIMITED = frozenset({"14", "15", "24", "27", "28"})
"""List 155: dates that bound when a text or picture may be used. Nobody watches them here, so such a one is left out."""
DOWNLOAD = "02"
"""List 161."""
ANNOUNCEMENT, PUBLICATION = "09", "01"
"""List 163. Before the announcement a record is for the trade alone."""


def to_item(product: Product, system: str, *, zone: str = "UTC") -> Item:
    """The item that a record describes. Whole days (announcement, embargo) begin and end in `zone`: ONIX names none.

    A partial update tells so in `missing`; a deletion is ARCHIVED.
    """
    announced = next((one.day for one in product.dates if one.role == ANNOUNCEMENT), None)
    return Item(
        system=system,
        kind=PRODUCT,
        id=product.reference,
        revision=hashlib.sha256(msgspec.json.encode(product)).hexdigest()[:32],
        identifiers=identifiers(product),
        title=titles(product),
        texts=texts(product),
        status=status(product),
        status_label=label("64", product.status or "") or product.status or "",
        keywords=keywords(product.subjects),
        languages=tuple(dict.fromkeys(language(one.code) for one in product.languages if one.role == "01")),
        rights=rights_of(product, zone),
        window=Period.of_days(announced, None, zone),
        missing=missing(product),
        renditions=tuple(renditions(product)),
        relations=tuple(relations(product)),
        fields={name: value for name, value in fields(product).items() if value not in (None, [], "")},
    )


def identifiers(product: Product) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in product.identifiers:
        for kind in (
            IDENTIFIERS.get(one.type),
            "gtin" if one.type == "15" else None,
            "isbn" if one.type == "03" else None,
        ):
            if kind and (value := codes.identifier(kind, one.value)) is not None:
                found[kind][value] = None
    return {kind: tuple(values) for kind, values in found.items()}


def titles(product: Product) -> Text:
    """The distinctive title; of several languages, each."""
    found: Text = {}
    for title in product.titles:
        element = whole(title)
        if title.type in {"01", "00"} and element is not None:
            found.setdefault(*element)
    return found or ({UND: product.title} if product.title else {})


def whole(title: Title) -> tuple[str, str] | None:
    for element in sorted(title.elements, key=lambda one: one.level != "01"):
        if element.whole:
            return language(element.language), element.whole
    return None


def texts(product: Product) -> dict[str, Text]:
    """Texts that are for everybody, by name and language; of several of a kind the first."""
    found: dict[str, Text] = {}
    for content in product.texts:
        name = TEXTS.get(content.type)
        if name is not None and open_to_all(content.audiences, content.dates) and content.territory is None:
            for one in content.texts:
                found.setdefault(name, {}).setdefault(language(one.language), one.text)
    if owners := copyright_line(product):
        found["copyright"] = {UND: owners}
    return found


def open_to_all(audiences: tuple[str, ...], dates: tuple[Dated, ...]) -> bool:
    return not EVERYBODY.isdisjoint(audiences) and all(one.role not in LIMITED for one in dates)


def copyright_line(product: Product) -> str:
    lines = []
    for one in product.copyrights:
        owners = ", ".join(filter(None, (owner.person or owner.corporate for owner in one.owners)))
        if owners:
            lines.append(f"© {' '.join((*one.years, owners))}")
    return "; ".join(lines)


def status(product: Product) -> Status:
    if product.notification == DELETED:
        return Status.ARCHIVED
    found = STATUSES.get(product.status or "", Status.UNKNOWN)
    return Status.DRAFT if product.notification == EARLY and found is Status.APPROVED else found


def missing(product: Product) -> tuple[str, ...]:
    if product.notification in PARTIAL:
        return (f"all that this partial update (notification type {product.notification}) does not repeat",)
    return () if product.title or product.notification == DELETED else ("title",)


def keywords(subjects: tuple[Subject, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in subjects:
        name = SUBJECTS.get(one.scheme)
        if name == "subject":
            words = (word.strip() for heading in one.headings for word in re.split(r"[;,]", heading.text))
            found[name].update(dict.fromkeys(filter(None, words)))
        elif name is not None and one.code:
            found[name][one.code] = None
    return {name: tuple(words) for name, words in found.items()}


def renditions(product: Product) -> Iterator[Rendition]:
    """Files that everybody may fetch, each by its address."""
    taken: dict[str, int] = defaultdict(int)
    for resource in product.resources:
        if not open_to_all(resource.audiences, ()) or resource.territory is not None:
            continue
        for version in resource.versions:
            if version.form == DOWNLOAD and version.links and open_to_all(("00",), version.dates):
                yield rendition(resource, version, taken)


def rendition(resource: Resource, version: ResourceVersion, taken: dict[str, int]) -> Rendition:
    name = RESOURCES.get(resource.type, f"resource_{resource.type}")
    taken[name] += 1
    features = {one.type: one.value for one in version.features}
    updated = next((one.value for one in version.dates if one.role == "17"), "")
    length = features.get("07") or ""
    return Rendition(
        name=name if taken[name] == 1 else f"{name}_{taken[name]}",
        filename=features.get("04") or version.links[0].partition("?")[0].rpartition("/")[2],
        address=version.links[0],
        version=updated,
        length=int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None,
        digest=f"sha256:{digest.lower()}" if (digest := features.get("08")) else None,
    )


def relations(product: Product) -> Iterator[Relation]:
    """Related products by ISBN, else by GTIN."""
    for one in product.related_products:
        numbers = [
            codes.isbn13(n.value) or codes.gtin(n.value) for n in one.identifiers if n.type in {"15", "03", "02"}
        ]
        if number := next(filter(None, numbers), None):
            for code in one.relations:
                yield Relation(type=RELATIONS.get(code, f"related_{code}"), kind=PRODUCT, id=number)


def fields(product: Product) -> dict[str, Any]:
    """What else there is, as JSON values."""
    prices = [price for supply in product.supplies for detail in supply.details for price in detail.prices]
    return {
        "notification": product.notification,
        "form": product.form,
        "form_label": label("150", product.form or ""),
        "subtitle": next((one.subtitle for title in product.titles for one in title.elements if one.subtitle), None),
        "contributors": [one.shown for one in product.contributors if one.shown],
        "series": [
            title for one in product.collections for each in one.titles if (title := (whole(each) or ("", ""))[1])
        ],
        "imprint": next((one.name for one in product.imprints if one.name), None),
        "publisher": next((one.name for one in product.publishers if one.name), None),
        "publication_date": published(product),
        "pages": next(
            (one.value for one in product.extents if one.type in {"00", "11", "08", "10"} and one.unit == "03"), None
        ),
        "edition": product.edition_number,
        "availability": sorted({one.availability for s in product.supplies for one in s.details if one.availability}),
        "prices": [
            {"amount": str(one.amount), "currency": one.currency, "type": one.type}
            for one in prices
            if one.amount is not None
        ],
    }


def published(product: Product) -> str | None:
    """The day as ISO 8601, or what is said instead (`2019`, `201906`)."""
    found = next((one for one in product.dates if one.role == PUBLICATION), None)
    return None if found is None else found.day.isoformat() if found.day else found.value


@lru_cache(maxsize=1024)
def language(code: str | None) -> str:
    """ISO 639-2/B (list 74) as BCP 47: `ger` is `de`."""
    if not code:
        return UND
    known = pycountry.languages.get(bibliographic=code) or pycountry.languages.get(alpha_3=code)
    return str(getattr(known, "alpha_2", None) or known.alpha_3) if known else UND
