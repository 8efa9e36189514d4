"""Creating, updating, deleting and linking objects."""

from typing import Any

import pytest

from .caller import COFFEE_MAKER, FILES, FOLDERS, PRODUCTS, Caller, value


async def test_a_product_is_created_with_a_new_id(portal: Caller) -> None:
    sent = {
        "article_number": [{"value": "AB-101"}],
        "ext_id": [{"value": "erp-101"}],
        "name": [{"value": "Teekanne", "dimensions": {"channel": "webshop", "locale": "de_DE"}}],
        "price": [{"value": 19.9}],
        "status": [{"value": "draft"}],
        "publish_webshop": [{"value": False}],
    }
    (id,) = await portal.ok("PATCH", PRODUCTS, json=[sent])
    found = await portal.ok("GET", f"{PRODUCTS}/{id}")
    assert len(id) == 36
    assert {name: found[name] for name in sent} == sent
    assert found["type"] == "default"


async def test_an_unknown_id_creates_with_that_id_and_type(portal: Caller) -> None:
    assert await portal.ok("PATCH", PRODUCTS, json=[{"id": "data_2015_37E3", "type": "set"}]) == ["data_2015_37E3"]
    assert (await portal.ok("GET", f"{PRODUCTS}/data_2015_37E3"))["type"] == "set"


async def test_ids_come_back_in_the_order_of_the_request(portal: Caller) -> None:
    sent: list[dict[str, Any]] = [{"id": "b"}, {}, {"id": COFFEE_MAKER}, {"id": "a"}]
    first, new, third, last = await portal.ok("PATCH", PRODUCTS, json=sent)
    assert (first, third, last) == ("b", COFFEE_MAKER, "a")
    assert len(new) == 36


async def test_an_empty_batch_changes_nothing(portal: Caller) -> None:
    assert await portal.ok("PATCH", PRODUCTS, json=[]) == []


async def test_a_batch_is_stored_as_a_whole_or_not_at_all(portal: Caller) -> None:
    before = await portal.last_event("all_product")
    batch = [
        {"id": "new"},
        {"id": COFFEE_MAKER, "price": [{"value": 1}]},
        {"id": "other", "colour": [{"value": "red"}]},
    ]
    assert "colour" in await portal.refused(400, "PATCH", PRODUCTS, json=batch)
    assert (await portal("GET", f"{PRODUCTS}/new")).status == 404
    assert value(await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), "price") == 79.0
    assert await portal.news("all_product", before) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"colour": [{"value": "red"}]}, "Unknown field 'colour'"),
        ({"module": "product"}, "read-only"),
        ({"mod_time": "2025-03-04T10:11:12.000Z"}, "read-only"),
        ({"created_by": [{"value": "me"}]}, "read-only"),
        ({"status": [{"value": "on fire"}]}, "Unknown option 'on fire'"),
        ({"status": [{"value": ["draft"]}]}, "Unknown option"),
        ({"price": 5}, "must be an array"),
        ({"price": {"value": 5}}, "must be an array"),
        ({"price": [5]}, "entries of {value, dimensions}"),
        ({"price": [{"dimensions": {}}]}, "entries of {value, dimensions}"),
        ({"price": [{"value": "5"}]}, "takes a number"),
        ({"price": [{"value": True}]}, "takes a number"),
        ({"price": [{"value": 1}, {"value": 2}]}, "two values for the same dimensions"),
        ({"price": [{"value": 1, "dimensions": {"locale": "de_DE"}}]}, "no dimension 'locale'"),
        ({"name": [{"value": "x", "dimensions": {"locale": "fr_FR"}}]}, "Unknown locale 'fr_FR'"),
        ({"name": [{"value": "x", "dimensions": {"channel": ["erp"]}}]}, "Unknown channel"),
        ({"name": [{"value": "x", "dimensions": "de_DE"}]}, "must be an object"),
        ({"name": [{"value": "x" * 256}]}, "at most 255 characters"),
        ({"name": [{"value": 5}]}, "takes a text"),
        ({"tags": [{"value": "new"}]}, "an array of texts"),
        ({"publish_webshop": [{"value": "true"}]}, "true or false"),
        ({"launch_date": [{"value": "04.03.2025"}]}, "takes a date"),
        ({"launch_date": [{"value": "2025-02-30"}]}, "takes a date"),
        ({"weight": [{"value": 5}]}, "{value, unit}"),
        ({"weight": [{"value": {"value": 5, "unit": "lb"}}]}, "{value, unit}"),
        ({"images": [{"value": ["nowhere"]}]}, "no file with id 'nowhere'"),
        ({"main_image": [{"value": "nowhere"}]}, "no file with id 'nowhere'"),
        ({"id": 5}, "'id' must be"),
        ({"id": "a/b"}, "'id' must be"),
        ({"id": "x" * 65}, "'id' must be"),
        ({"id": COFFEE_MAKER, "type": "other"}, "on creation only"),
        ({"type": ["default"]}, "'type' must be"),
        ("AB-101", "must be an object"),
    ],
)
async def test_what_a_field_cannot_take_is_refused_with_the_reason(portal: Caller, sent: Any, said: str) -> None:
    assert said in await portal.refused(400, "PATCH", PRODUCTS, json=[sent])


