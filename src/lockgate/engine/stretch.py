"""One step of a run on its way: items that need no look are counted, a page at a time; the others are worked in chunks."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from lockgate.engine.bound import Bound
from lockgate.engine.crew import Crew
from lockgate.kit.contract import Ref
from lockgate.ledger import runs
from lockgate.ledger.deliveries.standing import settled
from lockgate.ledger.runs import Run
from lockgate.model.plan import Account, Outcome

Work = Callable[[int, Sequence[str]], Awaitable[None]]
"""Works the items of a chunk and records them as the part of the run of this number."""


SORTED_AT_ONCE = 2000
"""Items whose last look is read from the ledger together: small pages of an index are gathered."""


class Pace:
    """How many items make a chunk: few where each takes long, so that an urgent hint for one of them does not wait long.

    Few, too, while `lively` says that events are worked beside: each chunk holds the loop and the one writer for as long as
    its items take together.
    """

    BESIDE, LEAST, MOST = 32, 64, 256
    SWIFT, SLOW = 0.5, 1.5
    """Seconds within which chunks may grow, and after which they shrink."""

    def __init__(self, lively: Callable[[], bool], *, files: bool) -> None:
        self._lively = lively
        self._learned = self.LEAST if files else self.MOST

    @property
    def size(self) -> int:
        return self.BESIDE if self._lively() else self._learned

    def took(self, items: int, seconds: float) -> None:
        """Learn from a chunk of so many items."""
        if seconds > self.SLOW:
            self._learned = max(self.LEAST, min(self._learned, items // 2))
        elif seconds < self.SWIFT and items >= self._learned:
            self._learned = min(self.MOST, items * 2)


class Stretch:
    """Hand it pages of the index with `take`, then `close` it. Chunks go to the crew; who owns that waits for them."""

    def __init__(self, bound: Bound, run: Run, crew: Crew, pace: Pace, work: Work, part: int) -> None:
        self.bound, self.run, self.crew, self.pace, self.work = bound, run, crew, pace, work
        self.taken = 0
        self._part = part
        self._unsorted: list[Ref] = []
        self._waiting: list[str] = []
        self._quiet = Account()
        self._passed: list[str] = []

    async def take(self, refs: Sequence[Ref]) -> None:
        """Sort items by whether they need a look, and begin what fills a chunk."""
        self.taken += len(refs)
        self._unsorted += refs
        if len(self._unsorted) >= SORTED_AT_ONCE:
            await self._sort()
            while len(self._waiting) >= self.pace.size:
                await self._begin(self.pace.size)

    async def close(self) -> Account:
        """Begin the rest, and record the items that needed no look; answers their account."""
        await self._sort()
        while self._waiting:
            await self._begin(self.pace.size)
        if self._passed:
            part = self._next_part()
            await self.bound.ledger.write(
                lambda c: runs.add_page(c, self.run.id, part, None, self._quiet, keys=self._passed)
            )
        return self._quiet

    async def _begin(self, number: int) -> None:
        chunk, self._waiting = self._waiting[:number], self._waiting[number:]
        await self.crew.add(partial(self.work, self._next_part(), chunk))

    def _next_part(self) -> int:
        self._part += 1
        return self._part - 1

    async def _sort(self) -> None:
        refs, self._unsorted = self._unsorted, []
        self._waiting += await self._loud([ref.id for ref in refs], [ref.revision for ref in refs])

    async def _loud(self, keys: list[str], revisions: list[str]) -> list[str]:
        """Those that need a look; the others, seen at this very revision under these very rules and settled for good, are counted."""
        if not keys or self.run.params.get("verify"):
            return keys
        bound, now = self.bound, self.bound.clock()
        rules = bound.revision("")
        known = await bound.ledger.read(lambda c: settled(c, bound.flow.name, keys, now))
        stands = list(map(known.get, zip(keys, [one + rules for one in revisions], strict=True)))
        found = Counter(stands)
        loud = [key for key, how in zip(keys, stands, strict=True) if how is None] if found.pop(None, 0) else []
        for how, number in found.items():
            if how is not None:
                self._quiet.count(again(Outcome(how[0])), how[1], number)
        self._passed += [key for key, how in zip(keys, stands, strict=True) if how is not None] if loud else keys
        return loud


def again(outcome: Outcome) -> Outcome:
    """How an item counts that needs no new look."""
    return Outcome.BLOCKED if outcome is Outcome.BLOCKED else Outcome.UNCHANGED
