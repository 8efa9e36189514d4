"""What CELUM tells of changes: one request an event, signed, tried again."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from .conftest import Until
from .installation import CAMPAIGNS, HERO, MARKETING, SECOND, Celum, Receiver


async def listen(celum: Celum, receiver: Receiver, **target: str) -> None:
    await celum.control("PUT", "webhook", {"url": receiver.url, **target})


async def test_a_patch_tells_what_it_changed(celum: Celum, receiver: Receiver, until: Until) -> None:
    await listen(celum, receiver)
    window = {"type": "DATED", "to": "2026-12-31T23:59:59.000Z"}
    values = [{"id": 643, "type": "TEXT", "value": {"op": "SET", "value": "SKU-2"}}]
    parents = {"op": "MODIFY", "add": [MARKETING], "remove": [CAMPAIGNS]}
    reference = {"url": "https://shop.example.test", "providerKey": "shop", "descriptionKey": "used"}
    body: dict[str, Any] = {
        "name": "Hero 2026",
        "availability": window,
        "parentIds": parents,
        "informationFieldValues": values,
        "externalReferences": {"op": "MODIFY", "add": [reference]},
    }
    await celum.good("PATCH", f"/assets/{HERO}", body)
    await until(lambda: len(receiver.raw) == 4)
    updated = receiver.one("ASSET_UPDATED")
    assert updated["updatedFields"] == ["name", "availability", "parentIds", "externalReferences"]
    assert (updated["updatedInformationFields"], updated["updatedFileProperties"]) == ([643], [])
    assert (updated["entity"]["name"], updated["entityBeforeUpdate"]["name"]) == ("Hero 2026", "Summer campaign hero")
    assert not updated["entity"].keys() & {"informationFieldValueSets", "fileProperties"}
    added, removed = receiver.one("ASSET_ADDED"), receiver.one("ASSET_REMOVED")
    assert (added["entity"]["id"], added["toCollectionId"]) == (HERO, MARKETING)
    assert (removed["entity"]["id"], removed["fromCollectionId"]) == (HERO, CAMPAIGNS)
    referenced = receiver.one("EXTERNAL_REFERENCE_ADDED")
    assert (referenced["assetId"], referenced["externalReference"]["url"]) == (HERO, "https://shop.example.test")
    assert not {"entity", "externalReferenceBefore"} & referenced.keys()


async def test_a_new_version_and_its_previews_are_told(celum: Celum, receiver: Receiver, until: Until) -> None:
    await listen(celum, receiver)
    asset = await celum.create(uploadHandle=await celum.upload(b"one", "one.txt"))
    body = {"filename": "two.jpg", "uploadHandle": await celum.upload(b"two")}
    version = await celum.good("POST", f"/assets/{asset['id']}/versions", body)
    await celum.pass_time(seconds=1)
    await until(lambda: len(receiver.raw) == 5)
    assert receiver.one("ASSET_CREATED")["entity"]["id"] == asset["id"]
    for type in ("ASSET_VERSION_ADDED", "ASSET_VERSION_ACTIVATED"):
        event = receiver.one(type)
        assert event.keys() == {"type", "asset", "assetBefore"}
        assert event["asset"]["currentVersion"]["id"] == version["id"]
        assert event["assetBefore"]["currentVersion"]["id"] == asset["currentVersion"]["id"]
    assert [event for event in receiver.events if event["type"] == "PREVIEW_CONVERSION"] == [
        {
            "type": "PREVIEW_CONVERSION",
            "assetId": asset["id"],
            "versionId": asset["currentVersion"]["id"],
            "fileCategory": "TEXT",
            "previewConversionStatus": "FAILED",
        },
        {
            "type": "PREVIEW_CONVERSION",
            "assetId": asset["id"],
            "versionId": version["id"],
            "fileCategory": "IMAGE",
            "previewConversionStatus": "SUCCEEDED",
        },
    ]
    await celum.good("PATCH", f"/assets/{asset['id']}", {"currentVersion": asset["currentVersion"]["id"]})
    await celum.good("DELETE", f"/assets/{asset['id']}/versions/{version['id']}")
    await celum.good("DELETE", f"/assets/{asset['id']}")
    await until(lambda: len(receiver.raw) == 9)
    assert receiver.types[5:] == ["ASSET_UPDATED", "ASSET_VERSION_ACTIVATED", "ASSET_VERSION_DELETED", "ASSET_DELETED"]
    assert receiver.one("ASSET_DELETED")["entity"]["id"] == asset["id"]


async def test_collections_tell_of_their_making_moving_and_end(celum: Celum, receiver: Receiver, until: Until) -> None:
    await listen(celum, receiver)
    node = await celum.good("POST", "/collections", {"name": {"en": "2026"}, "parentId": CAMPAIGNS})
    path = f"/collections/{node['id']}"
    await celum.good("PATCH", path, {"parentId": {"op": "SET", "value": MARKETING}, "name": {"de": "2026"}})
    await celum.good("PATCH", path, {"parentId": {"op": "CLEAR"}})
    await celum.good("DELETE", path)
    await until(lambda: len(receiver.raw) == 5)
    assert receiver.types == [
        "COLLECTION_CREATED",
        "COLLECTION_MOVED",
        "COLLECTION_UPDATED",
        "COLLECTION_MOVED",
        "COLLECTION_DELETED",
    ]
    _, moved, updated, rooted, _ = receiver.events
    assert (moved["fromCollectionId"], moved["toCollectionId"]) == (CAMPAIGNS, MARKETING)
    assert (rooted["fromCollectionId"], "toCollectionId" in rooted) == (MARKETING, False)
    assert (updated["updatedFields"], updated["updatedInformationFields"]) == (["name"], [])
    assert (updated["entity"]["name"], updated["entityBeforeUpdate"]["name"]) == (
        {"en": "2026", "de": "2026"},
        {"en": "2026"},
    )
    assert {event["entity"]["id"] for event in receiver.events} == {node["id"]}


async def test_relations_tell_of_their_making_and_end(celum: Celum, receiver: Receiver, until: Until) -> None:
    await listen(celum, receiver)
    ends = {"relationTypeId": 40, "sourceAssetId": HERO, "targetAssetId": SECOND}
    relation = await celum.good("POST", "/relations", ends)
    await celum.good("DELETE", f"/relations/{relation['id']}")
    await until(lambda: len(receiver.raw) == 2)
    assert receiver.types == ["RELATION_CREATED", "RELATION_DELETED"]
    assert receiver.events[1]["entity"]["targetAsset"]["id"] == SECOND


async def test_deliveries_are_signed_where_there_is_a_secret(celum: Celum, receiver: Receiver, until: Until) -> None:
    await listen(celum, receiver, secret="hush")
    await celum.good("PATCH", f"/assets/{HERO}", {"name": "signed"})
    await until(lambda: len(receiver.raw) == 1)
    signature = hmac.new(b"hush", receiver.raw[0], hashlib.sha256).hexdigest()
    assert receiver.headers[0]["X-CELUM-Signature"] == f"sha256={signature}"
    await listen(celum, receiver)
    await celum.good("PATCH", f"/assets/{HERO}", {"name": "plain"})
    await until(lambda: len(receiver.raw) == 2)
    assert "X-CELUM-Signature" not in receiver.headers[1]


async def test_a_refused_delivery_is_tried_three_times_more(celum: Celum, receiver: Receiver, until: Until) -> None:
    receiver.answers = [500, 404, 503, 500]
    await listen(celum, receiver)
    await celum.good("PATCH", f"/assets/{HERO}", {"name": "stubborn"})

    def tried(times: int) -> Callable[[], bool]:
        return lambda: len(celum.sandbox.webhooks.deliveries()) == times

    for attempt, pause in ((1, 1), (2, 5), (3, 25)):
        await until(tried(attempt))
        await celum.pass_time(seconds=pause)
    await until(tried(4))
    deliveries = await celum.control("GET", "deliveries")
    assert [(one["type"], one["attempt"], one["status"]) for one in deliveries] == [
        ("ASSET_UPDATED", 1, 500),
        ("ASSET_UPDATED", 2, 404),
        ("ASSET_UPDATED", 3, 503),
        ("ASSET_UPDATED", 4, 500),
    ]
    assert celum.sandbox.webhooks.waiting() == 0
