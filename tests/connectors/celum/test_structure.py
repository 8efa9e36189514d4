"""Around the assets: who may do what at a collection, compound objects, relations between versions, usage at many addresses."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.errors import NotFound, Rejected

Studio = Callable[..., AbstractAsyncContextManager[Celum]]
UPLOADS, CAMPAIGNS = "4700", "4711"
SHOP = "https://shop.example/p"


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_group_is_given_a_role_and_has_it_below(studio: Studio) -> None:
    async with studio() as dam:
        (given,) = await dam.assign(UPLOADS, "70", "group", ["60"])
        (below,) = await dam.assignments(CAMPAIGNS)
        with pytest.raises(Rejected, match=f"Marketing has the role from a collection above {CAMPAIGNS}"):
            await dam.unassign(CAMPAIGNS, "70", "group", ["60"])
        left = await dam.unassign(UPLOADS, "70", "group", ["60"])
    assert (given.role, given.role_names, given.subject, given.name, given.inherited) == (
        "70", {"en": "Editor"}, "group", "Marketing", False
    )  # fmt: skip
    assert (below.id, below.inherited, left) == ("60", True, [])


async def test_a_role_given_twice_is_held_once_beside_those_of_others(studio: Studio) -> None:
    async with studio() as dam:
        await dam.assign(UPLOADS, "70", "user", ["1"])
        for _ in range(2):
            both = await dam.assign(UPLOADS, "70", "user", ["12"])
        with pytest.raises(NotFound):
            await dam.assign(UPLOADS, "70", "user", ["99"])
    assert [(one.subject, one.name) for one in both] == [("user", "admin"), ("user", "svc-connector")]


# ── compound objects ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_set_is_made_of_a_collection_and_says_when_it_is_complete(tenant: Any, studio: Studio) -> None:
    kind = await tenant.control("POST", "actions/add_compound_type", {"key": "set", "name": "Set", "field": 660})
    async with studio() as dam:
        (listed,) = await dam.configured("compound-types")
        assert (await dam.configured_one("compound-types", "set")).id == listed.id == "set"
        home = await dam.create_collection({"en": "Larch set"}, UPLOADS)
        assert await dam.compound(home.id) is None
        made = await dam.make_compound(home.id, "set")
        waiting = await dam.require(home.id, str(kind["rule"]), add=["512", "513"])
        enough = await dam.require(home.id, str(kind["rule"]), remove=["512", "513"])
        found = await dam.compounds("set"), await dam.compounds("other"), await dam.compounds(parent=UPLOADS)
        await dam.unmake_compound(home.id)
        assert await dam.compound(home.id) is None
    assert (made.type, made.required, waiting.state) == ("set", {str(kind["rule"]): ()}, "IN_PROGRESS")
    assert (waiting.required, enough.state) == ({str(kind["rule"]): ("512", "513")}, "COMPLETE")
    assert found == ([home.id], [], [home.id])


async def test_an_unknown_compound_type_is_refused(studio: Studio) -> None:
    async with studio() as dam:
        with pytest.raises(NotFound):
            await dam.make_compound(UPLOADS, "no-such")


async def test_a_collection_gets_a_symbol_and_knows_where_it_stands(studio: Studio) -> None:
    async with studio() as dam:
        made = await dam.create_collection({"en": "With a symbol"}, CAMPAIGNS)
        changed = await dam.set_icon(made.id, "star")
        (item,) = await dam.fetch("collection", [made.id])
    assert (made.icon, changed.icon) == ("", "star")
    assert made.path == ("Marketing", "Campaigns")
    assert item.fields["path"] == "Marketing/Campaigns"


# ── relations between versions ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_relation_between_versions_says_when_it_is_outdated(tenant: Any, studio: Studio) -> None:
    master = await tenant.create("master", b"the first")
    variant = str((await tenant.create("variant", b"made of it"))["id"])
    id, first = str(master["id"]), str(master["currentVersion"]["id"])
    async with studio() as dam:
        made = await dam.relate(id, variant, "variant", source_version=first)
        handle = await tenant.upload(b"the second", "second.txt")
        newer = await tenant.call("POST", f"assets/{id}/versions", {"filename": "second.txt", "uploadHandle": handle})
        stale = await dam.relation(made.id)
        renewed = await dam.relate(id, variant, "variant", source_version=str(newer["id"]))
    assert (made.status, stale.status, renewed.status) == ("SYNCED", "OUTDATED", "SYNCED")
    assert renewed.id == made.id


async def test_a_relation_is_led_to_another_asset(tenant: Any, studio: Studio) -> None:
    master, old, new = [str((await tenant.create(name))["id"]) for name in ("master", "old", "new")]
    async with studio() as dam:
        made = await dam.relate(master, old, "variant", {"view": "front"})
        moved = await dam.retarget(made.id, target=new)
        assert await dam.relations(old) == []
    assert (moved.id, moved.source, moved.target, moved.fields) == (made.id, master, new, {"view": "front"})


# ── usage at many addresses ──────────────────────────────────────────────────────────────────────────────────────────


async def test_each_address_of_a_provider_is_said_and_taken_back_by_itself(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("everywhere"))["id"])
    async with studio() as dam:
        for number in (1, 2, 3, 2):
            await dam.mark_used(asset, f"{SHOP}/{number}", "shop")
        said = {one.url for one in await dam.usages(asset)}
        assert await dam.unmark_used(asset, f"{SHOP}/2", "shop")
        left = {one.url for one in await dam.usages(asset)}
    assert said == {f"{SHOP}/1", f"{SHOP}/2", f"{SHOP}/3"}
    assert left == {f"{SHOP}/1", f"{SHOP}/3"}


async def test_an_instance_that_is_named_has_one_address(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("moving"))["id"])
    async with studio() as dam:
        await dam.mark_used(asset, f"{SHOP}/old", "shop", instance="de")
        await dam.mark_used(asset, f"{SHOP}/new", "shop", instance="de")
        (only,) = await dam.usages(asset)
    assert (only.url, only.instance) == (f"{SHOP}/new", "de")
