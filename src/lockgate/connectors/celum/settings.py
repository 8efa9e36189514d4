"""What a person fills in for a CELUM connection."""

from typing import Literal

from pydantic import field_validator, model_validator
from yarl import URL

from lockgate.connectors.celum.client import CelumAuth, base_url
from lockgate.connectors.celum.client.address import cora_url
from lockgate.connectors.celum.hooks import Verification
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.consent import Grant
from lockgate.kit.contract import Secret, Settings, setting
from lockgate.kit.http.oauth import OAuth2
from lockgate.kit.services import Services


class CelumSettings(Settings):
    """A CELUM connection: an API key, else user and password, else a client of the identity provider that CELUM trusts."""

    site: str = setting("Address of your CELUM site", example="https://acme.celum.cloud")
    key: Secret | None = setting(
        "API key", default=None, help="Made in CELUM's administration. The account behind it decides what is seen."
    )
    user: str = setting("User name, instead of an API key", default="", advanced=True)
    password: Secret | None = setting("Password of that user", default=None, advanced=True)
    oidc_url: str = setting(
        "Token address of your identity provider (OpenID Connect), instead of an API key",
        default="",
        advanced=True,
        example="https://login.acme.example/realms/acme/protocol/openid-connect/token",
        help="Its client must be known to CELUM as a user.",
    )
    oidc_client: str = setting("Client id at the identity provider", default="", advanced=True)
    oidc_secret: Secret | None = setting("Secret of that client", default=None, advanced=True)
    oidc_scope: str = setting("Scopes to ask for, separated by blanks", default="", advanced=True)
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

    @field_validator("oidc_url")
    @classmethod
    def is_token_address(cls, value: str) -> str:
        if value and (URL(value).scheme not in {"https", "http"} or not URL(value).host):
            raise ValueError("Write the whole address, beginning with https://")
        return value

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
        if [has_key, bool(self.user), bool(self.oidc_url)].count(True) != 1:
            raise ValueError(
                "Give an API key, or a user name and password, or the identity provider, and one of them only"
            )
        if self.user and self.password is None:
            raise ValueError("A password belongs to the user name")
        if self.oidc_url and not (self.oidc_client and self.oidc_secret):
            raise ValueError("A client id and its secret belong to the address of the identity provider")
        if self.api == "cora" and not has_key:
            raise ValueError("CORA takes an API key, no user name")
        return self

    @property
    def base(self) -> str:
        """Where the interface is that this connection speaks to."""
        return cora_url(self.site) if self.api == "cora" else base_url(self.site)

    def site_hosts(self) -> tuple[str, ...]:
        own = [URL(self.base)] + ([URL(self.oidc_url)] if self.oidc_url else [])
        return tuple(f"{one.host}:{one.port}" for one in own)


def to_auth(settings: CelumSettings, services: Services) -> CelumAuth:
    return CelumAuth(
        key=settings.key,
        user=settings.user,
        password=settings.password,
        tokens=OAuth2(to_grant(settings), services) if settings.oidc_url else None,
        act_as=settings.act_as,
        client=settings.client,
    )


def to_grant(settings: CelumSettings) -> Grant:
    """Client credentials: a flow has no person at a browser, and CELUM's own implicit flow is switched off."""
    scope = {"scope": settings.oidc_scope} if settings.oidc_scope else {}
    return Grant(
        url=settings.oidc_url,
        members={"grant_type": "client_credentials", **scope},
        client_id=settings.oidc_client,
        client_secret=settings.oidc_secret.get_secret_value() if settings.oidc_secret else "",
    )


def about_hooks(settings: CelumSettings) -> list[str]:
    """What `check` says of webhooks."""
    if settings.webhooks == "hmac":
        return []
    how = "only by a secret in their address" if settings.webhooks == "path" else "not at all"
    return [f"Webhooks prove their origin {how}; every event is checked by reading the asset anew."]
