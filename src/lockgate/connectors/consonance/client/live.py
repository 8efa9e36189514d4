"""The schema of the account we talk to, and our documents cut down to what it has.

Part of our schema is guessed. What an account lacks is left out of our reads, so that a wrong guess costs a field and not the
connection; a write that needs what is not there is refused in words.
"""

from functools import cache, lru_cache
from importlib import resources
from typing import Any

import msgspec
from graphql import (
    REMOVE,
    FieldNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_ast_schema,
    build_client_schema,
    get_named_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    parse,
    print_ast,
    visit,
)
from graphql.language import FragmentDefinitionNode, Node, OperationDefinitionNode

from lockgate.kit.errors import ContractBroken, NeedsOperator

FILE = resources.files("lockgate.connectors.consonance") / "schema.graphql"
SURE = ("documented", "named", "inferred")


class Shape:
    """A schema, and our documents cut down to it; one for all accounts that tell the same."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._fitted: dict[str, str | None] = {}

    def fitted(self, document: str) -> str | None:
        """A document without what the schema lacks; None when a selection of it is left empty."""
        if document not in self._fitted:
            info = TypeInfo(self.schema)
            left = visit(parse(document, no_location=True), TypeInfoVisitor(info, Cut(info, self.schema)))
            self._fitted[document] = None if any(empty(one) for one in left.definitions) else print_ast(left)
        return self._fitted[document]


class LiveSchema:
    """One account's schema."""

    def __init__(self, shape: Shape, connection: str, *, asked: bool) -> None:
        self.shape = shape
        self.schema = shape.schema
        self.connection = connection
        self.asked = asked
        """Whether the account told us; else it is our own schema."""

    @classmethod
    def told(cls, introspection: bytes, connection: str) -> "LiveSchema":
        """The schema of an introspection's data, as JSON."""
        try:
            shape = shaped(introspection)
        except (TypeError, KeyError, AttributeError, ValueError) as problem:
            raise ContractBroken(
                f"{connection} described its schema in a way that cannot be read.", detail=str(problem)[:300]
            ) from problem
        return cls(shape, connection, asked=True)

    def has(self, type: str, field: str) -> bool:
        kind = self.schema.type_map.get(type)
        return field in getattr(kind, "fields", {})

    def need(self, type: str, *fields: str) -> None:
        """Raises NeedsOperator where the account's schema lacks what a write needs."""
        if lacking := [name for name in fields if not self.has(type, name)]:
            raise NeedsOperator(
                f"The schema of {self.connection} has no {type}.{lacking[0]}, so this cannot be written there. "
                "Ask Consonance's support what it is called, or leave this out of the recipe.",
                code="schema.lacks",
            )

    def fitted(self, document: str) -> str:
        """A document of ours without what this account lacks. NeedsOperator when nothing of it is left."""
        left = self.shape.fitted(document)
        if left is None:
            raise NeedsOperator(
                f"The schema of {self.connection} lacks what is to be read here; this kind of record cannot be read from it.",
                code="schema.lacks",
            )
        return left

    def differences(self) -> dict[str, list[str]]:
        """What our schema has and this one lacks, as `Type.field`, by how sure we were of it."""
        found: dict[str, list[str]] = {sure: [] for sure in SURE}
        for name, sure in marks().items():
            type, _, field = name.partition(".")
            if type in self.schema.type_map and not self.has(type, field):
                found[sure].append(name)
            elif type not in self.schema.type_map and type not in found[sure]:
                found[sure].append(type)
        return found


class Cut(Visitor):
    """Removes fields and fragments that the schema does not know, and what is empty without them."""

    def __init__(self, info: TypeInfo, schema: GraphQLSchema) -> None:
        super().__init__()
        self._info = info
        self._schema = schema

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        return REMOVE if self._info.get_field_def() is None and node.name.value != "__typename" else None

    def leave_field(self, node: FieldNode, *_: Any) -> Any:
        return REMOVE if empty(node) else None

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        wanted = node.type_condition
        return REMOVE if wanted is not None and wanted.name.value not in self._schema.type_map else None

    def leave_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        return REMOVE if empty(node) else None


def empty(node: Node) -> bool:
    """Whether there is a selection with nothing in it."""
    if not isinstance(node, FieldNode | InlineFragmentNode | FragmentDefinitionNode | OperationDefinitionNode):
        return False
    return node.selection_set is not None and not node.selection_set.selections


@cache
def own() -> GraphQLSchema:
    return build_ast_schema(parse(FILE.read_text(encoding="utf-8"), no_location=True), assume_valid_sdl=True)


def shipped(connection: str) -> LiveSchema:
    """Our own schema, for accounts that do not tell theirs."""
    return LiveSchema(shipped_shape(), connection, asked=False)


@cache
def shipped_shape() -> Shape:
    return Shape(own())


@lru_cache(maxsize=8)
def shaped(introspection: bytes) -> Shape:
    """Kept, since reading a schema costs a tenth of a second and accounts tell the same one each time."""
    return Shape(build_client_schema(msgspec.json.decode(introspection)))


@cache
def marks() -> dict[str, str]:
    """How sure we are of each field of our schema, by `Type.field`: its own mark, else its type's, else documented."""
    found: dict[str, str] = {}
    for name, kind in own().type_map.items():
        if fielded(kind) and not name.startswith("__"):
            usual = mark(kind, "documented")
            found |= {f"{name}.{field}": mark(one, usual) for field, one in getattr(kind, "fields", {}).items()}
    return found


def fielded(kind: GraphQLNamedType) -> Any:
    return is_object_type(kind) or is_interface_type(kind) or is_input_object_type(kind)


def mark(one: Any, otherwise: str) -> str:
    directives = getattr(one.ast_node, "directives", None) or ()
    return next((each.name.value for each in directives if each.name.value in SURE), otherwise)


def type_name(type: Any) -> str:
    return str(get_named_type(type).name)
