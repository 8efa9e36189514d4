"""A definition made into a connector: a class with exactly the operations that it declares."""

import types
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from typing import Any, ClassVar, Literal, Optional

from pydantic import create_model
from yarl import URL

from lockgate.connectors.rest.definition import templates
from lockgate.connectors.rest.definition.shapes import Definition, Setting
from lockgate.connectors.rest.runtime.auth import consent_of
from lockgate.connectors.rest.runtime.describing import hints, schema, system
from lockgate.connectors.rest.runtime.engine import Compiled, plain_settings
from lockgate.connectors.rest.runtime.reading import EXACT
from lockgate.kit.consent import Consent
from lockgate.kit.contract import (
    Connector,
    FileStream,
    Held,
    HookRequest,
    Link,
    Page,
    Receipt,
    Ref,
    Secret,
    Settings,
    SystemInfo,
    Write,
    operation,
    setting,
)
from lockgate.kit.errors import ConnectorError, Rejected
from lockgate.kit.paging import exact_totals
from lockgate.kit.profile import Profile, Schema
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition

OWN = frozenset(Settings.model_fields)
TYPES: Mapping[str, Any] = {"text": str, "number": float, "flag": bool}


class Defined(Connector[Settings]):
    """Base of connectors that are made of a definition; `connector_of` gives each the operations it declares."""

    definition: ClassVar[Definition]
    secrets: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, settings: Settings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        plain, hidden = plain_settings(settings, self.secrets)
        self.compiled = Compiled(self.definition, plain, hidden, profile, services)

    @classmethod
    def consent(cls, settings: Settings) -> Consent | None:
        """As `auth` of the definition says."""
        plain, hidden = plain_settings(settings, cls.secrets)
        base = str(templates.text(cls.definition.base)({"settings": plain}))
        return consent_of(cls.definition, {**plain, **hidden}, base)

    async def __aexit__(self, *exc: object) -> None:
        await self.compiled.client.close()

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """The cheapest call that needs good credentials; notes name what the set-up will make."""
        return await system(self.compiled)

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The fields of the definition, and the tenant's own where it says how to find them."""
        return await schema(self.compiled)

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `held` gives back for these fields once they are written."""
        return self.compiled.of(kind).records.as_held(fields)

    def cannot(self, kind: str, what: str) -> Rejected:
        return Rejected(f"The definition of {self.title} does not say how to {what} a {kind}.", code=what)


async def changes(self: Defined, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
    """Records changed since an instant, or entries of a feed, as the definition says."""
    of = self.compiled.of(kind)
    if of.changes is None:
        raise self.cannot(kind, "watch")
    async for page in of.changes.pages(await self.compiled.reading(), after):
        yield page


async def index(self: Defined, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
    """All records as id and revision; the cursor is where the list goes on."""
    of = self.compiled.of(kind)
    if of.index is None:
        raise self.cannot(kind, "list")
    async for page in of.index.pages(await self.compiled.reading(), after):
        yield page


async def fetch(self: Defined, kind: str, ids: Sequence[str]) -> list[Item]:
    """Records as they are now, one a call or many with one."""
    of = self.compiled.of(kind)
    if of.fetch is None:
        raise self.cannot(kind, "fetch")
    wanted, records = set(ids), of.records
    made: dict[str, Item] = {}
    for found in await of.fetch.found(await self.compiled.reading(), list(ids)):
        for values, raw in zip(found.values, found.raws, strict=True):
            if not records.gone(values) and (id := records.id(values)) in wanted:
                made[id] = records.item(values, raw)
    return list(made.values())


def open_(self: Defined, item_id: str, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
    """The file of exactly this version; compared before the first and after the last byte."""
    return opened(self, item_id, rendition)


@asynccontextmanager
async def opened(self: Defined, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
    files = self.compiled.files_of(rendition)
    async with files.open(await self.compiled.reading(), item_id, rendition) as stream:
        yield stream


def receive(self: Defined, request: HookRequest) -> list[Event]:
    """The items a webhook names, once its signature was proved."""
    if self.compiled.receiving is None:
        raise Rejected(f"The definition of {self.title} names no webhooks.", code="hook")
    return self.compiled.receiving.events(request)


def told(self: Defined, kind: str, records: Sequence[bytes]) -> list[Item]:
    """The items of records that webhooks carried."""
    reading = self.compiled.of(kind).records
    return [reading.item(reading.take(reading.one.decode(raw)), raw) for raw in records]


async def find(self: Defined, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
    """Ids by identifier, compared once more in the form in which two are compared."""
    looking = self.compiled.of(kind).find.get(by)
    if looking is None:
        raise self.cannot(kind, f"find by {by}")
    return await looking.ids(await self.compiled.reading(), values)


async def held(self: Defined, kind: str, keys: Sequence[str]) -> dict[str, Held]:
    """Our copies by our key, with what carries them."""
    of = self.compiled.of(kind)
    if of.standing is None:
        raise self.cannot(kind, "find")
    return await of.standing.held(await self.compiled.reading(), keys)


async def file_digest(self: Defined, kind: str, ref: str, algorithm: str = "sha256") -> str | None:
    """By reading the file."""
    of = self.compiled.of(kind)
    if of.files is None:
        raise self.cannot(kind, "open")
    return await of.files.digest(await self.compiled.reading(), ref, algorithm)


async def upsert(self: Defined, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
    """Looked up by our key, then created or changed; many with one call where the definition says how."""
    of = self.compiled.of(kind)
    if of.writing is None:
        raise self.cannot(kind, "write")
    return await of.writing.upsert(await self.compiled.once.done(self.compiled.scope), writes)


async def link(self: Defined, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
    """Attach and detach; what others attached stays, and each change is read back."""
    return await self.compiled.linking.link(await self.compiled.once.done(self.compiled.scope), links)


async def withdraw(self: Defined, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
    """Close copies by the definition's calls, and read each back."""
    of = self.compiled.of(kind)
    if of.closing is None:
        raise self.cannot(kind, policy)
    return await of.closing.withdraw(await self.compiled.reading(), refs, policy)


