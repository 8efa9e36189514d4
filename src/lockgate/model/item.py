"""The canonical item: one piece of content at one system, in words no vendor uses."""

from datetime import datetime
from typing import Any

import msgspec

from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period, Rights

UND = "und"
"""Language tag of a text whose language is not stated, or that holds for all (BCP 47 `und`)."""

Text = dict[str, str]
"""A text by BCP 47 language tag (`de`, `de-AT`, `und`)."""

ASSET = "asset"
PRODUCT = "product"


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an item, by address and digest; its bytes are read by the connector's `open`."""

    name: str
    """Which one: `original`, or the vendor's key of a derivative."""
    filename: str
    address: str
    """Opaque: what the connector needs to open it. Never an expiring URL."""
    version: str = ""
    """The vendor's id of this state of the file; another file has another version."""
    length: int | None = None
    digest: str | None = None
    """As the vendor states it, prefixed by its algorithm: `md5:…`, `sha256:…`."""
    media_type: str | None = None


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    kind: str
    id: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item as it is now. What a system does not state is None or empty, and opens nothing."""

    system: str
    """Name of the connection it was read from."""
    kind: str
    id: str
    revision: str
    """Opaque; differs whenever anything about the item that matters differs."""
    identifiers: dict[str, tuple[str, ...]] = {}
    """By kind (`sku`, `gtin`, `isbn`, `family`), in comparable form (see `model.codes.identifier`)."""
    title: Text = {}
    texts: dict[str, Text] = {}
    """Further texts by canonical name: `description`, `caption`, `alt`, `credit`, `copyright`."""
    status: Status = Status.UNKNOWN
    status_label: str = ""
    """The vendor's own word for the status, for people."""
    keywords: dict[str, tuple[str, ...]] = {}
    """Words by vocabulary; the plain one is `subject`, campaigns are `campaign`."""
    languages: tuple[str, ...] = ()
    rights: Rights | None = None
    window: Period = Period()
    """When the item may be used at all (release and expiry), rights aside."""
    latest: bool = True
    """False when a newer version of the same content is the current one."""
    missing: tuple[str, ...] = ()
    """What the source itself says is still missing or invalid (required fields, validation)."""
    renditions: tuple[Rendition, ...] = ()
    relations: tuple[Relation, ...] = ()
    fields: dict[str, Any] = {}
    """Other fields of the profile by canonical name, as JSON values."""
    modified: datetime | None = None
    url: str | None = None
    """The vendor's own page for this item."""

    def rendition(self, name: str) -> Rendition | None:
        return next((one for one in self.renditions if one.name == name), None)


def pick(text: Text, language: str = "en") -> str | None:
    """The text in this language, else a regional form of it, else without language, else the first; None when empty."""
    if not text:
        return None
    for tag in (
        language,
        *(tag for tag in sorted(text) if tag.split("-")[0] == language.split("-", maxsplit=1)[0]),
        UND,
    ):
        if tag in text:
            return text[tag]
    return text[min(text)]
