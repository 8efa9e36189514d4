"""Reading assets: one, a page, a search; with what was asked for and nothing else."""

from typing import Any

from .conftest import Start
from .installation import (
    CAMPAIGNS,
    EXPIRED,
    HERO,
    LOCKED,
    MARKETING,
    NEVER_MODIFIED,
    PLACEHOLDER,
    TWO_PARENTS,
    UNRELEASED,
    Celum,
)

EVERYTHING = {"type": "ASSET_ID_RANGE", "from": 0}
REQUIRED = {"id", "creation", "name", "releaseStatus", "currentVersion", "validationLevel", "validationStatus"}
INCLUDED = {"informationFieldValueSets", "fileProperties", "externalReferences", "permissions", "downloadFormats"}


async def test_a_single_read_shows_fields_and_file_properties(celum: Celum) -> None:
    hero = await celum.asset(HERO)
    assert hero.keys() & INCLUDED == {"informationFieldValueSets", "fileProperties"}
    assert await celum.values(HERO) == {
        643: "SKU-1",
        644: {"en": "Hero shot"},
        645: "Made for the sandbox",
        646: {"en": f"A motif, number {HERO}"},
        650: 1,
        651: 5,
        652: 1.0,
        653: True,
        660: [{"id": 512, "name": {"en": "Lucerne", "de": "Luzern"}}],
        670: [{"id": 77, "name": "winter"}],
    }
    shot_on = hero["informationFieldValueSets"][0]["informationFieldValues"][-1]
    assert (shot_on["type"], shot_on["field"]["name"], "value" in shot_on) == ("DATE", "shot-on", False)
    assert {"type": "NUMBER", "name": "width", "labels": {"en": "Width"}, "value": 1600} in hero["fileProperties"]
    marketing, campaigns = {"en": "Marketing"}, {"en": "Campaigns", "de": "Kampagnen"}
    assert hero["parentPaths"] == [
        {
            "collectionTypeId": 101,
            "pathSegments": [
                {"collectionId": MARKETING, "collectionName": marketing, "name": marketing},
                {"collectionId": CAMPAIGNS, "collectionName": campaigns, "name": campaigns},
            ],
        }
    ]


async def test_inclusions_of_a_read_are_exactly_those_named(celum: Celum) -> None:
    async def members(query: str) -> set[str]:
        return INCLUDED & set(await celum.get(f"/assets/{HERO}?{query}"))

    assert await members("inclusions=externalReferences") == {"externalReferences"}
    assert await members("inclusions=fileProperties,downloadFormats") == {"fileProperties", "downloadFormats"}
    assert await members("inclusions=permissions&inclusions=informationFields") == {
        "permissions",
        "informationFieldValueSets",
    }
    narrowed = await celum.get(
        f"/assets/{HERO}?inclusions=informationFields,downloadFormats&informationFields=644&downloadFormats=8&downloadFormats=1"
    )
    (group,) = narrowed["informationFieldValueSets"]
    assert [entry["field"]["id"] for entry in group["informationFieldValues"]] == [644]
    assert [format["id"] for format in narrowed["downloadFormats"]] == [1, 8]
    assert (await celum.get(f"/assets/{HERO}?permissions=download,delete"))["permissions"] == {
        "download": True,
        "delete": True,
    }
    assert len((await celum.get(f"/assets/{HERO}?permissions=all"))["permissions"]) == 11
    refused = await celum.call("GET", f"/assets/{HERO}?inclusions=everything")
    assert (refused.status, refused.fault["argument"]) == (400, "inclusions")


async def test_lists_leave_out_what_was_not_asked_for(celum: Celum) -> None:
    (plain,) = (await celum.search({"type": "ASSET_ID", "values": [HERO]}))["content"]
    assert not plain.keys() & INCLUDED
    assert plain.keys() >= REQUIRED
    types: list[dict[str, Any]] = [
        {"type": "ASSET_INFORMATION_FIELDS", "ids": [643, 660]},
        {"type": "ASSET_INFORMATION_FIELD_PERMISSIONS"},
        {"type": "ALL_FILE_PROPERTIES"},
        {"type": "ALL_EXTERNAL_REFERENCES"},
        {"type": "DOWNLOAD_FORMATS", "values": [8]},
        {"type": "ASSET_PERMISSIONS", "permissions": ["download"]},
    ]
    (full,) = (await celum.search({"type": "ASSET_ID", "values": [HERO]}, inclusions=types))["content"]
    assert full.keys() >= INCLUDED
    (group,) = full["informationFieldValueSets"]
    assert [entry["value"] for entry in group["informationFieldValues"]] == [
        "SKU-1",
        [{"id": 512, "name": {"en": "Lucerne", "de": "Luzern"}}],
    ]
    assert [format["id"] for format in full["downloadFormats"]] == [1, 8, 9]
    body = {"filter": EVERYTHING, "inclusions": [{"type": "ALL_THINGS"}]}
    assert (await celum.call("POST", "/assets/search", body)).fault["argument"] == "inclusions"


