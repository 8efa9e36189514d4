"""Items by an identifier that they carry."""

from collections.abc import Sequence
from typing import Any

import msgspec

from lockgate.connectors.rest.definition.calls import Find
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING
from lockgate.connectors.rest.runtime.calls import Calling, Scope
from lockgate.connectors.rest.runtime.layout import Layout, Values
from lockgate.connectors.rest.runtime.reading import Many
from lockgate.connectors.rest.runtime.records import Records, filled_path, whole_records
from lockgate.model import codes


class Looked:
    """Of each record its id and the identifier."""

    raw = False

    def __init__(self, records: Records, shape: Find, by: str) -> None:
        named = records.fields.get(f"ids.{by}")
        id, at = shape.id or records.shape.id, shape.at or (named.at if named else by)
        id, at = filled_path(id, records.settings), filled_path(at, records.settings)
        layout = Layout(whole=whole_records([id, at]), settings=records.settings)
        self._id, self._at = layout.want(id), layout.want(at)
        layout.build()
        self.type, self.take = layout.type, layout.take
        self.one = msgspec.json.Decoder(self.type)

    def id(self, values: Values) -> str:
        return as_text(self._id(values))

    def identifiers(self, values: Values) -> list[Any]:
        found = self._at(values)
        return found if isinstance(found, list) else [] if found in (None, MISSING) else [found]


class Finding:
    """Finds ids by one identifier. What the system finds by likeness is compared once more in the comparable form."""

    def __init__(self, calling: Calling, records: Records, by: str, shape: Find) -> None:
        self._by, self._batch = by, shape.batch
        self._looked = Looked(records, shape, by)
        self._many = Many(calling, self._looked, shape, "value", "values")

    async def ids(self, scope: Scope, values: Sequence[str]) -> dict[str, list[str]]:
        wanted = {known: value for value in values if (known := codes.identifier(self._by, value)) is not None}
        made: dict[str, list[str]] = {}
        asked = [form for known, value in wanted.items() for form in written(self._by, known, value)]
        for found in await self._many.found(scope, asked):
            for one in found.values:
                for known in self._known(one):
                    if known in wanted:
                        made.setdefault(wanted[known], []).append(self._looked.id(one))
        return {value: list(dict.fromkeys(ids)) for value, ids in made.items()}

    def _known(self, values: Values) -> list[str]:
        told = self._looked.identifiers(values)
        return [known for one in told if (known := codes.identifier(self._by, as_text(one))) is not None]


def written(by: str, known: str, value: str) -> list[str]:
    """The forms in which a system may hold an identifier: a GTIN also without the zeros that its shorter forms lack."""
    shorter = [known[-length:] for length in (13, 12, 8) if not known[:-length].strip("0")] if by == "gtin" else []
    return list(dict.fromkeys([value, *([known] if by == "gtin" else []), *shorter]))
