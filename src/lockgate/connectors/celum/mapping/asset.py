"""A CELUM asset as an Item."""

import hashlib
import re
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import datetime
from functools import cache, partial
from typing import Any

import msgspec
import pycountry

from lockgate.connectors.celum.mapping import dates, fields, files
from lockgate.connectors.celum.mapping.permissions import to_rights
from lockgate.connectors.celum.mapping.reading import KIND, Bound, Reading
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import Profile
from lockgate.model import codes
from lockgate.model.item import UND, Item, Relation, pick
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period

RELEASE = {"RELEASED": Status.APPROVED, "UNRELEASED": Status.DRAFT}

VALIDATION = {
    "assetTypeSet": "asset type",
    "requiredFieldsValid": "required fields",
    "permissionDefiningCollectionValid": "a collection that defines permissions",
}
"""What a false member of `validationStatus` says is missing."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def to_item(asset: Mapping[str, Any], *, system: str, profile: Profile, quirks: Quirks) -> Item:
    """The asset as it is now. Raises ContractBroken where a member is absent that the API always sends."""
    reading = Reading(asset, profile, quirks)
    status, label = to_status(reading)
    rights, window, further = to_rights(reading), to_window(reading), other_fields(reading)
    return Item(
        system=system,
        kind=KIND,
        id=asset_id(asset),
        revision=revision(asset),
        identifiers=identifiers(reading),
        title=reading.text("title") or {UND: str(asset.get("name") or "")},
        texts={name: said for name, bound in reading.under("texts.").items() if (said := bound.text())},
        status=status,
        status_label=label,
        keywords={name: known for name, bound in reading.under("keywords.").items() if (known := bound.meanings())},
        languages=languages(reading.bound("languages")),
        rights=rights,
        window=window,
        latest=version_of(asset).get("active") is not False,
        renditions=files.renditions(asset, digests=quirks.checksum == "auto"),
        relations=tuple(Relation(type="in", kind="collection", id=str(one)) for one in asset.get("parentIds") or ()),
        fields=further,
        modified=changed_at(asset),
        url=quirks.asset_page.replace("{id}", asset_id(asset)) or None,
        missing=missing(reading),
    )


def asset_id(asset: Mapping[str, Any]) -> str:
    if not isinstance(asset.get("id"), int):
        raise ContractBroken("CELUM sent an asset without an id", detail=repr(sorted(asset)))
    return str(asset["id"])


def version_of(asset: Mapping[str, Any]) -> Mapping[str, Any]:
    return asset.get("currentVersion") or {}


def revision(asset: Mapping[str, Any]) -> str:
    """A digest of what every answer shows of an asset, with or without inclusions, so an index and a fetch agree.

    Field values, formats and permissions are not part of it: a list leaves them out. A write to them moves
    `modification`, which is. What moves nothing on the asset (a referenced collection renamed) does not show.
    """
    version = version_of(asset)
    seen = [
        asset.get("modification") or asset.get("creation"),
        [version.get(name) for name in ("id", "filename", "filesize", "fileChecksum")],
        [asset.get(name) for name in ("name", "typeId", "releaseStatus", "availability", "validationStatus")],
        sorted(asset.get("parentIds") or ()),
    ]
    return hashlib.blake2b(msgspec.json.encode(seen, order="sorted"), digest_size=12).hexdigest()


def changed_at(asset: Mapping[str, Any]) -> datetime | None:
    """When the asset last changed; `modification` is absent on one that never did."""
    return trail_date(asset.get("modification") or asset.get("creation"))


def versioned_at(asset: Mapping[str, Any]) -> datetime | None:
    """When its current version was made."""
    return trail_date(version_of(asset).get("creation"))


def trail_date(trail: object) -> datetime | None:
    try:
        return dates.instant(trail.get("date")) if isinstance(trail, Mapping) else None
    except dates.Unreadable:
        return None


def to_status(reading: Reading) -> tuple[Status, str]:
    """RELEASED is approved. Where the tenant also keeps an approval field, both must say so.

    Where the interface states no release at all (CORA has none), the field alone says it.
    """
    word = str(reading.asset.get("releaseStatus") or "")
    released = RELEASE.get(word, Status.UNKNOWN)
    bound = reading.bound("status")
    if bound is None:
        return released, word
    stated = field_status(bound)
    label = ", ".join([*([word] if word else []), *(one.label for one in bound.words())])
    if "releaseStatus" not in reading.asset:
        return stated, label
    return (released if stated is Status.APPROVED else stated), label


def field_status(bound: Bound) -> Status:
    known = {status.value: status for status in Status}
    found = {known.get(fields.canonical(word, bound.match) or "", Status.UNKNOWN) for word in bound.words()}
    return found.pop() if len(found) == 1 else Status.UNKNOWN


def to_window(reading: Reading) -> Period:
    """When the asset is available, narrowed by the tenant's own release and expiry fields where the profile has them."""
    own = reading.trying("availability", lambda: availability(reading), dates.NEVER)
    first, last = reading.bound("window.from"), reading.bound("window.until")
    if first is None and last is None:
        return own
    zone = reading.zone(last, first)
    raw = (first.raw if first else None, last.raw if last else None)
    return dates.both(own, reading.trying("release window", lambda: dates.between(*raw, zone), dates.NEVER))


