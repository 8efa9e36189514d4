"""What comes of a case, and what must hold once it is over: read from both systems, the books, and asked over the API."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prove import checks
from prove.ground import Ground


@dataclass
class Result:
    """What came of a case. It holds when it ran and nothing is wrong."""

    name: str
    told: dict[str, Any] = field(default_factory=dict)
    """Figures, and how it was done."""
    wrong: list[str] = field(default_factory=list)
    skipped: str = ""
    """Why it did not run."""

    @property
    def holds(self) -> bool:
        return not self.wrong and not self.skipped


async def standing(it: Ground) -> list[str]:
    """Everything that is not as it should be, at rest: target and oracle, doubled files, accounts, ledger, audit."""
    found = [*await checks.target(it)]
    found += [one async for one in checks.accounts(it, set())]
    found += [one async for one in checks.ledger(it)]
    return [*map(str, found), *sent_twice(await it.portal.act("binaries", after=0))]


def sent_twice(binaries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Files that Lockgate put in although the very same one stood there."""
    last: dict[str, str] = {}
    for one in binaries:
        if one["by"] == checks.LOCKGATE and last.get(one["id"]) == one["sha256"]:
            yield f"file {one['id']} was given the bytes {one['sha256'][:12]} twice in succession"
        last[one["id"]] = one["sha256"]


async def settled(it: Ground, patience: float = 60.0) -> list[str]:
    """Wait until all is as it should be; what is still wrong when patience ends."""
    deadline = time.monotonic() + patience
    while True:
        await it.rest()
        wrong = await standing(it)
        if not wrong or time.monotonic() > deadline:
            return wrong
        await asyncio.sleep(0.2)
