"""Products: one edition of a work, with what it inherits from it."""

from decimal import Decimal
from typing import Any

from lockgate.connectors.consonance.mapping import parts
from lockgate.connectors.consonance.mapping.common import (
    Frame,
    Record,
    about,
    asset_id,
    day,
    form_of,
    isbn_of,
    kept,
    numbers,
    plain,
    profiled_status,
    revision,
    text,
)
from lockgate.connectors.consonance.mapping.rights import rights_of
from lockgate.connectors.consonance.mapping.texts import every_text, languages, public_texts, visible
from lockgate.model.item import PRODUCT, Item, Relation
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period

OPEN = frozenset({"02", "04", "06"})
"""Publishing states (ONIX List 64) in which a product is offered or announced."""
HELD = frozenset({"03"})
"""Postponed without a date."""
CLOSED = frozenset({"01", "05", "07", "08", "10", "11", "12", "15", "16", "17"})
"""Cancelled, no longer ours, out of print, inactive, remaindered, withdrawn, recalled; 16 is temporary and comes back as a change."""


def product_item(record: Record, frame: Frame) -> Item:
    """The product as it may be seen today."""
    id, work = int(record["id"]), record.get("work") or {}
    texts = about(work.get("marketingTexts"), id)
    number = isbn_of(record)
    return Item(
        system=frame.system,
        kind=PRODUCT,
        id=str(id),
        revision=product_revision(record, frame),
        identifiers=identifiers(record, number, work, frame),
        title=text(record.get("fullTitle")),
        texts={**public_texts(texts, frame.today), **named(subtitle=record.get("subtitle"))},
        status=status(record, frame),
        status_label=label(record),
        keywords=parts.keywords(work),
        languages=languages(texts),
        rights=rights_of(record, frame.profile.zone, contract_ends=frame.quirks.contract_ends_rights),
        window=Period.of_days(day(record.get("publicAnnouncementDate")), None, frame.profile.zone),
        relations=tuple(relations(record, work, frame.quirks.file_marker)),
        fields=kept({**own_fields(record), **work_fields(id, work), "texts": every_text(texts)}),
        url=frame.page(work["id"]) if "id" in work else None,
    )


def product_revision(record: Record, frame: Frame) -> str:
    """Differs when the record does, and on the day on which an embargo of a text begins or ends."""
    texts = (record.get("work") or {}).get("marketingTexts") or ()
    return revision(record, [one.get("id") for one in texts if visible(one, frame.today)])


def identifiers(record: Record, number: str | None, work: Record, frame: Frame) -> dict[str, tuple[str, ...]]:
    found = numbers([number])
    sku = {"isbn": number, "id": str(record["id"]), "none": None}[frame.quirks.sku]
    families = [str(work["id"])] if "id" in work else []
    if work.get("inHouseWorkReference"):
        families.append(str(work["inHouseWorkReference"]))
    return {
        name: values
        for name, values in {**found, "sku": (sku,) if sku else (), "family": tuple(families)}.items()
        if values
    }


def named(**texts: Any) -> dict[str, dict[str, str]]:
    return {name: said for name, value in texts.items() if (said := text(value))}


def status(record: Record, frame: Frame) -> Status:
    """What is closed or postponed is so; of the rest the profile may say which field decides, else whether it may go out in ONIX."""
    state = plain(record.get("onixPublishingStatusCode"))
    if state in CLOSED:
        return Status.ARCHIVED
    if state in HELD:
        return Status.DRAFT
    values = {**record, **{name: (record.get("work") or {}).get(name) for name in ("projectStage", "season")}}
    if (found := profiled_status(frame, PRODUCT, values)) is not None:
        return found
    released = record.get("allowOnixExports")
    if released is None or state not in OPEN:
        return Status.UNKNOWN
    return Status.APPROVED if released else Status.DRAFT


