"""What a person fills in for a Content Server."""

from typing import Literal

from pydantic import field_validator, model_validator
from yarl import URL

from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.contract import Secret, Settings, setting

SignIn = Literal["password", "otds", "client", "ticket"]


def address(value: str, example: str) -> str:
    url = URL(value.strip().rstrip("/"))
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"Give the address as {example}")
    return str(url).rstrip("/")


class OpenTextSettings(Settings):
    """A connection to a Content Server with business workspaces: a user, what is watched, where things go."""

    site: str = setting(
        "Address of your Content Server, up to and without /api",
        example="https://ecm.acme.example/cs/cs",
        help="Ends with cs, cs.exe or llisapi.dll.",
    )
    user: str = setting("User name; with `client` the id of the OAuth client", default="")
    password: Secret = setting("Password; the client's secret, or the ticket itself")
    sign_in: SignIn = setting(
        "How to sign in",
        default="password",
        help="password: at the Content Server. otds: the same at the directory services. client: as an OAuth client there. "
        "ticket: with a ticket got elsewhere, which nobody renews.",
        advanced=True,
    )
    otds: str = setting(
        "Address of the directory services", default="", example="https://ecm.acme.example/otdsws", advanced=True
    )
    domain: str = setting("Domain of the user", default="", advanced=True)
    workspace_types: tuple[str, ...] = setting(
        "Only workspaces of these types", default=(), example="Product launch", help="By name; none takes all."
    )
    folders: tuple[int, ...] = setting(
        "Further folders whose documents are read", default=(), help="By node id.", advanced=True
    )
    folder: int | None = setting(
        "Folder for documents that belong to no workspace yet",
        default=None,
        help="By node id, as its address shows it.",
    )
    create_type: str = setting("Workspace type of new workspaces", default="", help="By name; needed to create them.")
    template: str = setting(
        "Template of new workspaces", default="", help="By name; none takes the first of the type.", advanced=True
    )
    workspace_parent: int | None = setting(
        "Folder for new workspaces", default=None, help="Where their type does not decide it.", advanced=True
    )
    business_objects: tuple[str, ...] = setting(
        "Business object types by which workspaces are found",
        default=(),
        example="PIM/PRODUCT",
        help="As system/type; none takes those of the workspace types.",
    )
    quirks: Quirks = setting("What your installation names or does otherwise", default=Quirks(), advanced=True)

    @field_validator("site")
    @classmethod
    def is_site(cls, value: str) -> str:
        """Without `/api`, which belongs to the calls; a trailing slash must do no harm."""
        return address(value, "https://host/cs/cs").removesuffix("/api")

    @field_validator("otds")
    @classmethod
    def is_otds(cls, value: str) -> str:
        return address(value, "https://host/otdsws").removesuffix("/otdsws") if value.strip() else ""

    @field_validator("business_objects")
    @classmethod
    def are_pairs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            system, slash, kind = one.partition("/")
            if not (system and slash and kind) or "/" in kind:
                raise ValueError("Give a business object type as system/type, such as PIM/PRODUCT")
        return value

    @model_validator(mode="after")
    def has_credentials(self) -> "OpenTextSettings":
        if self.sign_in != "ticket" and not self.user:
            raise ValueError("A user name is needed")
        if self.sign_in in {"otds", "client"} and not self.otds:
            raise ValueError("Signing in at the directory services needs their address, `otds`")
        return self

    def site_hosts(self) -> tuple[str, ...]:
        """The server, and the directory services where we sign in there."""
        urls = [URL(one) for one in (self.site, self.otds) if one]
        return tuple(dict.fromkeys(f"{url.host}:{url.port}" for url in urls))
