"""The JSON Schema for editors knows what the loader knows."""

from lockgate.engine.recipe import flow_schema, schema
from lockgate.engine.recipe.document import GATES


def test_the_schema_of_a_recipe_names_every_part_and_gate() -> None:
    found = schema()
    assert set(found["required"]) == {"recipe", "title", "uses", "watch", "gates", "deliver"}
    assert set(GATES) < set(found["$defs"]["GateShape"]["properties"])
    assert {"to", "as", "fields"} <= set(found["$defs"]["DeliverShape"]["properties"])
    assert found["additionalProperties"] is False


def test_the_schema_of_a_flow_file_names_what_must_be_there() -> None:
    assert set(flow_schema()["required"]) == {"flow", "recipe", "uses"}
