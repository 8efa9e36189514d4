"""Put answers in the place of `$name`, keeping where each came from."""

from collections.abc import Mapping
from dataclasses import replace

from lockgate.kit.document.problems import Problem, meant
from lockgate.kit.document.tree import Node

SECTIONS = ("watch", "gates", "resolve", "deliver")
"""Where `$name` stands for an answer; elsewhere it is text."""


def answered(root: Node, answers: Mapping[str, Node | None]) -> tuple[Node, list[Problem]]:
    """The tree with every `$name` replaced. None as an answer leaves the place open; `$$` is a dollar sign."""
    problems: list[Problem] = []

    def walk(node: Node) -> Node:
        if isinstance(node.value, Mapping):
            return replace(node, value={key: walk(one) for key, one in node.value.items()})
        if isinstance(node.value, tuple):
            return replace(node, value=tuple(one for part in node.value for one in spliced(part)))
        if isinstance(node.value, str) and node.value.startswith("$"):
            return filled(node, node.value[1:])
        return node

    def spliced(node: Node) -> tuple[Node, ...]:
        """`[$markets, FR]` is one list: an answer that is a list gives its elements to the list it stands in."""
        done = walk(node)
        return done.elements() if node.text() is not None and isinstance(done.value, tuple) else (done,)

    def filled(node: Node, name: str) -> Node:
        if name.startswith("$"):
            return replace(node, value=name)
        if name not in answers:
            problems.append(node.problem(f"nobody asks for `{name}`", f"{meant(name, answers)}, or add it below `ask`"))
        found = answers.get(name)
        return found if found is not None else replace(node, value="", open=True)

    value = {key: walk(one) if key in SECTIONS else one for key, one in root.items()}
    return replace(root, value=value), problems


def defaults(root: Node) -> dict[str, Node | None]:
    """The questions of a recipe with the places of their default answers."""
    asked = root.get("ask")
    return {name: question.get("default") for name, question in asked.items()} if asked else {}
