"""Categories of a tenant → the fields its profile chooses from."""

from collections.abc import Iterable, Mapping

from lockgate.connectors.opentext.hints import OBJECT, PLACES
from lockgate.connectors.opentext.mapping.categories import Attribute
from lockgate.connectors.opentext.mapping.records import BUSINESS, OWN, STATED, UPLOADER
from lockgate.kit.profile import FieldInfo

STATED_TYPES = {
    "create_date": "instant",
    "modify_date": "instant",
    "size": "number",
    "reserved": "boolean",
    "create_user_id": "number",
}
LINKS = {"documents": "asset", "children": "workspace", "parents": "workspace"}


def asset_fields(known: Mapping[str, Attribute]) -> tuple[FieldInfo, ...]:
    """Fields of documents: their own, of the workspace they lie in, where they are put, and attributes."""
    places = (FieldInfo(name=one, label=one.replace("_", " ").capitalize(), type="text") for one in PLACES)
    uploader = FieldInfo(name=UPLOADER, label="Uploaded by", type="number", writable=False)
    return (*of_nodes(), uploader, *business(), *places, *map(of_attribute, known.values()))


def workspace_fields(known: Mapping[str, Attribute]) -> tuple[FieldInfo, ...]:
    said = (
        FieldInfo(name=one, label=one.replace("_", " ").capitalize(), type="text")
        for one in OBJECT
        if one not in BUSINESS
    )
    links = (
        FieldInfo(name=name, label=name.capitalize(), type="reference", multiple=True, target=kind)
        for name, kind in LINKS.items()
    )
    return (*of_nodes(), *business(), *said, *links, *map(of_attribute, known.values()))


def of_nodes() -> Iterable[FieldInfo]:
    for one in OWN.values():
        yield FieldInfo(name=one.key, label=one.label, type=one.type)
    for name in STATED:
        label = name.replace("_", " ").capitalize()
        yield FieldInfo(name=name, label=label, type=STATED_TYPES.get(name, "text"), writable=False)


def business() -> Iterable[FieldInfo]:
    for name in BUSINESS:
        writable = name in OBJECT
        yield FieldInfo(name=name, label=name.replace("_", " ").capitalize(), type="text", writable=writable)


def of_attribute(one: Attribute) -> FieldInfo:
    return FieldInfo(
        name=one.key,
        label=one.label,
        type=one.type,
        multiple=one.multiple,
        required=one.required,
        writable=not one.read_only,
    )
