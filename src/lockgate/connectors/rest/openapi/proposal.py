"""The proposal itself: kinds with their records and calls, written as YAML with remarks for what a person has to say."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from lockgate.connectors.rest.definition.references import ITEM
from lockgate.connectors.rest.openapi.credentials import address, signing
from lockgate.connectors.rest.openapi.guessing import (
    ABOUT,
    CURSOR,
    IDS,
    KEYS,
    LINKS,
    MODIFIED,
    NAMES,
    NEXT,
    NUMBER,
    OFFSET,
    REVISIONS,
    SINCE,
    SIZE,
    STATUSES,
    TOTAL,
    among,
    singular,
    type_of,
)
from lockgate.connectors.rest.openapi.reading import Document, Object, Resource, listed, quoted

COMMON_SIZE = 100
"""Records of a page, where a definition says nothing."""
MOST = 12
"""Kinds that are proposed; whoever needs more of a large system names them."""
HEAD = """# Proposed from {source}. What cannot be told from such a file is marked with a remark; look at it before it is used:
#   lockgate connect define THIS-FILE
"""


def propose(text: str, source: str) -> str:
    """A definition for the system that an OpenAPI file describes. Raises NotOpenApi."""
    document = Document(text, source)
    resources = document.resources()
    made = CommentedMap(
        definition=singular_id(document.title),
        title=document.title,
        about={
            "api": {
                "name": document.title,
                "version": document.version or "–",
                "documents": [f"the OpenAPI file {source}"],
            }
        },
    )
    settings, base = address(document)
    (auth, asked), unsigned = signing(document)
    made["settings"] = {**settings, **asked}
    made["base"] = base
    made["auth"] = auth
    made["check"] = {"call": f"GET {resources[0].path}" if resources else "GET /"}
    made["kinds"] = CommentedMap({name: kind(document, one) for name, one in named(resources[:MOST]).items()})
    remarks(made, resources, unsigned)
    return HEAD.format(source=source) + dumped(made)


def singular_id(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    parts = (part for part in re.split(r"[^a-z0-9]+", plain) if part and part not in {"api", "rest", "the"})
    word = "_".join(parts)[:40].rstrip("_")
    return word if word[:1].isalpha() else f"system_{word}".rstrip("_")


def named(resources: list[Resource]) -> dict[str, Resource]:
    """Each by its kind: what stands before it in its path is added where two would be called the same."""
    made: dict[str, Resource] = {}
    for one in resources:
        steps = [singular(step) for step in re.sub(r"\.(json|xml)$", "", one.path.strip("/")).split("/")]
        names = ("_".join(steps[-many:])[:60] for many in range(1, len(steps) + 1))
        name = next((word for word in names if word not in made), f"{steps[-1][:50]}_{len(made) + 1}")
        made[name] = one
    return made


def dumped(made: CommentedMap) -> str:
    yaml, out = YAML(), StringIO()
    yaml.width, yaml.default_flow_style = 130, False
    yaml.dump(made, out)
    return out.getvalue()


def remarks(made: CommentedMap, resources: list[Resource], unsigned: str) -> None:
    if unsigned:
        made.yaml_set_comment_before_after_key("auth", before=unsigned)
    made.yaml_set_comment_before_after_key("check", before="The cheapest call that needs good credentials.")
    if not resources:
        made.yaml_set_comment_before_after_key(
            "kinds", before="No list of records was found: name a kind and its calls."
        )
        made["kinds"] = {"item": {"record": {"id": "id"}}}
    elif len(resources) > MOST:
        names = ", ".join(one.path for one in resources[MOST:])
        made.yaml_set_comment_before_after_key("kinds", before=f"Not proposed, there are too many: {names}"[:400])


# ── one kind ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def kind(document: Document, resource: Resource) -> CommentedMap:
    where, schema = document.records(resource) or ("", {})
    members = document.properties(schema)
    made = CommentedMap(record=record(members, resource))
    made["index"] = listing(document, resource, where)
    since = among(SINCE, names(resource))
    if since is not None and "modified" in made["record"]:
        listed = listing(document, resource, where)
        listed["query"] = {**listed.get("query", {}), since: "{since}"}
        made["changes"] = listed
    if "get" in resource.one:
        answer = inside(document, resource.one["get"].answer, made["record"]["id"])
        made["fetch"] = {"call": f"GET {resource.item.format('{id}')}", **answer}
    writing(document, made, resource)
    lacking(made, resource)
    return made


def names(resource: Resource) -> list[str]:
    return [str(one.get("name")) for one in resource.whole["get"].parameters]


def inside(document: Document, answer: Object, id: str) -> dict[str, str]:
    """An item that stands in a member of the answer of its own (`data`)."""
    members = document.properties(answer)
    if id in members or not members:
        return {}
    wrapped = next((name for name, one in members.items() if id in document.properties(one)), None)
    return {"answer": quoted(wrapped)} if wrapped else {}


def record(members: Mapping[str, Object], resource: Resource) -> CommentedMap:
    members = {name: one for name, one in members.items() if name and '"' not in name}
    id_ = among((resource.parameter, *IDS), members)
    made = CommentedMap(id=quoted(id_ or "id"))
    revision, modified, key = (among(known, members) for known in (REVISIONS, MODIFIED, KEYS))
    if revision is not None:
        made["revision"] = quoted(revision)
    if modified is not None:
        made["modified"] = {"at": quoted(modified)}
    if key is not None:
        made["key"] = {"at": quoted(key)}
    made["fields"] = fields(members, {id_, modified, key})
    if id_ is None:
        made.yaml_set_comment_before_after_key("id", before="No id was recognised: say where it stands.", indent=6)
    if modified is None:
        made.yaml_set_comment_before_after_key("fields", before="`modified: {at: …}` is needed for changes.", indent=6)
    return made


def fields(members: Mapping[str, Object], used: set[str | None]) -> CommentedMap:
    """Those whose names tell what they are by our names, then all others that hold one value or a list."""
    made = CommentedMap()
    for canonical, known in NAMES.items():
        if (name := among(known, (one for one in members if one not in used))) is not None:
            used.add(name)
            made[canonical] = field(name, members[name])
    for name, schema in members.items():
        if name not in used and (type_of(schema) is not None or schema.get("type") == "string"):
            made.setdefault(own(name), field(name, schema))
    return made


def own(name: str) -> str:
    """A field's name; below `fields` where it would mean something else to us, or no key that is plain."""
    word = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "field"
    taken = word in {*ITEM, "ids", "texts", "fields", "rights", "window"}
    return f"fields.{word}" if taken or not word[0].isalpha() else word


