"""How our items stand at the target: found by our key, seen closed or open, linked."""

import asyncio
from collections.abc import Mapping, Sequence

from lockgate.connectors.rest.definition import paths
from lockgate.connectors.rest.definition.calls import Fetch, Work
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Kind, LinkField
from lockgate.connectors.rest.runtime.calls import Calling, Scope
from lockgate.connectors.rest.runtime.layout import Values
from lockgate.connectors.rest.runtime.reading import Many
from lockgate.connectors.rest.runtime.records import Records
from lockgate.kit.contract import Held, Link, Receipt
from lockgate.kit.errors import Conflict, ConnectorError, NotFound, Rejected, Transient
from lockgate.kit.together import answered, each

Answer = Receipt | ConnectorError


class Ids:
    """The ids that one call names."""

    def __init__(self, calling: Calling, fetch: Fetch) -> None:
        self._ready = calling.work(fetch)
        self._read = paths.getter(fetch.records)

    async def __call__(self, scope: Scope) -> list[str]:
        """Raises NotFound where there is nothing to look into."""
        got = await self._ready(scope)
        inner = self._ready.last.inner(got.answer)
        found = self._read(inner) if inner is not paths.MISSING else paths.MISSING
        listed = found if isinstance(found, list) else [] if found in (None, "", paths.MISSING) else [found]
        return [as_text(one) for one in listed if one not in (None, "")]


class Standing:
    """Our copies by our key."""

    def __init__(self, calling: Calling, kind: Kind, records: Records, carriers: Sequence[Fetch]) -> None:
        self._records = records
        self._held = Many(calling, records, kind.held, "key", "keys") if kind.held else None
        self._carriers = [Ids(calling, one) for one in carriers]

    async def refs(self, scope: Scope, keys: Sequence[str]) -> dict[str, str]:
        return {key: self._records.id(values) for key, (values, _) in (await self._found(scope, keys)).items()}

    async def held(self, scope: Scope, keys: Sequence[str]) -> dict[str, Held]:
        found = await self._found(scope, keys)
        links = await each(found.values(), lambda one: self._links(scope, self._records.id(one[0])))
        return {
            key: self._records.held(key, values, raw, linked)
            for (key, (values, raw)), linked in zip(found.items(), links, strict=True)
        }

    async def _links(self, scope: Scope, ref: str) -> tuple[str, ...]:
        found: list[str] = []
        for ids in self._carriers:
            found += await ids(scope | {"ref": ref})
        return tuple(dict.fromkeys(found))

    async def _found(self, scope: Scope, keys: Sequence[str]) -> dict[str, tuple[Values, bytes]]:
        """Records by our key; those deleted, and those under another key than was asked for, are left out."""
        if self._held is None or self._records.keys is None:
            return {}
        written: dict[str, str] = {}
        for key in keys:
            try:
                written[self._records.keys.written(key)] = key
            except Rejected:
                continue  # a key that the place cannot hold is under none
        made: dict[str, tuple[Values, bytes]] = {}
        for found in await self._held.found(scope, list(written)):
            for values, raw in zip(found.values, found.raws, strict=True):
                ours = written.get(self._records.stored_key(values))
                if ours is not None and not self._records.gone(values):
                    made.setdefault(ours, (values, raw))
        return {key: made[key] for key in keys if key in made}


