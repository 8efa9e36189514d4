"""Whether a webhook comes from who knows the secret."""

import base64
import hashlib
import hmac

from standardwebhooks import Webhook, WebhookVerificationError

from lockgate.connectors.webhook.settings import WebhookSettings
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected


def prove(settings: WebhookSettings, key: bytes, request: HookRequest) -> None:
    """Raises Rejected. Nothing is asked here of a sender that proves itself by the secret address alone."""
    if settings.proof != "path" and not key:
        raise Rejected(
            "A webhook came, but no secret is known to check it by: give one (setting secret).", code="hook.secret"
        )
    if settings.proof == "standard":
        standard(key, request)
    elif settings.proof == "hmac":
        by_header(settings, key, request)


def standard(key: bytes, request: HookRequest) -> None:
    """Standard Webhooks: id, time (within five minutes of now) and body are signed; one of several signatures is enough."""
    try:
        Webhook(key).verify(request.body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as problem:
        # The library lets through what is no base64, no text or no pair.
        said = (
            str(problem) if isinstance(problem, WebhookVerificationError) else "its headers or body have no good form"
        )
        raise Rejected(
            f"A webhook came without a good signature ({said}): set the same secret at the sender, and its clock right.",
            code="hook.signature",
        ) from problem


def by_header(settings: WebhookSettings, key: bytes, request: HookRequest) -> None:
    digest = hmac.new(key, request.body, getattr(hashlib, settings.hmac_algorithm)).digest()
    said = digest.hex() if settings.hmac_encoding == "hex" else base64.b64encode(digest).decode()
    given = request.headers.get(settings.hmac_header.lower(), "")
    if not hmac.compare_digest(given.encode(), f"{settings.hmac_prefix}{said}".encode()):
        raise Rejected(
            f"A webhook came without a good signature in {settings.hmac_header}: set the same secret at the sender.",
            code="hook.signature",
        )
