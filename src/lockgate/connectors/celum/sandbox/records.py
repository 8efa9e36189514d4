"""What the tenant remembers of each entity, and who may call it."""

from typing import Any

import msgspec


class Version(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One binary of an asset."""

    id: int
    asset_id: int
    filename: str
    filesize: int
    extension: str = ""
    checksum: str = ""
    category: str
    state: str
    """`PROCESSING`, `SUCCEEDED` or `FAILED`: how far its previews are."""
    created: str
    created_by: int
    properties: list[dict[str, Any]] = []
    content: str | None = None
    """Beginning of a plain text file, for searches inside files."""
    digest: str | None = None
    """The file among the stored ones, if it was uploaded or generated."""
    path: str | None = None
    """The file where it lies on disk, if it was only referenced."""
    alternative: str | None = None
    """Digest of the image that stands in for a preview of its own."""

    @property
    def has_file(self) -> bool:
        return self.digest is not None or self.path is not None

    def property(self, name: str) -> Any:
        return next((entry["value"] for entry in self.properties if entry["name"] == name), None)


class Asset(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One logical file. `fields` holds only values that are not empty, by the field's number as text."""

    id: int
    name: str
    type_id: int | None = None
    created: str
    created_by: int
    modified: str | None = None
    modified_by: int | None = None
    released: bool = False
    availability: dict[str, Any]
    parents: list[int]
    lock: dict[str, Any] | None = None
    references: list[dict[str, Any]] = []
    fields: dict[str, Any] = {}
    version_id: int


class Collection(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One node of a tree. `level` is None while it inherits its parent's validation level."""

    id: int
    type_id: int
    name: dict[str, str]
    icon: str | None = None
    parent_id: int | None = None
    level: str | None = None
    fields: dict[str, Any] = {}
    roles: list[tuple[int, str, int]] = []
    """Role, type of subject and its number: who has which role here and below."""
    compound: dict[str, Any] | None = None
    """Key of the compound type, and the collections each of its rules requires, by the rule's number as text."""
    created: str
    created_by: int
    modified: str | None = None
    modified_by: int | None = None

    @property
    def label(self) -> str:
        """The name to sort and to show a tag by: English if there is one."""
        return self.name.get("en") or next(iter(self.name.values()), "")


class User(msgspec.Struct, frozen=True):
    id: int
    username: str
    firstname: str
    lastname: str
    email: str

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "externalId": self.username,
            "username": self.username,
            "firstname": self.firstname,
            "middlename": "",
            "lastname": self.lastname,
            "email": self.email,
            "kind": "INTERNAL",
            "creationDate": "2026-01-01T00:00:00.000Z",
            "deactivated": False,
            "locale": "en",
        }


class Entry(msgspec.Struct):
    """An asset with its active version: what nearly every answer needs."""

    asset: Asset
    version: Version


ADMIN, SERVICE = 1, 12
USERS = {
    user.id: user
    for user in (
        User(ADMIN, "admin", "Alex", "Admin", "admin@example.test"),
        User(SERVICE, "svc-connector", "Service", "Connector", "svc@example.test"),
    )
}
