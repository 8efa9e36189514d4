"""The filter tree of a search, turned into a condition of the database. What assets and collections share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from lockgate.connectors.celum.sandbox.call import (
    integer,
    integers,
    listing,
    mapping,
    required_integer,
    required_string,
    string,
)
from lockgate.connectors.celum.sandbox.definitions import REFERENCE_TYPES, Field
from lockgate.connectors.celum.sandbox.errors import invalid
from lockgate.connectors.celum.sandbox.lookup import Condition
from lockgate.connectors.celum.sandbox.tables import matches
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.times import normal
from lockgate.connectors.celum.sandbox.values import field_of_type

Node = Mapping[str, Any]
DEEPEST = 50


@dataclass(frozen=True)
class Scope:
    """What is searched: `ASSET` or `COLLECTION`, with the filters there are by type, and how deep in the tree we are."""

    tenant: Tenant
    entity: str
    filters: "Mapping[str, Build]"
    depth: int = 0

    def deeper(self) -> "Scope":
        if self.depth == DEEPEST:
            raise invalid("filter", "The filter is nested too deeply")
        return Scope(self.tenant, self.entity, self.filters, self.depth + 1)


Build = Callable[[Scope, Node], Condition]


def condition(scope: Scope, node: Any) -> Condition:
    """The condition of one filter; refused when its type is unknown or a member does not fit."""
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        raise invalid("filter", "A filter is an object with a type")
    build = scope.filters.get(node["type"])
    if build is None:
        raise invalid("filter", f"Unknown filter type {node['type']}")
    return build(scope, node)


def logical(scope: Scope, node: Node) -> Condition:
    operator = node.get("operator") or "AND"
    if operator not in {"AND", "OR"}:
        raise invalid("operator", "operator must be AND or OR")
    if not isinstance(node.get("filters"), list):
        raise invalid("filters", "filters is required")
    parts = [condition(scope.deeper(), part) for part in node["filters"]]
    if not parts:
        return "1", []
    return f"({f' {operator} '.join(sql for sql, _ in parts)})", [value for _, values in parts for value in values]


def negation(scope: Scope, node: Node) -> Condition:
    sql, values = condition(scope.deeper(), node.get("filter"))
    return f"({sql}) IS NOT TRUE", values


def one_of(column: str, read: Callable[[Node, str], list[Any]] = integers) -> Build:
    """A filter whose `values` are what the column may hold."""

    def build(_: Scope, node: Node) -> Condition:
        return among(column), [as_json(needed_values(node, read))]

    return build


def among(column: str) -> str:
    """That the column holds one of the values of a JSON list."""
    return f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608 (columns are named by this package only)


def needed_values(node: Node, read: Callable[[Node, str], list[Any]]) -> list[Any]:
    if node.get("values") is None:
        raise invalid("values", "values is required")
    return read(node, "values")


def strings(node: Node, name: str) -> list[str]:
    given = listing(node, name)
    if not all(isinstance(entry, str) for entry in given):
        raise invalid(name, f"{name} must be a list of texts")
    return given


def as_json(values: list[Any]) -> str:
    return msgspec.json.encode(values).decode()


def within(column: str, read: Callable[[Node, str], Any]) -> Build:
    """A filter with `from`, `to` or both, each of them inside."""

    def build(_: Scope, node: Node) -> Condition:
        return bounds(column, [], node, read)

    return build


def bounds(expression: str, inner: list[Any], node: Node, read: Callable[[Node, str], Any]) -> Condition:
    """Compare an expression with the ends given; `inner` are the values of its own question marks."""
    ends = [(sign, read(node, name)) for name, sign in (("from", ">="), ("to", "<="))]
    given = [(sign, end) for sign, end in ends if end is not None]
    if not given:
        raise invalid("from", "from or to is required")
    sql = " AND ".join(f"{expression} {sign} ?" for sign, _ in given)
    return f"({sql})", [value for _, end in given for value in (*inner, end)]


def equal(column: str, read: Callable[[Node, str], Any]) -> Build:
    def build(_: Scope, node: Node) -> Condition:
        return f"{column} = ?", [needed(node, "value", read)]

    return build


def needed(node: Node, name: str, read: Callable[[Node, str], Any]) -> Any:
    value = read(node, name)
    if value is None:
        raise invalid(name, f"{name} is required")
    return value


def date(node: Node, name: str) -> str | None:
    if node.get(name) is None:
        return None
    try:
        return normal(node[name])
    except (ValueError, OverflowError):
        raise invalid(name, f"{name} must be an ISO 8601 instant") from None


def double(node: Node, name: str) -> float | None:
    given = node.get(name)
    if given is not None and (isinstance(given, bool) or not isinstance(given, int | float)):
        raise invalid(name, f"{name} must be a number")
    return None if given is None else float(given)


def boolean(node: Node, name: str) -> bool | None:
    given = node.get(name)
    if given is not None and not isinstance(given, bool):
        raise invalid(name, f"{name} must be true or false")
    return given


SEARCH_TYPES = ("phrase", "terms", "termsStartingWith", "termsEndingWith")


def text_query(node: Node) -> list[str]:
    """What a text is matched with: the words, phrase or terms, all or any."""
    how, operator = string(node, "searchType") or "phrase", string(node, "searchOperator") or "and"
    if how not in SEARCH_TYPES:
        raise invalid("searchType", f"searchType must be one of {', '.join(SEARCH_TYPES)}")
    if operator not in {"and", "or"}:
        raise invalid("searchOperator", "searchOperator must be and or or")
    return [required_string(node, "text"), how, operator]


def matching(expression: str, function: str = "celum_match") -> Build:
    """A filter with `text`, `searchType` and `searchOperator` on one expression."""

    def build(_: Scope, node: Node) -> Condition:
        return f"{function}({expression}, ?, ?, ?)", text_query(node)

    return build


# --- information fields: their values lie in the entity's document, by number ---

FIELD = "json_extract(t.doc, ?)"


def path_of(field: Field, *inner: str) -> str:
    return "$.fields" + "".join(f'."{step}"' for step in (field.id, *inner))


def _field(scope: Scope, node: Node, *types: str) -> Field:
    return field_of_type(scope.tenant, required_integer(node, "informationFieldId"), scope.entity, *types)


def field_text(type: str) -> Build:
    def build(scope: Scope, node: Node) -> Condition:
        return f"celum_match({FIELD}, ?, ?, ?)", [path_of(_field(scope, node, type)), *text_query(node)]

    return build


def field_localized(type: str) -> Build:
    def build(scope: Scope, node: Node) -> Condition:
        field, locale = _field(scope, node, type), required_string(node, "locale")
        if '"' in locale:
            raise invalid("locale", f"{locale} is no locale")
        return f"celum_match({FIELD}, ?, ?, ?)", [path_of(field, locale), *text_query(node)]

    return build


def field_equal(type: str, read: Callable[[Node, str], Any]) -> Build:
    def build(scope: Scope, node: Node) -> Condition:
        return f"{FIELD} = ?", [path_of(_field(scope, node, type)), needed(node, "value", read)]

    return build


def field_within(type: str, read: Callable[[Node, str], Any]) -> Build:
    def build(scope: Scope, node: Node) -> Condition:
        return bounds(FIELD, [path_of(_field(scope, node, type))], node, read)

    return build


def field_option(scope: Scope, node: Node) -> Condition:
    boolean(node, "inheritedValueExcluded")  # checked only: nothing here inherits values
    return field_equal("DROPDOWN", integer)(scope, node)


def field_reference(type: str) -> Build:
    def build(scope: Scope, node: Node) -> Condition:
        field = _field(scope, node, type)
        return _refers(field, [needed(node, "value", integer)])

    return build


def field_reference_names(type: str) -> Build:
    """References to collections whose name matches, in the locales of `values`; `text` alone means any locale."""

    def build(scope: Scope, node: Node) -> Condition:
        field = _field(scope, node, type)
        given: list[tuple[str | None, Any]] = [*mapping(node, "values").items()]
        given = given or [(string(node, "locale"), required_string(node, "text"))]
        asked = {locale: text_query({**node, "text": text}) for locale, text in given}
        named = [
            collection.id
            for collection in scope.tenant.tree.all()
            for language, name in collection.name.items()
            for locale, query in asked.items()
            if locale in {None, language} and matches(name, *query)
        ]
        return _refers(field, named)

    return build


def _refers(field: Field, ids: list[int]) -> Condition:
    sql = "EXISTS (SELECT 1 FROM json_each(t.doc, ?) r WHERE r.value IN (SELECT value FROM json_each(?)))"
    return sql, [path_of(field), as_json(ids)]


def field_empty(scope: Scope, node: Node) -> Condition:
    return f"{FIELD} IS NULL", [path_of(_field(scope, node))]


def shared(prefix: str) -> dict[str, Build]:
    """The filters that assets and collections both have, by type."""
    text = {f"{type}_INFORMATION_FIELD": field_text(type) for type in ("TEXT", "TEXT_AREA")}
    localized = {
        f"LOCALIZED_{type}_INFORMATION_FIELD": field_localized(f"LOCALIZED_{type}") for type in ("TEXT", "TEXT_AREA")
    }
    filters: dict[str, Build] = {
        "FULLTEXT": matching("t.words"),
        "LOGICAL": logical,
        "NEGATION": negation,
        "ID": one_of("t.id"),
        "ID_RANGE": within("t.id", integer),
        "TYPE_ID": one_of("t.type_id"),
        "CREATION_USER_ID": one_of("t.created_by"),
        "MODIFICATION_USER_ID": one_of("t.modified_by"),
        "CREATION_DATE_EQUALITY": equal("t.created", date),
        "CREATION_DATE_RANGE": within("t.created", date),
        "MODIFICATION_DATE_EQUALITY": equal("t.modified", date),
        "MODIFICATION_DATE_RANGE": within("t.modified", date),
        **text,
        **localized,
        "BOOLEAN_INFORMATION_FIELD": field_equal("BOOLEAN", boolean),
        "DROPDOWN_INFORMATION_FIELD_EQUALITY": field_option,
        "INFORMATION_FIELD_EMPTY": field_empty,
    }
    for type, read in (("DATE", date), ("NUMBER", integer), ("DOUBLE", double)):
        filters[f"{type}_INFORMATION_FIELD_EQUALITY"] = field_equal(type, read)
        filters[f"{type}_INFORMATION_FIELD_RANGE"] = field_within(type, read)
    for type in REFERENCE_TYPES:
        filters[f"{type}_INFORMATION_FIELD_EQUALITY"] = field_reference(type)
        filters[f"{type}_INFORMATION_FIELD_NAMES"] = field_reference_names(type)
    return {f"{prefix}_{name}": build for name, build in filters.items()}
