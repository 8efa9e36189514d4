"""What the portal's refusals mean, from their bodies."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lockgate.connectors.fourallportal.client import PortalClient, as_events, found, the_id
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.egress import Egress
from lockgate.kit.errors import Conflict, ConnectorError, ContractBroken, NeedsOperator, NotFound, Rejected
from lockgate.kit.http import Answer, Bearer, Sent
from lockgate.kit.limits import Limits
from lockgate.kit.services import Services

KEY = "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"


@pytest.fixture
def client(tmp_path: Path) -> Callable[..., PortalClient]:
    services = Services(connection="portal", egress=Egress(hosts=()), limits=Limits(), spool=tmp_path)
    return lambda **quirks: PortalClient("https://acme.example", Bearer(KEY), services, Quirks(**quirks))


@pytest.fixture
def refused(client: Callable[..., PortalClient], payload: Callable[[str], Any]) -> Callable[..., ConnectorError]:
    """The error that a shipped error body becomes, as the answer to a call."""

    def build(name: str, call: str, **quirks: Any) -> ConnectorError:
        body = payload(name)
        method, path = call.split()
        sent = Sent(connection="portal", method=method, url=f"https://acme.example{path}", path=path)
        return client(**quirks).error_for(body["status"], msgspec.json.encode(body), sent)

    return build


Refused = Callable[..., ConnectorError]
PATCH = "PATCH /api/modules/file/objects"


@pytest.mark.parametrize(
    ("name", "call", "kind", "code", "told"),
    [
        ("error__key", "GET /api/connectors", NeedsOperator, "needs_operator", "Make one under Developer → API Key settings"),
        ("error__folder", "POST /api/modules/file/objects", NeedsOperator, "upload.forbidden", "Data/Archive' is not an upload"),
        ("error__folder", "GET /api/modules/file/objects/f-1/media/Original", NeedsOperator, "download.forbidden", "File transfers"),
        ("error__folder", PATCH, NeedsOperator, "forbidden", "does not allow us PATCH /api/modules/file/objects"),
        ("error__not_found", "GET /api/modules/product/objects/x", NotFound, "not_found", "Object not found"),
        ("error__step", PATCH, Rejected, "status.step", "Transition archived -> approved not allowed"),
        ("error__unique", PATCH, Rejected, "value.taken", "because another object has it"),
        ("error__feed_hash", "GET /api/connectors/all_product/events/334", Conflict, "feed.changed", "configured this feed anew"),
        ("error__locale", PATCH, Rejected, "locale", "Set the tenant's own locales under quirks"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do_next(
    refused: Refused, name: str, call: str, kind: type[ConnectorError], code: str, told: str
) -> None:
    error = refused(name, call)
    assert (type(error), error.code) == (kind, code)
    assert told in error.sentence


def test_a_portal_that_says_it_in_other_words_is_understood_once_they_are_set(refused: Refused) -> None:
    assert refused("error__step", PATCH, step_refused="Übergang").code == "refused"
    assert refused("error__step", PATCH, step_refused="not allowed").code == "status.step"
    assert refused("error__unique", PATCH, value_taken="").code == "refused"


def test_no_error_tells_the_key(client: Callable[..., PortalClient]) -> None:
    body = msgspec.json.encode({"status": 401, "message": f"Key {KEY} is switched off"})
    sent = Sent(connection="portal", method="GET", url="https://acme.example/api", path="/api")
    error = client().error_for(401, body, sent)
    assert KEY not in f"{error.sentence} {error.detail}"


def test_an_error_under_status_200_is_an_error(
    client: Callable[..., PortalClient], payload: Callable[[str], Any]
) -> None:
    sent = Sent(connection="portal", method="GET", url="https://acme.example/api", path="/api")

    def answered(body: Any) -> None:
        encoded = msgspec.json.encode(body)
        client().accept(Answer(status=200, headers={}, body=encoded, url="https://acme.example/api"), sent)

    with pytest.raises(ConnectorError, match="undefined error"):
        answered(payload("error__with_status_200"))
    answered(payload("file__approved"))  # its `status` is a field of the object
    answered(payload("page__products"))


@pytest.mark.parametrize(
    ("name", "total"), [("page__products", 1), ("page__other_spelling", 1), ("page__bare_array", None)]
)
def test_a_page_is_read_in_each_of_its_forms(payload: Callable[[str], Any], name: str, total: int | None) -> None:
    page = found(payload(name))
    assert (len(page.result), page.total) == (1, total)


@pytest.mark.parametrize("told", [{"objects": []}, {"result": None}, [{"name": "x"}], ["f-1"], "none", None])
def test_a_page_of_another_form_is_noticed(told: Any) -> None:
    with pytest.raises(ContractBroken):
        found(told)


def test_numbers_of_events_may_come_as_text(payload: Callable[[str], Any]) -> None:
    (event,) = as_events(payload("events__numbers_as_text"))
    assert (event.id, str(event.object_id), event.event_type) == (12, "125", 2)


@pytest.mark.parametrize("told", [{"status": 200}, [{"id": "next"}], [3], None])
def test_events_of_another_form_are_noticed(told: Any) -> None:
    with pytest.raises(ContractBroken):
        as_events(told)


@pytest.mark.parametrize("told", [[], ["f-1", "f-2"], [125], {"id": "f-1"}, "f-1"])
def test_an_upload_without_one_new_id_is_noticed(told: Any) -> None:
    with pytest.raises(ContractBroken):
        the_id(told)
