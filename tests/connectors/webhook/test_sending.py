"""Events out: verified by the library of Standard Webhooks (in the sandbox), read by that of CloudEvents."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from lockgate.connectors.webhook.connector import Webhook
from lockgate.connectors.webhook.sandbox import WebhookSandbox
from lockgate.connectors.webhook.settings import WebhookSettings
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import ConnectorError, NeedsOperator, RateLimited, Rejected, Transient
from lockgate.kit.sandbox import FaultRule

from .conftest import KEY, Connect

Send = Callable[[], AbstractAsyncContextManager[Webhook]]


def write(title: str, key: str = "flow:1") -> Write:
    return Write(key=key, fields={"title": {"en": title}})


async def sent(webhook: Webhook, title: str) -> Receipt:
    (answer,) = await webhook.upsert("product", [write(title)])
    assert isinstance(answer, Receipt), answer
    return answer


def seen(receiver: WebhookSandbox) -> list[Any]:
    """What the receiver took, each event once, as the library of CloudEvents reads it."""
    headers = {"content-type": "application/cloudevents+json"}
    return [
        from_structured_event(HTTPMessage(headers=headers, body=json.dumps(one).encode()))
        for one in receiver.state.all("seen")
    ]


def copy(receiver: WebhookSandbox, key: str = "flow:1") -> dict[str, Any]:
    found = receiver.state.get("copy", key)
    assert found is not None
    return found


async def test_each_thing_we_do_is_an_event_of_its_own_type(send: Send, receiver: WebhookSandbox) -> None:
    async with send() as webhook:
        await webhook.check()
        await webhook.upsert("product", [Write(key="flow:1", fields={"title": "Larch"}, file=source(b"picture"))])
        await webhook.withdraw("product", ["flow:1"], "hide")
        await webhook.show("product", ["flow:1"])
        await webhook.withdraw("product", ["flow:1"], "remove")
    events = seen(receiver)
    types = [event.get_type() for event in events]
    assert types == ["lockgate.check", *(f"lockgate.item.{one}" for one in ("written", "hidden", "shown", "removed"))]
    assert [event.get_subject() for event in events[1:]] == ["flow:1"] * 4
    written = events[1].get_data()
    assert written["fields"] == {"title": "Larch"}
    assert written["file"]["sha256"] == hashlib.sha256(b"picture").hexdigest()
    numbers = [event.get_extension("sequence") for event in events[1:]]
    assert numbers == sorted(set(numbers))


async def test_a_repeat_is_the_same_event_and_a_return_to_what_was_is_not(send: Send, receiver: WebhookSandbox) -> None:
    async with send() as webhook:
        first = await sent(webhook, "A")
        assert (await sent(webhook, "A")).revision == first.revision
    async with send() as webhook:
        assert (await sent(webhook, "A")).revision == first.revision
        await sent(webhook, "B")
        assert (await sent(webhook, "A")).revision != first.revision
    assert len(seen(receiver)) == 3
    assert copy(receiver)["fields"] == {"title": {"en": "A"}}


async def test_a_second_hiding_after_a_showing_is_not_taken_for_a_repeat(send: Send, receiver: WebhookSandbox) -> None:
    async with send() as webhook:
        await sent(webhook, "A")
        await webhook.withdraw("product", ["flow:1"], "hide")
        await webhook.show("product", ["flow:1"])
        assert copy(receiver)["hidden"] is False
        await webhook.withdraw("product", ["flow:1"], "hide")
    assert copy(receiver)["hidden"] is True


async def test_a_hiding_that_was_not_confirmed_leaves_the_copy_open(send: Send, receiver: WebhookSandbox) -> None:
    async with send() as webhook:
        await sent(webhook, "A")
        receiver.faults.set([FaultRule(kind="reset", match="*")])
        (answer,) = await webhook.withdraw("product", ["flow:1"], "hide")
        assert isinstance(answer, Transient)
        receiver.faults.clear()
        assert not (await webhook.held("product", ["flow:1"]))["flow:1"].hidden
        await webhook.withdraw("product", ["flow:1"], "hide")
        assert (await webhook.held("product", ["flow:1"]))["flow:1"].hidden


async def test_a_write_of_which_nothing_came_back_counts_as_open(send: Send, receiver: WebhookSandbox) -> None:
    receiver.faults.set([FaultRule(kind="reset", match="*")])
    async with send() as webhook:
        (answer,) = await webhook.upsert("product", [write("A")])
        assert isinstance(answer, Transient)
        assert "flow:1" in await webhook.held("product", ["flow:1"])
        receiver.faults.clear()
        assert (await sent(webhook, "A")).created


async def test_a_copy_that_was_removed_is_not_held_and_can_be_made_again(send: Send) -> None:
    async with send() as webhook:
        await sent(webhook, "A")
        await webhook.withdraw("product", ["flow:1"], "remove")
        assert await webhook.held("product", ["flow:1"]) == {}
        assert (await sent(webhook, "A")).created


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (401, NeedsOperator), (404, Rejected), (410, NeedsOperator), (422, Rejected), (500, Transient)],
)
async def test_a_refusal_is_named_by_what_to_do(
    send: Send, receiver: WebhookSandbox, status: int, kind: type[ConnectorError]
) -> None:
    receiver.faults.set([FaultRule(kind="status", match="*", status=status)])
    async with send() as webhook:
        try:
            (answer,) = await webhook.upsert("product", [write("A")])
        except NeedsOperator as error:  # concerns the connection as a whole
            answer = error
    assert isinstance(answer, kind)
    assert KEY not in f"{answer.sentence} {answer.detail}"
    assert ("no more events" in answer.sentence) == (status == 410)


async def test_the_pause_that_a_receiver_asks_for_is_passed_on(send: Send, receiver: WebhookSandbox) -> None:
    receiver.faults.set([FaultRule(kind="rate_limit", match="*", retry_after=3600)])
    async with send() as webhook:
        (answer,) = await webhook.upsert("product", [write("A")])
    assert isinstance(answer, RateLimited)
    assert answer.retry_after is not None
    assert answer.retry_after > 3000


async def test_nothing_is_said_that_the_journal_could_not_note_before(
    send: Send, receiver: WebhookSandbox, tmp_path: Path
) -> None:
    async with send() as webhook:
        with sqlite3.connect(tmp_path / "spool" / "webhook-journal.sqlite") as other:
            other.execute("DROP TABLE said")
        other.close()
        (answer,) = await webhook.upsert("product", [write("A")])
    assert isinstance(answer, Transient)
    assert "journal" in answer.sentence
    assert seen(receiver) == []


async def test_without_a_receiver_nothing_can_be_sent(connect: Connect) -> None:
    async with connect() as webhook:
        with pytest.raises(NeedsOperator, match="setting site"):
            await webhook.upsert("product", [write("A")])


def test_a_receiver_without_a_secret_to_sign_with_is_refused() -> None:
    with pytest.raises(ValueError, match="signing_secret"):
        WebhookSettings.model_validate({"site": "https://acme.example/hooks"})
