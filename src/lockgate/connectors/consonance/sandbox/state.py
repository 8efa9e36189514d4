"""What an account holds: records by GraphQL type and id, in the schema's own field names, with links as lists of ids.

Every write marks the work and all its products as changed on this day, whichever of them it was: that is how the documented
false positives of `changedSince` come about.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.store import Store

from .switches import Switches

Record = dict[str, Any]
Emit = Callable[[str, Record], None]

FIRST_IDS = {
    "Work": 7001, "Product": 9001, "MarketingText": 801, "SupportingResource": 901, "ToDo": 1001, "WebLink": 1101,
    "Contact": 41, "Contribution": 601, "Price": 501, "Imprint": 31, "ProjectStage": 71, "InHouseEdition": 11,
    "InHouseFormat": 21, "Series": 51, "SeriesMembership": 55, "ProductionRun": 401, "Contract": 301, "ProductionFile": 1201,
    "Season": 81, "WorkType": 86, "MarketingTier": 91, "Quantity": 451,
}  # fmt: skip
CHILDREN = {
    "MarketingText": "marketingTexts", "SupportingResource": "supportingResources", "ToDo": "toDos", "Product": "products",
    "Contribution": "contributions", "ProductionRun": "productionRuns", "ProductionFile": "productionFiles",
}  # fmt: skip
"""The list of a work that holds the ids of its records of a type."""


class State:
    """Records of one account. Answers are copies: change one and `save` it."""

    def __init__(self, store: Store, clock: SandboxClock, switches: Switches, emit: Emit) -> None:
        self.store = store
        self.clock = clock
        self.switches = switches
        self.base_url = ""
        self._emit = emit

    def today(self) -> str:
        return self.clock.now().date().isoformat()

    def now(self) -> str:
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def get(self, type: str, id: int | None) -> Record | None:
        return None if id is None else self.store.get(type, id)

    def every(self, type: str) -> Iterator[Record]:
        """All records of a type by ascending id."""
        yield from sorted(self.store.all(type), key=lambda one: int(one["id"]))

    def several(self, type: str, ids: Iterable[int]) -> list[Record]:
        return [found for id in ids if (found := self.store.get(type, id)) is not None]

    def children(self, work: Mapping[str, Any] | None, type: str) -> list[Record]:
        """A work's records of a type, by ascending id."""
        return self.several(type, sorted(work.get(CHILDREN[type]) or ())) if work else []

    def named(self, type: str, name: str) -> int:
        """The id of a classification by its name; it is made where there is none."""
        found = next((one for one in self.store.all(type) if one["name"] == name), None)
        return int(found["id"]) if found else int(self.make(type, {"name": name})["id"])

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def make(self, type: str, record: Mapping[str, Any]) -> Record:
        """Store a new record under the next id; one of a work is put into that work's list."""
        id = int(record.get("id") or self.store.next_id(type, FIRST_IDS.get(type, 1)))
        made = {"__typename": type, **record, "id": id}
        self.store.put(type, id, made)
        work = self.get("Work", record.get("workId")) if type in CHILDREN else None
        if work is not None:
            self.store.put("Work", work["id"], work | {CHILDREN[type]: [*(work.get(CHILDREN[type]) or ()), id]})
        return made

    def save(self, type: str, record: Record) -> None:
        self.store.put(type, record["id"], record)

    def drop(self, type: str, record: Record) -> None:
        """Remove a record, and from its work's list."""
        self.store.delete(type, record["id"])
        work = self.get("Work", record.get("workId")) if type in CHILDREN else None
        if work is not None:
            left = [id for id in work.get(CHILDREN[type]) or () if id != record["id"]]
            self.store.put("Work", work["id"], work | {CHILDREN[type]: left})

    def touch(self, work_id: int | None, *events: tuple[str, Mapping[str, Any]]) -> None:
        """Mark a work and all its products as changed today, and tell of it."""
        work = self.get("Work", work_id)
        if work is None:
            return
        self.save("Work", work | {"changed": self.today()})
        for product in self.children(work, "Product"):
            self.save("Product", product | {"changed": self.today()})
        for event, data in (*events, ("work.changed", {"workId": work["id"]})):
            self.tell(event, data)

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        number = self.store.next_id("event", 1)
        self._emit(event, {"id": f"evt_{number:06d}", "event": event, "occurredAt": self.now(), "data": dict(data)})
