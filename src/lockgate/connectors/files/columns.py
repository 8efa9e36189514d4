"""Which columns the feeds of a folder have, for the profile: by the first records of each."""

import asyncio
from itertools import islice
from pathlib import Path

from lockgate.connectors.files.feeds import BadFeed, rows
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.shelf import Shelf, local_copy
from lockgate.connectors.files.stores import Store
from lockgate.kit.errors import NotFound
from lockgate.kit.profile import FieldInfo
from lockgate.kit.records.items import ONIX, PROBLEMS
from lockgate.kit.services import Services

FIRST = 200
FEEDS = 20


async def columns(store: Store, shelf: Shelf, settings: FilesSettings, services: Services) -> tuple[FieldInfo, ...]:
    """The columns that the first records of the first feeds fill; one that cannot be read adds none."""
    if not settings.feeds:
        return ()
    paths = sorted([entry.path async for entry in store.walk(shelf.skip) if shelf.is_feed(entry.path)])
    found: set[str] = set()
    for path in paths[:FEEDS]:
        try:
            async with local_copy(store, path, services.spool) as here:
                found |= await asyncio.to_thread(named, here, path, settings.feed_key)
        except NotFound:
            continue  # taken away meanwhile
    return tuple(FieldInfo(name=name, type="text") for name in sorted(found))


def named(here: Path, path: str, key: str) -> set[str]:
    try:
        told = {name for row in islice(rows(here, path, key), FIRST) for name in row.record or ()}
        return told - {ONIX, PROBLEMS}
    except BadFeed:
        return set()
