"""PATCH and DELETE of assets: every member, every operation of every type of field."""

from typing import Any

from .conftest import Start, Until
from .installation import CAMPAIGNS, HERO, LOCKED, MARKETING, SECOND, Celum


async def patch(celum: Celum, id: int, **members: Any) -> Any:
    return await celum.good("PATCH", f"/assets/{id}", members)


async def write(celum: Celum, *changes: tuple[int, str, Any]) -> dict[int, Any]:
    """Change fields of the hero; its values afterwards."""
    values = [{"id": id, "type": type, "value": value} for id, type, value in changes]
    await patch(celum, HERO, informationFieldValues=values)
    return await celum.values(HERO)


async def test_one_patch_changes_all_it_names_and_nothing_else(celum: Celum) -> None:
    collection = await celum.good("POST", "/collections", {"name": {"en": "2026"}, "parentId": MARKETING})
    window = {"type": "DATED", "from": "2026-01-01T00:00:00.000Z", "to": "2026-12-31T23:59:59.000Z"}
    before = await celum.asset(HERO)
    after = await patch(
        celum,
        HERO,
        name="Hero 2026",
        availability=window,
        parentIds={"op": "MODIFY", "add": [collection["id"]], "remove": [CAMPAIGNS]},
        informationFieldValues=[
            {"id": 643, "type": "TEXT", "value": {"op": "SET", "value": "SKU-2"}},
            {
                "id": 644,
                "type": "LOCALIZED_TEXT",
                "value": {"op": "MODIFY", "set": {"de": "Titelbild"}, "clear": ["fr"]},
            },
            {"id": 650, "type": "DROPDOWN", "value": {"op": "CLEAR"}},
            {"id": 660, "type": "COLLECTION_REFERENCE", "value": {"op": "MODIFY", "add": [513], "remove": [512]}},
        ],
        unknown="ignored",
    )
    assert after == await celum.asset(HERO)
    assert (after["name"], after["availability"], after["parentIds"]) == ("Hero 2026", window, [collection["id"]])
    values = await celum.values(HERO)
    assert (values[643], values[644], values[660][0]["id"]) == ("SKU-2", {"en": "Hero shot", "de": "Titelbild"}, 513)
    assert 650 not in values
    assert after["modification"]["date"] > before["modification"]["date"]
    changed = {
        "name",
        "availability",
        "parentIds",
        "parentPaths",
        "informationFieldValueSets",
        "modification",
        "currentVersion",
    }
    assert {key: after[key] for key in after.keys() - changed} == {key: before[key] for key in before.keys() - changed}
    assert after["currentVersion"]["id"] == before["currentVersion"]["id"]


async def test_plain_fields_are_set_and_cleared(celum: Celum) -> None:
    written: dict[tuple[int, str], Any] = {
        (643, "TEXT"): "new",
        (645, "TEXT_AREA"): "two\nlines",
        (650, "DROPDOWN"): 0,
        (651, "NUMBER"): 0,
        (652, "DOUBLE"): 2,
        (653, "BOOLEAN"): False,
        (680, "DATE"): "2026-03-31T02:00:00+02:00",
    }
    values = await write(celum, *((id, type, {"op": "SET", "value": value}) for (id, type), value in written.items()))
    expected = {id: value for (id, _), value in written.items()} | {680: "2026-03-31T00:00:00.000Z"}
    assert {id: values[id] for id in expected} == expected
    assert isinstance(values[652], float)
    values = await write(celum, *((id, type, {"op": "CLEAR"}) for id, type in written))
    assert not values.keys() & expected.keys()


async def test_localized_texts_are_modified_by_locale(celum: Celum) -> None:
    for id, type in ((644, "LOCALIZED_TEXT"), (646, "LOCALIZED_TEXT_AREA")):
        values = await write(celum, (id, type, {"op": "MODIFY", "set": {"de": "neu", "fr": "neuf"}, "clear": ["en"]}))
        assert values[id] == {"de": "neu", "fr": "neuf"}
        assert id not in await write(celum, (id, type, {"op": "CLEAR"}))


