"""What must fit together in a definition: names that templates read, settings, operations that need each other."""

from collections.abc import Iterator

from lockgate.connectors.rest.definition.shapes import Definition
from lockgate.kit.document.problems import Problem
from lockgate.kit.document.tree import Node


def check(root: Node, made: Definition | None) -> list[Problem]:
    """Every problem beyond single values; what needs the whole is asked only where every value is sound."""
    return [*brackets(root)]


def brackets(node: Node) -> Iterator[Problem]:
    """`json: {ref}` is an object with a key `ref` and no value: quotes were forgotten."""
    for key, inner in node.items():
        if inner.value is None and len(node.keys) == 1 and key.isidentifier():
            yield node.problem(f"`{{{key}}}` without quotes is an object to YAML", f'write "{{{key}}}", or ={key}')
        yield from brackets(inner)
    for inner in node.elements():
        yield from brackets(inner)
