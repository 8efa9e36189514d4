"""Every filter there is, what it finds, and what it refuses."""

from typing import Any

from lockgate.connectors.celum.sandbox.asset_filters import ASSET_FILTERS, COLLECTION_FILTERS

from .installation import (
    CAMPAIGNS,
    EXPIRED,
    HERO,
    LOCKED,
    MARKETING,
    NEVER_MODIFIED,
    PLACEHOLDER,
    SECOND,
    TWO_PARENTS,
    UNRELEASED,
    Celum,
)

Filter = dict[str, Any]
FIELD_KINDS = (
    "TEXT_INFORMATION_FIELD", "TEXT_AREA_INFORMATION_FIELD", "LOCALIZED_TEXT_INFORMATION_FIELD",
    "LOCALIZED_TEXT_AREA_INFORMATION_FIELD", "BOOLEAN_INFORMATION_FIELD", "DROPDOWN_INFORMATION_FIELD_EQUALITY",
    "COLLECTION_REFERENCE_INFORMATION_FIELD_EQUALITY", "COLLECTION_REFERENCE_INFORMATION_FIELD_NAMES",
    "TAG_REFERENCE_INFORMATION_FIELD_EQUALITY", "TAG_REFERENCE_INFORMATION_FIELD_NAMES",
    "DATE_INFORMATION_FIELD_EQUALITY", "DATE_INFORMATION_FIELD_RANGE", "NUMBER_INFORMATION_FIELD_EQUALITY",
    "NUMBER_INFORMATION_FIELD_RANGE", "DOUBLE_INFORMATION_FIELD_EQUALITY", "DOUBLE_INFORMATION_FIELD_RANGE",
    "INFORMATION_FIELD_EMPTY",
)  # fmt: skip
SHARED = (
    "FULLTEXT", "LOGICAL", "NEGATION", "ID", "ID_RANGE", "NAME", "PARENT_ID", "TYPE_ID", "CREATION_USER_ID",
    "MODIFICATION_USER_ID", "CREATION_DATE_EQUALITY", "CREATION_DATE_RANGE", "MODIFICATION_DATE_EQUALITY",
    "MODIFICATION_DATE_RANGE", *FIELD_KINDS,
)  # fmt: skip
ASSETS_ONLY = (
    "FILE_CATEGORY", "COLLECTION_TYPE_ID", "VERSIONED_USER_ID", "FILE_EXTENSION", "CHECKSUM", "FILE_EXTENSION_EMPTY",
    "FILE_NAME", "CONTENT", "VERSIONED_DATE_RANGE", "AVAILABILITY_DATE_RANGE", "EXPIRATION_DATE_RANGE",
    "VERSIONED_DATE_EQUALITY", "AVAILABILITY", "TEXT_FILE_PROPERTY", "BOOLEAN_FILE_PROPERTY",
    "NUMBER_FILE_PROPERTY_EQUALITY", "NUMBER_FILE_PROPERTY_RANGE", "DOUBLE_FILE_PROPERTY_EQUALITY",
    "DOUBLE_FILE_PROPERTY_RANGE", "DATE_FILE_PROPERTY_EQUALITY", "DATE_FILE_PROPERTY_RANGE",
)  # fmt: skip
FEW = (PLACEHOLDER, LOCKED, EXPIRED, UNRELEASED, TWO_PARENTS, NEVER_MODIFIED, HERO, SECOND)
ODD = (LOCKED, UNRELEASED, SECOND)
LARGE = (TWO_PARENTS, HERO)  # those of the few that have the largest picture


def test_there_are_the_documented_filters_and_no_others() -> None:
    assert ASSET_FILTERS.keys() == {f"ASSET_{name}" for name in SHARED + ASSETS_ONLY}
    assert COLLECTION_FILTERS.keys() == {f"COLLECTION_{name}" for name in SHARED}
    assert (len(ASSET_FILTERS), len(COLLECTION_FILTERS)) == (52, 31)


def asset(type: str, **members: Any) -> Filter:
    return {"type": f"ASSET_{type}", **members}


def within(type: str, **members: Any) -> Filter:
    """A filter together with a narrow choice of assets, so that the answer can be told in full."""
    return asset("LOGICAL", filters=[asset("ID", values=list(FEW)), asset(type, **members)])


async def finds(celum: Celum, filter: Filter, *ids: int) -> None:
    assert await celum.found(filter) == list(ids), filter


