"""Which names a template may read where it stands; what it reads besides is told at its own line."""

from collections.abc import Collection, Iterator, Mapping

from lockgate.connectors.rest.definition import templates
from lockgate.kit.document.problems import Problem, meant
from lockgate.kit.document.tree import Node

ALWAYS = frozenset({"settings", "took", "setup", "now"})
PAGE = frozenset({"page"})
FILE = frozenset({"file"})
KNOWN: Mapping[str, frozenset[str]] = {
    "index": PAGE,
    "changes": PAGE | {"since", "cursor"},
    "download": frozenset({"address", "id"}),
    "create": FILE | {"key", "fields"},
    "update": FILE | {"ref", "key", "fields"},
    "replace": FILE | {"ref", "key", "fields"},
    "upsert": FILE | {"ref", "key", "fields"},
    "bulk": frozenset({"items", "key"}),
    "withdraw": frozenset({"ref"}),
    "show": frozenset({"ref"}),
    "read": frozenset({"id"}) | PAGE,
    "attach": frozenset({"id", "ref"}),
    "detach": frozenset({"id", "ref"}),
    "write": frozenset({"id", "ref", "refs"}),
    "carriers": frozenset({"ref"}) | PAGE,
    "check": frozenset(),
    "discover": frozenset(),
    "find": frozenset(),
    "make": frozenset(),
}
ASKED = {"fetch": ("id", "ids"), "held": ("key", "keys"), "find": ("value", "values")}
"""What is known where one is asked for, and where many are."""

MEMBERS: Mapping[str, frozenset[str]] = {
    "page": frozenset({"number", "offset", "size", "cursor"}),
    "file": frozenset({"name", "stem", "extension", "media_type", "length", "base64"}),
}
TREES = ("query", "headers", "json", "form", "lines", "variables", "params")
TEXTS = ("call", "rpc", "when")
UPLOAD = ("field", "parts", "media_type", "filename")


class Names:
    """Looks at the templates of a definition."""

    def __init__(self, settings: Mapping[str, bool]) -> None:
        self._settings = settings
        """By name, whether it is secret."""

    def of_work(self, work: Node, known: Collection[str], *, secrets: bool = False) -> Iterator[Problem]:
        """An operation: its own call, or those below `calls`; what one takes is known to the next."""
        calls = work.get("calls")
        took: set[str] = set()
        for call in calls.elements() if calls is not None else (work,):
            yield from self.of_call(call, {*ALWAYS, *known}, took, secrets=secrets)
            took |= {name for name, _ in taken.items()} if (taken := call.get("take")) is not None else set()

    def of_call(self, call: Node, known: Collection[str], took: Collection[str], *, secrets: bool) -> Iterator[Problem]:
        places = [inner for name in (*TEXTS, *TREES) if (inner := call.get(name)) is not None]
        if (upload := call.get("upload")) is not None:
            places += [inner for name in UPLOAD if (inner := upload.get(name)) is not None]
        for place in places:
            condition = place is call.get("when")
            yield from self.of_tree(place, known, took, secrets=secrets, expression=condition)

    def of_tree(
        self,
        node: Node,
        known: Collection[str],
        took: Collection[str] | None,
        *,
        secrets: bool = False,
        expression: bool = False,
    ) -> Iterator[Problem]:
        """Every text at this place and below it. `took` None leaves what was taken unchecked."""
        for inner in (*(one for _, one in node.items()), *node.elements()):
            yield from self.of_tree(inner, known, took, secrets=secrets)
        if (text := node.text()) is not None:
            yield from self.of_text(
                node, f"={text}" if expression and not text.startswith("=") else text, known, took, secrets
            )

    def of_text(
        self, node: Node, text: str, known: Collection[str], took: Collection[str] | None, secrets: bool
    ) -> Iterator[Problem]:
        try:
            names = templates.names_of(text)
        except ValueError as error:
            yield node.problem(str(error), "names stand in braces as `{settings.site}`; a typed value begins with `=`")
            return
        for name in dict.fromkeys((*names, *members(text))):
            head, _, rest = name.partition(".")
            if head not in known:
                yield node.problem(f"`{name}` is not known here", meant(head, known))
            elif head == "settings" and rest:
                yield from self.setting(node, rest.split(".")[0], secrets)
            elif head in MEMBERS and rest and rest.split(".")[0] not in MEMBERS[head]:
                yield node.problem(f"`{name}` is not known here", meant(rest, MEMBERS[head]))
            elif head == "took" and took is not None and rest and rest.split(".")[0] not in took:
                yield node.problem(f"`{name}` is taken by no call before this one", taken_before(took))

    def setting(self, node: Node, name: str, secrets: bool) -> Iterator[Problem]:
        if name not in self._settings:
            yield node.problem(f"`settings.{name}` is no setting of this definition", meant(name, self._settings))
        elif self._settings[name] and not secrets:
            yield node.problem(f"`settings.{name}` is a secret, and only `auth` knows secrets", "sign in by `auth`")


def members(text: str) -> list[str]:
    """`settings.x` and `took.x` inside an expression, where the parser names the head alone."""
    if not templates.is_typed(text):
        return []
    return [found[0] for found in templates.MEMBER.finditer(templates.QUOTED.sub("''", text))]


def taken_before(took: Collection[str]) -> str:
    return (
        f"taken before are {', '.join(f'`{one}`' for one in sorted(took))}"
        if took
        else "nothing is taken before; see `take`"
    )
