"""What the tenant is made of, as it tells of itself."""

from typing import Any

from .conftest import Start
from .installation import Celum

FIELDS = {
    643: ("TEXT", "sku"),
    644: ("LOCALIZED_TEXT", "caption"),
    645: ("TEXT_AREA", "notes"),
    646: ("LOCALIZED_TEXT_AREA", "description"),
    650: ("DROPDOWN", "season"),
    651: ("NUMBER", "rating"),
    652: ("DOUBLE", "weight"),
    653: ("BOOLEAN", "cleared"),
    660: ("COLLECTION_REFERENCE", "regions"),
    670: ("TAG_REFERENCE", "tags"),
    680: ("DATE", "shot-on"),
}
SKU = {
    "id": 643,
    "type": "TEXT",
    "name": "sku",
    "labels": {"en": "SKU"},
    "editorInformation": {},
    "readerInformation": {},
    "required": False,
    "permissions": {"view": True, "edit": True},
}

MISSING = {
    "/users/7": "user",
    "/user-groups/7": "userGroup",
    "/roles/7": "role",
    "/clients/other": "client",
    "/asset-types/7": "assetType",
    "/collection-types/7": "collectionType",
    "/relation-types/7": "relationType",
    "/compound-types/x": "compoundType",
    "/assets/999999": "asset",
    "/assets/abc": "asset",
    "/assets/99999999999999999999": "asset",
    "/assets/999999/versions": "asset",
    "/collections/999999": "collection",
    "/relations/999999": "relation",
    "/jobs/job-9": "job",
}


async def test_there_is_one_field_of_each_type(celum: Celum) -> None:
    fields = await celum.get("/information-fields?entityType=ASSET")
    assert {field["id"]: (field["type"], field["name"]) for field in fields} == FIELDS
    by_id = {field["id"]: field for field in fields}
    assert by_id[643] == SKU
    assert by_id[650]["options"] == {"en": [{"index": 0, "label": "Summer"}, {"index": 1, "label": "Winter"}]}
    assert (by_id[660]["rootId"], by_id[660]["maxSelections"]) == (500, 10)


async def test_fields_are_told_by_what_they_belong_to(celum: Celum) -> None:
    assert [field["id"] for field in await celum.get("/information-fields?entityType=RELATION")] == [690]
    assert await celum.get("/information-fields?entityType=COLLECTION") == []
    assert len(await celum.get("/information-fields")) == 12
    assert (await celum.call("GET", "/information-fields?entityType=NODE")).status == 400


async def test_types_and_formats_are_bare_lists(celum: Celum) -> None:
    assert await celum.get("/download-formats") == [
        {"id": id, "key": key, "name": {"en": name}, "description": {"en": ""}, "original": id == 1}
        for id, key, name in (
            (1, "original", "Original"),
            (5, "pdf", "PDF"),
            (8, "jpg_1024", "JPEG 1024"),
            (9, "thumb", "Thumbnail"),
        )
    ]
    collection_types = await celum.get("/collection-types")
    assert [(kind["id"], kind["permissionDefining"], kind["tagCloud"]) for kind in collection_types] == [
        (101, True, False),
        (102, False, False),
        (103, False, True),
    ]
    (listed,) = await celum.get("/asset-types")
    asset_type = await celum.get("/asset-types/2200")
    (general,) = asset_type["informationFieldSets"]
    assert listed == {name: value for name, value in asset_type.items() if name != "informationFieldSets"}
    assert (general["id"], general["informationFields"][0]) == (30, SKU)
    (relation_type,) = await celum.get("/relation-types")
    assert relation_type == await celum.get("/relation-types/40")
    assert relation_type["sourceToTarget"] == {"type": "SOURCE_TO_TARGET", "message": {"en": "has variant"}}
    assert [field["id"] for field in relation_type["informationFieldSets"][0]["informationFields"]] == [690]
    assert await celum.get("/collection-types/101") == {**collection_types[0], "informationFieldSets": []}
    assert await celum.get("/compound-types") == []


async def test_users_are_found_by_name(celum: Celum) -> None:
    page = await celum.get("/users?username=SVC")
    assert (page["totalElements"], page["hasNext"], page["content"]) == (1, False, [await celum.get("/users/12")])
    assert (await celum.get("/users?page=2&size=1"))["content"][0]["id"] == 12
    assert (await celum.get("/users?userGroupId=60"))["totalElements"] == 2
    assert (await celum.get("/users?userGroupId=61"))["totalElements"] == 0
    assert (await celum.get("/users?quickSearch=alex&username=adm"))["content"][0]["id"] == 1
    (group,) = (await celum.get("/user-groups"))["content"]
    assert group == await celum.get("/user-groups/60") == {"id": 60, "externalId": "marketing", "name": "Marketing"}
    (role,) = await celum.get("/roles")
    assert role == await celum.get("/roles/70") == {"id": 70, "name": {"en": "Editor"}, "description": {"en": ""}}
    client = await celum.get("/clients/default")
    assert (client["id"], client["clientId"], client["enabled"]) == ("default", "default", True)


async def test_what_is_not_there_is_missing_or_not_accessible(celum: Celum) -> None:
    for path, entity in MISSING.items():
        refused = await celum.call("GET", path)
        assert (refused.status, refused.body["code"], refused.body["entity"]) == (403, "ENTITY_NOT_ACCESSIBLE", entity)
    assert refused.body["message"] == "Job job-9 is missing or not accessible"


async def test_folders_have_fields_where_the_installation_says_so(start: Start) -> None:
    celum = await start(collection_fields="yes")
    fields = await celum.get("/information-fields?entityType=COLLECTION")
    types: set[Any] = {field["type"] for field in fields}
    assert types == {type for type, _ in FIELDS.values()}
