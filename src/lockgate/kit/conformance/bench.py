"""What a connector's tests supply to the suite: how its sandbox is filled, changed and looked into."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

import msgspec

from lockgate.kit.contract import Connector, FileSource, FileStream, HookRequest, Write
from lockgate.kit.egress import Egress
from lockgate.kit.errors import Transient
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.sandbox import FaultRule, Sandbox, SandboxConfig, serving
from lockgate.kit.sandbox.samples import sample_file
from lockgate.kit.services import Services
from lockgate.kit.transfer import CHUNK, file_source

T = TypeVar("T")

KEY = "conformance-key"
HOOK_SECRET = "conformance-hook-secret"  # noqa: S105 (guards nothing but a sandbox on loopback)
PICTURE = sample_file("larch.jpg")
"""What the files of the promises begin with: a whole JPEG, since some systems take nothing else."""
HASTY = Patience(attempts=3, total=10, first_wait=0.01, longest_wait=0.1, retry_after=3, connect=5, read=10)


class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the target that carries links, such as a product with its images."""

    kind: str
    id: str
    field: str
    """Canonical name of the field that holds the links."""


class Bench:
    """A connector and its sandbox, for one test. Derive, set `sandbox_type`, and supply what the connector's operations need.

    `sandbox` is the running sandbox itself: look into its state directly, without HTTP.
    """

    sandbox_type: ClassVar[type[Sandbox]]
    options: ClassVar[Mapping[str, Any]] = {}
    """The sandbox's own switches."""
    kind: ClassVar[str] = "asset"
    """Kind of the items that are read and written."""
    absent_id: ClassVar[str] = "999999999"
    """An id of the vendor's form that no item has."""
    read_route: ClassVar[str] = "*"
    """Glob of the calls that reading items makes: faults are put there."""
    file_route: ClassVar[str] = "GET *"
    """Glob of the call that carries a file's bytes to us."""
    list_route: ClassVar[str] = "*"
    """Glob of the calls by which the index lists items, if others show lists of them, too."""
    counted: ClassVar[bool] = True
    """Whether a total that the index states is the system's own account, not ours of what it listed."""
    within: ClassVar[float] = 5.0
    """Seconds after which a change must be reported, for systems that note it a moment later."""
    files: ClassVar[bool] = True
    """Whether what is written has files; else each write is of fields alone."""
    signed: ClassVar[bool] = True
    """Whether webhooks carry a signature that can be checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.sandbox: Sandbox = self.sandbox_type(SandboxConfig(key=KEY, options=dict(self.options)))
        self._open = AsyncExitStack()

    # ── what every connector supplies ────────────────────────────────────────────────────────────────────────────

    def connector(self, services: Services, url: str, key: str) -> Connector[Any]:
        """The connector with its settings for this address and key, and the profile that fits the sandbox."""
        raise NotImplementedError

    # ── for sources ──────────────────────────────────────────────────────────────────────────────────────────────

    async def make_item(self, content: bytes) -> str:
        """A new item in the sandbox, by somebody else, whose original file is these bytes. Returns its id."""
        raise NotImplementedError

    async def change_item(self, id: str) -> None:
        """Somebody changes a field of the item that we read."""
        raise NotImplementedError

    async def replace_item_file(self, id: str, content: bytes) -> None:
        """Somebody gives the item a new file, as a new version."""
        raise NotImplementedError

    def hook(self, id: str) -> HookRequest:
        """A webhook about a change of this item, as the vendor sends and signs it."""
        raise NotImplementedError

    def strange_hook(self) -> HookRequest:
        """A webhook of an event type we do not know, signed well."""
        raise NotImplementedError

    def listed(self, id: str) -> str:
        """The id by which the vendor's lists show an item, where it is another one."""
        return id

    # ── for targets ──────────────────────────────────────────────────────────────────────────────────────────────

    def count(self) -> int:
        """How many objects of `kind` the sandbox holds."""
        raise NotImplementedError

    def fields(self, version: int) -> Mapping[str, Any]:
        """Values for `Write.fields`, each different in another version."""
        raise NotImplementedError

    async def identified(self) -> tuple[str, str, str, str]:
        """An item that can be found: its kind, `by`, the value, its id."""
        raise NotImplementedError

    async def carrier(self) -> Carrier:
        """An item that our items are linked to."""
        raise NotImplementedError

    async def attach(self, carrier: Carrier) -> str:
        """Somebody else attaches an item of theirs to the carrier; returns its id."""
        raise NotImplementedError

    def attached(self, carrier: Carrier) -> Sequence[str]:
        """The ids of all that the carrier carries in that field, in the sandbox's own state."""
        raise NotImplementedError

    # ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @classmethod
    @asynccontextmanager
    async def running(cls, folder: Path) -> AsyncIterator[Self]:
        """The bench with its sandbox served; connectors opened on it are closed at the end."""
        bench = cls(folder)
        async with serving(bench.sandbox) as url, bench._open:
            bench.url = url
            yield bench

    def services(self, patience: Patience = HASTY) -> Services:
        return Services(
            connection="bench",
            egress=Egress(hosts=("127.0.0.1",), private=True),
            limits=Limits(),
            patience=patience,
            spool=self.folder,
            clock=self.sandbox.clock.now,
            hook_secret=HOOK_SECRET,
        )

    async def connect(self, *, key: str = KEY, url: str | None = None, read: float = HASTY.read) -> Connector[Any]:
        """An open connector; closed with the bench. `read` is the longest silence it bears, in seconds."""
        services = self.services(msgspec.structs.replace(HASTY, read=read))
        return await self._open.enter_async_context(self.connector(services, url or self.url, key))

    def fault(self, **rule: Any) -> None:
        """Put one fault in force, instead of those there were."""
        self.sandbox.faults.set([FaultRule(**rule)])

    def skip(self, id: str, times: int | None = None) -> None:
        """Have lists leave this item out, as if it had moved between pages while they were read."""
        self.fault(kind="skip", match=self.list_route, record=self.listed(id), times=times)

    def twice(self, id: str) -> None:
        """Have lists show this item twice, as if it had moved to the next page while they were read."""
        self.fault(kind="twice", match=self.list_route, record=self.listed(id))

    @property
    def struck(self) -> bool:
        return any(rule.hits for rule in self.sandbox.faults.rules)

    def calm(self) -> None:
        self.sandbox.faults.clear()

    def write(
        self, key: str, *, ref: str | None = None, version: int = 1, content: bytes | None = None, broken: bool = False
    ) -> Write:
        """A write of ours. Without content no file is sent; a broken one breaks off in its middle."""
        file = source(content, broken=broken) if content is not None and self.files else None
        return Write(key=key, ref=ref, fields=self.fields(version), file=file)


def source(content: bytes, *, broken: bool = False, filename: str = "larch.jpg") -> FileSource:
    """A file in memory as a source that states its length and digest."""

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(content), CHUNK):
            if broken and at * 2 >= len(content):
                raise Transient("The source broke off.")
            yield content[at : at + CHUNK]

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        yield FileStream(filename=filename, media_type="image/jpeg", length=len(content), chunks=chunks())

    expected = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return file_source(opened, filename=filename, media_type="image/jpeg", length=len(content), expected=expected)


async def eventually(
    look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], sentence: str, within: float = 5
) -> T:
    """Look until what is wanted is seen, for systems that need a moment; fails with the sentence."""
    deadline = asyncio.get_running_loop().time() + within
    while not wanted(seen := await look()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"{sentence}; at last it was {seen!r}")
        await asyncio.sleep(0.05)
    return seen


def expect(condition: object, sentence: str) -> None:
    """A promise in words: the sentence says what was broken."""
    if not condition:
        raise AssertionError(sentence)
