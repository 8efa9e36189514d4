"""The schema this account serves: ours without its directives, and without what the account lacks."""

from functools import lru_cache
from importlib import resources
from typing import Any

from graphql import REMOVE, GraphQLSchema, Visitor, build_ast_schema, parse, visit
from graphql.language import DirectiveDefinitionNode, Node

from .switches import Switches

FILE = resources.files("lockgate.connectors.consonance") / "schema.graphql"


class SchemaError(ValueError):
    """What is lacking leaves no schema; the message is a sentence."""


@lru_cache(maxsize=16)
def schema(lacks: tuple[str, ...] = ()) -> GraphQLSchema:
    """The schema without the fields named `Type.field`, and without the marks of how sure we are of it."""
    document = visit(parse(FILE.read_text(encoding="utf-8"), no_location=True), Without(frozenset(lacks)))
    try:
        return build_ast_schema(document, assume_valid_sdl=True)
    except TypeError as problem:
        raise SchemaError(f"The schema cannot be without {', '.join(lacks)}: {problem}.") from problem


class Without(Visitor):
    """Leaves out directives, and the fields that are lacking."""

    def __init__(self, lacks: frozenset[str]) -> None:
        super().__init__()
        self._lacks = lacks
        self._owner = ""

    def enter(self, node: Node, *_: Any) -> Any:
        if isinstance(node, DirectiveDefinitionNode):
            return REMOVE
        name = getattr(getattr(node, "name", None), "value", "")
        if node.kind in {"object_type_definition", "interface_type_definition", "input_object_type_definition"}:
            self._owner = name
        lacking = node.kind in {"field_definition", "input_value_definition"} and f"{self._owner}.{name}" in self._lacks
        return REMOVE if lacking else None


def of(switches: Switches) -> GraphQLSchema:
    return schema(tuple(switches.lacks))