async def test_filters_by_what_an_asset_is(celum: Celum) -> None:
    hero = await celum.asset(HERO)
    made, changed = hero["creation"]["date"], hero["modification"]["date"]
    await finds(celum, asset("ID", values=[SECOND, HERO, 9]), HERO, SECOND)
    await finds(celum, asset("ID_RANGE", **{"from": HERO}), HERO, SECOND)
    await finds(celum, asset("ID_RANGE", to=LOCKED), PLACEHOLDER, LOCKED)
    await finds(celum, asset("NAME", text="campaign HERO"), HERO)
    await finds(celum, asset("NAME", text="hero absent", searchType="terms", searchOperator="or"), HERO)
    await finds(celum, asset("NAME", text="her sum", searchType="terms"), HERO)
    await finds(celum, asset("NAME", text="ampaign", searchType="terms"))
    await finds(celum, asset("FILE_NAME", text="packshot-2774"), HERO)
    await finds(celum, asset("FULLTEXT", text="hero shot"), HERO)
    await finds(celum, asset("PARENT_ID", values=[MARKETING]), TWO_PARENTS)
    await finds(celum, within("PARENT_ID", values=[MARKETING], recursive=True), *FEW)
    await finds(celum, asset("FILE_CATEGORY", values=["PLACEHOLDER", "MODEL3D"]), PLACEHOLDER)
    await finds(celum, within("FILE_EXTENSION", values=[".JPG"]), *LARGE, SECOND)
    await finds(celum, asset("FILE_EXTENSION_EMPTY"), PLACEHOLDER)
    await finds(celum, within("CHECKSUM", values=[hero["currentVersion"]["fileChecksum"]]), *LARGE)
    await finds(celum, within("CREATION_DATE_EQUALITY", value=made), HERO)
    await finds(celum, within("VERSIONED_DATE_EQUALITY", value=made), HERO)
    await finds(celum, within("MODIFICATION_DATE_EQUALITY", value=changed), HERO)
    await finds(celum, asset("CREATION_DATE_RANGE", **{"from": made}), HERO, SECOND)
    await finds(celum, asset("VERSIONED_DATE_RANGE", **{"from": made, "to": made}), HERO)
    await finds(celum, asset("MODIFICATION_DATE_RANGE", **{"from": changed.replace("Z", "+00:00")}), HERO, SECOND)


async def test_filters_by_type_and_user(celum: Celum) -> None:
    for type, value, other in (
        ("TYPE_ID", 2200, 2201),
        ("COLLECTION_TYPE_ID", 101, 102),
        ("CREATION_USER_ID", 12, 1),
        ("VERSIONED_USER_ID", 12, 1),
    ):
        await finds(celum, within(type, values=[value]), *FEW)
        await finds(celum, within(type, values=[other]))
    await finds(celum, within("MODIFICATION_USER_ID", values=[12]), *(id for id in FEW if id != NEVER_MODIFIED))


async def test_filters_by_availability(celum: Celum) -> None:
    window = (await celum.asset(EXPIRED))["availability"]
    await finds(celum, asset("AVAILABILITY", active=False), EXPIRED)
    assert (await celum.search(asset("AVAILABILITY", active=True)))["totalElements"] == 449
    await finds(celum, asset("EXPIRATION_DATE_RANGE", to=window["to"]), EXPIRED)
    await finds(celum, asset("AVAILABILITY_DATE_RANGE", **{"from": window["from"]}), EXPIRED)
    await celum.good("PATCH", f"/assets/{HERO}", {"availability": {"type": "DIRECT", "available": False}})
    await celum.good("PATCH", f"/assets/{SECOND}", {"availability": {"type": "DATED"}})
    await finds(celum, asset("AVAILABILITY", active=False), EXPIRED, HERO)


