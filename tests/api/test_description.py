"""The API's description: complete, sound, and true of every route."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.api.drawing import looked_at, picture, png, shown
from tests.api.place import V1, Api, Place
from tests.world import BINDING, CELUM_KEY, DAM, FLOW, PIM

pytestmark = pytest.mark.asyncio(loop_scope="module")


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


async def test_the_description_is_sound(watching: Place) -> None:
    document = watching.api.spec.document
    assert document["openapi"].startswith("3.1")
    assert all(watching.api.spec.resolved(ref) for ref in set(references(document)))
    names = [operation["operationId"] for operation in watching.api.spec.operations.values()]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in document["tags"]}
    assert {tag for operation in watching.api.spec.operations.values() for tag in operation["tags"]} == tags


async def test_every_route_says_what_it_is_for_and_how_it_fails(watching: Place) -> None:
    for route, operation in watching.api.spec.operations.items():
        assert operation["summary"], route
        default = operation["responses"]["default"]["content"]
        assert list(default) == ["application/json"], route
        assert default["application/json"]["schema"] == {"$ref": "#/components/schemas/Errors"}, route
        path_names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        assert all(f"{{{name}}}" in route[1] for name in path_names), route


async def test_the_docs_page_needs_nothing_from_another_site(watching: Place) -> None:
    page = (await watching.api.raw("GET", "/api/docs")).raw.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) >= 3
    for address in addresses:
        assert address.startswith("/api/docs/assets/")
        assert (await watching.api.raw("GET", address)).status == 200


async def test_the_examples_of_the_description_are_what_they_are_examples_of(watching: Place) -> None:
    schemas = watching.api.spec.document["components"]["schemas"]
    shown = {name: schema["examples"] for name, schema in schemas.items() if "examples" in schema}
    assert {"Errors", "FlowLine", "ItemView", "ParkedView", "PlanView", "RunView"} <= shown.keys()
    for name, examples in shown.items():
        assert [list(watching.api.spec.check(one, schemas[name])) for one in examples] == [[]], name


async def test_every_documented_route_answers_as_documented(watching: Place) -> None:
    """The client fails on any answer that is not as documented; here it meets every route there is."""
    api = watching.api
    await read_everything(api, watching)
    await change_everything(api, watching)
    assert set(api.spec.operations) - api.called == set()


async def read_everything(api: Api, place: Place) -> None:
    key = place.assets["packshot 1"]
    for path in (
        "/flows", f"/flows/{FLOW}", f"/flows/{FLOW}/series", "/plans", "/runs", "/items", f"/items/{FLOW}/{key}",
        f"/items/{FLOW}/{key}/timeline", f"/items/{FLOW}/{key}/verdicts", "/where-used?q=SEED-1", "/parked", "/parked/counts",
        "/connections", f"/connections/{DAM}", f"/connections/{DAM}/profile", f"/connections/{DAM}/profile/proposal",
        f"/connections/{DAM}/samples", f"/connections/{DAM}/webhook", "/connectors", "/connectors/celum", "/recipes",
        "/recipes/schema", "/recipes/approved-assets-to-products", "/version", "/audit", "/audit/verify", "/overview",
        "/search?q=SEED-1", "/health", "/connectors/celum/name", f"/recipes/approved-assets-to-products/setup?use=dam:{DAM}",
    ):  # fmt: skip
        await api.get(path)
    for path in (f"{V1}/flows/{FLOW}/file", f"{V1}/audit/export", "/healthz", "/readyz", "/metrics"):
        await api.call("GET", path, 200)


async def change_everything(api: Api, place: Place) -> None:
    second = BINDING.replace(FLOW, "second")
    for path, status in (("/flows/validate", 200), ("/flows", 201)):
        await api.call("POST", V1 + path, status, data=second, headers={"Content-Type": "text/yaml"})
    for path in ("/flows/second/pause", "/flows/second/resume", f"/connections/{DAM}/check"):
        await api.post(path)
    await api.delete("/flows/second")
    await api.call("POST", f"{V1}/flows?draft=true", 201, data=second, headers={"Content-Type": "text/yaml"})
    await api.post("/flows/second/activate", {"run": False})
    await api.delete("/flows/second")
    plan = await api.post(f"/flows/{FLOW}/plans", expected=202)
    await api.finished(plan["id"])
    await api.get(f"/plans/{plan['id']}")
    await api.get(f"/plans/{plan['id']}/changes")
    await api.get(f"/runs/{plan['id']}/log")
    await api.finished((await api.post(f"/plans/{plan['id']}/apply", expected=202))["id"])
    await runs(api, place)
    await items(api, place)
    given = {"site": place.world.celum.url, "key": CELUM_KEY, "private_addresses": True}
    await api.post("/connections", {"name": "other", "connector": "celum", "settings": given}, expected=201)
    await api.put("/connections/other/profile", {"matches": []})
    await api.post("/connections/other/profile/confirm")
    await api.post("/connections/other/webhook")
    await api.post("/connections/other/samples", {"matches": []})
    await api.delete("/connections/other")
    recipe = {"recipe": "approved-assets-to-products", "uses": {"dam": DAM, "pim": PIM}}
    await api.post("/flows/file", recipe)


async def runs(api: Api, place: Place) -> None:
    faults = f"{place.world.celum.url}/__sandbox/faults"
    slow = [{"match": "POST /content-api/v1/assets/search", "kind": "slow", "delay_ms": 1000, "times": 1}]
    async with api.http.put(faults, json=slow) as answer:
        assert answer.ok
    run = await api.post(f"/flows/{FLOW}/runs", {"verify": True}, expected=202)
    await api.post(f"/runs/{run['id']}/cancel")
    await api.get(f"/runs/{run['id']}")
    await streamed(api, f"/runs/{run['id']}/events")
    await streamed(api, "/events")


async def streamed(api: Api, path: str) -> None:
    """The beginning of a stream; it is held to what is documented of it."""
    async with api.http.get(api.url + V1 + path) as answer:
        kind = answer.headers["Content-Type"].split(";", maxsplit=1)[0]
        route = api.spec.route("GET", V1 + path)
        assert route is not None
        assert kind in (api.spec.media(route, answer.status) or {})
        assert (await answer.content.readline()).startswith((b"event: ", b": "))
        api.called.add(route)


async def items(api: Api, place: Place) -> None:
    key = place.assets["orphan 1"]
    await api.post(f"/items/{FLOW}/{key}/look-again", expected=202)
    await api.post(f"/parked/{FLOW}/retry", expected=202)
    await api.post(f"/parked/{FLOW}/{key}/retry", expected=202)
    await api.delete(f"/parked/{FLOW}/{key}")
    await api.post(f"/recalls/{FLOW}", {"keys": [key], "reason": "to be checked"}, expected=202)
    await api.get("/recalls")
    await api.delete(f"/recalls/{FLOW}/{key}")
    await chosen(api, place)
    await pictures(place)


async def chosen(api: Api, place: Place) -> None:
    path = f"/items/{FLOW}/{place.assets['orphan 2']}"
    (product, *_) = await api.rows(f"{path}/candidates", q="SEED-1")
    await api.put(f"{path}/counterpart", {"kind": "product", "id": product["id"]}, 202)
    await api.delete(f"{path}/counterpart")


async def pictures(place: Place) -> None:
    key = await picture(place, "picture", png("teal"))
    await looked_at(place, key, "written")
    for of in ("thumbnail", "copy/thumbnail"):
        answer = await shown(place, key, of)
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
