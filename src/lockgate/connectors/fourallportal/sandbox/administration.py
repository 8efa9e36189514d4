"""What an administrator sets up in the portal: modules, fields and option lists of the tenant's own.

Each is kept as a step, so that a tenant is as it was set up when the sandbox is started again.
"""

import re
from collections.abc import Mapping
from typing import Any

from lockgate.kit.sandbox import ActionRefused, action

from .people import People
from .schema import DIMENSIONS, LINK_TYPES, Module
from .steps import STEP, stepped

NAME = re.compile(r"[a-z_][a-z0-9_]{0,27}")
RESERVED = "module"
VALUES = ("CEVarchar", "CEText", "CEVarcharList", "CEBoolean", "CEInteger", "CELong", "CEDouble", "CEDate", "CEEnum")
TYPES = (*VALUES, *sorted(LINK_TYPES))


class Administration(People):
    """Actions of an administrator. Objects that are there keep their values; a removed field's are not shown any more."""

    @action("Make a module with a field `name` and a connector `all_` and its name")
    def add_module(self, name: str, label: str) -> dict[str, Any]:
        self._free(name, self.portal.schema.modules, "module")
        return self._step({"do": "module", "name": name, "label": label})

    @action(
        "Add a field to a module; `options` (labels by key) make it a choice, `target` is the module a link leads to"
    )
    def add_field(
        self,
        module: str,
        name: str,
        type: str,
        label: str,
        dimensions: list[str] | None = None,
        options: dict[str, str] | None = None,
        target: str | None = None,
        unique: bool = False,
    ) -> dict[str, Any]:
        self._free(name, self._module(module).fields, "field")
        if type not in TYPES:
            raise ActionRefused(f"A field is one of {', '.join(TYPES)}, not {type}.")
        if unknown := set(dimensions or ()) - set(DIMENSIONS):
            raise ActionRefused(f"There is no dimension {min(unknown)}.")
        if (type in LINK_TYPES) != (target is not None):
            raise ActionRefused("A link, and nothing else, leads to a target module.")
        if target is not None:
            self._module(target)
        step = {"do": "field", "module": module, "name": name, "type": type, "label": label, "unique": unique}
        return self._step(step | {"dimensions": dimensions or [], "options": options, "target": target})

    @action("Remove a field that people fill from a module")
    def remove_field(self, module: str, name: str) -> dict[str, Any]:
        field = self._module(module).fields.get(name)
        if field is None or field.read_only or (module in {"file", "folder"} and name in {"name", "parent_id"}):
            raise ActionRefused(f"Module {module} has no field {name} that could be removed.")
        if any(
            name in test
            for one in self.portal.schema.connectors.values()
            for test in one.conditions
            if one.module == module
        ):
            raise ActionRefused(f"A connector decides by field {name} of module {module}; change its conditions first.")
        return self._step({"do": "remove", "module": module, "name": name})

    def _step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Keep the step and be set up so from now on; answers the module as it is then."""
        schema = stepped(self.portal.schema, step)
        self.portal.store.put(STEP, f"{self.portal.store.next_id(STEP):06}", step)
        self.portal.use(schema)
        return schema.modules[step.get("module") or step["name"]].wire(with_fields=True)

    def _module(self, name: str) -> Module:
        if name not in self.portal.schema.modules:
            raise ActionRefused(f"There is no module {name}.")
        return self.portal.schema.modules[name]

    @staticmethod
    def _free(name: str, known: Mapping[str, Any], what: str) -> None:
        if not NAME.fullmatch(name) or name == RESERVED:
            raise ActionRefused(
                f"{name!r} is no name: at most 28 small letters, digits and underscores, not {RESERVED}."
            )
        if name in known:
            raise ActionRefused(f"There is a {what} {name} already.")
