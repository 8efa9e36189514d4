"""Runs: their account, how far they are, and what the guard asks."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.cli.commands import Commands, Place, Smith, Systems

from .browser import Window, window
from .conftest import address
from .crowd import Crowd

ASSETS = 60
MANY = 24
"""More withdrawals than the guard lets go unasked."""


@pytest.fixture(scope="module")
def own(forking: Smith, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """An installation whose runs are asked about and stopped."""
    with Commands(forking) as made:
        systems = Systems.started(made, sample, "--assets", str(ASSETS))
        here = Place(made, tmp_path_factory.mktemp("runs") / "home", systems)
        here.installed()
        here.ok("flow", "run", "f", status=1)
        crowd = Crowd(here)
        before = crowd.asked()
        here.start("up", "--port", "0", "--json").document()
        crowd.rested(before)  # else the poll finds what is changed before the run does
        yield crowd


@pytest_asyncio.fixture
async def mine(own: Crowd, browser: str) -> AsyncIterator[Window]:
    async with window(browser, address(own.place)) as made:
        yield made


async def test_the_account_of_a_run_adds_up_to_what_was_read(seen: Window, running: Place) -> None:
    expected = running.systems.expected
    page = await seen.open("/runs?kind=full")
    await page.locator("main tbody a").first.click()
    await page.wait_for_url("**/runs/2*")
    await page.get_by_role("heading", name=f"{expected['read']} items read").wait_for()
    told = dict([one.split() for one in await page.locator("main .legend li").all_inner_texts()])
    assert sum(map(int, told.values())) == expected["read"]
    assert (int(told["delivered"]), int(told["parked"])) == (expected["written"], sum(expected["parked"].values()))
    reasons = page.get_by_role("table", name="Reasons")
    row = reasons.locator("tr", has_text="Rights do not cover all markets")
    assert await row.locator("td.number").inner_text() == str(expected["blocked"]["rights.territory"])


async def test_the_log_of_a_run_is_asked_for_by_reason(seen: Window, running: Place) -> None:
    expected = running.systems.expected
    page = await seen.open("/runs?kind=full")
    await page.locator("main tbody a").first.click()
    await (
        page.get_by_role("table", name="Reasons").get_by_role("link", name="No such product at the target yet").click()
    )
    await page.wait_for_url("**code=product.missing**")
    log = page.get_by_role("table", name="Log")
    assert await log.locator("tbody tr").count() == expected["parked"]["product.missing"]
    await log.locator("tbody a").first.click()
    await page.wait_for_url("**/items/f/*")


async def test_a_run_that_is_cancelled_ends_before_its_next_page(mine: Window, own: Crowd) -> None:
    celum = own.place.systems.celum
    own.place.ok("sandbox", "faults", celum, "--add", "slow", "--delay-ms", "8000")
    try:
        begun = own.api("flows/f/runs", {"kind": "sweep"})
        page = await mine.open(f"/runs/{begun['id']}")
        await page.get_by_role("progressbar").wait_for()
        await page.get_by_role("button", name="Cancel").click()
        await page.get_by_role("button", name="Cancel the run").click()
        await page.locator("main .badge", has_text="cancelled").wait_for()
    finally:
        own.place.ok("sandbox", "faults", celum, "--clear")
    assert own.api(f"runs/{begun['id']}")["state"] == "cancelled"


async def test_a_run_that_would_withdraw_much_asks_and_goes_on_with_a_persons_word(mine: Window, own: Crowd) -> None:
    live = own.api("items?flow=f&held=live&limit=1000")["rows"]
    for one in live[:MANY]:
        own.act("unrelease", id=one["key"])
    begun = own.api("flows/f/runs", {"kind": "full"})
    page = await mine.open(f"/runs/{begun['id']}")
    await page.get_by_text(f"The guard asks you: withdraw {MANY} copies?").wait_for()
    assert len(own.api("items?flow=f&held=live&limit=1000")["rows"]) == len(live)
    assert "asks you" in (await page.locator("main .badge").all_inner_texts())
    await mine.open("/")
    await page.get_by_role("link", name="A run of f asks before it withdraws").click()
    await page.get_by_role("button", name=f"Withdraw {MANY} and go on").click()
    await page.get_by_role("dialog").get_by_role("button", name=f"Withdraw {MANY}").click()
    await page.wait_for_url(lambda url: "/runs/" in url and begun["id"] not in url)
    await page.locator("main .legend .gone b", has_text=str(MANY)).wait_for()
    await page.locator("main .badge", has_text="done").wait_for()
    assert len(own.api("items?flow=f&held=live&limit=1000")["rows"]) == len(live) - MANY
