"""Whatever is sent, CELUM answers in its own form; and what it holds outlives a restart."""

import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from lockgate.connectors.celum.sandbox import CelumSandbox
from lockgate.connectors.celum.sandbox.asset_filters import ASSET_FILTERS
from lockgate.kit.sandbox import SandboxConfig, serving

from .installation import API, CAMPAIGNS, HERO, SECOND, Celum

ODDITIES: tuple[Any, ...] = (
    None, "", "x", "\u0000", "ü" * 500, 0, -1, 2**63, 10**40, 1.5, -1e300, True, False, [], [None], ["x"], [1], [[]], {},
    {"op": "SET"}, {"op": "SET", "value": None}, {"op": "MODIFY", "add": "x"}, {"op": "CLEAR"}, {"type": "DATED", "to": []},
    {"en": 1}, {"en": "x"}, "2026-13-45", "9999-12-31T23:59:59-14:00", -(10**18),
)  # fmt: skip
MEMBERS = (
    "name", "parentId", "typeId", "uploadHandle", "informationFieldValues", "availability", "parentIds", "lock", "icon",
    "currentVersion", "externalReferences", "alternativePreview", "filename", "filesize", "items", "relationTypeId",
    "sourceAssetId", "targetAssetId", "validationLevel", "validationLevelInherited", "pagination", "sorting", "inclusions",
)  # fmt: skip
FILTER_MEMBERS = (
    "values",
    "value",
    "from",
    "to",
    "text",
    "searchType",
    "recursive",
    "active",
    "locale",
    "name",
    "filters",
    "filter",
)
FIELDS = (
    (643, "TEXT"), (644, "LOCALIZED_TEXT"), (650, "DROPDOWN"), (651, "NUMBER"), (652, "DOUBLE"), (653, "BOOLEAN"),
    (660, "COLLECTION_REFERENCE"), (670, "TAG_REFERENCE"), (680, "DATE"),
)  # fmt: skip
PATHS = (
    "POST /assets", f"PATCH /assets/{HERO}", f"POST /assets/{HERO}/versions", "POST /upload", "POST /jobs", "POST /relations",
    "POST /collections", f"PATCH /collections/{CAMPAIGNS}", "POST /collections/search",
)  # fmt: skip


def body(chance: random.Random) -> dict[str, Any]:
    """A body with a few members, each of them something odd."""
    made = {chance.choice(MEMBERS): chance.choice(ODDITIES) for _ in range(3)}
    id, type = chance.choice(FIELDS)
    value = chance.choice(
        ({"op": chance.choice(("SET", "MODIFY")), "value": chance.choice(ODDITIES)}, chance.choice(ODDITIES))
    )
    values = [{"id": id, "type": type, "value": value}]
    return made | chance.choice(
        ({}, {"informationFieldValues": values}, {"type": "DOWNLOAD", "parentId": CAMPAIGNS, "typeId": 2200})
    )


def filter_(chance: random.Random) -> dict[str, Any]:
    made = {chance.choice(FILTER_MEMBERS): chance.choice(ODDITIES) for _ in range(3)}
    return {"type": chance.choice(sorted(ASSET_FILTERS)), "informationFieldId": chance.choice(FIELDS)[0], **made}


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_that_is_sent_makes_it_stumble(celum: Celum, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (to be repeated)
    for _ in range(150):
        method, _, path = chance.choice(PATHS).partition(" ")
        sent: dict[str, Any] = body(chance)
        answer = await celum.call(method, path, sent)
        assert answer.status in {200, 201, 400, 403}, (method, path, sent)
        sent = {"filter": filter_(chance), "sorting": [], "pagination": {"size": 1}}
        answer = await celum.call("POST", "/assets/search", sent)
        assert answer.status in {200, 400, 403}, sent
    assert (await celum.call("GET", f"/assets/{SECOND}")).status == 200


async def test_odd_bodies_and_queries_are_refused(celum: Celum) -> None:
    headers = {"X-API-KEY": "demo-key"}
    for data in (b"[" * 100_000, b'{"filter":' * 5_000, b'{"filter": {"type": "\\ud800"}}', b"\xff\xfe"):
        refused = await celum.send("POST", f"{celum.url}{API}/assets/search", data=data, headers=headers)
        assert (refused.status, refused.body["code"]) == (400, "BAD_REQUEST")
    for query in (
        "page=99999999999999999999",
        "page=999999999999999999&size=200",
        "sort=,",
        "informationFields=x",
        "parentId=",
    ):
        assert (await celum.call("GET", f"/assets?{query}")).status in {200, 400}, query


async def test_all_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async def once() -> CelumSandbox:
        return CelumSandbox(SandboxConfig(state=tmp_path, options={"preview_seconds": 0}))

    async with serving(sandbox := await once()) as url, aiohttp.ClientSession() as http:
        celum = Celum(sandbox, url, http)
        node = await celum.good("POST", "/collections", {"name": {"en": "2026"}, "parentId": CAMPAIGNS})
        asset = await celum.create(parentId=node["id"], uploadHandle=await celum.upload(b"kept", "kept.txt"))
        link = await celum.get(f"/assets/{asset['id']}/download?downloadFormatId=1")
    async with serving(sandbox := await once()) as url, aiohttp.ClientSession() as http:
        celum = Celum(sandbox, url, http)
        assert (await celum.asset(asset["id"]))["parentIds"] == [node["id"]]
        token = link["url"].rpartition("/")[2]
        assert (await celum.send("GET", f"{url}/__files/download/{token}")).body == b"kept"
        assert (await celum.create())["id"] > asset["id"]