async def show(self: Defined, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
    """Show copies again, and read each back."""
    of = self.compiled.of(kind)
    if of.closing is None:
        raise self.cannot(kind, "show")
    return await of.closing.show(await self.compiled.reading(), refs)


class Way:
    """An operation, when a definition has it, and how it is marked."""

    def __init__(
        self, method: Callable[..., Any], there: Callable[[Any], Any], effect: Any = "read", idempotent: Any = "natural"
    ) -> None:
        self.method, self.there, self.effect, self.idempotent = method, there, effect, idempotent


WAYS: Mapping[str, Way] = {
    "changes": Way(changes, lambda kind: kind.changes),
    "index": Way(index, lambda kind: kind.index),
    "fetch": Way(fetch, lambda kind: kind.fetch),
    "open": Way(open_, lambda kind: kind.record.renditions and kind.fetch),
    "find": Way(find, lambda kind: kind.find),
    "held": Way(held, lambda kind: kind.held),
    "file_digest": Way(file_digest, lambda kind: kind.record.renditions and kind.fetch and kind.held),
    "upsert": Way(upsert, lambda kind: kind.create or kind.update or kind.upsert or kind.bulk, "upsert", "look-up"),
    "link": Way(link, lambda kind: kind.links, "link", "look-up"),
    "withdraw": Way(withdraw, lambda kind: kind.withdraw, "withdraw"),
    "show": Way(show, lambda kind: kind.show, "withdraw"),
}


def copied(method: Callable[..., Any], name: str) -> Any:
    """A function of its own, so that the mark of one connector does not reach another."""
    made = types.FunctionType(method.__code__, method.__globals__, name, method.__defaults__, method.__closure__)
    made.__doc__, made.__annotations__, made.__kwdefaults__ = (
        method.__doc__,
        method.__annotations__,
        method.__kwdefaults__,
    )
    return made


def operations(definition: Definition) -> dict[str, Any]:
    kinds = definition.kinds.values()
    made = {}
    for name, way in WAYS.items():
        if any(way.there(kind) for kind in kinds):
            by_key = name == "upsert" and all(kind.upsert or not (kind.create or kind.bulk) for kind in kinds)
            made[name] = operation(effect=way.effect, idempotent="key" if by_key else way.idempotent)(
                copied(way.method, name)
            )
    if definition.hooks is not None:
        made["receive"] = operation(effect="read")(copied(receive, "receive"))
        if any(one.record is not None for one in definition.hooks.events):
            made["told"] = operation(effect="read")(copied(told, "told"))
    return made


def connector_of(definition: Definition) -> type[Defined]:
    """The connector's class; equal definitions give one class."""
    return made(definition.model_dump_json(by_alias=True), Same(definition))


class Same:
    """A definition that is not looked at when two calls are compared."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def made(text: str, given: Same) -> type[Defined]:  # noqa: ARG001 (the text is what two definitions are compared by)
    definition = given.definition
    policies = dict.fromkeys(policy for kind in definition.kinds.values() for policy in kind.withdraw)
    members = {
        "__doc__": f"{definition.title}, by its definition.",
        "__module__": __name__,
        "id": definition.definition,
        "title": definition.title,
        "kinds": tuple(definition.kinds),
        "settings_type": settings_of(definition),
        "hints": hints(definition),
        "withdraw_policies": tuple(policies),
        "definition": definition,
        "secrets": frozenset(name for name, one in definition.settings.items() if one.secret),
        **operations(definition),
    }
    return type(definition.definition.title().replace("_", ""), (Defined,), members)


def settings_of(definition: Definition) -> type[Settings]:
    """The settings a connection is asked for; the hosts follow from `base` and `hosts`."""
    fields: dict[str, Any] = {name: (type_of(one), question(one)) for name, one in definition.settings.items()}
    limits = definition.limits
    fields["concurrency"] = (int, setting("Calls at once", default=limits.concurrency, advanced=True))
    fields["rate"] = (float | None, setting("Calls a second, none for no limit", default=limits.rate, advanced=True))
    if any(kind.index and kind.index.paging and kind.index.paging.total for kind in definition.kinds.values()):
        fields[EXACT] = (bool, exact_totals())
    base: type[Settings] = type(
        "DefinedSettings", (Settings,), {"site_hosts": hosts_of(definition), "__module__": __name__}
    )
    made_type: type[Settings] = create_model(
        f"{definition.definition}Settings", __base__=base, __module__=__name__, **fields
    )
    return made_type


def type_of(one: Setting) -> Any:
    plain = Secret if one.secret else Literal[one.choices] if one.choices else TYPES[one.type]
    return Optional[plain] if one.optional and one.type != "text" else plain  # noqa: UP045 (the type is known at run time only)


def question(one: Setting) -> Any:
    default: Any = one.default
    if default is None and one.optional:
        default = "" if one.type == "text" and not one.secret else None
    elif default is None:
        default = ...
    elif one.type == "flag":
        default = default.lower() in {"true", "yes"}
    elif one.type == "number":
        default = float(default)
    return setting(one.label, default=default, example=one.example, help=one.help, advanced=one.advanced)


def hosts_of(definition: Definition) -> Callable[[Settings], tuple[str, ...]]:
    secret = frozenset(name for name, one in definition.settings.items() if one.secret)

    def site_hosts(self: Settings) -> tuple[str, ...]:
        """The host of the base address, of the token address, and those the definition names."""
        plain, _ = plain_settings(self, secret)
        named = [str(templates.text(one)({"settings": plain})) for one in definition.hosts]
        addresses = [definition.base, definition.auth.token_url]
        urls = [URL(str(templates.text(one)({"settings": plain}))) for one in addresses if one]
        return (*(f"{url.host}:{url.port}" for url in urls if url.host), *named)

    return site_hosts
