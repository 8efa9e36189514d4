"""Webhooks repeated, lost and out of order end in the same state as all of them in order would."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.engine.asking import hidden, shows, titled, visible
from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import deliveries
from lockgate.ledger.deliveries import Delivery

UNBORN = "999999"
"""An id that no asset has yet."""
EARLIEST = datetime.min.replace(tzinfo=UTC)

TROUBLE: dict[str, list[dict[str, Any]]] = {
    "repeated": [{"match": "webhook", "kind": "repeat"}],
    "out of order": [{"match": "webhook", "kind": "disorder", "probability": 0.5}],
    "late": [{"match": "webhook", "kind": "delay", "delay_ms": 150, "probability": 0.5}],
    "lost": [{"match": "webhook", "kind": "drop"}],
}


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_what_arrives_is_the_last_word_however_it_was_announced(small: World, trouble: str) -> None:
    assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1", released=False) for n in range(4)]
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        await small.celum.fault(*TROUBLE[trouble])
        for asset in assets:
            await small.celum.act("release", id=int(asset))
            await small.celum.call("PATCH", f"assets/{asset}", {"name": f"Renamed {asset}"})
            await small.celum.act("unrelease", id=int(asset))
        for asset in assets[:2]:
            await small.celum.act("release", id=int(asset))
        await small.celum.new_version(assets[0], b"second")
        await small.celum.fault()
        if trouble == "lost":
            await small.run(app)
        await until(lambda: titled(small, assets[0], f"Renamed {assets[0]}"))
        await until(lambda: visible(small, assets[1]))
        await until(lambda: shows(small, "SEED-1", *assets[:2]))
        await until(lambda: closed(small, assets[2:]))
        await until(lambda: holds(small, assets[0], b"second"))
        await until(app.working.idle)
        known = await app.ledger.read(lambda c: deliveries.get(c, FLOW, assets))
    assert [known[asset].held == "live" for asset in assets] == [True, True, False, False]


async def closed(scene: World, assets: list[str]) -> bool:
    return all([await scene.portal.file(asset) is None or await hidden(scene, asset) for asset in assets])


async def holds(scene: World, asset: str, content: bytes) -> bool:
    copy = await scene.portal.file(asset)
    return copy is not None and await scene.portal.content(copy["id"]) == content


async def test_many_announcements_of_one_asset_send_its_file_once(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1", released=False)
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        await small.celum.fault({"match": "webhook", "kind": "repeat"})
        await small.celum.act("release", id=int(asset))
        for number in range(6):
            await small.celum.call("PATCH", f"assets/{asset}", {"name": f"Name {number}"})
        await until(lambda: titled(small, asset, "Name 5"))
        await until(app.working.idle)
    assert await small.portal.calls("POST", "/api/modules/file/objects") == 1


async def test_an_asset_announced_before_it_can_be_read_is_asked_for_once_more(small: World) -> None:
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        announcement = {"type": "ASSET_CREATED", "entity": {"id": int(UNBORN)}}
        small.celum.sandbox.webhooks.emit("ASSET_CREATED", announcement)
        first = await until(lambda: looked_at(app, UNBORN))
        assert first.code == "gone"
        assert first.due is not None
        assert first.at < first.due <= first.at + timedelta(minutes=1)
        small.clock.ahead += timedelta(minutes=1)
        second = await until(lambda: looked_at(app, UNBORN, after=first.at))
    assert (second.code, second.due) == ("gone", None)


async def looked_at(app: Lockgate, key: str, after: datetime = EARLIEST) -> Delivery | None:
    known = (await app.ledger.read(lambda c: deliveries.get(c, FLOW, [key]))).get(key)
    return known if known is not None and known.at > after else None


async def test_a_deletion_nobody_announced_is_found_by_a_full_run(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        await small.celum.fault({"match": "webhook", "kind": "drop"})
        await small.celum.act("delete", id=int(asset))
        await small.run(app)
        await until(lambda: hidden(small, asset))
        await until(app.working.idle)
        again = await small.run(app)
        await until(app.working.idle)
    assert again.account.read == 0
