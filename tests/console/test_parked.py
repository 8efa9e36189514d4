"""The parked page: reasons, what helps, and doing it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect
from tests.cli.commands import Place, until

from .browser import Window, window
from .conftest import address

MISSING = "No such product at the target yet"


@pytest_asyncio.fixture
async def mine(place: Place, browser: str) -> AsyncIterator[Window]:
    """A window on an installation of one's own, with items parked in it."""
    place.installed()
    place.ok("flow", "run", "f", status=1)
    place.start("up", "--port", "0", "--json").document()
    async with window(browser, address(place)) as made:
        yield made


async def test_items_stand_by_reason_and_lead_to_their_pages(running: Place, seen: Window) -> None:
    page = await seen.open("/parked")
    expected = running.systems.expected["parked"]["product.missing"]
    reasons = page.get_by_role("table", name="Reasons")
    await expect(reasons).to_contain_text(MISSING)
    await reasons.get_by_role("link", name=MISSING).click()
    await page.wait_for_url("**code=product.missing**")
    items = page.get_by_role("table", name="Parked items").locator("tbody tr")
    await expect(items).to_have_count(expected)
    await expect(items.first).to_contain_text("a product with sku")
    await items.first.get_by_role("link").first.click()
    await page.wait_for_url("**/items/f/**")


async def test_a_search_shows_what_fits_and_says_when_nothing_does(seen: Window) -> None:
    page = await seen.open("/parked?text=nothing-is-called-like-this")
    await expect(page.locator("#main")).to_contain_text("No item like this")


async def test_a_person_chooses_the_product_of_an_item(mine: Window, place: Place) -> None:
    page = await mine.open("/parked")
    row = page.get_by_role("table", name="Parked items").locator("tbody tr").first
    title = await row.get_by_role("link").first.inner_text()
    await row.get_by_role("button", name="Choose what").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Number, identifier or name").fill("LG-MUG-SAND")
    await dialog.get_by_role("button", name="Look").click()
    await dialog.get_by_role("button").filter(has_text="LG-MUG-SAND").click()
    await expect(page.get_by_role("table", name="Parked items")).not_to_contain_text(title)

    def delivered() -> object:
        rows = place.ok("item", "list", "--held", "live", "--text", title)["rows"]
        return [one for one in rows if one["title"] == title and one["outcome"] in {"written", "unchanged"}]

    until(delivered, "the item is delivered")


async def test_all_of_a_reason_are_retried_at_once(mine: Window, place: Place) -> None:
    page = await mine.open("/parked")
    place("sandbox", "act", place.systems.portal, "create_missing_products")
    await page.get_by_role("button", name=f"Retry all: {MISSING}").click()
    await expect(page.locator("#main")).to_contain_text("Nothing is parked")
    held = place.ok("item", "list", "--held", "live", "--limit", "1000")["rows"]
    expected = place.systems.expected
    assert len(held) == expected["written"] + sum(expected["parked"].values())
