"""Assets made and changed in canonical words, as examples of recipes and demos do."""

from pathlib import Path
from typing import Any

import pytest

from .installation import Celum

CLEARED, REGIONS, RESTRICTED, SKU, UNTIL = 653, 660, 711, 643, 705
SAID: dict[str, Any] = {
    "title": "Kettle",
    "file": "kettle.jpg",
    "ids.sku": "4711",
    "status": "approved",
    "cleared": "true",
    "regions": ["DE", "AT"],
    "prohibited": "CH",
    "rights.until": "2031-01-01T00:00:00Z",
    "window.until": "2030-01-01T00:00:00+01:00",
    "keywords.subject": ["kettle"],
}


@pytest.fixture
async def tenant(celum: Celum, tmp_path: Path) -> Celum:
    """A tenant set up for content, with nothing in it."""
    await celum.control("POST", "seed", {"content": str(tmp_path)})
    return celum


def names(value: Any) -> list[str]:
    return [one["name"] if isinstance(one["name"], str) else one["name"]["en"] for one in value]


async def test_an_asset_is_made_with_all_that_is_said_of_it(tenant: Celum) -> None:
    made = await tenant.act("make_asset", **SAID)
    asset, values = await tenant.asset(made["id"]), await tenant.values(made["id"])
    assert (asset["name"], asset["releaseStatus"]) == ("Kettle", "RELEASED")
    assert asset["availability"] == {"type": "DATED", "to": "2029-12-31T23:00:00.000Z"}
    assert (values[SKU], values[CLEARED], values[UNTIL]) == ("4711", True, "2031-01-01T00:00:00.000Z")
    assert names(values[REGIONS]) == ["Germany", "Austria"]
    assert names(values[RESTRICTED]) == ["Switzerland"]
    assert names(values[670]) == ["kettle"]


async def test_what_is_not_said_of_a_new_asset_is_not_there(tenant: Celum) -> None:
    made = await tenant.act("make_asset", title="Bare")
    asset = await tenant.asset(made["id"])
    assert (asset["releaseStatus"], asset["availability"]) == ("UNRELEASED", {"type": "DIRECT", "available": True})
    assert await tenant.values(made["id"]) == {}


async def test_a_change_leaves_what_it_does_not_name_and_empties_what_is_null(tenant: Celum) -> None:
    id = (await tenant.act("make_asset", **SAID))["id"]
    await tenant.act(
        "change_asset", **{"id": id, "status": "draft", "cleared": None, "window.from": "2029-01-01T00:00:00Z"}
    )
    asset, values = await tenant.asset(id), await tenant.values(id)
    assert asset["releaseStatus"] == "UNRELEASED"
    assert asset["availability"] == {
        "type": "DATED",
        "from": "2029-01-01T00:00:00.000Z",
        "to": "2029-12-31T23:00:00.000Z",
    }
    assert CLEARED not in values
    assert values[SKU] == "4711"


async def test_another_version_is_another_file_and_the_same_one_the_same(tenant: Celum) -> None:
    id = (await tenant.act("make_asset", **SAID))["id"]
    files = [await checksum(tenant, id)]
    for number in (2, 1):
        await tenant.act("change_asset", id=id, version=number)
        files.append(await checksum(tenant, id))
    assert files[0] == files[2] != files[1]
    assert len((await tenant.get(f"/assets/{id}/versions"))["content"]) == 3


async def checksum(tenant: Celum, id: int) -> str:
    versions = (await tenant.get(f"/assets/{id}/versions"))["content"]
    return str(next(one["fileChecksum"] for one in versions if one["active"]))


async def test_a_removed_asset_is_gone(tenant: Celum) -> None:
    id = (await tenant.act("make_asset", title="Short-lived"))["id"]
    await tenant.act("remove_asset", id=id)
    assert (await tenant.call("GET", f"/assets/{id}")).body["code"] == "ENTITY_NOT_ACCESSIBLE"


REFUSED = [
    ({"titel": "A"}, "not titel."),
    ({"title": "A", "cleared": "perhaps"}, "$.cleared"),
    ({"title": "A", "status": "archived"}, "An asset of CELUM is approved, draft, in_review, not archived."),
    ({"title": "A", "window.until": "2030-01-01T00:00:00"}, "timezone"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
async def test_what_cannot_be_said_is_refused_in_a_sentence(tenant: Celum, words: Any, sentence: str) -> None:
    answer = await tenant.send("POST", f"{tenant.url}/__sandbox/actions/make_asset", json=words)
    assert answer.status == 409
    assert sentence in answer.body["error"]


async def test_the_list_of_actions_tells_the_words(tenant: Celum) -> None:
    listed = {one["name"]: one["parameters"] for one in await tenant.control("GET", "actions")}
    assert {"title?", "ids.sku?", "window.until?"} <= set(listed["make_asset"])
    assert "id" in listed["change_asset"]
