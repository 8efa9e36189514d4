"""Objects of the portal → our items. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lockgate.connectors.fourallportal.mapping import Record, Records, image_time, revision
from lockgate.connectors.fourallportal.values import as_text, instant, listed
from lockgate.kit.http import segment
from lockgate.model.item import ASSET, Item, Relation, Rendition, Text
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period, Rights

TEXTS = {"description": "description", "copyright": "copyright", "credit": "credit"}
"""Where an item's texts are, by their canonical names at a target that is filled with them."""
KEYWORDS = {"subject": "keywords", "campaign": "campaign"}
STATEMENTS = ("usage_rights", "restrictions")
READ_APART = frozenset(
    {"title", "status", "language", "license_until", *TEXTS.values(), *KEYWORDS.values(), *STATEMENTS}
)


def to_item(record: Record, records: Records, *, system: str, module: str) -> Item:
    """The record as an item. Rights beyond an owner's own words are not kept in 4ALLPORTAL, so nothing is permitted by it."""
    value = {name: records.value(record, name) for name in records.matches}
    name = str(records.technical(record, records.quirks.name_field) or record["id"]) if records.kind == ASSET else ""
    period, unreadable = window(value.get("license_until"), records.zone)
    return Item(
        system=system,
        kind=records.kind,
        id=str(record["id"]),
        revision=revision(record),
        identifiers=identifiers(record, records),
        title=as_text(value.get("title")) or as_text(name),
        texts=texts(value),
        status=status(value.get("status")),
        status_label=str(records.raw(record, "status") or ""),
        keywords={
            ours: words for ours, theirs in KEYWORDS.items() if (words := tuple(map(str, listed(value.get(theirs)))))
        },
        languages=tuple(map(str, listed(value.get("language")))),
        rights=rights(value),
        window=period,
        missing=unreadable,
        renditions=tuple(renditions(record, records, name)),
        relations=tuple(relations(value, records)),
        fields=others(value),
        modified=instant(record.get("mod_time")),
        url=url(records.quirks.object_page, module, str(record["id"])),
    )


def identifiers(record: Record, records: Records) -> dict[str, tuple[str, ...]]:
    found = records.identifiers(record)
    if records.kind != ASSET and "sku" in found:
        # A product family may be an object of its own, whose article number is the family's code.
        found["family"] = tuple(dict.fromkeys((*found.get("family", ()), *found["sku"])))
    return found


def texts(value: Mapping[str, Any]) -> dict[str, Text]:
    named = {ours: value.get(theirs) for ours, theirs in TEXTS.items()}
    named |= {name.removeprefix("texts."): told for name, told in value.items() if name.startswith("texts.")}
    return {name: text for name, told in named.items() if (text := as_text(told))}


def status(word: Any) -> Status:
    """The profile has put it in our words already; anything else is unknown."""
    return Status(word) if word in Status.__members__.values() else Status.UNKNOWN


def window(told: Any, zone: str) -> tuple[Period, tuple[str, ...]]:
    """Until when it is licensed, the last day included; a date that is none is missing."""
    if not told:
        return Period(), ()
    try:
        return Period.of_days(None, date.fromisoformat(str(told)), zone), ()
    except ValueError:
        return Period(), ("license_until",)


def rights(value: Mapping[str, Any]) -> Rights | None:
    said = [words for name in STATEMENTS for words in as_text(value.get(name)).values()]
    return Rights(statement="; ".join(said)) if said else None


def relations(value: Mapping[str, Any], records: Records) -> Iterable[Relation]:
    """What the link fields of the profile lead to."""
    for name, kind in records.targets.items():
        for id in listed(value.get(name)):
            yield Relation(type=name, kind=kind, id=str(id))


def others(value: Mapping[str, Any]) -> dict[str, Any]:
    """What has no place of its own in an item."""
    apart = {name for name in value if name in READ_APART or name.startswith(("ids.", "texts."))}
    return {
        name.removeprefix("fields."): told
        for name, told in value.items()
        if name not in apart and told not in (None, [], {})
    }


def renditions(record: Record, records: Records, name: str) -> Iterable[Rendition]:
    """The original, and what else the quirks name; its length is known only once it is opened."""
    if records.kind != ASSET:
        return
    version = image_time(record)
    yield Rendition(
        name="original",
        filename=name,
        address=records.quirks.original_usage,
        version=version,
        length=records.length(record),
        media_type=records.technical(record, records.quirks.media_type_field),
    )
    for usage in records.quirks.renditions:
        yield Rendition(name=usage, filename=name, address=usage, version=version)


def url(page: str, module: str, id: str) -> str | None:
    return page.format(module=segment(module), id=segment(id)) if page else None
