"""The clock of the process set an hour ahead and an hour back while people work: what is due acts, nothing is lost, no run hangs.

That nothing is lost is told by what stands in the portal: the instants in the books are by the wrong clock.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lockgate.kit.sandbox.samples import sample_file
from lockgate.kit.services import CLOCK
from prove.cases.bustle import bustle, trouble, until
from prove.cases.standing import Result
from prove.ground import DAM, Ground, ground
from prove.load import REGIONS, Load, iso
from prove.oracle import value
from prove.processes import Launch, launch
from prove.rounds import Rounds

HOUR, HALF = 3600, timedelta(minutes=30)
WINDOWS: dict[str, Callable[[datetime], dict[str, str]]] = {
    "ends-in-half-an-hour": lambda now: {"to": iso(now + HALF)},
    "began-half-an-hour-ago": lambda now: {"from": iso(now - HALF)},
}
SETTINGS: dict[int, Sequence[bool]] = {HOUR: (False, True), -HOUR: (True, False), 0: (True, True)}
"""What the clock is set to, and which of these two assets are shown then. Back by two hours only a sweep can know."""
WORK = 3.0
SOON = 60.0


class Timeless(Load):
    """People who set no dates, since a wrong clock rightly decides otherwise than the true one; our assets they leave alone."""

    def any(self) -> str:
        touched = [id for id in self.journal.there() if self.name_of(id) not in WINDOWS]
        return self.chance.choice(touched)

    def name_of(self, id: str) -> str:
        known = self.journal.now(id)
        return known.name if known is not None else ""

    async def ending(self) -> None:
        await self.rename()

    async def beginning(self) -> None:
        await self.rename()

    async def licence(self) -> None:
        await self.rename()


async def clock(folder: Path, seed: int, *, launch: Launch = launch) -> Result:
    result = Result(
        "clock set by an hour", {"how": "the clock handed to everything in Lockgate", "set to s": list(SETTINGS)}
    )
    hands = folder / "clock"
    set_to(hands, 0)

    async def start(arguments: Sequence[str], settings: Any, place: Path) -> Any:
        return await launch(arguments, {**settings, CLOCK: str(hands)}, place)

    async with ground(folder, seed=seed, launch=start) as it, bustle(it, result, Timeless) as rounds:
        assets = [await windowed(rounds, name, window) for name, window in WINDOWS.items()]
        await until(partial(stand, it, assets, [True, True]), "both assets stand in the portal", SOON)
        for number, (seconds, shown) in enumerate(SETTINGS.items()):
            await trouble(it, number)
            await asyncio.sleep(WORK)
            set_to(hands, seconds)
            await asyncio.sleep(WORK)
            await it.calm()
            await runs_end(it, result, "sweep" if seconds < 0 else "full")
            await until(
                partial(stand, it, assets, shown), f"what is due acts when the clock is set to {seconds} s", SOON
            )
    return result


def set_to(hands: Path, seconds: int) -> None:
    """At once for whoever reads it: it is never half written."""
    hands.parent.mkdir(exist_ok=True)
    fresh = hands.with_suffix(".next")
    fresh.write_text(str(seconds))
    fresh.replace(hands)


async def windowed(rounds: Rounds, name: str, window: Callable[[datetime], dict[str, str]]) -> str:
    """A new asset, allowed within this window, and its product."""
    it, file = rounds.ground, f"{name}.png"
    rounds.journal.know(sample_file(file, 1))
    await it.portal.act("create_product", sku=name)
    words = {"ids.sku": name, "status": "draft", "cleared": True, "regions": REGIONS[0]}
    asked = datetime.now(UTC)
    made = await it.celum.act("make_asset", title=name, file=file, **words)
    id = str(made["id"])
    rounds.journal.note(id, made, asked)
    await rounds.load.tell("set_availability", id, **window(asked))
    await rounds.load.tell("release", id)
    return id


async def stand(it: Ground, assets: Sequence[str], shown: Sequence[bool]) -> bool:
    """Whether the copies of these assets are visible, or not, as told."""
    files = {value(one, "ext_id"): value(one, "status") for one in await it.portal.objects("file")}
    return [files.get(f"{DAM}:{asset}") == "approved" for asset in assets] == list(shown)


async def runs_end(it: Ground, result: Result, kind: str) -> None:
    """A run comes to its end under this clock. Raises Unsettled."""
    run = await it.run(kind)
    if run["state"] != "done":
        result.wrong.append(f"run {run['id']} ended as {run['state']}: {run['note']}")
