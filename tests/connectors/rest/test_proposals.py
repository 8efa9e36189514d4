"""What is proposed from OpenAPI files as they are found: odd ones in words, and one that an application made of itself, tried."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import APIKeyHeader
from pydantic import BaseModel
from starlette.routing import Mount

from lockgate.connectors.rest.definition.load import load
from lockgate.connectors.rest.definition.shapes import Definition
from lockgate.connectors.rest.library import read_text
from lockgate.connectors.rest.openapi import propose
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.sandbox import Sandbox, SandboxConfig, serving

from .opening import opened


def listing(record: Any, *parameters: Any, whole: Any = None) -> dict[str, Any]:
    """The description of a GET that lists such records."""
    answer = whole or {"type": "array", "items": record}
    return {
        "parameters": list(parameters),
        "responses": {"200": {"content": {"application/json": {"schema": answer}}}},
    }


def query(name: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", **schema}}


def described(paths: dict[str, Any], **more: Any) -> str:
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Odd API", "version": "1"}, "paths": paths} | more)


def proposed(paths: dict[str, Any], **more: Any) -> Definition:
    return load(propose(described(paths, **more), "odd.json"), "proposal.yaml")


THING = {"type": "object", "properties": {"id": {"type": "string"}}}
THINGS = {"/things": {"get": listing(THING)}}


def test_addresses_keep_their_endings_and_slashes() -> None:
    one = {"get": listing(THING, whole=THING)}
    made = proposed(
        {
            "/notes.json": {"get": listing(THING)},
            "/notes/{id}.json": one,
            "/books/": {"get": listing(THING)},
            "/books/{isbn}/": one,
        }
    )
    assert [made.kinds["note"].fetch, made.kinds["book"].fetch] != [None, None]
    called = [call.call for kind in made.kinds.values() for call in (kind.index, kind.fetch) if call is not None]
    assert called == ["GET /notes.json", "GET /notes/{id}.json", "GET /books/", "GET /books/{id}/"]


def test_lists_of_one_name_are_kinds_of_their_own() -> None:
    made = proposed(
        {f"/{version}/pages": {"get": listing(THING)} for version in ("v1", "v2")} | {"/s": THINGS["/things"]}
    )
    assert list(made.kinds) == ["page", "v2_page", "s"]


@pytest.mark.parametrize(
    ("address", "base", "example"),
    [
        ("https://{region}.example.com/api", "{settings.site}/api", "https://{region}.example.com"),
        ("//larkfield.example/x", "{settings.site}/x", "https://larkfield.example"),
        ("api/v2", "{settings.site}/api/v2", "https://system.example"),
        ("https://larkfield.example:99999/x", "{settings.site}", "https://system.example"),
        ("https://larkfield.example/{cut", "{settings.site}/{{cut", "https://larkfield.example"),
        (None, "{settings.site}", "https://system.example"),
    ],
)
def test_a_server_of_any_form_gives_an_address(address: str | None, base: str, example: str) -> None:
    made = proposed(THINGS, servers=[{"url": address}])
    assert (made.base, made.settings["site"].example) == (base, example)


def test_the_way_to_sign_in_that_calls_ask_for_comes_first() -> None:
    schemes = {"spare": {"type": "http", "scheme": "basic"}, "used": {"type": "http", "scheme": "bearer"}}
    asking = {"/things": {"get": listing(THING) | {"security": [{"used": []}]}}}
    assert proposed(asking, components={"securitySchemes": schemes}).auth.style == "bearer"


def test_a_way_to_sign_in_that_cannot_be_used_is_named() -> None:
    text = described(THINGS, components={"securitySchemes": {"q": {"type": "apiKey", "in": "query", "name": "key"}}})
    assert "# The file names ways to sign in that cannot be proposed (apiKey query)" in propose(text, "odd.json")


@pytest.mark.parametrize(
    ("url", "token_url"),
    [
        ("https://api.larkfield.example/token", "{settings.site}/token"),
        ("/oauth/token", "{settings.site}/oauth/token"),
        ("https://{tenant}.login.example/token", "{settings.token_url}"),
        ("https://login.example/token", "https://login.example/token"),
    ],
)
def test_tokens_come_from_where_the_file_says(url: str, token_url: str) -> None:
    scheme = {"type": "oauth2", "flows": {"authorizationCode": {"tokenUrl": url, "authorizationUrl": url}}}
    servers = [{"url": "https://api.larkfield.example/v2"}]
    made = proposed(THINGS, components={"securitySchemes": {"o": scheme}}, servers=servers)
    assert (made.auth.grant, made.auth.token_url) == ("authorization-code", token_url)
    assert made.settings["refresh_token"].secret


def test_records_are_found_beside_errors_and_inside_of_parts() -> None:
    errors = {"errors": {"type": "array", "items": {"type": "string"}}}
    inside: dict[str, Any] = {
        "_embedded": {"type": "object", "properties": {"items": {"type": "array", "items": THING}}}
    }
    link = {"_links": {"type": "object", "properties": {"next": {"properties": {"href": {"type": "string"}}}}}}
    made = proposed({"/things": {"get": listing(THING, whole={"properties": errors | inside | link})}})
    index = made.kinds["thing"].index
    assert index is not None
    assert index.paging is not None
    assert (index.records, index.paging.by, index.paging.next) == ("_embedded.items", "link", "_links.next.href")


def test_fields_of_any_name_are_read_and_mean_nothing_by_accident() -> None:
    names = ("a.b", "=x", "x{y}", 'quo"te', "", "latest", "ids", "rights.channel", "2nd", "header:X")
    members: dict[str, Any] = {"id": {"type": "string"}} | {name: {"type": "string"} for name in names}
    members["note"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    members["size"] = {"type": ["integer", "null"]}
    read = proposed({"/things": {"get": listing({"properties": members})}}).kinds["thing"].record.fields
    assert {name: one.at for name, one in read.items()} == {
        "a_b": '"a.b"',
        "x": '"=x"',
        "x_y": '"x{y}"',
        "fields.latest": "latest",
        "fields.ids": "ids",
        "rights_channel": '"rights.channel"',
        "fields.2nd": "2nd",
        "header_X": '"header:X"',
        "note": "note",
        "size": "size",
    }


def test_schemas_that_hold_themselves_come_to_an_end() -> None:
    loop = {"allOf": [{"$ref": "#/components/schemas/Loop"}] * 6, "properties": {"id": {"type": "string"}}}
    paths = {"/loops": {"get": listing({"$ref": "#/components/schemas/Loop"})}}
    assert proposed(paths, components={"schemas": {"Loop": loop}}).kinds["loop"].record.id == "id"


def test_pages_go_on_until_one_is_empty_where_nothing_else_tells() -> None:
    index = (
        proposed({"/things": {"get": listing(THING, query("page", minimum=0), query("limit", maximum=20))}})
        .kinds["thing"]
        .index
    )
    assert index is not None
    assert index.paging is not None
    assert (index.paging.first, index.paging.size, index.paging.short) == (0, 20, False)


def test_what_may_do_harm_or_be_missed_is_remarked() -> None:
    said = propose(described({"/things": {"get": listing({})}, "/things/{id}": {"put": listing({})}}), "odd.json")
    for remark in ("make sure that PUT does not empty", "only what one answer holds is read", "No id was recognised"):
        assert remark in said


# ── an application that describes itself ─────────────────────────────────────────────────────────────────────────────


class Note(BaseModel):
    title: str | None = None
    external_id: str | None = None


class Kept(Note):
    id: int


def application() -> FastAPI:
    key = APIKeyHeader(name="X-Key")

    def signed(given: Annotated[str, Depends(key)]) -> None:
        if given != "demo-key":
            raise HTTPException(401, "wrong key")

    app = FastAPI(title="Notes", dependencies=[Depends(signed)], openapi_url=None)
    notes = {number: Kept(id=number, title=f"Note {number}") for number in range(1, 124)}

    @app.get("/notes/")
    async def every(
        external_id: str | None = None, offset: int = 0, limit: Annotated[int, Query(le=50)] = 20
    ) -> list[Kept]:
        fitting = [one for one in notes.values() if external_id in {None, one.external_id}]
        return fitting[offset : offset + limit]

    @app.post("/notes/", status_code=201)
    async def made(note: Note) -> Kept:
        kept = notes[len(notes) + 1] = Kept(id=len(notes) + 1, **note.model_dump())
        return kept

    @app.get("/notes/{note_id}/")
    async def one(note_id: int) -> Kept:
        return notes[note_id]

    @app.patch("/notes/{note_id}/")
    async def changed(note_id: int, note: Note) -> Kept:
        notes[note_id] = notes[note_id].model_copy(update=note.model_dump(exclude_unset=True))
        return notes[note_id]

    return app


class Notes(Sandbox):
    id: ClassVar[str] = "notes"
    title: ClassVar[str] = "Notes"
    app: ClassVar[FastAPI] = application()

    def routes(self) -> list[Mount]:
        return [Mount("/", app=self.app)]


@pytest.fixture
async def notebook() -> AsyncIterator[Notes]:
    notes = Notes(SandboxConfig())
    async with serving(notes):
        yield notes


async def test_what_is_proposed_from_an_application_s_own_description_works_with_it(
    notebook: Notes, tmp_path: Path
) -> None:
    made = read_text(propose(json.dumps(Notes.app.openapi()), "notes.json"), "proposal.yaml")
    async with opened(made, notebook, tmp_path, key="demo-key") as notes:
        listed = [ref.id async for page in notes.index("note", None) for ref in page.records]
        new = Write(key="ours-1", fields={"title": "Ours"})
        receipts = [(await notes.upsert("note", [new]))[0] for _ in range(2)]
        held = await notes.held("note", ["ours-1"])
    assert listed == [str(number) for number in range(1, 124)]
    assert all(isinstance(one, Receipt) for one in receipts)
    assert held["ours-1"].fields["title"] == "Ours"
