"""The steps by which an administrator changed the usual schema, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lockgate.kit.sandbox.store import Store

from .schema import Field, Module, Schema, feed_of

STEP = "schema_step"


@dataclass(frozen=True)
class NewField:
    """A field as the administrator declared it; `options` are labels by key."""

    module: str
    name: str
    type: str
    label: str
    dimensions: tuple[str, ...] = ()
    options: Mapping[str, str] | None = None
    target: str | None = None
    unique: bool = False

    def declared(self) -> Field:
        return Field(
            self.name,
            self.type,
            self.label,
            length=450 if self.type == "CEVarchar" else None,
            options=self.list_name if self.options else None,
            dimensions=self.dimensions,
            target=self.target,
            unique=self.unique,
        )

    @property
    def list_name(self) -> str:
        return f"{self.module}_{self.name}"


def set_up_by(store: Store, schema: Schema) -> Schema:
    """The schema after all that the administrator did."""
    for step in store.all(STEP):
        schema = stepped(schema, step)
    return schema


def stepped(schema: Schema, step: Mapping[str, Any]) -> Schema:
    """The schema after one step; connectors without conditions carry all fields of their module."""
    if step["do"] == "module":
        module = Module(
            step["name"], step["label"], step["label"], {"name": Field("name", "CEVarchar", "Name", length=255)}
        )
        return schema.with_module(module).with_connector(feed_of(module, "all"))
    module = schema.modules[step["module"]]
    if step["do"] == "remove":
        return _with_fields(schema, module, {name: one for name, one in module.fields.items() if name != step["name"]})
    given = {name: value for name, value in step.items() if name != "do"}
    new = NewField(**{**given, "dimensions": tuple(step["dimensions"])})
    schema = schema.with_options(new.list_name, new.options) if new.options else schema
    return _with_fields(schema, module, {**module.fields, new.name: new.declared()})


def _with_fields(schema: Schema, module: Module, fields: Mapping[str, Field]) -> Schema:
    """A module with other fields; its connector without conditions shows all of them, the others those they still can."""
    module = replace(module, fields=fields)
    schema = schema.with_module(module)
    for config in schema.connectors.values():
        if config.module == module.name:
            shown = tuple(fields) if not config.conditions else tuple(name for name in config.fields if name in fields)
            schema = schema.with_connector(replace(config, fields=shown))
    return schema
