"""Flows of records without files, and events that carry their record, with the rig's connectors and recipe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.bench.ends import Ends, ends, record
from tests.world import until

from bench import rig
from lockgate.api import serving
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.settings import AppSettings

HERE = {"private_addresses": True}


@asynccontextmanager
async def lockgate(home: Path, there: Ends, *, watching: bool = False) -> AsyncIterator[Lockgate]:
    """An installation with the rig's flow; the same home opens the same one again."""
    with rig.known():
        async with opened(AppSettings(home=home, port=0), engine=True, watching=watching) as app:
            if not await app.flows.all():
                await app.connections.add(rig.SOURCE, "rigsource", {"site": there.url, **HERE})
                await app.connections.add(rig.SINK, "rigsink", {"site": there.url, **HERE})
                await app.add_flow(rig.BINDING, "the test's flow", {rig.FLOW: rig.RECIPE})
            yield app


async def full_run(app: Lockgate) -> Any:
    started = await app.working.run(rig.FLOW)
    done = await app.working.wait(started.id)
    assert done.state == "done", done.note
    return done.account


async def tell(app: Lockgate, address: str, body: dict[str, Any]) -> int:
    hook = address + await app.connections.hook_path(rig.SOURCE)
    async with aiohttp.ClientSession() as http, http.post(hook, json=body) as answer:
        return answer.status


async def test_records_without_files_are_written_once_and_those_the_gates_stop_never(tmp_path: Path) -> None:
    async with ends(record(1), record(2, status="draft"), record(3)) as there, lockgate(tmp_path, there) as app:
        first, second = await full_run(app), await full_run(app)
    assert (first.read, first.written, first.blocked, first.reasons) == (3, 2, 1, {"approved.no": 1})
    assert (second.read, second.written, second.unchanged, second.blocked) == (3, 0, 2, 1)
    assert [one["seq"] for one in there.taken] == [1, 3]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "draft"}, "approved.no"),
        ({"rights": {"expires": "2020-12-31", "territories": ["US"], "license": "RM"}}, "window.ended"),
        ({"rights": {"expires": "2099-12-31", "territories": ["DE"], "license": "RM"}}, "rights.territory"),
        ({"price": {"amount": 0.0, "currency": "EUR", "tax": 0.19}}, "when.no"),
        ({"channels": ["print"]}, "when.no"),
    ],
)
async def test_each_of_the_five_gates_stops_what_it_is_there_for(
    changes: dict[str, Any], code: str, tmp_path: Path
) -> None:
    async with ends(record(1, **changes)) as there, lockgate(tmp_path, there) as app:
        account = await full_run(app)
    assert (account.blocked, account.reasons, there.taken) == (1, {code: 1}, [])


async def test_a_record_that_changed_is_written_again(tmp_path: Path) -> None:
    async with ends(record(1), record(2)) as there, lockgate(tmp_path, there) as app:
        await full_run(app)
        there.records[1] |= {"rev": 2, "title": {"en": "Teapot"}}
        account = await full_run(app)
    assert (account.written, account.unchanged) == (1, 1)
    assert there.taken[-1]["title"] == {"en": "Teapot"}


async def test_a_record_that_an_event_carries_is_taken_as_it_is_and_not_read(tmp_path: Path) -> None:
    async with (
        ends() as there,
        lockgate(tmp_path, there, watching=True) as app,
        serving(app, "127.0.0.1", 0) as address,
    ):
        told = {"event": "upsert", "seq": 41, "t_us": 7, "data": record(1)}
        stopped = {"event": "upsert", "seq": 42, "t_us": 8, "data": record(2, status="draft")}
        assert [await tell(app, address, one) for one in (stopped, told)] == [202, 202]
        await until(lambda: taken(there), within=60)
        await until(app.working.idle, within=60)
    assert [(one["seq"], one["t_us"], one["sku"]) for one in there.taken] == [(41, 7, ["SKU-1"])]
    assert there.asked == []


async def taken(there: Ends) -> bool:
    return bool(there.taken)


async def test_an_event_without_a_record_is_refused(tmp_path: Path) -> None:
    async with (
        ends() as there,
        lockgate(tmp_path, there, watching=True) as app,
        serving(app, "127.0.0.1", 0) as address,
    ):
        assert await tell(app, address, {"event": "upsert"}) == 400


async def test_a_flow_with_a_recipe_of_ones_own_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with ends(record(1)) as there:
        async with lockgate(tmp_path, there) as app:
            await full_run(app)
        async with lockgate(tmp_path, there) as app:
            assert app.problems == {}
            account = await full_run(app)
    assert (account.unchanged, len(there.taken)) == (1, 1)
