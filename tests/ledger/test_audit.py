"""The audit chain: it tells what was done to an item, and shows every later change to itself."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger import Ledger, audit
from lockgate.ledger.audit import ChainBroken, Entry
from lockgate.ledger.audit.chain import chained, head_text

START = datetime(2030, 5, 1, 12, tzinfo=UTC)


async def tell(ledger: Ledger, pages: int = 4) -> list[int]:
    """Pages of three items each; every page acts on "a" again."""

    def job(c: Connection) -> list[int]:
        numbers: list[int] = []
        for page in range(pages):
            prev = numbers[-1] if numbers else None
            entries = [
                Entry("update", "a", f"digest-{page}", "", prev, {"to": page}),
                Entry("create", f"b{page}"),
                Entry("block", f"c{page}"),
            ]
            numbers.append(audit.append(c, START + timedelta(minutes=page), "flow", f"run-{page}", entries))
        return numbers

    return await ledger.write(job)


async def test_an_untouched_chain_holds(ledger: Ledger) -> None:
    assert await tell(ledger) == [1, 2, 3, 4]
    report = await ledger.read(audit.verify)
    assert (report.holds, report.rows, report.entries) == (True, 4, 12)
    assert report.last == await ledger.read(audit.head)
    assert await audit.verify_in_steps(ledger, known=report.last) == report


async def test_an_empty_chain_holds(ledger: Ledger) -> None:
    assert (await ledger.read(audit.verify)).holds


async def test_the_timeline_of_an_item_leads_back_through_its_acts(ledger: Ledger) -> None:
    numbers = await tell(ledger)
    told = await ledger.read(lambda c: audit.timeline(c, "flow", "a", numbers[-1]))
    assert [(one.n, one.run, one.entry.detail) for one in told] == [
        (n, f"run-{n - 1}", {"to": n - 1}) for n in (4, 3, 2, 1)
    ]
    assert told[0].at == START + timedelta(minutes=3)
    assert await ledger.read(lambda c: audit.timeline(c, "flow", "nobody", numbers[-1])) == []
    assert len(await ledger.read(lambda c: audit.timeline(c, "flow", "a", numbers[-1], limit=2))) == 2


async def test_what_people_do_is_told_apart_from_flows(ledger: Ledger) -> None:
    await tell(ledger)
    paused = Entry("pause", "flow/approved-assets", detail={"by": "console"})
    n = await ledger.write(lambda c: audit.append(c, START, "", "", [paused]))
    assert [(page.n, page.entries) for page in await ledger.read(lambda c: audit.recent(c, ""))] == [(n, [paused])]
    assert [page.n for page in await ledger.read(lambda c: audit.recent(c, "flow", before=4, limit=2))] == [3, 2]


def reseal(c: Connection, n: int) -> None:
    """Give row `n` the hash that fits it as it now is, as a careful forger would."""
    before = c.execute(sa.text("SELECT hash FROM audit WHERE n = :n"), {"n": n - 1}).scalar() or bytes(32)
    row = c.execute(sa.text("SELECT * FROM audit WHERE n = :n"), {"n": n}).one()
    hash = chained(bytes(before), head_text(row.n, row.at, row.flow, row.run, row.items), bytes(row.entries))
    c.execute(sa.text("UPDATE audit SET hash = :hash WHERE n = :n"), {"hash": hash, "n": n})


def statements(*texts: str) -> Callable[[Connection], None]:
    def job(c: Connection) -> None:
        for one in texts:
            c.execute(sa.text(one), {"blob": b"\x90", "hash": bytes(32)} if ":" in one else {})

    return job


def forged(n: int, *texts: str) -> Callable[[Connection], None]:
    def job(c: Connection) -> None:
        statements(*texts)(c)
        reseal(c, n)

    return job


def appended_behind_the_head(c: Connection) -> None:
    c.execute(sa.text("INSERT INTO audit SELECT 5, at, flow, run, items, entries, hash FROM audit WHERE n = 4"))
    reseal(c, 5)


SWAP = (
    "UPDATE audit SET n = -1 WHERE n = 2",
    "UPDATE audit SET n = 2 WHERE n = 3",
    "UPDATE audit SET n = 3 WHERE n = -1",
)
TAMPERING: dict[str, tuple[Callable[[Connection], None], int, str]] = {
    "other entries": (statements("UPDATE audit SET entries = :blob WHERE n = 2 AND hash <> :hash"), 2, "changed"),
    "another time": (statements("UPDATE audit SET at = at + 1 WHERE n = 2"), 2, "changed"),
    "another flow": (statements("UPDATE audit SET flow = 'other' WHERE n = 2"), 2, "changed"),
    "another run": (statements("UPDATE audit SET run = 'other' WHERE n = 2"), 2, "changed"),
    "another count": (statements("UPDATE audit SET items = 2 WHERE n = 2"), 2, "changed"),
    "another hash": (statements("UPDATE audit SET hash = :hash WHERE n = 2 AND entries <> :blob"), 2, "changed"),
    "text moved between fields": (
        statements("UPDATE audit SET flow = '', run = flow || run WHERE n = 2"),
        2,
        "changed",
    ),
    "rows changed places": (statements(*SWAP), 2, "changed"),
    "the first row gone": (statements("DELETE FROM audit WHERE n = 1"), 1, "missing"),
    "a middle row gone": (statements("DELETE FROM audit WHERE n = 2"), 2, "missing"),
    "a middle row gone and the gap closed": (
        statements(
            "DELETE FROM audit WHERE n = 2", "UPDATE audit SET n = 2 WHERE n = 3", "UPDATE audit SET n = 3 WHERE n = 4"
        ),
        2,
        "changed",
    ),
    "the last row gone": (statements("DELETE FROM audit WHERE n = 4"), 4, "missing at the end"),
    "all rows gone": (statements("DELETE FROM audit"), 1, "missing at the end"),
    "a row put before the first": (
        statements("INSERT INTO audit SELECT 0, at, flow, run, items, entries, hash FROM audit WHERE n = 1"),
        0,
        "before the first",
    ),
    "a row put behind the last": (appended_behind_the_head, 5, "behind the head"),
    "a middle row forged with its hash": (forged(2, "UPDATE audit SET run = 'other' WHERE n = 2"), 3, "changed"),
    "the last row forged with its hash": (forged(4, "UPDATE audit SET run = 'other' WHERE n = 4"), 4, "head"),
    "the head gone": (statements("DELETE FROM audit_head"), 4, "head"),
    "the head moved back": (statements("UPDATE audit_head SET n = 3"), 4, "behind the head"),
}


def try_all(c: Connection) -> dict[str, audit.AuditReport]:
    """What a check says after each kind of tampering, each undone before the next."""
    found = {}
    for kind, (tamper, _, _) in TAMPERING.items():
        with c.begin_nested() as undo:
            tamper(c)
            found[kind] = audit.verify(c)
            undo.rollback()
    return found


async def test_every_kind_of_tampering_shows_where_and_how(ledger: Ledger) -> None:
    await tell(ledger)
    reports = await ledger.write(try_all)
    assert {kind: report.broken for kind, report in reports.items()} == {
        kind: n for kind, (_, n, _) in TAMPERING.items()
    }
    told = {
        kind: (word, report.problem)
        for (kind, report), (_, _, word) in zip(reports.items(), TAMPERING.values(), strict=True)
    }
    assert [pair for pair in told.values() if pair[0] not in str(pair[1])] == []
    assert (await ledger.read(audit.verify)).holds


async def test_a_check_in_steps_finds_what_a_check_in_one_finds(ledger: Ledger) -> None:
    await tell(ledger)
    await ledger.write(TAMPERING["a middle row gone"][0])
    report = await audit.verify_in_steps(ledger)
    assert report == await ledger.read(audit.verify)
    assert not report.holds


def cut_with_its_head(c: Connection) -> None:
    c.execute(sa.text("DELETE FROM audit WHERE n = 4"))
    c.execute(sa.text("UPDATE audit_head SET n = 3, hash = (SELECT hash FROM audit WHERE n = 3)"))


def written_anew(c: Connection) -> None:
    c.execute(sa.text("UPDATE audit SET run = 'other' WHERE n = 2"))
    for n in (2, 3, 4):
        reseal(c, n)
    c.execute(sa.text("UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE n = 4)"))


@pytest.mark.parametrize("tamper", [cut_with_its_head, written_anew])
async def test_a_hash_kept_elsewhere_shows_even_a_chain_made_anew(
    ledger: Ledger, tamper: Callable[[Connection], None]
) -> None:
    await tell(ledger)
    known = await ledger.read(audit.head)
    await ledger.write(tamper)
    assert (await ledger.read(audit.verify)).holds
    report = await ledger.read(lambda c: audit.verify(c, known=known))
    assert report.broken == 4
    assert "kept" in str(report.problem)


async def test_nothing_is_appended_to_a_chain_without_an_end(ledger: Ledger) -> None:
    await ledger.write(statements("DELETE FROM audit_head"))
    with pytest.raises(ChainBroken, match="backup"):
        await tell(ledger)


async def test_a_long_chain_is_checked_and_exported_in_steps(ledger: Ledger) -> None:
    await tell(ledger, pages=1_001)
    report = await audit.verify_in_steps(ledger)
    assert (report.holds, report.rows) == (True, 1_001)
    assert audit.verify_lines([line async for line in audit.export(ledger)]) == report


async def test_a_bundle_verifies_with_nothing_but_sha256(ledger: Ledger) -> None:
    await tell(ledger)
    opening, *rows, closing = [json.loads(line) async for line in audit.export(ledger)]
    hash = bytes.fromhex(opening["hash"])
    for row in rows:
        entries = base64.b64decode(row["entries"])
        assert json.loads(row["head"]) == [row["n"], row["at"], row["flow"], row["run"], row["items"]]
        hash = sha256(hash + row["head"].encode() + sha256(entries).digest()).digest()
        assert hash.hex() == row["hash"]
    assert (closing["n"], closing["hash"]) == (4, hash.hex())
    assert rows[1]["told"][0] == {
        "act": "update",
        "key": "a",
        "digest": "digest-1",
        "code": "",
        "prev": 1,
        "detail": {"to": 1},
    }


async def test_a_bundle_may_start_where_the_last_one_ended(ledger: Ledger) -> None:
    await tell(ledger)
    lines = [line async for line in audit.export(ledger, after=2)]
    assert len(lines) == 4
    assert audit.verify_lines(lines, known=await ledger.read(audit.head)).holds
    with pytest.raises(ValueError, match="no row 9"):
        [line async for line in audit.export(ledger, after=9)]


def in_row(old: str, new: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [*lines[:2], lines[2].replace(old, new), *lines[3:]]


BUNDLES: dict[str, Callable[[list[str]], list[str]]] = {
    "another run": in_row('"run":"run-1"', '"run":"run-9"'),
    "another time": in_row("12:01:00", "11:01:00"),
    "another tale": in_row('"act":"update"', '"act":"remove"'),
    "another head": in_row('run-1\\"', 'run-9\\"'),
    "other entries": in_row('"entries":"', '"entries":"AAAA'),
    "no base64": in_row('"entries":"', '"entries":"?'),
    "a line gone": lambda lines: [*lines[:2], *lines[3:]],
    "lines changed places": lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
    "no closing line": lambda lines: lines[:-1],
    "cut in a line": lambda lines: [*lines[:4], lines[4][:100]],
    "rows and the closing line gone": lambda lines: lines[:2],
    "something after the end": lambda lines: [*lines, lines[-1]],
    "two bundles in one": lambda lines: [*lines[:2], *lines],
}


async def test_every_kind_of_tampering_with_a_bundle_shows(ledger: Ledger) -> None:
    await tell(ledger)
    lines = [line async for line in audit.export(ledger)]
    changed = {kind: change(lines) for kind, change in BUNDLES.items()}
    assert [kind for kind, one in changed.items() if one == lines] == []
    assert [kind for kind, one in changed.items() if audit.verify_lines(one).holds] == []
    assert audit.verify_lines(lines).holds


@pytest.mark.parametrize("lines", [[], ["{}"], ["no JSON"], ['{"format":"other/1"}']])
def test_a_file_that_is_no_bundle_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError, match="no audit bundle"):
        audit.verify_lines(lines)
