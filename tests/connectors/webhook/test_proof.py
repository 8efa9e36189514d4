"""Who may send: signatures made by the library of Standard Webhooks, and the ways vendors have of their own."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks

from lockgate.connectors.webhook.proof import prove
from lockgate.connectors.webhook.settings import WebhookSettings, key_of
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected

from .conftest import KEY, Connect

BODY = b'{"type":"item.changed","data":{"id":"P-1"}}'
OTHER = "whsec_" + base64.b64encode(b"another secret of theirs").decode()


def standard(secret: str = KEY, *, ago: timedelta = timedelta(), before: str = "") -> HookRequest:
    """A webhook as a sender with that library sends it."""
    at = datetime.now(UTC) - ago
    signature = standardwebhooks.Webhook(secret).sign("msg_1", at, BODY.decode())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": before + signature,
    }
    return HookRequest(path="", headers=headers, body=BODY)


async def test_what_their_library_signs_is_taken(connect: Connect) -> None:
    async with connect(secret=KEY, hook_secret="not this one") as webhook:
        assert [event.id for event in webhook.receive(standard())] == ["P-1"]


async def test_one_good_signature_of_several_is_enough_while_a_secret_is_changed(connect: Connect) -> None:
    async with connect() as webhook:
        assert webhook.receive(standard(before="v1a,c29tZXRoaW5n v1,c29tZXRoaW5nIGVsc2U= "))


@pytest.mark.parametrize("ago", [timedelta(minutes=6), timedelta(minutes=-6)], ids=["old", "early"])
async def test_a_good_signature_of_another_time_is_refused(connect: Connect, ago: timedelta) -> None:
    async with connect() as webhook:
        with pytest.raises(Rejected, match="timestamp too"):
            webhook.receive(standard(ago=ago))


@pytest.mark.parametrize("said", ["", "v1", "v1,", "v1,%%%", "v1,ä", "v1,a,b", "v2,AAAA"])
async def test_a_signature_of_no_good_form_is_refused(connect: Connect, said: str) -> None:
    request = HookRequest(path="", headers={**standard().headers, "webhook-signature": said}, body=BODY)
    async with connect() as webhook:
        with pytest.raises(Rejected, match="without a good signature"):
            webhook.receive(request)


async def test_another_secret_is_refused_and_not_repeated(connect: Connect) -> None:
    async with connect() as webhook:
        with pytest.raises(Rejected) as refused:
            webhook.receive(standard(OTHER))
    assert KEY not in str(refused.value)


async def test_without_any_secret_nothing_is_taken(connect: Connect) -> None:
    async with connect(hook_secret="") as webhook:
        with pytest.raises(Rejected, match="no secret is known"):
            webhook.receive(standard())


def test_the_signature_of_githubs_own_example_is_good() -> None:
    """From GitHub's page on validating webhook deliveries."""
    settings = WebhookSettings(proof="hmac", hmac_prefix="sha256=")
    said = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    request = HookRequest(path="", headers={"x-hub-signature-256": said}, body=b"Hello, World!")
    prove(settings, b"It's a Secret to Everybody", request)
    with pytest.raises(Rejected, match="x-hub-signature-256"):
        prove(settings, b"It's a Secret to Everybody", HookRequest(path="", headers=request.headers, body=b"Hello!"))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "base64"])
async def test_each_form_of_hmac_is_taken(connect: Connect, algorithm: str, encoding: str) -> None:
    digest = hmac.new(b"shop", BODY, algorithm).digest()
    said = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    form = {"hmac_header": "X-Shop-Hmac", "hmac_algorithm": algorithm, "hmac_encoding": encoding}
    async with connect(proof="hmac", secret="shop", **form) as webhook:
        assert webhook.receive(HookRequest(path="", headers={"x-shop-hmac": said}, body=BODY))
        wrong = hashlib.new(algorithm, BODY).hexdigest()
        with pytest.raises(Rejected):
            webhook.receive(HookRequest(path="", headers={"x-shop-hmac": wrong}, body=BODY))


async def test_by_the_address_alone_no_signature_is_asked(connect: Connect) -> None:
    async with connect(proof="path") as webhook:
        assert webhook.receive(HookRequest(path="", headers={}, body=BODY))
        assert "not signed" in " ".join((await webhook.check()).notes)


@pytest.mark.parametrize("secret", ["whsec_", "", "whsec_a"])
def test_a_secret_that_is_none_is_refused_when_it_is_set(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        WebhookSettings.model_validate({"secret": secret})


def test_a_secret_of_standard_webhooks_is_the_bytes_it_encodes() -> None:
    assert key_of(OTHER) == b"another secret of theirs"
    assert key_of("plain words") == b"plain words"
