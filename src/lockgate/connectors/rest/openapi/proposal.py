"""The proposal itself: kinds with their records and calls, written as YAML with remarks for what a person has to say."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from yarl import URL

from lockgate.connectors.rest.openapi.guessing import (
    CURSOR,
    IDS,
    KEYS,
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
from lockgate.connectors.rest.openapi.reading import Document, Object, Resource

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
    auth, asked = signing(document)
    made["settings"] = {**settings, **asked}
    made["base"] = base
    made["auth"] = auth
    made["check"] = {"call": f"GET {resources[0].path}" if resources else "GET /"}
    made["kinds"] = CommentedMap({singular(one.name): kind(document, one) for one in resources[:MOST]})
    remarks(made, resources)
    return HEAD.format(source=source) + dumped(made)


def singular_id(title: str) -> str:
    word = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in title.lower()).strip("_")
    word = "_".join(part for part in word.split("_") if part and part not in {"api", "rest", "the"})[:40]
    return word if word[:1].isalpha() else f"system_{word}".rstrip("_")


def dumped(made: CommentedMap) -> str:
    yaml, out = YAML(), StringIO()
    yaml.width, yaml.default_flow_style = 130, False
    yaml.dump(made, out)
    return out.getvalue()


def remarks(made: CommentedMap, resources: list[Resource]) -> None:
    made.yaml_set_comment_before_after_key("check", before="The cheapest call that needs good credentials.")
    if not resources:
        made.yaml_set_comment_before_after_key(
            "kinds", before="No list of records was found: name a kind and its calls."
        )
        made["kinds"] = {"item": {"record": {"id": "id"}}}
    elif len(resources) > MOST:
        names = ", ".join(one.path for one in resources[MOST:])
        made.yaml_set_comment_before_after_key("kinds", before=f"Not proposed, there are too many: {names}"[:400])


# ── address and credentials ──────────────────────────────────────────────────────────────────────────────────────────


def address(document: Document) -> tuple[dict[str, Any], str]:
    base = document.base()
    url = URL(base) if base.startswith("http") else None
    example = str(url.origin()) if url is not None else "https://system.example"
    path = url.path.rstrip("/") if url is not None else base
    return {"site": {"label": f"Address of {document.title}", "example": example}}, f"{{settings.site}}{path}"


def signing(document: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    """How it is signed in, by the first way that can be used, and the settings for it."""
    for scheme in map(document.followed, document.schemes().values()):
        found = way(document, scheme)
        if found is not None:
            return found
    return {"style": "none"}, {}


def secret(label: str) -> dict[str, Any]:
    return {"label": label, "secret": "true"}


def of_settings(*names: str) -> dict[str, str]:
    return {name: f"{{settings.{name}}}" for name in names}


def way(document: Document, scheme: Object) -> tuple[dict[str, Any], dict[str, Any]] | None:
    kind, name = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    if kind == "apiKey" and scheme.get("in") == "header":
        return {"style": "header", "header": str(scheme.get("name")), "value": "{settings.key}"}, {
            "key": secret("API key")
        }
    if kind == "basic" or name == "basic":
        asked = {"user": {"label": "User"}, "password": secret("Password")}
        return {"style": "basic", **of_settings("user", "password")}, asked
    if name == "bearer":
        return {"style": "bearer", "token": "{settings.token}"}, {"token": secret("Token")}
    return oauth(document, scheme) if kind == "oauth2" else None


def oauth(document: Document, scheme: Object) -> tuple[dict[str, Any], dict[str, Any]] | None:
    flows = {"application": scheme} if document.v2 else document.followed(scheme.get("flows"))
    for flow, grant in (
        ("clientCredentials", "client-credentials"),
        ("application", "client-credentials"),
        ("password", "password"),
    ):
        told = document.followed(flows.get(flow))
        if token := told.get("tokenUrl"):
            made = {
                "style": "oauth2",
                "grant": grant,
                "token_url": str(token),
                **of_settings("client_id", "client_secret"),
            }
            asked: dict[str, Any] = {"client_id": {"label": "Client id"}, "client_secret": secret("Client secret")}
            if grant == "password":
                made |= of_settings("user", "password")
                asked |= {"user": {"label": "User"}, "password": secret("Password")}
            return made, asked
    return None


# ── one kind ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def kind(document: Document, resource: Resource) -> CommentedMap:
    found = document.records(resource)
    where, schema = found if found is not None else ("", {})
    members = document.properties(schema)
    made = CommentedMap(record=record(members, resource))
    made["index"] = listing(document, resource, where)
    since = among(SINCE, names(resource))
    if since is not None and "modified" in made["record"]:
        listed = listing(document, resource, where)
        made["changes"] = listed | {"query": {**listed.get("query", {}), since: "{since}"}}
    path = f"{resource.path}/{{id}}"
    if "get" in resource.one:
        made["fetch"] = {"call": f"GET {path}", **inside(document, resource.one["get"].answer, made["record"]["id"])}
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
    return {"answer": wrapped} if wrapped else {}


def record(members: Mapping[str, Object], resource: Resource) -> CommentedMap:
    made = CommentedMap(id=among((resource.parameter, *IDS), members) or "id")
    if (revision := among(REVISIONS, members)) is not None:
        made["revision"] = revision
    if (modified := among(MODIFIED, members)) is not None:
        made["modified"] = {"at": modified}
    if (key := among(KEYS, members)) is not None:
        made["key"] = {"at": key}
    used = {made["id"], modified, key}
    made["fields"] = CommentedMap()
    for canonical, known in NAMES.items():
        if (name := among(known, (one for one in members if one not in used))) is not None:
            used.add(name)
            made["fields"][canonical] = field(name, members[name])
    for name, schema in members.items():
        if (name not in used and type_of(schema) is not None) or (schema.get("type") == "string" and name not in used):
            made["fields"][name] = field(name, schema)
    if modified is None:
        made.yaml_set_comment_before_after_key("fields", before="`modified: {at: …}` is needed for changes.", indent=6)
    return made


def field(name: str, schema: Object) -> dict[str, Any]:
    made: dict[str, Any] = {"at": quoted(name)}
    if (kind_ := type_of(schema)) is not None:
        made["as"] = kind_
    known = {
        str(word): STATUSES[str(word).lower()] for word in schema.get("enum") or () if str(word).lower() in STATUSES
    }
    if known:
        made["values"] = known
    if schema.get("readOnly"):
        made["read_only"] = "true"
    return made


def quoted(name: str) -> str:
    return f'"{name}"' if any(sign in name for sign in ".[] ") else name


def listing(document: Document, resource: Resource, where: str) -> dict[str, Any]:
    given = names(resource)
    query: dict[str, str] = {}
    paging: dict[str, str] = {"by": "none"}
    if (size := among(SIZE, given)) is not None:
        query[size] = "=page.size"
    for by, known, value in (
        ("page", NUMBER, "=page.number"),
        ("offset", OFFSET, "=page.offset"),
        ("cursor", CURSOR, "=page.cursor"),
    ):
        if (name := among(known, given)) is not None:
            query[name], paging = value, {"by": by}
            break
    answer = document.properties(resource.whole["get"].answer)
    if paging["by"] == "cursor":
        paging["next"] = among(NEXT, answer) or "next"
    elif paging["by"] != "none" and (total := among(TOTAL, answer)) is not None:
        paging["total"] = total
    made: dict[str, Any] = {"call": f"GET {resource.path}"}
    made |= {"query": query} if query else {}
    made |= {"records": where} if where else {}
    return {**made, "paging": paging}


def writing(document: Document, made: CommentedMap, resource: Resource) -> None:
    path = f"{resource.path}/{{ref}}"
    change = next((method for method in ("patch", "put") if method in resource.one), None)
    if change is not None:
        made["update"] = {"call": f"{change.upper()} {path}", "json": "=fields"}
    if "delete" in resource.one:
        made["withdraw"] = {"remove": {"call": f"DELETE {path}"}}
    if "post" in resource.whole and "key" in made["record"]:
        at = made["record"]["key"]["at"]
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
