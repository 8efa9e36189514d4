"""Holds answers to the API's own description: which operation a request was, and whether its answer is as documented."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


class Spec:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.operations = {
            (method.upper(), path): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def route(self, method: str, path: str) -> tuple[str, str] | None:
        """The documented operation that this request is; the longest path of those that fit."""
        fitting = [known for known in self.operations if known[0] == method and pattern(known[1]).fullmatch(path)]
        return max(fitting, key=lambda known: len(re.sub(r"\{\w+\}", "", known[1])), default=None)

    def media(self, route: tuple[str, str], status: int) -> Mapping[str, Any] | None:
        """The documented bodies of an answer by media type; None where it may have none."""
        answers = self.operations[route]["responses"]
        answer = answers.get(str(status)) or answers.get("default" if status >= 400 else "")
        assert answer is not None, f"{route} documents no answer {status}: {sorted(answers)}"
        found: Mapping[str, Any] | None = answer.get("content")
        return found

    def check(self, value: Any, schema: Mapping[str, Any], place: str = "") -> Iterator[str]:
        """In what the value differs from the schema."""
        if "$ref" in schema:
            yield from self.check(value, self.resolved(schema["$ref"]), place)
        elif "anyOf" in schema:
            if all(any(self.check(value, one, place)) for one in schema["anyOf"]):
                yield f"{place}: {value!r} is none of those allowed"
        else:
            yield from self._typed(value, schema, place)

    def _typed(self, value: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        kind = schema.get("type")
        if kind is not None and (not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
            yield f"{place}: {value!r} is no {kind}"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{place}: {value!r} is none of {schema['enum']}"
        elif schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
            yield f"{place}: {value!r} says no time zone"
        elif isinstance(value, dict):
            yield from self._object(value, schema, place)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                yield from self.check(one, schema.get("items", {}), f"{place}[{number}]")

    def _object(self, value: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{place}.{name} is missing"
        for name, one in value.items():
            if name in known:
                yield from self.check(one, known[name], f"{place}.{name}")
            elif others is False:
                yield f"{place}.{name} is not documented"
            elif isinstance(others, dict):
                yield from self.check(one, others, f"{place}.{name}")

    def resolved(self, ref: str) -> Mapping[str, Any]:
        found: Any = self.document
        for step in ref.removeprefix("#/").split("/"):
            found = found[step]
        return dict(found)


def pattern(path: str) -> re.Pattern[str]:
    """Keys may hold slashes; nothing else does."""
    parts = re.split(r"(\{\w+\})", path)
    return re.compile("".join(WILD.get(part, "[^/]+") if part.startswith("{") else re.escape(part) for part in parts))


WILD = {"{key}": ".+"}
