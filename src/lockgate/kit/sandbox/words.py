"""What to make in a sandbox, said in canonical words: the same for every vendor, who translates them into its own.

A sandbox that can be told so offers the actions `make_<kind>`, `change_<kind>` and `remove_<kind>`; the first answers an
object with the `id`. What is not said is UNSET and stays as it is; null empties.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType, field

from lockgate.kit.sandbox.actions import ActionRefused
from lockgate.model.lifecycle import Status

Given = str | UnsetType | None
Listed = list[str] | UnsetType | None
Instant = Annotated[datetime, msgspec.Meta(tz=True)] | UnsetType | None


class ItemWords(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every kind of item understands."""

    title: str | UnsetType = UNSET
    sku: Given = field(name="ids.sku", default=UNSET)
    gtin: Given = field(name="ids.gtin", default=UNSET)
    family: Given = field(name="ids.family", default=UNSET)


class ProductWords(ItemWords):
    """What is said of a product."""


class AssetWords(ItemWords):
    """What is said of an asset and its file."""

    description: Given = field(name="texts.description", default=UNSET)
    copyright: Given = field(name="texts.copyright", default=UNSET)
    language: Listed = UNSET
    subject: Listed = field(name="keywords.subject", default=UNSET)
    campaign: Listed = field(name="keywords.campaign", default=UNSET)
    status: Status | UnsetType = UNSET
    window_from: Instant = field(name="window.from", default=UNSET)
    window_until: Instant = field(name="window.until", default=UNSET)
    cleared: bool | UnsetType | None = UNSET
    """Whether usage is cleared; null when nobody has said."""
    regions: Listed = UNSET
    """Where it may be used: ISO 3166 codes, or WORLD."""
    prohibited: Listed = UNSET
    """Where it may not be used."""
    rights_from: Instant = field(name="rights.from", default=UNSET)
    rights_until: Instant = field(name="rights.until", default=UNSET)
    statement: Given = field(name="rights.statement", default=UNSET)
    credit: Given = field(name="rights.credit", default=UNSET)
    file: str | UnsetType = UNSET
    """Name of its file; the bytes are drawn (see `samples`)."""
    version: int | UnsetType = UNSET
    """Another number is another file."""


W = TypeVar("W", bound=ItemWords)


def known(kind: type[ItemWords]) -> tuple[str, ...]:
    """The words of a kind as they are written."""
    return tuple(one.encode_name for one in msgspec.structs.fields(kind))


def said(kind: type[W], words: Mapping[str, Any]) -> W:
    """The words typed. Raises ActionRefused with a sentence. A text stands for a list of one."""
    lists = {one.encode_name for one in msgspec.structs.fields(kind) if one.type == Listed}
    plain = {name: [one] if name in lists and isinstance(one, str) else one for name, one in words.items()}
    if unknown := sorted(plain.keys() - set(known(kind))):
        raise ActionRefused(f"The words are {', '.join(known(kind))}, not {', '.join(unknown)}.")
    try:
        return msgspec.convert(plain, kind, strict=False)
    except msgspec.ValidationError as problem:
        raise ActionRefused(f"This cannot be made: {problem}.") from problem


def given(words: ItemWords) -> dict[str, Any]:
    """What was said, by the names of the attributes."""
    said_ones = {name: getattr(words, name) for name in words.__struct_fields__}
    return {name: value for name, value in said_ones.items() if value is not UNSET}