class Closing:
    """Copies are hidden, removed, shown again; what can be read is read back."""

    def __init__(self, calling: Calling, kind: Kind, records: Records) -> None:
        self._records, self._who = records, calling.client.services.connection
        self._ways = {policy: calling.work(work) for policy, work in kind.withdraw.items()}
        self._show = calling.work(kind.show) if kind.show else None
        self._fetch = Many(calling, records, kind.fetch, "id", "ids") if kind.fetch else None

    async def withdraw(self, scope: Scope, refs: Sequence[str], policy: str) -> list[Answer]:
        if policy not in self._ways:
            known = ", ".join(self._ways) or "nothing"
            raise Rejected(f"{self._who} cannot {policy} a {self._records.name}; it can {known}.", code="policy")
        return await each(refs, lambda ref: answered(self._closed(scope, ref, policy)))

    async def show(self, scope: Scope, refs: Sequence[str]) -> list[Answer]:
        return await each(refs, lambda ref: answered(self._shown(scope, ref)))

    async def _closed(self, scope: Scope, ref: str, policy: str) -> Receipt:
        try:
            await self._ways[policy](scope | {"ref": ref})
        except NotFound:
            if policy != "remove":
                raise
        if self._fetch is not None:
            values = await self._seen(scope, ref)
            if values is not None and (policy == "remove" or not self._records.hidden(values)):
                raise Transient(f"{self._who} took the call to {policy} {ref}, but still shows it.", code="withdraw")
        return Receipt(key=ref, ref=ref)

    async def _shown(self, scope: Scope, ref: str) -> Receipt:
        if self._show is None:
            raise Rejected(f"{self._who} cannot show a {self._records.name} again.", code="show")
        await self._show(scope | {"ref": ref})
        if self._fetch is not None:
            values = await self._seen(scope, ref)
            if values is None:
                raise NotFound(f"{self._who} does not hold {ref} any more.")
            if self._records.hidden(values):
                raise Transient(f"{self._who} took the call to show {ref}, but still hides it.", code="show")
        return Receipt(key=ref, ref=ref)

    async def _seen(self, scope: Scope, ref: str) -> Values | None:
        found = await self._fetch.found(scope, [ref]) if self._fetch else []
        every = (values for one in found for values in one.values)
        return next((one for one in every if self._records.id(one) == ref and not self._records.gone(one)), None)


class Linking:
    """Fields of other items that carry ours. What others attached stays; each change is read back."""

    def __init__(self, calling: Calling, kinds: Mapping[str, Kind]) -> None:
        self._who = calling.client.services.connection
        self._fields = {
            (kind, name): Linked(calling, field) for kind, shape in kinds.items() for name, field in shape.links.items()
        }
        self._locks: dict[tuple[str, str, str], asyncio.Lock] = {}

    async def link(self, scope: Scope, links: Sequence[Link]) -> list[Answer]:
        return await each(links, lambda link: answered(self._one(scope, link)))

    async def _one(self, scope: Scope, link: Link) -> Receipt:
        field = self._fields.get((link.kind, link.field))
        if field is None:
            known = ", ".join(f"{kind}.{name}" for kind, name in self._fields)
            raise Rejected(f"{self._who} has no links at {link.kind}.{link.field}; there are {known}.", code="link")
        place = (link.kind, link.id, link.field)
        # Two of ours at one carrier would each write back the list without the other.
        async with self._locks.setdefault(place, asyncio.Lock()):
            await field.change(scope | {"id": link.id}, link.ref, link.present)
        return Receipt(key=link.ref, ref=link.ref)


class Linked:
    """One such field."""

    def __init__(self, calling: Calling, field: LinkField) -> None:
        self._who = calling.client.services.connection
        self._read = Ids(calling, field.read)
        ways: dict[str, Work | None] = {"attach": field.attach, "detach": field.detach, "write": field.write}
        self._ways = {name: calling.work(work) for name, work in ways.items() if work is not None}

    async def change(self, scope: Scope, ref: str, present: bool) -> None:
        before = await self._read(scope)
        if (ref in before) == present:
            return
        if "write" in self._ways:
            refs = [*before, ref] if present else [one for one in before if one != ref]
            await self._ways["write"](scope | {"ref": ref, "refs": refs})
        else:
            await self._ways["attach" if present else "detach"](scope | {"ref": ref})
        if (ref in await self._read(scope)) != present:
            done = "attached" if present else "detached"
            raise Conflict(f"{self._who} took the call, but {ref} is not {done} at {scope['id']}.", code="link")
