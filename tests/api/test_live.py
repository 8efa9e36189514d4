"""What happens as it happens: streams of an installation that works by itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from tests.api.place import V1, Api, Place
from tests.world import FLOW, until

from lockgate.api import serving
from lockgate.api.events import Dropped, Feed

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Count:
    n = 0

    def __call__(self) -> None:
        self.n += 1


@dataclass
class Stream:
    """Server-sent events of one answer."""

    answer: aiohttp.ClientResponse

    async def next(self) -> tuple[str, Any]:
        """The next event's name and data; comments have the name `#`."""
        name, data = "", ""
        while line := (await asyncio.wait_for(self.answer.content.readline(), 10)).decode().strip():
            head, _, rest = line.partition(":")
            name, data = ("#", rest) if not head else (rest.strip(), data) if head == "event" else (name, rest)
        if not name:
            raise EOFError
        return name, json.loads(data) if name != "#" else data.strip()


@asynccontextmanager
async def stream(api: Api, path: str) -> AsyncIterator[Stream]:
    async with api.http.get(api.url + V1 + path) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer)


async def test_each_item_looked_at_is_told_to_who_listens(watching: Place) -> None:
    key = watching.assets["packshot 1"]
    async with stream(watching.api, "/events") as events:
        assert await events.next() == ("#", "listening")
        await watching.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)
        while (told := await events.next())[1]["key"] != key:
            assert told[0] == "item"
        name, event = told
    assert (name, event["flow"], event["outcome"], event["title"]) == ("item", FLOW, "unchanged", "packshot 1")


async def test_listeners_hear_only_what_they_asked_for(watching: Place) -> None:
    api, portal = watching.api, watching.world.portal
    async with stream(api, f"/events?flow={FLOW}&outcome=written") as events:
        await events.next()
        await api.post(f"/items/{FLOW}/{watching.assets['packshot 2']}/look-again", expected=202)
        await portal.product("NOWHERE-1")
        await api.post(f"/parked/{FLOW}/{watching.assets['orphan 1']}/retry", expected=202)
        name, event = await events.next()
    assert (name, event["title"], event["linked"]) == ("item", "orphan 1", True)
    assert event["actions"] == ["create", "link"]


async def test_looking_again_mends_what_somebody_changed_at_the_target(watching: Place) -> None:
    api, portal, key = watching.api, watching.world.portal, watching.assets["packshot 3"]
    ref = (await api.get(f"/items/{FLOW}/{key}"))["place"]["ref"]
    await portal.call("DELETE", f"modules/file/objects/{ref}")
    await api.post(f"/items/{FLOW}/{key}/look-again", expected=202)

    async def replaced() -> Any:
        place = (await api.get(f"/items/{FLOW}/{key}"))["place"]
        return place if place["ref"] != ref else None

    place = await until(replaced)
    file = await portal.file(key)
    assert file is not None
    assert (place["ref"], place["held"]) == (file["id"], "live")
    acts = [entry["act"] for entry in (await api.get(f"/items/{FLOW}/{key}/timeline"))["rows"]]
    assert acts[-1] == "written"
    assert acts[0] == "written"


async def test_a_run_is_followed_to_its_end(watching: Place) -> None:
    run = await watching.api.post(f"/flows/{FLOW}/runs", {"kind": "sweep"}, expected=202)
    async with stream(watching.api, f"/runs/{run['id']}/events") as events:
        told = [await events.next()]
        while told[-1][0] != "end":
            told.append(await events.next())
        with pytest.raises(EOFError):
            await events.next()
    assert {name for name, _ in told} <= {"progress", "end"}
    assert told[-1][1]["state"] == "done"
    assert told[-1][1] == await watching.api.get(f"/runs/{run['id']}")


async def test_who_does_not_keep_up_loses_the_oldest_events_and_is_told_how_many(watching: Place) -> None:
    feed = Feed(watching.app, count := Count())
    with feed.listening(lambda name: name == FLOW, room=3) as listener:
        run = await watching.api.post(f"/flows/{FLOW}/runs", {"verify": True}, expected=202)
        done = await watching.api.finished(run["id"])
        first, *rest = list(listener.take())
    assert isinstance(first, Dropped)
    assert first.dropped == count.n
    assert first.dropped + len(rest) >= done["account"]["read"] > 3
    assert len(rest) == 3


async def test_streams_end_when_the_server_does(watching: Place) -> None:
    async with serving(watching.app, "127.0.0.1", 0) as url:
        answer = await watching.api.http.get(f"{url}{V1}/events")
        listener = Stream(answer)
        assert await listener.next() == ("#", "listening")
    with pytest.raises((EOFError, aiohttp.ClientError)):
        await listener.next()
    answer.close()
