"""Documents and workspaces → our items. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lockgate.connectors.opentext.mapping.dates import instant
from lockgate.connectors.opentext.mapping.records import Fields, Seen, revision
from lockgate.model import codes
from lockgate.model.item import ASSET, UND, Item, Relation, Rendition, Text
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period, Rights

WORKSPACE = "workspace"
TEXTS = ("description", "copyright", "credit", "caption")
KEYWORDS = {"subject": "keywords", "campaign": "campaign"}
STATEMENTS = ("usage_rights", "restrictions")
PLACED = frozenset({"title", "name", "status", "language", "license_until", *TEXTS, *KEYWORDS.values(), *STATEMENTS})


def to_item(seen: Seen, fields: Fields, *, system: str, site: str) -> Item:
    """The node as an item. Nothing is permitted by it: the server knows who may see what, not what may be done with it."""
    value = fields.all(seen)
    name = str(seen.properties.get("name") or seen.id)
    period, unreadable = window(value.get("license_until"), fields.zone)
    return Item(
        system=system,
        kind=fields.kind,
        id=seen.id,
        revision=revision(seen.properties, fields.quirks.server_zone),
        identifiers=dict(identifiers(value)),
        title=as_text(value.get("title")) or {UND: name},
        texts={one: text for one in TEXTS if (text := as_text(value.get(one)))},
        status=status(value.get("status")),
        status_label=str(value.get("status") or ""),
        keywords={ours: words for ours, theirs in KEYWORDS.items() if (words := listed(value.get(theirs)))},
        languages=listed(value.get("language")),
        rights=rights(value),
        window=period,
        missing=unreadable,
        renditions=tuple(renditions(seen, name)) if fields.kind == ASSET else (),
        relations=tuple(relations(seen)),
        fields=others(value),
        modified=instant(seen.properties.get("modify_date"), fields.quirks.server_zone),
        url=f"{site}/app/nodes/{seen.id}",
    )


def renditions(seen: Seen, name: str) -> Iterable[Rendition]:
    """The newest version and its other forms; older versions are no renditions of what is current."""
    number = seen.version.get("version_number")
    if number is None:
        return
    length = seen.version.get("file_size")
    yield Rendition(
        name="original",
        filename=str(seen.version.get("file_name") or name),
        address=str(number),
        version=str(number),
        length=length if isinstance(length, int) else None,
        media_type=seen.version.get("mime_type") or seen.properties.get("mime_type"),
    )
    for one in seen.renditions:
        kind = str(one["rendition_type"])
        size = one.get("file_size")
        yield Rendition(
            name=kind,
            filename=str(one.get("file_name") or f"{name}.{kind}"),
            address=f"{number}:{kind}",
            version=f"{number}:{one.get('id') or kind}",
            length=size if isinstance(size, int) else None,
            media_type=one.get("mime_type"),
        )


def in_address(address: str) -> tuple[str, str]:
    """The version's number, and which other form of it is meant; empty for the version itself."""
    number, _, kind = address.partition(":")
    return number, kind


def relations(seen: Seen) -> Iterable[Relation]:
    if seen.workspace is not None:
        yield Relation(type="within", kind=WORKSPACE, id=str(seen.workspace))


def identifiers(value: Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """In comparable form, by kind."""
    for name, told in value.items():
        if name.startswith("ids."):
            kind = name.removeprefix("ids.")
            found = (codes.identifier(kind, one) for one in listed(told))
            if known := tuple(dict.fromkeys(one for one in found if one is not None)):
                yield kind, known


def listed(told: Any) -> tuple[str, ...]:
    values = told if isinstance(told, list) else [told]
    return tuple(str(one) for one in values if one not in (None, ""))


def as_text(told: Any) -> Text:
    words = "; ".join(listed(told))
    return {UND: words} if words else {}


def status(word: Any) -> Status:
    """The profile has put it in our words already; anything else is unknown."""
    return Status(word) if word in Status.__members__.values() else Status.UNKNOWN


def window(told: Any, zone: str) -> tuple[Period, tuple[str, ...]]:
    """Until when it is licensed, the last day included; a date that is none is missing."""
    if not told:
        return Period(), ()
    try:
        return Period.of_days(None, date.fromisoformat(str(told)[:10]), zone), ()
    except ValueError:
        return Period(), ("license_until",)


def rights(value: Mapping[str, Any]) -> Rights | None:
    """The owner's own words; no permission follows from them."""
    said = [words for name in STATEMENTS for words in listed(value.get(name))]
    return Rights(statement="; ".join(said)) if said else None


def others(value: Mapping[str, Any]) -> dict[str, Any]:
    """What has no place of its own in an item."""
    return {
        name.removeprefix("fields."): told
        for name, told in value.items()
        if name not in PLACED and not name.startswith("ids.") and told not in (None, [], {})
    }
