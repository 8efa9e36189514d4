"""The page of a flow."""

import re

from tests.cli.commands import FLOW, Place

from .browser import Window, window
from .conftest import address
from .crowd import Crowd

WITHDRAW = re.compile("withdraw")
WAITS = re.compile(r"[1-9][0-9]* waits? to be looked at")


async def test_each_number_on_the_line_leads_to_its_items(seen: Window) -> None:
    page = await seen.open("/flows/f")
    blocked = page.locator("svg.lying a[href*='code=approved.no']")
    number = int((await blocked.text_content() or "").split()[0])
    await blocked.click()
    await page.wait_for_url("**/items?**code=approved.no**")
    assert await page.locator("main tbody tr").count() == number > 0


async def test_a_paused_flow_does_nothing_until_it_is_resumed(amid: Window, crowded: Crowd) -> None:
    key = crowded.take(held="live")["key"]
    page = await amid.open("/flows/f")
    try:
        await page.get_by_role("button", name="Pause").click()
        await page.get_by_text("Nothing is looked at or written.").wait_for()
        assert await page.get_by_role("button", name="Run now").count() == 0
        crowded.act("unrelease", id=key)
        crowded.api(f"items/f/{key}/look-again", {})
        await page.get_by_text(WAITS).wait_for()
        assert crowded.item(key)["place"]["held"] == "live"
        await page.get_by_role("button", name="Resume").click()
        await page.get_by_role("button", name="Run now").wait_for()
    finally:
        crowded.api("flows/f/resume", {})
    crowded.until(key, lambda one: one["place"]["held"] == "hidden", "what waited is done")


async def test_a_flow_that_is_refused_says_what_to_do_and_goes_on_when_it_is_done(amid: Window, crowded: Crowd) -> None:
    key = crowded.take(held="live")["key"]
    crowded.act("unrelease", id=key)
    page = await amid.open("/flows/f")
    crowded.refuse(401)
    try:
        crowded.api(f"items/f/{key}/look-again", {})
        await page.get_by_text("It stands still").wait_for()
        assert "Make an API key in CELUM" in await page.locator("#main .notice").inner_text()
    finally:
        crowded.refuse(None)
    await page.get_by_role("button", name="Try again").click()
    await page.get_by_text("It stands still").wait_for(state="detached")
    crowded.until(key, lambda one: one["place"]["held"] == "hidden", "what waited is done")


async def test_many_withdrawals_wait_until_a_person_agrees(place: Place, browser: str) -> None:
    place.connected()
    place.ok("flow", "add", place.file("f.yaml", f"{FLOW}guard: {{share: 0.01, least: 1}}\n"))
    place.ok("flow", "run", "f", status=1)
    place.start("up", "--port", "0", "--json").document()
    crowd = Crowd(place)
    keys = [one["key"] for one in crowd.several(3, held="live")]
    async with window(browser, address(place)) as seen:
        page = await seen.open("/flows/f")
        for key in keys:
            crowd.act("unrelease", id=key)
        await page.get_by_role("button", name="Run now").click()
        agree = page.get_by_role("button", name=WITHDRAW)
        await agree.click()
        await page.get_by_role("dialog").get_by_role("button", name=WITHDRAW).click()
        for key in keys:
            crowd.until(key, lambda one: one["place"]["held"] == "hidden", "the copy is hidden")
