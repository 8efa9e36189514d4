"""Assets that are pictures."""

import io
from typing import Any

from PIL import Image
from tests.api.place import V1, Answer, Place
from tests.world import FLOW, MARKETS, until


def png(color: str, size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


async def picture(place: Place, name: str, content: bytes, *, released: bool = True) -> str:
    """An asset whose file is a picture; released it is delivered. Answers its id."""
    celum = place.world.celum
    handle = await celum.upload(content, f"{name}.png")
    sku = [{"id": 643, "type": "TEXT", "value": "SEED-1"}]
    body = {
        "name": name,
        "parentId": celum.folder,
        "typeId": 2201,
        "uploadHandle": handle,
        "informationFieldValues": sku,
    }
    made = await celum.call("POST", "assets", body)
    await celum.act("set_rights", id=made["id"], cleared=True, regions=list(MARKETS))
    if released:
        await celum.act("release", id=made["id"])
    return str(made["id"])


async def looked_at(place: Place, key: str, outcome: str) -> dict[str, Any]:
    """Have an item looked at; how it stands then. What the flow's own poll wrote first is found unchanged by the look."""
    outcomes = {outcome, "unchanged"} if outcome == "written" else {outcome}
    await place.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)

    async def there() -> Any:
        answer = await place.api.call("GET", f"{V1}/items/{FLOW}/{key}")
        return answer.body if answer.status == 200 and answer.body["outcome"] in outcomes else None

    found: dict[str, Any] = await until(there)
    return found


async def shown(place: Place, key: str, of: str = "thumbnail", **more: Any) -> Answer:
    return await place.api.call("GET", f"{V1}/items/{FLOW}/{key}/{of}", **more)


def color_of(answer: Answer) -> tuple[int, ...]:
    with Image.open(io.BytesIO(answer.raw)) as opened:
        found = opened.convert("RGB").getpixel((opened.width // 2, opened.height // 2))
    assert isinstance(found, tuple)
    return tuple(found)


def size_of(answer: Answer) -> tuple[int, int]:
    with Image.open(io.BytesIO(answer.raw)) as opened:
        return opened.size
