"""Every operation the connector can send, checked by graphql-core against the schema; and against schemas that lack our guesses."""

from importlib.resources import files

import msgspec
import pytest
from graphql import GraphQLSchema, build_schema, introspection_from_schema, parse, validate

from lockgate.connectors.consonance.client import documents, shipped
from lockgate.connectors.consonance.client.live import LiveSchema, marks
from lockgate.kit.errors import ContractBroken, NeedsOperator

SCHEMA = (files("lockgate.connectors.consonance") / "schema.graphql").read_text()
BATCHES = {name: documents.batch(documents.ROOTS[name], [1, 2], text) for name, text in documents.FRAGMENTS.items()}
OPERATIONS = {**documents.QUERIES, **documents.MUTATIONS, **BATCHES}
GUESSED = {
    "toDos",
    "projectStages",
    "updateMarketingText",
    "updateSupportingResource",
    "processSupportingResource",
    "updateToDo",
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_is_valid_against_the_schema(schema: GraphQLSchema, name: str) -> None:
    assert validate(schema, parse(OPERATIONS[name])) == []


def test_every_mutation_of_the_schema_can_be_sent(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    assert set(documents.MUTATIONS) == set(schema.mutation_type.fields)


def test_the_schema_says_of_each_root_field_how_sure_it_is() -> None:
    roots = {name.partition(".")[2]: sure for name, sure in marks().items() if name.startswith(("Query.", "Mutation."))}
    assert {name for name, sure in roots.items() if sure == "inferred"} == GUESSED


def without(*lines: str) -> LiveSchema:
    """An account whose schema lacks the lines that contain these texts."""
    kept = [one for one in SCHEMA.splitlines() if not any(text in one for text in lines)]
    told = introspection_from_schema(build_schema("\n".join(kept)))
    return LiveSchema.told(msgspec.json.encode(told), "titles")


def test_a_guess_that_is_wrong_costs_its_field_and_nothing_else() -> None:
    live = without("  toDos: [ToDo!]! @inferred", "  contract: Contract @inferred")
    left = live.fitted(documents.WORK)
    assert "toDos" not in left
    assert "deliveryDates" not in left
    assert "productionRuns" in left
    query = documents.batch("work", [1], left)
    assert validate(live.schema, parse(query)) == []


def test_a_kind_of_product_that_an_account_does_not_have_is_not_asked_for() -> None:
    text = SCHEMA[: SCHEMA.index("type ElectronicAudioProduct")] + SCHEMA[SCHEMA.index("type PhysicalAudioProduct") :]
    live = LiveSchema.told(msgspec.json.encode(introspection_from_schema(build_schema(text))), "titles")
    left = documents.batch("product", [1], live.fitted(documents.PRODUCT))
    assert "ElectronicAudioProduct" not in left
    assert validate(live.schema, parse(left)) == []


def test_what_cannot_be_read_at_all_is_said_in_words() -> None:
    live = without("  toDos(toDoSearch: ToDoSearchAttributes)")
    with pytest.raises(NeedsOperator, match="lacks what is to be read"):
        live.fitted(documents.TO_DOS)


def test_what_cannot_be_written_is_named() -> None:
    live = without("  updateToDo(input: UpdateToDoInput!)")
    with pytest.raises(NeedsOperator, match=r"no Mutation\.updateToDo"):
        live.need("Mutation", "updateToDo")


def test_differences_are_told_by_how_sure_we_were() -> None:
    live = without("  keywords: [String!]! @inferred", "  season", "  projectStage: String")
    found = live.differences()
    assert "Work.keywords" in found["inferred"]
    assert "Work.projectStage" in found["documented"]
    assert shipped("titles").differences() == {"documented": [], "named": [], "inferred": []}


def test_an_introspection_that_is_none_is_the_vendors_fault() -> None:
    with pytest.raises(ContractBroken, match="in a way that"):
        LiveSchema.told(b'{"__schema": {"types": 1}}', "titles")
