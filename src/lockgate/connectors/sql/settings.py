"""What a person fills in for a table of a database."""

from typing import Annotated, Literal

from pydantic import Field, field_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from lockgate.kit.contract import Secret, Settings, setting

DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql", "sqlite": "sqlite"}
PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}


class SqlSettings(Settings):
    """One table or view: which rows there are, and which of its columns mean something to us."""

    address: str = setting(
        "Address of the database, without password",
        example="postgresql://lockgate@db.acme.example/shop",
        help="postgresql://, mysql://, mariadb:// with user and host, or sqlite:///folder/file.",
    )
    password: Secret | None = setting("Password of that user", default=None)
    table: str = setting("Table or view that holds the items", example="shop.products", help="With its schema, if any.")
    kind: Literal["product", "asset"] = setting("What a row is", default="product")
    id: str = setting(
        "Column that tells rows apart", default="", help="Empty takes the primary key, where it is one column."
    )
    modified: str = setting(
        "Column that says when a row was changed last",
        default="",
        help="An instant or a number that grows. Without it changes are found by full runs only.",
    )
    overlap: Annotated[float, Field(ge=0, le=86_400)] = setting(
        "Seconds of changes that are read again at each look",
        default=60.0,
        help="At least as long as the longest transaction that writes there: what it commits late has an old time.",
        advanced=True,
    )
    key: str = setting(
        "Column for our key, to write rows",
        default="",
        example="lockgate_key",
        help="A text column of 200 characters with a unique index, which nobody else writes.",
    )
    hidden: str = setting(
        "Column that hides a row", default="", help="A yes-or-no column: rows whose rights ended are marked there."
    )

    @field_validator("address")
    @classmethod
    def is_address(cls, value: str) -> str:
        try:
            url = make_url(value.strip())
        except ArgumentError:
            raise ValueError("Give it as postgresql://user@host/database or sqlite:///folder/file") from None
        if url.drivername not in DRIVERS:
            raise ValueError(f"It begins with one of {', '.join(f'{one}://' for one in DRIVERS)}")
        if url.password is not None:
            raise ValueError("Leave the password out of it: it has a setting of its own")
        if url.drivername == "sqlite" and not url.database:
            raise ValueError("Name the file: sqlite:///folder/file")
        if url.drivername != "sqlite" and not (url.host and url.database):
            raise ValueError("Name host and database")
        return value.strip()

    @property
    def url(self) -> URL:
        """With driver and password, for the library alone: never shown."""
        plain = make_url(self.address)
        password = self.password.get_secret_value() if self.password else None
        return plain.set(drivername=DRIVERS[plain.drivername], password=password)

    @property
    def host(self) -> tuple[str, int] | None:
        """Host and port of the server; None for a file of this machine."""
        plain = make_url(self.address)
        return (plain.host, plain.port or PORTS[plain.drivername]) if plain.host else None

    def site_hosts(self) -> tuple[str, ...]:
        if self.host is None:
            return ()
        name, port = self.host
        return (f"[{name}]:{port}" if ":" in name else f"{name}:{port}",)