async def test_filters_by_information_fields(celum: Celum) -> None:
    def field(kind: str, id: int, **members: Any) -> Filter:
        return within(kind, informationFieldId=id, **members)

    await finds(celum, field("TEXT_INFORMATION_FIELD", 643, text="sku-1"), HERO)
    await finds(celum, field("TEXT_AREA_INFORMATION_FIELD", 645, text="nothing like it"))
    await finds(celum, field("LOCALIZED_TEXT_INFORMATION_FIELD", 644, text="hero", locale="en"), HERO)
    await finds(celum, field("LOCALIZED_TEXT_INFORMATION_FIELD", 644, text="hero", locale="de"))
    await finds(celum, field("LOCALIZED_TEXT_AREA_INFORMATION_FIELD", 646, text="2775", locale="en"), SECOND)
    await finds(celum, field("BOOLEAN_INFORMATION_FIELD", 653, value=False))
    option = field("DROPDOWN_INFORMATION_FIELD_EQUALITY", 650, value=1, inheritedValueExcluded=True)
    await finds(celum, option, LOCKED, UNRELEASED, HERO, SECOND)
    await finds(celum, field("NUMBER_INFORMATION_FIELD_EQUALITY", 651, value=1), TWO_PARENTS, SECOND)
    await finds(celum, field("NUMBER_INFORMATION_FIELD_RANGE", 651, **{"from": 5}), UNRELEASED, HERO)
    await finds(celum, field("DOUBLE_INFORMATION_FIELD_EQUALITY", 652, value=1.25), SECOND)
    await finds(celum, field("DOUBLE_INFORMATION_FIELD_RANGE", 652, to=0.25), TWO_PARENTS)
    await finds(celum, field("COLLECTION_REFERENCE_INFORMATION_FIELD_EQUALITY", 660, value=513), *ODD)
    await finds(celum, field("COLLECTION_REFERENCE_INFORMATION_FIELD_NAMES", 660, text="züri", locale="de"), *ODD)
    await finds(celum, field("COLLECTION_REFERENCE_INFORMATION_FIELD_NAMES", 660, text="züri", locale="en"))
    await finds(celum, field("TAG_REFERENCE_INFORMATION_FIELD_EQUALITY", 670, value=78), *ODD)
    await finds(celum, field("TAG_REFERENCE_INFORMATION_FIELD_NAMES", 670, text="SUMM"), *ODD)
    day = f"2026-01-{SECOND % 28 + 1:02d}T00:00:00.000Z"
    await finds(celum, field("DATE_INFORMATION_FIELD_EQUALITY", 680, value=day), LOCKED, SECOND)
    await finds(celum, field("DATE_INFORMATION_FIELD_RANGE", 680, **{"from": day, "to": day}), LOCKED, SECOND)
    await finds(celum, field("INFORMATION_FIELD_EMPTY", 680), HERO)


async def test_filters_by_what_is_in_the_file(celum: Celum) -> None:
    def named(kind: str, name: str, **members: Any) -> Filter:
        return within(kind, name=name, **members)

    await finds(celum, named("NUMBER_FILE_PROPERTY_EQUALITY", "width", value=1600), *LARGE)
    await finds(celum, named("NUMBER_FILE_PROPERTY_RANGE", "height", **{"from": 640, "to": 640}), SECOND)
    await finds(celum, named("DOUBLE_FILE_PROPERTY_EQUALITY", "megapixels", value=1.92), *LARGE)
    await finds(celum, named("DOUBLE_FILE_PROPERTY_RANGE", "megapixels", **{"from": 1}), *LARGE)
    await finds(celum, named("TEXT_FILE_PROPERTY", "colorSpace", text="cmyk"))
    await finds(celum, named("BOOLEAN_FILE_PROPERTY", "transparent", value=True))
    await finds(celum, named("DATE_FILE_PROPERTY_EQUALITY", "dateTaken", value="2026-01-01T00:00:00Z"))
    await finds(celum, named("DATE_FILE_PROPERTY_RANGE", "dateTaken", **{"from": 0}))
    await finds(celum, named("NUMBER_FILE_PROPERTY_EQUALITY", "colorSpace", value=1))
    inside = await celum.found(asset("CONTENT", text="wash thirty", searchType="terms"))
    assert inside == await celum.found(asset("FILE_EXTENSION", values=["txt"]))
    assert len(inside) > 70


async def test_filters_combine(celum: Celum) -> None:
    hero, second = asset("ID", values=[HERO]), asset("ID", values=[SECOND])
    await finds(celum, asset("LOGICAL", operator="OR", filters=[hero, second]), HERO, SECOND)
    await finds(celum, asset("LOGICAL", operator="AND", filters=[hero, second]))
    await finds(
        celum, asset("LOGICAL", filters=[asset("NEGATION", filter=hero), asset("ID_RANGE", **{"from": HERO})]), SECOND
    )
    await finds(celum, asset("NEGATION", filter=asset("MODIFICATION_DATE_RANGE", to="2099-01-01")), NEVER_MODIFIED)
    assert (await celum.search(asset("LOGICAL", filters=[])))["totalElements"] == 450


