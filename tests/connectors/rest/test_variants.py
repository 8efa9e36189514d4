"""Pages, credentials, uploads, errors, set-up and webhooks in all their kinds, over real HTTP."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lockgate.connectors.rest.library import read_text
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import Connector, HookRequest, Receipt, Write
from lockgate.kit.errors import ContractBroken, NeedsOperator, NotFound, RateLimited, Rejected
from lockgate.kit.profile import propose
from lockgate.kit.sandbox import SandboxConfig, serving

from .opening import opened
from .variants import SECRET, Variants

DEFINED = YAML(typ="safe").load(Path(__file__).with_name("variants.yaml").read_text(encoding="utf-8"))
FILE = bytes(range(256)) * 300
SHA = hashlib.sha256(FILE).hexdigest()


@pytest.fixture
async def system() -> AsyncIterator[Variants]:
    variants = Variants(SandboxConfig())
    async with serving(variants):
        yield variants


@asynccontextmanager
async def connected(system: Variants, tmp_path: Path, name: str, **settings: Any) -> AsyncIterator[Connector[Any]]:
    """The connector of one of the definitions of variants.yaml."""
    made = read_text(HEAD + DEFINED[name], f"{name}.yaml")
    async with opened(made, system, tmp_path, **settings) as connector:
        yield connector


HEAD = """\
definition: variants
title: Variants
base: "{settings.site}"
"""


async def ids(connector: Connector[Any]) -> list[str]:
    return [ref.id async for page in connector.index("thing", None) for ref in page.records]


@pytest.mark.parametrize(
    "way",
    [
        "pages in a header",
        "past the end is an error",
        "cut in silence",
        "link header",
        "link in the body",
        "cursor",
        "no pages",
        "read until empty",
    ],
)
async def test_a_list_is_read_to_its_end(system: Variants, tmp_path: Path, way: str) -> None:
    system.most = 4
    async with connected(system, tmp_path, way) as connector:
        assert await ids(connector) == [str(number) for number in range(1, 13)]


async def test_a_list_that_repeats_itself_is_not_read_for_ever(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "the same page again") as connector:
        with pytest.raises(ContractBroken, match="a second time"):
            await ids(connector)


REFUSALS = {
    "wait": (RateLimited, "It is wait"),
    "gone": (NotFound, "ENTITY_NOT_FOUND"),
    "wrong": (Rejected, "It is wrong"),
    "union": (Rejected, "NAME_TAKEN: The name is taken"),
}


@pytest.mark.parametrize("id", REFUSALS)
async def test_an_error_of_graphql_under_status_200_is_named_by_what_to_do(
    system: Variants, tmp_path: Path, id: str
) -> None:
    error, said = REFUSALS[id]
    async with connected(system, tmp_path, "GraphQL") as connector:
        answer = (await connector.upsert("thing", [Write(key="k", ref=id, fields={"title": "x"})]))[0]
    assert type(answer) is error
    assert said in str(answer)


async def test_graphql_lists_stand_below_data(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "GraphQL") as connector:
        assert len(await ids(connector)) == 12


async def test_a_session_is_opened_first_and_again_once_it_is_stale(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "JSON-RPC", password=SECRET) as connector:
        assert len(await ids(connector)) == 12
        system.tokens += 1
        assert len(await ids(connector)) == 12
    assert system.tokens == 3


async def test_a_wrong_password_of_a_session_is_for_a_person(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "JSON-RPC", password="wrong-password") as connector:
        with pytest.raises(NeedsOperator, match="check user and password") as caught:
            await ids(connector)
    assert "wrong-password" not in f"{caught.value} {caught.value.detail}"


async def test_values_in_objects_of_their_own_are_read_and_sent(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "JSON-RPC", password=SECRET) as connector:
        [item] = await connector.fetch("thing", ["3"])
        await connector.upsert("thing", [Write(key="k", ref="3", fields={"price": 7.25})])
    assert item.fields["price"] == 3.5
    sent = system.seen[-1]["params"]
    assert sent == [[3], {"price": {"__class__": "Decimal", "decimal": "7.25"}}]


async def test_an_error_of_json_rpc_is_the_items(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "JSON-RPC", password=SECRET) as connector:
        with pytest.raises(Rejected, match="This cannot be done"):
            await connector.find("thing", "sku", ["1"])


async def test_tokens_are_asked_for_once_and_renewed_when_refused(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "OAuth", password="pw", client_secret=SECRET) as connector:
        await ids(connector)
        await ids(connector)
        system.tokens += 1
        await ids(connector)
    assert system.seen == [
        {"grant_type": "password", "username": "ann", "password": "pw"},
        {"grant_type": "refresh_token", "refresh_token": "again"},
    ]


async def test_a_wrong_client_is_for_a_person_and_its_secret_is_not_told(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "OAuth", password="pw", client_secret="wrong-secret") as connector:
        with pytest.raises(NeedsOperator) as caught:
            await ids(connector)
    assert "wrong-secret" not in f"{caught.value} {caught.value.detail}"


async def test_each_request_is_signed_with_its_own_content(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "signed", secret=SECRET) as connector:
        assert len(await ids(connector)) == 12
        assert isinstance(
            (await connector.upsert("thing", [Write(key="k", ref="1", fields={"title": "x"})]))[0], Receipt
        )


UPLOADS: dict[str, Any] = {
    "form": {"parts": {"meta": '{"title":"x"}', "file": SHA}, "credentials": "k"},
    "base64": {"name": "larch.png", "title": "x", "data": SHA},
    "GraphQL file": {
        "operations": {"query": "mutation{create}", "variables": {"input": {"file": None}}},
        "map": {"0": ["variables.input.file"]},
        "sha256": SHA,
    },
    "staged": {"parts": {"policy": "p-1", "name": "x", "file": SHA}, "credentials": "k"},
}  # fmt: skip


@pytest.mark.parametrize(("way", "ref"), [("form", "42"), ("base64", "9"), ("GraphQL file", "7"), ("staged", "42")])
async def test_a_file_arrives_whole_by_every_way(system: Variants, tmp_path: Path, way: str, ref: str) -> None:
    async with connected(system, tmp_path, way, key="k") as connector:
        [answer] = await connector.upsert(
            "thing", [Write(key="k", fields={"title": "x"}, file=source(FILE, filename="larch.png"))]
        )
    assert isinstance(answer, Receipt), answer
    assert (answer.ref, answer.sha256, answer.bytes, answer.created) == (ref, SHA, len(FILE), True)
    assert system.seen[-1] == UPLOADS[way]


async def test_each_of_many_writes_has_its_own_answer(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "lines") as connector:
        answers = await connector.upsert(
            "thing", [Write(key=f"k{n}", fields={"title": title}) for n, title in enumerate(("good", "bad", "good"))]
        )
    assert [type(one) for one in answers] == [Receipt, Rejected, Receipt]
    assert "No good" in str(answers[1])
    assert system.seen == ["application/vnd.collection+json"]


async def test_set_up_is_done_once_before_the_first_write(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "set-up") as connector:
        info = await connector.check()
        for _ in range(2):
            await connector.upsert("thing", [Write(key="k", fields={"title": "x"})])
        again = await connector.check()
    assert info.notes == ("“The zone” is not there yet; it is made before the first write.",)
    assert again.notes == ()
    assert system.seen.count("made tax") == 1
    assert {"title": "x", "zone": "zone-tax"} in system.seen


async def test_a_tenants_own_field_is_found_proposed_and_read(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "own fields") as connector:
        schema = await connector.schema()
        [match] = propose(schema, connector.hints)["thing"]
    assert (match.canonical, match.field) == ("ids.sku", "values.artikelnummer")


def hook(body: bytes, topic: str = "things/update") -> HookRequest:
    proof = base64.b64encode(hmac.new(b"hook-secret", body, hashlib.sha256).digest()).decode()
    return HookRequest(path="", headers={"x-hmac": proof, "x-topic": topic}, body=body)


async def test_webhooks_are_proved_and_told_apart(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "hooks") as connector:
        [changed] = connector.receive(hook(b'{"id": 4, "name": "Four"}'))
        [gone] = connector.receive(hook(b'{"id": 4}', "things/delete"))
        nothing = connector.receive(hook(b'{"id": 4}', "orders/create"))
        [item] = connector.told("thing", [changed.record or b""])
        with pytest.raises(Rejected, match="signature"):
            connector.receive(HookRequest(path="", headers={"x-topic": "things/update"}, body=b'{"id": 4}'))
    assert (changed.type, gone.type, nothing) == ("thing.changed", "thing.gone", [])
    assert (item.id, item.title) == ("4", {"und": "Four"})


async def test_another_system_that_answers_is_not_taken_for_this_one(system: Variants, tmp_path: Path) -> None:
    async with connected(system, tmp_path, "another") as connector:
        with pytest.raises(ContractBroken, match="does not answer as Variants does; check the address"):
            await connector.check()
