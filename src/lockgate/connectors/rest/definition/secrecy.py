"""No secret stands in a definition: what is written into a file is in every copy of it."""

import re
from collections.abc import Iterator

from lockgate.connectors.rest.definition import templates
from lockgate.connectors.rest.definition.names import TREES
from lockgate.kit.document.problems import Problem
from lockgate.kit.document.tree import Node

SENT = frozenset({*TREES, "parts", "authorize"})
"""What is sent stands below these keys."""
ADDRESSES = ("call", "base", "endpoint", "token_url", "authorize_url")
NAMED = re.compile(
    r"(^|_)(password|passwd|pwd|secret|token|apikey|(api|access|private|subscription|x)_key|authorization|credentials?|cookie)$"
)
USER = re.compile(r"//[^/?#{}@]*:[^/?#@]+@")
PARAMETER = re.compile(r"[?&]([^=&#]+)=([^&#]+)")
HARMLESS = frozenset({"=null", "=true", "=false", "no-check"})
"""What stands in such places and is no secret; with `no-check` a program says that it is no browser."""
REMEDY = 'make it a setting with `secret: true`, and sign in by `auth` with "{settings.NAME}"'


def secrecy(node: Node, *, sent: bool = False) -> Iterator[Problem]:
    """Each value that is written out where only a secret can be meant."""
    for key, inner in node.items():
        text = inner.text()
        if text is not None and sent and looks_secret(key) and literal(text):
            yield node.problem(f"`{key}` looks like a secret, and definitions hold none", REMEDY, key=key)
        if text is not None and key in ADDRESSES:
            yield from of_address(inner, text)
        yield from secrecy(inner, sent=sent or key in SENT)
    for inner in node.elements():
        yield from secrecy(inner, sent=sent)


def of_address(node: Node, text: str) -> Iterator[Problem]:
    if USER.search(text):
        yield node.problem("user and password stand in this address, and definitions hold no secrets", REMEDY)
    for name, value in PARAMETER.findall(text):
        if looks_secret(name) and literal(value):
            yield node.problem(f"`{name}` looks like a secret, and definitions hold none", REMEDY)


def looks_secret(name: str) -> bool:
    """`X-Api-Key`, `clientSecret`, `access_token`; not `sort_key` or `token_type`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return NAMED.search(re.sub(r"[^a-z0-9]+", "_", words)) is not None


def literal(text: str) -> bool:
    """Whether nothing is put into this text. One that cannot be read is told elsewhere."""
    try:
        return bool(text.strip()) and not templates.names_of(text) and text.strip() not in HARMLESS
    except ValueError:
        return False
