"""Words of the definition language that no other test says: records, files, writes, links and webhooks, each over real HTTP."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from starlette.responses import JSONResponse, Response

from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import HookRequest, Link, Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, Rejected, Transient
from lockgate.kit.sandbox import SandboxConfig, serving

from .words import Seen, Words, connected

FILE = bytes(range(256)) * 9
KEYED = "record: {id: id, key: {at: code}, fields: {title: {at: title}}}"
HELD = "held: {call: GET /held, query: {code: '{key}'}}"


@pytest.fixture
async def system() -> AsyncIterator[Words]:
    words = Words(SandboxConfig())
    words.answers = {"GET /check": {"ok": True}, "GET /held": []}
    async with serving(words):
        yield words


async def written(system: Words, tmp_path: Path, kind: str, *writes: Write) -> list[Receipt | ConnectorError]:
    async with connected(system, tmp_path, f"kinds: {{thing: {{{kind}}}}}") as connector:
        return await connector.upsert("thing", writes)


def write(key: str = "k", **more: Any) -> Write:
    return Write(key=key, **{"fields": {"title": f"of {key}"}, **more})


# ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────────

RECORD = """\
kinds:
  thing:
    record:
      id: id
      page: "{settings.site}/people/{id}"
      key: {at: code}
      length: bytes
      fields:
        anything: {at: anything, as: any}
        on: {at: on, as: flag}
        count: {at: count, as: integer, label: How many}
        number: {at: number, as: text}
        names: {at: names, as: texts, item: texts.caption}
        due: {at: due, as: instant, format: "%d.%m.%Y %H:%M", zone: Europe/Vienna}
        locked: {at: locked, read_only: true}
      renditions:
        - {name: preview, address: small, filename: called, media_type: mime, length: bytes, digest: sum, algorithm: md5}
        - {address: large, digest: sum, algorithm: sha1}
        - {name: stated, address: large, digest: stated, algorithm: none}
    fetch: {call: "GET /things/{id}"}
    held: {call: GET /held}
    update: {call: "PATCH /things/{ref}", json: =fields}
"""
THING = {
    "id": 7, "code": "k", "anything": {"a": [1]}, "on": "yes", "count": "12", "number": 4711, "names": {"de_AT": "Tisch"},
    "due": "01.03.2026 11:00", "locked": "x", "small": "s/7", "large": "l/7", "called": "tisch.png", "mime": "image/png",
    "bytes": 2304, "sum": "abc", "stated": "sha256:def",
}  # fmt: skip


async def test_values_are_read_as_the_types_that_their_fields_say(system: Words, tmp_path: Path) -> None:
    system.answers |= {"GET /things/7": THING, "GET /held": [THING]}
    async with connected(system, tmp_path, f"languages: {{de: de_AT}}\n{RECORD}") as connector:
        [item] = await connector.fetch("thing", ["7"])
        held = (await connector.held("thing", ["k"]))["k"]
        as_held = connector.as_held("thing", {"names": {"de": "Tisch"}})
        shown = {field.name: field for field in (await connector.schema()).kinds["thing"]}
    assert item.fields == {
        "anything": {"a": [1]},
        "on": True,
        "count": 12,
        "number": "4711",
        "due": "2026-03-01T10:00:00Z",
        "locked": "x",
    }
    assert item.texts == {"caption": {"de": "Tisch"}}
    assert item.url == f"{system.base_url}/people/7"
    assert held.length == 2304
    assert as_held.items() <= dict(held.fields).items()
    assert (shown["count"].label, shown["locked"].writable, shown["count"].writable) == ("How many", False, True)


async def test_files_are_named_with_what_the_record_says_of_them(system: Words, tmp_path: Path) -> None:
    system.answers["GET /things/7"] = THING
    async with connected(system, tmp_path, RECORD) as connector:
        [item] = await connector.fetch("thing", ["7"])
    told = [(one.name, one.filename, one.address, one.digest, one.media_type, one.length) for one in item.renditions]
    assert told == [
        ("preview", "tisch.png", "thing:s/7", "md5:abc", "image/png", 2304),
        ("original", "7", "thing:l/7", "sha1:abc", None, None),
        ("stated", "7", "thing:l/7", "sha256:def", None, None),
    ]


async def test_values_are_sent_in_the_systems_own_form_and_never_where_they_are_only_read(
    system: Words, tmp_path: Path
) -> None:
    system.answers["PATCH /things/7"] = {}
    given = {"due": "2026-03-01T10:00:00Z", "count": 12, "number": 4711, "on": True, "names": {"de": "Tisch"}}
    async with connected(system, tmp_path, f"languages: {{de: de_AT}}\n{RECORD}") as connector:
        good, bad = await connector.upsert(
            "thing", [Write(key="k", ref="7", fields=given), Write(key="l", ref="8", fields={"locked": "y"})]
        )
    assert isinstance(good, Receipt)
    assert isinstance(bad, Rejected)
    assert system.came("PATCH /things/7")[0].json == {
        "due": "01.03.2026 11:00",
        "count": 12,
        "number": "4711",
        "on": True,
        "names": {"de_AT": "Tisch"},
    }


async def test_a_file_inside_an_answer_is_taken_out_of_it(system: Words, tmp_path: Path) -> None:
    system.answers |= {
        "GET /things/7": {"id": 7, "file": "f-1"},
        "GET /files/f-1": {"content": {"data": base64.b64encode(FILE).decode()}},
    }
    text = """\
