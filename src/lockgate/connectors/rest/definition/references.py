"""What must fit together in a definition: names that templates read, settings, operations that need each other."""

import re
from collections.abc import Callable, Iterator, Sequence

from lockgate.connectors.rest.definition.names import ASKED, KNOWN, PAGE, TREES, Names
from lockgate.connectors.rest.definition.secrecy import secrecy
from lockgate.connectors.rest.definition.shapes import POLICIES
from lockgate.connectors.rest.definition.signing import signing
from lockgate.kit.contract import Settings
from lockgate.kit.document.problems import Problem, meant
from lockgate.kit.document.tree import Node
from lockgate.kit.egress import Egress
from lockgate.model.lifecycle import Status

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
WHOLE = re.compile(r"^[A-Z]+ https?://([^/?#{}\s]+)(?=[/?#]|$)")
RESERVED = frozenset({"hosts", "private_addresses", "concurrency", "rate"})
RIGHTS = ("territories", "channels", "media", "languages", "purposes", "from", "until", "statement", "credit")
ITEM = frozenset(
    {"title", "status", "language", "languages", "locale", "keywords", "latest", "window.from", "window.until"}
    | {f"rights.{one}" for one in RIGHTS}
)
OPEN = ("ids.", "texts.", "keywords.", "fields.")
ONE_CALL = ("call", "graphql", "rpc")
OF_CALLS = (*ONE_CALL, *TREES, "upload", "answer", "take", "when", "repeatable", "errors")
"""What is said of a call, and so not beside several."""
BODIES = ("json", "form", "lines", "graphql", "rpc")


def check(root: Node) -> list[Problem]:
    """Every problem beyond single values."""
    settings = section(root, "settings")
    names = Names({name: flag(one.get("secret")) for name, one in settings.items()})
    return [
        *brackets(root),
        *secrecy(root),
        *of_settings(settings),
        *of_top(root, names),
        *signing(section(root, "auth"), settings, names),
        *(found for _, kind in section(root, "kinds").items() for found in of_kind(root, kind, names)),
        *of_hooks(root),
    ]


def of_settings(settings: Node) -> Iterator[Problem]:
    for name, setting in settings.items():
        if name in RESERVED or hasattr(Settings, name) or name.startswith("model_"):
            yield settings.problem(f"every connection has a setting `{name}` already", "give it another name", key=name)
        if flag(setting.get("secret")):
            for key in ("default", "choices", "type"):
                if setting.get(key) is not None:
                    yield setting.problem(f"a secret has no `{key}`", "remove it: a secret is asked for", key=key)
        elif (default := setting.get("default")) is not None and default.text() is not None:
            yield from of_default(setting, default)


def of_default(setting: Node, default: Node) -> Iterator[Problem]:
    text, type_ = default.text() or "", setting.get("type")
    choices = setting.get("choices")
    known = [one.text() or "" for one in choices.elements()] if choices is not None else []
    if known and text not in known:
        yield default.problem(f"`{text}` is none of the choices", meant(text, known))
    elif type_ is not None and type_.text() == "number" and not NUMBER.fullmatch(text.strip()):
        yield default.problem(f"`{text}` is not a number", "write digits only, `4` or `0.5`")
    elif type_ is not None and type_.text() == "flag" and text.lower() not in {"true", "yes", "false", "no"}:
        yield default.problem(f"`{text}` is neither true nor false", "write `true` or `false`")


def section(node: Node, key: str) -> Node:
    """What stands below a key; an empty place where nothing does."""
    return node.get(key) or Node({}, node.source, node.line, node.column, node.path)


def flag(node: Node | None) -> bool:
    return node is not None and (node.text() or "").lower() in {"true", "yes"}


def brackets(node: Node) -> Iterator[Problem]:
    """`id: {ref}` is an object with a key `ref` and no value: quotes were forgotten."""
    for key, inner in node.items():
        if inner.value is None and len(node.keys) == 1 and key.replace(".", "_").isidentifier():
            yield node.problem(f"`{{{key}}}` without quotes is an object to YAML", f'write "{{{key}}}", or ={key}')
        yield from brackets(inner)
    for inner in node.elements():
        yield from brackets(inner)


def of_top(root: Node, names: Names) -> Iterator[Problem]:
    for key in ("base", "hosts", "headers"):
        if (node := root.get(key)) is not None:
            yield from names.of_tree(node, {"settings"}, ())
    for key in ("graphql", "rpc"):
        if (node := section(root, key).get("endpoint")) is not None:
            yield from names.of_tree(node, {"settings"}, ())
    if (check_ := root.get("check")) is not None:
        yield from work(root, check_, names, KNOWN["check"])
    for step in section(root, "setup").elements():
        for key in ("find", "make"):
            if (node := step.get(key)) is not None:
                yield from work(root, node, names, KNOWN[key])


