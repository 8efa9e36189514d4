"""What tests of the engine ask again and again: how an item stands in the ledger, and how its copy stands in the portal."""

from collections.abc import Mapping

from tests.world import FLOW, World

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import deliveries, flows, intents, parked
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.parked import Parked

SLOW_ANSWER = {"kind": "slow", "bytes_per_second": 1}
"""The call is done at once; its answer takes for ever."""
DOWN = {"kind": "status", "status": 500}
UPLOAD = "POST /api/modules/file/objects"
CHANGE_FILES = "PATCH /api/modules/file/objects"
CHANGE_PRODUCTS = "PATCH /api/modules/product/objects"


async def row(app: Lockgate, key: str) -> Delivery:
    return (await app.ledger.read(lambda c: deliveries.get(c, FLOW, [key])))[key]


async def waiting(app: Lockgate) -> Mapping[str, Parked]:
    """What is parked, by item."""
    return {one.key: one for one in (await app.ledger.read(lambda c: parked.page(c, flow=FLOW, limit=1000))).rows}


async def nothing_waits(app: Lockgate) -> bool:
    return not await waiting(app)


async def in_doubt(app: Lockgate, *keys: str) -> bool:
    return bool(await app.ledger.read(lambda c: intents.get(c, FLOW, keys)))


async def hidden(scene: World, asset: str) -> bool:
    """The copy is there, may not be used, and is on no channel."""
    copy = await scene.portal.file(asset)
    return copy is not None and copy["status"] == "archived" and not copy.get("publish_webshop")


async def visible(scene: World, asset: str) -> bool:
    copy = await scene.portal.file(asset)
    return copy is not None and copy["status"] == "approved"


async def shows(scene: World, sku: str, *assets: str) -> bool:
    """The product shows the copies of exactly these assets, each once."""
    files = {str(one["ext_id"]): one["id"] for one in await scene.portal.files()}
    return sorted(await scene.portal.images(sku)) == sorted(files.get(f"dam:{asset}", "?") for asset in assets)


async def titled(scene: World, asset: str, title: str) -> bool:
    copy = await scene.portal.file(asset)
    return copy is not None and title in copy["title"].values()


async def reword(app: Lockgate, old: str, new: str) -> None:
    """Have the flow's recipe say something else, as a recipe of another release does."""
    known = await app.flows.row(FLOW)
    assert old in known.recipe
    values = {name: getattr(known, name) for name in flows.FlowRow.__struct_fields__}
    changed = flows.FlowRow(**{**values, "recipe": known.recipe.replace(old, new)})
    await app.ledger.write(lambda c: flows.put(c, changed))
    await app.take_up(FLOW)