kinds:
  thing:
    record: {id: id, renditions: [{address: file}]}
    fetch: {call: "GET /things/{id}"}
    download: {call: "GET /files/{address}", answer: content}
    download_base64: data
"""
    async with connected(system, tmp_path, text) as connector:
        [item] = await connector.fetch("thing", ["7"])
        async with connector.open("7", item.renditions[0]) as stream:
            content = b"".join([chunk async for chunk in stream.chunks])
    assert (content, stream.length) == (FILE, len(FILE))


async def test_an_identifier_and_the_id_it_leads_to_may_stand_elsewhere_than_in_records(
    system: Words, tmp_path: Path
) -> None:
    system.answers["GET /codes"] = [{"code": "A-1", "of": {"id": 7}}, {"code": "A-10", "of": {"id": 8}}]
    text = 'kinds: {thing: {record: {id: id}, find: {sku: {call: GET /codes, query: {like: "{value}"}, at: code, id: of.id}}}}'
    async with connected(system, tmp_path, text) as connector:
        assert await connector.find("thing", "sku", ["A-1"]) == {"A-1": ["7"]}


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["plain", "hash", "uuid"])
async def test_our_key_is_sent_and_found_again_in_the_form_its_place_takes(
    system: Words, tmp_path: Path, form: str
) -> None:
    made: list[Any] = []

    def make(seen: Seen) -> Any:
        made.append(seen.json)
        return {"id": 7}

    system.answers |= {
        "POST /things": make,
        "GET /held": lambda seen: [{"id": 7, **one} for one in made if one["code"] == seen.query["code"]],
    }
    prefix = "" if form == "uuid" else ", prefix: lg-"
    record = f"record: {{id: id, key: {{at: code, form: {form}{prefix}}}, fields: {{title: {{at: title}}}}}}"
    kind = f"{record}, {HELD}, create: {{call: POST /things, json: {{code: =key, ...: =fields}}}}, update: {{call: PUT /things}}"
    system.answers["PUT /things"] = {}
    for _ in range(2):
        [answer] = await written(system, tmp_path, kind, write("our key"))
        assert isinstance(answer, Receipt)
        assert answer.ref == "7"
    [sent] = made
    if form == "uuid":
        assert UUID(sent["code"]).version == 8
    else:
        assert sent["code"] == ("lg-our key" if form == "plain" else f"lg-{hash_of('our key')}")


def hash_of(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


async def test_a_key_that_its_place_cannot_hold_is_refused_and_never_cut(system: Words, tmp_path: Path) -> None:
    record = "record: {id: id, key: {at: code, longest: 5}, fields: {title: {at: title}}}"
    [answer] = await written(
        system, tmp_path, f"{record}, {HELD}, create: {{call: POST /things, json: {{code: =key}}}}", write("too-long")
    )
    assert isinstance(answer, Rejected)
    assert "longer than the 5 characters" in str(answer)
    assert system.came("POST /things") == []


# ── writes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_form_is_sent_and_a_call_left_out_where_its_condition_is_not_true(
    system: Words, tmp_path: Path
) -> None:
    system.answers |= {"POST /things": {"id": 7}, "POST /notes": {"id": 9}}
    calls = """calls: [{call: POST /things, form: {name: =fields.title, tag: ["a", "b"]}, take: {id: id}}, {call: POST /notes, when: "fields.title == 'of l'", form: {of: =took.id}}], ref: =took.id"""  # noqa: E501
    answers = await written(system, tmp_path, f"{KEYED}, {HELD}, create: {{{calls}}}", write("k"), write("l"))
    assert [one.ref for one in answers if isinstance(one, Receipt)] == ["7", "7"]
    assert sorted(seen.body for seen in system.came("POST /things")) == [
        b"name=of+k&tag=a&tag=b",
        b"name=of+l&tag=a&tag=b",
    ]
    assert [seen.body for seen in system.came("POST /notes")] == [b"of=7"]


@pytest.mark.parametrize(("said", "calls"), [("", 1), (", repeatable: true", 3)])
async def test_a_post_is_repeated_where_that_is_said_to_do_no_harm(
    system: Words, tmp_path: Path, said: str, calls: int
) -> None:
    system.answers["POST /things"] = JSONResponse({}, 503)
    [answer] = await written(
        system, tmp_path, f"{KEYED}, {HELD}, create: {{call: POST /things, json: =fields{said}}}", write()
    )
    assert isinstance(answer, Transient)
    assert len(system.came("POST /things")) == calls


@pytest.mark.parametrize(("said", "calls"), [("", 3), (", repeatable: false", 1)])
async def test_a_put_is_not_repeated_where_that_is_said_to_do_harm(
    system: Words, tmp_path: Path, said: str, calls: int
) -> None:
    system.answers["PUT /things/7"] = JSONResponse({}, 503)
    update = f'{KEYED}, update: {{call: "PUT /things/{{ref}}", json: =fields{said}}}'
    [answer] = await written(system, tmp_path, update, write(ref="7"))
    assert isinstance(answer, Transient)
    assert len(system.came("PUT /things/7")) == calls


async def test_a_file_is_sent_under_the_name_and_type_that_the_definition_gives_it(
    system: Words, tmp_path: Path
) -> None:
    system.answers["POST /files"] = {"id": 7}
    upload = 'upload: {as: raw, filename: "{key}.{file.extension}", media_type: application/x-ours}'
    create = f"create: {{call: POST /files, headers: {{X-Name: '{{file.name}}'}}, {upload}}}"
    [answer] = await written(
        system, tmp_path, f"{KEYED}, {HELD}, {create}", write(file=source(FILE, filename="larch.png"))
    )
    [seen] = system.came("POST /files")
    assert isinstance(answer, Receipt)
    assert (seen.headers["x-name"], seen.headers["content-type"]) == ("k.png", "application/x-ours")
    assert seen.body == FILE


@pytest.mark.parametrize("new", [True, False])
async def test_a_system_that_goes_by_our_key_says_whether_it_was_new_and_which_state_it_is(
    system: Words, tmp_path: Path, new: bool
) -> None:
    system.answers["PUT /things/k"] = {"id": 7, "fresh": new, "etag": "e-3"}
    upsert = 'upsert: {call: "PUT /things/{key}", json: =fields, created: fresh, revision: etag}'
    [answer] = await written(system, tmp_path, f"{KEYED}, {HELD}, {upsert}", write())
    assert isinstance(answer, Receipt)
    assert (answer.ref, answer.created, answer.revision) == ("7", new, "e-3")


async def test_many_are_created_with_one_call_and_each_refusal_is_told(system: Words, tmp_path: Path) -> None:
    def many(seen: Seen) -> Any:
        bad = {"error": {"code": "TAKEN", "text": "There already."}}
        return {"done": [bad if one["title"] == "of c" else {"made": f"id-{one['code']}"} for one in seen.json]}

    system.answers["POST /many"] = many
    bulk = "bulk: {does: create, size: 2, call: POST /many, json: =items, item: {code: =key, ...: =fields}, answers: done, ref: made, failed: error, code: error.code, reason: error.text}"  # noqa: E501
    rules = "errors: {rules: [{code: TAKEN, means: conflict}]}\n"
    create = "create: {call: POST /things, json: =fields}"
    async with connected(
        system, tmp_path, f"{rules}kinds: {{thing: {{{KEYED}, {HELD}, {create}, {bulk}}}}}"
    ) as connector:
        answers = await connector.upsert("thing", [write(key) for key in "abcde"])
    assert [len(seen.json) for seen in system.came("POST /many")] == [2, 2, 1]
    assert [one.ref for one in answers if isinstance(one, Receipt)] == ["id-a", "id-b", "id-d", "id-e"]
    assert all(one.created for one in answers if isinstance(one, Receipt))
    assert type(answers[2]) is Conflict
    assert "TAKEN: There already" in str(answers[2])


async def test_many_are_changed_with_one_call_and_new_ones_are_made_alone(system: Words, tmp_path: Path) -> None:
    system.answers |= {"PATCH /many": Response(status_code=204), "POST /things": {"id": 9}}
    bulk = "bulk: {does: update, call: PATCH /many, json: =items, item: {id: =ref, ...: =fields}}"
    kind = f"{KEYED}, {HELD}, create: {{call: POST /things, json: =fields}}, {bulk}"
    answers = await written(system, tmp_path, kind, write("a", ref="1"), write("b", ref="2"), write("new"))
    assert [one.ref for one in answers if isinstance(one, Receipt)] == ["1", "2", "9"]
    assert system.came("PATCH /many")[0].json == [{"id": "1", "title": "of a"}, {"id": "2", "title": "of b"}]
    assert system.came("POST /things")[0].json == {"title": "of new"}


# ── links and webhooks ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_items_are_attached_and_detached_one_by_one_and_others_stay(system: Words, tmp_path: Path) -> None:
    there = ["4"]

    def attach(seen: Seen) -> Any:
        there.append(seen.json["image"])
        return {}

    def detach(_: Seen) -> Any:
        there.remove("7")
        return Response(status_code=204)

    system.answers |= {
        "GET /shelves/1": lambda _: {"images": there},
        "POST /shelves/1/images": attach,
        "DELETE /shelves/1/images/7": detach,
    }
    text = """\