async def test_references_are_set_modified_and_cleared(celum: Celum) -> None:
    for id, type, one, other in ((660, "COLLECTION_REFERENCE", 512, 513), (670, "TAG_REFERENCE", 77, 78)):
        for change, expected in (
            ({"op": "SET", "value": [other, one, other]}, [other, one]),
            ({"op": "MODIFY", "remove": [other]}, [one]),
            ({"op": "MODIFY", "add": [other, one]}, [one, other]),
        ):
            values = await write(celum, (id, type, change))
            assert [reference["id"] for reference in values[id]] == expected
        assert id not in await write(celum, (id, type, {"op": "SET", "value": []}))


async def test_a_value_that_does_not_fit_its_field_is_refused(celum: Celum) -> None:
    def put(value: Any) -> Any:
        return {"op": "SET", "value": value}

    wrong: list[tuple[int, str, Any]] = [
        (643, "NUMBER", put(1)),
        (643, "TEXT", "plain"),
        (643, "TEXT", {"op": "MODIFY", "set": {}}),
        (643, "TEXT", put(None)),
        (643, "TEXT", {"op": "DROP"}),
        (701, "TEXT", put("not of this type")),
        (644, "LOCALIZED_TEXT", put({"en": "x"})),
        (644, "LOCALIZED_TEXT", {"op": "MODIFY", "set": {"en": 1}}),
        (644, "LOCALIZED_TEXT", {"op": "MODIFY", "set": "x"}),
        (644, "LOCALIZED_TEXT", {"op": "MODIFY", "clear": "en"}),
        (650, "DROPDOWN", put(2)),
        (650, "DROPDOWN", put("Summer")),
        (651, "NUMBER", put(1.5)),
        (651, "NUMBER", put(True)),
        (652, "DOUBLE", put("1")),
        (653, "BOOLEAN", put("true")),
        (680, "DATE", put("31.3.2026")),
        (680, "DATE", put("0001-01-01T00:00:00+14:00")),
        (660, "COLLECTION_REFERENCE", put(512)),
        (660, "COLLECTION_REFERENCE", put([500])),
        (660, "COLLECTION_REFERENCE", put([CAMPAIGNS])),
        (660, "COLLECTION_REFERENCE", {"op": "MODIFY", "add": [9]}),
        (670, "TAG_REFERENCE", put([512])),
    ]
    for id, type, value in wrong:
        body = {"name": "no", "informationFieldValues": [{"id": id, "type": type, "value": value}]}
        refused = await celum.call("PATCH", f"/assets/{HERO}", body)
        assert (refused.status, refused.fault) == (400, {"type": "INFORMATION_FIELD", "informationFieldId": id}), value
    assert (await celum.asset(HERO))["name"] == "Summer campaign hero"
    mistyped = [{"id": 643, "type": "NUMBER", "value": put(1)}]
    refused = await celum.call("PATCH", f"/assets/{HERO}", {"informationFieldValues": mistyped})
    assert refused.body["message"] == "Field 643 is of type TEXT"


async def test_more_references_than_the_field_takes_are_refused(celum: Celum) -> None:
    body = {"parentId": 500}
    regions = [(await celum.good("POST", "/collections", body | {"name": {"en": f"R{n}"}}))["id"] for n in range(11)]
    values = await write(celum, (660, "COLLECTION_REFERENCE", {"op": "SET", "value": regions[:10]}))
    assert len(values[660]) == 10
    one_more = [{"id": 660, "type": "COLLECTION_REFERENCE", "value": {"op": "MODIFY", "add": regions[10:]}}]
    refused = await celum.call("PATCH", f"/assets/{HERO}", {"informationFieldValues": one_more})
    assert refused.fault["informationFieldId"] == 660


