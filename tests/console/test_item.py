"""The page of one item."""

from urllib.parse import quote

from tests.cli.commands import until

from .browser import Window
from .crowd import Crowd


async def test_an_item_says_why_it_is_blocked_and_until_when(amid: Window, crowded: Crowd) -> None:
    item = crowded.item(crowded.take(code="window.not_yet")["key"])
    page = await amid.open(f"/items/f/{item['key']}")
    told = await page.get_by_role("row", name="it may be used now").inner_text()
    assert "stops it" in told
    assert "its use begins at" in told
    [until] = [one["until"] for one in item["verdicts"] if one["gate"] == "it may be used now"]
    assert until[:16].replace("T", " ") in told
    await page.get_by_text("Looked at by itself").wait_for()


async def test_a_recall_closes_the_copy_and_lifting_it_shows_it_again(amid: Window, crowded: Crowd) -> None:
    key = crowded.take(held="live")["key"]
    page = await amid.open(f"/items/f/{key}")
    await page.get_by_role("button", name="Recall…").click()
    assert await page.get_by_role("button", name="Recall", exact=True).is_disabled()
    await page.get_by_label("Why it is recalled").fill("the model's consent was withdrawn")
    await page.get_by_role("button", name="Recall", exact=True).click()
    await page.get_by_text("Recalled: the model's consent was withdrawn", exact=True).wait_for()
    copy = crowded.until(key, lambda one: one["place"]["held"] == "hidden", "the copy is hidden")["place"]["ref"]
    assert crowded.at_target(copy, "status") == "archived"
    await page.locator("#place").get_by_text("hidden", exact=True).wait_for()

    await page.get_by_role("button", name="Lift the recall").click()
    await page.get_by_role("dialog").get_by_role("button", name="Lift the recall").click()
    crowded.until(key, lambda one: one["place"]["held"] == "live", "the copy is visible again")
    assert crowded.at_target(copy, "status") == "approved"
    await page.locator("#timeline").get_by_text("recall lifted").wait_for()


async def test_looking_again_tells_what_the_gates_say_now_and_acts_on_it(amid: Window, crowded: Crowd) -> None:
    key = crowded.take(held="live")["key"]
    page = await amid.open(f"/items/f/{key}")
    crowded.act("unrelease", id=key)
    await page.get_by_role("button", name="Look again now").click()
    await page.get_by_role("dialog").get_by_text("its status is draft").wait_for()
    await page.get_by_role("button", name="Close").click()
    crowded.until(key, lambda one: one["place"]["held"] == "hidden", "the copy is hidden")
    await page.get_by_text("closed at the target").wait_for()


async def test_an_item_whose_key_has_odd_signs_has_a_page(amid: Window, crowded: Crowd) -> None:
    key = 'a/b?c=d#e%2F "f" <b>&amp; é'
    crowded.api("recalls/f", {"keys": [key], "reason": "it must not come"})
    until(lambda: crowded.api("items?code=recalled&text=a/b")["rows"], "the recall is taken up")
    page = await amid.open(f"/items/f/{quote(key, safe='')}")
    assert await page.get_by_role("heading", level=1).inner_text() == key
    await amid.open("/items?code=recalled&text=a/b")
    await page.get_by_role("link", name=key).click()
    await page.get_by_text("Recalled: it must not come").wait_for()


async def test_a_person_says_what_an_item_belongs_to(amid: Window, crowded: Crowd) -> None:
    parked, [[number]] = crowded.take(code="product.missing"), crowded.take(held="live")["identifiers"].values()
    page = await amid.open(f"/items/f/{parked['key']}")
    await page.get_by_role("button", name="Choose what it belongs to").click()
    await page.get_by_role("dialog").get_by_role("textbox").fill(number)
    await page.get_by_role("button", name="Look", exact=True).click()
    await page.get_by_role("button", name=number).first.click()
    crowded.until(parked["key"], lambda one: one["place"]["held"] == "live", "it reaches what was chosen")
    await page.get_by_text("said by somebody at this machine").wait_for()
    await page.locator("#place").get_by_text("live", exact=True).wait_for()
