"""Plans: looked at, and applied."""

from playwright.async_api import Page

from .browser import Window
from .crowd import Crowd

RED = "main #withdrawals article.gone"


async def test_a_plan_shows_withdrawals_in_red_and_applying_it_closes_the_copy(amid: Window, crowded: Crowd) -> None:
    def change(keys: list[str]) -> None:
        crowded.act("unrelease", id=keys[0])
        crowded.act("change_asset", id=keys[1], **{"rights.credit": "Studio South"})

    (gone, changed), first = crowded.planned(2, change)
    copies = [crowded.item(one["key"])["place"]["ref"] for one in (gone, changed)]
    page = await amid.open(f"/flows/f/plans/{crowded.plan()}")
    red = page.locator(RED, has=page.locator(f"a[href$='/{gone['key']}']"))
    assert "its status is draft" in await red.inner_text()
    assert await red.evaluate("one => getComputedStyle(one).borderLeftColor") == await tone(page)
    article = page.locator("article", has=page.locator(f"a[href$='/{changed['key']}']"))
    difference = article.locator("tr", has=page.get_by_role("cell", name="credit", exact=True))
    assert (await difference.locator("ins").inner_text()) == "Studio South"

    await page.get_by_role("button", name="Apply").click()
    await page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    await page.get_by_text("It was applied").wait_for()
    assert crowded.at_target(copies[0], "status") == "archived"
    assert crowded.at_target(copies[1], "credit") == "Studio South"
    await page.get_by_role("button", name="Apply").wait_for(state="detached")

    await amid.open(f"/flows/f/plans/{first}")
    await page.get_by_text("It is outdated").wait_for()
    await page.get_by_role("button", name="Plan again").click()
    await page.wait_for_url(lambda url: "/plans/" in url and first not in url)
    await page.get_by_text("ready to be applied").wait_for()


async def tone(page: Page) -> str:
    """The colour of what stops, as the browser says it."""
    made: str = await page.evaluate(
        "() => { const one = document.createElement('i'); one.style.color = 'var(--stop)';"
        " document.body.append(one); return getComputedStyle(one).color; }"
    )
    return made
