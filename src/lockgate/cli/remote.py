"""Work done by the process that works this home already: over its REST API, at the address it notes in the home."""

import asyncio
from typing import Any
from urllib.parse import quote

import lockgate.recipes
from lockgate.app import views
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.settings import AppSettings
from lockgate.cli.finding import Meant, chosen_parked, counterpart_kind, looked_for, recalled, retried
from lockgate.cli.http import Unreachable, call
from lockgate.cli.place import noted_address
from lockgate.cli.reading import Document, plain
from lockgate.engine.recipe import load_flow
from lockgate.ledger import inbox

PACE = 0.1
PATIENCE = 60.0
"""Seconds to wait for the running process to look at an item again."""


def address_of(found: AppSettings) -> str:
    """Where the running process is reached. Raises Refused."""
    address = noted_address(found.home)
    if address is None:
        raise Refused(
            f"another Lockgate works {found.home} and cannot be talked to: perhaps a single command, that ends soon;"
            " try again then, or give another LOCKGATE_HOME"
        )
    return address


class There:
    """The running process does it; what there is to read is read from the ledger both share."""

    def __init__(self, app: Lockgate, address: str) -> None:
        self.app, self.address = app, address

    async def _call(self, method: str, *path: str, body: Any = None, query: str = "") -> Any:
        url = "/".join([f"{self.address}/api/v1", *(quote(part, safe="") for part in path)]) + query
        try:
            return await asyncio.to_thread(call, method, url, body)
        except Unreachable as error:
            raise Refused(f"another Lockgate works {self.app.settings.home}, and {error}") from None

    async def add_flow(self, text: str, source: str, *, draft: bool) -> Document:
        await asyncio.to_thread(
            load_flow, text, source, lockgate.recipes.texts()
        )  # problems name the person's own file
        return dict(await self._call("POST", "flows", body=text, query="?draft=true" if draft else ""))

    async def activate(self, flow: str, *, run: bool) -> str | None:
        first = (await self._call("POST", "flows", flow, "activate", body={"run": run}))["run"]
        return str(first["id"]) if first is not None else None

    async def set_state(self, flow: str, state: str) -> None:
        await self._call("POST", "flows", flow, "pause" if state == "paused" else "resume")

    async def remove_flow(self, flow: str) -> None:
        await self._call("DELETE", "flows", flow)

    async def start(self, flow: str, kind: str, params: dict[str, Any]) -> str:
        agreed = {"confirm": params.get("confirmed")}
        if kind == "plan":
            made = await self._call("POST", "flows", flow, "plans")
        elif kind == "apply":
            made = await self._call("POST", "plans", params["plan"], "apply", body=agreed)
        else:
            made = await self._call("POST", "flows", flow, "runs", body={"kind": kind, **agreed})
        return str(made["id"])

    async def settle(self) -> None:
        """The running process works its inbox by itself."""

    async def look(self, flow: str | None, key: str) -> Document:
        """Needs no engine: the source is read here, and nothing is written."""
        return plain(await views.look(self.app, *await looked_for(self.app, flow, key)))

    async def retry(self, flow: str, keys: list[str] | None, code: str | None, *, confirmed: bool) -> Document:
        chosen = await chosen_parked(self.app, flow, keys, code)
        agreed = {"confirm": len(chosen) or None} if confirmed else {}
        if keys is None:
            await self._call("POST", "parked", flow, "retry", body={"code": code, **agreed})
        else:
            for key in chosen:
                await self._call("POST", "parked", flow, key, "retry", body=agreed)
        await self._looked_at(flow, chosen)
        return await retried(self.app, flow, chosen)

    async def _looked_at(self, flow: str, keys: list[str]) -> None:
        """Wait until none of these is to be looked at any more. Raises Refused when that takes too long."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while await self.app.ledger.read(lambda c: inbox.pending(c, flow, keys, self.app.clock())):
            if asyncio.get_running_loop().time() > deadline:
                raise Refused("they are still being looked at: `lockgate parked list` will tell what came of it")
            await asyncio.sleep(PACE)

    async def choose(self, flow: str, key: str, id: str | None) -> Document:
        if id is None:
            await self._call("DELETE", "items", flow, key, "counterpart")
        else:
            body = {"kind": await counterpart_kind(self.app, flow), "id": id}
            await self._call("PUT", "items", flow, key, "counterpart", body=body)
        await self._looked_at(flow, [key])
        return plain(await views.item(self.app, flow, key))

    async def recall(self, chosen: Meant, reason: str) -> Document:
        for flow, keys in chosen.items():
            await self._call("POST", "recalls", flow, body={"keys": keys, "reason": reason})
            await self._looked_at(flow, keys)
        return await recalled(self.app, chosen)

    async def lift(self, chosen: Meant) -> Document:
        for flow, keys in chosen.items():
            for key in keys:
                await self._call("DELETE", "recalls", flow, key)
            await self._looked_at(flow, keys)
        return {"lifted": sorted({key for keys in chosen.values() for key in keys})}

    async def drop(self, flow: str, keys: list[str] | None, code: str | None) -> int:
        chosen = await chosen_parked(self.app, flow, keys, code)
        for key in chosen:
            await self._call("DELETE", "parked", flow, key)
        return len(chosen)
