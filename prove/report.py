"""The figures as people read them, and kept beside the program."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from lockgate.app.version import VERSION

TITLE = {
    "sqlite": "`lockgate up` on SQLite",
    "postgresql": "`lockgate serve` and two `lockgate worker` on PostgreSQL",
}


def show(name: str, figures: dict[str, Any], wrong: list[str], *, json: bool) -> None:
    if json:
        document = {"on": name, **figures, "holds": not wrong, "wrong": wrong}
        Console(soft_wrap=True).print_json(msgspec.json.encode(document).decode())
        return
    table = Table("figure", TITLE[name])
    for one, value in figures.items():
        table.add_row(one, shown(value))
    console = Console()
    console.print(table)
    for one in wrong:
        console.print(f"✗ {one}", style="red", markup=False, soft_wrap=True)
    if not wrong:
        console.print("It holds: nothing lost, nothing doubled, nothing let through that was not allowed.")


def shown(value: Any) -> str:
    return ", ".join(f"{name} {number}" for name, number in value.items()) if isinstance(value, dict) else str(value)


def keep(folder: Path, name: str, figures: dict[str, Any]) -> None:
    """One JSON document a kind of database, and one table of all."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {"lockgate": VERSION, "day": f"{datetime.now(UTC):%Y-%m-%d}", **figures}
    (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")
    kept = {one: msgspec.json.decode(file.read_bytes()) for one in TITLE if (file := folder / f"{one}.json").exists()}
    (folder / "README.md").write_text(markdown(kept))


def markdown(kept: dict[str, dict[str, Any]]) -> str:
    names = list(dict.fromkeys(one for figures in kept.values() for one in figures))
    lines = [
        "# Results of the crash proof",
        "",
        "Written by `make prove`; what is done and what is checked: [the crash proof](../../docs/why/crash-proof.md).",
        "",
        "| | " + " | ".join(TITLE[one] for one in kept) + " |",
        "|---|" + "---|" * len(kept),
        *(f"| {name} | " + " | ".join(shown(kept[one].get(name, "")) for one in kept) + " |" for name in names),
    ]
    return "\n".join(lines) + "\n"
