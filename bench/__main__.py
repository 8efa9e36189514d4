"""`python -m bench`: rounds of jobs, the median of each figure with the least and the most, as a table and as JSON."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import report
from bench.figures import Parts, spread
from bench.jobs import JOBS, Job
from bench.machine import commit, machine
from bench.place import Place
from bench.postgres import Server, server
from bench.report import Measured, Report
from bench.rig.ends import NoRig, binary


def main() -> int:
    asked = arguments()
    found = Report()
    with ExitStack() as stack:
        postgres = stack.enter_context(server()) if wants_postgres(asked) else None
        for case in cases(asked):
            try:
                found.measured.append(measure(case, asked, postgres, found.not_run))
            except (NoRig, RuntimeError) as reason:
                found.not_run[case.key] = str(reason)
                sys.stderr.write(f"  not run: {reason}\n")
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n" if asked.json else report.table(found))
    report.keep(found, commit(), asked.out)
    return 0 if found.measured else 1


def arguments() -> argparse.Namespace:
    line = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    line.add_argument("--only", metavar="JOB,…", help=f"only these of {', '.join(JOBS)}")
    line.add_argument(
        "--size", type=int, action="append", metavar="N", help="records or assets, in the place of each job's own"
    )
    line.add_argument("--full", action="store_true", help="the long ones, too: a million records")
    line.add_argument("--rounds", type=int, default=3, help="of which the median is taken (default: %(default)s)")
    line.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    line.add_argument("--json", action="store_true", help="print JSON instead of tables")
    line.add_argument("--out", type=Path, help="where results are kept (default: bench/results, by commit)")
    line.add_argument("--quick", action="store_true", help="as little as possible, to see that it runs")
    asked = line.parse_args()
    unknown = set((asked.only or "").split(",")) - {"", *JOBS}
    if unknown:
        line.error(f"there is no job {', '.join(sorted(unknown))}; there are {', '.join(JOBS)}")
    return asked


class Case(msgspec.Struct, frozen=True):
    """A job with a size and a database."""

    name: str
    size: int
    database: str

    @property
    def job(self) -> Job:
        return JOBS[self.name]

    @property
    def key(self) -> str:
        return f"{self.name} {self.size:,} {self.database}" if self.size else f"{self.name} {self.database}"


def cases(asked: argparse.Namespace) -> Iterator[Case]:
    """What is to be measured, in order."""
    for name in asked.only.split(",") if asked.only else JOBS:
        job = JOBS[name]
        for size in sizes(job, asked):
            yield from (Case(name, size, one) for one in job.databases if asked.database in {None, one})


def sizes(job: Job, asked: argparse.Namespace) -> tuple[int, ...]:
    if asked.size and job.long:
        return tuple(asked.size)
    return job.sizes + (job.long if asked.full else ())


def wants_postgres(asked: argparse.Namespace) -> bool:
    return any(case.database == "postgresql" for case in cases(asked))


def measure(case: Case, asked: argparse.Namespace, postgres: Server | None, not_run: dict[str, str]) -> Measured:
    if case.job.rig:
        binary()
    begun, at, place = time.monotonic(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), machine()
    sys.stderr.write(f"{case.key}\n")
    rounds = [one_round(case, asked, postgres, number, not_run) for number in range(1, asked.rounds + 1)]
    sys.stderr.write(f"  {time.monotonic() - begun:.0f} s\n")
    return Measured(
        case.name, case.job.title, case.database, case.size or None, spread(rounds), rounds, commit(), at, place
    )


def one_round(
    case: Case, asked: argparse.Namespace, postgres: Server | None, number: int, not_run: dict[str, str]
) -> Parts:
    sys.stderr.write(f"  round {number} of {asked.rounds}\n")
    with tempfile.TemporaryDirectory(prefix="lockgate-bench-") as folder:
        on_server = postgres if case.database == "postgresql" else None
        place = Place(
            Path(folder),
            min(case.size, 100) if asked.quick else case.size,
            quick=asked.quick,
            server=on_server,
            not_run=not_run,
        )
        return asyncio.run(case.job.round(place))


if __name__ == "__main__":
    sys.exit(main())
