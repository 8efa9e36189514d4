"""Bodies of webhooks → what they tell of items. Pure.

A body is a CloudEvent (structured, binary or a batch), a Standard Webhooks payload or any JSON: settings say by paths where
things are. CloudEvents in binary mode are read as if they had come structured, so that one path fits both.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

import msgspec

from lockgate.connectors.webhook.settings import WebhookSettings
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected

HEADER = "header:"
EVENT, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
TIMES = ("time", "timestamp")
"""Where CloudEvents and Standard Webhooks say when something happened."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one event tells of one item."""

    id: str
    version: str = ""
    gone: bool = False
    at: datetime | None = None
    record: dict[str, Any] = {}


def read(settings: WebhookSettings, request: HookRequest) -> list[Told]:
    """Everything a body tells that concerns us. Raises Rejected for a body of another form."""
    typed = [(envelope, type_of(settings, envelope, request)) for envelope in envelopes(request)]
    return [found for envelope, type in typed if concerns(settings, type) for found in told(settings, envelope, type)]


def envelopes(request: HookRequest) -> list[Any]:
    """The events of a body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if "ce-specversion" in request.headers:
        return [binary(request)]
    body = decoded(request.body)
    if kind == BATCH:
        if not isinstance(body, list):
            raise Rejected("A batch of CloudEvents came that is no list.", code="hook.form")
        return [unpacked(one) for one in body]
    return [unpacked(body) if kind == EVENT else body]


def binary(request: HookRequest) -> dict[str, Any]:
    """Attributes from headers, data from the body (CloudEvents HTTP binding, 3.1)."""
    attributes = {
        name.removeprefix("ce-"): unquote(value) for name, value in request.headers.items() if name.startswith("ce-")
    }
    return {**attributes, "data": decoded(request.body) if request.body else None}


def unpacked(event: Any) -> Any:
    """An event whose data came as base64, with its data."""
    if not isinstance(event, dict) or "data_base64" not in event:
        return event
    try:
        data = base64.b64decode(str(event["data_base64"]), validate=True)
    except ValueError as problem:
        raise Rejected("A CloudEvent came whose data_base64 is no base64.", code="hook.form") from problem
    return {**event, "data": decoded(data)}


def decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Rejected("A webhook came whose body is no JSON.", code="hook.form") from problem


def type_of(settings: WebhookSettings, envelope: Any, request: HookRequest) -> str:
    if settings.type.startswith(HEADER):
        return request.headers.get(settings.type.removeprefix(HEADER).strip().lower(), "")
    found = at(envelope, settings.type) if settings.type else None
    return found if isinstance(found, str) else ""


def concerns(settings: WebhookSettings, type: str) -> bool:
    return any(fnmatchcase(type, glob) for glob in settings.types)


def told(settings: WebhookSettings, envelope: Any, type: str) -> Iterator[Told]:
    gone = any(fnmatchcase(type, glob) for glob in settings.gone_types)
    for one in members(settings, envelope):
        deleted = gone or (bool(settings.deleted) and at(one, settings.deleted) not in (None, False, 0, "", "false"))
        record = at(one, settings.record)
        if not deleted and not isinstance(record, dict):
            raise Rejected(f"A webhook came without a record at {settings.record or 'its top'}.", code="hook.form")
        version = version_of(settings, one, envelope)
        when = rank(version)
        yield Told(
            id=id_of(settings, one),
            version=version,
            gone=deleted,
            at=when if isinstance(when, datetime) else None,
            record=record if isinstance(record, dict) and not deleted else {},
        )


def members(settings: WebhookSettings, envelope: Any) -> list[Any]:
    if not settings.each:
        return [envelope]
    found = at(envelope, settings.each)
    if not isinstance(found, list):
        raise Rejected(f"A webhook came without a list of records at {settings.each}.", code="hook.form")
    return found


def id_of(settings: WebhookSettings, one: Any) -> str:
    found = at(one, settings.id)
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise Rejected(f"A webhook came that names no item at {settings.id or 'its top'}.", code="hook.form")
    return str(found)


def version_of(settings: WebhookSettings, one: Any, envelope: Any) -> str:
    if settings.version:
        found = at(one, settings.version)
    else:
        found = next((known for name in TIMES if (known := at(envelope, name)) is not None), None)
    return str(found) if isinstance(found, str | int | float) else ""


def older(stated: str, known: str) -> bool:
    """Whether a version is surely older than another: both numbers, or both instants. Else the order of arrival holds."""
    one, other = rank(stated), rank(known)
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one < other
    return isinstance(one, datetime) and isinstance(other, datetime) and one < other


def rank(version: str) -> Decimal | datetime | None:
    try:
        number = Decimal(version)
    except InvalidOperation:
        pass
    else:
        return number if number.is_finite() else None
    try:
        instant = datetime.fromisoformat(version)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def at(value: Any, path: str) -> Any:
    """What is at `data.items.0.id`; None where nothing is. The empty path is the value itself."""
    for name in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
