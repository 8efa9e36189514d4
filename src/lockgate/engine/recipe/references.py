"""What must fit together in a recipe: roles that are used, kinds that they have, names that point somewhere.

Reads the tree itself and not the typed document, so that these problems show beside those of single values.
"""

from collections.abc import Callable, Collection, Iterator

from lockgate.engine import expression
from lockgate.kit.document.problems import Problem, meant
from lockgate.kit.document.tree import Node
from lockgate.model import paths

IDENTIFIERS = ("sku", "gtin", "isbn", "family")

Check = Callable[[Node], Iterator[Problem]]


def check(root: Node) -> list[Problem]:
    """Every problem of how the parts of a recipe fit together."""
    return [problem for one in CHECKS for problem in one(root)]


def keys(node: Node | None) -> list[str]:
    return [key for key, _ in node.items()] if node else []


def roles(root: Node) -> Iterator[Problem]:
    """Every role that is named must be declared, with the kind that is asked of it."""
    declared = root.get("uses")
    for section, role_key, kind_key in parts(root):
        role = section.get(role_key)
        if role is None or role.open or (word := role.text()) is None:
            continue
        if word not in keys(declared):
            yield role.problem(f"there is no role `{word}`", meant(word, keys(declared)))
            continue
        yield from kind_of(declared, section, word, kind_key)


def parts(root: Node) -> Iterator[tuple[Node, str, str]]:
    """Sections that name a role, with the keys of role and kind."""
    if (watch := root.get("watch")) is not None:
        yield watch, "system", "kind"
    if (deliver := root.get("deliver")) is not None:
        yield deliver, "to", "as"
    for _, one in (root.get("resolve") or root).items() if root.get("resolve") else ():
        yield one, "system", "kind"


def kind_of(declared: Node | None, section: Node, role: str, key: str) -> Iterator[Problem]:
    spec = declared.get(role) if declared else None
    listed = spec.get("kinds") if spec else None
    if listed is None:
        return
    known = [text for one in listed.elements() if (text := one.text())] or [listed.text() or ""]
    kind = section.get(key)
    implied = section.path.rpartition(".")[2] if key == "kind" and section.path.startswith("resolve.") else None
    word = kind.text() if kind else implied
    if word is not None and word not in known and not (kind and kind.open):
        problem = f"`{role}` has no kind `{word}`"
        yield (kind or section).problem(problem, f"{meant(word, known)} or add it to `uses.{role}.kinds`")


def links(root: Node) -> Iterator[Problem]:
    """What is resolved is what is linked."""
    resolve, deliver = root.get("resolve"), root.get("deliver")
    link = deliver.get("link") if deliver else None
    for name, node in link.items() if link else ():
        if name not in keys(resolve):
            yield node.problem(f"`{name}` is not resolved, so nothing can be linked to it", meant(name, keys(resolve)))
    for name, node in resolve.items() if resolve else ():
        if deliver is not None and name not in keys(link):
            yield node.problem(f"`{name}` is resolved but not linked", f"add `link: {{{name}: <field>}}` to `deliver`")
        to, system = (deliver.get("to") if deliver else None), node.get("system")
        if to and system and to.text() != system.text() and to.text() in keys(root.get("uses")):
            yield system.problem("what is linked must be in the system that is delivered to", f"write `{to.text()}`")


def identifiers(root: Node) -> Iterator[Problem]:
    for _, one in resolve.items() if (resolve := root.get("resolve")) else ():
        by = one.get("by")
        for node in (by.elements() or (by,)) if by else ():
            if (word := node.text()) is not None and not node.open and word not in IDENTIFIERS:
                yield node.problem(f"`{word}` is not a kind of identifier", meant(word, IDENTIFIERS))


