"""The control API: what tests and people do to a sandbox from outside."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from PIL import Image

from lockgate.kit.sandbox import SandboxConfig, serving

from .conftest import Served, Until
from .toy import Toy


async def test_a_sandbox_starts_with_its_default_seed(toy: Served) -> None:
    assert await toy.call("GET", "/v1/notes") == (200, [{"id": 100, "text": "first"}, {"id": 101, "text": "second"}])
    assert (await toy.control("GET", "manifest"))["made"] == {"note": 2}


async def test_reset_goes_back_to_the_seed_and_numbers_start_again(toy: Served) -> None:
    await toy.call("POST", "/v1/notes", {"text": "third"})
    await toy.control("PUT", "clock", {"now": "2030-01-01T00:00:00Z", "frozen": True})
    await toy.control("PUT", "faults", [{"kind": "reset"}])

    await toy.control("POST", "reset")

    assert [note["id"] for note in (await toy.call("GET", "/v1/notes"))[1]] == [100, 101]
    assert (await toy.call("POST", "/v1/notes", {"text": "third"}))[1]["id"] == 102
    assert (await toy.control("GET", "clock"))["frozen"] is False
    assert [call["method"] for call in await toy.control("GET", "calls")] == ["GET", "POST"]


async def test_wrong_calls_are_answered_in_the_manner_of_the_vendor(toy: Served) -> None:
    assert await toy.call("GET", "/v1/nowhere") == (404, {"toy": 404, "path": "/v1/nowhere"})
    assert await toy.call("DELETE", "/v1/notes") == (405, {"toy": 405, "path": "/v1/notes"})
    assert await toy.call("GET", "/v1/broken") == (500, {"toy": 500, "path": "/v1/broken"})


async def test_a_folder_of_files_fills_the_sandbox_and_stays_its_seed(toy: Served, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (8, 8), "red").save(tmp_path / name)

    manifest = await toy.control("POST", "seed", {"content": str(tmp_path), "options": {"assets": 5}})
    await toy.call("POST", "/v1/notes", {"text": "made by hand"})
    await toy.control("POST", "reset")

    assert manifest["made"] == {"notes": 5, "seed": 0}
    assert manifest["expected"]["read"] == 5
    assert len((await toy.control("GET", "manifest?assigned=true"))["assigned"]) == 5
    assert len((await toy.call("GET", "/v1/notes"))[1]) == 5


async def test_a_folder_that_is_not_there_is_refused_and_the_state_stays(toy: Served) -> None:
    status, answer = await toy.call("POST", "/__sandbox/seed", {"content": "/no/such/folder"})
    assert (status, answer) == (400, {"error": "There is no folder /no/such/folder."})
    assert len((await toy.call("GET", "/v1/notes"))[1]) == 2


async def test_the_clock_can_be_set_stopped_and_moved(toy: Served) -> None:
    state = await toy.control("PUT", "clock", {"now": "2030-05-01T12:00:00+02:00", "frozen": True})
    assert state["now"] == "2030-05-01T10:00:00Z"

    await toy.control("PUT", "clock", {"advance_seconds": 90})
    assert toy.sandbox.clock.now() == datetime(2030, 5, 1, 10, 1, 30, tzinfo=UTC)

    await toy.control("PUT", "clock", {"frozen": False})
    assert (
        datetime(2030, 5, 1, 10, 1, 30, tzinfo=UTC) < toy.sandbox.clock.now() < datetime(2030, 5, 1, 10, 2, tzinfo=UTC)
    )

    await toy.control("PUT", "clock", {"now": None})
    assert abs(toy.sandbox.clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_the_call_log_numbers_and_measures_every_call_of_a_client(toy: Served) -> None:
    await toy.call("POST", "/v1/notes?draft=1", {"text": "x"})
    await toy.call("GET", "/v1/notes/999")

    first, second = await toy.control("GET", "calls")

    assert (first["n"], first["method"], first["path"], first["query"]) == (1, "POST", "/v1/notes", "draft=1")
    assert (first["status"], first["request_bytes"], first["answer_bytes"]) == (
        201,
        len('{"text": "x"}'),
        len('{"id":102,"text":"x"}'),
    )
    assert (second["n"], second["status"]) == (2, 404)
    assert [call["n"] for call in await toy.control("GET", "calls?since=1")] == [2]
    await toy.control("DELETE", "calls")
    await toy.call("GET", "/v1/notes")
    assert [call["n"] for call in await toy.control("GET", "calls?since=2")] == [3]


async def test_what_a_person_does_is_offered_by_name(toy: Served) -> None:
    assert await toy.control("GET", "actions") == [
        {"name": "pin", "text": "Pin a note", "parameters": ["id", "colour?"]}
    ]
    assert (await toy.control("POST", "actions/pin", {"id": 100}))["pin"] == "red"
    assert (await toy.call("GET", "/v1/notes/100"))[1]["pin"] == "red"


async def test_actions_that_cannot_be_done_are_refused_in_a_sentence(toy: Served) -> None:
    assert await toy.call("POST", "/__sandbox/actions/pin", {"id": 7}) == (409, {"error": "There is no note 7."})
    assert (await toy.call("POST", "/__sandbox/actions/fly"))[1] == {"error": "There is no action fly; there are: pin."}
    status, answer = await toy.call("POST", "/__sandbox/actions/pin", {"note": 100})
    assert status == 409
    assert "missing a required argument: 'id'" in answer["error"]


async def test_coverage_names_the_documented_routes_that_nobody_serves(toy: Served) -> None:
    seen = await toy.control("GET", "coverage")
    assert seen["missing"] == ["DELETE /notes/{id}"]
    assert len(seen["contract"]) == 6
    assert "PUT /v1/notes/{note}/file" in seen["served"]


async def test_a_control_call_that_makes_no_sense_says_what_is_wrong(toy: Served) -> None:
    status, answer = await toy.call("PUT", "/__sandbox/faults", [{"kind": "explode"}])
    assert status == 400
    assert "explode" in answer["error"]
    assert (await toy.call("PUT", "/__sandbox/clock", {"noww": None}))[0] == 400
    assert (await toy.call("GET", "/__sandbox/calls?since=yesterday"))[0] == 400
    assert (await toy.call("GET", "/__sandbox/nothing"))[0] == 404


async def test_a_tick_that_stumbles_does_not_stop_the_next(until: Until) -> None:
    async with serving(sandbox := Toy(SandboxConfig(options={"stumble": "yes"}))):
        await until(lambda: sandbox.ticks > 2)


async def test_state_in_a_folder_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with serving(Toy(SandboxConfig(state=tmp_path))) as url, aiohttp.ClientSession() as http:
        async with http.post(f"{url}/v1/notes", json={"text": "kept"}) as answer:
            assert answer.status == 201
        async with http.put(f"{url}/__sandbox/webhook", json={"url": "http://127.0.0.1:9/hook"}) as answer:
            assert answer.status == 204
    async with serving(again := Toy(SandboxConfig(state=tmp_path))):
        assert [note["text"] for note in again.state.all("note")] == ["first", "second", "kept"]
        assert [target.url for target in again.webhooks.targets] == ["http://127.0.0.1:9/hook"]