async def test_filters_that_do_not_fit_are_refused(celum: Celum) -> None:
    deep: Filter = asset("ID", values=[1])
    for _ in range(60):
        deep = asset("NEGATION", filter=deep)
    wrong: list[tuple[Any, str]] = [
        (None, "filter"),
        ("x", "filter"),
        ({}, "filter"),
        (asset("COLOUR"), "filter"),
        ({"type": "COLLECTION_ID", "values": [1]}, "filter"),
        (asset("NEGATION"), "filter"),
        (deep, "filter"),
        (asset("LOGICAL"), "filters"),
        (asset("LOGICAL", operator="and", filters=[]), "operator"),
        (asset("ID"), "values"),
        (asset("ID", values=["1"]), "values"),
        (asset("ID", values=[2**70]), "values"),
        (asset("CHECKSUM", values=[1]), "values"),
        (asset("FILE_CATEGORY", values=["image"]), "values"),
        (asset("ID_RANGE"), "from"),
        (asset("ID_RANGE", to="x"), "to"),
        (asset("MODIFICATION_DATE_RANGE", **{"from": "yesterday"}), "from"),
        (asset("CREATION_DATE_EQUALITY"), "value"),
        (asset("AVAILABILITY"), "active"),
        (asset("FULLTEXT"), "text"),
        (asset("FULLTEXT", text="x", searchType="fuzzy"), "searchType"),
        (asset("FULLTEXT", text="x", searchOperator="AND"), "searchOperator"),
        (asset("LOCALIZED_TEXT_INFORMATION_FIELD", informationFieldId=644, text="x"), "locale"),
        (asset("LOCALIZED_TEXT_INFORMATION_FIELD", informationFieldId=644, text="x", locale='"'), "locale"),
        (asset("TEXT_INFORMATION_FIELD", text="x"), "informationFieldId"),
        (asset("DOUBLE_INFORMATION_FIELD_EQUALITY", informationFieldId=652, value="1"), "value"),
        (asset("NUMBER_FILE_PROPERTY_EQUALITY", value=1), "name"),
    ]
    for filter, argument in wrong:
        refused = await celum.call("POST", "/assets/search", {"filter": filter})
        assert (refused.status, refused.fault["argument"]) == (400, argument), filter
    for id in (999, 690, 651):
        filter = asset("TEXT_INFORMATION_FIELD", informationFieldId=id, text="x")
        refused = await celum.call("POST", "/assets/search", {"filter": filter})
        assert refused.fault == {"type": "INFORMATION_FIELD", "informationFieldId": id}
    unknown = await celum.call("POST", "/assets/search", {"filter": asset("PARENT_ID", values=[CAMPAIGNS, 9])})
    assert (unknown.status, unknown.body["entity"]) == (403, "collection")


async def test_filters_of_collections(celum: Celum) -> None:
    async def found(name: str, **members: Any) -> list[int]:
        body = {"filter": {"type": f"COLLECTION_{name}", **members}}
        return [node["id"] for node in (await celum.good("POST", "/collections/search", body))["content"]]

    assert await found("NAME", text="luz") == [512]
    assert await found("FULLTEXT", text="zürich") == [513]
    assert await found("ID", values=[513, 77]) == [77, 513]
    assert await found("ID_RANGE", **{"from": 4700}) == [MARKETING, CAMPAIGNS]
    assert await found("PARENT_ID", values=[500]) == [512, 513]
    assert await found("TYPE_ID", values=[101]) == [MARKETING, CAMPAIGNS]
    assert await found("CREATION_USER_ID", values=[12]) == []
    assert await found("NEGATION", filter={"type": "COLLECTION_ID_RANGE", "to": 600}) == [MARKETING, CAMPAIGNS]
    assert await found("MODIFICATION_DATE_RANGE", **{"from": 0}) == []
    field = {"type": "COLLECTION_TEXT_INFORMATION_FIELD", "informationFieldId": 643, "text": "x"}
    refused = await celum.call("POST", "/collections/search", {"filter": field})
    assert refused.fault == {"type": "INFORMATION_FIELD", "informationFieldId": 643}
    assert (
        await celum.call("POST", "/collections/search", {"filter": {"type": "ASSET_ID", "values": [1]}})
    ).status == 400
