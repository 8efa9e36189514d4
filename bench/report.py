"""What was measured, as tables for people and as JSON, kept by commit."""

from pathlib import Path
from typing import Any

import msgspec

from bench.figures import Parts, Spread, number
from bench.rig.ends import SCRATCH

RESULTS = Path(__file__).parent / "results"


class Measured(msgspec.Struct):
    """A job with one size on one database, at one commit."""

    job: str
    title: str
    database: str
    size: int | None
    figures: dict[str, dict[str, Spread]]
    rounds: list[Parts]
    commit: str
    at: str
    """When it began, in UTC."""
    machine: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, int | None]:
        return self.job, self.database, self.size

    @property
    def heading(self) -> str:
        size = f", {self.size:,}" if self.size is not None else ""
        return f"{self.title}{size} ({'SQLite' if self.database == 'sqlite' else 'PostgreSQL'})"


class Report(msgspec.Struct):
    measured: list[Measured] = []
    not_run: dict[str, str] = {}
    """What could not be measured here, and why."""


def keep(found: Report, commit: str, out: Path | None) -> None:
    """Add to what is known of this commit, and show the newest of each job. Of changed sources only in the scratch folder."""
    folder = out or (SCRATCH / "results" if commit.endswith("-changed") else RESULTS)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{commit}.json"
    known = msgspec.json.decode(file.read_bytes(), type=Report) if file.exists() else Report()
    file.write_bytes(msgspec.json.format(msgspec.json.encode(merged(known, found)), indent=1) + b"\n")
    (folder / "latest.md").write_text(table(latest(folder)))


def merged(old: Report, new: Report) -> Report:
    """The newer figures of a job stand for the older ones."""
    fresh = {one.key for one in new.measured}
    return Report([*(one for one in old.measured if one.key not in fresh), *new.measured], old.not_run | new.not_run)


def latest(folder: Path) -> Report:
    """The newest figures of each job, whatever commit they are of."""
    reports = [msgspec.json.decode(file.read_bytes(), type=Report) for file in folder.glob("*.json")]
    found = Report()
    for one in sorted((one for report in reports for one in report.measured), key=lambda one: one.at):
        found = merged(found, Report([one]))
    found.measured.sort(key=lambda one: (one.job, one.database != "sqlite", one.size or 0))
    return found


def table(found: Report) -> str:
    """For people."""
    lines = [
        "# What was measured",
        "",
        "Median of all rounds, with the least and the most. CPU seconds are those of Lockgate unless said otherwise.",
    ]
    for one in found.measured:
        lines += ["", f"## {one.heading}", "", circumstances(one), ""]
        lines += ["| part | figure | median | least | most |", "|---|---|---:|---:|---:|"]
        for part, figures in one.figures.items():
            lines += [row(part, name, value) for name, value in figures.items()]
    if found.not_run:
        lines += ["", "## Not run", "", *(f"- {key}: {why}" for key, why in found.not_run.items())]
    return "\n".join(lines) + "\n"


def circumstances(one: Measured) -> str:
    place, rounds = one.machine, len(one.rounds)
    said = f"Commit {one.commit}, {one.at}, {rounds} {'round' if rounds == 1 else 'rounds'}; {place['cores']} cores,"
    return f"{said} Python {place['python']}, {place['system']}, load average before it began {place['load_before']}."


def row(part: str, name: str, value: Spread) -> str:
    return f"| {part} | {name} | {number(value.median)} | {number(value.least)} | {number(value.most)} |"
