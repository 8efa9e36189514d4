"""The installation itself: in order or not, and the record that proves what was done."""

from pathlib import Path

from tests.cli.commands import Place

from .browser import Window


async def test_the_chain_is_verified_and_its_export_verifies_itself(
    seen: Window, running: Place, tmp_path: Path
) -> None:
    page = await seen.open("/system")
    await page.get_by_role("button", name="Verify the chain").click()
    holds = await page.get_by_text("It holds:").inner_text()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export it").click()
    file = tmp_path / "audit.jsonl"
    await (await download.value).save_as(file)
    report = running.ok("audit", "verify", str(file))
    assert report["intact"]
    assert f"{report['rows']:,} rows with {report['entries']:,} entries" in holds


async def test_what_people_did_to_systems_and_to_a_flow_stands_there(seen: Window) -> None:
    page = await seen.open("/system")
    listed = page.get_by_role("table", name="What people did").locator("tbody tr")
    await listed.filter(has_text="connection added").filter(has_text="dam").first.wait_for()
    await page.get_by_label("To what").get_by_role("link", name="f", exact=True).click()
    await listed.filter(has_text="flow installed").wait_for()


async def test_the_doctors_findings_are_those_of_the_command(seen: Window, running: Place) -> None:
    page = await seen.open("/system")
    await page.locator(".findings li").first.wait_for()
    shown = set(await page.locator(".findings strong").all_inner_texts())
    told = {one["what"] for one in running.ok("doctor")["findings"]}
    assert {"connection dam", "connection pim", "flow f", "clock", "inbox"} <= shown <= told
    assert "answered in" in await page.locator(".findings li", has_text="connection dam").inner_text()
