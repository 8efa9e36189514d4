"""What a person is asked for a connection."""

from typing import Literal

from pydantic import field_validator, model_validator
from yarl import URL

from lockgate.connectors.consonance.quirks import Quirks
from lockgate.kit.contract import Secret, Settings, setting


class ConsonanceSettings(Settings):
    """A Consonance connection: a GraphQL key, or a REST key for reading products only."""

    site: str = setting("Address you log in at", example="https://web.consonance.app")
    key: Secret | None = setting("GraphQL API key", default=None, help="Given out by Consonance's support desk.")
    interface: Literal["graphql", "rest"] = setting(
        "Interface to read by", default="graphql", help="rest: the older list of products, read only.", advanced=True
    )
    rest_key: Secret | None = setting("REST API key, where `interface` is rest", default=None, advanced=True)
    texts_arrive_as: Literal["APPROVED", "FOR_APPROVAL"] = setting(
        "State in which texts we deliver arrive",
        default="FOR_APPROVAL",
        help="FOR_APPROVAL: an editor releases them. APPROVED: they go out with the next feed.",
    )
    quirks: Quirks = setting("What differs from our guesses at your account", default=Quirks(), advanced=True)

    @field_validator("site")
    @classmethod
    def is_address(cls, value: str) -> str:
        url = URL(value.strip().rstrip("/"))
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("Give the address as https://host")
        return str(url.origin())

    @model_validator(mode="after")
    def has_the_key(self) -> "ConsonanceSettings":
        key = self.key if self.interface == "graphql" else self.rest_key
        if key is None or not key.get_secret_value().strip():
            raise ValueError(f"Give the key of the {self.interface} interface")
        return self


def reveal(key: Secret | None) -> str:
    return key.get_secret_value().strip() if key is not None else ""
