"""What bodies tell of items: CloudEvents made by their library, and any other JSON."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from lockgate.connectors.webhook.connector import Webhook
from lockgate.connectors.webhook.sandbox import WebhookSandbox
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import NeedsOperator, Rejected
from lockgate.kit.profile import Match, propose
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition
from lockgate.model.lifecycle import Status

from .conftest import Connect

RECORD = {"id": "P-1", "title": {"en": "Larch"}, "status": "released", "article": {"sku": "4711"}}
ATTRIBUTES = {"id": "e-1", "source": "/acme", "type": "item.changed", "time": datetime(2026, 3, 1, tzinfo=UTC)}


def posted(body: Any, **headers: str) -> HookRequest:
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return HookRequest(path="", headers={"content-type": "application/json", **named}, body=msgspec.json.encode(body))


def changed(id: str, *, at: str = "", title: str = "", type: str = "item.changed") -> HookRequest:
    data = {"id": id, **({"title": title} if title else {})}
    return posted({"type": type, "data": data, **({"timestamp": at} if at else {})})


def items(webhook: Webhook, events: Iterable[Event]) -> list[Item]:
    return webhook.told("product", [event.record or b"" for event in events])


@pytest.mark.parametrize("mode", [to_structured_event, to_binary_event], ids=["structured", "binary"])
async def test_a_cloudevent_of_their_library_is_read_in_either_mode(connect: Connect, mode: Any) -> None:
    message = mode(CloudEvent({**ATTRIBUTES, "datacontenttype": "application/json"}, RECORD))
    headers = {name.lower(): value for name, value in message.headers.items()}
    match = Match(canonical="ids.sku", field="article.sku")
    async with connect(match, proof="path") as webhook:
        events = webhook.receive(HookRequest(path="", headers=headers, body=message.body))
        (item,) = items(webhook, events)
        assert await webhook.fetch("product", ["P-1"]) == [item]
    assert [(event.type, event.id, event.at) for event in events] == [("product.changed", "P-1", ATTRIBUTES["time"])]
    assert (item.title, item.status, item.identifiers) == ({"en": "Larch"}, Status.APPROVED, {"sku": ("4711",)})


async def test_a_batch_of_cloudevents_is_an_event_for_each_item(connect: Connect) -> None:
    batch = [{"specversion": "1.0", "type": "item.changed", "data": {"id": f"P-{n}"}} for n in (1, 2)]
    encoded = {"specversion": "1.0", "type": "item.changed", "data_base64": "eyJpZCI6IlAtMyJ9"}
    async with connect(proof="path") as webhook:
        found = webhook.receive(posted([*batch, encoded], content_type="application/cloudevents-batch+json"))
    assert sorted(event.id for event in found) == ["P-1", "P-2", "P-3"]


async def test_several_records_in_one_body_each_have_their_own_id_and_mark(connect: Connect) -> None:
    paths = {"each": "data.products", "id": "nr", "record": "", "deleted": "off", "type": "header:X-Topic"}
    body = {"data": {"products": [{"nr": 1, "title": "Larch"}, {"nr": 2, "off": True}, {"nr": 3, "off": False}]}}
    async with connect(proof="path", types=["products/*"], **paths) as webhook:
        events = webhook.receive(posted(body, X_Topic="products/update"))
        assert webhook.receive(posted(body, X_Topic="orders/create")) == []
    assert sorted((event.id, event.type) for event in events) == [
        ("1", "product.changed"), ("2", "product.gone"), ("3", "product.changed"),
    ]  # fmt: skip


async def test_an_older_record_that_comes_late_does_not_win(connect: Connect) -> None:
    async with connect(proof="path") as webhook:
        new = webhook.receive(changed("P-1", at="2026-03-02T00:00:00+01:00", title="new"))
        late = webhook.receive(changed("P-1", at="2026-03-01T22:59:59Z", title="old"))
        assert [one.title for one in items(webhook, new)] == [{"und": "new"}]
        assert [one.title for one in items(webhook, late)] == [{"und": "new"}]
        (item,) = await webhook.fetch("product", ["P-1"])
    assert item.title == {"und": "new"}


async def test_versions_are_compared_as_numbers_and_not_as_words(connect: Connect) -> None:
    async with connect(proof="path", version="data.version") as webhook:
        for version in (9, 10, 9):
            webhook.receive(posted({"data": {"id": "P-1", "version": version, "title": f"v{version}"}}))
        (item,) = await webhook.fetch("product", ["P-1"])
    assert item.title == {"und": "v10"}


async def test_without_a_version_what_came_last_holds(connect: Connect) -> None:
    async with connect(proof="path") as webhook:
        for title in ("first", "second"):
            webhook.receive(changed("P-1", title=title))
        (item,) = await webhook.fetch("product", ["P-1"])
    assert item.title == {"und": "second"}


async def test_an_item_that_is_gone_is_closed_also_by_a_record_that_comes_late(connect: Connect) -> None:
    async with connect(proof="path") as webhook:
        before = webhook.receive(changed("P-1", at="2026-03-01T00:00:00Z", title="there"))
        events = webhook.receive(changed("P-1", at="2026-03-02T00:00:00Z", type="item.deleted"))
        late = webhook.receive(changed("P-1", at="2026-03-01T12:00:00Z", title="late"))
        assert [event.type for event in (*events, *late)] == ["product.gone"] * 2
        assert items(webhook, [*before, *events, *late]) == []
        assert await webhook.fetch("product", ["P-1"]) == []
        assert [page async for page in webhook.index("product", None)] == []


async def test_what_was_heard_is_known_after_a_restart_and_a_repeat_changes_nothing(connect: Connect) -> None:
    async with connect(proof="path") as webhook:
        first = webhook.receive(changed("P-1", title="Larch"))
    async with connect(proof="path") as webhook:
        (item,) = await webhook.fetch("product", ["P-1"])
        assert webhook.receive(changed("P-1", title="Larch")) == first
        assert await webhook.fetch("product", ["P-1"]) == [item]


async def test_a_record_that_the_inbox_kept_is_known_again_when_the_journal_was_lost(
    connect: Connect, tmp_path: Any
) -> None:
    async with connect(proof="path") as webhook:
        events = webhook.receive(changed("P-1", title="Larch"))
    for part in (tmp_path / "spool").iterdir():
        part.unlink()
    async with connect(proof="path") as webhook:
        assert [item.id for item in items(webhook, events)] == ["P-1"]
        assert [item.id for item in await webhook.fetch("product", ["P-1"])] == ["P-1"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"data": {"title": "no id"}}, "names no item at data.id"),
        ({"data": {"id": True}}, "names no item at data.id"),
        ({"data": {"id": None}}, "names no item at data.id"),
        ({"data": [1]}, "without a record at data"),
        ([], "without a record at data"),
        ("text", "without a record at data"),
    ],
)
async def test_a_body_of_another_form_is_refused_with_the_path(connect: Connect, body: Any, said: str) -> None:
    async with connect(proof="path") as webhook:
        with pytest.raises(Rejected, match=said):
            webhook.receive(posted(body))


async def test_nothing_of_a_batch_is_taken_when_a_part_of_it_is_wrong(connect: Connect) -> None:
    async with connect(proof="path", each="items", id="id", record="") as webhook:
        with pytest.raises(Rejected):
            webhook.receive(posted({"items": [{"id": 1}, {"title": "no id"}]}))
        assert await webhook.fetch("product", ["1"]) == []


async def test_a_sample_body_makes_the_profile_be_proposed(connect: Connect) -> None:
    sample = {"type": "x", "data": {"id": 1, "article": {"number": "4711"}, "Bezeichnung": "Lärche", "tags": ["a"]}}
    async with connect(sample=msgspec.json.encode(sample).decode()) as webhook:
        schema = await webhook.schema()
    found = {one.canonical: one.field for one in propose(schema, Webhook.hints)["product"]}
    assert found["ids.sku"] == "article.number"
    assert found["title"] == "Bezeichnung"
    assert next(field for field in schema.kinds["product"] if field.name == "tags").multiple


async def test_a_sample_that_does_not_fit_the_paths_is_refused_in_words(connect: Connect) -> None:
    async with connect(sample='{"data": {"id": 1}}', record="product") as webhook:
        with pytest.raises(NeedsOperator, match="no record at product"):
            await webhook.schema()


async def test_a_file_that_is_stated_wrongly_is_named_and_not_opened(connect: Connect) -> None:
    paths = {"file": "image.url", "file_digest": "image.sum"}
    wrong = [{"url": "ftp://acme.example/x.png"}, {"url": 7}, {"url": "https://acme.example/x.png", "sum": "sha256:12"}]
    async with connect(proof="path", **paths) as webhook:
        for n, image in enumerate(wrong):
            (item,) = items(webhook, webhook.receive(posted({"data": {"id": n, "image": image}})))
            assert item.renditions == ()
            assert item.missing[0].startswith("image.")


async def test_a_file_at_a_host_that_may_not_be_called_concerns_its_item_alone(
    connect: Connect, receiver: WebhookSandbox
) -> None:
    image = receiver.image(b"picture", "x.png")
    async with connect(proof="path", file="image.url") as webhook:
        (item,) = items(webhook, webhook.receive(posted({"data": {"id": 1, "image": image}})))
        with pytest.raises(Rejected, match="may not call"):
            async with webhook.open(item.id, item.renditions[0]):
                pass


async def test_a_file_is_opened_and_one_that_is_not_there_concerns_its_item_alone(
    connect: Connect, receiver: WebhookSandbox
) -> None:
    image = receiver.image(b"picture", "x.png")
    rendition = Rendition(name="original", filename="x.png", address=image["url"])
    async with connect(site=f"{receiver.base_url}/events", signing_secret="secret") as webhook:
        async with webhook.open("1", rendition) as stream:
            assert b"".join([chunk async for chunk in stream.chunks]) == b"picture"
        with pytest.raises(Rejected):
            async with webhook.open("1", msgspec.structs.replace(rendition, address=f"{receiver.base_url}/files/0/x")):
                pass