async def test_pages_begin_at_one_hold_twenty_and_never_more_than_two_hundred(celum: Celum) -> None:
    first = await celum.get("/assets")
    assert (first["totalElements"], first["hasNext"], len(first["content"])) == (450, True, 20)
    for size in (200, 5000):
        pages = [await celum.get(f"/assets?page={page}&size={size}") for page in (1, 2, 3, 4)]
        assert [(len(page["content"]), page["hasNext"]) for page in pages] == [
            (200, True),
            (200, True),
            (50, False),
            (0, False),
        ]
        ids = [asset["id"] for page in pages for asset in page["content"]]
        assert ids == list(range(2326, 2776))
    body = {"filter": EVERYTHING, "pagination": {"page": 3, "size": 200}, "page": 0, "size": 1}
    assert len((await celum.good("POST", "/assets/search", body))["content"]) == 50
    for query in ("page=0", "size=0", "page=x", "size=1.5"):
        assert (await celum.call("GET", f"/assets?{query}")).status == 400
    for pagination in ({"page": 0}, {"size": "20"}, 7):
        refused = await celum.call("POST", "/assets/search", {"filter": EVERYTHING, "pagination": pagination})
        assert (refused.status, refused.body["code"]) == (400, "VALIDATION_FAILED")


async def test_lists_narrow_by_parent_and_text(celum: Celum) -> None:
    assert (await celum.get(f"/assets?parentId={MARKETING}"))["totalElements"] == 1
    assert (await celum.get(f"/assets?parentId={MARKETING}&recursive=true"))["totalElements"] == 450
    both = await celum.get(f"/assets?parentId={CAMPAIGNS}&searchText=hero+shot")
    assert [asset["id"] for asset in both["content"]] == [HERO]
    terms = await celum.get("/assets?searchText=motif+exp&searchType=terms&searchOperator=and")
    assert [asset["id"] for asset in terms["content"]] == [EXPIRED]
    unknown = await celum.call("GET", "/assets?parentId=9")
    assert (unknown.status, unknown.body["entity"]) == (403, "collection")
    assert (await celum.call("GET", "/assets?recursive=perhaps&parentId=4700")).status == 400


async def test_results_are_sorted_as_asked(celum: Celum) -> None:
    async def first(*sorting: tuple[str, str]) -> Any:
        order = [{"field": field, "order": order} for field, order in sorting]
        return (await celum.search(EVERYTHING, sorting=order, pagination={"size": 1}))["content"][0]

    assert (await first(("id", "DESC")))["id"] == 2775
    assert (await first(("name", "ASC")))["name"] == "Expired"
    assert (await first(("currentVersion.filesize", "ASC")))["id"] == PLACEHOLDER
    assert (await first(("modification.date", "ASC")))["id"] == NEVER_MODIFIED
    assert (await first(("modification.date", "DESC")))["id"] == 2775
    assert (await first(("informationField.643", "DESC")))["id"] == 2775
    assert (await first(("informationField.644.de", "DESC"), ("id", "ASC")))["id"] == 2775
    assert (await first(("currentVersion.fileExtension", "DESC"), ("creation.date", "DESC")))["id"] == 2773
    listed = await celum.get("/assets?sort=currentVersion.fileCategory,DESC&sort=id,DESC&size=1")
    assert listed["content"][0]["currentVersion"]["fileCategory"] == "TEXT"
    for query in ("sort=colour", "sort=name,UP", "sort=informationField.1", "sort=informationField.660"):
        assert (await celum.call("GET", f"/assets?{query}")).status == 400


async def test_the_seed_holds_one_of_each_special_kind(celum: Celum) -> None:
    assert (await celum.asset(PLACEHOLDER))["currentVersion"]["fileCategory"] == "PLACEHOLDER"
    assert (await celum.asset(LOCKED))["lock"]["comment"] == "in retouching"
    expired = (await celum.asset(EXPIRED))["availability"]
    assert (expired["type"], expired["to"] < celum.sandbox.tenant.now()) == ("DATED", True)
    assert (await celum.asset(UNRELEASED))["releaseStatus"] == "UNRELEASED"
    assert (await celum.asset(TWO_PARENTS))["parentIds"] == [CAMPAIGNS, MARKETING]
    assert "modification" not in await celum.asset(NEVER_MODIFIED)


async def test_names_of_references_are_resolved_up_to_the_servers_limit(start: Start) -> None:
    celum = await start(max_reference_names=1)
    value = {"op": "SET", "value": [513, 512]}
    await celum.good(
        "PATCH",
        f"/assets/{HERO}",
        {"informationFieldValues": [{"id": 660, "type": "COLLECTION_REFERENCE", "value": value}]},
    )
    assert (await celum.values(HERO))[660] == [{"id": 513, "name": {"en": "Zurich", "de": "Zürich"}}, {"id": 512}]