def choices(root: Node) -> Iterator[Problem]:
    """Choices that come from a system name a role and a canonical name; a default is one of the choices."""
    for _, question in asked.items() if (asked := root.get("ask")) else ():
        node = question.get("choices")
        if node is None:
            continue
        if (word := node.text()) is not None:
            role, _, path = word.partition(".")
            if role not in keys(root.get("uses")):
                yield node.problem(f"there is no role `{role}`", meant(role, keys(root.get("uses"))))
            elif not paths.known(path):
                yield node.problem(f"`{path}` is not a canonical name", meant(path, paths.SIMPLE))
        yield from outside(node, question.get("default"))


def outside(choices: Node, chosen: Node | None) -> Iterator[Problem]:
    """Answers that are none of the listed choices."""
    known = [text for one in choices.elements() if (text := one.text())]
    if not known or chosen is None:
        return
    for node in chosen.elements() or (chosen,):
        if (word := node.text()) is not None and word not in known:
            yield node.problem(f"`{word}` is none of the choices", meant(word, known))


def expressions(root: Node) -> Iterator[Problem]:
    """Expressions may read only answers that are asked for."""
    known = keys(root.get("ask"))
    for node in written_expressions(root):
        if (text := node.text()) is not None and not node.open:
            others = set(expression.faults(text))
            for fault in expression.faults(text, known):
                if fault not in others:
                    yield node.problem(fault, "ask for it below `ask`")


def written_expressions(root: Node) -> Iterator[Node]:
    for gate in gates.elements() if (gates := root.get("gates")) else ():
        if when := gate.get("when"):
            yield when
    deliver = root.get("deliver")
    for _, one in fields.items() if deliver and (fields := deliver.get("fields")) else ():
        if cel := one.get("cel"):
            yield cel


def gate_names(root: Node) -> Iterator[Problem]:
    yield from twice(root.get("gates"))


def twice(listed: Node | None) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for one in listed.elements() if listed else ():
        name = one.get("name")
        if name is None or (word := name.text()) is None:
            continue
        if word in seen:
            yield name.problem("this name stands twice", f"it is already in line {seen[word]}; choose another")
        seen.setdefault(word, name.line)


def examples(root: Node) -> Iterator[Problem]:
    """Examples name roles, gates, questions and sample items that there are."""
    listed = root.get("examples")
    yield from twice(listed)
    for one in listed.elements() if listed else ():
        yield from keyed(one.get("ask"), keys(root.get("ask")), "nobody asks for")
        then = one.get("then")
        for step in (one, *(then.elements() if then else ())):
            yield from stepped(root, step)


def stepped(root: Node, step: Node) -> Iterator[Problem]:
    """What is done and what is expected names roles and gates that there are."""
    gates = root.get("gates")
    names = [name.text() or "" for one in (gates.elements() if gates else ()) if (name := one.get("name"))]
    for what in ("given", "change", "remove"):
        yield from keyed(step.get(what), keys(root.get("uses")), "there is no role")
    expect = step.get("expect")
    if expect is None:
        return
    if (at := expect.get("at")) and (word := at.text()) is not None and word not in names:
        yield at.problem("there is no gate of this name", meant(word, names))
    yield from held(root, expect.get("holds"))


def held(root: Node, holds: Node | None) -> Iterator[Problem]:
    """What is held afterwards is asked of the system that is delivered to."""
    deliver, roles = root.get("deliver"), keys(root.get("uses"))
    to = node.text() if deliver and (node := deliver.get("to")) else None
    yield from keyed(holds, roles, "there is no role")
    for role in keys(holds):
        if holds is not None and to in roles and role in roles and role != to:
            yield holds.problem(f"nothing is delivered to `{role}`", f"say what `{to}` holds", key=role)


def keyed(node: Node | None, known: Collection[str], sentence: str) -> Iterator[Problem]:
    for key in keys(node):
        if node is not None and key not in known:
            yield node.problem(f"{sentence} `{key}`", meant(key, known), key=key)


CHECKS: tuple[Check, ...] = (roles, links, identifiers, choices, expressions, gate_names, examples)
