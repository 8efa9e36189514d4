"""Values of information fields: checked, written plainly or by operation, and shown in their sets."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from lockgate.connectors.celum.sandbox.call import objects, whole
from lockgate.connectors.celum.sandbox.definitions import LOCALIZED_TYPES, REFERENCE_TYPES, TAGS, Field, Kind
from lockgate.connectors.celum.sandbox.errors import Refused, invalid, invalid_field
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.times import normal

Fields = dict[str, Any]


def write_plain(tenant: Tenant, kind: Kind | None, body: Mapping[str, Any]) -> Fields:
    """The values of a create body, where each is given as it is, without an operation."""
    fields: Fields = {}
    for entry in objects(body, "informationFieldValues"):
        field = _field_of(kind, entry)
        given = entry.get("value")
        if isinstance(given, dict) and "op" in given:
            raise invalid_field(field.id, f"Field {field.id} takes a plain value on creation, not an operation")
        if given is not None:
            _keep(fields, field, _check(tenant, field, given))
    return fields


def write_operations(
    tenant: Tenant, kind: Kind | None, body: Mapping[str, Any], fields: Fields, *, strict: bool
) -> list[int]:
    """Do the operations of a PATCH body to `fields`; answers the numbers of the fields that were named."""
    touched = []
    for entry in objects(body, "informationFieldValues"):
        field = _field_of(kind, entry)
        change = entry.get("value")
        if not isinstance(change, dict) or not isinstance(change.get("op"), str):
            raise invalid_field(field.id, f"Field {field.id} is changed by an operation")
        _keep(fields, field, _operate(tenant, field, change, fields.get(str(field.id))))
        if strict and field.required and str(field.id) not in fields:
            raise invalid_field(field.id, f"Field {field.id} is required")
        touched.append(field.id)
    return touched


def complete(kind: Kind | None, fields: Fields) -> bool:
    """Whether every required field has a value."""
    return kind is None or all(str(field.id) in fields for field in kind.fields.values() if field.required)


def sets(
    tenant: Tenant, kind: Kind | None, fields: Fields, only: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The values as they are read: in sets, each with its field's definition; an empty one has no `value`."""
    shown = []
    for group in kind.sets if kind else ():
        values = [_shown(tenant, field, fields) for field in group.fields if only is None or field.id in only]
        if values or only is None:
            shown.append({**group.head(), "informationFieldValues": values})
    return shown


def field_of_type(tenant: Tenant, id: int, entity: str, *types: str) -> Field:
    """A field for a filter or a sort; refused when there is none such on these entities, or it is of another type."""
    field = tenant.definitions.fields.get(id)
    if field is None or field.entity != entity:
        raise invalid_field(id, f"Field {id} is unknown")
    if types and field.type not in types:
        raise invalid_field(id, f"Field {id} is of type {field.type}")
    return field


def _shown(tenant: Tenant, field: Field, fields: Fields) -> dict[str, Any]:
    value = fields.get(str(field.id))
    shown = {"type": field.type, "field": field.raw}
    if value is not None:
        shown["value"] = _references(tenant, field, value) if field.type in REFERENCE_TYPES else value
    return shown


def _references(tenant: Tenant, field: Field, ids: list[int]) -> list[dict[str, Any]]:
    """Ids with names, as far as the server resolves names; a collection that is gone has none."""
    shown: list[dict[str, Any]] = []
    for place, id in enumerate(ids):
        node = tenant.tree.find(id) if place < tenant.reference_names else None
        if node is None:
            shown.append({"id": id})
        else:
            shown.append({"id": id, "name": node.label if field.type == "TAG_REFERENCE" else node.name})
    return shown


def _field_of(kind: Kind | None, entry: Mapping[str, Any]) -> Field:
    id = entry.get("id")
    if not whole(id):
        raise invalid("informationFieldValues", "Each value needs the id of its field")
    field = kind.fields.get(id) if kind else None
    if field is None:
        raise invalid_field(id, f"Field {id} does not belong to the type")
    if entry.get("type") != field.type:
        raise invalid_field(id, f"Field {id} is of type {field.type}")
    return field


