"""`python docs/screenshots.py`: draw the pictures of the console that the README shows, from a fresh demo.

Headless Chromium looks at `lockgate demo` on its own sandboxes. The same seed makes the same pictures but for the times in them.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from playwright.async_api import Page, async_playwright

IMAGES = Path(__file__).parent / "images"
PICTURES = {"overview.png": 490, "item.png": 720}
"""Names, and how much of the page is seen, in pixels."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none")
WIDE = 1280
LARGEST = 150_000
"""Bytes of a picture, so that the repository stays small."""
PATIENCE = 120.0


def main() -> int:
    line = argparse.ArgumentParser(prog="python docs/screenshots.py", description=__doc__)
    line.add_argument("--to", type=Path, default=IMAGES, help="folder for the pictures")
    line.add_argument("--assets", type=int, default=200)
    asked = line.parse_args()
    with tempfile.TemporaryDirectory() as home, demo(Path(home), asked.assets) as address:
        asked.to.mkdir(parents=True, exist_ok=True)
        asyncio.run(draw(address, asked.to))
    for name in PICTURES:
        size = (asked.to / name).stat().st_size
        sys.stdout.write(f"{asked.to / name}: {size:,} bytes\n")
        if size > LARGEST:
            raise SystemExit(f"that is more than {LARGEST:,} bytes")
    return 0


@contextmanager
def demo(home: Path, assets: int) -> Iterator[str]:
    """A demo whose first run is over; the address of its console."""
    command = [
        sys.executable,
        "-c",
        "from lockgate.cli.main import main; main()",
        "--home",
        str(home),
        "demo",
        "--assets",
        str(assets),
    ]
    environment = {**os.environ, "LOCKGATE_PORT": "0"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:  # noqa: S603 - our own program
        try:
            yield until_it_ran(home / "address")
        finally:
            process.terminate()


def until_it_ran(file: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.5)
        if (
            file.exists()
            and (rows := told(address := file.read_text().strip(), "/runs?kind=full&state=done")["rows"])
            and rows[0]["finished"]
        ):
            return address
    raise SystemExit(f"the demo did not get through its first run within {PATIENCE:.0f} s")


def told(address: str, what: str) -> Any:
    with urlopen(f"{address}/api/v1{what}") as answer:  # noqa: S310 - the demo on this machine
        return json.load(answer)


async def draw(address: str, folder: Path) -> None:
    """Take both pictures."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    async with async_playwright() as playwright:
        driven = await playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        page = await driven.new_page(color_scheme="light")
        for (name, high), path in zip(PICTURES.items(), ("/", item(address)), strict=True):
            await page.set_viewport_size({"width": WIDE, "height": high})
            await taken(page, address + path, folder / name)
        await driven.close()


def item(address: str) -> str:
    """The page of a picture that was delivered to its product."""
    rows = told(address, "/items?held=live&limit=200")["rows"]
    chosen = next((row for row in rows if "front view" in row["title"] and "sku" in row["identifiers"]), rows[0])
    return f"/items/{quote(chosen['flow'], safe='')}/{quote(chosen['key'], safe='')}"


async def taken(page: Page, url: str, file: Path) -> None:
    """Open a page, wait for its pictures, and write what a window shows of it."""
    await page.goto(url, wait_until="networkidle")
    await page.wait_for_selector("#main h1")
    await page.wait_for_function("[...document.images].every((one) => one.complete)")
    await page.screenshot(path=file)


if __name__ == "__main__":
    raise SystemExit(main())
