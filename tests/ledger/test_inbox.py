"""The inbox: one row per item, the most urgent hint wins, nothing that came meanwhile is lost."""

from datetime import UTC, datetime, timedelta

from lockgate.ledger import Ledger, inbox
from lockgate.ledger.inbox import Hint

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def hint(ledger: Ledger, *hints: Hint) -> None:
    await ledger.write(lambda c: inbox.hint(c, hints, at=NOW))


async def take(ledger: Ledger, now: datetime = NOW, **filters: object) -> list[inbox.InboxRow]:
    return await ledger.read(lambda c: inbox.take(c, limit=100, now=now, **filters))  # type: ignore[arg-type]  # as given


async def test_an_item_hinted_often_stands_in_the_inbox_once(ledger: Ledger) -> None:
    for _ in range(3):
        await hint(ledger, Hint(flow="f", key="a"), Hint(flow="f", key="a"), Hint(flow="g", key="a"))
    assert [(row.flow, row.key) for row in await take(ledger)] == [("f", "a"), ("g", "a")]


async def test_a_hint_that_comes_during_the_work_survives_its_record(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a", reason="first"))
    taken = await take(ledger)
    await hint(ledger, Hint(flow="f", key="a", reason="second"))
    await ledger.write(lambda c: inbox.done(c, [row.id for row in taken]))
    assert [row.reason for row in await take(ledger)] == ["second"]
