"""What other systems wrote is shown as text, whatever it says."""

from .browser import Window
from .crowd import Crowd

TEXT = """<img src=x onerror="window.caught=1"> "'><script>window.caught=1</script>{{7*7}}"""


async def test_a_title_is_shown_as_text_on_every_page(amid: Window, crowded: Crowd) -> None:
    told = {"title": TEXT, "texts.description": TEXT, "rights.credit": TEXT}
    waiting = crowded.take(code="product.missing")["key"]
    crowded.act("change_asset", id=waiting, **told)
    [item], plan = crowded.planned(1, lambda keys: crowded.act("change_asset", id=keys[0], **told))
    live = item["key"]
    await harmless(amid, f"/flows/f/plans/{plan}")
    run = crowded.api(f"plans/{plan}/apply", {})["id"]
    for key in (waiting, live):
        crowded.api(f"items/f/{key}/look-again", {})
        crowded.until(key, lambda one: one["title"] == TEXT, "the new title is known")
    for path in (
        "/items?text=onerror",
        f"/items/f/{waiting}",
        f"/items/f/{live}",
        "/parked",
        "/search?text=onerror",
        f"/runs/{run}",
    ):
        await harmless(amid, path)


async def harmless(amid: Window, path: str) -> None:
    page = await amid.open(path)
    await page.get_by_text(TEXT).first.wait_for()
    assert await page.evaluate("window.caught") is None
    assert await page.locator("img[src=x]").count() == 0
