"""Several processes, one ledger: nothing acknowledged is lost, nobody starves, the audit chain stays one."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger import Ledger, audit, inbox
from lockgate.ledger.inbox import Hint
from lockgate.ledger.schema import upgrade

SCRIBE = Path(__file__).with_name("scribe.py")


@contextmanager
def scribe(url: str, name: str, count: int, *kind: str) -> Iterator[Popen[str]]:
    """A writing process; it is gone at the end."""
    command = [sys.executable, "-W", "error", str(SCRIBE), url, name, str(count), *kind]
    with Popen(command, stdout=PIPE, text=True) as process:  # noqa: S603 - our own script
        try:
            yield process
        finally:
            process.kill()


def said(process: Popen[str]) -> Iterator[str]:
    """What the process acknowledged, line by line; a last line without its end was not said."""
    assert process.stdout is not None
    return (line.strip() for line in process.stdout if line.endswith("\n"))


def recorded(c: Connection) -> dict[str, list[str]]:
    """The keys by table that every job writes to."""
    tables = ("inbox", "delivery", "delivery_detail")
    return {name: list(c.execute(sa.text(f"SELECT key FROM {name} ORDER BY key")).scalars()) for name in tables}  # noqa: S608


async def test_what_a_killed_process_had_acknowledged_is_there_and_whole(database_url: str) -> None:
    acknowledged: list[str] = []
    for round in range(2):
        with scribe(database_url, f"round-{round}", 1_000_000) as process:
            lines = said(process)
            acknowledged += [next(lines) for _ in range(40 + 60 * round)]
            process.kill()
            acknowledged += lines
    async with await Ledger.open(database_url) as ledger:
        by_table = await ledger.read(recorded)
        report = await ledger.read(audit.verify)
        if ledger.sqlite:
            assert await ledger.read(lambda c: c.execute(sa.text("PRAGMA integrity_check")).scalar()) == "ok"
    assert set(acknowledged) <= set(by_table["delivery"])
    assert by_table["delivery"] == by_table["delivery_detail"] == by_table["inbox"]
    assert report.holds
    assert report.entries == len(by_table["delivery"])


async def test_two_processes_write_side_by_side(database_url: str) -> None:
    upgrade(database_url)
    with scribe(database_url, "one", 150) as one, scribe(database_url, "two", 150) as two:
        assert [len(list(said(process))) for process in (one, two)] == [150, 150]
        assert [process.wait(10) for process in (one, two)] == [0, 0]
    async with await Ledger.open(database_url) as ledger:
        by_table = await ledger.read(recorded)
        report = await ledger.read(audit.verify)
    assert [len(keys) for keys in by_table.values()] == [300, 300, 300]
    assert (report.holds, report.rows) == (True, 300)


async def test_a_bulk_writer_next_door_does_not_starve_live_writes(sqlite_url: str) -> None:
    async with await Ledger.open(sqlite_url) as ledger:
        with scribe(sqlite_url, "bulk", 1_000_000, "bulk") as process:
            lines = said(process)
            await asyncio.to_thread(next, lines)
            waits = [await timed(ledger, number) for number in range(60)]
            await asyncio.to_thread(next, lines)
    # SQLite's own busy handler let a live write wait for ten seconds here; a bulk commit takes some tens of milliseconds.
    assert max(waits) < 2
    assert sorted(waits)[30] < 0.5


async def timed(ledger: Ledger, number: int) -> float:
    began = time.monotonic()
    await ledger.write(lambda c: inbox.hint(c, [Hint(flow="live", key=str(number))]))
    return time.monotonic() - began


async def test_the_write_ahead_log_is_folded_away_at_the_end(sqlite_url: str, tmp_path: Path) -> None:
    async with await Ledger.open(sqlite_url) as ledger:
        await ledger.write(lambda c: inbox.hint(c, [Hint(flow="f", key=str(number)) for number in range(2_000)]))
        assert (tmp_path / "ledger.db-wal").stat().st_size > 0
    assert not (tmp_path / "ledger.db-wal").exists()
