"""What a portal tells of itself."""

from .caller import Caller


async def test_health_needs_no_key(portal: Caller) -> None:
    answer = await portal("GET", "/health", key=None)
    assert (answer.status, answer.json) == (200, {"status": "UP"})


async def test_every_route_of_the_contract_is_served(portal: Caller) -> None:
    found = await portal.ok("GET", "/__sandbox/coverage")
    assert found["missing"] == []
    assert len(found["contract"]) == 20


async def test_modules_are_listed_without_fields(portal: Caller) -> None:
    modules = await portal.ok("GET", "/api/modules")
    assert [one["name"] for one in modules] == ["folder", "file", "product"]
    assert all("fields" not in one for one in modules)


async def test_fields_come_with_their_group_only(portal: Caller) -> None:
    bare = await portal.ok("GET", "/api/modules/product")
    full = await portal.ok("GET", "/api/modules/product?groups=fields")
    assert "fields" not in bare
    fields = {one["name"]: one for one in full["fields"]}
    assert fields["name"]["dimensions"] == ["channel", "locale"]
    assert fields["status"]["valueOptionKey"] == "product_status"
    assert fields["weight"]["metric"] == {"name": "weight", "defaultUnit": "kg"}
    assert fields["images"] == {
        "name": "images",
        "type": "CEExternalIdList",
        "audit": True,
        "label": "Images",
        "info": "",
        "modules": ["file"],
    }


async def test_read_only_fields_are_not_audited(portal: Caller) -> None:
    fields = (await portal.ok("GET", "/api/modules/file?groups=fields"))["fields"]
    unaudited = {one["name"] for one in fields if not one["audit"]}
    assert unaudited == {"parent_path", "mimetype", "file_size", "width", "height"}


async def test_an_unknown_module_is_not_found(portal: Caller) -> None:
    assert "Module 'mam'" in await portal.refused(404, "GET", "/api/modules/mam?groups=fields")


async def test_value_options_hold_the_keys_of_a_list(portal: Caller) -> None:
    options = await portal.ok("GET", "/api/system/value-options?ids=product_status&ids=no_such_list")
    assert options.keys() == {"product_status"}
    keys = [one["key"] for one in options["product_status"]["items"]]
    assert keys == ["draft", "in_review", "approved", "rejected", "archived"]


async def test_value_options_tell_who_references_a_module(portal: Caller) -> None:
    options = await portal.ok("GET", "/api/system/value-options?ids=file.referenced_by")
    links = [{"key": key, "icon": "V-FIELD_LINK"} for key in ("product_images", "product_main_image")]
    assert options == {"file.referenced_by": {"groups": [{"key": "product", "items": links}]}}


async def test_value_options_want_ids(portal: Caller) -> None:
    answer = await portal("GET", "/api/system/value-options")
    assert (answer.status, answer.json["code"]) == (400, 1)
