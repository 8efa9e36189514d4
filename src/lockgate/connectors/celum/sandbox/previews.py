"""Previews of new versions: in preparation for a moment, then there, or not to be had."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lockgate.connectors.celum.sandbox.records import Version
from lockgate.kit.sandbox import SandboxClock

if TYPE_CHECKING:
    from lockgate.connectors.celum.sandbox.tenant import Tenant

PICTURES = ("THUMB", "PREVIEW", "LARGE")
KINDS: dict[str, tuple[str, ...]] = {
    "IMAGE": PICTURES,
    "DOCUMENT": PICTURES,
    "VIDEO": (*PICTURES, "VIDEO"),
    "AUDIO": ("AUDIO",),
}
LONGEST = {"THUMB": 256, "PREVIEW": 1024, "LARGE": 2048}
DAY = 24 * 3600


class Previews:
    """What is in preparation, and when it will be ready by the clock's elapsed time."""

    def __init__(self, clock: SandboxClock, seconds: float, waiting: Iterable[int]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._due: dict[int, float] = {}
        for id in waiting:
            self.begin(id)

    def begin(self, version: int) -> None:
        self._due[version] = self._clock.elapsed() + self._seconds

    def forget(self, version: int) -> None:
        self._due.pop(version, None)

    def take_due(self) -> list[int]:
        """Versions whose previews are ready now; each is told once."""
        now = self._clock.elapsed()
        ready = [id for id, due in self._due.items() if due <= now]
        for id in ready:
            del self._due[id]
        return ready


def outcome(category: str) -> str:
    """How the preparation of previews ends for a kind of file."""
    return "SUCCEEDED" if category in KINDS else "FAILED"


def complete(tenant: "Tenant") -> None:
    """Finish what is due, and tell of it."""
    for id in tenant.previews.take_due():
        version = tenant.catalog.version(id)
        version.state = outcome(version.category)
        tenant.catalog.put_version(version)
        tenant.emit(
            "PREVIEW_CONVERSION",
            assetId=version.asset_id,
            versionId=version.id,
            fileCategory=version.category,
            previewConversionStatus=version.state,
        )


def urls(tenant: "Tenant", version: Version) -> dict[str, str]:
    """Addresses of the previews there are, by kind."""
    if version.state != "SUCCEEDED" or not version.has_file:
        return {}
    return {
        kind: tenant.url(f"/__files/preview/{tenant.links.seal('p', version.id, kind, seconds=DAY)}")
        for kind in KINDS.get(version.category, ())
    }


def size(version: Version) -> dict[str, Any] | None:
    """Width and height of the middle preview, where those of the file are known."""
    width, height = version.property("width"), version.property("height")
    if not width or not height or version.state != "SUCCEEDED":
        return None
    scale = min(1.0, LONGEST["PREVIEW"] / max(width, height))
    return {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
