"""Connections: their health in words, which fields carry what, their webhooks."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.cli.commands import Commands, Place, Smith, Systems

from .browser import Window, window
from .conftest import address
from .crowd import Crowd


@pytest.fixture(scope="module")
def own(forking: Smith, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """An installation whose connections are changed."""
    with Commands(forking) as made:
        here = Place(made, tmp_path_factory.mktemp("connections") / "home", Systems.started(made, sample))
        here.installed()
        here.start("up", "--port", "0", "--json").document()
        yield Crowd(here)


@pytest_asyncio.fixture
async def mine(own: Crowd, browser: str) -> AsyncIterator[Window]:
    async with window(browser, address(own.place)) as made:
        yield made


async def test_a_system_that_refuses_us_says_what_to_do_and_recovers(mine: Window, own: Crowd) -> None:
    celum = own.place.systems.celum
    own.place.ok("sandbox", "faults", celum, "--add", "status", "--status", "401", "--match", "GET /*")
    try:
        page = await mine.open("/connections/dam")
        await page.get_by_role("button", name="Check now").click()
        trouble = page.locator("main .notice.stop")
        await trouble.wait_for()
        assert "dam does not accept our credentials" in await trouble.inner_text()
        assert await trouble.get_by_role("link", name="f", exact=True).count() == 1
        await mine.open("/")
        await page.get_by_role("link", name="dam does not answer").click()
        await page.wait_for_url("**/connections/dam")
    finally:
        own.place.ok("sandbox", "faults", celum, "--clear")
    await page.get_by_role("button", name="Check now").click()
    await page.locator("main .badge", has_text="answers").first.wait_for()
    assert await page.locator("main .notice.stop").count() == 0


async def test_another_field_can_be_chosen_and_is_seen_in_the_examples(mine: Window, own: Crowd) -> None:
    page = await mine.open("/connections/dam")
    fields = page.get_by_role("table", name="Fields of assets")
    row = fields.locator("tr", has=page.get_by_role("cell", name="texts.description", exact=True))
    await row.get_by_role("button", name="Change the field of texts.description").click()
    await page.get_by_role("combobox", name="Field there").fill("Caption")
    await page.get_by_role("option", name="Caption").click()
    await page.get_by_role("button", name="Use this field").click()
    await row.locator("td", has_text="Caption").wait_for()
    other = fields.locator("tr", has=page.get_by_role("cell", name="texts.caption", exact=True))
    assert await samples(row) == await samples(other) != []
    [match] = [
        one
        for one in own.api("connections/dam/profile")["matches"]
        if (one["kind"], one["canonical"]) == ("asset", "texts.description")
    ]
    assert (match["label"], match["why"]) == ("Caption", "a person said so")


async def samples(row: object) -> list[str]:
    texts: list[str] = await row.locator("td.sample").all_inner_texts()  # type: ignore[attr-defined]
    return texts


async def test_the_webhook_address_is_shown_on_purpose_only_and_noted(mine: Window, own: Crowd) -> None:
    page = await mine.open("/connections/pim")
    [path, _] = [own.api("connections/pim/webhook")["path"], None]
    assert path.endswith("…")
    secret_part = path.removesuffix("…")
    assert await page.get_by_text(secret_part).count() == 1
    await page.get_by_role("button", name="Show webhook address").click()
    shown = await page.get_by_role("dialog").locator("pre").first.inner_text()
    assert shown.startswith(mine.address + secret_part)
    assert len(shown) > len(mine.address + path) + 15
    acts = own.api("audit")["rows"]
    assert ("webhook address shown", "pim") in {(one["act"], one["key"]) for one in acts}


async def test_a_connection_in_use_cannot_be_removed(mine: Window, own: Crowd) -> None:
    page = await mine.open("/connections/pim")
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await page.get_by_text("pim is used by f: remove the flow first").wait_for()
    assert own.api("connections/pim")["name"] == "pim"
