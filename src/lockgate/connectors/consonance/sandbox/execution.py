"""Running an operation: what graphql-core checks and executes, said in the manner of graphql-ruby."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from graphql import (
    ExecutionResult,
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    execute_sync,
    get_named_type,
    is_list_type,
    is_non_null_type,
    parse,
    specified_rules,
    validate,
)
from graphql.language import DocumentNode, FieldNode, FragmentDefinitionNode, Node, OperationDefinitionNode
from graphql.validation import ASTValidationRule

from . import schema
from .codelists import onix_code
from .reading import RESOLVERS
from .state import Record, State
from .writing import MUTATIONS, forbidden, mutated

CODE_LISTS = {
    "onix21ProductForm": 7,
    "onixProductAvailability": 65,
    "onixPublishingStatus": 64,
    "onixPriceType": 58,
    "onixPriceTypeQualifier": 59,
    "onixContributorRole": 17,
    "onixLanguage": 74,
    "onixIntendedContentAudience": 154,
    "onixSalesRightsType": 46,
    "onixPrizeAchievement": 41,
    "onixTerritory": 91,
}
CODES_BY_RULE = {
    "ValuesOfCorrectTypeRule": "argumentLiteralsIncompatible",
    "KnownArgumentNamesRule": "argumentNotAccepted",
    "ProvidedRequiredArgumentsRule": "missingRequiredArguments",
    "ScalarLeafsRule": "selectionMismatch",
    "KnownTypeNamesRule": "undefinedType",
    "NoUndefinedVariablesRule": "variableNotDefined",
    "NoUnusedVariablesRule": "variableNotUsed",
    "VariablesInAllowedPositionRule": "variableMismatch",
}


class Call(msgspec.Struct, frozen=True):
    """What resolvers are handed: the account, and whether this key may write."""

    state: State
    may_write: bool


class Fields(FieldsOnCorrectTypeRule):
    """Says what field is not there in graphql-ruby's words, with the path to it in the document."""

    def enter_field(self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Node]) -> None:
        kind, field = self.context.get_parent_type(), node.name.value
        if kind is None or self.context.get_field_def() is not None:
            return
        message = f"Field '{field}' doesn't exist on type '{kind.name}'"
        error = GraphQLError(message, node, path=[*way(ancestors), field])
        error.extensions = {"code": "undefinedField", "typeName": kind.name, "fieldName": field}
        self.report_error(error)


def way(ancestors: list[Node]) -> list[str]:
    """`query Name`, then the fields down to here."""
    steps = []
    for one in ancestors:
        if isinstance(one, OperationDefinitionNode):
            steps.append(" ".join([one.operation.value, *([one.name.value] if one.name else [])]))
        elif isinstance(one, FragmentDefinitionNode):
            steps.append(f"fragment {one.name.value}")
        elif isinstance(one, FieldNode):
            steps.append(one.alias.value if one.alias else one.name.value)
    return steps


RULES = tuple(Fields if rule is FieldsOnCorrectTypeRule else rule for rule in specified_rules)


def problems(
    served: GraphQLSchema, document: DocumentNode, rules: Sequence[type[ASTValidationRule]]
) -> list[GraphQLError]:
    """What is wrong with a document, each with the code by which graphql-ruby knows it."""
    if not validate(served, document, rules):
        return []
    found = []
    for rule in rules:
        for error in validate(served, document, [rule]):
            error.extensions = error.extensions or {"code": CODES_BY_RULE.get(rule.__name__, rule.__name__)}
            found.append(error)
    return found


def run(state: State, may_write: bool, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The body that answers a request's."""
    query = asked.get("query")
    if not isinstance(query, str) or not query.strip():
        return {"errors": [{"message": "No query string was present"}]}
    checked = prepared(query, tuple(state.switches.lacks), state.switches.introspection)
    if checked.wrong:
        return {"errors": list(checked.wrong)}
    if checked.told is not None:
        return {"data": checked.told}
    result = execute_sync(
        schema.of(state.switches),
        checked.document,
        root_value={},
        context_value=Call(state, may_write),
        variable_values=variables(asked.get("variables")),
        operation_name=asked.get("operationName"),
        field_resolver=resolve,
    )
    return answered(result)


class Prepared(msgspec.Struct, frozen=True):
    """A document that was parsed and checked: what is wrong with it, and its answer where it only asks for the schema."""

    document: DocumentNode
    wrong: tuple[dict[str, Any], ...] = ()
    told: dict[str, Any] | None = None


@lru_cache(maxsize=512)
def prepared(query: str, lacks: tuple[str, ...], introspection: bool) -> Prepared:
    """Kept, since clients send the same operations over and over."""
    served, empty = schema.schema(lacks), DocumentNode(definitions=())
    try:
        document = parse(query, max_tokens=20_000)
    except GraphQLError as problem:
        return Prepared(empty, (shown(problem),))
    checks = RULES if introspection else [*RULES, NoSchemaIntrospectionCustomRule]
    if wrong := problems(served, document, checks):
        return Prepared(empty, tuple(shown(one) for one in wrong))
    return Prepared(document, told=execute_sync(served, document).data if only_schema(document) else None)


def only_schema(document: DocumentNode) -> bool:
    """Whether a document asks for nothing but `__schema`, without variables."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return len(operations) == 1 and all(
        isinstance(one, FieldNode) and one.name.value == "__schema" for one in operations[0].selection_set.selections
    )


def variables(told: Any) -> dict[str, Any]:
    if isinstance(told, str):
        return dict(msgspec.json.decode(told)) if told else {}
    return dict(told or {})


def answered(result: ExecutionResult) -> dict[str, Any]:
    body: dict[str, Any] = {"data": result.data} if result.data is not None else {}
    if result.errors:
        body["errors"] = [shown(one) for one in result.errors]
        body.setdefault("data", None)
    return body


def shown(error: GraphQLError) -> dict[str, Any]:
    return dict(error.formatted)


def resolve(source: Record, info: GraphQLResolveInfo[Call], **arguments: Any) -> Any:
    """A field: by its resolver, as an ONIX code beside its enum, or as it stands in the record."""
    call: Call = info.context
    kind, field = info.parent_type, info.field_name
    if kind.name == "Mutation":
        return mutate(call, info, arguments["input"])
    resolver = RESOLVERS.get((kind.name, field)) or next(
        (RESOLVERS[one.name, field] for one in kind.interfaces if (one.name, field) in RESOLVERS), None
    )
    if resolver is not None:
        return resolver(call.state, source, arguments)
    if field in CODE_LISTS and get_named_type(info.return_type).name == "ONIXCode":
        return onix_code(CODE_LISTS[field], source.get(f"{field}Code"))
    return usual(source.get(field), info)


def usual(value: Any, info: GraphQLResolveInfo[Call]) -> Any:
    """A list that was never filled is empty, a flag that was never set is off."""
    if value is not None or not is_non_null_type(info.return_type):
        return value
    inner = info.return_type.of_type
    if is_list_type(inner):
        return []
    return {"Boolean": False, "String": ""}.get(inner.name)


def mutate(call: Call, info: GraphQLResolveInfo[Call], told: Mapping[str, Any]) -> dict[str, Any]:
    if not call.may_write:
        raise forbidden()
    payload = get_named_type(info.return_type)
    nothing = {"success": False} if isinstance(payload, GraphQLObjectType) and "success" in payload.fields else {}
    return mutated(MUTATIONS[info.field_name], call.state, told, nothing)
