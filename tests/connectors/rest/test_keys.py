"""Our key in the forms in which systems keep it, and texts line by line."""

from uuid import UUID

from lockgate.connectors.rest.definition.functions import lines
from lockgate.connectors.rest.definition.shapes import Key
from lockgate.connectors.rest.runtime.keys import Keys


def test_a_key_as_a_uuid_is_always_the_same_and_another_for_another_key() -> None:
    keys = Keys(Key(at="uuid", form="uuid"))
    made = keys.written("flow:1")
    assert made == keys.written("flow:1") != keys.written("flow:2")
    assert (str(UUID(made)), UUID(made).version) == (made, 8)


def test_lines_keep_those_that_are_empty() -> None:
    assert lines("one\r\n\ntwo") == ["one", "", "two"]
