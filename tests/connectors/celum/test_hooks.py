"""Webhooks as they come in, for every documented type and every way to prove their origin."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import HookRequest
from lockgate.kit.egress import Egress
from lockgate.kit.errors import Rejected
from lockgate.kit.limits import Limits
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services
from lockgate.model.event import Event, changed, gone

SECRET = "s3cret-of-the-hook"
AT = datetime(2026, 1, 13, 9, 15, tzinfo=UTC)

ONE_ASSET = (changed("asset", "2774", AT),)
BOTH_ENDS = (changed("asset", "2774", AT), changed("asset", "2775", AT))
DELETED = (gone("asset", "2774", AT),)
ONE_COLLECTION = (changed("collection", "4811", None),)
GONE_COLLECTION = (gone("collection", "4811", None),)
NOTHING: tuple[Event, ...] = ()

EXPECTED = {
    "ASSET_ADDED": ONE_ASSET,
    "ASSET_CREATED": ONE_ASSET,
    "ASSET_DELETED": DELETED,
    "ASSET_RELEASED": ONE_ASSET,
    "ASSET_REMOVED": ONE_ASSET,
    "ASSET_UPDATED": ONE_ASSET,
    "ASSET_VERSION_ACTIVATED": ONE_ASSET,
    "ASSET_VERSION_ADDED": ONE_ASSET,
    "ASSET_VERSION_DELETED": ONE_ASSET,
    "COLLECTION_CREATED": ONE_COLLECTION,
    "COLLECTION_DELETED": GONE_COLLECTION,
    "COLLECTION_MOVED": ONE_COLLECTION,
    "COLLECTION_UPDATED": ONE_COLLECTION,
    "EXTERNAL_REFERENCE_ADDED": ONE_ASSET,
    "EXTERNAL_REFERENCE_DELETED": ONE_ASSET,
    "PREVIEW_CONVERSION": NOTHING,
    "RELATION_CREATED": BOTH_ENDS,
    "RELATION_DELETED": BOTH_ENDS,
}
MALFORMED = [
    b"",
    b"[]",
    b'"x"',
    b"\xff",
    b'{"type": "ASSET_UPDATED"}',
    b'{"type": "ASSET_DELETED", "entity": {"id": "7"}}',
]


@pytest.fixture
def receive(tmp_path: Path) -> Callable[..., list[Event]]:
    """Hand a webhook to a connection of these settings."""

    def deliver(
        body: bytes, *, path: str = "", headers: dict[str, str] | None = None, secret: str = SECRET, **settings: Any
    ) -> list[Event]:
        services = Services(
            connection="dam", egress=Egress(hosts=()), limits=Limits(), spool=tmp_path, hook_secret=secret
        )
        made = CelumSettings.model_validate({"site": "acme.celum.example", "key": "k-123456"} | settings)
        return Celum(made, Profile(), services).receive(HookRequest(path=path, headers=headers or {}, body=body))

    return deliver


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_every_documented_type_names_its_assets_or_none(
    payload: Callable[[str], Any], receive: Callable[..., list[Event]]
) -> None:
    events = payload("hook__every_type")
    received = {one["type"]: tuple(receive(msgspec.json.encode(one), webhooks="none")) for one in events}
    assert received == EXPECTED


def test_a_type_nobody_documented_is_no_event(receive: Callable[..., list[Event]]) -> None:
    for body in (b'{"type": "WORKROOM_CREATED", "entity": {"id": 1}}', b"{}", b'{"type": ["ASSET_UPDATED"]}'):
        assert receive(body, webhooks="none") == []


def test_the_type_may_stand_in_the_path_alone(receive: Callable[..., list[Event]]) -> None:
    body = b'{"entity": {"id": 2774}}'
    assert receive(body, path="/ASSET_DELETED", webhooks="none") == [gone("asset", "2774")]


@pytest.mark.parametrize("body", MALFORMED)
def test_a_body_of_the_wrong_form_is_rejected(receive: Callable[..., list[Event]], body: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        receive(body, webhooks="none")
    assert refused.value.code == "hook.form"


def test_a_signed_webhook_is_believed_and_a_changed_one_is_not(receive: Callable[..., list[Event]]) -> None:
    body = b'{"type": "ASSET_UPDATED", "entity": {"id": 2774}}'
    headers = {"x-celum-signature": f"sha256={signature(body)}"}
    assert receive(body, headers=headers) == [changed("asset", "2774")]
    with pytest.raises(Rejected):
        receive(body.replace(b"2774", b"2775"), headers=headers)


@pytest.mark.parametrize(
    "headers", [{}, {"x-celum-signature": ""}, {"x-celum-signature": "sha256="}, {"x-celum-signature": "sha256=ümlaut"}]
)
def test_without_a_signature_nothing_is_believed(receive: Callable[..., list[Event]], headers: dict[str, str]) -> None:
    with pytest.raises(Rejected) as refused:
        receive(b'{"type": "ASSET_UPDATED", "entity": {"id": 2774}}', headers=headers)
    assert refused.value.code == "hook.signature"


def test_a_connection_without_a_secret_believes_no_signature(receive: Callable[..., list[Event]]) -> None:
    body = b'{"type": "ASSET_UPDATED", "entity": {"id": 2774}}'
    with pytest.raises(Rejected) as refused:
        receive(body, headers={"x-celum-signature": f"sha256={signature(body, '')}"}, secret="")
    assert refused.value.code == "hook.unsigned"


def test_another_header_can_be_told_once_the_real_one_is_known(receive: Callable[..., list[Event]]) -> None:
    body = b'{"type": "ASSET_UPDATED", "entity": {"id": 2774}}'
    quirks = Quirks(signature_header="X-Hub-Signature", signature_prefix="")
    assert receive(body, headers={"x-hub-signature": signature(body)}, quirks=quirks) == [changed("asset", "2774")]


@pytest.mark.parametrize("path", [f"/{SECRET}", f"{SECRET}/ASSET_UPDATED", f"/{SECRET}/"])
def test_a_secret_in_the_address_will_do_where_there_is_no_signature(
    receive: Callable[..., list[Event]], path: str
) -> None:
    body = b'{"type": "ASSET_UPDATED", "entity": {"id": 2774}}'
    assert receive(body, path=path, webhooks="path") == [changed("asset", "2774")]


@pytest.mark.parametrize("path", ["", "/", "/ASSET_UPDATED", f"/x/{SECRET}", f"/{SECRET}x"])
def test_a_wrong_secret_in_the_address_is_rejected(receive: Callable[..., list[Event]], path: str) -> None:
    with pytest.raises(Rejected):
        receive(b'{"type": "ASSET_UPDATED", "entity": {"id": 2774}}', path=path, webhooks="path")
