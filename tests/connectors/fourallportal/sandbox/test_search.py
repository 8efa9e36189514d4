"""Listing and finding objects."""

import pytest

from .caller import COFFEE_MAKER, FOLDERS, PRODUCTS, Caller, value


async def test_a_search_answers_the_fields_asked_for_of_what_matches(portal: Caller) -> None:
    query = "article_number LIKE 'AB-%' AND status = 'approved'"
    path = f"{PRODUCTS}?fields=article_number&fields=name,status&offset=0&limit=2&count=2&totalCount=true&sort=mod_time,desc"
    found = await portal.ok("GET", path, params={"query": query})
    assert found["total_count"] == 1
    (one,) = found["result"]
    assert one.keys() == {
        *("id", "module", "type", "mod_time", "mod_time_img", "has_child"),
        *("article_number", "name", "status"),
    }
    assert one["id"] == COFFEE_MAKER
    assert one["has_child"] == [{"value": False}]
    assert {"value": "Coffee maker", "dimensions": {"channel": "webshop", "locale": "en_US"}} in one["name"]


async def test_without_fields_all_that_have_a_value_come(portal: Caller) -> None:
    id = await portal.product("X-1", price=5)
    found = await portal.ok("GET", f"{PRODUCTS}/{id}")
    assert found.keys() - {"id", "module", "type", "mod_time", "mod_time_img", "has_child"} == {
        "article_number",
        "price",
    }


async def test_stamps_come_only_when_asked_for_and_unknown_fields_never(portal: Caller) -> None:
    found = await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}?fields=created_by,mod_by,created_time,no_such_field")
    assert value(found, "created_by") == "u-1"
    assert value(found, "created_time").endswith("Z")
    assert "no_such_field" not in found


async def test_the_total_comes_only_when_asked_for(portal: Caller) -> None:
    assert (await portal.ok("GET", PRODUCTS)).keys() == {"result"}
    assert (await portal.ok("GET", f"{PRODUCTS}?totalCount=true&limit=1"))["total_count"] == 37


async def test_pages_hold_every_object_once_newest_first(portal: Caller) -> None:
    pages = [await portal.ok("GET", f"{PRODUCTS}?limit=10&offset={offset}") for offset in range(0, 50, 10)]
    records = [one for page in pages for one in page["result"]]
    assert [len(page["result"]) for page in pages] == [10, 10, 10, 7, 0]
    assert len({one["id"] for one in records}) == 37
    assert records == sorted(records, key=lambda one: one["mod_time"], reverse=True)


@pytest.mark.parametrize("name", ["limit", "count"])
async def test_either_name_of_the_page_size_is_honoured(portal: Caller, name: str) -> None:
    assert len((await portal.ok("GET", f"{PRODUCTS}?{name}=3"))["result"]) == 3


async def test_sorting_by_a_field_puts_objects_without_it_last(portal: Caller) -> None:
    bare = await portal.product("X-1")
    cheap = await portal.product("X-2", price=-1)
    up = await portal.find("", sort="price,asc")
    down = await portal.find("", sort="price,desc")
    assert (up[0]["id"], up[-1]["id"]) == (cheap, bare)
    assert (down[-2]["id"], down[-1]["id"]) == (cheap, bare)


async def test_several_sort_keys_decide_one_after_the_other(portal: Caller) -> None:
    path = f"{PRODUCTS}?limit=250&sort=status,desc&sort=article_number"
    found = (await portal.ok("GET", path, params={"query": "article_number LIKE 'P-%'"}))["result"]
    keys = [(value(one, "status"), value(one, "article_number")) for one in found]
    assert keys == sorted(sorted(keys, key=lambda key: key[1]), key=lambda key: key[0], reverse=True)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("article_number = 'P-0007'", {"P-0007"}),
        ("article_number IN ('P-0007', 'AB-100', 'gone')", {"P-0007", "AB-100"}),
        (
            "article_number LIKE 'p-000_' AND article_number NOT IN ('P-0001','P-0002')",
            {f"P-000{n}" for n in range(3, 10)},
        ),
        ("article_number = 'P-0001' OR article_number = 'P-0002' AND status = 'nothing like it'", {"P-0001"}),
        ("(article_number = 'P-0001' OR article_number = 'P-0002') AND tags = 'new'", {"P-0001"}),
        ("name = 'Coffee maker'", {"AB-100"}),
        ("name LIKE '%maschine'", {"AB-100"}),
        ("weight > 2400", {"AB-100"}),
        ("main_image IS NOT NULL", {"AB-100"}),
        ("launch_date = '2025-12-01' AND NOT tags = 'new'", set()),
        ("launch_date = '2025-12-01T00:00:00Z' AND tags = 'new'", {"P-0011", "P-0023", "P-0035"}),
        ("launch_date >= '2025-12-01T01:00:00+01:00' and tags = 'new'", {"P-0011", "P-0023", "P-0035"}),
        (f"id = '{COFFEE_MAKER}'", {"AB-100"}),
        ("id = '00000000-0000-0000-0000-000000000000'", set()),
    ],
)
async def test_conditions_find(portal: Caller, query: str, numbers: set[str]) -> None:
    assert await portal.numbers(query) == numbers


