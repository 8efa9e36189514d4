"""How our copies are found again: by a nickname that is a digest of our key, and, until they have it, by their first name.

Nicknames are unique on a server and are looked up in its database, not in an index that lags behind.
"""

import hashlib

from lockgate.connectors.opentext.client import OtcsClient
from lockgate.connectors.opentext.client.http import Record
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator

LONGEST_NAME = 248


class Keys:
    """Our keys on one server."""

    def __init__(self, client: OtcsClient, quirks: Quirks) -> None:
        self.client, self.quirks = client, quirks

    def nickname(self, key: str) -> str:
        return f"{self.quirks.nickname_prefix}{digest(key)[:40]}"

    def first_name(self, key: str) -> str:
        """What a copy is called until it has its nickname: by this name a broken-off creation is found and taken up."""
        return f"{self.nickname(key)}.part"

    async def find(self, key: str) -> Record | None:
        """The properties of our copy."""
        return await self.client.by_nickname(self.nickname(key))

    async def mark(self, id: int, key: str) -> None:
        """Make a node ours. Conflict where another item has our nickname."""
        try:
            await self.client.set_nickname(id, self.nickname(key))
        except NeedsOperator:
            raise
        except ConnectorError as error:
            found = await self.find(key)
            if found is None:
                raise
            if found["id"] != id:
                raise Conflict(
                    f"{error.sentence} The nickname of our key {key} belongs to item {found['id']}; remove that, or take the nickname "
                    "from it.",
                    code="key.taken",
                    detail=error.detail,
                ) from error


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def name_of(told: str) -> str:
    """A name the server takes: no colons, not too long, its ending kept."""
    plain = " ".join(told.replace(":", "-").split()) or "unnamed"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    kept = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
    return f"{(stem if kept else plain)[: LONGEST_NAME - len(kept) - 1]}…{kept}"


def distinct(name: str, key: str) -> str:
    """The name where another item has it: with a few characters of our key, the same each time."""
    stem, dot, ending = name.rpartition(".")
    mark = f" ({digest(key)[:6]})"
    if not dot or len(ending) > 10:
        return f"{name[: LONGEST_NAME - len(mark)]}{mark}"
    return f"{stem[: LONGEST_NAME - len(mark) - len(ending) - 1]}{mark}.{ending}"


def without_mark(name: str, key: str) -> str:
    """The name that was asked for, of one that was made distinct."""
    return name.replace(f" ({digest(key)[:6]})", "")
