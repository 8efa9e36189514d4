"""What was measured, as tables for people and as JSON, kept by commit."""

from pathlib import Path
from typing import Any

import msgspec

from bench.figures import Parts, Spread, number
from bench.rig.ends import SCRATCH

RESULTS = Path(__file__).parent / "results"


class Measured(msgspec.Struct):
    """A job with one size on one database."""

    job: str
    title: str
    database: str
    size: int | None
    figures: dict[str, dict[str, Spread]]
    rounds: list[Parts]

    @property
    def key(self) -> tuple[str, str, int | None]:
        return self.job, self.database, self.size

    @property
    def heading(self) -> str:
        size = f", {self.size:,}" if self.size is not None else ""
        return f"{self.title}{size} ({'SQLite' if self.database == 'sqlite' else 'PostgreSQL'})"


class Report(msgspec.Struct):
    commit: str
    machine: dict[str, Any]
    measured: list[Measured] = []
    not_run: dict[str, str] = {}
    """What could not be measured here, and why."""


def keep(found: Report, out: Path | None) -> None:
    """Add to what is known of this commit. What was measured of changed sources goes to the scratch folder only."""
    folder = out or (SCRATCH / "results" if found.commit.endswith("-changed") else RESULTS)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{found.commit}.json"
    if file.exists():
        found = merged(msgspec.json.decode(file.read_bytes(), type=Report), found)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    (folder / "latest.md").write_text(table(found))


def merged(old: Report, new: Report) -> Report:
    """The newer figures of a job stand for the older ones."""
    fresh = {one.key for one in new.measured}
    kept = [one for one in old.measured if one.key not in fresh]
    not_run = old.not_run | new.not_run
    return Report(new.commit, new.machine, [*kept, *new.measured], not_run)


def table(found: Report) -> str:
    place = found.machine
    lines = [
        f"# Measured at {found.commit}",
        "",
        f"{place['cores']} cores, Python {place['python']}, {place['system']}; load average before it began {place['load_before']}.",
        "Median of all rounds, with the least and the most. CPU seconds are those of Lockgate unless said otherwise.",
    ]
    for one in found.measured:
        lines += ["", f"## {one.heading}", "", "| part | figure | median | least | most |", "|---|---|---:|---:|---:|"]
        for part, figures in one.figures.items():
            lines += [row(part, name, value) for name, value in figures.items()]
    if found.not_run:
        lines += ["", "## Not run", "", *(f"- {key}: {why}" for key, why in found.not_run.items())]
    return "\n".join(lines) + "\n"


def row(part: str, name: str, value: Spread) -> str:
    return f"| {part} | {name} | {number(value.median)} | {number(value.least)} | {number(value.most)} |"
