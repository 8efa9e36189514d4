"""The delivery as callers see it, and its two stored rows: a narrow one that runs look up, a wide one that people read."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import Row, storable
from lockgate.model.plan import Outcome
from lockgate.model.verdict import Verdict

Held = Literal["none", "live", "hidden"]
"""What the target holds of the item: nothing, a visible copy, a hidden copy."""


class Delivery(msgspec.Struct, kw_only=True):
    """How one item of one flow stands, as last confirmed."""

    flow: str
    key: str
    rev: str = ""
    """The source's revision this was computed from."""
    title: str = ""
    outcome: Outcome
    code: str = ""
    reason: str = ""
    verdicts: list[Verdict] = []
    held: Held = "none"
    ref: str | None = None
    """The vendor's id of our copy in the target."""
    file_version: str | None = None
    file_digest: str | None = None
    """SHA-256 of the delivered file, hexadecimal."""
    fields_digest: str | None = None
    due: datetime | None = None
    """The first instant at which some verdict may change by itself."""
    at: datetime
    since: datetime
    """When the present state of the target was reached."""
    audit_n: int | None = None
    """The audit row that tells of the last act on this item; earlier ones are chained from there."""
    url: str | None = None
    identifiers: dict[str, list[str]] = {}
    """In comparable form (see `model.codes.identifier`)."""
    extras: dict[str, Any] = {}
    """What else people are shown: the address of a thumbnail, where the file is read from."""


class Detail(msgspec.Struct, array_like=True):
    """What stands in the blob of the wide row. New fields go to the end, with a default."""

    reason: str
    verdicts: list[Verdict]
    url: str | None
    identifiers: dict[str, list[str]]
    extras: dict[str, Any]


NARROW = (
    "flow", "key", "rev", "outcome", "code", "held", "ref", "file_version", "file_digest", "fields_digest",
    "due", "at", "since", "audit_n", "named",
)  # fmt: skip
WIDE = ("flow", "key", "title", "detail")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Detail).decode


def narrow(row: Delivery, named: int) -> Row:
    """The stored form of what `NARROW` names; `named` is `names_hash` of what it is found by."""
    digest = None if row.file_digest is None else bytes.fromhex(row.file_digest)
    return (
        row.flow, row.key, row.rev, row.outcome.value, row.code, row.held, row.ref, row.file_version, digest,
        row.fields_digest, micros(row.due), micros(row.at), micros(row.since), row.audit_n, named,
    )  # fmt: skip


def wide(row: Delivery) -> Row:
    """The stored form of what `WIDE` names."""
    detail = Detail(row.reason, row.verdicts, row.url, row.identifiers, row.extras)
    return (row.flow, row.key, storable(row.title), _encode(detail))


COPY = "~copy"
"""Kind under which an item is found by the id of its copy at the target; no identifier has such a kind."""


def names(identifiers: dict[str, list[str]], ref: str | None) -> Iterator[tuple[str, str]]:
    """Kind and value of all numbers an item is found by."""
    for kind, values in identifiers.items():
        for value in values:
            yield kind, storable(value)
    if ref:
        yield COPY, ref


def names_hash(row: Delivery) -> int:
    """A number that differs when what the item is found by does; 0 for nothing. It fits a signed 64-bit column."""
    if not row.identifiers and not row.title and not row.ref:
        return 0
    digest = blake2b(_encode((row.identifiers, row.title, row.ref)), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def opened(blob: bytes) -> Detail:
    return _decode(blob)


def delivery(row: Row) -> Delivery:
    """From the columns of `SELECTED`, in that order."""
    flow, key, rev, outcome, code, held, ref, version, digest, fields, due, at, since, audit_n, title, blob = row
    detail = _decode(blob)
    return Delivery(
        flow=flow, key=key, rev=rev, title=title, outcome=Outcome(outcome), code=code, reason=detail.reason,
        verdicts=detail.verdicts, held=held, ref=ref, file_version=version,
        file_digest=None if digest is None else bytes(digest).hex(), fields_digest=fields, due=instant(due),
        at=instant(at), since=instant(since), audit_n=audit_n, url=detail.url, identifiers=detail.identifiers,
        extras=detail.extras,
    )  # fmt: skip


SELECTED = ", ".join([*(f"d.{name}" for name in NARROW[:-1]), "w.title", "w.detail"])
JOINED = "delivery d JOIN delivery_detail w ON w.flow = d.flow AND w.key = d.key"
