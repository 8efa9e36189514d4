"""`python -m bench`: rounds of all jobs, the median of each figure, as a table and as JSON."""

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from bench import jobs
from bench.machine import machine
from bench.scene import scene
from lockgate.kit.seed import generate

RESULTS = Path(__file__).parent / "results"
TITLES = {
    "full_sync": "first full run",
    "unchanged_sync": "second run, nothing changed",
    "hooks": "webhooks, committed before they are acknowledged",
    "latency": "one change at a time, CELUM to 4ALLPORTAL",
}
Round = dict[str, jobs.Figures]


def main() -> None:
    line = argparse.ArgumentParser(prog="python -m bench")
    line.add_argument("--size", type=int, default=500, help="assets (default: %(default)s)")
    line.add_argument(
        "--rounds", type=int, default=3, help="rounds of which the median is taken (default: %(default)s)"
    )
    line.add_argument("--out", type=Path, default=RESULTS, help="folder for the results (default: bench/results)")
    asked = line.parse_args()
    place = machine()
    done = asyncio.run(rounds(asked.size, asked.rounds))
    medians = median(done)
    asked.out.mkdir(parents=True, exist_ok=True)
    name = asked.out / f"size-{asked.size}"
    document = {"machine": place, "size": asked.size, "median": medians, "rounds": done}
    name.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")
    name.with_suffix(".md").write_text(markdown(document))
    show(medians)


async def rounds(size: int, number: int) -> list[Round]:
    with tempfile.TemporaryDirectory(prefix="lockgate-bench-") as folder:
        content = Path(folder) / "content"
        generate(content)
        return [
            await one_round(Path(folder) / str(n), content, size, f"round {n + 1} of {number}") for n in range(number)
        ]


async def one_round(folder: Path, content: Path, size: int, name: str) -> Round:
    sys.stderr.write(f"{name} …\n")
    async with scene(folder, content, size) as ground:
        door = await ground.tell("connect")
        made = {"full_sync": await jobs.full_sync(ground), "unchanged_sync": await jobs.unchanged_sync(ground)}
        made["hooks"] = await jobs.hooks(ground, door["hook"], door["secret"])
        made["latency"] = await jobs.latency(ground, door["hook"], door["secret"])
    return made


def median(done: list[Round]) -> Round:
    return {
        job: {name: round(statistics.median(one[job][name] for one in done), 3) for name in figures}
        for job, figures in done[0].items()
    }


def markdown(document: dict[str, Any]) -> str:
    place, count = document["machine"], len(document["rounds"])
    lines = [
        f"# {document['size']} assets",
        "",
        f"Median of {count} rounds. {place['cores']} cores, Python {place['python']}, {place['system']}, SQLite, no TLS.",
        "Both sandboxes and Lockgate are processes of their own on the same cores, and talk over loopback.",
        f"Load average before it began: {place['load_before']}. What ran beside it shows in seconds more than in CPU seconds.",
    ]
    for job, figures in document["median"].items():
        lines += ["", f"## {TITLES[job]}", "", "| figure | value |", "|---|---:|"]
        lines += [f"| {words(name)} | {number(value)} |" for name, value in figures.items()]
    return "\n".join(lines) + "\n"


def show(medians: Round) -> None:
    for job, figures in medians.items():
        Console().print(f"\n{TITLES[job]}", style="bold")
        table = Table("figure", "value", show_header=False, box=None)
        for name, value in figures.items():
            table.add_row(words(name), number(value))
        Console().print(table)


def words(name: str) -> str:
    """`cpu_celum` in words."""
    if name.startswith("cpu_"):
        return f"CPU seconds of {name.removeprefix('cpu_')}"
    return name.removesuffix("_ms").replace("_", " ") + (", ms" if name.endswith("_ms") else "")


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"


if __name__ == "__main__":
    main()
