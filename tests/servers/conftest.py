"""The servers as fixtures, each started once by the worker that needs it. One that cannot run skips its tests, with the reason."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from tests.servers.kinds import ASKED, KINDS
from tests.servers.relay import SHIPPED
from tests.servers.running import directus, ftp, mariadb, redmine, s3, sftp, tryton, vendure, webdav, wordpress
from tests.servers.running.processes import NotInstalled, NotStarted

S = TypeVar("S")
FAULTS = ("unavailable", "done but not answered")
"""Faults that are asked of connectors on real servers."""


@asynccontextmanager
async def _served(
    name: str, running: Callable[[Path], AbstractAsyncContextManager[S]], places: pytest.TempPathFactory
) -> AsyncIterator[S]:
    try:
        server = running(places.mktemp(name))
        served = await server.__aenter__()
    except (NotInstalled, NotStarted) as reason:
        pytest.skip(f"not run: {reason}")
    try:
        yield served
    finally:
        await server.__aexit__(None, None, None)


server = pytest_asyncio.fixture(scope="session", loop_scope="session")


@server
async def wordpress_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[wordpress.WordPress]:
    with_plugin = partial(wordpress.running, plugins=(SHIPPED / "wordpress.php",))
    async with _served("wordpress", with_plugin, tmp_path_factory) as served:
        yield served


@server
async def redmine_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[redmine.Redmine]:
    async with _served("redmine", redmine.running, tmp_path_factory) as served:
        yield served


@server
async def tryton_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tryton.Tryton]:
    async with _served("tryton", tryton.running, tmp_path_factory) as served:
        yield served


@server
async def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[mariadb.MariaDb]:
    async with _served("mariadb", mariadb.running, tmp_path_factory) as served:
        yield served


@server
async def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[sftp.Sftp]:
    async with _served("sftp", sftp.running, tmp_path_factory) as served:
        yield served


@server
async def webdav_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[webdav.WebDav]:
    async with _served("webdav", webdav.running, tmp_path_factory) as served:
        yield served


@server
async def s3_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[s3.S3]:
    async with _served("s3", s3.running, tmp_path_factory) as served:
        yield served


@server
async def ftp_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ftp.Ftp]:
    async with _served("ftp", ftp.running, tmp_path_factory) as served:
        yield served


@server
async def vendure_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[vendure.Vendure]:
    async with _served("vendure", vendure.running, tmp_path_factory) as served:
        yield served


@server
async def directus_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[directus.Directus]:
    async with _served("directus", directus.running, tmp_path_factory) as served:
        yield served


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-server-missing", action="store_true", help="fail when a server could not be run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note at each test which servers it needs, and leave out those for servers that were not asked for.

    Of the faults on the way, some are asked: the sandboxes of other connectors are asked all, and answer in a millisecond.
    """
    asked = set(os.environ.get(ASKED, ",".join(KINDS)).split(","))
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        needs = _needs(item)
        item.user_properties.append(("servers", ",".join(sorted(needs))))
        (kept if needs <= asked and not _only_of_sandboxes(item) else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def _only_of_sandboxes(item: pytest.Item) -> bool:
    parameters = getattr(item, "callspec", None)
    fault = parameters.params.get("fault") if parameters else None
    return fault is not None and fault not in FAULTS


def _needs(item: pytest.Item) -> set[str]:
    """By its fixtures, and by parameters that are a server's name."""
    parameters = getattr(item, "callspec", None)
    told = {
        *getattr(item, "fixturenames", ()),
        *(f"{one}_server" for one in (parameters.params.values() if parameters else ())),
    }
    return {name for name in KINDS if f"{name}_server" in told}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line a server: what was tested, or why nothing was."""
    counts: dict[str, Counter[str]] = {}
    reasons: dict[str, str] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            for name in filter(None, dict(getattr(report, "user_properties", ())).get("servers", "").split(",")):
                counts.setdefault(name, Counter())[outcome] += 1
                if outcome == "skipped":
                    reasons[name] = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    terminalreporter.section("real servers")
    for name in (one for one in KINDS if one in counts):
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts[name].items())
        reason = " ".join(reasons.get(name, "").removeprefix("Skipped: ").split())[:300]
        terminalreporter.line(f"{name:10} {KINDS[name].title:22} {told if not reason else f'{told}: {reason}'}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With `--no-server-missing`, a run with skipped tests has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
    if reporter is not None and session.config.getoption("--no-server-missing") and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