async def test_a_required_field_is_emptied_only_where_validation_is_tolerant(start: Start) -> None:
    celum = await start(required="643")
    body = {
        "name": {"en": "Drafts"},
        "parentId": MARKETING,
        "validationLevelInherited": False,
        "validationLevel": "TOLERANT",
    }
    drafts = await celum.good("POST", "/collections", body)
    clear = [{"id": 643, "type": "TEXT", "value": {"op": "CLEAR"}}]
    refused = await celum.call("PATCH", f"/assets/{HERO}", {"informationFieldValues": clear})
    assert (refused.status, refused.fault["informationFieldId"]) == (400, 643)
    await patch(celum, HERO, parentIds={"op": "SET", "values": [drafts["id"]]})
    emptied = await patch(celum, HERO, informationFieldValues=clear)
    assert (emptied["validationLevel"], emptied["validationStatus"]["requiredFieldsValid"]) == ("TOLERANT", False)


async def test_parents_are_set_and_never_all_taken_away(celum: Celum) -> None:
    after = await patch(celum, HERO, parentIds={"op": "SET", "values": [MARKETING, CAMPAIGNS, 512]})
    assert after["parentIds"] == [CAMPAIGNS, MARKETING, 512]
    keyword_only = await patch(celum, HERO, parentIds={"op": "MODIFY", "remove": [CAMPAIGNS, MARKETING]})
    assert keyword_only["validationStatus"]["permissionDefiningCollectionValid"] is False
    for change in ({"op": "SET", "values": []}, {"op": "MODIFY", "remove": [512]}, {"op": "CLEAR"}, 4711):
        refused = await celum.call("PATCH", f"/assets/{HERO}", {"parentIds": change})
        assert (refused.status, refused.fault["argument"]) == (400, "parentIds")
    unknown = await celum.call("PATCH", f"/assets/{HERO}", {"parentIds": {"op": "SET", "values": [9]}})
    assert (unknown.status, unknown.body["entity"]) == (403, "collection")


async def test_locks_are_set_and_cleared(celum: Celum) -> None:
    locked = await patch(celum, HERO, lock={"op": "SET", "comment": "in retouching"})
    assert (locked["lock"]["comment"], locked["lock"]["temporary"]) == ("in retouching", False)
    assert locked["lock"]["creation"]["userId"] == 12
    assert (await celum.call("PATCH", f"/assets/{HERO}", {"name": "x"}, X_CELUM_Username="admin")).status == 403
    assert (await patch(celum, HERO, name="mine"))["name"] == "mine"
    assert "lock" not in await patch(celum, HERO, lock={"op": "CLEAR"})
    assert (await patch(celum, HERO, lock={"op": "SET"}))["lock"]["comment"] == ""
    assert (await celum.call("PATCH", f"/assets/{LOCKED}", {"lock": {"op": "CLEAR"}})).status == 403


async def test_external_references_are_added_and_removed(celum: Celum) -> None:
    add = [
        {"url": "https://shop.example.test/p/1", "providerKey": "shop", "descriptionKey": "used", "instanceKey": "de"}
    ]
    await patch(celum, HERO, externalReferences={"op": "MODIFY", "add": add})
    (reference,) = (await celum.get(f"/assets/{HERO}?inclusions=externalReferences"))["externalReferences"]
    assert (reference["url"], reference["provider"]) == (
        "https://shop.example.test/p/1",
        {"key": "shop", "labels": {"en": "shop"}},
    )
    assert (reference["description"]["key"], reference["instance"]["key"]) == ("used", "de")
    for change, argument in (
        ({"op": "MODIFY", "add": [{"url": "x", "providerKey": "shop"}]}, "descriptionKey"),
        ({"op": "MODIFY", "remove": [{"id": reference["id"]}]}, "providerKey"),
        ({"op": "MODIFY", "remove": [{"providerKey": "shop", "descriptionKey": "used"}]}, "externalReferences"),
        ({"op": "SET"}, "externalReferences"),
    ):
        refused = await celum.call("PATCH", f"/assets/{HERO}", {"externalReferences": change})
        assert (refused.status, refused.fault["argument"]) == (400, argument)
    keys = {"providerKey": "shop", "descriptionKey": "used", "instanceKey": "de"}
    moved = {"op": "MODIFY", "add": [{"url": "https://shop.example.test/p/2", **keys}]}
    await patch(celum, HERO, externalReferences=moved)
    (anew,) = (await celum.get(f"/assets/{HERO}?inclusions=externalReferences"))["externalReferences"]
    assert (anew["id"], anew["url"]) == (reference["id"], "https://shop.example.test/p/2")
    await patch(celum, HERO, externalReferences={"op": "MODIFY", "remove": [keys]})
    assert (await celum.get(f"/assets/{HERO}?inclusions=externalReferences"))["externalReferences"] == []