kinds:
  thing: {record: {id: id}}
  shelf:
    record: {id: id}
    links:
      images:
        of: thing
        read: {call: "GET /shelves/{id}", records: "images"}
        attach: {call: "POST /shelves/{id}/images", json: {image: =ref}}
        detach: {call: "DELETE /shelves/{id}/images/{ref}"}
"""
    link = Link(kind="shelf", id="1", field="images", ref="7")
    async with connected(system, tmp_path, text) as connector:
        for _ in range(2):
            [attached] = await connector.link([link])
            assert isinstance(attached, Receipt)
        assert there == ["4", "7"]
        [detached] = await connector.link([msgspec.structs.replace(link, present=False)])
        assert isinstance(detached, Receipt)
    assert there == ["4"]
    assert len(system.came("POST /shelves/1/images")) == 1


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
async def test_a_webhook_names_many_items_and_is_proved_by_its_digest(
    system: Words, tmp_path: Path, algorithm: str
) -> None:
    text = f"""\
kinds: {{thing: {{record: {{id: id}}}}}}
hooks:
  signature: {{header: X-Sum, algorithm: {algorithm}, encoding: hex, prefix: "{algorithm}="}}
  events: [{{kind: thing, each: changes, id: thing.id}}]
"""
    body = b'{"changes": [{"thing": {"id": 4}}, {"thing": {"id": 5}}, {"else": 1}]}'
    proof = f"{algorithm}={hmac.new(b'hook-secret', body, algorithm).hexdigest()}"
    async with connected(system, tmp_path, text) as connector:
        events = connector.receive(HookRequest(path="", headers={"x-sum": proof}, body=body))
        with pytest.raises(Rejected, match="signature"):
            connector.receive(HookRequest(path="", headers={"x-sum": proof.partition("=")[2]}, body=body))
    assert [event.id for event in events] == ["4", "5"]
