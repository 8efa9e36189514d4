"""Faults: every way a vendor's API fails, over a real connection."""

import asyncio
import time

import aiohttp
import pytest

from lockgate.kit.sandbox import FaultRule, SandboxConfig, serving
from lockgate.kit.sandbox.relisting import relisted

from .conftest import Served, Until
from .toy import Toy

NOTES = b'[{"id":100,"text":"first"},{"id":101,"text":"second"}]'


async def statuses(toy: Served, calls: int, path: str = "/v1/notes") -> list[int]:
    return [(await toy.call("GET", path))[0] for _ in range(calls)]


async def test_a_status_is_answered_as_the_vendor_would_with_the_pause_asked_for(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "status", "status": 503, "retry_after": 2, "times": 1}])
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert await answer.json() == {"toy": 503, "path": "/v1/notes"}
    assert await statuses(toy, 1) == [200]


async def test_a_status_without_a_pause_names_none(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "rate_limit"}])
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert answer.status == 429
        assert "Retry-After" not in answer.headers


async def test_a_fault_waits_for_its_turn_and_strikes_as_often_as_told(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "status", "status": 500, "after": 1, "times": 2}])
    assert await statuses(toy, 5) == [200, 500, 500, 200, 200]
    rule = (await toy.control("GET", "faults"))[0]
    assert (rule["seen"], rule["hits"]) == (5, 2)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("GET /notes", [503, 200]),
        ("GET /v1/notes", [503, 200]),
        ("/notes/*", [200, 503]),
        ("POST /*", [200, 200]),
        ("*", [503, 503]),
        ("webhook", [200, 200]),
    ],
)
async def test_a_fault_meets_only_the_calls_it_matches(toy: Served, match: str, expected: list[int]) -> None:
    await toy.control("PUT", "faults", [{"match": match, "kind": "status"}])
    assert await statuses(toy, 1) + await statuses(toy, 1, "/v1/notes/100") == expected


async def test_chances_repeat_with_the_same_seed(toy: Served) -> None:
    rule = [{"kind": "status", "probability": 0.5}]
    await toy.control("PUT", "faults", rule)
    first = await statuses(toy, 20)
    await toy.control("PUT", "faults", rule)
    assert await statuses(toy, 20) == first
    assert set(first) == {200, 503}


async def test_a_rate_limit_lets_its_rate_pass_and_refuses_the_rest_until_time_goes_by(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "rate_limit", "rate": 2, "retry_after": 1}])
    assert await statuses(toy, 3) == [200, 200, 429]
    await toy.control("PUT", "clock", {"advance_seconds": 2})
    assert await statuses(toy, 1) == [200]


async def test_an_expired_token_is_refused_in_the_vendors_words(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "expired_token", "times": 1}])
    assert await toy.call("GET", "/v1/notes") == (401, {"toy": "token is old"})


async def test_a_timeout_holds_the_connection_until_the_client_leaves(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "timeout", "times": 1}])
    with pytest.raises(TimeoutError):
        async with toy.http.get(f"{toy.url}/v1/notes", timeout=aiohttp.ClientTimeout(total=0.2)):
            pass
    assert await statuses(toy, 1) == [200]


async def test_a_held_connection_does_not_keep_the_sandbox_from_closing(until: Until) -> None:
    async with aiohttp.ClientSession() as http:
        async with serving(sandbox := Toy(SandboxConfig())) as url:
            sandbox.faults.add(FaultRule(kind="timeout"))
            held = asyncio.create_task(http.get(f"{url}/v1/notes"))
            await until(lambda: sandbox.faults.rules[0].hits == 1)
            began = time.monotonic()
        assert time.monotonic() - began < 1.5
        with pytest.raises(aiohttp.ClientError):
            await held


async def test_a_reset_tears_the_connection_down_without_an_answer(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "reset", "match": "POST *"}])
    with pytest.raises(aiohttp.ClientOSError):
        await toy.call("POST", "/v1/notes", {"text": "lost"})
    assert len((await toy.call("GET", "/v1/notes"))[1]) == 2
    assert [(call["status"], call["fault"]) for call in await toy.control("GET", "calls")] == [
        (0, "reset"),
        (200, None),
    ]


