"""HTTP of a defined system: its rules of errors, and signing in before the first call."""

from typing import Any

from lockgate.connectors.rest.definition.calls import Failure
from lockgate.connectors.rest.definition.shapes import Definition
from lockgate.connectors.rest.runtime.rules import Harmless, Reading, Refused
from lockgate.kit.errors import ConnectorError, RateLimited, Transient
from lockgate.kit.http import Answer, Auth, RestClient, Sent
from lockgate.kit.http.answer import build, error_class, usual_reason
from lockgate.kit.http.retry import AgainError
from lockgate.kit.services import Services

GRAPHQL = Failure(at="errors", code="extensions.code", reason="message")
RPC = Failure(at="error")


class DefinedClient(RestClient):
    """The client of one connection to a defined system."""

    def __init__(self, base: str, services: Services, auth: Auth, definition: Definition) -> None:
        super().__init__(base, services, auth)
        usual = [one for one, there in ((GRAPHQL, definition.graphql), (RPC, definition.rpc)) if there is not None]
        self._reading = Reading(definition.errors, usual)

    async def signed_in(self) -> None:
        """Have credentials, for those that must be asked for first. Raises what the system answered."""
        prepare: Any = getattr(self.auth, "prepare", None)
        if prepare is not None:
            await prepare()

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        return self._named(self._reading.refused(status, body, usual_reason(body)), body, sent)

    def accept(self, answer: Answer, sent: Sent) -> None:
        refused = self._reading.inside(answer.status, answer.body)
        if refused is None:
            return
        error = self._named(refused, answer.body, sent)
        if isinstance(error, RateLimited):
            raise AgainError(error, wait=self.exchange.limiter.refused(None))
        if isinstance(error, Transient):
            raise AgainError(error)
        raise error

    def _named(self, refused: Refused, body: bytes, sent: Sent) -> ConnectorError:
        scrub = self.exchange.scrubber()
        kind = self._reading.meaning(refused) or error_class(
            self.errors, refused.status if refused.status >= 400 else 422
        )
        if kind is Harmless:
            return Harmless(refused.reason)
        said = ": ".join(one for one in (refused.code, refused.reason) if one)
        return build(kind, refused.status, scrub.text(said), sent, scrub.body(body))
