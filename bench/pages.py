"""`python -m bench.pages --home DIR`: what each list, count and search costs on the ledger in this folder, in milliseconds.

`python -m bench.ledger` makes such a ledger. Each question is asked several times of the open installation, as a page asks it;
told are the first time, then of the rest the least and the median, and the median of processor time. Nothing is written.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from bench.ledger import FLOWS
from lockgate.app import views
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.settings import AppSettings
from lockgate.model.plan import Outcome

FLOW = FLOWS[0]
Ask = Callable[[Lockgate], Awaitable[Any]]


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds of one question."""

    question: str
    first: float
    least: float
    median: float
    processor: float
    """Of this process, the median; what the clock says beside it depends on what else the machine does."""


def main() -> int:
    line = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    line.add_argument("--home", type=Path, required=True)
    line.add_argument("--database", default="", help="postgresql://… instead of SQLite in the home")
    line.add_argument("--times", type=int, default=7)
    line.add_argument("--json", action="store_true")
    asked = line.parse_args()
    costs = asyncio.run(measured(AppSettings(home=asked.home, database=asked.database), asked.times))
    sys.stdout.write(msgspec.json.encode(costs).decode() + "\n" if asked.json else table(costs))
    return 0


async def measured(settings: AppSettings, times: int) -> list[Cost]:
    async with opened(settings) as app:
        questions = await asked_of(app)
        return [await cost(app, question, ask, times) for question, ask in questions.items()]


async def cost(app: Lockgate, question: str, ask: Ask, times: int) -> Cost:
    took, worked = [], []
    for _ in range(times + 1):
        begun, cpu = time.perf_counter(), time.process_time()
        await ask(app)
        took.append((time.perf_counter() - begun) * 1e3)
        worked.append((time.process_time() - cpu) * 1e3)
    rest = took[1:]
    return Cost(question=question, first=took[0], least=min(rest), median=median(rest), processor=median(worked[1:]))


async def asked_of(app: Lockgate) -> dict[str, Ask]:
    """The questions, some of them about an item from the middle of the ledger."""
    middle = await views.items(app, flow=FLOW, outcome=Outcome.WRITTEN, after=await far(app))
    one = await views.item(app, FLOW, middle.rows[0].key)
    sku, gtin = one.identifiers["sku"][0], one.identifiers["gtin"][0]
    return {
        "overview": views.overview,
        "flows, all": views.flow_lines,
        "flow, one": lambda a: views.flow(a, FLOW),
        "items, all": views.items,
        "items of a flow, a page far behind": lambda a: views.items(a, flow=FLOW, after=middle.next),
        "items written": lambda a: views.items(a, outcome=Outcome.WRITTEN),
        "items by flow and code": lambda a: views.items(a, flow=FLOW, code="rights.unknown"),
        "items the target shows": lambda a: views.items(a, held="live"),
        "items the target hides": lambda a: views.items(a, flow=FLOW, held="hidden"),
        "items blocked and shown (none)": lambda a: views.items(a, outcome=Outcome.BLOCKED, held="live"),
        "items by a rare text": lambda a: views.items(a, text="plum kettle 4711"),
        "items by a frequent text": lambda a: views.items(a, flow=FLOW, text="mug"),
        "items by the beginning of a word": lambda a: views.items(a, text="ket"),
        "items by text and code": lambda a: views.items(a, text="mug", code="window.ended"),
        "items by SKU": lambda a: views.items(a, text=sku),
        "item, one": lambda a: views.item(a, FLOW, one.key),
        "timeline of an item": lambda a: views.timeline(a, FLOW, one.key),
        "search: SKU": lambda a: views.search(a, sku),
        "search: GTIN": lambda a: views.search(a, gtin),
        "search: item id": lambda a: views.search(a, one.key),
        "search: copy id": lambda a: views.search(a, one.place.ref or ""),
        "search: beginning of a SKU": lambda a: views.search(a, sku[:6]),
        "search: words of a title": lambda a: views.search(a, one.title),
        "search: one frequent word": lambda a: views.search(a, "mug"),
        "search: beginning of a frequent word": lambda a: views.search(a, "kett"),
        "search: one letter": lambda a: views.search(a, "b"),
        "search: nothing": lambda a: views.search(a, "no such thing"),
        "where used, by SKU": lambda a: views.where_used(a, sku),
        "where used, by product": lambda a: views.where_used(a, f"product-{sku}"),
        "parked, all": views.parked_items,
        "parked by flow and code": lambda a: views.parked_items(a, flow=FLOW, code="product.missing"),
        "parked, the longest first": lambda a: views.parked_items(a, order="oldest"),
        "parked of a flow, the longest first": lambda a: views.parked_items(a, flow=FLOW, order="oldest"),
        "parked by text": lambda a: views.parked_items(a, text="mug"),
        "parked, counted": views.parked_counts,
        "runs": views.runs,
        "runs of a flow that failed": lambda a: views.runs(a, flow=FLOW, state="failed"),
        "series of a day": lambda a: views.series(a, FLOW, 24),
        "acts of people": lambda a: views.person_acts(a, FLOW),
    }


async def far(app: Lockgate) -> str | None:
    """A place some thousand items behind the first."""
    after = None
    for _ in range(20):
        after = (await views.items(app, flow=FLOW, outcome=Outcome.WRITTEN, after=after, limit=1000)).next
    return after


def table(costs: list[Cost]) -> str:
    head = f"{'question, milliseconds':<40}{'first':>9}{'least':>9}{'median':>9}{'processor':>11}\n"
    lines = (
        f"{one.question:<40}{one.first:>9.1f}{one.least:>9.1f}{one.median:>9.1f}{one.processor:>11.1f}\n"
        for one in costs
    )
    return head + "".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