def of_kind(root: Node, kind: Node, names: Names) -> Iterator[Problem]:
    record = section(kind, "record")
    yield from of_fields(section(record, "fields"), names)
    yield from needs(kind, record)
    for key in ("index", "changes", "download", "create", "update", "replace", "upsert", "bulk", "show", "discover"):
        if (node := kind.get(key)) is not None:
            yield from work(root, node, names, KNOWN[key])
    for key in ("fetch", "held"):
        if (node := kind.get(key)) is not None:
            yield from work(root, node, names, asked(node, key))
    for node in (one for _, one in section(kind, "find").items()):
        yield from work(root, node, names, asked(node, "find"))
    yield from of_closing(root, kind, names)
    yield from of_links(root, section(kind, "links"), names)
    if (item := section(kind, "bulk").get("item")) is not None:
        yield from names.of_tree(item, {"settings", "setup", "key", "ref", "fields"}, ())


def asked(node: Node, key: str) -> Sequence[str]:
    """What a look-up knows: one by name, or many where it has a batch."""
    one, many = ASKED[key]
    batch = node.get("batch")
    return (*PAGE, one) if batch is None or batch.text() == "1" else (*PAGE, many, "first", "last", "count")


def work(root: Node, node: Node, names: Names, known: Sequence[str] | frozenset[str]) -> Iterator[Problem]:
    """The calls of an operation: each is one call, of one style, with one body, and reads only what is known."""
    yield from names.of_work(node, known)
    calls = node.get("calls")
    for key in OF_CALLS if calls is not None else ():
        if node.get(key) is not None:
            yield node.problem(f"`{key}` says nothing beside `calls`", "write it at the call it belongs to", key=key)
    for call in calls.elements() if calls is not None else (node,):
        yield from one_call(root, call)
    if (paging := node.get("paging")) is not None:
        yield from of_paging(paging)


def one_call(root: Node, call: Node) -> Iterator[Problem]:
    given = [key for key in ONE_CALL if call.get(key) is not None]
    if len(given) != 1:
        stands = f"{' and '.join(f'`{one}`' for one in given)} stand together" if given else "none is there"
        yield call.problem(f"a call is one of `call`, `graphql` and `rpc`; {stands}", "write `call: GET /items`")
    bodies = [key for key in BODIES if call.get(key) is not None]
    if len(bodies) > 1:
        yield call.problem(
            f"{' and '.join(f'`{one}`' for one in bodies)} are two bodies of one call", "keep one", key=bodies[-1]
        )
    if (line := call.get("call")) is not None:
        yield from foreign(root, line)
    for key in ("graphql", "rpc"):
        if call.get(key) is not None and section(root, key).get("endpoint") is None:
            yield call.problem(
                f"where `{key}` is sent to is not said", f"write `{key}: {{endpoint: /…}}` at the top", key=key
            )
    if (upload := call.get("upload")) is not None:
        yield from of_upload(call, upload)


def foreign(root: Node, line: Node) -> Iterator[Problem]:
    """A call by a whole address whose host is neither that of `base` nor named by `hosts`."""
    found, node = WHOLE.search(line.text() or ""), section(root, "hosts")
    hosts = [one.text() or "" for one in (node, *node.elements())]
    if found is None or any("{" in one for one in hosts):
        return
    base = (section(root, "base").text() or "").removeprefix("https://").removeprefix("http://").split("/")[0]
    known = tuple(one for one in (*hosts, base) if one)
    if not Egress(hosts=known, private=True).allows(f"https://{found[1]}"):
        yield line.problem(
            f"`{found[1]}` is called, and is no host of this definition", f"write `hosts: [{found[1]}]` at the top"
        )


def of_upload(call: Node, upload: Node) -> Iterator[Problem]:
    style = upload.get("as")
    told = style.text() if style is not None else None
    if (line := call.get("call")) is not None and (line.text() or "").startswith(("GET ", "HEAD ", "DELETE ")):
        yield line.problem("a file cannot be sent with this method", "write `POST`, `PUT` or `PATCH`")
    if told == "base64" and not any("file.base64" in (one.text() or "") for one in every(call)):
        yield upload.problem("where the file's base64 goes is not said", "put `=file.base64` into `json` or `params`")
    if told == "graphql" and call.get("graphql") is None:
        yield upload.problem("`as: graphql` goes with a `graphql` document", "write `as: multipart`, or a document")
    if told in {"raw", "multipart"} and any(call.get(key) is not None for key in BODIES):
        yield upload.problem(
            "the file is the body of this call, which has another one", "put members of a form into `parts`"
        )


