"""What is known of the items that are not as they should be, kept for whoever looks for the cause."""

from collections.abc import Sequence
from typing import Any

import msgspec

from prove.checks import Writes
from prove.ground import Ground
from prove.journal import Journal
from prove.oracle import Complaint

CALLS = 3000
"""The last calls of each sandbox that are kept."""


async def keep(ground: Ground, journal: Journal, writes: Writes, complaints: Sequence[Complaint]) -> None:
    """Write `evidence.json` into the ground's folder: by item what it was and what the portal had of it, and the last calls."""
    items = sorted({one.item for one in complaints})
    binaries = await ground.portal.binaries()
    owned = {item: [object for object, asset in writes.owners.items() if asset == item] for item in items}
    told: dict[str, Any] = {
        item: {
            "complaints": [one.what for one in complaints if one.item == item],
            "stood": journal.standings.get(item, []),
            "binaries": [one for one in binaries if one["id"] in owned[item]],
            "history": [change for object in owned[item] for change in await ground.portal.history(object)],
        }
        for item in items
    }
    for name, system in (("celum", ground.celum), ("portal", ground.portal)):
        told[f"calls of {name}"] = (await system.control("GET", "calls"))[-CALLS:]
    document = msgspec.json.encode(told, enc_hook=str)
    (ground.folder / "evidence.json").write_bytes(msgspec.json.format(document, indent=1))
