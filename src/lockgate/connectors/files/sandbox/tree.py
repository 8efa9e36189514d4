"""The folders and files of the sandbox. A path has no slash at its ends; the root is empty."""

from collections.abc import Iterator
from typing import Any

from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.store import Store

FILES, FOLDERS = "files", "folders"
Doc = dict[str, Any]


class Tree:
    def __init__(self, store: Store, clock: SandboxClock) -> None:
        self.store, self.clock = store, clock

    def get(self, path: str) -> Doc | None:
        """A file or folder; the root is always there."""
        if not path:
            return {"path": "", "folder": True, "modified": 0.0}
        return self.store.get(FILES, path) or self.store.get(FOLDERS, path)

    def is_folder(self, path: str) -> bool:
        return not path or self.store.get(FOLDERS, path) is not None

    def put(self, path: str, digest: str, size: int, media_type: str) -> Doc:
        """A file with a new entity tag, whatever was there."""
        doc = {
            "path": path,
            "digest": digest,
            "size": size,
            "type": media_type,
            "modified": self.clock.now().timestamp(),
            "etag": f'"{self.store.next_id("etag"):x}-{size:x}"',
        }
        self.store.put(FILES, path, doc)
        return doc

    def make_folder(self, path: str) -> None:
        self.store.put(FOLDERS, path, {"path": path, "folder": True, "modified": self.clock.now().timestamp()})

    def members(self, path: str) -> list[Doc]:
        """What lies directly in a folder, by name."""
        begin = f"{path}/" if path else ""
        found = (one for kind in (FOLDERS, FILES) for one in self.store.all(kind) if one["path"].startswith(begin))
        return sorted((one for one in found if "/" not in one["path"][len(begin) :]), key=lambda one: str(one["path"]))

    def below(self, path: str) -> Iterator[Doc]:
        """A file or folder and all that lies in it."""
        for kind in (FOLDERS, FILES):
            yield from (
                one for one in self.store.all(kind) if one["path"] == path or one["path"].startswith(f"{path}/")
            )

    def remove(self, path: str) -> None:
        for one in list(self.below(path)):
            self.store.delete(FOLDERS if one.get("folder") else FILES, one["path"])

    def copy(self, path: str, to: str) -> None:
        """A copy is a new resource with a tag of its own (RFC 4918, 9.8)."""
        for one in list(self.below(path)):
            place = to + one["path"][len(path) :]
            if one.get("folder"):
                self.make_folder(place)
            else:
                self.put(place, one["digest"], one["size"], one["type"])
