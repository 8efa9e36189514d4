"""What people do meanwhile, in CELUM, in the portal and at Lockgate: seeded, one after the other, and noted in the journal."""

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec

from lockgate.kit.sandbox.samples import sample_file
from prove.ground import DAM, FLOW, Ground
from prove.journal import Journal
from prove.oracle import value
from prove.systems import Refused

PAUSE = 0.12
"""Seconds between two acts at most."""
LOOK = 3.0
"""Seconds people wait for an answer before they do something else."""
REGIONS: Sequence[list[str]] = (
    ["DE", "AT", "CH"],
    ["DE", "AT", "CH"],
    ["WORLD"],
    ["DE", "AT", "CH", "LI"],
    ["US"],
    ["DE", "AT"],
    [],
)
RESTRICTED: Sequence[list[str]] = ([], [], ["US"], ["AT"])
LICENCES = (None, None, "2039-05-31T00:00:00.000Z", "2025-01-31T00:00:00.000Z")
SIZES = (2_000, 20_000, 200_000, 200_000, 3_000_000)
"""Bytes of new versions."""
WORDS = ("Studio North", "Studio Hafenlicht", "Hand in hand", None)
OFTEN = ("release", "clear", "version", "rename", "make", "product")
SELDOM = (
    "unrelease", "rights", "licence", "words", "ending", "beginning", "for_ever", "move", "same_file", "delete", "no_product",
    "missing_products", "lost_copy", "hidden_copy", "published_copy", "full_run", "sweep",
)  # fmt: skip


