"""Sandboxes that run now: those of the demos in this home, found by the ports these note."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lockgate.app.problems import Refused
from lockgate.cli.http import call
from lockgate.cli.place import home

NOTE = "sandboxes.json"


@dataclass(frozen=True, slots=True)
class Running:
    name: str
    url: str


def found() -> list[Running]:
    """The sandboxes that answer, those of the newest demo first."""
    return list(dict.fromkeys(one for file in notes() for one in noted(file) if answers(one)))


def notes() -> list[Path]:
    files = [home() / NOTE, *home().glob(f"demo-*/{NOTE}")]
    return sorted((file for file in files if file.exists()), key=lambda file: -file.stat().st_mtime)


def noted(file: Path) -> Iterator[Running]:
    with suppress(msgspec.DecodeError):
        for name, port in msgspec.json.decode(file.read_bytes(), type=dict[str, int]).items():
            yield Running(name, f"http://127.0.0.1:{port}")


def answers(one: Running) -> bool:
    """Whether this sandbox listens there: after a demo has ended, somebody else may have its port."""
    try:
        told = call("GET", f"{one.url}/__sandbox/manifest", patience=5)
    except Refused:
        return False
    return isinstance(told, dict) and told.get("sandbox") == one.name


def address(where: str) -> str:
    """The address of a sandbox given by address or by name. Raises Refused."""
    if "://" in where:
        return where.rstrip("/")
    there = found()
    chosen = next((one.url for one in there if one.name == where), None)
    if chosen is None:
        running = ", ".join(one.name for one in there) or "none"
        raise Refused(
            f"no sandbox {where!r} runs in a demo below {home()} (running: {running}): start `lockgate demo`,"
            " say --home, or give its address"
        )
    return chosen