async def test_availability_is_replaced_by_an_object_that_is_complete(celum: Celum) -> None:
    for given, shown in (
        ({"type": "DIRECT", "available": False}, {"type": "DIRECT", "available": False}),
        ({"type": "DATED", "to": 1767225600000}, {"type": "DATED", "to": "2026-01-01T00:00:00.000Z"}),
        ({"type": "DATED"}, {"type": "DATED"}),
    ):
        assert (await patch(celum, HERO, availability=given))["availability"] == shown
    for wrong in (
        "DIRECT",
        {"type": "DIRECT"},
        {"type": "SOON"},
        {"type": "DATED", "from": "x"},
        {"type": "DATED", "from": "2026-02-01", "to": "2026-01-01"},
    ):
        refused = await celum.call("PATCH", f"/assets/{HERO}", {"availability": wrong})
        assert (refused.status, refused.fault["argument"]) == (400, "availability")


async def test_the_type_of_an_asset_decides_its_fields(celum: Celum) -> None:
    asset = await celum.create(typeId=None)
    value = [{"id": 643, "type": "TEXT", "value": {"op": "SET", "value": "x"}}]
    typed = await patch(celum, asset["id"], typeId=2200, informationFieldValues=value)
    assert (typed["typeId"], (await celum.values(asset["id"]))) == (2200, {643: "x"})
    unknown = await celum.call("PATCH", f"/assets/{asset['id']}", {"typeId": 9})
    assert (unknown.status, unknown.body["entity"]) == (403, "assetType")


async def test_another_picture_stands_in_for_the_preview(celum: Celum, picture: bytes, until: Until) -> None:
    asset = await celum.create(uploadHandle=await celum.upload(b"no video", "clip.mp4"))
    handle = await celum.upload(picture)
    nameless = await celum.call("PATCH", f"/assets/{SECOND}", {"alternativePreview": {"uploadHandle": handle}})
    assert nameless.fault["argument"] == "filename"
    stand_in = {"filename": "stand-in.jpg", "uploadHandle": handle}
    await patch(celum, asset["id"], alternativePreview=stand_in)
    again = await celum.call("PATCH", f"/assets/{SECOND}", {"alternativePreview": stand_in})
    assert again.fault["argument"] == "uploadHandle"
    await celum.pass_time(seconds=1)
    await until(lambda: celum.sandbox.tenant.catalog.in_preparation() == [])
    urls = (await celum.asset(asset["id"]))["currentVersion"]["previewUrls"]
    shown = await celum.send("GET", urls["THUMB"])
    assert (shown.status, shown.headers["Content-Type"]) == (200, "image/jpeg")


async def test_a_deleted_asset_is_gone_everywhere(celum: Celum) -> None:
    await celum.good("POST", "/relations", {"relationTypeId": 40, "sourceAssetId": HERO, "targetAssetId": SECOND})
    assert (await celum.call("DELETE", f"/assets/{HERO}")).status == 204
    for method, path in (
        ("GET", f"/assets/{HERO}"),
        ("DELETE", f"/assets/{HERO}"),
        ("GET", f"/assets/{HERO}/versions"),
    ):
        assert (await celum.call(method, path)).body["entity"] == "asset"
    assert await celum.found({"type": "ASSET_ID", "values": [HERO]}) == []
    assert (await celum.get(f"/relations?assetId={SECOND}"))["totalElements"] == 0
    assert (await celum.get(f"/assets?parentId={CAMPAIGNS}"))["totalElements"] == 449
