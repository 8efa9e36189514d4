"""Plans: looked at, and applied."""

from playwright.async_api import Page

from .browser import Window
from .crowd import Crowd

RED = "main #withdrawals article.gone"


async def test_a_plan_shows_withdrawals_in_red_and_applying_it_closes_the_copy(amid: Window, crowded: Crowd) -> None:
    gone, changed = crowded.take(held="live"), crowded.take(held="live")
    copy = crowded.item(gone["key"])["place"]["ref"]
    crowded.act("change_asset", id=changed["key"], **{"rights.credit": "Studio South"})
    crowded.act("unrelease", id=gone["key"])
    page = await amid.open("/flows/f")
    await planned(page)
    first = page.url
    red = page.locator(RED, has_text=gone["title"])
    assert "its status is draft" in await red.inner_text()
    assert await red.evaluate("one => getComputedStyle(one).borderLeftColor") == await tone(page)
    field = page.get_by_role("cell", name="credit", exact=True)
    difference = page.locator("article", has_text=changed["title"]).locator("tr", has=field)
    assert (await difference.locator("ins").inner_text()) == "Studio South"
    assert crowded.at_target(copy, "status") == "approved"

    await page.get_by_role("button", name="Plan again").click()
    await page.wait_for_url(lambda url: url != first)
    await page.locator(RED).first.wait_for()
    await page.get_by_role("button", name="Apply").click()
    await page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    await page.get_by_text("It was applied").wait_for()
    assert crowded.at_target(copy, "status") == "archived"
    assert crowded.at_target(crowded.item(changed["key"])["place"]["ref"], "credit") == "Studio South"
    assert await page.get_by_role("button", name="Apply").count() == 0
    await amid.open(first.removeprefix(amid.address))
    await page.get_by_text("It is outdated").wait_for()


async def planned(page: Page) -> None:
    await page.get_by_role("button", name="Plan", exact=True).click()
    await page.wait_for_url("**/plans/**")
    await page.get_by_text("ready to be applied").wait_for()


async def tone(page: Page) -> str:
    """The colour of what stops, as the browser says it."""
    made: str = await page.evaluate(
        "() => { const one = document.createElement('i'); one.style.color = 'var(--stop)';"
        " document.body.append(one); return getComputedStyle(one).color; }"
    )
    return made