async def test_read_only_fields_of_files_are_refused(portal: Caller) -> None:
    (file,) = await portal.find("name = 'coffee-maker.jpg'", module="file")
    assert "read-only" in await portal.refused(400, "PATCH", FILES, json=[{"id": file["id"], "width": [{"value": 1}]}])


@pytest.mark.parametrize("body", ["{}", '"x"', "[", "", "[" * 20_000, "NaN", '["\\ud800"]'])
async def test_a_body_that_is_no_array_is_refused(portal: Caller, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    await portal.refused(400, "PATCH", PRODUCTS, data=body, headers=headers)


async def test_a_body_of_another_kind_is_refused(portal: Caller) -> None:
    await portal.refused(415, "PATCH", PRODUCTS, data=b"[]", headers={"Content-Type": "text/plain"})


async def test_unique_values_are_used_once(portal: Caller) -> None:
    sent = [{"article_number": [{"value": "AB-100"}]}]
    assert "'article_number'" in await portal.refused(409, "PATCH", PRODUCTS, json=sent)
    twice = [{"ext_id": [{"value": "e"}]}, {"ext_id": [{"value": "e"}]}]
    assert "'ext_id'" in await portal.refused(409, "PATCH", PRODUCTS, json=twice)


async def test_unique_values_tell_case_apart_and_may_be_written_again_by_their_owner(portal: Caller) -> None:
    await portal.product("ab-100")
    await portal.set(COFFEE_MAKER, article_number="AB-100")
    assert await portal.numbers("article_number = 'AB-100'") == {"AB-100"}


async def test_one_locale_is_updated_and_the_other_stays(portal: Caller) -> None:
    german = {"value": "Kaffeemaschine", "dimensions": {"channel": "webshop", "locale": "de_DE"}}
    english = {"value": "Espresso machine", "dimensions": {"locale": "en_US", "channel": "webshop"}}
    everywhere = {"value": "CM 1"}
    await portal.ok("PATCH", PRODUCTS, json=[{"id": COFFEE_MAKER, "name": [english, everywhere]}])
    found = (await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"))["name"]
    assert sorted(found, key=str) == sorted([german, english, everywhere], key=str)


@pytest.mark.parametrize("empty", [{}, [], None])
async def test_empty_dimensions_mean_valid_for_all(portal: Caller, empty: Any) -> None:
    (id,) = await portal.ok("PATCH", PRODUCTS, json=[{"name": [{"value": "x", "dimensions": empty}]}])
    assert (await portal.ok("GET", f"{PRODUCTS}/{id}"))["name"] == [{"value": "x"}]


async def test_null_clears_the_value_of_its_dimensions_only(portal: Caller) -> None:
    german = {"channel": "webshop", "locale": "de_DE"}
    sent = {"id": COFFEE_MAKER, "name": [{"value": None, "dimensions": german}], "price": [{"value": None}]}
    await portal.ok("PATCH", PRODUCTS, json=[sent])
    found = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}")
    assert [one["value"] for one in found["name"]] == ["Coffee maker"]
    assert "price" not in found


async def test_false_zero_and_empty_text_are_values(portal: Caller) -> None:
    id = await portal.product("", price=0, publish_webshop=False)
    found = await portal.ok("GET", f"{PRODUCTS}/{id}")
    assert (value(found, "price"), value(found, "publish_webshop"), value(found, "article_number")) == (0, False, "")


async def test_dates_are_answered_in_the_long_form(portal: Caller) -> None:
    short = await portal.product("X-1", launch_date="2025-03-04")
    long = await portal.product("X-2", launch_date="2025-03-04T23:59:00.000Z")
    dates = {value(await portal.ok("GET", f"{PRODUCTS}/{id}"), "launch_date") for id in (short, long)}
    assert dates == {"2025-03-04T00:00:00.000Z"}


async def test_metrics_are_normalised_by_the_server(portal: Caller) -> None:
    id = await portal.product("X-1", weight={"value": 0.0015, "unit": "kg", "normalized": 7})
    weight = value(await portal.ok("GET", f"{PRODUCTS}/{id}"), "weight")
    assert weight == {"value": 0.0015, "unit": "kg", "normalized": 1.5}


async def test_a_write_that_changes_nothing_leaves_no_trace(portal: Caller) -> None:
    before, last = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), await portal.last_event("all_product")
    same = {name: before[name] for name in ("article_number", "name", "weight", "tags", "images", "status")}
    await portal.ok("PATCH", PRODUCTS, json=[{"id": COFFEE_MAKER, "price": [{"value": 79}], **same}])
    assert await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}") == before
    assert await portal.news("all_product", last) == []


