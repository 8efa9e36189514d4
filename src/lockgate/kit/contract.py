"""What a connector promises the engine. Five reading operations make a source, five writing ones a target.

A connector implements the operations its system has and marks each with `@operation`; what it can do is discovered
from that (`capabilities`), never declared a second time. Vendor words stay below this line.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr
from yarl import URL

from lockgate.kit.consent import Consent
from lockgate.kit.errors import ConnectorError
from lockgate.kit.profile import Hint, Profile, Schema
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition

Effect = Literal["read", "create", "upsert", "replace", "link", "withdraw"]
Idempotency = Literal["natural", "key", "compare-and-set", "look-up"]

Secret = SecretStr


def setting(label: str, *, default: Any = ..., example: str = "", help: str = "", advanced: bool = False) -> Any:
    """A setting with its question. `advanced` ones have a default that fits most and are asked last."""
    extra: dict[str, JsonValue] = {"example": example, "advanced": advanced}
    return Field(default, title=label, description=help or None, json_schema_extra=extra)


class Settings(BaseModel):
    """What a person fills in for a connection. Declare each with `setting`; forms, docs and checks are made from it.

    Every connection has the four below beside its connector's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = setting(
        "Further hosts it may call, as host, host:port or *.host", default=(), advanced=True
    )
    private_addresses: bool = setting("Let it call loopback and private addresses", default=False, advanced=True)
    concurrency: int = setting("Calls at once", default=16, advanced=True)
    rate: float | None = setting("Calls a second, none for no limit", default=None, advanced=True)

    def site_hosts(self) -> tuple[str, ...]:
        """The hosts that follow from the settings themselves: that of `site`, the tenant's address, where there is one."""
        site = URL(str(getattr(self, "site", "")))
        return (f"{site.host}:{site.port}",) if site.host else ()


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    effect: Effect
    idempotent: Idempotency
    """`natural`: a repeat changes nothing. `key`: the vendor refuses or returns the first. `look-up`: we look before we write."""


F = TypeVar("F", bound=Callable[..., Any])


def operation(*, effect: Effect, idempotent: Idempotency = "natural") -> Callable[[F], F]:
    """Mark a method as an operation the engine may call."""

    def mark(method: F) -> F:
        method.__operation__ = Operation(name=method.__name__, effect=effect, idempotent=idempotent)  # type: ignore[attr-defined]
        return method

    return mark


class SystemInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `check`, for the person who sets the connection up."""

    product: str
    version: str = ""
    account: str = ""
    """Whom the credentials belong to."""
    notes: tuple[str, ...] = ()
    """What is worth knowing, in sentences (webhooks not signed, module missing, …)."""


class Ref(msgspec.Struct, frozen=True):
    """One line of an index: an item's id and its revision (`Item.revision`)."""

    id: str
    revision: str


T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A page and the cursor that continues after it. The cursor is opaque text and may be stored once the page is done."""

    records: list[T]
    cursor: str
    total: int | None = None
    """How many there are in all, if the system says (for progress)."""


class FileStream(msgspec.Struct, frozen=True, kw_only=True):
    """An open file: what is known of it before it is read, and its bytes."""

    filename: str
    media_type: str
    length: int | None
    chunks: AsyncIterator[bytes]


class FileSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a target may open (again after a failure). `sha256` is filled in `Receipt` by who reads it to the end."""

    filename: str
    media_type: str
    length: int | None
    expected: str | None
    """The digest the source states (`md5:…`): reading fails with ContractBroken where the bytes differ."""
    open: Callable[[], AbstractAsyncContextManager[FileStream]]


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """What a target item of ours should hold. `key` is ours and unique in the target: the item is found again by it."""

    key: str
    ref: str | None = None
    """The target's id where the ledger knows it; None looks up `key` before it creates."""
    fields: Mapping[str, Any] = {}
    """Values by canonical target field name: JSON scalars, lists, or text maps by language. Only what the flow owns."""
    file: FileSource | None = None
    """Set when the file must be sent: on create and when it differs."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed write."""

    key: str
    ref: str
    revision: str = ""
    created: bool = False
    sha256: str | None = None
    """Of the bytes sent, hex; None when no file was."""
    bytes: int = 0
    url: str | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the target holds for one of our keys, read back from it."""

    key: str
    ref: str
    revision: str
    fields: Mapping[str, Any] = {}
    length: int | None = None
    hidden: bool = False
    links: tuple[str, ...] = ()
    """Ids of the items this one is linked to."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Attach (`present`) or detach our item at another item's field, such as a product's images."""

    kind: str
    id: str
    """The item that carries the field (the product)."""
    field: str
    """Canonical name of the field (`images`)."""
    ref: str
    """Our item's id at the target."""
    present: bool = True


class HookRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as it came in: the path below the connection's own, headers in lower case, the raw body."""

    path: str
    headers: Mapping[str, str]
    body: bytes


S = TypeVar("S", bound=Settings)


class Connector(Generic[S]):
    """Base of all connectors. One instance serves one connection and may be used by many coroutines at once.

    Everything from outside is handed in through `services` (name, clock, HTTP, limits, spool, log). Use as an async
    context manager: `async with Celum(settings, profile, services) as dam: …`.
    Operations raise `ConnectorError` and nothing else for what a vendor does.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    """Kinds of items it knows, such as `("asset",)`; `schema` may report more for a tenant."""
    settings_type: ClassVar[type[Settings]]
    hints: ClassVar[tuple[Hint, ...]] = ()
    """How profile discovery recognises fields here (see `kit.profile`)."""
    withdraw_policies: ClassVar[tuple[str, ...]] = ()
    """Which of `hide`, `unpublish`, `flag`, `remove` the target can do."""

    def __init__(self, settings: S, profile: Profile, services: Services) -> None:
        self.settings = settings
        self.profile = profile
        self.services = services

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Release sessions."""

    @classmethod
    def consent(cls, settings: S) -> Consent | None:  # noqa: ARG003 - what most have not
        """How a person is asked for consent in a browser, where that gives the credentials. Needs no call."""
        return None

    async def check(self) -> SystemInfo:
        """Fail at set-up, in words an operator can act on, not on the first run. Raises NeedsOperator or Transient."""
        raise NotImplementedError

    async def schema(self) -> Schema:
        """The tenant's own fields, for the profile."""
        raise NotImplementedError

    # ── source ───────────────────────────────────────────────────────────────────────────────────────────────────

    def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Items changed since the cursor, oldest first; may repeat, must not miss. None starts now, not at the beginning."""
        raise NotImplementedError

    def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All items as id and revision, each once, from the beginning or the cursor; for full syncs and sweeps."""
        raise NotImplementedError

    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """The items as they are now, in any order; those gone or hidden from us are left out.

        The newest state, read whole: `Item.revision` equals what `index` states for it.
        """
        raise NotImplementedError

    def open(self, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
        """The bytes of exactly this version of the rendition."""
        raise NotImplementedError

    def receive(self, request: HookRequest) -> list[Event]:
        """Events in a webhook. Raises Rejected when signature or form is wrong; unknown event types give an empty list."""
        raise NotImplementedError

    def told(self, kind: str, records: Sequence[bytes]) -> list[Item]:
        """The items of records that events carried (`Event.record`), as `fetch` would give them."""
        raise NotImplementedError

    # ── target ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids of the items that carry an identifier (`by` is `sku`, `gtin`, `family`, …), per value; absent when none."""
        raise NotImplementedError

    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:
        """What the target holds under our keys, read now. Absent keys are not there."""
        raise NotImplementedError

    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
        """Hex digest of the file the target holds, by reading it; None when there is none. For doubt after a crash."""
        raise NotImplementedError

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002 - what most need
        """What `held` gives back for these fields once they are written, where the target keeps them in a form of its own."""
        return fields

    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """Create or update, one answer per write in order. A second call with the same keys creates nothing.

        An error stands at the place of its write; an error of the connection as a whole is raised.
        """
        raise NotImplementedError

    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        """Attach and detach, one answer per link in order, read back. What others attached stays."""
        raise NotImplementedError

    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Close our copies by policy and read each back; a Receipt means the target was seen closed."""
        raise NotImplementedError

    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """Undo `withdraw` for copies that may be seen again."""
        raise NotImplementedError


def capabilities(connector: type[Connector[Any]] | Connector[Any]) -> dict[str, Operation]:
    """The operations a connector really has, by name."""
    kind = connector if isinstance(connector, type) else type(connector)
    marked = (getattr(getattr(kind, name), "__operation__", None) for name in dir(kind))
    return {one.name: one for one in marked if isinstance(one, Operation)}
