"""What each way to sign in needs, and that no secret stands in a definition."""

from collections.abc import Iterator, Mapping

from lockgate.connectors.rest.definition.names import Names
from lockgate.connectors.rest.definition.secrecy import literal
from lockgate.connectors.rest.definition.values import SETTING
from lockgate.kit.document.problems import Problem
from lockgate.kit.document.tree import Node

BY_CONSENT = ("authorize_url", "authorize")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "header": ("header", "value"),
    "basic": ("user", "password"),
    "bearer": ("token",),
    "oauth2": ("token_url", "client_id"),
    "session": ("login", "header", "value", "token"),
    "hmac": ("header", "key", "message"),
}
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "oauth2": ("grant", "client_secret", "refresh_token", "scope", "client", "body", "user", "password", *BY_CONSENT),
    "session": ("encode",),
    "hmac": ("value", "algorithm", "encoding", "headers"),
}
GRANT = {
    "password": ("user", "password"),
    "authorization-code": ("refresh_token",),
    "client-credentials": ("client_secret",),
}
SECRET = ("password", "client_secret", "refresh_token", "key")
"""Members that are secrets whatever stands around them."""
HERE = frozenset(
    {"settings", "took", "token", "signature", "method", "path", "query", "time", "body", "body_sha256", "newline"}
)


def signing(auth: Node, settings: Node, names: Names) -> Iterator[Problem]:
    style = word(auth, "style")
    yield from consenting(auth, settings)
    if style in NEEDED:
        yield from complete(auth, style)
    for key, node in auth.items():
        if key == "login":
            yield from names.of_work(node, (), secrets=True)
        elif key not in {"style", "header", "grant", "client", "body", "encode", "algorithm", "encoding"}:
            yield from names.of_tree(node, HERE, None, secrets=True)
    yield from plain_secrets(auth, style)


def word(node: Node, key: str, default: str = "") -> str:
    found = node.get(key)
    return found.text() or default if found is not None else default


def complete(auth: Node, style: str) -> Iterator[Problem]:
    needed = NEEDED[style]
    if style == "oauth2":
        needed = (*needed, *GRANT.get(word(auth, "grant", "client-credentials"), ()))
    for key in needed:
        if auth.get(key) is None:
            yield auth.problem(f"`style: {style}` needs `{key}`", f"write `{key}: …`")
    known = {"style", *needed, *ALLOWED.get(style, ())}
    for key in auth.keys:
        if key not in known:
            yield auth.problem(
                f"`{key}` says nothing with `style: {style}`", "remove it, or choose the style it belongs to", key=key
            )


def consenting(auth: Node, settings: Node) -> Iterator[Problem]:
    """A consent fills a setting: a secret one, that may be empty until then."""
    asks = [key for key in BY_CONSENT if auth.get(key) is not None]
    if asks and word(auth, "grant") != "authorization-code":
        yield auth.problem(
            f"`{asks[0]}` says nothing without a consent",
            "write `grant: authorization-code`, or remove it",
            key=asks[0],
        )
    if "authorize_url" not in asks or auth.get("refresh_token") is None:
        return
    named = SETTING.fullmatch(word(auth, "refresh_token"))
    setting = settings.get(named[1]) if named else None
    if setting is None or not all(word(setting, one).lower() in {"true", "yes"} for one in ("secret", "optional")):
        yield auth.problem(
            "the refresh token of a consent goes into a setting of its own",
            'write "{settings.NAME}", and that setting with `secret: true` and `optional: true`',
            key="refresh_token",
        )


def plain_secrets(auth: Node, style: str) -> Iterator[Problem]:
    """A secret is a setting: what is written into a file is in every copy of it."""
    for key in (*SECRET, *(("value",) if style == "header" else ("token",) if style == "bearer" else ())):
        text = word(auth, key)
        if literal(text):
            yield auth.problem(
                "a secret stands here, and definitions hold none",
                'make it a setting with `secret: true` and write "{settings.NAME}"',
                key=key,
            )
