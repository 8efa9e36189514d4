"""Commands as tests give them: run to the end, or started and stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar

T = TypeVar("T")
PATIENCE = 60.0


def until(true: Callable[[], T], what: str, within: float = PATIENCE) -> T:
    """Ask again and again until the answer is true; what was true."""
    deadline = time.monotonic() + within
    while True:
        if answer := true():
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:.0f} s: {what}")
        time.sleep(0.01)


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)


@dataclass
class Running:
    """A command under way."""

    folder: Path

    @property
    def pid(self) -> int:
        return int(until(lambda: text(self.folder / "pid"), "the command starts"))

    @property
    def out(self) -> str:
        return text(self.folder / "out")

    @property
    def err(self) -> str:
        return text(self.folder / "err")

    def ended(self) -> bool:
        return (self.folder / "status").exists()

    def document(self) -> Any:
        """The JSON document it prints once it is there."""
        return until(lambda: parsed(self.out), f"{self.folder.name} says that it is there: {self.err}")

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> Done:
        status = until(lambda: text(self.folder / "status"), f"the command ends; it said {self.err}")
        return Done(int(status), self.out, self.err)

    def stop(self) -> Done:
        """As Ctrl-C does."""
        if not self.ended():
            self.signal(signal.SIGINT)
        return self.wait()


def text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def parsed(out: str) -> Any:
    try:
        return json.loads(out)
    except json.JSONDecodeError:
        return None


@dataclass
class Smith:
    """The process that forks commands; see `forge.py`."""

    process: "subprocess.Popen[str]"
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Running:
        folder = self.folder / f"{next(self.numbers):03d}"
        folder.mkdir()
        asked = {"arguments": list(arguments), "environment": {**clean(), **environment}, "folder": str(folder)}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return Running(folder)


@dataclass
class Commands:
    """Gives commands, and stops at the end what is still running."""

    smith: Smith
    started: list[Running] = field(default_factory=list)

    def start(self, *arguments: str, **environment: str) -> Running:
        running = self.smith.start(arguments, environment)
        self.started.append(running)
        return running

    def run(self, *arguments: str, **environment: str) -> Done:
        return self.start(*arguments, **environment).wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for running in self.started:
            if not running.ended():
                running.signal(signal.SIGKILL)
                running.wait()


def clean() -> dict[str, str]:
    """The environment without settings of Lockgate."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LOCKGATE_")}


@contextmanager
def smith(folder: Path) -> Iterator[Smith]:
    command = [sys.executable, str(Path(__file__).with_name("forge.py"))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=clean()) as process:  # noqa: S603 - ours
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Smith(process, folder)
        process.stdin.close()
        process.wait()


@dataclass(frozen=True)
class Systems:
    """Both sandboxes, filled from the same content."""

    celum: str
    portal: str
    expected: dict[str, Any]
    """What a first run must account for, by the seeder's own reckoning."""

    @classmethod
    def started(cls, commands: Commands, content: Path, *more: str) -> Self:
        """With further options of `sandbox up`, such as how many assets are made of the content."""
        fill = ("--content", str(content), *more, "--json")
        celum = commands.start("sandbox", "up", "celum", *fill)
        portal = commands.start("sandbox", "up", "fourallportal", "--key", "k", "--option", "status_rule=false", *fill)
        celum_url, portal_url = (one.document()["url"] for one in (celum, portal))
        manifest = commands.run("sandbox", "manifest", celum_url, "--json").document
        return cls(celum_url, portal_url, manifest["expected"])


@dataclass
class Place:
    """One installation, and the command line on it."""

    commands: Commands
    home: Path
    systems: Systems
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str) -> Running:
        return self.commands.start("--home", str(self.home), *arguments, **self.environment)

    def __call__(self, *arguments: str, **environment: str) -> Done:
        return self.commands.run("--home", str(self.home), *arguments, **self.environment, **environment)

    def ok(self, *arguments: str, status: int = 0) -> Any:
        """The JSON document of a command that ends with this status."""
        done = self(*arguments, "--json")
        assert done.status == status, f"{' '.join(arguments)} ended with {done.status}: {done.out}{done.err}"
        return done.document

    def file(self, name: str, content: str) -> str:
        self.home.mkdir(exist_ok=True)
        (self.home / name).write_text(content)
        return str(self.home / name)

    def connected(self) -> None:
        """Both connections added and confirmed."""
        here = ("--set", "private_addresses=true")
        self.ok("connect", "add", "celum", "dam", "--set", f"site={self.systems.celum}", "--set", "key=demo-key", *here)
        self.ok(
            "connect", "add", "fourallportal", "pim", "--set", f"site={self.systems.portal}", "--set", "key=k", *here
        )
        for name in ("dam", "pim"):
            self.ok("connect", "profile", name, "--confirm")

    def installed(self) -> None:
        """The flow `f` on both connections."""
        self.connected()
        self.ok("flow", "add", self.file("f.yaml", FLOW))


FLOW = """\
flow: f
recipe: approved-assets-to-products
uses: {dam: dam, pim: pim}
"""