async def test_a_cut_body_ends_half_way_through_the_announced_length(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "cut"}])
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert int(answer.headers["Content-Length"]) == len(NOTES)
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    assert (await toy.control("GET", "calls"))[-1]["answer_bytes"] == len(NOTES) // 2


async def test_a_wrong_length_looks_sound_and_lacks_the_end(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "wrong_length"}])
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        body = await answer.read()
        assert int(answer.headers["Content-Length"]) == len(body)
    assert NOTES.startswith(body)
    assert len(body) < len(NOTES)


async def test_a_slow_answer_drips(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "slow", "delay_ms": 50, "bytes_per_second": 200}])
    began = time.monotonic()
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert await answer.read() == NOTES
    assert time.monotonic() - began >= 0.05 + (len(NOTES) - 20) / 200


async def test_headers_ask_for_one_fault_and_a_delay(toy: Served) -> None:
    began = time.monotonic()
    async with toy.http.get(
        f"{toy.url}/v1/notes", headers={"X-Sandbox-Fault": "503", "X-Sandbox-Delay-Ms": "60"}
    ) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    assert time.monotonic() - began >= 0.06
    assert (await toy.call("GET", "/v1/notes", X_Sandbox_Fault="500"))[0] == 500
    with pytest.raises(aiohttp.ClientOSError):
        await toy.call("GET", "/v1/notes", X_Sandbox_Fault="reset")
    assert await statuses(toy, 1) == [200]


async def test_a_header_that_names_no_fault_is_not_passed_over(toy: Served) -> None:
    status, answer = await toy.call("GET", "/v1/notes", X_Sandbox_Fault="earthquake")
    assert status == 400
    assert "earthquake" in answer["error"]


async def test_faults_are_gone_when_taken_back(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "status"}])
    await toy.control("POST", "faults", {"kind": "reset"})
    assert [rule["kind"] for rule in await toy.control("GET", "faults")] == ["status", "reset"]
    await toy.control("DELETE", "faults")
    assert await statuses(toy, 2) == [200, 200]


async def test_a_skipped_record_is_missing_from_one_list_and_nowhere_else(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "skip", "record": "101", "times": 1}])
    assert (await toy.call("GET", "/v1/notes/101"))[0] == 200
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        short = await answer.read()
    assert short == b'[{"id":100,"text":"first"}]'
    assert answer.headers["Content-Length"] == str(len(short))
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert await answer.read() == NOTES
    rule = (await toy.control("GET", "faults"))[0]
    assert (rule["seen"], rule["hits"]) == (3, 1)


async def test_a_record_may_be_shown_twice_in_a_list_and_nowhere_else(toy: Served) -> None:
    await toy.control("PUT", "faults", [{"kind": "twice", "record": "101", "times": 1}])
    assert (await toy.call("GET", "/v1/notes/101"))[0] == 200
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert [one["id"] for one in await answer.json()] == [100, 101, 101]
    async with toy.http.get(f"{toy.url}/v1/notes") as answer:
        assert await answer.read() == NOTES


WRAPPED = '{"data":{"properties":{"id":%d}}}'
NAMING = '{"id":"8","images":["7"],"home":{"id":"7"}}'


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f'{{"rows":[{WRAPPED % 7},{WRAPPED % 8}]}}', f'{{"rows":[{WRAPPED % 8}]}}'),
        (f'{{"items":[{NAMING},{{"id":"7"}}]}}', f'{{"items":[{NAMING}]}}'),
        ('{"id":"7","rows":[{"id":"8"}]}', None),
        ('[{"code":"7"},{"uuid":"8"}]', '[{"uuid":"8"}]'),
        ("<no json/>", None),
    ],
)
def test_a_record_is_told_by_its_own_id_not_by_what_names_it(body: str, left: str | None) -> None:
    assert relisted(body.encode(), "7", 0) == (left.encode() if left is not None else None)
