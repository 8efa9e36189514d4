"""A tenant filled from real files: the demo."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lockgate.kit.sandbox import Content, SeedOptions
from lockgate.kit.seed import SeedAsset, Shares, assign

from .conftest import Start
from .installation import Celum

NOW = datetime.now(UTC)


def found(path: Path, **more: Any) -> SeedAsset:
    """A file as the seeder found it, with what its fate made of it."""
    base = {
        "path": path,
        "filename": path.name,
        "media_type": "image/jpeg",
        "size": path.stat().st_size,
        "sha256": "0" * 64,
    }
    return SeedAsset(**{**base, "category": "image", "title": {"de": "Motiv", "en": "Motif"}, **more})


@pytest.fixture
def file(tmp_path: Path, picture: bytes) -> Path:
    path = tmp_path / "packshot 1.jpg"
    path.write_bytes(picture)
    return path


async def filled(start: Start, *assets: SeedAsset) -> Celum:
    celum = await start()
    celum.sandbox.state.clear()
    made = await celum.sandbox.seed_content(Content(assets=list(assets), products=[]), SeedOptions())
    assert made["assets"] == len(assets)
    return celum


async def test_a_file_becomes_an_asset_with_all_it_states(start: Start, file: Path, picture: bytes) -> None:
    source = found(
        file,
        description={"und": "A can"},
        keywords=["winter", "Winter", "red"],
        campaigns=["Launch"],
        languages=["de"],
        creator="A. Graph",
        credit="Photo: A. Graph",
        copyright="© Agency",
        usage_terms="Web only",
        rights_from=date(2026, 1, 1),
        rights_until=datetime(2026, 6, 30, 22, tzinfo=UTC),
        gtin="4006381333931",
        cleared=True,
        regions=["DE", "AT", "CH", "WORLD"],
    )
    celum = await filled(start, source)
    (asset,) = (await celum.get("/assets"))["content"]
    assert (asset["name"], asset["typeId"], asset["releaseStatus"]) == ("Motif", 2201, "RELEASED")
    assert asset["availability"] == {"type": "DIRECT", "available": True}
    assert asset["currentVersion"]["previewState"] == "SUCCEEDED"
    values = await celum.values(asset["id"])
    names = {id: [one["name"] for one in values.pop(id)] for id in (660, 670, 709, 710)}
    assert values == {
        644: {"de": "Motiv", "en": "Motif"},
        646: {"en": "A can"},
        653: True,
        701: "4006381333931",
        704: "2026-01-01T00:00:00.000Z",
        705: "2026-06-30T22:00:00.000Z",
        706: "Web only",
        707: "© Agency",
        708: "Photo: A. Graph",
        712: "A. Graph",
    }
    assert [name["en"] for name in names[660]] == ["Germany", "Austria", "Switzerland", "WORLD"]
    assert (names[670], names[709], names[710]) == (["winter", "red"], ["Launch"], ["de"])
    link = await celum.get(f"/assets/{asset['id']}/download?downloadFormatId=1")
    assert (link["filename"], (await celum.send("GET", link["url"])).body) == ("packshot 1.jpg", picture)


async def test_fates_show_as_celum_would_show_them(start: Start, file: Path) -> None:
    window = {"available_from": NOW + timedelta(days=9)}
    celum = await filled(
        start,
        found(file, fate="draft", sku="A", title={}),
        found(file, fate="in_review", family="F"),
        found(file, fate="expired", available_until=NOW - timedelta(days=9)),
        found(file, fate="not_yet", **window),
        found(file, fate="no_rights", cleared=None),
    )
    shown = (await celum.get("/assets"))["content"]
    assert [asset["releaseStatus"] for asset in shown] == [
        "UNRELEASED",
        "UNRELEASED",
        "RELEASED",
        "RELEASED",
        "RELEASED",
    ]
    assert [asset["availability"]["type"] for asset in shown] == ["DIRECT", "DIRECT", "DATED", "DATED", "DIRECT"]
    assert await celum.found({"type": "ASSET_AVAILABILITY", "active": False}) == [shown[2]["id"], shown[3]["id"]]
    values = [await celum.values(asset["id"]) for asset in shown]
    assert (shown[0]["name"], values[0]) == ("packshot 1", {643: "A"})
    assert values[1][702] == "F"
    assert not values[4].keys() & {653, 660, 706}


async def test_the_tenant_of_content_knows_rights_and_nothing_of_the_default_seed(start: Start, file: Path) -> None:
    celum = await filled(start, found(file))
    kind = await celum.get("/asset-types/2201")
    assert [group["name"] for group in kind["informationFieldSets"]] == ["general", "rights"]
    rights = {
        field["id"]: (field["type"], field["name"]) for field in kind["informationFieldSets"][1]["informationFields"]
    }
    assert rights == {
        701: ("TEXT", "gtin"),
        702: ("TEXT", "product-family"),
        703: ("TAG_REFERENCE", "channels"),
        704: ("DATE", "license-from"),
        705: ("DATE", "license-until"),
        706: ("TEXT_AREA", "usage-terms"),
        707: ("TEXT", "copyright"),
        708: ("TEXT", "credit-line"),
        709: ("TAG_REFERENCE", "campaign"),
        710: ("TAG_REFERENCE", "languages"),
        711: ("COLLECTION_REFERENCE", "restricted-regions"),
        712: ("TEXT", "creator"),
    }
    first = await celum.create(typeId=2201, parentId=4700)
    assert first["id"] > (await celum.get("/assets"))["content"][0]["id"]
    regions = (await celum.get("/collections?parentId=500"))["content"]
    assert {"Germany", "United States", "WORLD"} <= {node["name"]["en"] for node in regions}
    await celum.act(
        "set_rights", id=first["id"], restricted_regions=["US"], license_until="2026-12-31", credit_line="me"
    )
    values = await celum.values(first["id"])
    assert (values[711][0]["name"]["en"], values[705], values[708]) == (
        "United States",
        "2026-12-31T00:00:00.000Z",
        "me",
    )


async def test_a_folder_is_seeded_and_reset_over_the_control_api(start: Start, file: Path) -> None:
    celum = await start()
    await celum.control("POST", "seed", {"content": str(file.parent), "options": {"assets": 300}})
    assert (await celum.get("/assets"))["totalElements"] == 300
    shown = [asset for page in (1, 2) for asset in (await celum.get(f"/assets?size=200&page={page}"))["content"]]
    first = shown[0]["id"]
    await celum.good("DELETE", f"/assets/{first}")
    assert (await celum.send("POST", f"{celum.url}/__sandbox/reset")).status == 204
    again = await celum.get("/assets")
    assert (again["totalElements"], again["content"][0]["id"]) == (300, first)
    manifest = await celum.control("GET", "manifest")
    assert (manifest["made"]["assets"], manifest["made"]["files"]) == (300, 1)
    drafts = Counter(asset["releaseStatus"] for asset in shown)["UNRELEASED"]
    assert drafts == manifest["expected"]["blocked"]["approved.no"]


async def test_the_usual_searches_do_not_read_all_assets(start: Start, file: Path) -> None:
    """Counted in steps of the database, which do not depend on how busy the machine is."""
    few = assign(Content(assets=[found(file)], products=[]), seed=1, shares=Shares(), now=NOW, assets=10_000)
    celum = await filled(start, *few.assets)
    latest = (await celum.search({"type": "ASSET_ID_RANGE", "from": 0}, sorting=[{"field": "id", "order": "DESC"}]))[
        "content"
    ]
    since = latest[50]["modification"]["date"]
    for filter in (
        {"type": "ASSET_ID", "values": [asset["id"] for asset in latest]},
        {"type": "ASSET_ID_RANGE", "from": latest[-1]["id"]},
        {"type": "ASSET_MODIFICATION_DATE_RANGE", "from": since},
        {"type": "ASSET_CREATION_DATE_RANGE", "from": since},
        {"type": "ASSET_VERSIONED_DATE_RANGE", "from": since},
        {"type": "ASSET_CHECKSUM", "values": ["none"]},
    ):
        steps = 0  # a thousand each

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        celum.sandbox.state.db.set_progress_handler(count, 1000)
        await celum.search(filter)
        celum.sandbox.state.db.set_progress_handler(None, 0)
        assert steps < 20, filter
