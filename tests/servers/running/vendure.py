"""Vendure with its asset server and search, on an embedded PostgreSQL."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .database import postgres
from .installed import node_modules, program
from .processes import NotStarted, answering, free_ports, process

CONFIG = """\
const { bootstrap, DefaultJobQueuePlugin, DefaultSearchPlugin, dummyPaymentHandler } = require('@vendure/core');
const { AssetServerPlugin } = require('@vendure/asset-server-plugin');
const { port, folder, socket, database, password } = JSON.parse(process.argv[2]);
const ours = name => ({ name, type: 'string', nullable: true, public: false });
bootstrap({
  apiOptions: { port, hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: ['bearer', 'cookie', 'api-key'],
    superadminCredentials: { identifier: 'superadmin', password },
    cookieOptions: { secret: 'lockgate' },
  },
  dbConnectionOptions: { type: 'postgres', host: socket, username: 'postgres', database, synchronize: true },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  customFields: {
    Asset: ['lockgateKey', 'credit', 'copyright', 'usageRights', 'licenseUntil'].map(ours),
    Product: [ours('lockgateKey'), { ...ours('lockgateImages'), type: 'text' }],
  },
  plugins: [
    AssetServerPlugin.init({ route: 'assets', assetUploadDir: folder + '/assets' }),
    DefaultJobQueuePlugin.init({ pollInterval: 200 }),
    DefaultSearchPlugin,
  ],
}).catch(problem => { console.error(problem); process.exit(1); });
"""
PASSWORD = "ferry-crossing"
SHOP = """mutation($zone: ID!, $channel: ID!) {
  createTaxCategory(input: {name: "Standard", isDefault: true}) { id }
  updateChannel(input: {id: $channel, defaultTaxZoneId: $zone, defaultShippingZoneId: $zone}) { __typename }
}
"""


@dataclass(frozen=True)
class Vendure:
    url: str
    key: str
    """An API key with all rights: header `vendure-api-key`."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Vendure]:
    """A Vendure that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    node, modules = program("node", package="nodejs"), node_modules("vendure", "@vendure/core")
    (port,) = free_ports(1)
    (folder / "assets").mkdir(parents=True)
    script, url = folder / "vendure.js", f"http://127.0.0.1:{port}"
    script.write_text(CONFIG)
    env = {"NODE_PATH": str(modules), "VENDURE_DISABLE_TELEMETRY": "true"}
    with postgres() as server:
        told = {"port": port, "folder": str(folder), "socket": str(server.home), "password": PASSWORD}
        command = [node, script, json.dumps(told | {"database": server.create()})]
        async with process("vendure", command, folder=folder, env=env, ready=answering(f"{url}/health")):
            yield await _set_up(url)


async def _set_up(url: str) -> Vendure:
    """What an administrator does at first: a zone and a tax for prices, a key for us."""
    async with aiohttp.ClientSession() as http:
        login = f'mutation {{ login(username: "superadmin", password: "{PASSWORD}") {{ __typename }} }}'
        async with http.post(f"{url}/admin-api", json={"query": login}) as answer:
            http.headers["Authorization"] = f"Bearer {answer.headers['vendure-auth-token']}"
        channel = (await _ask(http, url, "{ activeChannel { id } }"))["activeChannel"]["id"]
        zone = (await _ask(http, url, 'mutation { createZone(input: {name: "Europe"}) { id } }'))["createZone"]["id"]
        await _ask(http, url, SHOP, zone=zone, channel=channel)
        named = '{roleIds: ["1"], translations: [{languageCode: en, name: "lockgate"}]}'
        made = await _ask(http, url, f"mutation {{ createApiKey(input: {named}) {{ apiKey }} }}")
        return Vendure(url=url, key=made["createApiKey"]["apiKey"])


async def _ask(http: aiohttp.ClientSession, url: str, document: str, **variables: Any) -> Any:
    async with http.post(f"{url}/admin-api", json={"query": document, "variables": variables}) as answer:
        told = await answer.json()
        if told.get("errors"):
            raise NotStarted(f"Vendure refused {document.split('(', maxsplit=1)[0]}: {told['errors'][0]['message']}")
        return told["data"]
