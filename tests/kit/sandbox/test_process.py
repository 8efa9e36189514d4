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
from lockgate.kit.sandbox.__main__ import main

from .toy import Toy

TOY = "tests.kit.sandbox.toy:Toy"  # a process finds it, because tests are run from the top of the checkout


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
    process = await create_subprocess_exec(
        sys.executable, "-m", "lockgate.kit.sandbox", "larkfield", stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert err.startswith(b"There is no sandbox named larkfield; there are: ")
    assert err.count(b"\n") == 1


def test_a_port_in_use_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main([TOY, "--port", str(port)]) == 2
    assert capsys.readouterr() == ("", f"Cannot listen on 127.0.0.1 port {port}: Address already in use.\n")


async def test_a_port_in_use_is_said_in_process_too() -> None:
    async with serving(Toy(SandboxConfig())) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(PortTaken, match=f"port {port}"):
            async with serving(Toy(SandboxConfig()), port=port):
                pass


def test_an_option_that_makes_no_sense_is_wrong_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert main([TOY, "--option", "stumble"]) == 2
    assert main([TOY, "--state", str(tmp_path / "file")]) == 2
    assert main([TOY, "--port", "70000"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "An option reads name=value, not stumble.",
        f"{tmp_path / 'file'} is not a folder, so no state can be kept in it.",
        "Cannot listen on 127.0.0.1 port 70000: there is no such port.",
    ]


def test_help_names_every_option_and_what_can_be_controlled(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    said = capsys.readouterr().out
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
        assert word in said


async def test_a_sandbox_ends_with_the_process_that_started_it() -> None:
    process = await create_subprocess_exec(
        sys.executable, "-m", "lockgate.kit.sandbox", TOY, "--leave-with-parent", stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert b'"id":"toy"' in await process.stdout.readline()
    await process.communicate(b"")  # closes its standard input, as the end of the parent does
    assert process.returncode == 0
