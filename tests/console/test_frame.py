"""What all pages have in common."""

import pytest
from tests.cli.commands import Place

from .browser import Window, window
from .conftest import address

PAGES = (
    "/", "/flows", "/flows/f", "/items", "/parked", "/runs", "/connections", "/connections/dam", "/system", "/search",
    "/search?text=mug", "/setup",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_fits_a_telephone_in_the_dark(path: str, running: Place, browser: str) -> None:
    async with window(browser, address(running), width=390, dark=True) as seen:
        page = await seen.open(path)
        await seen.settled()
        assert await seen.fits()
        assert "body--dark" in (await page.locator("body").get_attribute("class") or "")


async def test_the_search_is_reached_by_its_key(seen: Window) -> None:
    page = await seen.open("/flows")
    await page.keyboard.press("/")
    await page.keyboard.type("kettle")
    assert await page.locator("header input[type=search]").input_value() == "kettle"


async def test_the_theme_chosen_is_kept(seen: Window) -> None:
    page = await seen.open("/flows")
    assert "body--light" in (await page.locator("body").get_attribute("class") or "")
    await page.locator("[data-theme]").click()
    await page.wait_for_selector("body.body--dark")
    await seen.open("/flows")
    assert "body--dark" in (await page.locator("body").get_attribute("class") or "")


async def test_a_page_that_is_not_there_says_so(seen: Window) -> None:
    page = await seen.open("/flows")
    answer = await page.goto(f"{seen.address}/nowhere?x=<b>")
    assert answer is not None
    assert answer.status == 404
    assert "There is no such page" in await seen.text()
    await page.locator("main").get_by_role("link", name="overview").click()
    await page.wait_for_url(f"{seen.address}/")
    seen.wrong.clear()


@pytest.mark.parametrize("path", ["/flows/none", "/items/f/none", "/runs/none", "/connections/none"])
async def test_a_thing_that_is_not_there_is_said_in_a_sentence(path: str, seen: Window) -> None:
    page = await seen.open("/flows")
    answer = await page.goto(seen.address + path)
    assert answer is not None
    assert answer.status == 404
    told = await page.get_by_role("alert").inner_text()
    assert "none" in told
    assert "Traceback" not in told
    seen.wrong.clear()
