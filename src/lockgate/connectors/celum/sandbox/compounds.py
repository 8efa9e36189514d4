"""Compound objects: collections that are complete once assets below them carry each of the keywords they require.

A type has one rule here: which reference field counts. Only rules of that sort are known from the vendor's model.
"""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.celum.sandbox.call import (
    Call,
    integers,
    mapping,
    objects,
    operation,
    required_integer,
    required_string,
)
from lockgate.connectors.celum.sandbox.errors import invalid, missing
from lockgate.connectors.celum.sandbox.filters import Node
from lockgate.connectors.celum.sandbox.records import Collection
from lockgate.connectors.celum.sandbox.tenant import Tenant

TYPE = "compound_type"
SEARCHES = ("none", "only", "exclude")
UPDATE_RULE = "UPDATE-COLLECTION-REFERENCE-ELEMENT-RULE"


def types(tenant: Tenant) -> list[dict[str, Any]]:
    """The types that the administrator made."""
    return list(tenant.store.all(TYPE))


def type_of(tenant: Tenant, key: str) -> dict[str, Any]:
    found = tenant.store.get(TYPE, key)
    if found is None:
        raise missing("compoundType", key)
    return found


def type_view(kind: Mapping[str, Any]) -> dict[str, Any]:
    rule = {
        "type": "COLLECTION-REFERENCE-TYPE-RULE",
        "ruleId": kind["rule"],
        "collectionReferenceFieldId": kind["field"],
    }
    shown = {"compoundObjectTypeKey": kind["key"], "name": kind["name"], "markedForDeletion": False}
    return {**shown, "typeRules": [rule]}


def described(tenant: Tenant, key: str, elements: bool) -> dict[str, Any]:
    """A type as it is read alone, with its elements where they are asked for."""
    kind = type_of(tenant, key)
    view: dict[str, Any] = {"compoundObjectType": type_view(kind)}
    if elements:
        view["elements"] = [{"compoundElementId": f"{key}-1", "compoundRuleId": kind["rule"], "name": kind["name"]}]
    return view


def asked(call: Call) -> list[Node]:
    """The filter that the query parameters of a list stand for."""
    how, keys = call.text("compoundSearchType") or "none", call.words("compoundTypes")
    if how not in SEARCHES:
        raise invalid("compoundSearchType", f"compoundSearchType must be one of {', '.join(SEARCHES)}")
    if how == "none" and not keys:
        return []
    compound = [
        node.id for node in call.tenant.tree.all() if node.compound and (not keys or node.compound["key"] in keys)
    ]
    chosen: Node = {"type": "COLLECTION_ID", "values": compound}
    return [{"type": "COLLECTION_NEGATION", "filter": chosen} if how == "exclude" else chosen]


def change(tenant: Tenant, after: Collection, body: Mapping[str, Any]) -> None:
    """Make the collection a compound object, change what it requires, or make it a plain one again."""
    given = mapping(body, "compoundObject")
    if (key := mapping(given, "typeKey")) and operation(key, "typeKey", "SET", "REMOVE") == "REMOVE":
        after.compound = None
    elif key:
        after.compound = {"key": type_of(tenant, required_string(key, "compoundObjectTypeKey"))["key"], "required": {}}
    for rule in objects(given, "elementRules"):
        _require(tenant, after, rule)


def _require(tenant: Tenant, after: Collection, rule: Mapping[str, Any]) -> None:
    if after.compound is None:
        raise invalid("compoundObject", f"Collection {after.id} is no compound object")
    if rule.get("type") != UPDATE_RULE:
        raise invalid("elementRules", f"The type of a rule is {UPDATE_RULE}")
    if required_integer(rule, "ruleId") != type_of(tenant, after.compound["key"])["rule"]:
        raise invalid("elementRules", "There is no such rule")
    told, known = mapping(rule, "requiredCollectionIds"), after.compound["required"].get(str(rule["ruleId"]), [])
    if operation(told, "requiredCollectionIds", "SET", "MODIFY") == "SET":
        wanted = integers(told, "values")
    else:
        wanted = [id for id in [*known, *integers(told, "add")] if id not in integers(told, "remove")]
    for id in wanted:
        tenant.tree.get(id)
    required = {**after.compound["required"], str(rule["ruleId"]): list(dict.fromkeys(wanted))}
    after.compound = {**after.compound, "required": required}


def view(tenant: Tenant, node: Collection) -> dict[str, Any]:
    """The compound object as it is now; evaluated at once, where the product takes a moment."""
    compound: Mapping[str, Any] = node.compound or {}
    kind = type_of(tenant, compound["key"])
    required = compound["required"].get(str(kind["rule"]), [])
    rule = {
        "type": "COLLECTION-REFERENCE-ELEMENT-RULE",
        "ruleId": kind["rule"],
        "compoundObjectId": node.id,
        "requiredCollectionIds": required,
        "collectionReferenceFieldId": kind["field"],
    }
    return {
        "collectionId": node.id,
        "compoundTypeKey": kind["key"],
        "compoundObjectState": "COMPLETE" if set(required) <= _carried(tenant, node, kind["field"]) else "IN_PROGRESS",
        "elementRules": [rule],
    }


def _carried(tenant: Tenant, node: Collection, field: int) -> set[int]:
    """Keywords that released assets of the collection carry in the field of the rule."""
    entries = tenant.catalog.entries(tenant.catalog.below(tenant.tree.below([node.id])))
    return {id for entry in entries if entry.asset.released for id in entry.asset.fields.get(str(field), [])}
