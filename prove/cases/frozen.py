"""A worker stopped (SIGSTOP) in the middle of a page for longer than its hold lasts, and continued after another took over.

Twice: once the file is with the portal already and only the answer is out, once half of the file is sent.
"""

import asyncio
import random
import signal
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prove.books import books
from prove.cases.bustle import bustle, nothing_lost, until
from prove.cases.standing import Result
from prove.ground import DAM, FLOW, ground
from prove.load import REGIONS
from prove.oracle import value
from prove.postgres import postgres
from prove.processes import Launch, launch
from prove.rounds import Rounds

FILE = 4_000_000
ANSWER_OUT: Sequence[Mapping[str, Any]] = (
    {"match": "POST /api/modules/file/objects", "kind": "slow", "bytes_per_second": 1},
)
HALF_SENT: Sequence[Mapping[str, Any]] = ({"match": "GET /__files/*", "kind": "slow", "bytes_per_second": 400_000},)
OVER = 90.0
"""Seconds within which another worker must have done the work of the one that stands still."""
WORK = 5.0


async def frozen(folder: Path, seed: int, *, launch: Launch = launch) -> Result:
    result = Result("worker stopped and continued", {"taken over after s": []})
    with postgres() as server:
        url = server.url(server.create())
        async with ground(folder, seed=seed, database=url, launch=launch) as it, bustle(it, result) as rounds:
            for number, in_portal in enumerate((True, False)):
                await asyncio.sleep(WORK)
                await one_stop(rounds, result, number, in_portal=in_portal)
                await nothing_lost(rounds)
                await asyncio.sleep(WORK)
    return result


async def one_stop(rounds: Rounds, result: Result, number: int, *, in_portal: bool) -> None:
    """Stop the worker that sends a file, see the other one deliver it, and let the first go on while people are at work."""
    it = rounds.ground
    await rounds.load.pause()
    await it.rest()
    it.lockgate.signal("worker-2", signal.SIGSTOP)
    if in_portal:
        await it.portal.faults(*ANSWER_OUT)
    else:
        await it.celum.faults(*HALF_SENT)
    asset = await big_asset(rounds, number)
    await until(lambda: begun(rounds, asset), "a worker begins to send the file")
    await (until(lambda: copies(rounds, asset), "the portal has the file") if in_portal else asyncio.sleep(2))
    it.lockgate.signal("worker-1", signal.SIGSTOP)
    it.lockgate.signal("worker-2", signal.SIGCONT)
    stopped = time.monotonic()
    await it.calm()
    await until(lambda: recorded(rounds, asset), "another worker takes over", OVER)
    result.told["taken over after s"].append(round(time.monotonic() - stopped))
    rounds.load.going.set()
    await asyncio.sleep(1)
    it.lockgate.signal("worker-1", signal.SIGCONT)
    if (number := len(await copies(rounds, asset))) != 1:
        result.wrong.append(f"asset {asset} stands {number} times in the portal")


async def big_asset(rounds: Rounds, number: int) -> str:
    """A new asset with a large file that is allowed, and its product."""
    it, sku = rounds.ground, f"BIG-{number}"
    content = random.Random(f"{it.seed} {number}").randbytes(FILE)  # noqa: S311 (repeatable on purpose)
    rounds.journal.know(content)
    file = it.folder / f"big-{number}.tif"
    file.write_bytes(content)
    await it.portal.act("create_product", sku=sku)
    words = {"ids.sku": sku, "status": "draft", "cleared": True, "regions": REGIONS[0]}
    asked = datetime.now(UTC)
    asset = await it.celum.act("make_asset", title=sku, file=f"big-{number}.png", **words)
    id = str(asset["id"])
    rounds.journal.note(id, asset, asked)
    await rounds.load.tell("upload_version", id, path=str(file), filename=file.name)
    await rounds.load.tell("release", id)
    return id


async def begun(rounds: Rounds, asset: str) -> bool:
    it = rounds.ground
    return asset in (await asyncio.to_thread(books, it.lockgate.home, it.lockgate.database, FLOW)).intents


async def recorded(rounds: Rounds, asset: str) -> bool:
    """The intent of whoever stopped is settled."""
    return not await begun(rounds, asset) and bool(await copies(rounds, asset))


async def copies(rounds: Rounds, asset: str) -> list[dict[str, Any]]:
    files = await rounds.ground.portal.objects("file")
    return [one for one in files if value(one, "ext_id") == f"{DAM}:{asset}"]
