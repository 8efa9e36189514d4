"""OData options of CORA: those that public clients were seen to send, and the comparisons that go with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from lockgate.connectors.celum.sandbox.errors import Refused
from lockgate.connectors.celum.sandbox.filters import Node
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.times import normal

CHANGED = "modificationInformation/lastModificationDateTime"
SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "eq": "="}
ORDERS = {"id": "id", "name": "name", CHANGED: "modification.date", "fileCategory": "currentVersion.fileCategory"}
EXPANDS = frozenset(
    {"nodes", "binaries", "publicUrls", "assetVersions", "type", "children", "childrenRecursive", "assets"}
)
ID = re.compile(r"id (eq|gt|ge) (\d{1,18})")
DATE = re.compile(rf"{CHANGED} (ge|gt|le|lt) (\S+)")
IN_NODE = re.compile(r"contains\(nodes,'(\d{1,18})'\)")
CATEGORY = re.compile(r"fileCategory eq com\.celum\.cora\.FileCategory'(\w+)'")
TEXT = re.compile(r"informationFieldValues/([\w-]+) eq '((?:[^']|'')*)'")
REFERENCE = re.compile(r"informationFieldValues/([\w-]+)/any\(x:x/id eq (\d{1,18})\)")
OPTION = re.compile(r"informationFieldValues/([\w-]+)/index eq (\d{1,9})")
EXPAND = re.compile(r"(\w+)(?:\((.*)\))?")
FORMAT = re.compile(r"\$filter=format eq '(\w+)'")


def refuse(message: str) -> Refused:
    return Refused(400, "BAD_REQUEST", message)


def locales(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Texts as CORA writes them."""
    return [{"locale": locale, "value": text} for locale, text in texts.items()]


@dataclass(frozen=True)
class Options:
    """What a call asked for."""

    select: frozenset[str] | None = None
    expand: Mapping[str, str | None] = field(default_factory=dict)
    """Names to expand, with the format asked for of `binaries`."""
    filter: str = ""
    orderby: str = ""
    top: int | None = None
    skip: int = 0
    count: bool = False

    def selected(self, whole: Mapping[str, Any]) -> dict[str, Any]:
        """The members asked for; field values one by one where they are named so."""
        if self.select is None:
            return dict(whole)
        named = {path.partition("/")[2] for path in self.select if path.startswith("informationFieldValues/")}
        found = {name: value for name, value in whole.items() if name in self.select or name == "id"}
        if named:
            values = whole["informationFieldValues"]
            found["informationFieldValues"] = {name: values[name] for name in named if name in values}
        return found

    def order(self) -> list[tuple[str, str]]:
        if not self.orderby:
            return []
        name, _, direction = self.orderby.partition(" ")
        if name not in ORDERS or direction not in {"", "asc", "desc"}:
            raise refuse(f"Cannot order by {self.orderby}")
        return [(ORDERS[name], "DESC" if direction == "desc" else "ASC")]

    # ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def terms(self) -> list[str]:
        """The terms joined by `and`; brackets around alternatives are taken off."""
        return [part.strip() for part in re.split(r" and (?![^(]*\))", self.filter) if part.strip()]

    @property
    def changed(self) -> list[tuple[str, str]]:
        """Comparisons with the date of the last change."""
        found = (DATE.fullmatch(term) for term in self.terms)
        try:
            return [(SIGNS[one[1]], normal(one[2])) for one in found if one]
        except (ValueError, OverflowError):
            raise refuse("A date of a filter must be an ISO 8601 instant") from None

    def assets(self, tenant: Tenant) -> list[Node]:
        return [self._any(tenant, term) for term in self.terms if not DATE.fullmatch(term)]

    def nodes(self) -> list[Node]:
        found = [ID.fullmatch(term) for term in self.terms]
        if not all(found):
            raise refuse(f"Cannot filter nodes by {self.filter}")
        return [_by_id("COLLECTION", one[1], int(one[2])) for one in found if one]

    def _any(self, tenant: Tenant, term: str) -> Node:
        """Alternatives, or one comparison."""
        inner = term[1:-1] if term.startswith("(") and term.endswith(")") else term
        parts = [self._one(tenant, part.strip()) for part in inner.split(" or ")]
        return parts[0] if len(parts) == 1 else {"type": "ASSET_LOGICAL", "operator": "OR", "filters": parts}

    def _one(self, tenant: Tenant, term: str) -> Node:
        if found := ID.fullmatch(term):
            return _by_id("ASSET", found[1], int(found[2]))
        if found := IN_NODE.fullmatch(term):
            return {"type": "ASSET_PARENT_ID", "values": [int(found[1])], "recursive": True}
        if found := CATEGORY.fullmatch(term):
            return {"type": "ASSET_FILE_CATEGORY", "values": [found[1].upper()]}
        for pattern, kind in ((TEXT, "TEXT"), (REFERENCE, "COLLECTION_REFERENCE"), (OPTION, "DROPDOWN")):
            if found := pattern.fullmatch(term):
                return _by_field(tenant, found[1], found[2], kind)
        raise refuse(f"Cannot filter by {term}")


def _by_id(entity: str, sign: str, id: int) -> Node:
    if sign == "eq":
        return {"type": f"{entity}_ID", "values": [id]}
    return {"type": f"{entity}_ID_RANGE", "from": id if sign == "ge" else id + 1}


def _by_field(tenant: Tenant, name: str, value: str, kind: str) -> Node:
    known = {one.name: one for one in tenant.definitions.fields.values() if one.entity == "ASSET"}
    if name not in known:
        raise refuse(f"There is no information field {name}")
    suffix = "" if kind == "TEXT" else "_EQUALITY"
    node = {"type": f"ASSET_{kind}_INFORMATION_FIELD{suffix}", "informationFieldId": known[name].id}
    return {**node, **({"text": value.replace("''", "'")} if kind == "TEXT" else {"value": int(value)})}


def options_of(request: Request) -> Options:
    """The options of a call; unknown ones are refused, as OData does."""
    query = request.query_params
    if unknown := [name for name in query if name.startswith("$") and name[1:] not in Options.__dataclass_fields__]:
        raise refuse(f"Unknown option {unknown[0]}")
    return Options(
        select=_names(query.get("$select")),
        expand=_expand(query.get("$expand")),
        filter=query.get("$filter", ""),
        orderby=query.get("$orderby", ""),
        top=_number(query.get("$top")),
        skip=_number(query.get("$skip")) or 0,
        count=query.get("$count") == "true",
    )


def _names(told: str | None) -> frozenset[str] | None:
    return None if told is None else frozenset(name.strip() for name in told.split(",") if name.strip())


def _expand(told: str | None) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for part in re.split(r",(?![^(]*\))", told or ""):
        if not part.strip():
            continue
        named = EXPAND.fullmatch(part.strip())
        if named is None or named[1] not in EXPANDS:
            raise refuse(f"Cannot expand {part}")
        inner = FORMAT.search(named[2] or "")
        found[named[1]] = inner[1] if inner else None
    return found


def _number(told: str | None) -> int | None:
    if told is None:
        return None
    if not told.isdecimal() or len(told) > 9:
        raise refuse(f"{told} is no number")
    return int(told)
