"""A real browser: the system's Chromium, started once, in which each test has a window of its own."""

import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import ConsoleMessage, Page, async_playwright, expect
from tests.cli.commands import until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
PATIENCE = 30_000.0
"""Milliseconds that a page gets; machines that test are slow at moments."""
expect.set_options(timeout=PATIENCE)


def installed() -> str:
    """The browser's program. `make test` fetches one where there is none."""
    asked = os.environ.get("LOCKGATE_TEST_BROWSER")
    found = asked or next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, f"none of {', '.join(NAMES)} is installed: run `make browser`, or set LOCKGATE_TEST_BROWSER"
    return found


@contextmanager
def chromium(folder: Path) -> Iterator[str]:
    """The browser as a process; the address by which it is driven."""
    with (folder / "browser.log").open("w") as log:
        command = [installed(), *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - the system's browser
        port = folder / "profile" / "DevToolsActivePort"
        try:
            lines = until(lambda: port.read_text().split() if port.exists() else [], "the browser listens")
            yield f"http://127.0.0.1:{lines[0]}"
        finally:
            process.terminate()
            process.wait()


SAME = """() => {
  const before = window.before;
  window.before = document.querySelector('main').innerHTML;
  return before === window.before;
}"""
"""Whether the page is as it was when this was asked before."""


@dataclass
class Window:
    """A browser's window on the console; what goes wrong in it is noted."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)

    def said(self, line: ConsoleMessage) -> None:
        """Note an error, but for a picture that is not there: not every item has one."""
        if line.type == "error" and not line.location["url"].endswith("/thumbnail"):
            self.wrong.append(line.text)

    async def open(self, path: str) -> Page:
        """Go to a page of the console, and wait until it stands and can be worked with."""
        await self.page.goto(self.address + path, wait_until="load")
        await self.page.wait_for_selector("#main > *")
        await self.page.wait_for_function("window.did_handshake || window.socket?.connected")
        return self.page

    async def settled(self) -> None:
        """Wait until what came later than the page itself is there, too."""
        await self.page.wait_for_function(SAME, polling=400)

    async def text(self, selector: str = "main") -> str:
        return await self.page.locator(selector).inner_text()

    async def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@asynccontextmanager
async def window(browser: str, address: str, *, width: int = 1280, dark: bool = False) -> AsyncIterator[Window]:
    """A fresh window without cookies. What the page itself reports as wrong fails the test that uses it."""
    async with async_playwright() as playwright:
        driven = await playwright.chromium.connect_over_cdp(browser)
        context = await driven.new_context(
            viewport={"width": width, "height": 860}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE)
        try:
            made = Window(await context.new_page(), address)
            made.page.on("pageerror", lambda error: made.wrong.append(str(error)))
            made.page.on("console", made.said)
            yield made
            assert not made.wrong, json.dumps(made.wrong)
        finally:
            await context.close()
            await driven.close()
