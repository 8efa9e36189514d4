"""Uploads in parts, single versions, series: wrong calls are refused in the vendor's words."""

import aiohttp

from .caller import CUSTOMERS, RM_CLASS, Caller


def part(content: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("part_content", content, filename="blob")
    return form


async def begun(ecm: Caller, size: int = 10) -> str:
    await ecm.switch(part_size=4)
    fields = {"file_name": "a.bin", "file_size": str(size), "mime_type": "application/octet-stream"}
    told = await ecm.ok("POST /v2/multipart", data=fields)
    assert (told["num_parts"], told["part_size"]) == (-(-size // 4), 4)
    return str(told["upload_key"])


async def test_parts_are_taken_once_in_any_order_and_only_as_announced(ecm: Caller) -> None:
    key = await begun(ecm)
    assert "must be between" in await ecm.refused(
        500, "POST /v2/multipart", data={"file_name": "a", "file_size": "0", "mime_type": "b"}
    )
    await ecm.ok(f"POST /v2/multipart/{key}/3", data=part(b"89"))
    again = await ecm.refused(500, f"POST /v2/multipart/{key}/3", data=part(b"89"))
    assert again == "Invalid BlockID: BlockID 3 has already been uploaded."
    assert "between 1 and 3" in await ecm.refused(500, f"POST /v2/multipart/{key}/4", data=part(b"x"))
    assert "not recognized" in await ecm.refused(400, f"POST /v2/multipart/{key}/1", data=part(b"too long"))
    assert "Cannot close" in await ecm.refused(500, f"POST /v2/multipart/{key}")
    for number, content in ((2, b"4567"), (1, b"0123")):
        await ecm.ok(f"POST /v2/multipart/{key}/{number}", data=part(content))
    await ecm.ok(f"POST /v2/multipart/{key}")
    fields = {"body": f'{{"type": 144, "name": "a.bin", "parent_id": {CUSTOMERS}}}', "upload_key": key}
    made = await ecm.results("POST /v2/nodes", data=fields)
    id = made["data"]["properties"]["id"]
    assert (await ecm(f"GET /v2/nodes/{id}/content")).body == b"0123456789"
    assert "UploadKey is invalid" in await ecm.refused(
        500, "POST /v2/nodes", data={**fields, "body": fields["body"].replace("a.bin", "b.bin")}
    )


async def test_an_upload_belongs_to_who_began_it_until_it_is_cancelled(ecm: Caller) -> None:
    key = await begun(ecm)
    assert "do not have permission" in await ecm.refused(
        500, f"POST /v2/multipart/{key}/1", data=part(b"0123"), user="jdoe"
    )
    await ecm.ok(f"DELETE /v2/multipart/{key}")
    assert "UploadKey is invalid" in await ecm.refused(500, f"DELETE /v2/multipart/{key}")


async def test_versions_count_major_and_minor_where_that_is_switched_on(ecm: Caller) -> None:
    id = await ecm.document(CUSTOMERS)
    path = f"/v2/nodes/{id}/versions/1"
    assert "standard versioning" in await ecm.refused(500, f"POST {path}/promote")
    await ecm.ok(f"PUT /v2/nodes/{id}", {"versions_control_advanced": True})
    promoted = (await ecm.results(f"POST {path}/promote"))["data"]["versions"]
    assert (promoted["version_number_major"], promoted["version_number_name"]) == (1, "1.0")
    form = aiohttp.FormData()
    form.add_field("file", b"second", filename="b.txt")
    added = (await ecm.results(f"POST /v2/nodes/{id}/versions", data=form))["data"]["versions"]
    assert added["version_number_name"] == "1.1"
    assert "rendition_type" in await ecm.refused(400, f"GET {path}/renditions/content")
    assert "Unable to get node rendition" in await ecm.refused(500, f"GET {path}/renditions?rendition_type=pdf")


async def test_a_series_needs_a_record_of_that_class(ecm: Caller) -> None:
    id = await ecm.document(CUSTOMERS)
    path = f"/v1/nodes/{id}/rmclassifications/{RM_CLASS}/rsis"
    assert "assigning" in await ecm.refused(400, f"POST {path}", data={"rsi": "501"})
    await ecm.ok(f"POST /v1/nodes/{id}/rmclassifications", {"class_id": RM_CLASS})
    assert "removing" in await ecm.refused(400, f"DELETE {path}")
    await ecm.ok(f"POST {path}", data={"rsi": "501"})
    assert [one["rsi_name"] for one in (await ecm.ok(f"GET /v1/nodes/{id}/rsis"))["data"]] == ["7Y"]
