"""Events out: one POST each, signed by Standard Webhooks, a CloudEvent 1.0 in structured mode."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec
from standardwebhooks import Webhook
from yarl import URL

from lockgate.kit.errors import ConnectorError, NeedsOperator, Rejected
from lockgate.kit.http import RestClient, Sent, SignedAuth
from lockgate.kit.services import Services

EVENT = "application/cloudevents+json; charset=utf-8"
CHECK = "lockgate.check"
WRITTEN, HIDDEN, SHOWN, REMOVED = (f"lockgate.item.{one}" for one in ("written", "hidden", "shown", "removed"))


class Named(msgspec.Struct):
    id: str


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """CloudEvents 1.0 with its extension `sequence`, by which a receiver knows what came too late."""

    specversion: str
    id: str
    source: str
    type: str
    time: str
    subject: str | None = None
    datacontenttype: str
    sequence: str | None = None
    data: Mapping[str, object]


def event(
    connection: str,
    type: str,
    id: str,
    time: str,
    data: Mapping[str, object],
    *,
    subject: str | None = None,
    sequence: int | None = None,
) -> CloudEvent:
    return CloudEvent(
        specversion="1.0",
        id=id,
        source=f"/lockgate/{connection}",
        type=type,
        time=time,
        subject=subject,
        datacontenttype="application/json",
        sequence=None if sequence is None else f"{sequence:020d}",
        data=data,
    )


class Signing(SignedAuth):
    """Each attempt is signed anew, with the time of the attempt and the id of the event."""

    def __init__(self, key: bytes, secret: str, services: Services) -> None:
        self._webhook, self._secret, self._clock = Webhook(key), secret, services.clock

    def sign(self, method: str, url: URL, body: bytes | None) -> Mapping[str, str]:  # noqa: ARG002 (the body alone is signed)
        said, now = body or b"", self._clock()
        id = msgspec.json.decode(said, type=Named).id
        return {
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(id, now, said.decode()),
        }

    def secrets(self) -> tuple[str, ...]:
        return (self._secret,)


class Receiver(RestClient):
    """The receiver's one address. Whatever it answers with 2xx is a receipt; what it says with it is not read."""

    errors: ClassVar[Mapping[int, type[ConnectorError]]] = {410: NeedsOperator}

    async def post(self, said: CloudEvent) -> None:
        """Raises ConnectorError. Repeated for a few seconds, which does no harm: the id of the event stays."""
        body = msgspec.json.encode(said)
        await self.request("POST", "", headers={"Content-Type": EVENT}, body=body, repeatable=True)

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        if status == 410:
            return NeedsOperator(
                f"The receiver of {self.services.connection} wants no more events (410 Gone): "
                "give the connection its new address, or end the flow.",
                code="receiver_gone",
            )
        return super().error_for(status, body, sent)


class Files(RestClient):
    """Files at addresses that records state: no credentials of ours, and a refusal concerns that file alone."""

    errors: ClassVar[Mapping[int, type[ConnectorError]]] = {401: Rejected, 403: Rejected, 407: Rejected}
