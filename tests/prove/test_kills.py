"""The short crash proof; `make prove` is the whole of it."""

from pathlib import Path

import pytest
from prove.ground import ground
from prove.rounds import Rounds
from prove.warm import warm

KILLS, SEED = 20, 1


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_killed_at_random_instants_it_loses_doubles_and_lets_through_nothing(tmp_path: Path) -> None:
    async with warm() as start, ground(tmp_path, seed=SEED, launch=start) as it:
        figures = await Rounds(it, KILLS, every=10, tell=print, life=1.0).go()
    assert (figures["kills"], figures["checks"]) == (KILLS, 2)
    assert figures["webhooks acknowledged"] > 0
    assert figures["files written"] > 0
    assert [figures[name] for name in ("lost", "doubled", "unapproved", "differences")] == [0, 0, 0, 0]
