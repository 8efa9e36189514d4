"""What a defined system says of itself: who answered, which fields there are."""

from collections.abc import Sequence
from typing import Any

from lockgate.connectors.rest.definition import paths, templates
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Definition, Discover, FieldShape
from lockgate.connectors.rest.runtime.engine import Compiled, KindOf
from lockgate.kit.contract import SystemInfo
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import FieldInfo, Hint, Schema, schema_of

TYPES = {"flag": "boolean", "integer": "number", "number": "number", "instant": "instant", "date": "date"}


async def system(compiled: Compiled) -> SystemInfo:
    """Raises ConnectorError where the credentials are no good or nobody is there."""
    scope, shape = compiled.scope, compiled.definition.check
    got = await compiled.check(scope)
    inner = compiled.check.last.inner(got.answer)
    if shape.call is not None and not recognised(inner, (shape.product, shape.version, shape.account)):
        raise ContractBroken(
            f"What answers at this address does not answer as {compiled.definition.title} does; check the address.",
            code="another_system",
        )
    notes = [
        f"“{title}” is not there yet; it is made before the first write."
        for title in await compiled.once.missing(scope)
    ]
    return SystemInfo(
        product=said(inner, shape.product) or compiled.definition.title,
        version=said(inner, shape.version),
        account=said(inner, shape.account),
        notes=(*shape.notes, *notes),
    )


def recognised(inner: Any, looked_for: Sequence[str]) -> bool:
    """Whether anything is there of what a check reads in an answer. Most systems answer anything with some JSON."""
    named = [path for path in looked_for if path and not path.startswith(paths.HEADER)]
    found = (paths.getter(path)(inner) for path in named if inner is not paths.MISSING)
    return not named or any(one is not paths.MISSING for one in found)


def said(inner: Any, path: str) -> str:
    found = paths.getter(path)(inner) if path and inner is not paths.MISSING else paths.MISSING
    return "" if found in (None, paths.MISSING) else as_text(found)


async def schema(compiled: Compiled) -> Schema:
    made = {}
    for name, of in compiled.kinds.items():
        declared = [info(canonical, one, of) for canonical, one in of.shape.record.fields.items() if one.at is not None]
        own = await discovered(compiled, of.shape.discover) if of.shape.discover else []
        known = {one.name for one in declared}
        every = {one.name: one for one in (*declared, *(one for one in own if one.name not in known))}
        made[name] = tuple(every.values())
    return schema_of(made)


def info(canonical: str, shape: FieldShape, of: KindOf) -> FieldInfo:
    field = of.records.fields.get(canonical)
    return FieldInfo(
        name=field.at if field else str(shape.at),
        label=shape.label or canonical,
        type="choice" if shape.values else TYPES.get(shape.type, "text"),
        multiple=shape.type == "list" or paths.many(field.at) if field and not field.at.startswith("=") else False,
        localized=shape.type == "texts" or bool(shape.entries and shape.entries.language),
        options={theirs: theirs for theirs in shape.values},
        writable=bool(field and field.sent_to),
    )


async def discovered(compiled: Compiled, shape: Discover) -> list[FieldInfo]:
    """The tenant's own fields, by a call."""
    ready = compiled.calling.work(shape)
    got = await ready(await compiled.reading())
    inner = ready.last.inner(got.answer)
    found = paths.getter(shape.records)(inner) if inner is not paths.MISSING else []
    named = templates.text(shape.name)
    return [
        FieldInfo(
            name=str(named({"field": one})),
            label=said(one, shape.label),
            type=shape.types.get(said(one, shape.type), "text"),
        )
        for one in (found if isinstance(found, list) else [])
    ]


def hints(definition: Definition) -> tuple[Hint, ...]:
    """Words for the fields that are found in the tenant's own schema; all others are where the definition says."""
    return tuple(
        Hint(kind=name, canonical=canonical, words=tuple(one.match))
        for name, kind in definition.kinds.items()
        for canonical, one in kind.record.fields.items()
        if one.match
    )
