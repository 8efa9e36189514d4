"""What a read is asked to contain beside the plain entity, in query parameters or in a search body."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lockgate.connectors.celum.sandbox.call import Call, integers, objects
from lockgate.connectors.celum.sandbox.errors import invalid
from lockgate.connectors.celum.sandbox.filters import strings

ASSET_PERMISSIONS = (
    "editName", "editMetadata", "editAvailability", "delete", "manageVersions", "download", "downloadOriginal", "addVersion",
    "assignAssetType", "addToOther", "viewMetadata",
)  # fmt: skip
COLLECTION_PERMISSIONS = (
    "upload", "addCollection", "addNode", "delete", "moveAway", "viewMetadata", "editMetadata", "editName", "editIcon",
    "editValidationLevel", "download",
)  # fmt: skip
ASSET_WORDS = frozenset(
    {
        "informationFields",
        "informationFieldPermissions",
        "fileProperties",
        "externalReferences",
        "downloadFormats",
        "permissions",
    }
)
COLLECTION_WORDS = frozenset({"informationFields", "informationFieldPermissions", "roleAssignments", "permissions"})
RELATION_WORDS = frozenset({"informationFields", "informationFieldPermissions"})

# What each inclusion type of a search body asks for, in the words of the query parameter.
ASSET_TYPES = {
    "ALL_ASSET_INFORMATION_FIELDS": "informationFields",
    "ASSET_INFORMATION_FIELDS": "informationFields",
    "ASSET_INFORMATION_FIELD_PERMISSIONS": "informationFieldPermissions",
    "ALL_FILE_PROPERTIES": "fileProperties",
    "ALL_EXTERNAL_REFERENCES": "externalReferences",
    "ALL_DOWNLOAD_FORMATS": "downloadFormats",
    "DOWNLOAD_FORMATS": "downloadFormats",
    "ASSET_PERMISSIONS": "permissions",
}
COLLECTION_TYPES = {
    "ALL_COLLECTION_INFORMATION_FIELDS": "informationFields",
    "COLLECTION_INFORMATION_FIELDS": "informationFields",
    "COLLECTION_INFORMATION_FIELD_PERMISSIONS": "informationFieldPermissions",
    "COLLECTION_PERMISSIONS": "permissions",
    "COLLECTION_ROLE_ASSIGNMENTS": "roleAssignments",
}


@dataclass(frozen=True)
class Inclusions:
    """The words that were asked for; `fields` and `formats` narrow two of them to these numbers."""

    words: frozenset[str] = frozenset()
    fields: frozenset[int] | None = None
    formats: frozenset[int] | None = None
    permissions: tuple[str, ...] = ()

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def permitted(self, known: tuple[str, ...], denied: Collection[str] = ()) -> dict[str, bool]:
        """Permissions asked for by name, or all. The caller has all of them but those denied."""
        names = self.permissions if self.permissions and "all" not in self.permissions else known
        return {name: name not in denied for name in names if name in known}


PLAIN = Inclusions()
WHOLE_ASSET = Inclusions(frozenset({"informationFields", "fileProperties"}))
WHOLE = Inclusions(frozenset({"informationFields"}))


def from_query(call: Call, known: frozenset[str], otherwise: Inclusions = PLAIN) -> Inclusions:
    """Inclusions of a GET; `otherwise` are those it has when none are named."""
    words = frozenset(call.words("inclusions"))
    if unknown := words - known:
        raise invalid("inclusions", f"Unknown inclusion {min(unknown)}")
    permissions = tuple(call.words("permissions"))
    return Inclusions(
        (words or otherwise.words) | ({"permissions"} if permissions else frozenset()),
        frozenset(call.numbers("informationFields")) or None,
        frozenset(call.numbers("downloadFormats")) or None,
        permissions,
    )


def from_body(body: Mapping[str, Any], types: Mapping[str, str]) -> Inclusions:
    """Inclusions of a search body. Members that do not belong to a type are ignored, as CELUM does."""
    words: set[str] = set()
    narrowed: dict[str, frozenset[int] | None] = {"informationFields": None, "downloadFormats": None}
    permissions: list[str] = []
    for entry in objects(body, "inclusions"):
        word = types.get(str(entry.get("type")))
        if word is None:
            raise invalid("inclusions", f"Unknown inclusion type {entry.get('type')}")
        words.add(word)
        if word in narrowed and not str(entry["type"]).startswith("ALL_"):
            narrowed[word] = frozenset(integers(entry, "ids")) or None
        if word == "permissions":
            permissions += strings(entry, "permissions")
    return Inclusions(frozenset(words), narrowed["informationFields"], narrowed["downloadFormats"], tuple(permissions))
