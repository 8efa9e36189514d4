"""Where folders lie: paths follow from parents and names, they are never stored."""

from .errors import bad
from .objects import Objects
from .records import Record


class Folders:
    """Paths of folders, remembered until a folder changes."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._known: dict[str, str] = {}

    def forget(self) -> None:
        """Call after any change of a folder."""
        self._known.clear()

    def path(self, id: str) -> str:
        """`Data/Uploads`: names from the root, no slash at the end."""
        if id not in self._known:
            folder = self._objects.live("folder", id)
            self._known[id] = self._joined(folder) if folder is not None else ""
        return self._known[id]

    def _joined(self, folder: Record) -> str:
        parent = folder.value("parent_id")
        above = self.path(parent) if parent is not None else ""
        name = folder.value("name") or folder.id
        return f"{above}/{name}" if above else str(name)

    def paths(self, record: Record) -> tuple[str, ...]:
        """The path of a folder, or of the folder a file lies in; nothing for others."""
        if record.module == "folder":
            return (self.path(record.id),)
        parent = record.value("parent_id")
        return (self.path(parent),) if record.module == "file" and parent is not None else ()

    def refuse_cycle(self, folder: Record) -> None:
        """400 when a folder would lie in itself."""
        seen = {folder.id}
        parent = folder.value("parent_id")
        while parent is not None:
            if parent in seen:
                bad("A folder cannot lie in itself")
            seen.add(parent)
            above = self._objects.live("folder", parent)
            parent = above.value("parent_id") if above is not None else None
