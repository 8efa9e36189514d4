"""The door of webhooks: what it takes, what it refuses, and that 202 means stored."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import pytest
from tests.api.place import Place
from tests.world import DAM

from lockgate.ledger import inbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def post(place: Place, body: bytes, **headers: str) -> int:
    path = await place.app.connections.hook_path(DAM)
    return (await place.api.raw("POST", path, data=body, headers=headers)).status


async def signed(place: Place, body: bytes) -> int:
    secret = await place.app.connections.hook_secret(DAM)
    proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return await post(place, body, **{"x-celum-signature": f"sha256={proof}"})


def about(asset: int) -> bytes:
    return json.dumps({"type": "ASSET_UPDATED", "entity": {"id": asset}, "updatedFields": ["name"]}).encode()


async def test_what_is_acknowledged_is_in_the_inbox_each_item_once(place: Place) -> None:
    bodies = [about(900_000 + n % 20) for n in range(60)]
    assert set(await asyncio.gather(*(signed(place, body) for body in bodies))) == {202}
    counted = await place.app.ledger.read(inbox.counts)
    assert sum(sum(lanes.values()) for lanes in counted.values()) == 20


async def test_a_wrong_signature_is_refused_in_words(place: Place) -> None:
    path = await place.app.connections.hook_path(DAM)
    answer = await place.api.raw("POST", path, data=about(1), headers={"x-celum-signature": "sha256=00"})
    assert answer.status == 400
    assert answer.raw.decode().endswith(".")


async def test_only_posts_to_the_whole_address_are_heard(place: Place) -> None:
    path = await place.app.connections.hook_path(DAM)
    assert (await place.api.raw("GET", path)).status == 405
    assert (await place.api.raw("POST", "/hooks/dam")).status == 404
    assert (await place.api.raw("POST", "/hooks/nobody/secret")).status == 404
    assert (await place.api.raw("POST", path[:-1])).status == 404


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(17):
        yield b"x" * (64 * 1024)


async def test_a_body_too_long_for_a_webhook_is_not_taken(place: Place) -> None:
    path = await place.app.connections.hook_path(DAM)
    assert (await place.api.raw("POST", path, data=pieces())).status == 413