class Load:
    """Acts until cancelled, unless paused. The same seed does the same in the same order."""

    def __init__(self, ground: Ground, journal: Journal, seed: int) -> None:
        self.ground, self.journal = ground, journal
        self.chance = random.Random(f"load {seed}")  # noqa: S311 (repeatable on purpose)
        self.going = asyncio.Event()
        self.acts = 0
        self.products: dict[str, str] = {}
        """Products by number, made here."""
        self._still = asyncio.Lock()
        self._files = ground.folder / "versions"
        self._files.mkdir(exist_ok=True)

    async def go_on(self) -> None:
        while True:
            await self.going.wait()
            async with self._still:
                await self.act()
            await asyncio.sleep(self.chance.uniform(0, PAUSE))

    async def pause(self) -> None:
        """Answers once nobody does anything any more."""
        self.going.clear()
        async with self._still:
            return

    async def act(self) -> None:
        """One thing that a person does."""
        what: Callable[[], Awaitable[None]] = getattr(self, self.chance.choice(OFTEN * 2 + SELDOM))
        await what()
        self.acts += 1

    # ── in CELUM ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def tell(self, action: str, id: str, **words: Any) -> None:
        asked = datetime.now(UTC)
        asset = await self.ground.celum.act(action, id=int(id), **words)
        self.journal.note(id, None if action == "delete" else asset, asked)

    def any(self) -> str:
        return self.chance.choice(self.journal.there())

    def number(self) -> str:
        """A product number that exists, may exist, or never will."""
        made = [f"P-{n}" for n in range(1, 8)]
        return self.chance.choice([*made, *made, "NEVER-1"])

    async def release(self) -> None:
        await self.tell("release", self.any())

    async def unrelease(self) -> None:
        await self.tell("unrelease", self.any())

    async def clear(self) -> None:
        await self.tell("set_rights", self.any(), cleared=True, regions=REGIONS[0], restricted_regions=None)

    async def rights(self) -> None:
        cleared, regions = self.chance.choice((True, True, False, None)), self.chance.choice(REGIONS)
        restricted = self.chance.choice(RESTRICTED)
        await self.tell(
            "set_rights", self.any(), cleared=cleared, regions=regions or None, restricted_regions=restricted or None
        )

    async def licence(self) -> None:
        await self.tell("set_rights", self.any(), license_until=self.chance.choice(LICENCES))

    async def words(self) -> None:
        credit, terms = self.chance.choice(WORDS), self.chance.choice(WORDS)
        await self.tell("set_rights", self.any(), credit_line=credit, usage_terms=terms, copyright=credit)

    async def rename(self) -> None:
        await self.tell("change_asset", self.any(), title=f"Renamed {self.acts}")

    async def move(self) -> None:
        await self.tell("set_field", self.any(), field=643, value=self.number())

    async def ending(self) -> None:
        end = datetime.now(UTC) + timedelta(seconds=self.chance.uniform(0.3, 4))
        await self.tell("set_availability", self.any(), to=iso(end))

    async def beginning(self) -> None:
        begin = datetime.now(UTC) + timedelta(seconds=self.chance.uniform(0.3, 4))
        await self.tell("set_availability", self.any(), **{"from": iso(begin)})

    async def for_ever(self) -> None:
        await self.tell("set_availability", self.any())

    async def version(self) -> None:
        """A new file, now and then a large one."""
        content = self.chance.randbytes(self.chance.choice(SIZES))
        self.journal.know(content)
        file = self._files / hashlib.sha256(content).hexdigest()[:16]
        file.write_bytes(content)
        await self.tell("upload_version", self.any(), path=str(file), filename=f"v{self.acts}.tif")
        file.unlink()

    async def same_file(self) -> None:
        """The very same file as a new version, as people do who are not sure whether it worked."""
        content = sample_file("same.png", 1)
        self.journal.know(content)
        file = self._files / "same.png"
        file.write_bytes(content)
        id = self.any()
        for _ in range(2):
            await self.tell("upload_version", id, path=str(file), filename="same.png")

    async def make(self) -> None:
        if len(self.journal.there()) > 80:
            await self.delete()
            return
        name, asked = f"made-{self.acts}.png", datetime.now(UTC)
        self.journal.know(sample_file(name, 1))
        given = {"ids.sku": self.number(), "status": self.chance.choice(("approved", "approved", "draft"))}
        asset = await self.ground.celum.act(
            "make_asset", title=f"Made {self.acts}", file=name, cleared=True, regions=REGIONS[0], **given
        )
        self.journal.note(str(asset["id"]), asset, asked)

    async def delete(self) -> None:
        if len(self.journal.there()) > 20:
            await self.tell("delete", self.any())

    # ── in the portal ────────────────────────────────────────────────────────────────────────────────────────────

    async def product(self) -> None:
        sku = self.number()
        if sku.startswith("P-") and sku not in self.products:
            made = await self.ground.portal.act("create_product", sku=sku)
            self.products[sku] = made["id"]
            self.journal.products[made["id"]] = ("CE_Create", frozenset({sku}))

    async def no_product(self) -> None:
        if self.products:
            sku = self.chance.choice(sorted(self.products))
            id = self.products.pop(sku)
            await self.ground.portal.act("delete", module="product", id=id)
            self.journal.products[id] = ("CE_Delete", frozenset({sku}))

    async def missing_products(self) -> None:
        made = (await self.ground.portal.act("create_missing_products", limit=1))["created"]
        self.journal.products |= {id: ("CE_Create", frozenset({name})) for name, id in made.items()}

    async def meddle(self, action: str, **words: Any) -> None:
        """Do something to one of Lockgate's copies; its asset may be gone."""
        with suppress(Refused, aiohttp.ClientError, TimeoutError, msgspec.DecodeError):  # reading may meet a fault
            async with asyncio.timeout(LOOK):
                copies = await self.ground.portal.objects("file")
            ours = {str(value(one, "ext_id")).removeprefix(f"{DAM}:"): one["id"] for one in copies}
            if not ours:
                return
            key = self.chance.choice(sorted(ours))
            self.journal.meddled.add(key)
            await self.ground.portal.act(action, module="file", id=ours[key], **words)

    async def lost_copy(self) -> None:
        await self.meddle("delete")

    async def hidden_copy(self) -> None:
        await self.meddle("set_status", status="archived")

    async def published_copy(self) -> None:
        await self.meddle("publish", channel="webshop")

    # ── at Lockgate ──────────────────────────────────────────────────────────────────────────────────────────────

    async def full_run(self) -> None:
        await self.start_run("full")

    async def sweep(self) -> None:
        await self.start_run("sweep")

    async def start_run(self, kind: str) -> None:
        with suppress(Refused, aiohttp.ClientError, TimeoutError):  # it may be dead
            async with asyncio.timeout(LOOK):
                await self.ground.api("POST", f"flows/{FLOW}/runs", {"kind": kind})


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
