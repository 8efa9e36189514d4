"""Relations between assets."""

from .installation import HERO, SECOND, THREE_VERSIONS, Celum


async def test_a_relation_is_made_listed_changed_and_deleted(celum: Celum) -> None:
    made = await celum.call(
        "POST", "/relations", {"relationTypeId": 40, "sourceAssetId": HERO, "targetAssetId": SECOND}
    )
    assert made.status == 201
    relation = made.body
    assert (relation["typeId"], relation["creation"]["userId"]) == (40, 12)
    assert (relation["sourceAsset"]["id"], relation["targetAsset"]["id"]) == (HERO, SECOND)
    assert not {"status", "relationTypeId", "modification"} & relation.keys()
    for query, total in (
        (f"assetId={HERO}&typeId=40&direction=SOURCE_TO_TARGET&page=1&size=20", 1),
        (f"assetId={HERO}&direction=TARGET_TO_SOURCE", 0),
        (f"assetId={SECOND}&direction=TARGET_TO_SOURCE", 1),
        (f"assetId={SECOND}", 1),
        (f"assetId={HERO}&typeId=41", 0),
    ):
        assert (await celum.get(f"/relations?{query}"))["totalElements"] == total, query
    view = [{"id": 690, "type": "TEXT", "value": {"op": "SET", "value": "front"}}]
    changed = await celum.good("PATCH", f"/relations/{relation['id']}", {"informationFieldValues": view})
    assert changed["informationFieldValueSets"][0]["informationFieldValues"][0]["value"] == "front"
    assert changed == await celum.get(f"/relations/{relation['id']}")
    (listed,) = (await celum.get(f"/relations?assetId={HERO}"))["content"]
    assert "informationFieldValueSets" not in listed
    assert (await celum.call("DELETE", f"/relations/{relation['id']}")).status == 204
    assert (await celum.call("GET", f"/relations/{relation['id']}")).body["entity"] == "relation"


async def test_a_relation_may_be_between_versions(celum: Celum) -> None:
    ends = {"relationTypeId": 40, "sourceAssetId": THREE_VERSIONS, "targetAssetId": HERO, "sourceAssetVersionId": 5001}
    await celum.good("POST", "/relations", ends)
    assert (await celum.get(f"/relations?assetId={HERO}&versionId=5001"))["totalElements"] == 1
    assert (await celum.get(f"/relations?assetId={HERO}&versionId=5002"))["totalElements"] == 0
    (relation,) = (await celum.get(f"/relations?assetId={HERO}&versionId=5001"))["content"]
    current = (await celum.asset(THREE_VERSIONS))["currentVersion"]["id"]
    assert (relation["status"], current != 5001) == ("OUTDATED", True)
    renewed = await celum.good("PATCH", f"/relations/{relation['id']}", {"sourceAssetVersionId": current})
    assert renewed["status"] == "SYNCED"
    await celum.good("PATCH", f"/relations/{relation['id']}", {"targetAssetId": SECOND})
    assert (await celum.get(f"/relations?assetId={HERO}"))["totalElements"] == 0
    wrong = await celum.call("POST", "/relations", ends | {"targetAssetVersionId": 5001})
    assert (wrong.status, wrong.body["entity"]) == (403, "version")


async def test_relations_are_only_listed_by_asset(celum: Celum) -> None:
    refused = await celum.call("GET", "/relations")
    assert refused.body == {
        "code": "VALIDATION_FAILED",
        "message": "assetId is required",
        "faults": [{"type": "ARGUMENT", "argument": "assetId"}],
    }
    assert (await celum.call("GET", f"/relations?assetId={HERO}&direction=BOTH")).fault["argument"] == "direction"
    assert (await celum.call("GET", "/relations?assetId=9")).body["entity"] == "asset"


async def test_a_relation_needs_a_type_and_two_assets(celum: Celum) -> None:
    ends = {"relationTypeId": 40, "sourceAssetId": HERO, "targetAssetId": SECOND}
    for name in ends:
        refused = await celum.call("POST", "/relations", {**ends, name: None})
        assert (refused.status, refused.fault["argument"]) == (400, name)
    assert (await celum.call("POST", "/relations", ends | {"relationTypeId": 9})).body["entity"] == "relationType"
    assert (await celum.call("POST", "/relations", ends | {"targetAssetId": 9})).body["entity"] == "asset"
