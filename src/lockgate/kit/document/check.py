"""Read a tree into a shape, and say everything that does not fit in words, at its place."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lockgate.kit.document.problems import Problem, meant
from lockgate.kit.document.tree import Node

M = TypeVar("M", bound=BaseModel)
Steps = Sequence[str | int]

Wording = Callable[[ErrorDetails], tuple[str, str]]
"""Sentence and remedy for an error."""


def verbatim(error: ErrorDetails) -> tuple[str, str]:
    return error["msg"], ""


WORDS: dict[str, Wording] = {
    "lockgate": lambda e: (str(e["ctx"]["sentence"]), str(e["ctx"]["remedy"])),
    "model_type": lambda _: ("this should be a mapping of keys to values", "write `key: value` below it"),
    "model_attributes_type": lambda _: ("this should be a mapping of keys to values", "write `key: value` below it"),
    "dict_type": lambda _: ("this should be a mapping of keys to values", "write `key: value` below it"),
    "tuple_type": lambda _: ("this should be a list", "write `[one, two]` or a line with `- ` for each"),
    "too_short": lambda _: ("at least one is needed here", "add one"),
    "too_long": lambda e: (f"{e['ctx']['actual_length']} stand here, {e['ctx']['max_length']} is allowed", "keep one"),
}
"""What each kind of error of the validating library is called in a person's words."""


def typed(shape: type[M], node: Node) -> tuple[M | None, list[Problem]]:
    """The tree as this shape, or every problem in it. Places that stand for answers not known yet are let pass."""
    try:
        return shape.model_validate(node.plain()), []
    except ValidationError as error:
        found = (problem(shape, node, one) for one in error.errors(include_url=False))
        return None, [one for one in found if one is not None]


def problem(shape: type[BaseModel], root: Node, error: ErrorDetails) -> Problem | None:
    steps: list[str | int] = list(error["loc"])
    if error["type"] == "missing":
        return lacking(shape, root, steps)
    if error["type"] == "extra_forbidden":
        return unknown(shape, root, steps)
    at_key = bool(steps) and steps[-1] == "[key]"
    node = root.at(steps[:-2] if at_key else steps)
    if node.open:
        return None
    sentence, remedy = WORDS.get(error["type"], verbatim)(error)
    return node.problem(sentence, remedy, key=str(steps[-2]) if at_key else None)


def lacking(shape: type[BaseModel], root: Node, steps: Steps) -> Problem | None:
    node, key = root.at(steps[:-1]), str(steps[-1])
    if node.open:
        return None
    known = [name for name in node.keys if name not in names(inner_shape(shape, steps[:-1]))]
    near = f"; is `{known[0]}` meant to be it?" if len(known) == 1 else ""
    return node.problem(f"`{key}` is missing", f"add `{key}: …`{near}")


def unknown(shape: type[BaseModel], root: Node, steps: Steps) -> Problem | None:
    node, key = root.at(steps[:-1]), str(steps[-1])
    given = set(node.keys) - {key}
    return node.problem(
        f"`{key}` is not known here", meant(key, names(inner_shape(shape, steps[:-1])) - given), key=key
    )


def names(shape: type[BaseModel] | None) -> set[str]:
    """The keys a shape knows, as they are written."""
    return {one.alias or name for name, one in shape.model_fields.items()} if shape else set()


def inner_shape(shape: type[BaseModel], steps: Steps) -> type[BaseModel] | None:
    """The shape that stands at these steps below `shape`."""
    annotation: Any = shape
    for step in steps:
        here = model_in(annotation)
        if isinstance(annotation, type) and here is annotation and here is not None:
            fields = {one.alias or name: one for name, one in here.model_fields.items()}
            if step not in fields:
                return None
            annotation = unwrapped(fields[str(step)].annotation)
        else:
            annotation = here
    return model_in(annotation)


def unwrapped(annotation: Any) -> Any:
    """A model itself for `Model | None`; anything else unchanged."""
    options = [one for one in get_args(annotation) if one is not type(None)]
    single = len(options) == 1 and get_origin(annotation) not in {dict, tuple, list}
    return options[0] if single else annotation


def model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := model_in(one)) is not None), None)
