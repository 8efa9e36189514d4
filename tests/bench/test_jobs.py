"""Every job of the bench runs: as little of each as there can be, by the command that people use."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bench.jobs import JOBS
from bench.rig.ends import NoRig, binary
from tests.servers.running.installed import program
from tests.servers.running.processes import NotInstalled

ROOT = Path(__file__).resolve().parents[2]


async def bench(folder: Path, *words: str) -> tuple[int, dict[str, Any], str]:
    """Exit status, the JSON it printed, and what it told on the way."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench", "--quick", "--rounds", "1", "--json", "--out", str(folder), *words, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, told = await process.communicate()
    return process.returncode or 0, msgspec.json.decode(said) if said else {}, told.decode()


def needs_rig() -> None:
    try:
        binary()
    except NoRig as reason:
        pytest.skip(str(reason))


def needs_a_server() -> None:
    try:
        program("sshd", package="openssh-server")
    except NotInstalled as reason:
        pytest.skip(str(reason))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("job", sorted(JOBS))
async def test_a_job_runs_and_gives_its_figures(job: str, tmp_path: Path) -> None:
    if JOBS[job].rig:
        needs_rig()
    if JOBS[job].servers:
        needs_a_server()
    status, report, told = await bench(tmp_path, "--only", job, "--database", "sqlite")
    assert status == 0, told
    assert {one["job"] for one in report["measured"]} == {job}, told
    parts = report["measured"][0]["figures"]
    assert all(0 <= one["least"] <= one["median"] <= one["most"] for part in parts.values() for one in part.values())
    assert any(one["median"] for one in next(iter(parts.values())).values())
    assert JOBS[job].title in await asyncio.to_thread((tmp_path / "latest.md").read_text)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_several_workers_on_postgresql_pass_on_all_events(tmp_path: Path) -> None:
    needs_rig()
    status, report, told = await bench(tmp_path, "--only", "events", "--database", "postgresql")
    assert status == 0, told
    assert report["measured"][0]["figures"]["sustained"]["CPU s per 1,000, database server"]["median"] > 0


@pytest.mark.timeout(120)
async def test_a_job_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    status, _, told = await bench(tmp_path, "--only", "nothing")
    assert status == 2
    assert "events" in told