def label(record: Record) -> str:
    """The vendor's own words for the status."""
    state = plain(record.get("onixPublishingStatusCode"))
    feed = {True: "may go out in ONIX", False: "held back from ONIX"}.get(record.get("allowOnixExports"), "")  # type: ignore[arg-type]
    return ", ".join(part for part in (f"publishing status {state}" if state else "", feed) if part)


def relations(record: Record, work: Record, marker: str) -> list[Relation]:
    """Its work, the other formats of it, and the images that are about it."""
    id = int(record["id"])
    found = [Relation(type="edition of", kind="work", id=str(work["id"]))] if "id" in work else []
    others = [one for one in work.get("products") or () if one["id"] != id]
    found += [Relation(type="alternative format", kind=PRODUCT, id=str(one["id"])) for one in others]
    images = about(work.get("supportingResources"), id)
    return found + [
        Relation(type=variant_of(one), kind="asset", id=asset_id(work["id"], one, marker)) for one in images
    ]


def variant_of(image: Record) -> str:
    return str(image.get("resourceVariant") or "image").lower()


def own_fields(record: Record) -> dict[str, Any]:
    """What is the product's own, in plain values: codes as ONIX spells them, amounts as decimal text."""
    return {
        "type": record.get("__typename"),
        "form": form_of(record.get("onix21ProductFormCode")),
        "title_prefix": record.get("titlePrefix"),
        "title_without_prefix": record.get("titleWithoutPrefix"),
        "subtitle": record.get("subtitle"),
        "asin": record.get("asin"),
        "authors": record.get("authorshipDescription"),
        "publishing_status": plain(record.get("onixPublishingStatusCode")),
        "availability": plain(record.get("onixProductAvailabilityCode")),
        "publication_date": record.get("publicationDate"),
        "planned_publication_date": record.get("plannedPublicationDate"),
        "announcement_date": record.get("publicAnnouncementDate"),
        "for_trade": record.get("allowOnixExports"),
        "edition": (record.get("inHouseEdition") or {}).get("name"),
        "format": (record.get("inHouseFormat") or {}).get("name"),
        "prices": [price(one) for one in record.get("prices") or ()],
        "sold_worldwide": record.get("isForSaleWorldwide"),
        "sold_in": list(record.get("forSaleCountryCodes") or ()),
        "not_sold_in": list(record.get("notForSaleCountryCodes") or ()),
        "web_links": [web_link(one) for one in record.get("webLinks") or ()],
        "height_mm": record.get("productHeight"),
        "width_mm": record.get("productWidth"),
        "thickness_mm": record.get("productThickness"),
        "pages": next(
            filter(None, map(record.get, ("mainContentPageCount", "totalNumberedPages", "absolutePageCount"))), None
        ),
        "words": record.get("wordCount"),
        "minutes": record.get("durationMinutes"),
        "epub_type": record.get("epubTypeDescription"),
    }


def work_fields(id: int, work: Record) -> dict[str, Any]:
    return {
        **parts.classes(work),
        "work": str(work["id"]) if "id" in work else None,
        "work_title": work.get("title"),
        "contributors": parts.contributors(about(work.get("contributions"), id)),
        "production_files": parts.production_files(about(work.get("productionFiles"), id)),
    }


def price(one: Record) -> dict[str, Any]:
    """An amount through its decimal text: binary arithmetic would spoil it."""
    return kept(
        {
            "amount": str(Decimal(str(one["amount"]))),
            "currency": one.get("currencyCode"),
            "type": plain(one.get("onixPriceTypeCode")),
            "qualifier": plain(one.get("onixPriceTypeQualifierCode")),
            "from": one.get("effectiveFrom"),
            "until": one.get("effectiveTo"),
        }
    )


def web_link(one: Record) -> dict[str, Any]:
    return kept(
        {
            "url": one.get("link"),
            "role": plain(one.get("role")),
            "text": one.get("description"),
            "public": one.get("includeInOnix"),
        }
    )
