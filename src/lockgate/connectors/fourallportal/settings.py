"""What a person fills in for a 4ALLPORTAL connection."""

from pydantic import field_validator, model_validator
from yarl import URL

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.connectors.fourallportal.session import SessionAuth
from lockgate.kit.contract import Secret, Settings, setting
from lockgate.kit.http import Auth, Bearer
from lockgate.kit.services import Services


class PortalSettings(Settings):
    """A 4ALLPORTAL connection: an API key, which acts with the rights of its user, or the older login."""

    site: str = setting("Address of your 4ALLPORTAL", example="https://acme.4allportal.example")
    key: Secret | None = setting(
        "API key",
        default=None,
        help="Made under Developer → API Key settings; its user's role decides what exists.",
    )
    user: str = setting(
        "User name of the older login, instead of an API key",
        default="",
        advanced=True,
        help="Only where nobody may make an API key.",
    )
    password: Secret | None = setting("Password of that user", default=None, advanced=True)
    rehearse: bool = setting(
        "Try out writing as well, whenever the connection is checked",
        default=False,
        advanced=True,
        help="A scratch file and a scratch object are made, changed, read back and deleted. Switch it off again afterwards.",
    )
    quirks: Quirks = setting("What your tenant names or does otherwise", default=Quirks(), advanced=True)

    @field_validator("site")
    @classmethod
    def is_address(cls, value: str) -> str:
        """The host alone: a trailing slash must do no harm, and `/api` belongs to the calls."""
        url = URL(value.strip().rstrip("/"))
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("Give the address as https://host")
        return str(url).rstrip("/").removesuffix("/api")

    @model_validator(mode="after")
    def has_credentials(self) -> "PortalSettings":
        has_key = self.key is not None and bool(self.key.get_secret_value().strip())
        if has_key == bool(self.user):
            raise ValueError("Give an API key, or a user name and password, and not both")
        if self.user and self.password is None:
            raise ValueError("A password belongs to the user name")
        return self


def to_auth(settings: PortalSettings, services: Services) -> Auth:
    if settings.password is not None and settings.user:
        return SessionAuth(settings.site, settings.user, settings.password, services)
    return Bearer(settings.key or "")
