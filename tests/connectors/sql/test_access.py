"""Which databases may be called, and that no password is told."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.connectors.sql.conftest import Shop

from lockgate.connectors.sql.settings import SqlSettings
from lockgate.kit.errors import ConnectorError, NeedsOperator

pytestmark = pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)


async def test_a_database_that_is_not_declared_is_not_called(shop: Shop) -> None:
    async with shop.connected(egress={"hosts": (), "folders": ()}) as connector:
        with pytest.raises(NeedsOperator, match="may not"):
            await connector.check()


async def test_a_file_that_is_not_there_is_not_made(shop: Shop, tmp_path: Path) -> None:
    async with shop.connected(address=f"sqlite:///{tmp_path / 'other.db'}") as connector:
        with pytest.raises(NeedsOperator, match="no file"):
            await connector.check()
    assert not (tmp_path / "other.db").exists()


async def test_a_server_that_is_not_there_is_said_without_the_password(shop: Shop) -> None:
    egress = {"hosts": ("127.0.0.1:9",)}
    told: dict[str, Any] = {"address": "postgresql://reader@127.0.0.1:9/shop", "password": "correct-horse"}
    async with shop.connected(egress=egress, **told) as connector:
        with pytest.raises(ConnectorError) as found:
            await connector.check()
    assert "correct-horse" not in repr(found.value) + found.value.detail


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("oracle://db.acme.example/shop", "It begins with one of"),
        ("postgresql://reader:secret@db.acme.example/shop", "Leave the password out"),
        ("postgresql://db.acme.example", "Name host and database"),
        ("sqlite://", "Name the file"),
        ("my database", "Give it as"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(shop: Shop, address: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        SqlSettings.model_validate({"address": address, "table": shop.engine.dialect.name})
