"""What a person fills in for webhooks, in and out."""

import base64
import binascii
from typing import Literal, Self

import msgspec
from pydantic import field_validator, model_validator

from lockgate.kit.contract import Secret, Settings, setting

PREFIX = "whsec_"


class WebhookSettings(Settings):
    """One sender of records, one receiver of events, or both."""

    kind: Literal["product", "asset"] = setting("What an item is", default="product")

    proof: Literal["standard", "hmac", "path"] = setting(
        "How the sender proves itself",
        default="standard",
        help="standard: Standard Webhooks. hmac: a header with an HMAC of the body, as named below. "
        "path: by nothing but the secret in the address, for senders that cannot sign.",
    )
    secret: Secret | None = setting(
        "Secret with which the sender signs",
        default=None,
        help="Standard Webhooks write it whsec_…; any other text is taken as it is. "
        "Not given, it is the connection's own, which Lockgate shows with the address.",
    )
    hmac_header: str = setting("Header with the signature", default="x-hub-signature-256", advanced=True)
    hmac_prefix: str = setting("What stands before it there", default="", example="sha256=", advanced=True)
    hmac_algorithm: Literal["sha256", "sha1", "sha512"] = setting("Its algorithm", default="sha256", advanced=True)
    hmac_encoding: Literal["hex", "base64"] = setting("Its encoding", default="hex", advanced=True)

    sample: str = setting(
        "A body as the sender sends it",
        default="",
        help="From it the fields are known, so that the profile can be proposed.",
    )
    each: str = setting(
        "Where the list of records is, if one body carries several",
        default="",
        help="A path such as items or data.products. The paths below then begin at each member of the list.",
        advanced=True,
    )
    id: str = setting("Where the item's id is", default="data.id")
    record: str = setting("Where the record is", default="data", help="Empty for the whole body.")
    type: str = setting(
        "Where the type of event is", default="type", help="A path from the top of the body, or header:NAME."
    )
    types: tuple[str, ...] = setting("Types that concern us", default=("*",), example="item.*")
    gone_types: tuple[str, ...] = setting(
        "Types that say an item is gone", default=("*.deleted", "*.removed", "*.hidden", "*.gone")
    )
    deleted: str = setting("Where a mark is that says an item is gone", default="", example="data.deleted")
    version: str = setting(
        "Where the record's version or time is",
        default="",
        help="A number that grows or an instant: an older one than is known is not taken. "
        "Empty takes the event's own time or timestamp.",
    )
    file: str = setting("Where the address of its file is, in the record", default="", example="image.url")
    file_name: str = setting("Where the file's name is, in the record", default="", advanced=True)
    file_digest: str = setting(
        "Where the file's digest is, in the record", default="", help="Such as sha256:…, or its hex digits alone."
    )

    site: str = setting("Address to which events are sent", default="", example="https://acme.example/hooks/lockgate")
    signing_secret: Secret | None = setting(
        "Secret with which we sign", default=None, help="The receiver's, as Standard Webhooks write it: whsec_…"
    )

    @field_validator("secret", "signing_secret")
    @classmethod
    def is_secret(cls, value: Secret | None) -> Secret | None:
        if value is not None:
            key_of(value.get_secret_value())
        return value

    @field_validator("sample")
    @classmethod
    def is_json(cls, value: str) -> str:
        try:
            msgspec.json.decode(value or "{}")
        except msgspec.DecodeError:
            raise ValueError("It is no JSON: give one whole body") from None
        return value

    @model_validator(mode="after")
    def is_signed(self) -> Self:
        if self.site and self.signing_secret is None:
            raise ValueError("What is sent is signed: give the signing_secret of the receiver")
        return self


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. Raises ValueError."""
    if not secret.startswith(PREFIX):
        key = secret.encode()
    else:
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX) + "==", validate=False)
        except binascii.Error:
            raise ValueError(f"What follows {PREFIX} is no base64") from None
    if not key:
        raise ValueError("The secret is empty")
    return key
