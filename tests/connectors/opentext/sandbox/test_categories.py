"""Category values: flat, nested, in rows, in several languages; tokens that guard against a change in between."""

import pytest

from .caller import CATEGORY, CUSTOMERS, DETAILS, Caller, id_of

EMPTY: dict[str, object] = {"4711_2": None, "4711_3": [], "4711_4_1_5": None}


@pytest.fixture
async def folder(ecm: Caller) -> int:
    """A folder with the category Customer, nothing filled in."""
    body = {"type": 0, "parent_id": CUSTOMERS, "name": "A", "roles": {"categories": {"4711_1": {}}}}
    return id_of(await ecm.results("POST /v2/nodes", body))


async def test_a_category_without_values_shows_its_empty_attributes(ecm: Caller, folder: int) -> None:
    assert await ecm.values(folder) == EMPTY
    form = (await ecm.ok(f"GET /v1/forms/nodes/categories/update?id={folder}&category_id=4711"))["forms"][0]
    assert form["data"]["4711_4"] == [{"4711_4_x_5": None}]
    assert (await ecm.ok(f"GET /v1/nodes/{folder}/categories"))["data"] == [{"id": CATEGORY, "name": "Customer"}]


@pytest.mark.parametrize(
    "said",
    [
        {"4711_2": "C-1", "4711_3": ["EU", "US"], "4711_4_2_5": "Bob"},
        {"4711": {"4711_2": "C-1", "4711_3": ["EU", "US"], "4711_4_2_5": "Bob"}},
    ],
)
async def test_values_are_taken_flat_and_nested_when_something_is_made(ecm: Caller, said: dict[str, object]) -> None:
    body = {"type": 0, "parent_id": CUSTOMERS, "name": "A", "roles": {"categories": said}}
    made = id_of(await ecm.results("POST /v2/nodes", body))
    workspace = await ecm.workspace("7", roles={"categories": said})
    expected = {"4711_2": "C-1", "4711_3": ["EU", "US"], "4711_4_1_5": None, "4711_4_2_5": "Bob"}
    assert await ecm.values(made) == expected
    assert await ecm.values(workspace) == expected


async def test_values_are_taken_as_form_fields_and_as_json(ecm: Caller, folder: int) -> None:
    path = f"PUT /v2/nodes/{folder}/categories/4711"
    await ecm.ok(path, data={"category_id": "4711", "4711_2": "C-1", "4711_3": ["EU", "US"]})
    await ecm.ok(path, {"4711_4_1_5": "Ann"})
    assert await ecm.values(folder) == {"4711_2": "C-1", "4711_3": ["EU", "US"], "4711_4_1_5": "Ann"}
    await ecm.ok(path, data={"4711_3": "DE"})  # a list of one looks like one value in a form
    assert (await ecm.values(folder))["4711_3"] == ["DE"]


async def test_a_row_is_removed_and_those_behind_it_move_up(ecm: Caller, folder: int) -> None:
    path = f"PUT /v2/nodes/{folder}/categories/4711"
    await ecm.ok(path, {"4711_4_1_5": "Ann", "4711_4_2_5": "Bob", "4711_4_3_5": "Eve"})
    await ecm.ok(path, {"4711_4_2": ""})
    assert await ecm.values(folder) == {**EMPTY, "4711_4_1_5": "Ann", "4711_4_2_5": "Eve"}


async def test_values_of_every_type_are_kept_as_the_server_writes_them(ecm: Caller, folder: int) -> None:
    said = {
        "category_id": DETAILS, "4712_2": 17, "4712_3": "2023-05-10", "4712_4": "12", "4712_5": "true",
        "4712_6_1_7": "Bonn", "4712_6_1_8": ["1", "2"], "4712_9": "1001",
    }  # fmt: skip
    await ecm.ok(f"POST /v2/nodes/{folder}/categories", said)
    assert await ecm.values(folder, DETAILS) == {
        "4712_2": "17", "4712_3": "2023-05-10T00:00:00", "4712_4": 12, "4712_5": True, "4712_6_1_7": "Bonn",
        "4712_6_1_8": ["1", "2"], "4712_9": 1001,
    }  # fmt: skip
    await ecm.ok(f"PUT /v2/nodes/{folder}/categories/4712", {"4712_6_1_8": ["", "", "3"]})
    assert (await ecm.values(folder, DETAILS))["4712_6_1_8"] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"4712_2": "x"}, "a non-matching attribute ('4712_2') was found"),
        ({"4711_9": "x"}, "a non-matching attribute ('4711_9') was found"),
        ({"4711_2_1_5": "x"}, "a non-matching attribute ('4711_2_1_5') was found"),
        ({"4711_2": "far too long a number"}, "Invalid value specified for the attribute 'Customer Number'"),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_changed(
    ecm: Caller, folder: int, values: dict[str, str], sentence: str
) -> None:
    said = {"4711_4_1_5": "Ann", **values}
    assert sentence in await ecm.refused(400, f"PUT /v2/nodes/{folder}/categories/4711", said)
    assert await ecm.values(folder) == EMPTY


