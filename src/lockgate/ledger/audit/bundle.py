"""The chain as JSON lines that verify themselves, with nothing but SHA-256 at hand.

First line: what the format is and the hash before the first row. Then a line a row: its fields, the exact `head` text and the
exact entries (base64 of their MessagePack) that are hashed, and the entries once more in JSON for people. Last line: number and
hash of the last row.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.audit.chain import GENESIS, Entry, entries_of, head_text
from lockgate.ledger.audit.check import STEP, AuditReport, Check
from lockgate.ledger.clock import instant
from lockgate.ledger.tables import audit as table

if TYPE_CHECKING:
    from lockgate.ledger.store import Ledger

FORMAT = "lockgate-audit/1"
RULE = "hash = sha256(hash before || head || sha256(entries)); hashes are hexadecimal here and 32 bytes in the rule"


class _Row(msgspec.Struct, kw_only=True):
    n: int
    at: int
    time: str
    flow: str
    run: str
    items: int
    head: str
    entries: str
    told: list[dict[str, Any]]
    hash: str


def export_rows(c: Connection, *, after: int = 0, limit: int = STEP) -> list[str]:
    """The lines of the rows behind number `after`."""
    rows = c.execute(sa.select(table).where(table.c.n > after).order_by(table.c.n).limit(limit))
    return [_line(row) for row in rows]


async def export(ledger: "Ledger", *, after: int = 0) -> AsyncIterator[str]:
    """All lines of a bundle of the rows behind number `after`, read in short steps."""
    start = (
        await ledger.read(lambda c: c.execute(sa.select(table.c.hash).where(table.c.n == after)).scalar()) or GENESIS
    )
    yield _text({"format": FORMAT, "rule": RULE, "after": after, "hash": bytes(start).hex()})
    n, hash = after, bytes(start).hex()
    while lines := await ledger.read(partial(export_rows, after=n)):
        for line in lines:
            yield line
        last = msgspec.json.decode(lines[-1], type=_Row)
        n, hash = last.n, last.hash
    yield _text({"end": n, "hash": hash})


def verify_lines(lines: Iterable[str]) -> AuditReport:
    """Check a bundle by itself: chain, heads, and that the entries told are those that were hashed."""
    iterator = iter(lines)
    opening = msgspec.json.decode(next(iterator, "null"))
    if not isinstance(opening, dict) or opening.get("format") != FORMAT:
        raise ValueError(f"This is no audit bundle: its first line does not say {FORMAT}")
    check = Check(start=(opening["after"], bytes.fromhex(opening["hash"])))
    closing: dict[str, Any] | None = None
    for line in iterator:
        found = msgspec.json.decode(line)
        if "end" in found:
            closing = found
            break
        _check_row(check, msgspec.convert(found, _Row))
    if closing is None:
        check.fail(check.n + 1, "the last line is missing: the bundle was cut")
    else:
        check.end((closing["end"], bytes.fromhex(closing["hash"])))
    return check.report()


def _check_row(check: Check, row: _Row) -> None:
    try:
        blob = base64.b64decode(row.entries, validate=True)
        told = [_entry(one) for one in entries_of(blob)]
    except (binascii.Error, msgspec.DecodeError):
        check.fail(row.n, f"the entries of row {row.n} cannot be read")
        return
    check.row(row.n, row.at, row.flow, row.run, row.items, blob, bytes.fromhex(row.hash))
    as_hashed = (head_text(row.n, row.at, row.flow, row.run, row.items), instant(row.at).isoformat(), told)
    if check.problem is None and (row.head, row.time, row.told) != as_hashed:
        check.fail(row.n, f"row {row.n} tells people something else than what was hashed")


def _line(row: Any) -> str:
    return _text(
        _Row(
            n=row.n,
            at=row.at,
            time=instant(row.at).isoformat(),
            flow=row.flow,
            run=row.run,
            items=row.items,
            head=head_text(row.n, row.at, row.flow, row.run, row.items),
            entries=base64.b64encode(row.entries).decode(),
            told=[_entry(one) for one in entries_of(row.entries)],
            hash=bytes(row.hash).hex(),
        )
    )


def _entry(one: Entry) -> dict[str, Any]:
    """An entry as JSON tells it (after JSON's own types, so that both sides of a check compare alike)."""
    told: dict[str, Any] = msgspec.to_builtins(msgspec.structs.asdict(one))
    return told


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
