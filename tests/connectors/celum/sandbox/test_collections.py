"""Collections: the tree, and everything that is done to it."""

from typing import Any

from .conftest import Start
from .installation import CAMPAIGNS, MARKETING, Celum

WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"parentId": CAMPAIGNS}, "name"),
    ({"name": {"en": ""}, "parentId": CAMPAIGNS}, "name"),
    ({"name": "x", "parentId": CAMPAIGNS}, "name"),
    ({"name": {"en": "x"}, "parentId": "4711"}, "parentId"),
    ({"name": {"en": "x"}, "typeId": 101, "validationLevelInherited": True}, "validationLevelInherited"),
    ({"name": {"en": "x"}, "parentId": CAMPAIGNS, "validationLevel": "STRICT"}, "validationLevel"),
    ({"name": {"en": "x"}, "typeId": 101, "validationLevel": "LAX"}, "validationLevel"),
    ({"name": {"en": "x"}}, "typeId"),
    ({"name": {"en": "x"}, "parentId": CAMPAIGNS, "typeId": 101}, "typeId"),
)


async def add(celum: Celum, **members: Any) -> Any:
    return await celum.good("POST", "/collections", {"name": {"en": "2026"}, "parentId": CAMPAIGNS, **members})


async def test_a_collection_shows_its_place_in_the_tree(celum: Celum) -> None:
    page = await celum.get(f"/collections?parentId={MARKETING}&page=1&size=200")
    (campaigns,) = page.pop("content")
    creation = campaigns.pop("creation")
    assert page == {"totalElements": 1, "hasNext": False}
    assert campaigns == {
        "id": CAMPAIGNS,
        "typeId": 101,
        "name": {"en": "Campaigns", "de": "Kampagnen"},
        "parentId": MARKETING,
        "hasChildren": False,
        "path": {
            "collectionTypeId": 101,
            "pathSegments": [
                {"collectionId": MARKETING, "collectionName": {"en": "Marketing"}, "name": {"en": "Marketing"}}
            ],
        },
        "validationLevel": "STRICT",
        "validationLevelInherited": True,
        "validationStatus": {"collectionTypeSet": True, "requiredFieldsValid": True},
        "permissions": {},
    }
    assert creation["userId"] == 1


async def test_roots_the_whole_tree_and_single_ones_are_listed(celum: Celum) -> None:
    async def listed(query: str) -> list[int]:
        return [node["id"] for node in (await celum.get(f"/collections?{query}"))["content"]]

    assert await listed("") == [75, 500, MARKETING]
    assert await listed("recursive=true&typeId=101") == [MARKETING, CAMPAIGNS]
    assert await listed("typeId=103") == [75]
    assert await listed("recursive=true&permissionDefiningOnly=true") == [MARKETING, CAMPAIGNS]
    assert await listed("ids=512,513&ids=77") == [77, 512, 513]
    assert await listed("recursive=true&searchText=kampag") == [CAMPAIGNS]
    assert await listed("recursive=true&sort=name,DESC&size=2") == [513, 77]
    root = await celum.get(f"/collections/{MARKETING}")
    assert "parentId" not in root
    assert (root["path"]["pathSegments"], root["validationLevelInherited"]) == ([], False)
    assert root["informationFieldValueSets"] == []


async def test_a_collection_is_made_moved_renamed_and_deleted(celum: Celum) -> None:
    made = await add(celum)
    assert (made["typeId"], made["name"], made["parentId"], made["hasChildren"]) == (
        101,
        {"en": "2026"},
        CAMPAIGNS,
        False,
    )
    change = {"parentId": {"op": "SET", "value": MARKETING}, "name": {"de": "2026 (de)"}, "icon": "star"}
    moved = await celum.good("PATCH", f"/collections/{made['id']}", change)
    assert (moved["parentId"], moved["name"]) == (MARKETING, {"en": "2026", "de": "2026 (de)"})
    assert (moved["icon"], moved["modification"]["userId"]) == ("star", 12)
    found = await celum.good(
        "POST",
        "/collections/search",
        {
            "filter": {
                "type": "COLLECTION_LOGICAL",
                "operator": "AND",
                "filters": [
                    {"type": "COLLECTION_PARENT_ID", "values": [MARKETING], "recursive": True},
                    {"type": "COLLECTION_NAME", "text": "2026", "searchType": "phrase"},
                ],
            },
            "sorting": [{"field": "id", "order": "ASC"}],
            "pagination": {"page": 1, "size": 200},
        },
    )
    assert [node["id"] for node in found["content"]] == [made["id"]]
    rooted = await celum.good("PATCH", f"/collections/{made['id']}", {"parentId": {"op": "CLEAR"}})
    assert "parentId" not in rooted
    assert rooted["validationLevel"] == "STRICT"
    assert (await celum.call("DELETE", f"/collections/{made['id']}")).status == 204
    assert (await celum.call("GET", f"/collections/{made['id']}")).status == 403


