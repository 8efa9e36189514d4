"""The page about definitions: every key, what may stand there and what it means, from the shapes that check them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lockgate.cli.reference.markdown import code, joined, table

Schema = Mapping[str, Any]
NAMES = {"FieldShape": "Field"}
INTRO = (
    "How a definition of a system is laid out; how to write one: [Define a system](../how-to/define-a-system.md). "
    "The same for editors: [definition.schema.json](definition.schema.json)."
)


def page() -> str:
    from lockgate.connectors.rest.definition.load import schema

    whole = schema()
    parts = dict(ordered(whole))
    return joined("# Definitions", INTRO, *(section(name, part) for name, part in parts.items()))


def schema_for_editors() -> str:
    """The schema of definitions as a file, the same each time."""
    from lockgate.connectors.rest.definition.load import schema

    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def ordered(whole: Schema) -> Iterator[tuple[str, Schema]]:
    """The definition itself, then its parts in the order in which they are first named."""
    parts: Schema = whole["$defs"]
    waiting, seen = [("Definition", whole)], {"Definition"}
    while waiting:
        name, part = waiting.pop(0)
        yield name, part
        for named in references(part.get("properties", {})):
            if named not in seen:
                seen.add(named)
                waiting.append((named, parts[named]))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(reference := value.get("$ref"), str):
            yield reference.rpartition("/")[2]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def section(name: str, part: Schema) -> str:
    needed = set(part.get("required", ()))
    rows = [
        (code(key), kind(one), "needed" if key in needed else default(one), words(one))
        for key, one in part["properties"].items()
    ]
    about = " ".join(str(part.get("description", "")).split("\n\n")[0].split()) if name != "Definition" else ""
    return joined(f"## {NAMES.get(name, name)}", about, table(("key", "value", "if not given", "meaning"), rows))


def words(one: Schema) -> str:
    return " ".join(str(one.get("description", "")).split())


def default(one: Schema) -> str:
    found = one.get("default")
    if found in (None, "", [], {}):
        return "–"
    if isinstance(found, bool):
        return "yes" if found else "no"
    return code(str(found)) if isinstance(found, str | int | float) else "as documented"


def kind(one: Schema) -> str:
    """What may stand there, in words."""
    if (reference := one.get("$ref")) is not None:
        name = NAMES.get(named := str(reference).rpartition("/")[2], named)
        return f"[{name}](#{name.lower()})"
    if "allOf" in one or "anyOf" in one:
        every = [kind(part) for part in one.get("anyOf", one.get("allOf", ())) if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(every))
    if (enum := one.get("enum")) is not None:
        return ", ".join(code(str(word)) for word in enum)
    return plain(one)


def plain(one: Schema) -> str:
    told = one.get("type")
    if told == "array":
        return f"list of {kind(one.get('items') or one.get('prefixItems', [{}])[0])}"
    if told == "object":
        inner = one.get("additionalProperties")
        return f"by name: {kind(inner)}" if isinstance(inner, Mapping) and inner else "object"
    if isinstance(told, list) and told[0] != "string":
        return {"integer": "number", "number": "number", "boolean": "`true` or `false`"}.get(str(told[0]), "any")
    example = next(iter(one.get("examples", ())), None)
    return f"text, as {code(str(example))}" if example is not None else "text"
