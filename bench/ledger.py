"""`python -m bench.ledger --items 1000000 --home DIR`: an installation with so many items in its ledger, to look at and to measure.

Nothing is asked of any system: rows are written as runs write them, by the ledger's own functions. The flows are paused.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

import lockgate.recipes
from lockgate.app.settings import AppSettings
from lockgate.ledger import Ledger, audit, connections, deliveries, flows, inbox, links, parked, runs, tallies
from lockgate.ledger.audit import Entry
from lockgate.ledger.connections import ConnectionRow
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.flows import FlowRow
from lockgate.ledger.inbox import Hint
from lockgate.ledger.links import LinkRow
from lockgate.ledger.parked import Parked
from lockgate.ledger.runs import Run
from lockgate.model.plan import Account, Outcome
from lockgate.model.verdict import allow, deny

RECIPE = "approved-assets-to-products"
FLOWS = ("assets-to-pim", "campaigns-to-pim", "packshots-to-pim")
PAGE = 2_000
ADJECTIVES = ("white", "plum", "blue", "red", "green", "steel", "oak", "small", "large", "folding", "classic", "soft")
NOUNS = ("mug", "backpack", "kettle", "lamp", "chair", "table", "shirt", "jacket", "bottle", "bowl", "plate", "clock")
STANDS = (
    (70, Outcome.WRITTEN, "", "live"),
    (8, Outcome.BLOCKED, "rights.territory", "none"),
    (5, Outcome.BLOCKED, "approved.no", "none"),
    (4, Outcome.BLOCKED, "window.ended", "hidden"),
    (4, Outcome.BLOCKED, "rights.unknown", "none"),
    (4, Outcome.UNCHANGED, "", "live"),
    (3, Outcome.PARKED, "product.missing", "none"),
    (1, Outcome.PARKED, "product.ambiguous", "none"),
    (1, Outcome.PARKED, "rejected", "live"),
)
"""Shares in a hundred: outcome, reason, what the target holds."""


def main() -> int:
    line = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    line.add_argument("--items", type=int, default=1_000_000)
    line.add_argument("--home", type=Path, required=True, help="the installation's folder, made where it is not there")
    line.add_argument("--database", default="", help="postgresql://… instead of SQLite in the home")
    line.add_argument("--seed", type=int, default=0)
    asked = line.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    settings = AppSettings(home=asked.home, database=asked.database)
    begun, worked = time.perf_counter(), time.process_time()
    asyncio.run(fill(settings.database_url, asked.items, asked.seed))
    took, cpu = time.perf_counter() - begun, time.process_time() - worked
    sys.stdout.write(f"{asked.items:,} items in {took:.0f} s, {cpu / asked.items * 1e6:.0f} µs of processor each\n")
    return 0


async def fill(url: str, items: int, seed: int, now: datetime | None = None) -> None:
    """Fill the ledger at this URL; the same seed makes the same items."""
    at = now or datetime.now(UTC)
    chance = random.Random(seed)  # noqa: S311 - no secret
    async with await Ledger.open(url) as ledger:
        await ledger.write(lambda c: installed(c, at))
        for start in range(0, items, PAGE):
            page = [made(chance, number, at) for number in range(start, min(start + PAGE, items))]
            await ledger.write(lambda c, page=page: recorded(c, page, at), bulk=True)  # type: ignore[misc]
        await ledger.write(lambda c: history(c, chance, at), bulk=True)


def installed(c: Connection, at: datetime) -> None:
    for name, connector in (("celum-demo", "celum"), ("portal-demo", "fourallportal")):
        settings = {"site": f"https://{connector}.example"}
        connections.put(c, ConnectionRow(name=name, connector=connector, settings=settings, state="ready"))
    for name in FLOWS:
        binding = f"flow: {name}\nrecipe: {RECIPE}\nuses: {{dam: celum-demo, pim: portal-demo}}\n"
        recipe = lockgate.recipes.get(RECIPE)
        flows.put(c, FlowRow(name=name, recipe=recipe, binding=binding, state="paused", created=at))


def made(chance: random.Random, number: int, at: datetime) -> Delivery:
    _, outcome, code, held = chance.choices(STANDS, [stand[0] for stand in STANDS])[0]
    title = (
        f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}, {chance.choice(ADJECTIVES)} {number % 5_000}".capitalize()
    )
    looked = at - timedelta(minutes=chance.randrange(60 * 24 * 30))
    gate = (
        deny("its rights say nothing of AT", code=code)
        if outcome is Outcome.BLOCKED
        else allow("cleared in DE, AT, CH")
    )
    there = held != "none"
    return Delivery(
        flow=FLOWS[number % 10 % len(FLOWS)],
        key=str(100_000 + number),
        rev=f"{number:x}@0123456789ab",
        title=title,
        outcome=outcome,
        code=code,
        reason=gate.reason,
        verdicts=[allow("it is approved"), allow("it may be used now"), gate],
        held=held,  # type: ignore[arg-type]
        ref=f"{chance.getrandbits(128):032x}" if there else None,
        file_version=str(number) if there else None,
        file_digest=f"{chance.getrandbits(256):064x}" if there else None,
        fields_digest=f"{chance.getrandbits(64):016x}" if there else None,
        due=at + timedelta(days=chance.randrange(1, 900)) if chance.random() < 0.2 else None,
        at=looked,
        since=looked,
        identifiers={"sku": [f"LG-{number // 4:06}"], "gtin": [f"{chance.randrange(10**13):014}"]},
        extras={"filename": f"{number}.jpg", "fields": {"title": {"en": title}}} if there else {},
    )


def recorded(c: Connection, page: Sequence[Delivery], at: datetime) -> None:
    for flow in FLOWS:
        mine = [row for row in page if row.flow == flow]
        entries = [
            Entry(act=row.outcome.value, key=row.key, code=row.code, detail={"reason": row.reason}) for row in mine
        ]
        number = audit.append(c, at, flow, f"first-{flow}", entries)
        for row in mine:
            row.audit_n = number
    deliveries.put(c, page)
    parked.put(c, [waiting(row) for row in page if row.outcome is Outcome.PARKED])
    links.put(c, [linked(row) for row in page if row.held == "live"])


def waiting(row: Delivery) -> Parked:
    waits = (f"portal-demo|product|sku|{row.identifiers['sku'][0]}",) if row.code == "product.missing" else ()
    return Parked(flow=row.flow, key=row.key, code=row.code, reason=row.reason, waits=waits, since=row.since)


def linked(row: Delivery) -> LinkRow:
    product = f"product-{row.identifiers['sku'][0]}"
    return LinkRow(flow=row.flow, key=row.key, kind="product", id=product, field="images", ref=row.ref, at=row.since)


def history(c: Connection, chance: random.Random, at: datetime) -> None:
    """Runs of three years, tallies of two days, and hints that wait."""
    for run in past_runs(chance, at):
        runs.create(c, run)
    for hour in range(48):
        for flow in FLOWS:
            written, blocked = chance.randrange(500), chance.randrange(60)
            account = Account(
                read=written + blocked, written=written, blocked=blocked, reasons={"rights.unknown": blocked}
            )
            tallies.add(c, flow, at - timedelta(hours=hour), account)
    inbox.hint(c, [Hint(flow=FLOWS[0], key=str(100_000 + number), lane="live") for number in range(500)])


def past_runs(chance: random.Random, at: datetime) -> Iterator[Run]:
    for day in range(3 * 365):
        for flow in FLOWS:
            begun = at - timedelta(days=day, minutes=chance.randrange(600))
            account = Account(read=1_000, unchanged=990, written=10)
            run_id = f"{begun:%Y%m%dT%H%M%S%f}-0000-{flow}"
            yield Run(
                id=run_id,
                flow=flow,
                kind="sweep",
                state="failed" if chance.random() < 0.01 else "done",
                started=begun,
                finished=begun + timedelta(minutes=3),
                account=account,
                total=1_000,
            )


if __name__ == "__main__":
    raise SystemExit(main())
