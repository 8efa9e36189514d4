"""What CELUM's refusals mean, from their bodies."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from lockgate.connectors.celum.client import errors
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.http import Sent

SENT = Sent(connection="dam", method="GET", url="https://acme.celum.example/x", path="/content-api/v1/assets/999999")
NAMES = {643: "sku"}


@pytest.fixture
def explained(payload: Callable[[str], Any]) -> Callable[..., ConnectorError | None]:
    def explain(status: int, name: str, *, hidden_is_403: bool = True) -> ConnectorError | None:
        body = msgspec.json.encode(payload(name))
        return errors.explain(status, body, SENT, fields=NAMES, hidden_is_403=hidden_is_403)

    return explain


def test_403_with_an_entity_is_about_that_item_only(explained: Callable[..., ConnectorError | None]) -> None:
    error = explained(403, "error__hidden_asset")
    assert type(error) is NotFound
    assert "no such asset" in error.sentence


def test_403_with_an_entity_is_about_the_account_where_the_server_means_it_so(
    explained: Callable[..., ConnectorError | None],
) -> None:
    assert type(explained(403, "error__hidden_asset", hidden_is_403=False)) is NeedsOperator


def test_403_without_an_entity_is_about_the_account(explained: Callable[..., ConnectorError | None]) -> None:
    error = explained(403, "error__account_not_allowed")
    assert type(error) is NeedsOperator
    assert "Give the account that right in CELUM" in error.sentence


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("error__argument", "(about assetId)"),
        ("error__information_field", "(about information field sku (643))"),
    ],
)
def test_a_validation_names_what_it_is_about(
    explained: Callable[..., ConnectorError | None], name: str, about: str
) -> None:
    error = explained(400, name)
    assert type(error) is Rejected
    assert about in error.sentence


def test_a_localized_argument_is_named_with_its_language() -> None:
    body = b'{"message": "too long", "faults": [{"type": "LOCALIZED_ARGUMENT", "argument": "name", "locale": "de"}]}'
    error = errors.explain(400, body, SENT, fields={}, hidden_is_403=True)
    assert error is not None
    assert error.sentence == "dam refused GET /content-api/v1/assets/999999: too long (about name (de))."


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"faults": 3}', b"\xff"])
@pytest.mark.parametrize(("status", "kind"), [(401, NeedsOperator), (403, NeedsOperator), (400, None), (503, None)])
def test_a_body_that_is_none_of_celums_leaves_the_meaning_to_the_status(
    body: bytes, status: int, kind: type[ConnectorError] | None
) -> None:
    error = errors.explain(status, body, SENT, fields={}, hidden_is_403=True)
    assert (type(error) if error else None) is kind


def test_a_code_nobody_documented_decides_nothing() -> None:
    body = b'{"code": "ENTITY_NOT_ACCESSIBLE", "message": "no"}'
    assert type(errors.explain(403, body, SENT, fields={}, hidden_is_403=True)) is NeedsOperator
