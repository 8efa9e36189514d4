"""`python -m bench.console [--items 1000000] [--home DIR]`: how long a page of the console takes until it stands with its content.

An installation with so many items in its ledger (`bench.ledger`) is served by `lockgate up` as a process of its own; headless Chromium
opens each page again and again with a warm cache. Times are the browser's own, from the start of the navigation: until the server had
answered, and until the content was painted. Beside them what both spent of the processor for it, which other load does not change.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import quote

import aiohttp
from playwright.async_api import CDPSession, Page, async_playwright

from bench.ledger import FLOWS, fill
from bench.machine import cost, machine

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
FIXED = (
    "/", "/flows", f"/flows/{FLOWS[0]}", "/items", "/items?outcome=blocked&code=rights.territory", "/items?text=kettle", "/parked",
    "/runs", "/connections", "/connections/celum-demo", "/system", "/search?text=backpack", "/search?text=LG-000123", "/setup",
)  # fmt: skip
STANDS = """
window.stands = new Promise((done) => {
  const look = () => document.querySelector('main h1, main .empty, main .sorry')
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))
    : requestAnimationFrame(look);
  requestAnimationFrame(look);
});
"""
"""Runs before the page's own scripts: the moment at which its content is there and the frame with it was painted."""
TIMES = """async () => {
  const painted = await window.stands;
  const [way] = performance.getEntriesByType('navigation');
  return { server: way.responseEnd - way.requestStart, all: painted, elements: document.querySelectorAll('main *').length };
}"""


def main() -> int:
    line = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    line.add_argument("--items", type=int, default=1_000_000)
    line.add_argument("--home", type=Path, help="an installation to look at; without it one is filled and thrown away")
    line.add_argument("--times", type=int, default=9, help="how often each page is opened")
    line.add_argument("--json", action="store_true")
    asked = line.parse_args()
    found = asyncio.run(measured(asked.home, asked.items, asked.times))
    sys.stdout.write(json.dumps(found, indent=1) + "\n" if asked.json else table(found))
    return 0


async def measured(home: Path | None, items: int, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        place = home or Path(scratch)
        if home is None:
            sys.stderr.write(f"filling a ledger with {items:,} items …\n")
            await fill(f"sqlite:///{place / 'lockgate.sqlite'}", items, 0)
        async with served(place) as (address, pid):
            paths = [*FIXED, *await singles(address)]
            return {"machine": machine(), "items": items, "pages": await looked_at(address, pid, paths, times)}


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[tuple[str, int]]:
    """`lockgate up` on this home; its address and process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from lockgate.cli.main import main; main()", "--home", str(home), "up", "--port", "0", "--json",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={**os.environ, "LOCKGATE_PORT": "0"},
    )  # fmt: skip
    try:
        yield await address_of(process), process.pid
    finally:
        process.terminate()
        await process.wait()


async def address_of(process: asyncio.subprocess.Process) -> str:
    """What it says once it listens."""
    told = b""
    while process.stdout is not None and (line := await process.stdout.readline()):
        told += line
        with contextlib.suppress(json.JSONDecodeError):
            return str(json.loads(told)["address"])
    raise RuntimeError("`lockgate up` ended before it listened")


async def singles(address: str) -> list[str]:
    """The pages of one item, one run and one parked reason."""
    async with aiohttp.ClientSession() as session:

        async def first(path: str) -> dict[str, Any]:
            async with session.get(f"{address}/api/v1{path}") as answer:
                found: dict[str, Any] = (await answer.json())["rows"][0]
                return found

        item, run = await first("/items?outcome=blocked&limit=1"), await first("/runs?limit=1")
    return [f"/items/{item['flow']}/{quote(item['key'], safe='')}", f"/runs/{run['id']}"]


async def looked_at(address: str, pid: int, paths: Sequence[str], times: int) -> dict[str, dict[str, float]]:
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    async with async_playwright() as playwright:
        driven = await playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        context = await driven.new_context(viewport={"width": 1280, "height": 860})
        page = await context.new_page()
        await page.add_init_script(STANDS)
        inside = await context.new_cdp_session(page)
        await inside.send("Performance.enable", {"timeDomain": "threadTicks"})
        found = {path: await opened(page, inside, pid, address + path, times) for path in paths}
        await driven.close()
    return found


async def opened(page: Page, inside: CDPSession, pid: int, url: str, times: int) -> dict[str, float]:
    """The medians of a page in milliseconds; the first time warms the caches and does not count."""
    seen: list[dict[str, float]] = []
    for _ in range(times + 1):
        await page.goto("about:blank")
        before = cost(pid).cpu
        await page.goto(url, wait_until="load")
        times_told: dict[str, float] = await page.evaluate(TIMES)
        worked = {one["name"]: one["value"] for one in (await inside.send("Performance.getMetrics"))["metrics"]}
        spent = {"server cpu": (cost(pid).cpu - before) * 1000, "page cpu": worked["TaskDuration"] * 1000}
        seen.append({**times_told, **spent})
    counted = {name: median(one[name] for one in seen[1:]) for name in seen[0]}
    return {
        "server": counted["server"], "page": counted["all"] - counted["server"], "all": counted["all"],
        "slowest": max(one["all"] for one in seen[1:]), "server cpu": mean(one["server cpu"] for one in seen[1:]),
        "page cpu": counted["page cpu"], "elements": counted["elements"],
    }  # fmt: skip


COLUMNS = ("server", "page", "all", "slowest", "server cpu", "page cpu", "elements")


def table(found: dict[str, Any]) -> str:
    rows = [("page", *COLUMNS)]
    rows += [(path, *(f"{at[name]:,.0f}" for name in COLUMNS)) for path, at in found["pages"].items()]
    wide = max(len(row[0]) for row in rows)
    lines = [f"{row[0]:<{wide}}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows]
    head = (
        f"{found['items']:,} items in the ledger; milliseconds from navigation until the content is painted, medians\n"
    )
    return head + "\n".join(lines) + f"\n{found['machine']}\n"


if __name__ == "__main__":
    raise SystemExit(main())
