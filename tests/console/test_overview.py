"""The first page: who feeds whom, what needs a person, and how it begins."""

import re
from pathlib import Path

from tests.cli.commands import Commands, Place

from .browser import Window, window
from .crowd import Crowd


async def test_the_map_tells_what_went_through_and_what_did_not(seen: Window, running: Place) -> None:
    page = await seen.open("/")
    expected = running.systems.expected
    systems = await page.locator(".map .system .name").all_inner_texts()
    flow = await page.locator(".map .flow").inner_text()
    assert systems == ["dam", "pim"]
    assert f"delivered {expected['written']}" in flow
    assert f"blocked {sum(expected['blocked'].values())}" in flow
    assert f"parked {sum(expected['parked'].values())}" in flow
    assert "answers" in await page.locator(".map .system").first.inner_text()


async def test_what_needs_a_person_leads_to_where_it_is_solved(seen: Window, running: Place) -> None:
    page = await seen.open("/")
    n = running.systems.expected["parked"]["product.missing"]
    await page.get_by_role("link", name=f"{n} × No such product at the target yet").click()
    await page.wait_for_url("**/parked?flow=f&code=product.missing")
    assert await page.locator("main table[aria-label='Parked items'] tbody tr").count() == n


async def test_the_last_day_is_drawn_and_told_in_words(seen: Window, running: Place) -> None:
    page = await seen.open("/")
    label = await page.get_by_role("img", name=re.compile("UTC:")).get_attribute("aria-label")
    assert f"{running.systems.expected['written']} delivered" in (label or "")


async def test_the_overview_keeps_true_by_itself(amid: Window, crowded: Crowd) -> None:
    wanted = crowded.take(outcome="blocked", code="approved.no")
    page = await amid.open("/")
    before = await blocked(amid)
    crowded.act("release", id=wanted["key"])
    crowded.api(f"items/f/{wanted['key']}/look-again", {})
    await page.wait_for_function(
        "n => Number(document.querySelector('.map .flow .warn b').textContent.replace(',', '')) < n", arg=before
    )


async def blocked(seen: Window) -> int:
    return int((await seen.page.locator(".map .flow .warn b").inner_text()).replace(",", ""))


async def test_an_empty_installation_says_how_to_begin(commands: Commands, browser: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    told = commands.start("--home", str(home), "up", "--port", "0", "--json").document()
    async with window(browser, told["address"]) as made:
        page = await made.open("/")
        assert "Welcome to Lockgate" in await made.text()
        await page.locator("main").get_by_role("link", name="New flow").click()
        await page.wait_for_url("**/setup")


async def test_arrows_lead_from_source_to_target(seen: Window) -> None:
    page = await seen.open("/")
    lefts = [
        (await page.locator(f".map {one}").bounding_box() or {"x": -1})["x"]
        for one in (".system >> nth=0", ".flow", ".system >> nth=1")
    ]
    assert lefts == sorted(lefts)
    assert await page.locator(".map svg path.head").count() == 2
