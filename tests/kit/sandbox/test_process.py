"""A sandbox as a process of its own, and its command line."""

import os
import socket
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

import aiohttp
import pytest

from lockgate.kit.sandbox import PortTaken, SandboxConfig, SpawnFailed, serving, spawn

from .toy import Toy

TOY = "tests.kit.sandbox.toy:Toy"


async def run(*arguments: str) -> tuple[int | None, str, str]:
    process = await create_subprocess_exec(
        sys.executable, "-m", "lockgate.kit.sandbox", *arguments, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_spawned_sandbox_answers_and_ends_when_told(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as http:
        process = await spawn(TOY, key="other-key", state=tmp_path, options={"stumble": "no"})
        assert (process.id, process.key) == ("toy", "other-key")
        assert process.pid != os.getpid()
        async with http.get(f"{process.url}/v1/notes") as answer:
            assert len(await answer.json()) == 2
        assert await process.stop() == 0
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(process.url)


async def test_a_sandbox_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(SpawnFailed, match=f"There is no folder {tmp_path}/none."):
        await spawn(TOY, content=tmp_path / "none")


async def test_an_unknown_sandbox_is_wrong_use() -> None:
    status, out, err = await run("larkfield")
    assert (status, out) == (2, "")
    assert err.startswith("There is no sandbox named larkfield; there are: ")
    assert err.count("\n") == 1


async def test_a_port_in_use_is_wrong_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, _, err = await run(TOY, "--port", str(port))
    assert (status, err) == (2, f"Cannot listen on 127.0.0.1 port {port}: Address already in use.\n")


async def test_a_port_in_use_is_said_in_process_too() -> None:
    async with serving(Toy(SandboxConfig())) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(PortTaken, match=f"port {port}"):
            async with serving(Toy(SandboxConfig()), port=port):
                pass


async def test_an_option_that_makes_no_sense_is_wrong_use() -> None:
    assert (await run(TOY, "--option", "stumble"))[::2] == (2, "An option reads name=value, not stumble.\n")


async def test_help_names_every_option_and_what_can_be_controlled() -> None:
    status, out, _ = await run("--help")
    assert status == 0
    for word in (
        "--port",
        "--key",
        "--state",
        "--seed",
        "--content",
        "--assets",
        "--option",
        "package.module:Class",
        "__sandbox",
    ):
        assert word in out


async def test_a_sandbox_ends_with_the_process_that_started_it() -> None:
    process = await create_subprocess_exec(
        sys.executable, "-m", "lockgate.kit.sandbox", TOY, "--leave-with-parent", stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert b'"id":"toy"' in await process.stdout.readline()
    await process.communicate(b"")  # closes its standard input, as the end of the parent does
    assert process.returncode == 0
