"""Lists of items."""

from tests.cli.commands import Place

from .browser import Window
from .crowd import ASSETS

ROWS = "main tbody tr"


async def test_what_is_asked_for_is_what_is_listed_and_stands_in_the_address(seen: Window, running: Place) -> None:
    page = await seen.open("/items")
    await page.get_by_label("Outcome").select_option("blocked")
    await page.get_by_label("Reason").select_option("rights.territory")
    await page.get_by_role("button", name="Find").click()
    await page.wait_for_url("**code=rights.territory**")
    reasons = await page.locator("main td[data-name=Why]").all_inner_texts()
    assert len(reasons) == running.systems.expected["blocked"]["rights.territory"]
    assert set(reasons) == {"Rights do not cover all markets"}
    assert await page.get_by_label("Outcome").input_value() == "blocked"


async def test_an_item_is_found_by_its_number(seen: Window, running: Place) -> None:
    [wanted] = running.ok("item", "list", "--outcome", "parked", "--limit", "1")["rows"]
    [[number]] = wanted["identifiers"].values()
    page = await seen.open(f"/items?text={number}")
    assert await page.locator(ROWS).count() == 1
    await page.get_by_role("link", name=wanted["title"]).click()
    await page.wait_for_url(f"**/items/f/{wanted['key']}")


async def test_a_long_list_comes_page_by_page(amid: Window) -> None:
    page = await amid.open("/items?flow=f")
    keys: list[str] = []
    while True:
        found = await page.locator("main td[data-name=Item] a").evaluate_all("links => links.map(a => a.pathname)")
        assert len(found) <= 50
        keys += found
        if not await page.get_by_role("link", name="Next page").count():
            break
        await page.get_by_role("link", name="Next page").click()
        await page.wait_for_function(f"document.querySelector('main td[data-name=Item] a')?.pathname !== '{found[0]}'")
    assert len(keys) == len(set(keys)) >= ASSETS
