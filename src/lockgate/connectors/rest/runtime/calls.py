"""Calls of a definition, compiled once: filled from a scope, sent, their answers taken apart."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

import msgspec

from lockgate.connectors.rest.definition import paths, templates
from lockgate.connectors.rest.definition.calls import Call, Upload, Work
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Definition, Endpoint
from lockgate.connectors.rest.runtime.client import DefinedClient
from lockgate.connectors.rest.runtime.rules import Harmless, ruled
from lockgate.kit.contract import FileSource
from lockgate.kit.errors import ContractBroken, Rejected
from lockgate.kit.http import Answer, Around, Part, Uploaded, segment

Scope = dict[str, Any]
Filled = Callable[[Mapping[str, Any]], Any]
NOTHING = Answer(status=204, headers={}, body=b"", url="")


class Got(msgspec.Struct):
    """What the calls of an operation gave: the last answer, all that was taken, and the file that was sent."""

    answer: Answer = NOTHING
    scope: Scope = {}
    sent: Uploaded | None = None
    called: bool = False


class Calling:
    """What all calls of a connection share."""

    def __init__(self, client: DefinedClient, definition: Definition) -> None:
        self.client, self.definition = client, definition
        self.headers = templates.tree(definition.headers) if definition.headers else None

    def work(self, work: Work) -> "Ready":
        """The calls of an operation, compiled. Its own call stands alone, or those below `calls`."""
        return Ready([One(self, call) for call in (work.calls or (work,))])


class Ready:
    """An operation: its calls one after another."""

    def __init__(self, calls: Sequence["One"]) -> None:
        self.calls = calls
        self.last = calls[-1]
        self.sends_file = any(one.upload is not None for one in calls)
        self.needs_file = any(one.upload is not None and one.when is None for one in calls)

    async def __call__(self, scope: Scope, file: FileSource | None = None) -> Got:
        """Raises ConnectorError. What earlier calls took is known to later ones."""
        got = Got(scope=scope | {"took": dict(scope.get("took", {}))})
        for one in self.calls:
            await one.perform(got, file)
        return got


class One:
    """One call."""

    def __init__(self, calling: Calling, call: Call) -> None:
        self.calling, self.call, self.upload = calling, call, call.upload
        endpoint = endpoint_of(call, calling.definition)
        self.prefix = "data" if call.graphql else "result" if call.rpc else ""
        line = call.call or f"POST {endpoint.endpoint if endpoint else ''}"
        self.method, _, address = line.partition(" ")
        self.address = address_of(address.strip())
        self.query = templates.tree(call.query) if call.query else None
        self.own_headers = templates.tree(call.headers) if call.headers else None
        self.body = body_of(call, endpoint)
        self.when = templates.value(as_expression(call.when)) if call.when else None
        self.answer = paths.getter(below(self.prefix, call.answer))
        self.taken = [(name, self.getter(path)) for name, path in call.take.items()]
        self.media_type = media_type_of(call)
        self.file_parts = FileParts(call.upload) if call.upload else None

    def getter(self, path: str) -> Callable[[Answer, Any], Any]:
        """What reads a path of the answer, or one of its headers; `inner` is what `answer` leads to."""
        if path.startswith(paths.HEADER):
            name = path.removeprefix(paths.HEADER)
            return lambda answer, _: answer.headers.get(name, paths.MISSING)
        read = paths.getter(path)
        return lambda _, inner: read(inner)

    async def perform(self, got: Got, file: FileSource | None) -> None:
        if self.when is not None and not holds(self.when, got.scope):
            return
        try:
            with ruled(self.call.errors):
                answer = await self._sent(got, file)
        except Harmless:
            answer = NOTHING
        except templates.NoValue as error:
            raise Rejected(
                f"A call to {self.calling.client.services.connection} cannot be made: {error}.", code="template"
            ) from error
        got.answer, got.called = answer, True
        if self.taken:
            inner = self.inner(answer)
            got.scope["took"].update(
                {name: found for name, read in self.taken if (found := read(answer, inner)) is not paths.MISSING}
            )

    def inner(self, answer: Answer) -> Any:
        """What `answer` leads to in the decoded body; MISSING where nothing is, or the body is empty."""
        if not answer.body:
            return paths.MISSING
        return self.answer(self.calling.client.decode(answer))

    async def _sent(self, got: Got, file: FileSource | None) -> Answer:
        client, scope = self.calling.client, got.scope
        await client.signed_in()
        address, params = self.address(scope), self.query(scope) if self.query else None
        params = {name: parameter(one) for name, one in params.items()} if params else None
        if self.file_parts is not None and file is not None:
            got.sent = await self.file_parts.send(self, address, params, scope, file)
            return got.sent.answer
        body = self.body(scope) if self.body else None
        return await client.request(
            self.method,
            address,
            params=params,
            headers=self.headers(scope, self.media_type if body is not None else None),
            body=body,
            repeatable=self.call.repeatable,
        )

    def headers(self, scope: Mapping[str, Any], media_type: str | None = None) -> dict[str, str]:
        made: dict[str, str] = {"Content-Type": media_type} if media_type else {}
        for more in (self.calling.headers, self.own_headers):
            if more is not None:
                made |= {name: as_text(one) for name, one in more(scope).items()}
        return made


def holds(condition: Filled, scope: Scope) -> bool:
    """Whether a condition is true; one that asks for what is not known is not."""
    try:
        return condition(scope) is True
    except templates.NoValue:
        return False


def endpoint_of(call: Call, definition: Definition) -> Endpoint | None:
    return definition.graphql if call.graphql else definition.rpc if call.rpc else None


def below(prefix: str, path: str) -> str:
    return f"{prefix}.{path}".strip(".") if prefix and not path.startswith("[") else f"{prefix}{path}"


def as_expression(text: str) -> str:
    return text if text.startswith("=") else f"={text}"


def address_of(template: str) -> Filled:
    """Values in an address are percent-encoded; one that begins it is an address itself."""
    first, *_ = templates.parts(template) or [""]
    if not isinstance(first, templates.Name):
        return templates.text(template, segment)
    head, rest = templates.text(f"{{{first}}}"), templates.text(template[template.index("}") + 1 :], segment)
    return lambda scope: f"{head(scope)}{rest(scope)}"


def parameter(value: Any) -> Any:
    """A query parameter: scalars and lists as they are, an object as JSON."""
    if isinstance(value, list | tuple):
        return [as_text(one) for one in value]
    return value if value is None or isinstance(value, str | int | float) else as_text(value)


def body_of(call: Call, endpoint: Endpoint | None) -> Callable[[Mapping[str, Any]], bytes] | None:
    """What makes the body; None for a call without one."""
    if (content := content_of(call, endpoint)) is not None:
        return lambda scope: msgspec.json.encode(content(scope))
    if call.form is not None:
        form = templates.tree(call.form)
        return lambda scope: urlencode(
            [
                (name, as_text(one))
                for name, value in form(scope).items()
                for one in (value if isinstance(value, list) else [value])
            ]
        ).encode()
    if call.lines is not None:
        lines = templates.tree(call.lines)
        return lambda scope: b"\n".join(map(msgspec.json.encode, lines(scope))) + b"\n"
    return None


def content_of(call: Call, endpoint: Endpoint | None) -> Filled | None:
    """What fills the JSON of a call: its `json`, or what carries a GraphQL document or a method."""
    if call.graphql:
        variables, query = templates.tree(call.variables if call.variables is not None else {}), call.graphql
        return lambda scope: {"query": query, "variables": variables(scope)}
    if call.rpc:
        method, params = templates.text(call.rpc), templates.tree(call.params if call.params is not None else [])
        version = {} if endpoint is None or endpoint.version == "none" else {"jsonrpc": endpoint.version}
        return lambda scope: {**version, "id": 1, "method": method(scope), "params": params(scope)}
    return templates.tree(call.body) if call.body is not None else None


def media_type_of(call: Call) -> str | None:
    if call.form is not None:
        return "application/x-www-form-urlencoded"
    return "application/x-ndjson" if call.lines is not None else "application/json"


class FileParts:
    """How a call carries a file."""

    def __init__(self, upload: Upload) -> None:
        self.style = upload.style
        self.field = templates.text(upload.field)
        self.parts = templates.tree(upload.parts) if upload.parts is not None else None
        self.media_type = templates.text(upload.media_type) if upload.media_type else None
        self.filename = templates.text(upload.filename) if upload.filename else None

    async def send(self, one: One, address: str, params: Any, scope: Scope, file: FileSource) -> Uploaded:
        named = msgspec.structs.replace(file, filename=self.filename(scope)) if self.filename else file
        scope = scope | {"file": known_of(named)}
        options: dict[str, Any] = {}
        if self.style == "base64":
            options["around"] = around(one, scope)
        elif self.style != "raw":
            options |= {"field": self.field(scope), "parts": self._parts(scope)}
        if self.style == "graphql":
            options |= {"field": "0", "parts": graphql_parts(one, scope, self.field(scope))}
        return await one.calling.client.upload(
            one.method,
            address,
            named,
            media_type=self.media_type(scope) if self.media_type else None,
            params=params,
            headers=one.headers(scope),
            repeatable=one.call.repeatable,
            **options,
        )

    def _parts(self, scope: Scope) -> list[Part]:
        made = self.parts(scope) if self.parts is not None else {}
        pairs = made.items() if isinstance(made, dict) else [(one.get("name"), one.get("value")) for one in made or []]
        return [part(str(name), value) for name, value in pairs if value is not None]


def part(name: str, value: Any) -> Part:
    structured = isinstance(value, dict | list)
    content = msgspec.json.encode(value) if structured else as_text(value).encode()
    return Part(name=name, content=content, media_type="application/json" if structured else None)


def graphql_parts(one: One, scope: Scope, field: str) -> list[Part]:
    """The two parts before the file of the GraphQL multipart request."""
    content = content_of(one.call, None)
    if content is None:
        raise Rejected("A call with a file for GraphQL has no document.", code="template")
    return [
        Part(name="operations", content=msgspec.json.encode(content(scope))),
        Part(name="map", content=msgspec.json.encode({"0": [field]})),
    ]


def around(one: One, scope: Scope) -> Around:
    """The JSON before and after the file's text: it is made with a mark in the file's place, and cut there."""
    content = content_of(one.call, endpoint_of(one.call, one.calling.definition))
    mark = uuid.uuid4().hex
    made = msgspec.json.encode(content(scope | {"file": scope["file"] | {"base64": mark}})) if content else b""
    head, found, tail = made.partition(mark.encode())
    if not found:
        raise ContractBroken("A call with a file as base64 has no `=file.base64` in its JSON.", code="template")
    return Around(head=head, tail=tail)


def known_of(file: FileSource) -> dict[str, Any]:
    """What a call may say of the file it carries."""
    return {
        "name": file.filename,
        "stem": PurePosixPath(file.filename).stem,
        "extension": PurePosixPath(file.filename).suffix.removeprefix("."),
        "media_type": file.media_type,
        "length": file.length,
        "base64": "",
    }