async def test_quotes_in_texts_are_doubled(portal: Caller) -> None:
    await portal.product("O'Neill")
    assert await portal.numbers("article_number = 'O''Neill'") == {"O'Neill"}


async def test_lists_and_links_match_by_any_entry(portal: Caller) -> None:
    images = [one["id"] for one in await portal.find("", module="file", sort="name,asc")][:2]
    await portal.product("X-1", images=images, tags=["red", "blue"])
    assert await portal.numbers(f"images = '{images[1]}' AND tags = 'blue'") == {"X-1"}


async def test_times_are_compared_as_instants(portal: Caller) -> None:
    changed = (await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}"))["mod_time"]
    shifted = changed.replace("Z", "+00:00")
    assert "AB-100" in await portal.numbers(f"mod_time = '{shifted}'")
    assert "AB-100" not in await portal.numbers(f"mod_time > '{changed}'")


async def test_folders_are_found_by_where_they_lie(portal: Caller) -> None:
    (folder,) = await portal.find("path = 'Data/Uploads'", module="folder")
    assert value(folder, "upload_allowed") is True
    assert {value(one, "parent_path") for one in await portal.find("parent_path LIKE 'Data/%'", module="file")} == {
        "Data/Uploads"
    }


async def test_a_folder_with_something_in_it_has_a_child(portal: Caller) -> None:
    found = {value(one, "path"): value(one, "has_child") for one in (await portal.ok("GET", FOLDERS))["result"]}
    assert found == {"Data": True, "Data/Uploads": True, "Data/Archive": False}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("colour = 'red'", "Unknown field 'colour'"),
        ("price = 'cheap'", "'price' needs a number"),
        ("price = TRUE", "'price' needs a number"),
        ("publish_webshop = 1", "needs TRUE or FALSE"),
        ("publish_webshop > FALSE", "boolean and knows = and != only"),
        ("launch_date > 'soon'", "ISO date"),
        ("price LIKE '1%'", "LIKE needs a text field"),
        ("article_number LIKE 5", "expected a text in single quotes"),
        ("article_number = AB", "expected a text in single quotes, a number"),
        ("article_number = 'AB", "cannot read"),
        ("article_number == 'AB'", "found '='"),
        ("article_number <> 'AB'", "found '>'"),
        ("article_number", "expected a comparison"),
        ("article_number IN ()", "found ')'"),
        ("article_number IN 'a'", "expected '('"),
        ("article_number IS 'a'", "expected NULL"),
        ("(price > 1", "expected ')'"),
        ("price > 1 price < 5", "expected AND, OR or the end"),
        ("AND price > 1", "expected a field name"),
        ("price > 1 AND", "found 'end of query'"),
        ("price NOT 5", "expected LIKE or IN"),
        ("price > 1; DROP TABLE objects", "cannot read ';"),
        ("(" * 500 + "price > 1" + ")" * 500, "nested deeper"),
        ("NOT " * 5000 + "price > 1", "nested deeper"),
    ],
)
async def test_a_condition_that_makes_no_sense_is_refused_with_the_reason(
    portal: Caller, query: str, said: str
) -> None:
    assert said in await portal.refused(400, "GET", PRODUCTS, params={"query": query})


@pytest.mark.parametrize(
    "parameters", ["limit=ten", "offset=-1", "sort=colour,asc", "sort=price,upwards", "count=1.5", f"offset={'9' * 40}"]
)
async def test_paging_that_makes_no_sense_is_refused(portal: Caller, parameters: str) -> None:
    await portal.refused(400, "GET", f"{PRODUCTS}?{parameters}")


async def test_unknown_parameters_are_ignored(portal: Caller) -> None:
    assert len((await portal.ok("GET", f"{PRODUCTS}?search=nothing&limit=5"))["result"]) == 5


async def test_an_unknown_object_is_not_found(portal: Caller) -> None:
    assert await portal.refused(404, "GET", f"{PRODUCTS}/missing") == "Object not found"
