"""Modules, fields, option lists and connectors of the sandbox portal.

Names are the sandbox's choice, as every real tenant has its own. Keys of the schema are camelCase on the wire while
object data is snake_case: documented oddity, kept.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

LOCALES = ("de_DE", "en_US")
CHANNELS = ("webshop", "marketplace", "erp")
DIMENSIONS: Mapping[str, tuple[str, ...]] = {"channel": CHANNELS, "locale": LOCALES}

STATUSES = ("draft", "in_review", "approved", "rejected", "archived")
NEXT_STATUS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"in_review", "archived"}),
    "in_review": frozenset({"approved", "rejected", "archived"}),
    "approved": frozenset({"archived"}),
    "rejected": frozenset({"draft", "archived"}),
    "archived": frozenset(),
}

WEIGHTS: Mapping[str, int] = {"g": 1, "kg": 1000}
SINGLE_LINKS = frozenset({"CEId", "CEExternalId"})
LINK_TYPES = SINGLE_LINKS | {"CEExternalIdList"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a module as its administrator declared it."""

    name: str
    type: str
    label: str
    length: int | None = None
    options: str | None = None
    dimensions: tuple[str, ...] = ()
    target: str | None = None
    metric: str | None = None
    unique: bool = False
    read_only: bool = False

    @property
    def is_link(self) -> bool:
        return self.type in LINK_TYPES

    @property
    def indexed(self) -> bool:
        """Looked up by value: references, and short texts that mean one thing whatever the locale."""
        return self.is_link or (self.type == "CEVarchar" and not self.dimensions and not self.read_only)

    def wire(self) -> dict[str, Any]:
        declared: dict[str, Any] = {"name": self.name, "type": self.type, "audit": not self.read_only}
        declared |= {"label": self.label, "info": "", "modules": [self.target] if self.target else []}
        optional = {
            "length": self.length,
            "valueOptionKey": self.options,
            "dimensions": list(self.dimensions),
            "metric": {"name": self.metric, "defaultUnit": "kg"} if self.metric else None,
        }
        return declared | {key: value for key, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Module:
    """One module: the portal's word for a table of objects."""

    name: str
    label: str
    singular: str
    fields: Mapping[str, Field]

    def wire(self, *, with_fields: bool) -> dict[str, Any]:
        described: dict[str, Any] = {"name": self.name, "label": self.label, "labelSingular": self.singular, "info": ""}
        described |= {"menuEntry": "yes", "create": True, "onlyFriendlyname": False}
        described["objectImage"] = self.name != "folder"
        return described | ({"fields": [one.wire() for one in self.fields.values()]} if with_fields else {})

    def links(self) -> Iterator[Field]:
        return (one for one in self.fields.values() if one.is_link)


@dataclass(frozen=True, slots=True)
class ConnectorConfig:
    """A change feed an administrator configured: which objects of a module, and which of their fields."""

    name: str
    module: str
    fields: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    derivates: tuple[str, ...] = ()

    def hash(self, module: Module) -> str:
        """Changes with the module, the fields and their types, and the conditions."""
        typed = [f"{name}:{module.fields[name].type}" for name in self.fields if name in module.fields]
        text = "\n".join((self.module, *typed, *self.conditions))
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def wire(self, module: Module) -> dict[str, Any]:
        described: dict[str, Any] = {"connector_name": self.name, "module_name": self.module}
        described |= {"fields": list(self.fields), "derivates": list(self.derivates)}
        return described | {"conditions": list(self.conditions), "hash": self.hash(module)}


@dataclass(frozen=True, slots=True)
class Schema:
    """All that is configured rather than entered."""

    modules: Mapping[str, Module]
    options: Mapping[str, Mapping[str, str]]
    """Option lists by name: labels by key."""
    connectors: Mapping[str, ConnectorConfig] = field(default_factory=dict)

    def links_to(self, target: str) -> list[tuple[Module, Field]]:
        """Every link field that may hold an object of `target`."""
        pairs = [(module, one) for module in self.modules.values() for one in module.links()]
        return [(module, one) for module, one in pairs if one.target == target]

    def with_module(self, module: Module) -> "Schema":
        """With a new module, or another form of one."""
        return replace(self, modules={**self.modules, module.name: module})

    def with_options(self, name: str, labels: Mapping[str, str]) -> "Schema":
        return replace(self, options={**self.options, name: labels})

    def with_connector(self, config: ConnectorConfig) -> "Schema":
        return replace(self, connectors={**self.connectors, config.name: config})


def _by_name(*fields: Field) -> dict[str, Field]:
    return {one.name: one for one in fields}


_PUBLISH = (
    Field("publish_webshop", "CEBoolean", "Publish to web shop"),
    Field("publish_marketplace", "CEBoolean", "Publish to marketplace"),
)

_FOLDER = (
    Field("name", "CEVarchar", "Name", length=255),
    Field("parent_id", "CEId", "Parent folder", target="folder"),
    Field("path", "CEVarchar", "Path", length=450, read_only=True),
    Field("upload_allowed", "CEBoolean", "Upload allowed"),
)

_FILE = (
    Field("name", "CEVarchar", "File name", length=255),
    Field("parent_id", "CEId", "Folder", target="folder"),
    Field("parent_path", "CEVarchar", "Folder path", length=450, read_only=True),
    Field("mimetype", "CEVarchar", "MIME type", length=127, read_only=True),
    Field("file_size", "CELong", "File size", read_only=True),
    Field("width", "CEInteger", "Width", read_only=True),
    Field("height", "CEInteger", "Height", read_only=True),
    Field("title", "CEVarchar", "Title", length=450, dimensions=("locale",)),
    Field("description", "CEText", "Description", dimensions=("locale",)),
    Field("keywords", "CEVarcharList", "Keywords"),
    Field("copyright", "CEVarchar", "Copyright", length=450),
    Field("license_until", "CEDate", "Licensed until"),
    Field("ext_id", "CEVarchar", "External id", length=255, unique=True),
    Field("status", "CEEnum", "Status", options="file_status"),
    *_PUBLISH,
)

_PRODUCT = (
    Field("article_number", "CEVarchar", "Article number", length=64, unique=True),
    Field("name", "CEVarchar", "Name", length=255, dimensions=("channel", "locale")),
    Field("description", "CEText", "Description", dimensions=("locale",)),
    Field("weight", "CEMetric", "Weight", metric="weight"),
    Field("price", "CEDouble", "Price"),
    Field("launch_date", "CEDate", "Launch date"),
    Field("tags", "CEVarcharList", "Tags"),
    Field("parent_product", "CEExternalId", "Parent product", target="product"),
    Field("main_image", "CEExternalId", "Main image", target="file"),
    Field("images", "CEExternalIdList", "Images", target="file"),
    Field("ext_id", "CEVarchar", "External id", length=255, unique=True),
    Field("status", "CEEnum", "Status", options="product_status"),
    *_PUBLISH,
)

# What a tenant that receives approved content from a DAM has set up besides.
_CONTENT_FILE = (
    Field("usage_rights", "CEText", "Usage rights"),
    Field("language", "CEVarcharList", "Languages"),
    Field("campaign", "CEVarcharList", "Campaigns"),
    Field("format", "CEVarchar", "Format", length=64),
    Field("credit", "CEVarchar", "Credit line", length=450),
    Field("restrictions", "CEText", "Restrictions"),
)
_CONTENT_PRODUCT = (
    Field("gtin", "CEVarchar", "GTIN", length=14),
    Field("family", "CEVarchar", "Product family", length=64),
)


def portal_schema(*, content: bool = False) -> Schema:
    """The schema of the minimal sandbox; with `content`, the fields of a tenant fed from a DAM as well."""
    file = (*_FILE, *_CONTENT_FILE) if content else _FILE
    product = (*_PRODUCT, *_CONTENT_PRODUCT) if content else _PRODUCT
    modules = {
        "folder": Module("folder", "Folders", "Folder", _by_name(*_FOLDER)),
        "file": Module("file", "Files", "File", _by_name(*file)),
        "product": Module("product", "Products", "Product", _by_name(*product)),
    }
    statuses = {key: key.replace("_", " ").capitalize() for key in STATUSES}
    options = {"product_status": statuses, "file_status": statuses}
    connectors = [feed_of(module, channel) for channel in ("all", "webshop", "marketplace") for module in _fed(modules)]
    return Schema(modules, options, {one.name: one for one in connectors})


def _fed(modules: Mapping[str, Module]) -> tuple[Module, ...]:
    return modules["product"], modules["file"]


def feed_of(module: Module, channel: str) -> ConnectorConfig:
    """The connector of a module: `all`, or a channel with the publish field as its condition."""
    conditions = () if channel == "all" else (f"publish_{channel} = TRUE",)
    derivates = ("web", "print") if module.name == "file" else ()
    return ConnectorConfig(f"{channel}_{module.name}", module.name, tuple(module.fields), conditions, derivates)
