"""Records → our items, and what a sample tells of their fields. Pure."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec
from yarl import URL

from lockgate.connectors.webhook.reading import Told, at
from lockgate.connectors.webhook.settings import WebhookSettings
from lockgate.kit.profile import FieldInfo, Profile
from lockgate.kit.records import items, values
from lockgate.model.item import Item, Rendition

ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256"}
"""By the number of hex digits."""
DIGEST = re.compile(r"(?:(md5|sha1|sha256):)?([0-9a-f]+)")
DEPTH = 3


def to_item(told: Told, settings: WebhookSettings, system: str, profile: Profile) -> Item:
    """What the record states. What it does not state stays unknown."""
    record = {**items.flat(told.record), **nested(told.record, profile, settings.kind)}
    rendition, problem = to_rendition(told.record, settings)
    if problem:
        record[items.PROBLEMS] = [*record.get(items.PROBLEMS, ()), problem]
    return items.to_item(
        settings.kind,
        told.id,
        revision(told),
        record,
        system=system,
        profile=profile,
        place="webhook",
        renditions=(rendition,) if rendition else (),
        modified=told.at,
    )


def revision(told: Told) -> str:
    return hashlib.blake2b(msgspec.json.encode(told.record, order="deterministic"), digest_size=16).hexdigest()


def nested(record: Mapping[str, Any], profile: Profile, kind: str) -> dict[str, Any]:
    """Values that the profile matches deeper in the record, by their path."""
    matched = (one.field for one in profile.matches.get(kind, ()))
    return {path: at(record, path) for path in matched if "." in path and path not in record}


def to_rendition(record: Mapping[str, Any], settings: WebhookSettings) -> tuple[Rendition | None, str]:
    """The file whose address the record states; else the reason why there is none, where one was stated."""
    address = at(record, settings.file) if settings.file else None
    if not address:
        return None, ""
    url = as_address(address)
    if url is None:
        return None, f"{settings.file}: {address!r} is no http address of a file"
    stated = at(record, settings.file_digest) if settings.file_digest else None
    digest = as_digest(stated)
    if stated and digest is None:
        return None, f"{settings.file_digest}: {stated!r} is no digest such as sha256:…"
    name = at(record, settings.file_name) if settings.file_name else None
    filename = PurePosixPath(str(name or url.name).replace("\\", "/")).name or "file"
    version = digest or hashlib.sha256(str(url).encode()).hexdigest()
    return Rendition(
        name="original",
        filename=filename,
        address=str(url),
        version=version,
        digest=digest,
        media_type=mimetypes.guess_type(filename)[0],
    ), ""


def as_address(stated: Any) -> URL | None:
    try:
        url = URL(stated) if isinstance(stated, str) else None
    except ValueError:
        return None
    return url if url is not None and url.scheme in {"http", "https"} and url.host else None


def as_digest(stated: Any) -> str | None:
    found = DIGEST.fullmatch(str(stated).strip().lower()) if stated else None
    algorithm = ALGORITHMS.get(len(found[2])) if found else None
    if found is None or algorithm is None or found[1] not in {None, algorithm}:
        return None
    return f"{algorithm}:{found[2]}"


def fields_of(record: Mapping[str, Any]) -> tuple[FieldInfo, ...]:
    """The fields of a sample record, those of objects in it by their path."""
    return tuple(field for field in described(items.flat(record), "", 0))


def described(record: Mapping[str, Any], before: str, depth: int) -> Iterator[FieldInfo]:
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, dict) and depth < DEPTH and not by_language(value):
            yield from described(value, f"{path}.", depth + 1)
        else:
            shown = value[0] if isinstance(value, list) and value else value
            yield FieldInfo(
                name=path, type=type_of(shown), multiple=isinstance(value, list), localized=by_language(value)
            )


def by_language(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(values.TAG.fullmatch(str(one)) for one in value)


def type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        return "instant" if "T" in value else "date"
    return "text"
