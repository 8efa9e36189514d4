"""What a person fills in for a CELUM connection."""

from typing import Literal

from pydantic import field_validator, model_validator
from yarl import URL

from lockgate.connectors.celum.client import CelumAuth, base_url
from lockgate.connectors.celum.client.address import cora_url
from lockgate.connectors.celum.hooks import Verification
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import Secret, Settings, setting


class CelumSettings(Settings):
    """A CELUM connection: an API key, or else user and password."""

    site: str = setting("Address of your CELUM site", example="https://acme.celum.cloud")
    key: Secret | None = setting(
        "API key", default=None, help="Made in CELUM's administration. The account behind it decides what is seen."
    )
    user: str = setting("User name, instead of an API key", default="", advanced=True)
    password: Secret | None = setting("Password of that user", default=None, advanced=True)
    api: Literal["content", "cora"] = setting(
        "Interface of your installation",
        default="content",
        advanced=True,
        help="content: the Content API. cora: the older CORA of installations without it; it is only read from.",
    )
    collection: int | None = setting(
        "Only assets below this collection", default=None, example="4711", help="The number in CELUM; empty takes all."
    )
    upload_collection: int | None = setting(
        "Collection that new assets and collections are put into",
        default=None,
        advanced=True,
        example="4800",
        help="Only needed to write. For assets it must be of a type that takes them; empty takes the collection above.",
    )
    asset_type: int | None = setting(
        "Asset type of new assets",
        default=None,
        advanced=True,
        help="Its number; empty takes the only type that has the field for our key.",
    )
    webhooks: Verification = setting(
        "How webhooks prove where they come from",
        default="hmac",
        help="hmac: by a signature over the body. path: by the secret in their address. none: not checked here.",
    )
    act_as: str = setting("Run every call as this user", default="", advanced=True)
    client: str = setting("Server-side client configuration to use", default="", advanced=True)
    quirks: Quirks = setting("What differs from the documents at your server", default=Quirks(), advanced=True)

    @field_validator("site")
    @classmethod
    def is_address(cls, value: str) -> str:
        cora_url(value)
        return value

    @model_validator(mode="after")
    def is_address_of_the_interface(self) -> "CelumSettings":
        if self.api == "content":
            base_url(self.site)
        return self

    @model_validator(mode="after")
    def has_credentials(self) -> "CelumSettings":
        has_key = self.key is not None and bool(self.key.get_secret_value().strip())
        if has_key == bool(self.user):
            raise ValueError("Give an API key, or a user name and password, and not both")
        if self.user and self.password is None:
            raise ValueError("A password belongs to the user name")
        if self.api == "cora" and not has_key:
            raise ValueError("CORA takes an API key, no user name")
        return self

    @property
    def base(self) -> str:
        """Where the interface is that this connection speaks to."""
        return cora_url(self.site) if self.api == "cora" else base_url(self.site)

    def site_hosts(self) -> tuple[str, ...]:
        site = URL(self.base)
        return (f"{site.host}:{site.port}",)


def to_auth(settings: CelumSettings) -> CelumAuth:
    return CelumAuth(
        key=settings.key,
        user=settings.user,
        password=settings.password,
        act_as=settings.act_as,
        client=settings.client,
    )


def about_hooks(settings: CelumSettings) -> list[str]:
    """What `check` says of webhooks."""
    if settings.webhooks == "hmac":
        return []
    how = "only by a secret in their address" if settings.webhooks == "path" else "not at all"
    return [f"Webhooks prove their origin {how}; every event is checked by reading the asset anew."]
