"""`python -m prove`: kill Lockgate at random instants, and prove that nothing is lost, doubled or let through."""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

from prove import evidence, report
from prove.ground import Unsettled, ground
from prove.postgres import postgres
from prove.processes import StartFailed, launch
from prove.rounds import Failed, Rounds
from prove.warm import warm

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    line = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    line.add_argument("--kills", type=int, default=200, help="how often a process is killed (default: %(default)s)")
    line.add_argument("--seed", type=int, help="repeat what a failed proof printed (default: a new one)")
    line.add_argument("--every", type=int, default=10, help="kills between two checks (default: %(default)s)")
    line.add_argument(
        "--minutes", type=float, help="end at the first check after so many minutes (default: when all kills are done)"
    )
    line.add_argument("--assets", type=int, default=40, help="assets to begin with (default: %(default)s)")
    line.add_argument(
        "--postgresql", action="store_true", help="serve and two workers on PostgreSQL, instead of up on SQLite"
    )
    line.add_argument(
        "--warm", action="store_true", help="fork processes that have loaded Lockgate, for many kills in little time"
    )
    line.add_argument("--json", action="store_true", help="the figures as one JSON document")
    line.add_argument("--keep", action="store_true", help="keep the folder with database and logs also when all holds")
    line.add_argument(
        "--out", type=Path, help=f"folder for the results (default: {RESULTS}; none for fewer than 200 kills)"
    )
    return asyncio.run(prove(line.parse_args()))


async def prove(asked: argparse.Namespace) -> int:
    seed = asked.seed if asked.seed is not None else random.Random(os.urandom(8)).randrange(10**6)  # noqa: S311
    folder = Path(tempfile.mkdtemp(prefix="lockgate-prove-"))
    name = "postgresql" if asked.postgresql else "sqlite"
    say(f"{asked.kills} kills on {name}, seed {seed}, in {folder}")
    with ExitStack() as stack:
        database = ""
        if asked.postgresql:
            server = stack.enter_context(postgres())
            database = server.url(server.create())
        figures, wrong = await proof(asked, folder, seed, database)
    report.show(name, figures, wrong, json=asked.json)
    if wrong:
        say(
            f"It does NOT hold. Logs, database and evidence: {folder}. Again: make prove SEED={seed} KILLS={asked.kills}"
        )
        return 1
    if asked.out or asked.kills >= 200:
        report.keep(asked.out or RESULTS, name, figures)
    if not asked.keep:
        shutil.rmtree(folder)
    return 0


async def proof(asked: argparse.Namespace, folder: Path, seed: int, database: str) -> tuple[dict[str, Any], list[str]]:
    """The figures, and what did not hold."""
    async with AsyncExitStack() as stack:
        start = await stack.enter_async_context(warm()) if asked.warm else launch
        given = {"seed": seed, "assets": asked.assets, "database": database, "launch": start}
        it = await stack.enter_async_context(ground(folder, **given))
        rounds = Rounds(it, asked.kills, asked.every, say, minutes=asked.minutes)
        try:
            return await rounds.go(), []
        except Failed as failure:
            await evidence.keep(it, rounds.journal, rounds.writes, failure.complaints)
            return rounds.results(), [f"after kill {failure.kill}: {one}" for one in failure.complaints]
        except (Unsettled, StartFailed) as problem:
            return rounds.results(), [str(problem)]


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
