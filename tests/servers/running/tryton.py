"""Tryton's server with products, on SQLite, and one company."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .installed import python
from .processes import NotStarted, free_ports, listening, process, run

MODULES = ("company", "product", "product_attribute", "product_classification", "product_image")
CONFIG = """\
[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
[attachment]
filestore = True
"""


@dataclass(frozen=True)
class Tryton:
    url: str
    company: int
    """The company whose eyes prices are seen with: goes into the context of every call."""
    unit: int
    """The unit of measure "Unit"."""
    database: str = "erp"
    user: str = "admin"
    password: str = "ferry-crossing"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Tryton]:
    """A Tryton that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    interpreter = python("trytond")
    (port,) = free_ports(1)
    config, password = folder / "trytond.conf", folder / "password"
    config.write_text(CONFIG.format(folder=folder, port=port))
    password.write_text(Tryton.password)
    (folder / f"{Tryton.database}.sqlite").touch()
    common: list[object] = ["-c", config, "-d", Tryton.database]
    make = [interpreter, interpreter.with_name("trytond-admin"), *common, "-u", "ir", "res", *MODULES]
    await run(
        [*make, "--activate-dependencies", "--email", "admin@example.com"],
        folder=folder,
        env={"TRYTONPASSFILE": str(password)},
    )
    command: list[object] = [interpreter, interpreter.with_name("trytond"), *common]
    async with process("tryton", command, folder=folder, ready=listening(port)):
        yield await _set_up(f"http://127.0.0.1:{port}")


async def _set_up(url: str) -> Tryton:
    """What an administrator does at first: name the company and work for it."""
    async with aiohttp.ClientSession() as http:
        session = await _call(http, url, "common.db.login", [Tryton.user, {"password": Tryton.password}, "en"])
        token = base64.b64encode(f"{Tryton.user}:{session[0]}:{session[1]}".encode()).decode()
        http.headers["Authorization"] = f"Session {token}"
        (party,) = await _call(http, url, "model.party.party.create", [[{"name": "Larkfield Books"}], {}])
        money = {"name": "Euro", "code": "EUR", "symbol": "€"}
        (currency,) = await _call(http, url, "model.currency.currency.create", [[money], {}])
        (company,) = await _call(
            http, url, "model.company.company.create", [[{"party": party, "currency": currency}], {}]
        )
        me = {"companies": [["add", [company]]], "company": company}
        await _call(http, url, "model.res.user.write", [[session[0]], me, {}])
        (unit,) = await _call(http, url, "model.product.uom.search", [[["symbol", "=", "u"]], 0, 1, None, {}])
        return Tryton(url=url, company=company, unit=unit)


async def _call(http: aiohttp.ClientSession, url: str, method: str, params: list[Any]) -> Any:
    body = {"id": 1, "method": method, "params": params}
    async with http.post(f"{url}/{Tryton.database}/rpc/", json=body) as answer:
        text = await answer.text()
        if not answer.ok:
            raise NotStarted(f"{method} answered {answer.status}: {text[:1000]}")
        told = await answer.json()
        if "error" in told:
            raise NotStarted(f"{method}: {text[:1000]}")
        return told["result"]
