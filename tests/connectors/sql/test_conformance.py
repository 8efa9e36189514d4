"""The promises every connector keeps, asked of a table. There is no HTTP and there are no files, so some cannot be asked."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec
from tests.connectors.sql.conftest import COLUMNS, PROFILE, TABLE, WORDS, Shop

from lockgate.connectors.sql.connector import Sql
from lockgate.connectors.sql.settings import SqlSettings
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.egress import Egress
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

NO_HTTP = "faults are put in the way of HTTP, and none is spoken"


class NoSandbox(Sandbox):
    """Lends its clock."""

    id: ClassVar[str] = "nothing"


class SqlBench(Bench):
    sandbox_type: ClassVar[type[Sandbox]] = NoSandbox
    kind = "product"
    files = False

    @classmethod
    @asynccontextmanager
    async def running(cls, folder: Path) -> AsyncIterator[Self]:
        bench = cls(folder)
        (folder / "shop.db").touch()
        bench.shop = Shop(f"sqlite:///{folder / 'shop.db'}", folder)
        bench.shop.run(TABLE.format(**WORDS["sqlite"]))
        bench.url = bench.shop.address
        async with bench._open:
            yield bench
        bench.shop.engine.dispose()
        await bench.sandbox.close()

    shop: Shop

    def connector(self, services: Services, url: str, key: str) -> Sql:  # noqa: ARG002 (a file has no key)
        address = url if url.startswith("sqlite:") else f"sqlite:///{self.folder / 'nowhere.db'}"
        services = msgspec.structs.replace(services, egress=Egress(hosts=(), folders=(str(self.folder),)))
        return Sql(SqlSettings.model_validate({"address": address, "table": "articles", **COLUMNS}), PROFILE, services)

    async def make_item(self, content: bytes) -> str:  # noqa: ARG002 (a row has no file)
        return self.shop.article("Larch", price=self.shop.count())

    async def change_item(self, id: str) -> None:
        self.shop.run("UPDATE articles SET price = price + 1, changed = CURRENT_TIMESTAMP WHERE nr = :nr", nr=int(id))

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "LARCH-1", self.shop.article("Larch", **{"article number": "LARCH-1"})

    def count(self) -> int:
        return self.shop.count()

    def fields(self, version: int) -> Mapping[str, Any]:
        return {"title": {"de": f"Lärche {version}"}, "price": str(version), "tags": ["tree", f"v{version}"]}


EXCUSES = {
    "test_what_lasts_is_named_by_what_to_do": NO_HTTP,
    "test_a_record_that_pages_give_twice_does_no_harm": "rows are read by their key, not in pages of somebody else's",
    "test_a_record_that_a_page_skips_is_not_lost": "rows are read by their key, not in pages of somebody else's",
}
"""What no database is asked."""

TestSql = promises(
    Sql,
    SqlBench,
    excuses={**EXCUSES, "test_check_refuses_a_wrong_key_in_words": "a file of SQLite has no key"},
)