def every(node: Node) -> Iterator[Node]:
    yield node
    for inner in (*(one for _, one in node.items()), *node.elements()):
        yield from every(inner)


def of_paging(paging: Node) -> Iterator[Problem]:
    by = paging.get("by")
    told = by.text() if by is not None else None
    if told in {"cursor", "link"} and paging.get("next") is None:
        yield paging.problem(f"pages by {told} need `next`: where the next one is named", "write `next: paging.next`")


def of_fields(fields: Node, names: Names) -> Iterator[Problem]:
    for name, field in fields.items():
        yield from of_name(fields, name)
        if field.get("at") is None and field.get("match") is None:
            yield field.problem(
                f"where `{name}` is read is not said", "write `at: …`, or `match: […]` for a tenant's own field"
            )
        at = field.get("at")
        computed = at is not None and (at.text() or "").startswith("=")
        if at is not None and computed:
            yield from names.of_tree(at, {"record", "settings"}, ())
        if name == "status":
            yield from of_status(section(field, "values"))
        if (to := field.get("to")) is not None:
            yield from names.of_tree(to, {"value", "settings"}, ())


def of_name(fields: Node, name: str) -> Iterator[Problem]:
    head = name.partition(".")[0]
    bare = name in {"ids", "texts", "fields"}
    if (
        bare
        or (head in {"rights", "window"} and "." in name and name not in ITEM)
        or (name.startswith(OPEN) and name.endswith("."))
    ):
        yield fields.problem(f"`{name}` is not a canonical name", meant(name, ITEM), key=name)


def of_status(values: Node) -> Iterator[Problem]:
    known = [one.value for one in Status]
    for word, ours in values.items():
        if (text := ours.text()) is not None and text not in known:
            yield values.problem(f"`{text}` is not a status of ours", meant(text, known), key=word)


NEEDS: Sequence[tuple[str, str, str, Callable[[Node], bool]]] = (
    ("changes", "modified", "changes go by the instant of the last change", lambda node: node.get("feed") is None),
    ("held", "key", "our items are found again by our key", lambda _: True),
    ("create", "key", "an item is found again by our key, or a repeat would make another", lambda _: True),
    ("download", "renditions", "what is downloaded is named by them", lambda _: True),
)


def needs(kind: Node, record: Node) -> Iterator[Problem]:
    """Operations that need something of the record, or another operation."""
    for operation, member, why, applies in NEEDS:
        if (node := kind.get(operation)) is not None and applies(node) and record.get(member) is None:
            yield kind.problem(
                f"`{operation}` needs `record.{member}`: {why}", f"write `{member}: …` below `record`", key=operation
            )
    if kind.get("create") is not None and kind.get("held") is None:
        yield kind.problem(
            "`create` needs `held`: what is there already is not created again",
            "say how items are found by our key",
            key="create",
        )


def of_closing(root: Node, kind: Node, names: Names) -> Iterator[Problem]:
    ways = section(kind, "withdraw")
    for policy, node in ways.items():
        yield from work(root, node, names, KNOWN["withdraw"])
        if policy not in POLICIES:
            yield ways.problem(f"`{policy}` is not a way to close a copy", meant(policy, POLICIES), key=policy)
        elif policy != "remove" and kind.get("fetch") is not None and section(kind, "record").get("hidden") is None:
            yield ways.problem(
                f"`{policy}` needs `record.hidden`: a copy is closed when it was seen so",
                "write `hidden: [{at: …, is: …}]`",
                key=policy,
            )


def of_links(root: Node, links: Node, names: Names) -> Iterator[Problem]:
    kinds = [name for name, _ in section(root, "kinds").items()]
    for name, field in links.items():
        of = field.get("of")
        if of is not None and of.text() not in kinds:
            yield of.problem(f"`{of.text()}` is no kind of this definition", meant(of.text() or "", kinds))
        if field.get("write") is None and (field.get("attach") is None or field.get("detach") is None):
            yield links.problem(
                f"how `{name}` is changed is not said", "write `write`, or `attach` and `detach`", key=name
            )
        for key in ("read", "attach", "detach", "write", "carriers"):
            if (node := field.get(key)) is not None:
                yield from work(root, node, names, KNOWN[key])


def of_hooks(root: Node) -> Iterator[Problem]:
    kinds = [name for name, _ in section(root, "kinds").items()]
    for event in section(section(root, "hooks"), "events").elements():
        kind = event.get("kind")
        if kind is not None and kind.text() not in kinds:
            yield kind.problem(f"`{kind.text()}` is no kind of this definition", meant(kind.text() or "", kinds))