async def test_links_are_read_merged_and_written(portal: Caller) -> None:
    found = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}?fields=images")
    new = await portal.uploaded(b"picture", "side.bin", "application/octet-stream")
    images = [*value(found, "images"), new]
    await portal.set(COFFEE_MAKER, images=images, main_image=new)
    linked = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}")
    assert (value(linked, "images"), value(linked, "main_image")) == (images, new)
    assert value(linked, "mod_time_img") > value(found, "mod_time_img")


async def test_links_are_taken_off_by_an_empty_list_and_by_null(portal: Caller) -> None:
    await portal.set(COFFEE_MAKER, images=[], main_image=None)
    found = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}")
    assert not {"images", "main_image"} & found.keys()


async def test_a_deleted_object_is_gone_and_its_unique_values_are_free(portal: Caller) -> None:
    assert (await portal("DELETE", f"{PRODUCTS}/{COFFEE_MAKER}")).status == 204
    await portal.refused(404, "GET", f"{PRODUCTS}/{COFFEE_MAKER}")
    await portal.refused(404, "DELETE", f"{PRODUCTS}/{COFFEE_MAKER}")
    await portal.refused(404, "GET", f"{PRODUCTS}/{COFFEE_MAKER}/media/small")
    assert "is deleted" in await portal.refused(409, "PATCH", PRODUCTS, json=[{"id": COFFEE_MAKER}])
    assert await portal.numbers("article_number = 'AB-100'") == set()
    await portal.product("AB-100")


async def test_deleting_an_unknown_object_is_not_found(portal: Caller) -> None:
    await portal.refused(404, "DELETE", f"{PRODUCTS}/missing")


async def test_links_to_a_deleted_object_disappear(portal: Caller) -> None:
    file = value(await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), "main_image")
    last = await portal.last_event("all_product")
    await portal.ok("DELETE", f"{FILES}/{file}")
    found = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}")
    assert not {"images", "main_image"} & found.keys()
    assert (COFFEE_MAKER, 0, 1) in await portal.news("all_product", last)
    await portal.refused(400, "PATCH", PRODUCTS, json=[{"images": [{"value": [file]}]}])


async def test_a_product_with_variants_has_a_child(portal: Caller) -> None:
    await portal.product("AB-100-RED", parent_product=COFFEE_MAKER)
    assert value(await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"), "has_child") is True


async def test_folders_are_made_and_renamed_and_files_follow(portal: Caller) -> None:
    (uploads,) = await portal.find("path = 'Data/Uploads'", module="folder")
    made = {"name": [{"value": "2025"}], "parent_id": [{"value": uploads["id"]}], "upload_allowed": [{"value": True}]}
    (id,) = await portal.ok("PATCH", FOLDERS, json=[made])
    file = await portal.uploaded(b"x", "x.bin", "application/octet-stream", {"parent_id": [{"value": id}]})
    await portal.ok("PATCH", FOLDERS, json=[{"id": uploads["id"], "name": [{"value": "Incoming"}]}])
    assert value(await portal.ok("GET", f"{FILES}/{file}"), "parent_path") == "Data/Incoming/2025"
    assert "not empty" in await portal.refused(409, "DELETE", f"{FOLDERS}/{id}")
    await portal.ok("DELETE", f"{FILES}/{file}")
    await portal.ok("DELETE", f"{FOLDERS}/{id}")


async def test_a_folder_cannot_lie_in_itself_nor_do_without_a_name(portal: Caller) -> None:
    found = {value(one, "path"): one["id"] for one in await portal.find("", module="folder")}
    inside = {"id": found["Data"], "parent_id": [{"value": found["Data/Uploads"]}]}
    assert "lie in itself" in await portal.refused(400, "PATCH", FOLDERS, json=[inside])
    assert "needs a name" in await portal.refused(400, "PATCH", FOLDERS, json=[{"upload_allowed": [{"value": True}]}])
    assert value(await portal.ok("GET", f"{FOLDERS}/{found['Data/Archive']}"), "path") == "Data/Archive"


@pytest.mark.parametrize(
    ("old", "new"),
    [("draft", "in_review"), ("in_review", "approved"), ("in_review", "rejected"), ("rejected", "draft")]
    + [(status, "archived") for status in ("draft", "in_review", "approved", "rejected")],
)
async def test_statuses_follow_their_steps(portal: Caller, old: str, new: str) -> None:
    id = await portal.product("X-1", status=old)
    await portal.set(id, status=new)
    assert value(await portal.ok("GET", f"{PRODUCTS}/{id}"), "status") == new


@pytest.mark.parametrize(
    ("old", "new"), [("draft", "approved"), ("approved", "draft"), ("archived", "approved"), ("draft", None)]
)
async def test_other_steps_are_refused_unless_the_rule_is_off(portal: Caller, old: str, new: str | None) -> None:
    id = await portal.product("X-1", status=old)
    sent = [{"id": id, "status": [{"value": new}]}]
    said = await portal.refused(409, "PATCH", PRODUCTS, json=sent)
    assert said == f"Transition {old} -> {new or 'none'} not allowed"
    await portal.options(status_rule=False)
    await portal.ok("PATCH", PRODUCTS, json=sent)
