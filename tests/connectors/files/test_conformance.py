"""The promises every connector keeps, asked of a folder: over WebDAV with all its faults, and on this machine."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec

from lockgate.connectors.files.connector import Files
from lockgate.connectors.files.sandbox import SANDBOX, DavSandbox
from lockgate.connectors.files.sandbox.server import USER
from lockgate.connectors.files.settings import FilesSettings
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.egress import Egress
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

SETTLED = {"settle": 0, "sidecar": "both"}


class FilesBench(Bench):
    """What both kinds of folders have in common; `put` and `names` are somebody else at work in it."""

    sandbox: DavSandbox
    sandbox_type: ClassVar[type[Sandbox]] = SANDBOX
    absent_id = "nothing/here.png"
    read_route = "PROPFIND *"
    file_route = "GET *"

    def put(self, path: str, content: bytes) -> None:
        raise NotImplementedError

    def names(self) -> list[str]:
        raise NotImplementedError

    async def make_item(self, content: bytes) -> str:
        path = f"in/larch-{len(self.names())}.png"
        self.put(path, content)
        return path

    async def change_item(self, id: str) -> None:
        title = {"title": f"larch, {self.sandbox.state.next_id('title')}"}
        self.put(f"{id}.json", json.dumps(title).encode())

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.put(id, content)

    async def identified(self) -> tuple[str, str, str, str]:
        made = await self.make_item(b"a file with an article number")
        self.put(f"{made}.json", b'{"ids": {"sku": "LARCH-1"}}')
        return "asset", "sku", "LARCH-1", made

    def count(self) -> int:
        hidden = (".lockgate/", ".closed/")
        sidecars = (".json", ".xmp", ".part")
        return sum(not one.startswith(hidden) and not one.endswith(sidecars) for one in self.names())

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": {"de": f"Lärche {version}", "en": f"Larch {version}"},
            "usage_rights": f"web only, version {version}",
            "keywords": ["tree", f"v{version}"],
            "released": version > 1,
        }


class DavBench(FilesBench):
    counted = False

    def connector(self, services: Services, url: str, key: str) -> Files:
        address = url.replace("http://", "dav://") + "/dav"
        settings = {"address": address, "user": USER, "password": key, **SETTLED}
        return Files(FilesSettings.model_validate(settings), Profile(), services)

    def put(self, path: str, content: bytes) -> None:
        self.sandbox.place(path, content)

    def names(self) -> list[str]:
        return [one["path"] for one in self.sandbox.state.all("files")]


class FolderBench(FilesBench):
    """No server: the sandbox only lends its clock."""

    @classmethod
    @asynccontextmanager
    async def running(cls, folder: Path) -> AsyncIterator[Self]:
        bench = cls(folder)
        bench.url = str(folder / "root")
        (folder / "root").mkdir()
        async with bench._open:
            yield bench
        await bench.sandbox.close()

    def connector(self, services: Services, url: str, key: str) -> Files:  # noqa: ARG002 (a folder has no key)
        services = msgspec.structs.replace(services, egress=Egress(hosts=(), folders=(str(self.folder),)))
        place = url if url.startswith("/") else str(self.folder / "nowhere")
        return Files(FilesSettings.model_validate({"address": f"file://{place}", **SETTLED}), Profile(), services)

    def put(self, path: str, content: bytes) -> None:
        place = Path(self.url) / path
        place.parent.mkdir(exist_ok=True)
        part = place.with_name(f"{place.name}.part")
        part.write_bytes(content)
        part.replace(place)

    def names(self) -> list[str]:
        root = Path(self.url)
        return [one.relative_to(root).as_posix() for one in root.rglob("*") if one.is_file()]


TestFiles = promises(Files, DavBench)
TestFilesOfThisMachine = promises(
    Files,
    FolderBench,
    excuses={
        "test_check_refuses_a_wrong_key_in_words": "a folder of this machine has no key",
        "test_what_lasts_is_named_by_what_to_do": "faults are put in the way of HTTP, and none is spoken",
        "test_a_record_that_pages_give_twice_does_no_harm": "a folder of this machine is listed at once, not in pages",
        "test_a_record_that_a_page_skips_is_not_lost": "a folder of this machine is listed at once, not in pages",
        "test_a_file_shorter_than_stated_is_noticed": "faults are put in the way of HTTP, and none is spoken",
    },
)
