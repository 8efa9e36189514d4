"""Mapping: which target fields an item gives, and how two sets of fields differ.

Values are JSON. Absent, null, empty, zero and false are five different things, and so are true and 1.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from lockgate.engine.expression import Expression, NoAnswer, NotStated, as_json
from lockgate.kit.errors import Rejected
from lockgate.model import paths
from lockgate.model.item import Item
from lockgate.model.plan import FieldChange


class FromPath(msgspec.Struct, frozen=True):
    """A target field taken from a canonical path of the item; `default` stands in where the item states nothing."""

    path: str
    default: Any = msgspec.UNSET


class Constant(msgspec.Struct, frozen=True):
    """A target field that always holds the same."""

    value: Any


class FromExpression(msgspec.Struct, frozen=True):
    """A target field worked out by a CEL expression."""

    expression: Expression
    default: Any = msgspec.UNSET


Source = FromPath | Constant | FromExpression
Getter = Callable[[Item], Any]


class Deliver:
    """What a flow delivers to its target, with the reading of the fields prepared. Equal when it delivers the same."""

    __slots__ = ("closed", "fields", "getters", "link", "rendition")

    def __init__(
        self,
        *,
        fields: Mapping[str, Source],
        rendition: str | None = "original",
        link: Mapping[str, str] | None = None,
        closed: str = "hide",
    ) -> None:
        self.fields: Mapping[str, Source] = dict(fields)
        """Canonical target field → where its value comes from."""
        self.rendition = rendition
        """Name of the rendition whose file is sent; None for records without a file."""
        self.link: Mapping[str, str] = dict(link or {})
        """Name of what is resolved → the field of it that our item is linked at."""
        self.closed = closed
        """What happens to our copy when a gate closes: `hide`, `unpublish`, `flag`, `remove`."""
        self.getters = tuple((name, getter(name, source)) for name, source in self.fields.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Deliver) and all(
            getattr(self, name) == getattr(other, name) for name in ("fields", "rendition", "link", "closed")
        )

    __hash__ = None  # type: ignore[assignment]  # holds mappings


def shape(deliver: Deliver, item: Item) -> dict[str, Any]:
    """What the target should hold in the fields this flow owns, by canonical target name, every one of them.

    A field for which the item states nothing is null, an empty text map or an empty list, as its path gives it: the target is
    to hold nothing there. Raises Rejected when an expression cannot be answered for this item.
    """
    return {name: get(item) for name, get in deliver.getters}


def getter(name: str, source: Source) -> Getter:
    if isinstance(source, Constant):
        value = source.value
        return lambda _: value
    if isinstance(source, FromPath):
        return with_default(paths.reader(source.path), source.default)
    return with_default(answering(name, source), source.default)


def with_default(read: Getter, default: Any) -> Getter:
    if default is msgspec.UNSET:
        return read

    def get(item: Item) -> Any:
        value = read(item)
        return value if paths.stated(value) else default

    return get


def answering(name: str, source: FromExpression) -> Getter:
    expression, optional = source.expression, source.default is not msgspec.UNSET

    def get(item: Item) -> Any:
        try:
            return as_json(expression(item))
        except NotStated as error:
            if optional:
                return None
            raise unmapped(name, error) from error
        except NoAnswer as error:
            raise unmapped(name, error) from error

    return get


def unmapped(name: str, error: NoAnswer) -> Rejected:
    return Rejected(
        f"the target field `{name}` cannot be filled: {error}. Correct the item, or give the field a default in the recipe.",
        code="mapping.failed",
    )


ENCODER = msgspec.json.Encoder(order="deterministic")


def digest(fields: Mapping[str, Any]) -> str:
    """A hex digest of the fields, the same whatever their order; equal exactly when `differences` finds none."""
    return hashlib.sha256(ENCODER.encode(fields)).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that differ, by name. A side that does not carry a field at all has `msgspec.UNSET` there, which is not null."""
    return tuple(
        FieldChange(field=name, before=was, after=is_)
        for name in sorted({*before, *after})
        if differ(was := before.get(name, msgspec.UNSET), is_ := after.get(name, msgspec.UNSET))
    )


def differ(one: Any, other: Any) -> bool:
    if one is msgspec.UNSET or other is msgspec.UNSET:
        return one is not other
    return type(one) is not type(other) or ENCODER.encode(one) != ENCODER.encode(other)
