"""From nothing to a running flow with a few clicks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from playwright.async_api import Locator
from tests.cli.commands import Place, text, until

from .browser import Window, window
from .conftest import address

RECIPE = "Approved assets reach"


@dataclass
class Hand:
    """Clicks as a person does, and counts them."""

    seen: Window
    clicks: int = 0

    async def press(self, name: str) -> None:
        await self.click(self.seen.page.get_by_role("button", name=name))

    async def click(self, where: Locator) -> None:
        self.clicks += 1
        await where.click()

    async def connect(self, title: str, site: str, key: str) -> None:
        await self.seen.page.get_by_label(f"Address of your {title}").fill(site)
        await self.seen.page.get_by_label("API key", exact=True).fill(key)
        # Asked for addresses of this machine only, so not counted: a tenant's address is public.
        await self.seen.page.get_by_role("switch", name="This address is in a private network").click()
        await self.press("Connect")


@pytest_asyncio.fixture
async def hand(place: Place, browser: str) -> AsyncIterator[Hand]:
    """A person before an installation in which nothing is set up yet."""
    place.start("up", "--port", "0", "--json").document()
    async with window(browser, address(place)) as made:
        await made.open("/setup")
        yield Hand(made)


async def test_a_running_flow_is_ten_clicks_away(hand: Hand, place: Place) -> None:
    page = hand.seen.page
    await hand.press(RECIPE)
    await hand.press("Add CELUM")
    await hand.connect("CELUM", place.systems.celum, "demo-key")
    assert "SKU" in await page.get_by_role("table", name="Fields of assets").inner_text()
    await hand.press("That is right")
    await hand.press("Add 4ALLPORTAL")
    await hand.connect("4ALLPORTAL", place.systems.portal, "k")
    await hand.press("That is right")
    await hand.press("Show the plan")
    await page.get_by_text("What would stay out").wait_for()
    assert place.ok("item", "list")["rows"] == []

    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the flow file").click()
    kept = text(await (await download.value).path())
    await hand.press("Switch on")
    await page.wait_for_url("**/flows/approved-assets-to-products")
    assert hand.clicks <= 10

    [run] = until(lambda: ended(place, "approved-assets-to-products"), "the first run ends")
    assert (run["account"]["written"], run["state"]) == (place.systems.expected["written"], "done")
    place.ok("flow", "remove", "approved-assets-to-products")
    assert place.ok("flow", "add", place.file("kept.yaml", kept))["name"] == "approved-assets-to-products"


def ended(place: Place, flow: str) -> list[dict[str, Any]]:
    """The flow's full runs, once none is under way."""
    runs = [run for run in place.ok("flow", "runs", flow)["rows"] if run["kind"] == "full"]
    return runs if all(run["state"] not in {"queued", "running"} for run in runs) else []


async def test_a_refused_key_is_said_in_words_and_nothing_is_stored(hand: Hand, place: Place) -> None:
    await hand.press(RECIPE)
    await hand.press("Add CELUM")
    await hand.connect("CELUM", place.systems.celum, "not-the-key")
    said = hand.seen.page.get_by_role("alert").filter(has_text="key")
    await said.wait_for()
    assert "not-the-key" not in await said.inner_text()
    assert place.ok("connect", "list")["rows"] == []


async def test_a_match_is_corrected_on_real_records(hand: Hand, place: Place) -> None:
    page = hand.seen.page
    await hand.press(RECIPE)
    await hand.press("Add CELUM")
    await hand.connect("CELUM", place.systems.celum, "demo-key")
    await page.get_by_text("Correct a match").click()
    await page.get_by_label("Lockgate's name").click()
    await page.get_by_role("option", name="asset · texts.alt").click()
    await page.get_by_label("Field there").click()
    await page.get_by_role("option", name="Caption", exact=True).click()
    await hand.press("Use this field")
    row = page.get_by_role("row").filter(has_text="texts.alt")
    await row.wait_for()
    assert "Caption" in await row.inner_text()
    await hand.press("That is right")
    await page.get_by_role("button", name="Add 4ALLPORTAL").wait_for()
    matches = place.ok("connect", "profile", "celum")["profile"]["matches"]
    assert [one["why"] for one in matches if one["canonical"] == "texts.alt"] == ["a person said so"]
