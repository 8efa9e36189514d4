"""`python -m lockgate.kit.sandbox`: one sandbox as its own process."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from lockgate.kit.sandbox.base import Sandbox
from lockgate.kit.sandbox.config import SandboxConfig, WrongOption
from lockgate.kit.sandbox.process import Hello
from lockgate.kit.sandbox.registry import UnknownSandbox, load, names
from lockgate.kit.sandbox.server import PortTaken, serving

if sys.platform == "win32":
    from asyncio import run
else:
    from uvloop import run

WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; 0 when it ended well, 2 when it was asked for wrongly."""
    asked = parser().parse_args(arguments)
    try:
        sandbox = load(asked.sandbox)(config(asked))
        run(serve(sandbox, asked))
    except (UnknownSandbox, PortTaken, WrongOption) as problem:
        sys.stderr.write(f"{problem}\n")
        return WRONG_USE
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(
        prog="python -m lockgate.kit.sandbox",
        description="Serve a stateful imitation of a vendor's API. Prints one line of JSON (id, url, key, pid) when it listens.",
        epilog="Control it under URL/__sandbox/: reset, seed, manifest, clock, faults, calls, webhook, deliveries, waiting, actions,"
        " coverage.",
    )
    line.add_argument(
        "sandbox", help=f"which one: {', '.join(names()) or 'none is installed'}; or package.module:Class"
    )
    line.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    line.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    line.add_argument("--key", default="demo-key", help="API key that is accepted (default: %(default)s)")
    line.add_argument(
        "--state", type=Path, metavar="DIR", help="keep state in this folder between starts (default: in memory)"
    )
    line.add_argument("--seed", type=int, default=0, metavar="N", help="start of all chances (default: %(default)s)")
    line.add_argument(
        "--content", type=Path, metavar="DIR", help="fill it from a folder of files instead of its default seed"
    )
    line.add_argument("--assets", type=int, metavar="N", help="with --content: make N assets from the files at hand")
    line.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="K=V",
        help="a switch of this vendor's sandbox; may be repeated",
    )
    line.add_argument("--leave-with-parent", action="store_true", help="stop when standard input closes")
    return line


def config(asked: argparse.Namespace) -> SandboxConfig:
    """What the command line says, as a configuration. WrongOption when it makes no sense."""
    if asked.content is not None and not asked.content.is_dir():
        raise WrongOption(f"There is no folder {asked.content}.")
    wrong = [option for option in asked.option if "=" not in option]
    if asked.state is not None and asked.state.exists() and not asked.state.is_dir():
        raise WrongOption(f"{asked.state} is not a folder, so no state can be kept in it.")
    if wrong:
        raise WrongOption(f"An option reads name=value, not {wrong[0]}.")
    return SandboxConfig(
        state=asked.state,
        key=asked.key,
        seed=asked.seed,
        content=asked.content,
        assets=asked.assets,
        options=dict(option.split("=", 1) for option in asked.option),
    )


async def serve(sandbox: Sandbox, asked: argparse.Namespace) -> None:
    """Serve until a signal comes or, if so asked, the parent is gone."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if asked.leave_with_parent:
        loop.add_reader(sys.stdin.fileno(), _watch, stop)
    async with serving(sandbox, asked.host, asked.port) as url:
        hello = Hello(sandbox.id, url, asked.key, os.getpid())
        sys.stdout.write(msgspec.json.encode(hello).decode() + "\n")
        sys.stdout.flush()
        await stop.wait()


def _watch(stop: asyncio.Event) -> None:
    """Standard input has something: nothing at all means that the parent is gone."""
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop.set()


if __name__ == "__main__":
    sys.exit(main())
