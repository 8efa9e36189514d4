"""Webhooks a sandbox sends: signed, tried again, and disturbed on the way."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from .conftest import Receiver, Served, Until


def texts(receiver: Receiver) -> list[str]:
    return [json.loads(body)["text"] for body in receiver.bodies]


async def write(toy: Served, *texts: str) -> None:
    for text in texts:
        assert (await toy.call("POST", "/v1/notes", {"text": text}))[0] == 201


async def test_an_event_reaches_the_target_signed_and_is_logged(toy: Served, receiver: Receiver, until: Until) -> None:
    await toy.control("PUT", "webhook", {"url": receiver.url, "secret": "hush"})
    await write(toy, "hello")
    await until(lambda: toy.sandbox.webhooks.deliveries() != [])
    assert receiver.headers[0]["X-Toy"] == hmac.new(b"hush", receiver.bodies[0], hashlib.sha256).hexdigest()
    assert receiver.headers[0]["Content-Type"] == "application/json"
    assert await toy.control("GET", "waiting") == {"webhooks": 0}
    (delivery,) = await toy.control("GET", "deliveries")
    assert abs(datetime.fromisoformat(delivery.pop("at")) - toy.sandbox.clock.now()) < timedelta(minutes=1)
    assert delivery == {
        "n": 1, "type": "NOTE_ADDED", "attempt": 1, "status": 200, "body": {"id": 102, "text": "hello"}, "url": receiver.url,
    }  # fmt: skip
    assert await toy.control("GET", "deliveries?since=1") == []


async def test_nothing_is_sent_without_a_target_nor_what_a_target_does_not_want(
    toy: Served, receiver: Receiver, until: Until
) -> None:
    await write(toy, "nobody listens")
    await toy.control(
        "PUT", "webhook", [{"url": receiver.url, "events": ["USER_*"]}, {"url": receiver.url, "events": ["NOTE_*"]}]
    )
    await write(toy, "one listens")
    await until(lambda: len(toy.sandbox.webhooks.deliveries()) == 1)
    await toy.control("DELETE", "webhook")
    await write(toy, "nobody again")
    assert toy.sandbox.webhooks.waiting() == 0
    assert texts(receiver) == ["one listens"]


async def test_a_refused_delivery_is_tried_again_when_its_time_has_come(
    toy: Served, receiver: Receiver, until: Until
) -> None:
    receiver.answers = [500, 302]
    await toy.control("PUT", "webhook", {"url": receiver.url})
    await write(toy, "stubborn")
    await until(lambda: len(receiver.bodies) == 1)
    await toy.control("PUT", "clock", {"advance_seconds": 5})
    await until(lambda: len(receiver.bodies) == 2)
    await toy.control("PUT", "clock", {"advance_seconds": 60})
    await until(lambda: len(toy.sandbox.webhooks.deliveries()) == 3)
    assert [(entry.attempt, entry.status) for entry in toy.sandbox.webhooks.deliveries()] == [
        (1, 500),
        (2, 302),
        (3, 200),
    ]


async def test_the_vendor_gives_up_after_its_last_retry(toy: Served, receiver: Receiver, until: Until) -> None:
    receiver.answers = [500] * 9
    await toy.control("PUT", "webhook", {"url": receiver.url})
    await write(toy, "hopeless")
    await until(lambda: len(receiver.bodies) == 1)
    await toy.control("PUT", "clock", {"advance_seconds": 5})
    await until(lambda: len(receiver.bodies) == 2)
    await toy.control("PUT", "clock", {"advance_seconds": 60})
    await until(lambda: toy.sandbox.webhooks.waiting() == 0)
    assert len(receiver.bodies) == 3


async def test_a_target_that_is_not_there_is_logged_as_no_answer(toy: Served, until: Until) -> None:
    await toy.control("PUT", "webhook", {"url": "http://127.0.0.1:9/nobody"})
    await write(toy, "unheard")
    await until(lambda: toy.sandbox.webhooks.deliveries() != [])
    assert toy.sandbox.webhooks.deliveries()[0].status == 0


async def test_a_dropped_event_never_arrives_and_a_repeated_one_comes_twice(
    toy: Served, receiver: Receiver, until: Until
) -> None:
    await toy.control("PUT", "webhook", {"url": receiver.url})
    await toy.control(
        "PUT",
        "faults",
        [{"match": "webhook", "kind": "drop", "times": 1}, {"match": "webhook NOTE_*", "kind": "repeat", "times": 1}],
    )
    await write(toy, "lost", "twice", "once")
    await until(lambda: len(receiver.bodies) == 3)
    assert texts(receiver) == ["twice", "twice", "once"]


async def test_a_disordered_event_is_overtaken_by_the_next(toy: Served, receiver: Receiver, until: Until) -> None:
    await toy.control("PUT", "webhook", {"url": receiver.url})
    await toy.control("PUT", "faults", [{"match": "webhook", "kind": "disorder", "times": 1, "delay_ms": 60000}])
    await write(toy, "first", "second", "third")
    await until(lambda: len(receiver.bodies) == 3)
    assert texts(receiver) == ["second", "first", "third"]


async def test_a_delayed_event_waits_for_its_time(toy: Served, receiver: Receiver, until: Until) -> None:
    await toy.control("PUT", "webhook", {"url": receiver.url})
    await toy.control("PUT", "faults", [{"match": "webhook", "kind": "delay", "times": 1, "delay_ms": 60000}])
    await write(toy, "late", "punctual")
    await until(lambda: len(receiver.bodies) == 1)
    assert toy.sandbox.webhooks.waiting() == 1
    await toy.control("PUT", "clock", {"advance_seconds": 60})
    await until(lambda: len(receiver.bodies) == 2)
    assert texts(receiver) == ["punctual", "late"]


async def test_seeding_announces_nothing_and_the_target_stays(toy: Served, receiver: Receiver, until: Until) -> None:
    await toy.control("PUT", "webhook", {"url": receiver.url})
    await toy.control("POST", "reset")
    await write(toy, "after the reset")
    await until(lambda: len(receiver.bodies) == 1)
    assert texts(receiver) == ["after the reset"]
