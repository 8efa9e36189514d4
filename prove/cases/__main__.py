"""`python -m prove.cases [NAME …]`: play the special cases of the crash proof, all or these, one after the other."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from lockgate.app.version import VERSION
from prove.cases import CASES
from prove.cases.standing import Result
from prove.ground import Unsettled
from prove.processes import Launch, StartFailed, launch
from prove.warm import warm as forking

RESULTS = Path(__file__).parents[1] / "results"
SEED = 1
COLD = {"start"}
"""Cases that measure how long a process takes to load everything."""


def main() -> int:
    line = argparse.ArgumentParser(prog="python -m prove.cases", description=__doc__)
    line.add_argument("cases", nargs="*", metavar="NAME", help=f"one of {', '.join(CASES)} (default: all)")
    line.add_argument(
        "--seed", type=int, default=SEED, help="of the content and of what people do (default: %(default)s)"
    )
    line.add_argument(
        "--warm", action="store_true", help="start processes by forking one that has loaded Lockgate (not in `start`)"
    )
    line.add_argument("--json", action="store_true", help="the results as one JSON document")
    line.add_argument(
        "--keep", action="store_true", help="keep the folders with databases and logs also when all holds"
    )
    asked = line.parse_args()
    if unknown := sorted(set(asked.cases) - set(CASES)):
        line.error(f"there is no case {', '.join(unknown)}")
    results = asyncio.run(play(asked.cases or list(CASES), asked.seed, warm=asked.warm, keep=asked.keep))
    if asked.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(results), indent=1).decode() + "\n")
    if not asked.cases:
        store(results, asked.seed)
    return 0 if all(one.holds for one in results.values()) else 1


async def play(names: list[str], seed: int, *, warm: bool, keep: bool) -> dict[str, Result]:
    async with AsyncExitStack() as stack:
        forked = await stack.enter_async_context(forking()) if warm else launch
        return {name: await one(name, seed, launch if name in COLD else forked, keep=keep) for name in names}


async def one(name: str, seed: int, launch: Launch, *, keep: bool) -> Result:
    folder = Path(tempfile.mkdtemp(prefix=f"lockgate-{name}-"))
    begun = time.monotonic()
    try:
        result = await CASES[name](folder, seed, launch=launch)
    except (Unsettled, StartFailed) as problem:
        result = Result(name, wrong=[str(problem)])
    result.told["seconds"] = round(time.monotonic() - begun)
    show(result, folder)
    if result.holds and not keep:
        shutil.rmtree(folder)
    return result


def show(result: Result, folder: Path) -> None:
    """One case, in lines for people."""
    word = (
        f"did not run: {result.skipped}" if result.skipped else "holds" if result.holds else f"does NOT hold ({folder})"
    )
    figures = ", ".join(f"{name} {value}" for name, value in result.told.items())
    lines = [f"{result.name}: {word}; {figures}", *(f"  ✗ {one}" for one in result.wrong)]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def store(results: dict[str, Result], seed: int) -> None:
    """Keep what came of all cases beside the program, whether they held or not."""
    document: dict[str, Any] = {
        "lockgate": VERSION,
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "seed": seed,
        "cases": results,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "cases.json").write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
