"""Works: what all editions share, with the schedule."""

from typing import Any

from lockgate.connectors.consonance.mapping import parts
from lockgate.connectors.consonance.mapping.common import (
    Frame,
    Record,
    asset_id,
    form_of,
    isbn_of,
    kept,
    numbers,
    plain,
    profiled_status,
    revision,
    text,
)
from lockgate.connectors.consonance.mapping.product import variant_of
from lockgate.connectors.consonance.mapping.texts import every_text, languages, public_texts, visible
from lockgate.model.item import PRODUCT, Item, Relation
from lockgate.model.lifecycle import Status


def work_item(record: Record, frame: Frame) -> Item:
    """The work as it is now. Whether it may be sold is a matter of its products."""
    texts, products = record.get("marketingTexts") or (), record.get("products") or ()
    stage = record.get("projectStage")
    families = tuple(str(one) for one in (record["id"], record.get("inHouseWorkReference")) if one)
    return Item(
        system=frame.system,
        kind="work",
        id=str(record["id"]),
        revision=revision(record, [one.get("id") for one in texts if visible(one, frame.today)]),
        identifiers={**numbers(map(isbn_of, products)), "family": families},
        title=text(record.get("title")),
        texts=public_texts(texts, frame.today) | ({"subtitle": said} if (said := text(record.get("subtitle"))) else {}),
        status=profiled_status(frame, "work", record) or Status.UNKNOWN,
        status_label=str(stage or ""),
        keywords=parts.keywords(record),
        languages=languages(texts),
        relations=tuple(relations(record, frame.quirks.file_marker)),
        fields=kept(fields(record)),
        url=frame.page(record["id"]),
    )


def relations(record: Record, marker: str) -> list[Relation]:
    editions = [Relation(type="edition", kind=PRODUCT, id=str(one["id"])) for one in record.get("products") or ()]
    return editions + [
        Relation(type=variant_of(one), kind="asset", id=asset_id(record["id"], one, marker))
        for one in record.get("supportingResources") or ()
    ]


def fields(record: Record) -> dict[str, Any]:
    return {
        **parts.classes(record),
        "subtitle": record.get("subtitle"),
        "authors": record.get("authorshipDescription"),
        "contributors": parts.contributors(record.get("contributions") or ()),
        "milestones": [milestone(one) for one in record.get("toDos") or ()],
        "deliveries": deliveries(record),
        "editions": [edition(one) for one in record.get("products") or ()],
        "production_files": parts.production_files(record.get("productionFiles") or ()),
        "contract": contract(record.get("contract") or {}),
        "texts": every_text(record.get("marketingTexts") or ()),
    }


def milestone(one: Record) -> dict[str, Any]:
    """A to-do of the work: who owes it, until when, and when it was done."""
    return kept(
        {
            "id": str(one["id"]),
            "name": one.get("name"),
            "assignee": one.get("assigneeName"),
            "due": one.get("dueDate"),
            "done": one.get("doneDate"),
            "due_when_done": one.get("dueDateWhenDone"),
            "note": one.get("note"),
        }
    )


def deliveries(record: Record) -> list[dict[str, Any]]:
    """Dates of print runs, and those of the contract with what they slipped to."""
    runs = [
        kept(
            {"id": str(one.get("id")), "of": one.get("name"), "due": one.get("deliveryDate"), "kind": "production run"}
        )
        for one in record.get("productionRuns") or ()
    ]
    dates = (record.get("contract") or {}).get("deliveryDates") or ()
    return runs + [
        kept(
            {
                "id": str(one.get("id")),
                "of": one.get("deliverableType"),
                "due": one.get("dateDue"),
                "slipped": one.get("slippedDate"),
                "kind": "contract",
            }
        )
        for one in dates
    ]


def edition(one: Record) -> dict[str, Any]:
    return kept(
        {
            "id": str(one["id"]),
            "isbn": isbn_of(one),
            "form": form_of(one.get("onix21ProductFormCode")),
            "publishing_status": plain(one.get("onixPublishingStatusCode")),
            "publication_date": one.get("publicationDate"),
            "planned_publication_date": one.get("plannedPublicationDate"),
            "format": (one.get("inHouseFormat") or {}).get("name"),
        }
    )


def contract(record: Record) -> dict[str, Any]:
    rights = [kept({"type": one.get("rightType")}) for one in record.get("licensedRights") or ()]
    return kept(
        {
            "id": str(record["id"]) if "id" in record else None,
            "name": record.get("contractName"),
            "signed": record.get("signedDate"),
            "term": record.get("term"),
            "terminated": record.get("terminatedDate"),
            "licensed": rights,
        }
    )
