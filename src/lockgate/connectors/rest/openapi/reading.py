"""An OpenAPI file of version 2 or 3, seen alike: its address, ways to sign in, and resources with their calls."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lockgate.kit.document.problems import DocumentErrors, Problem

Object = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 12
"""References that are followed one after another."""
PARTS = ("allOf", "anyOf", "oneOf")
HOLDERS = ("data", "items", "results", "records", "value", "entries", "list", "rows", "content")
"""What the list of records is usually called in an answer."""


class NotOpenApi(DocumentErrors):
    """A file that is none; the message says why."""

    def __init__(self, source: str, sentence: str) -> None:
        super().__init__([Problem(line=1, column=1, path="", sentence=sentence, source=source)])

    def __str__(self) -> str:
        return f"{self.problems[0].source}: {self.problems[0].sentence}"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of the file."""

    method: str
    path: str
    parameters: Sequence[Object]
    """Of the query."""
    body: Object
    """Schema of its JSON body."""
    answer: Object
    """Schema of its answer."""


class Resource(msgspec.Struct, kw_only=True):
    """A list and its items: `/pages` and `/pages/{id}`."""

    name: str
    path: str
    item: str = ""
    """Path of one item, as the file writes it with `{}` for its id: `/pages/{}.json`."""
    whole: dict[str, Call] = {}
    """Calls of the list, by method."""
    one: dict[str, Call] = {}
    """Calls of one item."""
    parameter: str = "id"


