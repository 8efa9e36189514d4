"""Filling a sandbox: with its default seed, or from a folder of content."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from lockgate.kit.sandbox.config import SeedOptions

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox
    from lockgate.kit.seed import Content


async def fill(sandbox: "Sandbox", folder: Path | None, options: SeedOptions) -> dict[str, Any]:
    """Empty the state, fill it anew, and note in the manifest how."""
    content = None if folder is None else await _assigned(sandbox, folder, options)
    made = await _filled(sandbox, content, options)
    manifest = {
        "sandbox": sandbox.id,
        "content": None if folder is None else str(folder),
        "options": options,
        "at": sandbox.clock.now(),
        "made": made,
        "assigned": [] if content is None else _assignments(content),
        "problems": [] if content is None else content.problems,
    }
    sandbox.state.set_setting("manifest", manifest)
    return manifest


async def _filled(sandbox: "Sandbox", content: "Content | None", options: SeedOptions) -> dict[str, Any]:
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


async def _assigned(sandbox: "Sandbox", folder: Path, options: SeedOptions) -> "Content":
    """The content of a folder with products and fates given out; the same in every sandbox with the same seed."""
    from lockgate.kit.seed import Shares, assign, read_folder

    content = await asyncio.to_thread(read_folder, folder)
    seed = sandbox.config.seed if options.seed is None else options.seed
    shares = msgspec.convert(options.shares, Shares)
    return assign(content, seed=seed, shares=shares, now=sandbox.clock.now(), assets=options.assets)


def _assignments(content: "Content") -> list[dict[str, Any]]:
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
