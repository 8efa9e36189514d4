"""The search of every page."""

from tests.cli.commands import Place

from .browser import Window


async def test_the_only_item_of_a_number_is_shown_at_once(seen: Window, running: Place) -> None:
    [wanted] = running.ok("item", "list", "--outcome", "parked", "--limit", "1")["rows"]
    [[number]] = wanted["identifiers"].values()
    page = await seen.open("/flows")
    await page.keyboard.press("/")
    await page.keyboard.type(number)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/items/f/{wanted['key']}")
    await page.get_by_role("heading", name=wanted["title"]).wait_for()


async def test_words_find_all_that_have_them(seen: Window, running: Place) -> None:
    rows = running.ok("item", "list", "--limit", "1000")["rows"]
    wanted = {row["key"] for row in rows if "mug" in row["title"].lower()}
    page = await seen.open("/search?text=MUG")
    found = await page.locator("main tbody a").evaluate_all("links => links.map(a => a.pathname.split('/').pop())")
    assert len(wanted) > 1
    assert set(found) == wanted


async def test_flows_and_systems_are_found_by_their_names(seen: Window) -> None:
    page = await seen.open("/search?text=pim")
    await page.get_by_role("link", name="pim", exact=True).click()
    await page.wait_for_url("**/connections/pim")


async def test_what_nobody_knows_is_said_so_without_harm(seen: Window) -> None:
    await seen.open("/search?text=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "Nothing is known of “<script>alert(1)</script>”" in await seen.text()
