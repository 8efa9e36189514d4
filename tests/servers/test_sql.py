"""The connector for databases against a real MariaDB: the promises of every connector, and what is asked of the other databases."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import msgspec
import pytest
from sqlalchemy.engine import make_url
from tests.connectors.sql.conftest import COLUMNS, PROFILE, TABLE, WORDS, Shop
from tests.connectors.sql.test_conformance import EXCUSES, SqlBench
from tests.connectors.sql.test_reading import (
    test_a_row_is_the_item_that_its_columns_state,
    test_a_row_that_was_committed_late_with_an_old_time_is_reported,
    test_another_state_of_a_row_is_another_revision,
    test_changes_begin_now_and_report_what_changes_from_then_on,
    test_columns_are_recognised_by_their_names,
    test_rows_are_found_by_the_column_of_an_identifier,
    test_rows_that_changed_at_one_instant_are_all_reported_across_pages,
    test_the_index_has_each_row_once_over_several_pages_and_goes_on_from_each,
)
from tests.connectors.sql.test_writing import (
    test_a_hidden_row_is_seen_hidden_and_shown_again,
    test_a_key_written_twice_is_one_row_and_is_held_as_it_was_sent,
    test_a_row_that_the_table_refuses_is_rejected_alone,
    test_only_rows_of_ours_are_removed,
    test_two_who_write_one_key_at_once_write_one_row,
)
from tests.servers.running.mariadb import MariaDb

from lockgate.connectors.sql.connector import Sql
from lockgate.connectors.sql.settings import SqlSettings
from lockgate.kit.conformance import promises
from lockgate.kit.conformance.bench import KEY
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.egress import Egress
from lockgate.kit.errors import NeedsOperator, Rejected
from lockgate.kit.services import Services

__all__ = [
    "test_a_hidden_row_is_seen_hidden_and_shown_again",
    "test_a_key_written_twice_is_one_row_and_is_held_as_it_was_sent",
    "test_a_row_is_the_item_that_its_columns_state",
    "test_a_row_that_the_table_refuses_is_rejected_alone",
    "test_a_row_that_was_committed_late_with_an_old_time_is_reported",
    "test_another_state_of_a_row_is_another_revision",
    "test_changes_begin_now_and_report_what_changes_from_then_on",
    "test_columns_are_recognised_by_their_names",
    "test_only_rows_of_ours_are_removed",
    "test_rows_are_found_by_the_column_of_an_identifier",
    "test_rows_that_changed_at_one_instant_are_all_reported_across_pages",
    "test_the_index_has_each_row_once_over_several_pages_and_goes_on_from_each",
    "test_two_who_write_one_key_at_once_write_one_row",
]
USER = "lockgate"


@asynccontextmanager
async def shop_on(server: MariaDb, folder: Path) -> AsyncIterator[Shop]:
    """A database of its own with the shop's empty table, and a user who may do what the README says."""
    name = f"shop_{secrets.token_hex(4)}"
    await server.run(
        f"CREATE DATABASE {name} CHARACTER SET utf8mb4;"
        f"CREATE USER IF NOT EXISTS {USER}@'127.0.0.1' IDENTIFIED BY '{KEY}';"
        f"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON {name}.* TO {USER}@'127.0.0.1';"
    )
    shop = Shop(f"mysql+pymysql://{USER}:{KEY}@127.0.0.1:{server.port}/{name}", folder)
    shop.run(TABLE.format(**WORDS["mysql"]))
    yield shop
    shop.engine.dispose()
    await server.run(f"DROP DATABASE {name}")


@pytest.fixture
async def shop(mariadb_server: MariaDb, tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop_on(mariadb_server, tmp_path) as ready:
        yield ready


class MariaDbBench(SqlBench):
    """The shop's people at work in MariaDB."""

    @classmethod
    @asynccontextmanager
    async def on(cls, shop: Shop, folder: Path) -> AsyncIterator[Self]:
        bench = cls(folder)
        bench.shop, bench.url = shop, shop.address
        async with bench._open:
            yield bench
        await bench.sandbox.close()

    def connector(self, services: Services, url: str, key: str) -> Sql:
        """At the port of the address, which may be one where nobody listens."""
        address = make_url(self.shop.address).set(port=make_url(url).port or 1)
        egress = Egress(hosts=(f"127.0.0.1:{address.port}",), private=True)
        told = {"address": address.render_as_string(), "password": key, "table": "articles", **COLUMNS}
        return Sql(SqlSettings.model_validate(told), PROFILE, msgspec.structs.replace(services, egress=egress))


@pytest.fixture
async def bench(shop: Shop, tmp_path: Path) -> AsyncIterator[MariaDbBench]:
    async with MariaDbBench.on(shop, tmp_path) as ready:
        yield ready


TestMariaDb = promises(Sql, MariaDbBench, excuses=EXCUSES)
del TestMariaDb.bench  # type: ignore[attr-defined] # this module's is used


async def test_the_server_names_itself_and_its_user(shop: Shop) -> None:
    async with shop.connected() as connector:
        info = await connector.check()
    assert (info.product, info.account) == ("MySQL or MariaDB", f"{USER}@127.0.0.1")
    assert info.version


async def test_a_column_that_takes_capitals_for_small_letters_is_refused_for_our_key(shop: Shop) -> None:
    shop.run("ALTER TABLE articles MODIFY lockgate_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
    async with shop.connected() as connector:
        with pytest.raises(NeedsOperator, match="collation utf8mb4_bin") as refused:
            await connector.check()
    assert refused.value.code == "key_not_exact"


async def test_keys_that_differ_in_a_capital_only_are_two_rows(shop: Shop) -> None:
    async with shop.connected() as connector:
        await connector.check()
        writes = [Write(key=key, fields={"title": key}) for key in ("dam:Larch", "dam:larch", "dam:Lärche")]
        answers = await connector.upsert("product", writes)
        held = await connector.held("product", [one.key for one in writes])
    assert all(isinstance(one, Receipt) for one in answers)
    assert {key: one.fields["name"] for key, one in held.items()} == {one.key: one.key for one in writes}


LOOSE = "SET GLOBAL sql_mode = ''"


@pytest.mark.parametrize("fields", [{"title": "x" * 201}, {"title": "Larch", "price": "1e12"}])
async def test_what_does_not_fit_is_refused_and_not_cut_whatever_the_server_is_set_to(
    shop: Shop, mariadb_server: MariaDb, fields: Mapping[str, Any]
) -> None:
    await mariadb_server.run(LOOSE)
    async with shop.connected() as connector:
        (answer,) = await connector.upsert("product", [Write(key="dam:1", fields=fields)])
    assert isinstance(answer, Rejected), answer
    assert shop.count() == 0


async def test_a_letter_that_the_column_cannot_hold_is_refused(shop: Shop) -> None:
    shop.run("ALTER TABLE articles MODIFY tags VARCHAR(200) CHARACTER SET latin1")
    async with shop.connected() as connector:
        (answer,) = await connector.upsert("product", [Write(key="dam:1", fields={"title": "Larch", "tags": "落葉松"})])
    assert isinstance(answer, Rejected), answer


async def test_a_yes_or_no_column_is_read_as_one(shop: Shop) -> None:
    id = shop.article("Larch", on_sale=True)
    async with shop.connected() as connector:
        (item,) = await connector.fetch("product", [id])
        schema = await connector.schema()
    assert item.fields["on_sale"] is True
    assert {one.name: one.type for one in schema.kinds["product"]}["on_sale"] == "boolean"
