"""A tenant filled from files: the proposed profile alone must tell every fate an asset was given."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from PIL import Image

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.profile import Profile, accept, propose
from lockgate.kit.sandbox import SandboxConfig, serving
from lockgate.kit.sandbox.registry import load
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Use, decide_all

Connect = Callable[..., AbstractAsyncContextManager[Celum]]
KEY = "key-of-the-sandbox"
MARKETS = [Use(territory=market, channel="pim") for market in ("DE", "AT", "CH")]

SEEN_AS = {
    "deliver": "open",
    "unknown_product": "open",
    "draft": "not approved",
    "in_review": "not approved",
    "expired": "over",
    "not_yet": "not begun",
    "region_restricted": "rights.territory",
    "no_rights": "rights.unknown",
}
"""What a gate finds first, by the fate an asset was given."""


GERMAN = {
    643: ("artnr", "Art.-Nr."),
    644: ("bildtext", "Bildunterschrift"),
    646: ("beschr_lang", "Beschreibung (lang)"),
    653: ("rechte_ok", "Nutzungsrechte geklärt"),
    660: ("verwendung_land", "Verwendungsländer"),
    670: ("schlagw", "Schlagwörter"),
    701: ("ean_code", "EAN-Code"),
    702: ("prodlinie", "Produktlinie"),
    703: ("nutz_kanal", "Nutzungskanäle"),
    704: ("liz_von", "Lizenzbeginn"),
    705: ("liz_bis", "Lizenz gültig bis"),
    706: ("nutzbed", "Nutzungsbedingungen"),
    707: ("urheber", "Copyright-Vermerk"),
    708: ("fotonachw", "Fotonachweis"),
    709: ("kampagne_akt", "Kampagne"),
    710: ("spr", "Sprachversion"),
    711: ("ausg_land", "Ausgeschlossene Länder"),
    712: ("fotograf", "Fotograf/in"),
}
"""The same tenant as a German administrator might have named its fields."""


@pytest.fixture(params=[{}, GERMAN], ids=["English", "German"])
async def filled(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A sandbox filled with 200 assets made of two files, and what each of them was to become."""
    folder = tmp_path / "content"
    folder.mkdir()
    for name, colour in (("larch", "green"), ("birch", "white")):
        Image.new("RGB", (24, 16), colour).save(folder / f"{name}.png")
    (folder / "products.csv").write_text("sku,name,gtin\nSKU-1,Larch,4006381333931\nSKU-2,Birch,\n")
    config = SandboxConfig(key=KEY, content=folder, assets=200)
    async with serving(load("celum")(config)) as url, aiohttp.ClientSession() as session:
        for id, (name, label) in request.param.items():
            told = {"id": id, "name": name, "label": label, "language": "de"}
            async with session.post(f"{url}/__sandbox/actions/rename_field", json=told) as answer:
                assert answer.ok, await answer.read()
        async with session.get(f"{url}/__sandbox/manifest?assigned=true") as answer:
            manifest = msgspec.json.decode(await answer.read())
        yield url, manifest["assigned"]


async def proposed(connect: Connect, url: str) -> Profile:
    async with connect(site=url) as dam:
        schema = await dam.schema()
    return accept(schema, propose(schema, Celum.hints), by="a person", at=datetime.now(UTC), zone="Europe/Berlin")


def first_closed(item: Item, at: datetime) -> str:
    if item.status is not Status.APPROVED:
        return "not approved"
    if not item.window.holds(at):
        return "over" if item.window.ended(at) else "not begun"
    verdict = decide_all(item.rights, MARKETS, at)
    return "open" if verdict.allows else verdict.code


async def test_every_fate_is_told_from_what_the_asset_states(
    filled: tuple[str, list[dict[str, Any]]], connect: Connect
) -> None:
    url, assigned = filled
    now = datetime.now(UTC)
    async with connect(site=url, by=await proposed(connect, url)) as dam:
        ids = [ref.id async for page in dam.index("asset", None) for ref in page.records]
        items = {item.id: item for item in await dam.fetch("asset", ids)}
    assert {one["fate"] for one in assigned} == set(SEEN_AS)
    in_order = [items[id] for id in sorted(items, key=int)]
    found = [first_closed(item, now) for item in in_order]
    assert found == [SEEN_AS[one["fate"]] for one in assigned]


async def test_identifiers_and_digests_are_those_of_the_files(
    filled: tuple[str, list[dict[str, Any]]], connect: Connect
) -> None:
    url, assigned = filled
    async with connect(site=url, by=await proposed(connect, url)) as dam:
        ids = [ref.id async for page in dam.index("asset", None) for ref in page.records]
        items = sorted(await dam.fetch("asset", ids), key=lambda item: int(item.id))
    for item, one in zip(items, assigned, strict=True):
        stated = {kind: values[0].lstrip("0") for kind, values in item.identifiers.items()}
        assert stated == {kind: str(one[kind]).lstrip("0") for kind in ("sku", "gtin", "family") if one[kind]}
        original = item.rendition("original")
        assert original is not None
        assert original.filename == one["filename"]
        assert not item.missing