async def test_a_collection_that_is_described_wrongly_is_not_made(celum: Celum) -> None:
    for body, argument in WRONG:
        refused = await celum.call("POST", "/collections", body)
        assert (refused.status, refused.body["code"], refused.fault["argument"]) == (400, "VALIDATION_FAILED", argument)
    assert refused.body["message"] == "Either typeId or parentId must be given"


async def test_a_collection_that_holds_something_is_not_deleted(celum: Celum) -> None:
    for id in (MARKETING, CAMPAIGNS):
        refused = await celum.call("DELETE", f"/collections/{id}")
        assert (refused.status, refused.body) == (
            400,
            {"code": "BAD_REQUEST", "message": f"Collection {id} is not empty"},
        )


async def test_a_collection_is_not_moved_below_itself_or_into_another_tree(celum: Celum) -> None:
    child = await add(celum)
    for target in (child["id"], CAMPAIGNS, 500):
        refused = await celum.call("PATCH", f"/collections/{CAMPAIGNS}", {"parentId": {"op": "SET", "value": target}})
        assert (refused.status, refused.fault["argument"]) == (400, "parentId")
    unknown = await celum.call("PATCH", f"/collections/{CAMPAIGNS}", {"parentId": {"op": "SET", "value": 9}})
    assert (unknown.status, unknown.body["entity"]) == (403, "collection")


async def test_validation_levels_are_inherited_until_they_are_set(celum: Celum) -> None:
    child = await add(celum, validationLevelInherited=False, validationLevel="TOLERANT")
    grandchild = await add(celum, parentId=child["id"])
    assert (grandchild["validationLevel"], grandchild["validationLevelInherited"]) == ("TOLERANT", True)
    ignored = await celum.good("PATCH", f"/collections/{grandchild['id']}", {"validationLevel": "STRICT"})
    assert ignored["validationLevel"] == "TOLERANT"
    own = {"validationLevelInherited": False, "validationLevel": "STRICT"}
    assert (await celum.good("PATCH", f"/collections/{grandchild['id']}", own))["validationLevel"] == "STRICT"
    await celum.good("PATCH", f"/collections/{child['id']}", {"validationLevelInherited": True})
    assert (await celum.get(f"/collections/{child['id']}"))["validationLevel"] == "STRICT"


async def test_permissions_and_role_assignments_come_when_asked_for(celum: Celum) -> None:
    node = await celum.get(f"/collections/{CAMPAIGNS}?permissions=upload&inclusions=roleAssignments")
    assert (node["permissions"], node["roleAssignments"]) == ({"upload": True}, [])
    assert "informationFieldValueSets" not in node
    assert (await celum.call("GET", f"/collections/{CAMPAIGNS}?inclusions=downloadFormats")).status == 400


async def test_values_on_collections_are_written_read_and_found(start: Start) -> None:
    celum = await start(collection_fields="yes")
    values = [{"id": 743, "type": "TEXT", "value": "line 7"}, {"id": 751, "type": "NUMBER", "value": 3}]
    node = await add(celum, informationFieldValues=values)
    shown = node["informationFieldValueSets"][0]["informationFieldValues"]
    assert [entry["value"] for entry in shown if "value" in entry] == ["line 7", 3]
    change = {"informationFieldValues": [{"id": 743, "type": "TEXT", "value": {"op": "SET", "value": "line 8"}}]}
    await celum.good("PATCH", f"/collections/{node['id']}", change)
    for members in (
        {"type": "COLLECTION_TEXT_INFORMATION_FIELD", "informationFieldId": 743, "text": "LINE 8"},
        {"type": "COLLECTION_NUMBER_INFORMATION_FIELD_RANGE", "informationFieldId": 751, "from": 3, "to": 3},
        {"type": "COLLECTION_FULLTEXT", "text": "line 8"},
    ):
        body = {"filter": members, "inclusions": [{"type": "COLLECTION_INFORMATION_FIELDS", "ids": [743]}]}
        (found,) = (await celum.good("POST", "/collections/search", body))["content"]
        assert found["informationFieldValueSets"][0]["informationFieldValues"][0]["value"] == "line 8"
