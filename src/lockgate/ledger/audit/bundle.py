"""The chain as JSON lines that verify themselves, with nothing but SHA-256 at hand.

The opening line says the rule and the hash the bundle starts from. Then a line a row: its fields, the exact `head` text and the exact
entries (base64 of their MessagePack) that are hashed, and the entries once more for people. The closing line names the last row.
"""

import base64
from collections.abc import AsyncIterator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.audit.chain import GENESIS, Entry, entries_of, head_text
from lockgate.ledger.audit.check import STEP, AuditReport, Check
from lockgate.ledger.clock import instant
from lockgate.ledger.tables import audit as table

if TYPE_CHECKING:
    from lockgate.ledger.store import Ledger

FORMAT: Final = "lockgate-audit/1"
RULE = "hash = sha256(hash before || head || sha256(entries)); hashes are hexadecimal here and 32 bytes in the rule"


class _Opening(msgspec.Struct, kw_only=True, tag_field="line", tag="opening"):
    format: Literal["lockgate-audit/1"] = FORMAT
    rule: str = RULE
    after: int
    hash: str


class _Row(msgspec.Struct, kw_only=True, tag_field="line", tag="row"):
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


class _Closing(msgspec.Struct, kw_only=True, tag_field="line", tag="closing"):
    n: int
    hash: str


_decode = msgspec.json.Decoder(_Opening | _Row | _Closing).decode


def export_rows(c: Connection, *, after: int = 0, limit: int = STEP) -> list[str]:
    """The lines of the rows behind number `after`."""
    rows = c.execute(sa.select(table).where(table.c.n > after).order_by(table.c.n).limit(limit))
    return [_line(row) for row in rows]


async def export(ledger: "Ledger", *, after: int = 0) -> AsyncIterator[str]:
    """All lines of a bundle of the rows behind number `after`, read in short steps."""
    last = _Closing(n=after, hash=(await ledger.read(partial(_hash_of, n=after))).hex())
    yield _text(_Opening(after=last.n, hash=last.hash))
    while lines := await ledger.read(partial(export_rows, after=last.n)):
        for line in lines:
            yield line
        last = msgspec.convert(_decode(lines[-1]), _Closing, from_attributes=True)
    yield _text(last)


def verify_lines(lines: Iterable[str], *, known: tuple[int, str] | None = None) -> AuditReport:
    """Check a bundle by itself: chain, ends, and that what it tells people is what was hashed.

    ValueError when it is no bundle at all. `known` is the number and hash of a row, kept elsewhere.
    """
    iterator = iter(lines)
    try:
        opening = msgspec.json.decode(next(iterator, ""), type=_Opening)
    except msgspec.MsgspecError:
        raise ValueError(f"This is no audit bundle: its first line does not say {FORMAT}") from None
    check = Check(known, start=(opening.after, bytes.fromhex(opening.hash)))
    ended = False
    for line in iterator:
        if ended:
            check.fail(check.n + 1, "lines follow the closing one")
        ended = _check_line(check, line)
    if not ended:
        check.fail(check.n + 1, "the closing line is missing: the bundle was cut")
    return check.report()


def _check_line(check: Check, line: str) -> bool:
    """Check one line after the opening; whether it was the closing one."""
    try:
        found = _decode(line)
        if isinstance(found, _Row):
            _check_row(check, found)
        elif isinstance(found, _Closing):
            check.end((found.n, bytes.fromhex(found.hash)))
            return True
        else:
            check.fail(check.n + 1, "a second bundle begins in this one")
    except (msgspec.MsgspecError, ValueError):
        check.fail(check.n + 1, f"the line after row {check.n} cannot be read")
    return False


def _check_row(check: Check, row: _Row) -> None:
    blob = base64.b64decode(row.entries, validate=True)
    told = [_entry(one) for one in entries_of(blob)]
    check.row(row.n, row.at, row.flow, row.run, row.items, blob, bytes.fromhex(row.hash))
    as_hashed = (head_text(row.n, row.at, row.flow, row.run, row.items), instant(row.at).isoformat(), told)
    if (row.head, row.time, row.told) != as_hashed:
        check.fail(row.n, f"row {row.n} tells people something else than what was hashed")


def _hash_of(c: Connection, n: int) -> bytes:
    if n == 0:
        return GENESIS
    found: bytes | None = c.execute(sa.select(table.c.hash).where(table.c.n == n)).scalar()
    if found is None:
        raise ValueError(f"The audit chain has no row {n}")
    return bytes(found)


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
    """An entry as JSON tells it, with names."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(msgspec.structs.asdict(one)))
    return told


def _text(line: _Opening | _Row | _Closing) -> str:
    return msgspec.json.encode(line).decode()
