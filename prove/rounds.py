"""Kill, start, look: the loop of the proof."""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from prove import checks
from prove.books import books
from prove.checks import Writes
from prove.faults import mixture
from prove.ground import FLOW, Ground
from prove.hints import Hints
from prove.journal import Journal
from prove.load import Load
from prove.oracle import Complaint

EARLY = 0.25
"""Share of the kills that hit a process while it starts."""
START, LIFE = 2.0, 3.0
"""Seconds after its beginning, or after it was ready, within which a process is killed."""
Tell = Callable[[str], None]


class Failed(Exception):
    """Something did not hold."""

    def __init__(self, kill: int, complaints: list[Complaint]) -> None:
        super().__init__(f"after kill {kill}: " + "; ".join(map(str, complaints[:5])))
        self.kill, self.complaints = kill, complaints


@dataclass
class Figures:
    """What came of a proof."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    starts: list[float] = field(default_factory=list)
    """Seconds until a process that was killed before was ready again."""
    differences: int = 0
    seconds: float = 0.0

    def told(self, hints: Hints, writes: Writes, load: Load) -> dict[str, Any]:
        """As JSON and tables show them."""
        return {
            "seed": self.seed,
            "kills": self.kills.total(),
            "kills by role": dict(sorted(self.kills.items())),
            "checks": self.checks,
            "acts of people": load.acts,
            "webhooks acknowledged": hints.acknowledged,
            "files written": writes.files,
            "megabytes written": round(writes.bytes / 1e6, 1),
            "lost": hints.lost,
            "doubled": writes.doubled,
            "unapproved": writes.unapproved,
            "differences": self.differences,
            "ready again, median s": round(statistics.median(self.starts), 2) if self.starts else None,
            "ready again, longest s": round(max(self.starts), 2) if self.starts else None,
            "seconds": round(self.seconds),
        }


class Rounds:
    """One proof on one ground.

    `every`: after so many kills all is brought to rest and checked. `life`: so many seconds a process lives at most.
    `minutes`: the first check after them is the last one.
    """

    def __init__(
        self, ground: Ground, kills: int, every: int, tell: Tell, life: float = LIFE, minutes: float | None = None
    ) -> None:
        self.minutes = minutes
        self.ground, self.kills, self.every, self.tell, self.lasting = ground, kills, every, tell, life
        self.figures = Figures(ground.seed)
        self.hints, self.writes, self.journal = Hints(), Writes(), Journal()
        self.load = Load(ground, self.journal, ground.seed)
        self._runs: set[str] = set()
        self._acting: asyncio.Task[None]

    async def go(self) -> dict[str, Any]:
        """Do it all; the figures. Raises Failed, and whatever keeps Lockgate from coming to rest."""
        begun = time.monotonic()
        await self.begin()
        async with self.people():
            for number in range(1, self.kills + 1):
                await self.life(number)
                if number % self.every == 0 or number == self.kills:
                    await self.settle(number)
                    self.figures.seconds = time.monotonic() - begun
                    self.tell(f"kill {number} of {self.kills}: {self.line()}")
                    if self.minutes is not None and self.figures.seconds > 60 * self.minutes:
                        break
        if missing := await checks.verdicts(self.ground, self.writes, self.journal):
            raise Failed(self.kills, missing)
        return self.results()

    def results(self) -> dict[str, Any]:
        return self.figures.told(self.hints, self.writes, self.load)

    def line(self) -> str:
        return (
            f"{self.figures.seconds:.0f} s, {self.hints.acknowledged} webhooks acknowledged, {self.writes.files} files written;"
            f" lost {self.hints.lost}, doubled {self.writes.doubled}, unapproved {self.writes.unapproved}"
        )

    async def begin(self) -> None:
        """How everything stands before the first act."""
        await asyncio.to_thread(self.journal.know_folder, self.ground.folder / "content")
        now = datetime.now(UTC)
        self.journal.begin(await self.ground.celum.assets(), now)
        self.journal.lives += [(now, None) for _ in self.ground.lockgate.roles]
        await self.ground.api("POST", f"flows/{FLOW}/runs", {"kind": "full"})

    @asynccontextmanager
    async def people(self) -> AsyncIterator[None]:
        """They act while the block runs; what goes wrong with them goes wrong with the proof."""
        self._acting = asyncio.create_task(self.load.go_on())
        self.load.going.set()
        try:
            yield
        finally:
            self._acting.cancel()
            await asyncio.gather(self._acting, return_exceptions=True)

    # ── one life ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def life(self, number: int) -> None:
        """Let all processes work under trouble until one of them is killed, at an instant that the seed chooses."""
        chance = random.Random(f"{self.ground.seed} {number}")  # noqa: S311 (repeatable on purpose)
        if self._acting.done():
            self._acting.result()
        in_celum, in_portal = mixture(chance)
        await self.ground.celum.faults(*in_celum)
        await self.ground.portal.faults(*in_portal)
        self.load.going.set()
        role, early = chance.choice(self.ground.lockgate.roles), chance.random() < EARLY
        missing = [one for one in self.ground.lockgate.roles if one not in self.ground.lockgate.running]
        for one in missing:
            await self.start(one, wait=not (early and one == role))
        await asyncio.sleep(chance.uniform(0, START if early else self.lasting))
        await self.kill(role, number)

    async def start(self, role: str, *, wait: bool) -> None:
        self.journal.lives.append((datetime.now(UTC), None))
        if wait:
            self.figures.starts.append(await self.ground.lockgate.start(role))
        else:
            await self.ground.lockgate.begin(role)

    async def kill(self, role: str, number: int) -> None:
        """kill -9, and ask the books at once whether they hold every hint that was acknowledged."""
        await self.ground.lockgate.kill(role)
        self.figures.kills[role] += 1
        now = datetime.now(UTC)
        self.journal.died(now, all=not self.ground.lockgate.running)
        sent = await self.hints.collect(self.ground)
        found = await asyncio.to_thread(books, self.ground.lockgate.home, self.ground.lockgate.database, FLOW)
        if lost := list(self.hints.missing(sent, found)):
            raise Failed(number, lost)

    # ── rest ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def settle(self, number: int) -> None:
        """Stop the trouble, let Lockgate do what it knows of, then have it look at everything; check after both."""
        await self.load.pause()
        await self.ground.calm()
        for role in self.ground.lockgate.roles:
            if role not in self.ground.lockgate.running:
                await self.start(role, wait=True)
        edge = (self.journal.last_edge() - datetime.now(UTC)).total_seconds()
        await asyncio.sleep(max(0.0, edge))
        await self.ground.rest()
        await self.hints.collect(self.ground)
        complaints = list(self.hints.unfulfilled(await checks.target(self.ground), self.journal))
        complaints += await self.after_sweep() if not complaints else []
        self.figures.checks += 1
        if complaints:
            raise Failed(number, complaints)

    async def after_sweep(self) -> list[Complaint]:
        run = await self.ground.run("sweep")
        await self.ground.rest()
        wrong = await checks.target(self.ground)
        self.figures.differences += len(wrong)
        self.journal.swept()
        wrong += [one async for one in checks.accounts(self.ground, self._runs)]
        wrong += [one async for one in checks.ledger(self.ground)]
        wrong += [one async for one in self.writes.check(self.ground, self.journal)]
        if run["state"] != "done":
            wrong.append(Complaint(run["id"], f"the sweep of a calm world ended as {run['state']}: {run['note']}"))
        return wrong
