"""All pages can be worked without a mouse, and by those who hear them instead of seeing them."""

import pytest
from tests.cli.commands import Place

from .browser import Window
from .test_frame import PAGES

NAMELESS = """() => {
  const name = (one) => one.getAttribute('aria-label')
    || (one.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.textContent || '').join('')
    || [...(one.labels || [])].map((label) => label.textContent).join('')
    || one.textContent || one.value || one.getAttribute('title') || one.querySelector('img[alt]')?.alt || '';
  const worked = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=combobox], [role=img]';
  return [...document.querySelectorAll(worked)].filter((one) => !name(one).trim()).map((one) => one.outerHTML.slice(0, 200));
}"""
"""What can be worked or is drawn, and has no name to be called by."""
REACHABLE = """() => {
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const seen = (one) => one.getClientRects().length && one.checkVisibility({ visibilityProperty: true });
  window.within = [...document.querySelectorAll(all)].filter((one) => one.tabIndex >= 0 && !one.disabled && seen(one));
  document.body.focus();
  return window.within.length;
}"""
"""Note what Tab should reach; how many that are."""
REACHED = "() => window.within.indexOf(document.activeElement)"
HIDDEN = """() => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  const shown = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    || document.activeElement.closest('.q-focusable, .q-field');
  return shown ? '' : document.activeElement.outerHTML.slice(0, 200);
}"""
"""What has the focus and does not show it."""


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_worked_by_names_and_by_tab(path: str, seen: Window) -> None:
    await worked_by_names_and_by_tab(path, seen)


@pytest.mark.parametrize("outcome", ["unchanged", "parked", "blocked"])
async def test_the_page_of_an_item_is_worked_by_names_and_by_tab(outcome: str, seen: Window, running: Place) -> None:
    key = running.ok("item", "list", "--outcome", outcome, "--limit", "1")["rows"][0]["key"]
    await worked_by_names_and_by_tab(f"/items/f/{key}", seen)
    await fits_a_telephone(seen)


async def test_a_plan_is_worked_by_names_and_by_tab(seen: Window, running: Place) -> None:
    plan = running.ok("flow", "plan", "f")["plan"]["id"]
    await worked_by_names_and_by_tab(f"/flows/f/plans/{plan}", seen)
    await fits_a_telephone(seen)


async def fits_a_telephone(seen: Window) -> None:
    await seen.page.set_viewport_size({"width": 390, "height": 860})
    assert await seen.fits()


async def worked_by_names_and_by_tab(path: str, seen: Window) -> None:
    page = await seen.open(path)
    await seen.settled()
    assert await page.evaluate(NAMELESS) == []
    assert await page.locator("h1").count() == 1
    number = await page.evaluate(REACHABLE)
    reached, hidden = [], []
    for _ in range(number):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate(REACHED))
        hidden.append(await page.evaluate(HIDDEN))
    assert reached == list(range(number))
    assert [one for one in hidden if one] == []


async def test_the_focus_stays_where_it_was_when_a_piece_is_drawn_anew(seen: Window) -> None:
    page = await seen.open("/flows")
    link = page.locator("main").get_by_role("link", name="f", exact=True)
    await link.focus()
    await page.evaluate("""() => {
      const piece = document.querySelector('main section.panel').parentElement;
      piece.innerHTML = piece.innerHTML + ' ';
    }""")
    await page.wait_for_function("document.activeElement?.textContent === 'f'")


async def test_the_page_can_be_reached_past_the_navigation(seen: Window) -> None:
    page = await seen.open("/flows")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_function("document.activeElement?.id === 'main'")