def field(name: str, schema: Object) -> dict[str, Any]:
    made: dict[str, Any] = {"at": quoted(name)}
    if (kind_ := type_of(schema)) is not None:
        made["as"] = kind_
    words = map(str, listed(schema.get("enum")))
    if known := {word: STATUSES[word.lower()] for word in words if word.lower() in STATUSES}:
        made["values"] = known
    if schema.get("readOnly"):
        made["read_only"] = "true"
    return made


def listing(document: Document, resource: Resource, where: str) -> CommentedMap:
    given = names(resource)
    query: dict[str, str] = {}
    paging: dict[str, Any] = {"by": "none"}
    if (size := among(SIZE, given)) is not None:
        query[size] = "=page.size"
    for by, known, value in (
        ("page", NUMBER, "=page.number"),
        ("offset", OFFSET, "=page.offset"),
        ("cursor", CURSOR, "=page.cursor"),
    ):
        if (name := among(known, given)) is not None:
            query[name], paging = value, {"by": by, **first(resource, by, name)}
            break
    paging |= going_on(document, resource.whole["get"].answer, str(paging["by"]))
    if size is not None and (most := bound(resource, size, "maximum")) is not None and 0 < most < COMMON_SIZE:
        paging["size"] = str(most)
    made = CommentedMap(call=f"GET {resource.path}")
    made |= {"query": query} if query else {}
    made |= {"records": where} if where else {}
    made["paging"] = paging
    if paging["by"] == "none":
        said = "No pages were recognised: only what one answer holds is read."
        made.yaml_set_comment_before_after_key("paging", before=said, indent=6)
    return made


def going_on(document: Document, answer: Object, by: str) -> dict[str, str]:
    """How a list of this paging tells that it goes on; where nothing tells, it is read until a page is empty."""
    if by == "cursor":
        return {"next": below(document, answer, NEXT) or "next"}
    if by == "none":
        link = below(document, answer, LINKS) or below(document, answer, ("next",), only_about=True)
        return {"by": "link", "next": link} if link else {}
    whole = "next" in document.properties(answer)
    total = below(document, answer, [one for one in TOTAL if one != "count" or whole])
    return {"total": total} if total else {"short": "false"}


def below(document: Document, answer: Object, known: Sequence[str], *, only_about: bool = False) -> str | None:
    """The path of the first of these names in an answer, or in the part of it that tells of pages."""
    members = document.properties(answer)
    if not only_about and (name := among(known, members)) is not None:
        return quoted(name)
    for holder in (one for one in ABOUT if one in members):
        inner = document.properties(members[holder])
        if (name := among(known, inner)) is not None:
            href = ".href" if "href" in document.properties(inner[name]) else ""
            return f"{holder}.{quoted(name)}{href}"
    return None


def first(resource: Resource, by: str, name: str) -> dict[str, str]:
    """Where pages count from nought and the file says so."""
    begins = (bound(resource, name, "default"), bound(resource, name, "minimum"))
    return {"first": "0"} if by == "page" and 0 in begins and 1 not in begins else {}


def bound(resource: Resource, name: str, word: str) -> int | None:
    """A number that the file says of a parameter of the list."""
    told = next(one for one in resource.whole["get"].parameters if one.get("name") == name)
    schema = told.get("schema")
    value = (schema if isinstance(schema, Mapping) else told).get(word)
    return value if isinstance(value, int) else None


def writing(document: Document, made: CommentedMap, resource: Resource) -> None:
    path = resource.item.format("{ref}")
    change = next((method for method in ("patch", "put") if method in resource.one), None)
    if change is not None:
        made["update"] = {"call": f"{change.upper()} {path}", "json": "=fields"}
        if change == "put":
            said = "Only our fields are sent: make sure that PUT does not empty the others."
            made.yaml_set_comment_before_after_key("update", before=said, indent=4)
    if "delete" in resource.one:
        made["withdraw"] = {"remove": {"call": f"DELETE {path}"}}
    if "post" in resource.whole and "key" in made["record"]:
        at = made["record"]["key"]["at"].strip('"')
        known = among((at, f"{at}s"), names(resource))
        if known is not None:
            made["held"] = {**made["index"], "query": {known: "{key}"}, "paging": {"by": "none"}}
            wrapped = inside(document, resource.whole["post"].answer, made["record"]["id"])
            made["create"] = {"call": f"POST {resource.path}", "json": {"...": "=fields", at: "=key"}, **wrapped}


def lacking(made: CommentedMap, resource: Resource) -> None:
    if "post" in resource.whole and "create" not in made:
        said = (
            "`create` is left out: name the field that keeps our key (record.key) and the call that finds by it (held)."
        )
        made.yaml_set_comment_before_after_key("index", before=said, indent=4)