async def test_a_category_is_there_once_or_not_at_all(ecm: Caller, folder: int) -> None:
    path = f"/v2/nodes/{folder}/categories"
    again = await ecm.refused(400, f"POST {path}", data={"category_id": "4711"})
    assert again == "The attribute group 'Customer' already exists"
    assert await ecm.refused(400, f"GET {path}/4712") == f"Category ID '4712' is not a category on node '{folder}'"
    await ecm.ok(f"DELETE {path}/4711/")
    assert await ecm.results(f"GET {path}") == []


async def test_definitions_stand_in_the_order_the_values_have(ecm: Caller, folder: int) -> None:
    [told] = await ecm.results(f"GET /v2/nodes/{folder}/categories?metadata")
    assert list(told["metadata"]["categories"]) == ["4711", "4711_2", "4711_3", "4711_4", "4711_4_x_5"]
    assert told["metadata"]["categories"]["4711_4"]["persona"] == "set"
    assert told["metadata_order"] == {"categories": ["4711"]}
    node = await ecm.results(f"GET /v2/nodes/{folder}?fields=categories&metadata")
    assert node["data"]["categories"] == [EMPTY]
    assert node["metadata"]["categories"] == [told["metadata"]["categories"]]


async def test_values_in_several_languages_are_kept_together(ecm: Caller, folder: int) -> None:
    await ecm.ok(f"PUT /v2/nodes/{folder}/categories/4711", {"4711_2_multilingual": {"en": "One", "de": "Eins"}})
    values = await ecm.values(folder)
    assert (values["4711_2"], values["4711_2_multilingual"]) == ("One", {"en": "One", "de": "Eins"})


async def test_an_old_token_is_refused(ecm: Caller, folder: int) -> None:
    form = await ecm.ok(f"GET /v1/forms/nodes/categories/update?id={folder}&category_id=4711")
    guarded = {"4711_1": form["forms"][0]["data"]["4711_1"], "4711_2": "C-1"}
    told = await ecm.results(f"PUT /v2/nodes/{folder}/categories/4711", guarded)
    assert told["state"]["categories"]["4711_1"]["metadata_token"] != guarded["4711_1"]["metadata_token"]
    conflict = await ecm.refused(409, f"PUT /v2/nodes/{folder}/categories/4711", guarded)
    assert conflict == "Could not update metadata (edit conflict)."


async def test_categories_are_applied_to_all_that_lies_below(ecm: Caller, folder: int) -> None:
    await ecm.ok(f"PUT /v2/nodes/{folder}/categories/4711", {"4711_2": "C-1"})
    inside = await ecm.folder(folder, "Inside")
    document = await ecm.document(inside)
    body = {"categories": [{"id": 4711, "action": "add_upgrade"}]}
    path = f"POST /v2/nodes/{folder}/categories/apply"
    assert await ecm.results(path, body) == {"message": "", "processed": 2, "skipped": 0}
    assert (await ecm.values(document))["4711_2"] == "C-1"
    assert (await ecm.results(path, body))["skipped"] == 2


async def test_what_is_handed_down_comes_with_its_values(ecm: Caller, folder: int) -> None:
    await ecm.ok(f"PUT /v2/nodes/{folder}/categories/4711", {"4711_2": "C-1"})
    await ecm.ok(f"POST /v2/nodes/{folder}/categories/4711/inheritance")
    document = await ecm.document(folder)
    assert (await ecm.values(document))["4711_2"] == "C-1"
    await ecm.ok(f"DELETE /v2/nodes/{folder}/categories/4711/inheritance")
    assert await ecm.results(f"GET /v2/nodes/{await ecm.document(folder, 'b')}/categories") == []