def availability(reading: Reading) -> Period:
    stated = reading.asset.get("availability")
    if not isinstance(stated, Mapping):
        return unstated(reading)
    if stated.get("type") == "DIRECT":
        return Period() if stated.get("available") is True else dates.NEVER
    if stated.get("type") != "DATED":
        raise dates.Unreadable(f"{stated.get('type')!r} is no availability this connector knows")
    start, end = (dates.instant(stated[edge]) if stated.get(edge) is not None else None for edge in ("from", "to"))
    if end is not None and reading.quirks.last_day_counts:
        end = dates.whole_day(end, reading.profile.zone)
    return Period(start, end)


def unstated(reading: Reading) -> Period:
    if reading.quirks.availability_absent == "open":
        return Period()
    raise dates.Unreadable("not stated")


def identifiers(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Identifiers in comparable form; text that is none (a GTIN with a wrong check digit) is left out."""
    found = {}
    for name, bound in reading.under("ids.").items():
        said = (codes.identifier(name, one) for one in bound.meanings())
        known = tuple(dict.fromkeys(one for one in said if one))
        if known:
            found[name] = known
    return found


def languages(bound: Bound | None) -> tuple[str, ...]:
    """Language tags: by the profile, as written where they are tags, else by English name; others are left out."""
    spoken = (language(one) for one in bound.meanings()) if bound else ()
    return tuple(dict.fromkeys(one for one in spoken if one))


@cache
def language(word: str) -> str | None:
    """The tag of a language written as a tag or by its English name; None for any other word."""
    text = fields.tag(word)
    if LANGUAGE_TAG.fullmatch(text):
        main, *rest = text.split("-")
        known = pycountry.languages.get(alpha_2=main.lower()) or pycountry.languages.get(alpha_3=main.lower())
        return "-".join([main.lower(), *rest]) if known else None
    found = pycountry.languages.get(name=word)
    return str(getattr(found, "alpha_2", found.alpha_3)) if found else None


def other_fields(reading: Reading) -> dict[str, Any]:
    """The profile's further fields, and what sort of file it is as `category`."""
    found: dict[str, Any] = {"category": str(version_of(reading.asset).get("fileCategory") or "unknown").lower()}
    for name, bound in reading.under("fields.").items():
        found[name] = reading.trying(name, partial(bound.as_json, reading.zone(bound)), None)
    return found


def missing(reading: Reading) -> tuple[str, ...]:
    """What CELUM itself calls incomplete, which required fields are empty then, and what could not be understood."""
    stated = reading.asset.get("validationStatus")
    if not isinstance(stated, Mapping):
        stated = {"validation": False}
    named = [VALIDATION.get(name, str(name)) for name, valid in stated.items() if valid is not True]
    if stated.get("requiredFieldsValid") is False:
        named += empty_required(reading)
    if version_of(reading.asset).get("fileCategory") == "PLACEHOLDER":
        named.append("file")
    return tuple(dict.fromkeys([*named, *reading.problems]))


def empty_required(reading: Reading) -> list[str]:
    needed = [value for value in reading.values.values() if value.definition.get("required") is True and value.empty]
    return [pick(fields.labels(one.definition.get("labels"))) or one.name for one in needed]


def unnamed_references(asset: Mapping[str, Any]) -> Iterator[MutableMapping[str, Any]]:
    """References whose name the server left out (it resolves only the first few): to be named before `to_item`."""
    for value in fields.values(asset):
        if value.type in fields.REFERENCES:
            yield from (one for one in fields.references(value) if not fields.names(one.get("name")))
