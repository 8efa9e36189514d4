"""A flow with its systems at hand: what every step of the engine works on."""

from dataclasses import dataclass
from typing import Any

from lockgate.engine.recipe import Flow
from lockgate.kit.contract import Connector
from lockgate.kit.services import Clock
from lockgate.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Bound:
    """One flow, its two open connectors, the ledger and the clock."""

    flow: Flow
    source: Connector[Any]
    target: Connector[Any]
    ledger: Ledger
    clock: Clock

    @property
    def kind(self) -> str:
        """Kind of the items the flow carries, at the source."""
        return self.flow.source.kind

    @property
    def as_kind(self) -> str:
        """Kind under which they stand at the target."""
        return self.flow.target.kind

    def key_at_target(self, key: str) -> str:
        """Our key of the copy at the target; unique there, and the same from every run and machine."""
        return f"{self.flow.source.connection}:{key}"

    def revision(self, item_revision: str) -> str:
        """What the ledger remembers as seen: the item's revision under this version of the flow's rules.

        A changed flow makes every item differ, so a full sync looks at all of them again.
        """
        return f"{item_revision}@{self.flow.digest[:12]}"