def _keep(fields: Fields, field: Field, value: Any) -> None:
    if value is None or value in ("", [], {}):
        fields.pop(str(field.id), None)
    else:
        fields[str(field.id)] = value


def _operate(tenant: Tenant, field: Field, change: Mapping[str, Any], now: Any) -> Any:
    match change["op"]:
        case "CLEAR":
            return None
        case "SET" if field.type not in LOCALIZED_TYPES:
            return _check(tenant, field, change.get("value"))
        case "MODIFY" if field.type in LOCALIZED_TYPES:
            return _modify_texts(field, change, now or {})
        case "MODIFY" if field.type in REFERENCE_TYPES:
            return _modify_references(tenant, field, change, now or [])
    raise invalid_field(field.id, f"Operation {change['op']} does not exist for type {field.type}")


def _modify_texts(field: Field, change: Mapping[str, Any], now: dict[str, str]) -> dict[str, str]:
    cleared = change.get("clear") or []
    if not isinstance(cleared, list):
        raise invalid_field(field.id, "clear must be a list of locales")
    texts = {**now, **_localized(field, change.get("set") or {})}
    return {locale: text for locale, text in texts.items() if locale not in cleared}


def _modify_references(tenant: Tenant, field: Field, change: Mapping[str, Any], now: list[int]) -> list[int]:
    removed, added = (_ids(field, change.get(name) or []) for name in ("remove", "add"))
    kept = [id for id in now if id not in removed]
    fresh = [id for id in added if id not in kept]
    _selectable(tenant, field, fresh, len(kept) + len(fresh))
    return kept + fresh


def _check(tenant: Tenant, field: Field, value: Any) -> Any:
    """The value as it is stored, or the refusal of one that does not fit its field."""
    if field.type in REFERENCE_TYPES:
        ids = list(dict.fromkeys(_ids(field, value)))
        _selectable(tenant, field, ids, len(ids))
        return ids
    return CHECKS[field.type](field, value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _unfit(field, "text")
    return value


def _localized(field: Field, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _unfit(field, "an object of locales and texts")
    for locale, text in value.items():
        if not isinstance(text, str):
            raise _unfit(field, f"text in locale {locale}")
    return value


def _number(field: Field, value: Any) -> int:
    if not whole(value):
        raise _unfit(field, "a whole number")
    return value


def _double(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unfit(field, "a number")
    return float(value)


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _unfit(field, "true or false")
    return value


def _date(field: Field, value: Any) -> str:
    try:
        return normal(value)
    except (ValueError, OverflowError):
        raise _unfit(field, "an ISO 8601 date") from None


def _option(field: Field, value: Any) -> int:
    indexes = field.choices.keys()
    if not whole(value) or value not in indexes:
        raise _unfit(field, "the index of one of its options")
    return value


CHECKS: dict[str, Callable[[Field, Any], Any]] = {
    "TEXT": _text,
    "TEXT_AREA": _text,
    "LOCALIZED_TEXT": _localized,
    "LOCALIZED_TEXT_AREA": _localized,
    "NUMBER": _number,
    "DOUBLE": _double,
    "BOOLEAN": _boolean,
    "DATE": _date,
    "DROPDOWN": _option,
}


def _ids(field: Field, value: Any) -> list[int]:
    if not isinstance(value, list) or not all(whole(id) for id in value):
        raise _unfit(field, "a list of ids")
    return value


def _selectable(tenant: Tenant, field: Field, fresh: list[int], total: int) -> None:
    """References must lie below the field's root, tags in a tag cloud, and not be too many."""
    root = field.definition["rootId"]
    for id in fresh:
        node = tenant.tree.find(id)
        if node is None or id == root or not tenant.tree.is_below(id, root):
            raise invalid_field(field.id, f"{id} cannot be selected in field {field.id}")
        if field.type == "TAG_REFERENCE" and node.type_id != TAGS:
            raise invalid_field(field.id, f"{id} is no tag")
    if total > field.definition["maxSelections"]:
        raise invalid_field(field.id, f"Field {field.id} takes at most {field.definition['maxSelections']} references")


def _unfit(field: Field, wanted: str) -> Refused:
    return invalid_field(field.id, f"Field {field.id} of type {field.type} takes {wanted}")