class Document:
    """The file. References within it are followed; others are nothing."""

    def __init__(self, text: str, source: str) -> None:
        self.content: Object = loaded(text, source)
        self.v2 = str(self.content.get("swagger", "")).startswith("2")
        if not self.v2 and not str(self.content.get("openapi", "")).startswith("3"):
            raise NotOpenApi(
                source, "this is no OpenAPI file of version 2 or 3: neither `openapi` nor `swagger` is in it"
            )
        if not isinstance(self.content.get("paths"), Mapping):
            raise NotOpenApi(source, "this OpenAPI file has no paths")

    # ── what is told of the whole ────────────────────────────────────────────────────────────────────────────────

    @property
    def title(self) -> str:
        return str(self.followed(self.content.get("info")).get("title") or "System").strip()

    @property
    def version(self) -> str:
        return str(self.followed(self.content.get("info")).get("version") or "")

    def base(self) -> str:
        """Where its addresses begin: whole, or the path alone."""
        if self.v2:
            told = [str(one) for one in listed(self.content.get("schemes"))]
            scheme = "https" if "https" in told or not told else told[0]
            host, path = str(self.content.get("host", "")), str(self.content.get("basePath", "")).rstrip("/")
            return f"{scheme}://{host}{path}" if host else path
        server = self.followed(next(iter(listed(self.content.get("servers"))), None))
        address = str(server.get("url") or "").rstrip("/")
        for name, variable in self.followed(server.get("variables")).items():
            address = address.replace(f"{{{name}}}", str(self.followed(variable).get("default", name)))
        return address

    def schemes(self) -> list[Object]:
        """Ways to sign in, those that its calls ask for first."""
        parts = self.content if self.v2 else self.followed(self.content.get("components"))
        known = self.followed(parts.get("securityDefinitions" if self.v2 else "securitySchemes"))
        asked = [name for one in self.asked() for name in self.followed(one) if name in known]
        return [self.followed(known[name]) for name in dict.fromkeys((*asked, *known))]

    def asked(self) -> Iterator[Any]:
        """What the whole file asks for, then each call."""
        yield from listed(self.content.get("security"))
        for item in map(self.followed, self.content["paths"].values()):
            for method in METHODS:
                yield from listed(self.followed(item.get(method)).get("security"))

    # ── resources ────────────────────────────────────────────────────────────────────────────────────────────────

    def resources(self) -> list[Resource]:
        """Lists whose items have an address of their own, or can at least be read, in the order of the file."""
        made: dict[str, Resource] = {}
        for path, item in self.content["paths"].items():
            calls = {call.method: call for call in self.calls(str(path), self.followed(item))}
            parent, one, parameter = cut(str(path))
            resource = made.setdefault(parent, Resource(name=parent.rpartition("/")[2], path=parent))
            if parameter is None:
                resource.whole, resource.path = {**resource.whole, **calls}, str(path)
            else:
                resource.one, resource.parameter, resource.item = {**resource.one, **calls}, parameter, one
        return [one for one in made.values() if "{" not in one.path and one.name and self.lists(one)]

    def lists(self, resource: Resource) -> bool:
        return "get" in resource.whole and self.records(resource) is not None

    def calls(self, path: str, item: Object) -> Iterator[Call]:
        for method in METHODS:
            told = self.followed(item.get(method))
            if told:
                parameters = [
                    self.followed(one) for one in (*listed(item.get("parameters")), *listed(told.get("parameters")))
                ]
                yield Call(
                    method=method,
                    path=path,
                    parameters=[one for one in parameters if one.get("in") == "query"],
                    body=self.body(told, parameters),
                    answer=self.answer(told),
                )

    def body(self, told: Object, parameters: Sequence[Object]) -> Object:
        if self.v2:
            return next((self.followed(one.get("schema")) for one in parameters if one.get("in") == "body"), {})
        return self.json_of(self.followed(told.get("requestBody")))

    def answer(self, told: Object) -> Object:
        answers = self.followed(told.get("responses"))
        good = next((self.followed(one) for status, one in answers.items() if str(status).startswith("2")), {})
        good = good or self.followed(answers.get("default"))
        return self.followed(good.get("schema")) if self.v2 else self.json_of(good)

    def json_of(self, told: Object) -> Object:
        content = self.followed(told.get("content"))
        media = next((self.followed(one) for name, one in content.items() if "json" in str(name)), {})
        return self.followed(media.get("schema"))

    def records(self, resource: Resource) -> tuple[str, Object] | None:
        """Where the records of a list stand in its answer, and the schema of one; None where it is no list."""
        answer = resource.whole["get"].answer
        if answer.get("type") == "array":
            return "", self.simple(answer.get("items"))
        found = dict(self.lists_in(answer))
        for name, inner in self.properties(answer).items():
            found |= {f"{quoted(name)}.{below}": one for below, one in self.lists_in(inner)}
        named = (one for word in (*HOLDERS, resource.name) for one in found if one.rpartition(".")[2] == word)
        best = next(named, next((one for one in found if self.properties(found[one])), next(iter(found), None)))
        return None if best is None else (best, found[best])

    def lists_in(self, schema: Object) -> Iterator[tuple[str, Object]]:
        for name, inner in self.properties(schema).items():
            if inner.get("type") == "array":
                yield quoted(name), self.simple(inner.get("items"))

    def properties(self, schema: Object, seen: frozenset[int] = frozenset()) -> dict[str, Object]:
        """The members of an object: its own, those of all its parts, and those it may have instead of others."""
        made = {str(name): self.simple(one) for name, one in self.followed(schema.get("properties")).items()}
        for part in (self.followed(one) for word in PARTS for one in listed(schema.get(word))):
            if id(part) not in seen:
                seen |= {id(part)}
                made |= self.properties(part, seen)
        return made

    def simple(self, value: Any) -> Object:
        """A schema by its reference; one that may be null besides is that one."""
        schema = self.followed(value)
        for word in ("anyOf", "oneOf"):
            real = [one for one in map(self.followed, listed(schema.get(word))) if one.get("type") != "null"]
            if len(real) == 1:
                schema = {**{name: one for name, one in schema.items() if name != word}, **real[0]}
        kinds = [one for one in listed(schema.get("type")) if one != "null"]
        return {**schema, "type": kinds[0]} if kinds else schema

    def followed(self, value: Any) -> Object:
        """An object, by its reference where it is one; empty for anything else."""
        for _ in range(DEEPEST):
            if not isinstance(value, Mapping):
                return {}
            if not isinstance(reference := value.get("$ref"), str):
                return value
            value = self.named(reference)
        return {}

    def named(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            return None
        found: Any = self.content
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, Mapping) else None
        return found


def listed(value: Any) -> Sequence[Any]:
    """A list, and nothing for what should have been one."""
    return value if isinstance(value, list) else ()


def quoted(name: str) -> str:
    """A member's name as a path."""
    return name if re.fullmatch(r"[A-Za-z0-9_@:$-]+", name) and not name.startswith("header:") else f'"{name}"'


def cut(path: str) -> tuple[str, str, str | None]:
    """`/pages/{page}.json` as `/pages`, `/pages/{}.json` and `page`; any other path as its own list, without its ending."""
    parent, _, last = path.rstrip("/").rpartition("/")
    found = re.fullmatch(r"\{([^{}]+)\}(\.\w+)?", last)
    if found and parent:
        return parent, f"{parent}/{{}}{found[2] or ''}{'/' if path.endswith('/') else ''}", found[1]
    return re.sub(r"\.(json|xml)$", "", path.rstrip("/")) or "/", "", None


def loaded(text: str, source: str) -> Object:
    try:
        content = msgspec.json.decode(text) if text.lstrip().startswith("{") else YAML(typ="safe", pure=True).load(text)
    except (msgspec.DecodeError, YAMLError) as error:
        raise NotOpenApi(source, f"this is neither JSON nor YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(content, Mapping):
        raise NotOpenApi(source, "this is no OpenAPI file")
    return content
