"""What a person fills in for a connection to a folder."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from yarl import URL

from lockgate.connectors.files import naming
from lockgate.connectors.files.address import Address, BadAddress, parse
from lockgate.kit.contract import Secret, Settings, setting

FORMATS = (".csv", ".xlsx", ".json", ".jsonl", ".xml")
"""Suffixes of the feeds that can be written."""


ONE_LINE = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)([A-Za-z0-9+/= ]+)(-----END [A-Z0-9 ]+-----)")


class FilesSettings(Settings):
    """A folder somewhere, and what is done with what lies in it."""

    address: str = setting(
        "Address of the folder",
        example="sftp://files.acme.example/exchange",
        help="file:///path, sftp://host/path, davs://host/path, s3://bucket/prefix, ftps://host/path; dav:// and ftp:// are"
        " without encryption.",
    )
    user: str = setting("User name, or S3 access key", default="")
    password: Secret | None = setting("Password, or S3 secret key", default=None)
    private_key: Secret | None = setting("Private key for SFTP, whole, instead of a password", default=None)
    passphrase: Secret | None = setting("Passphrase of the private key", default=None, advanced=True)
    known_hosts: str = setting(
        "Host key of the SFTP server, as a line of known_hosts",
        default="",
        help="Without it the check shows the key that the server has; compare it before you enter it here.",
    )
    endpoint: str = setting(
        "Address of the S3 service, where it is not Amazon's",
        default="",
        example="https://s3.acme.example",
        advanced=True,
    )
    region: str = setting("S3 region", default="us-east-1", advanced=True)

    # what is read
    include: tuple[str, ...] = setting(
        "Only files whose path fits one of these patterns", default=("**",), example="approved/**/*.jpg", advanced=True
    )
    exclude: tuple[str, ...] = setting(
        "But not those whose path fits one of these", default=(), example="drafts/**", advanced=True
    )
    feeds: tuple[str, ...] = setting(
        "Files that are feeds, each record an item",
        default=(),
        example="feeds/*.csv",
        help="CSV, XLSX, JSON (a list, or a line each) and ONIX; several with commas between them.",
    )
    feed_key: str = setting(
        "Column that tells the records of a feed apart",
        default="",
        help="Empty takes the first of id, key, sku, gtin, ean, isbn and article number that there is.",
        advanced=True,
    )
    settle: Annotated[float, Field(ge=0, le=86_400)] = setting(
        "Seconds for which a file must have stayed as it is before it is taken", default=10.0, advanced=True
    )
    look_inside: Annotated[int, Field(ge=0)] = setting(
        "Read rights and texts inside files of up to so many MB that are not on this machine, 0 for none",
        default=64,
        help="Each such file is read once more, when it is new. XMP and JSON files beside it are read in any case.",
        advanced=True,
    )
    stated: dict[str, Any] = setting(
        "What holds for everything here, unless a file says otherwise",
        default={},
        help="Such as status: approved for a folder into which only approved files are put.",
        advanced=True,
    )

    # what is written
    name: str = setting(
        "How copies are called",
        default="{title}-{id}{ext}",
        help="{title} and other fields, {id} for ten letters that are each item's own, {key}, {name} and {ext} of the"
        " source's file, / between folders.",
        advanced=True,
    )
    sidecar: Literal["json", "xmp", "both", "none"] = setting(
        "What is written beside each copy", default="json", advanced=True
    )
    feed: str = setting(
        "Feed that is written, when records are delivered",
        default="",
        example="catalogue.csv",
        help="By its suffix .csv, .xlsx, .json, .jsonl, or .xml for ONIX 3.0.",
    )
    closed: str = setting("Folder for what is hidden; let nobody else look into it", default=".closed", advanced=True)

    @field_validator("address")
    @classmethod
    def is_address(cls, value: str) -> str:
        try:
            parse(value)
        except BadAddress as error:
            raise ValueError(str(error)) from error
        return value.strip()

    @field_validator("private_key", mode="before")
    @classmethod
    def is_key(cls, value: Any) -> Any:
        """A key out of a field of one line, where its line ends are lost, has them again."""
        found = ONE_LINE.fullmatch(value.strip()) if isinstance(value, str) else None
        return "\n".join([found[1], "".join(found[2].split()), found[3], ""]) if found else value

    @field_validator("include", "exclude", "feeds", mode="before")
    @classmethod
    def is_patterns(cls, value: Any) -> Any:
        """As a person types several: with commas between them."""
        return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value

    @field_validator("endpoint")
    @classmethod
    def is_endpoint(cls, value: str) -> str:
        url = URL(value.strip())
        if value and (url.scheme not in {"http", "https"} or not url.host or url.path.strip("/")):
            raise ValueError("Give the address as https://host, without bucket")
        return value.strip().rstrip("/")

    @field_validator("name")
    @classmethod
    def is_template(cls, value: str) -> str:
        return naming.check(value)

    @field_validator("feed")
    @classmethod
    def is_feed(cls, value: str) -> str:
        if value and (not naming.allowed(value) or not value.lower().endswith(FORMATS)):
            raise ValueError(f"Give a path below the folder that ends in one of {', '.join(FORMATS)}")
        return value

    @field_validator("closed")
    @classmethod
    def is_folder(cls, value: str) -> str:
        if not naming.allowed(value):
            raise ValueError("Give a folder below the address, such as .closed")
        return value

    @property
    def place(self) -> Address:
        return parse(self.address)

    @property
    def s3_endpoint(self) -> str:
        return self.endpoint or f"https://s3.{self.region}.amazonaws.com"

    def site_hosts(self) -> tuple[str, ...]:
        """The store's own host."""
        place = self.place
        if place.kind == "file":
            return ()
        if place.kind == "s3":
            url = URL(self.s3_endpoint)
            return (f"{url.host}:{url.port}",)
        return (f"[{place.host}]:{place.port}" if ":" in place.host else f"{place.host}:{place.port}",)


def revealed(secret: Secret | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None
