"""The REST client that vendors' clients derive from."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import lru_cache, partial
from typing import Any, ClassVar, Self

import aiohttp
import msgspec
from yarl import URL

from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, Transient
from lockgate.kit.http.answer import Answer, Sent, build, error_class, usual_reason
from lockgate.kit.http.auth import Auth, NoAuth
from lockgate.kit.http.body import Around, Envelope, FileBody, Part, Uploaded, form
from lockgate.kit.http.download import AS_STORED, downloaded
from lockgate.kit.http.exchange import Call, Exchange, leave, read
from lockgate.kit.http.retry import REPEATABLE, AgainError, repeated
from lockgate.kit.http.session import BROKEN
from lockgate.kit.http.url import Params, resolve
from lockgate.kit.services import Services

Headers = Mapping[str, str]


class RestClient:
    """HTTP of one connection in the vendor's words. Derive from it, fill `errors`, and speak `get_json` and the others.

    Paths are taken below `base_url`; a whole address is taken as it is, and gets our credentials only if its origin is
    the base's. Calls are repeated for seconds at most, and only when a repeat can do no harm: GET, HEAD, PUT, DELETE, or
    what is marked `repeatable=True`. After that they raise a ConnectorError. Use as async context manager or `close` it.
    """

    errors: ClassVar[Mapping[int, type[ConnectorError]]] = {}
    """Status → error class, where the vendor differs from `DEFAULT_ERRORS`."""
    json_limit: ClassVar[int] = 64 * 1024 * 1024
    """The longest body read into memory."""

    def __init__(self, base_url: str, services: Services, auth: Auth | None = None) -> None:
        self.base = address(base_url, services.connection)
        self.services = services
        self.auth: Auth = auth or NoAuth()
        self.exchange = Exchange(self.base, services, self.auth, self._refuse)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self.exchange.close()

    # ── what a vendor may say otherwise ──────────────────────────────────────────────────────────────────────────

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        """The error of a refused request. Override to look into the body for what the status does not tell."""
        detail = self.exchange.scrubber().body(body)
        reason = self.exchange.scrubber().text(self.reason(body))
        return build(error_class(self.errors, status), status, reason, sent, detail)

    def reason(self, body: bytes) -> str:
        """The vendor's own sentence in an error body, empty when there is none."""
        return usual_reason(body)

    def accept(self, answer: Answer, sent: Sent) -> None:
        """Look at a successful answer, for vendors that report errors with status 200: raise the error then."""

    # ── JSON and plain requests ──────────────────────────────────────────────────────────────────────────────────

    async def get_json(
        self, path: str, *, params: Params | None = None, headers: Headers | None = None, type: Any = Any
    ) -> Any:
        """GET, decoded (into `type` if given). None for 204."""
        answer = await self.request("GET", path, params=params, headers=headers)
        return self.decode(answer, type) if answer.status != 204 else None

    async def send_json(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        repeatable: bool | None = None,
        type: Any = Any,
    ) -> Any:
        """Send a JSON body and decode the answer; None when it is empty. Mark a POST that only reads `repeatable=True`."""
        answer = await self.request(
            method,
            path,
            params=params,
            headers={"Content-Type": "application/json", **(headers or {})},
            body=msgspec.json.encode(body),
            repeatable=repeatable,
        )
        return self.decode(answer, type) if answer.body else None

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        body: bytes | None = None,
        repeatable: bool | None = None,
    ) -> Answer:
        """Any request whose answer fits in memory. Raises a ConnectorError for every answer that is not a success."""
        call = self._call(method, path, params, headers, repeatable)
        call.data = body
        return await repeated(self.services.patience, call.repeatable, partial(self._once, call))

    def decode(self, answer: Answer, type: Any = Any) -> Any:
        """The JSON of an answer; ContractBroken when it is none, or not of this type."""
        try:
            return decoder(type).decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            shape = (
                "JSON of another form than documented" if isinstance(problem, msgspec.ValidationError) else "no JSON"
            )
            scrub = self.exchange.scrubber()
            sentence = f"{self.services.connection} answered {URL(answer.url).path} with {shape}."
            raise ContractBroken(
                scrub.text(sentence), detail=f"{scrub.text(str(problem))}: {scrub.body(answer.body, 300)}"
            ) from problem

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    def stream(
        self,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        filename: str | None = None,
        method: str = "GET",
    ) -> AbstractAsyncContextManager[FileStream]:
        """Open a file; its bytes go on where a connection broke. `filename` replaces the name the vendor offers."""
        call = self._call(method, path, params, {**AS_STORED, **(headers or {})}, None)
        return downloaded(self.exchange, call, filename)

    async def upload(
        self,
        method: str,
        path: str,
        source: FileSource,
        *,
        field: str | None = None,
        parts: Sequence[Part] = (),
        around: Around | None = None,
        media_type: str | None = None,
        params: Params | None = None,
        headers: Headers | None = None,
        repeatable: bool | None = None,
    ) -> Uploaded:
        """Send a file: raw, as part `field` of a form after `parts`, or as base64 in the JSON `around` it.

        Never in memory, opened anew for each attempt.

        When the source fails, or its bytes are not as stated, the request is broken off before its end: the target never
        sees a complete body, and the source's error is raised.
        """
        kind = media_type or source.media_type
        if around is not None:
            envelope = Envelope(media_type="application/json", head=around.head, tail=around.tail, base64=True)
        else:
            envelope = Envelope(media_type=kind) if field is None else form(field, source.filename, kind, parts)
        typed = {"Content-Type": envelope.media_type, **(headers or {})}
        call = self._call(method, path, params, typed, repeatable)
        return await repeated(
            self.services.patience, call.repeatable, partial(self._upload_once, call, source, envelope)
        )

    # ── one attempt ──────────────────────────────────────────────────────────────────────────────────────────────

    def _call(
        self, method: str, path: str, params: Params | None, headers: Headers | None, repeatable: bool | None
    ) -> Call:
        return Call(
            method=method,
            url=resolve(self.base, path, params),
            headers=dict(headers or {}),
            repeatable=method in REPEATABLE if repeatable is None else repeatable,
        )

    async def _once(self, call: Call) -> Answer:
        async with self.exchange.limiter.call():
            response = await self.exchange.open(call)
            try:
                answer = await self._whole(call, response)
            finally:
                leave(call, response)
        if type(self).accept is not RestClient.accept:
            self.accept(answer, self.exchange.summary(call))
        return answer

    async def _whole(self, call: Call, response: aiohttp.ClientResponse) -> Answer:
        try:
            body = await read(response, self.json_limit)
        except BROKEN as problem:
            raise self.exchange.named(call, problem) from problem
        if len(body) > self.json_limit:
            response.close()
            what = self.exchange.summary(call).what
            raise ContractBroken(
                f"{self.services.connection} answered {what} with more than {self.json_limit} bytes.", code="too_long"
            )
        return Answer(status=response.status, headers=response.headers, body=body, url=str(response.url))

    async def _upload_once(self, call: Call, source: FileSource, envelope: Envelope) -> Uploaded:
        async with source.open() as stream:
            body = FileBody(stream, envelope, length=source.length, expected=source.expected)
            await body.prime()
            call.data = body
            if body.length is not None:
                call.headers["Content-Length"] = str(body.length)
            try:
                answer = await self._once_guarded(call, body)
            finally:
                await body.settled()
        if body.chunks.sha256 is None:
            raise ContractBroken(f"{self.services.connection} took the file before it had seen all of it.")
        return Uploaded(answer=answer, sha256=body.chunks.sha256, bytes=body.chunks.bytes)

    async def _once_guarded(self, call: Call, body: FileBody) -> Answer:
        try:
            return await self._once(call)
        except (AgainError, ConnectorError):
            if body.failure is not None:
                raise body.failure from None
            raise

    def _refuse(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        scrub = self.exchange.scrubber()
        error = self.error_for(status, body, sent)
        error.detail, error.sentence = scrub.text(error.detail), scrub.text(error.sentence)
        error.args = (error.sentence,)
        if isinstance(error, Transient) and error.retry_after is None:
            error.retry_after = sent.retry_after
        return error


def address(base_url: str, connection: str) -> URL:
    try:
        return URL(base_url.strip().rstrip("/"))
    except ValueError as problem:
        raise NeedsOperator(
            f"The address of {connection} is none; correct it in the connection's settings."
        ) from problem


@lru_cache(maxsize=256)
def decoder(type: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type)
