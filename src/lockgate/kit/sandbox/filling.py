"""Filling a sandbox: with its default seed, or from a folder of content."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockgate.kit.seed import Content, SeedOptions, expected, load

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox


async def fill(sandbox: "Sandbox", folder: Path | None, options: SeedOptions) -> dict[str, Any]:
    """Empty the state, fill it anew, and note in the manifest how."""
    content = None if folder is None else await asyncio.to_thread(load, folder, options, sandbox.clock.now())
    made = await _filled(sandbox, content, options)
    manifest = {
        "sandbox": sandbox.id,
        "at": sandbox.clock.now(),
        "made": made,
        "options": options,
        **_of(folder, content),
    }
    # Apart, because it is long and the manifest is looked at often.
    sandbox.state.set_setting("assigned", [] if content is None else _assignments(content))
    sandbox.state.set_setting("manifest", manifest)
    return manifest


async def _filled(sandbox: "Sandbox", content: Content | None, options: SeedOptions) -> dict[str, Any]:
    """Empty and fill while nobody looks. What is there from the start is not announced by webhooks."""
    async with sandbox.still:
        sandbox.ready.clear()
        try:
            with sandbox.webhooks.silent():
                sandbox.state.clear()
                if content is not None:
                    return await sandbox.seed_content(content, options)
                await sandbox.seed()
                return dict(sandbox.state.counts())
        finally:
            sandbox.ready.set()


def _of(folder: Path | None, content: Content | None) -> dict[str, Any]:
    """What the manifest says of the content."""
    if folder is None or content is None:
        return {"content": None, "expected": None, "assigned": 0, "problems": []}
    return {
        "content": str(folder.resolve()),  # a restart may happen elsewhere
        "expected": expected(content),
        "assigned": len(content.assets),
        "problems": content.problems,
    }


def _assignments(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "filename": asset.filename,
            "sha256": asset.sha256,
            "sku": asset.sku,
            "gtin": asset.gtin,
            "family": asset.family,
            "fate": asset.fate,
            "problem": asset.problem,
        }
        for asset in content.assets
    ]
